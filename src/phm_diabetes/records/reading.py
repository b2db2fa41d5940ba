"""What one cell means: the rule book that every engine agrees with, one text at a time."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from phm_diabetes.records.columns import WHITE
from phm_diabetes.records.pseudonyms import bare_identifier, pseudonym

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from phm_diabetes.records.columns import Column

    Value = str | int | None
    Reader = Callable[[str], tuple[Value, str]]

__all__ = ["DATE_PATTERNS", "MONEY", "TIME_OF_DAY", "WHOLE", "day_number", "filled_in", "reader_of"]

WHOLE = r"[+-]?[0-9]{1,17}(?:\.0*)?"
"""A whole number, also as a program writes it that holds all numbers as fractions."""

MONEY = r"£?(?:[0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]*)?"
"""Pounds, with or without commas between thousands."""

TIME_OF_DAY = r"[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?"
"""A time of day after a date, which is cut off."""

DATE_PATTERNS = {
    "%Y-%m-%d": r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
    "%Y%m%d": r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    "%d/%m/%Y": r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})",
}
"""Regular expression of each format of a date, so that nothing is parsed that cannot be one."""

_FRACTION = re.compile(r"([0-9]+)\.0+")
_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date | str) -> int:
    """Return a day as a number: 0 on 1970-01-01.

    Examples
    --------
    >>> day_number("1970-01-02")
    1
    """
    return (date.fromisoformat(day) if isinstance(day, str) else day).toordinal() - _EPOCH


def filled_in(word: str, options: Mapping[str, str]) -> str | None:
    """Return the word of a code with the caller's options in it; nothing where one is not given.

    Examples
    --------
    >>> filled_in("{imd_vintage}:1", {"imd_vintage": "2019"}), filled_in("{imd_vintage}:1", {})
    ('2019:1', None)
    """
    if any(name not in options for name in re.findall(r"{(\w+)}", word)):
        return None
    return word.format_map(options)


@frozen(kw_only=True)
class _Cells:
    """The rules of one column, ready to be asked."""

    column: Column
    nulls: frozenset[str]
    options: Mapping[str, str]
    key: bytes | None

    def read(self, text: str) -> tuple[Value, str]:
        """Return what a cell means, and the rule that it breaks or an empty string."""
        column = self.column
        bare = text.strip(WHITE)
        if not bare or bare in self.nulls or bare in column.sentinels:
            return column.blank, "missing" if column.needed else ""
        if column.once and re.fullmatch(column.once, bare):
            return column.blank, "id used once"
        if column.identifiable:
            number = bare_identifier(bare)
            if number in self.nulls or not number.strip("0"):
                return column.blank, "missing" if column.needed else ""
            return (column.blank if self.key is None else pseudonym(bare, self.key)), ""
        if column.cut and (not column.cut_like or re.fullmatch(column.cut_like, bare)):
            bare = bare[: column.cut].rstrip(WHITE)
        value, rule = _KINDS[column.kind](self, bare)
        return (column.blank, rule) if rule else (value, "")


def _code(cells: _Cells, text: str) -> tuple[Value, str]:
    column = cells.column
    fraction = _FRACTION.fullmatch(text)
    code = fraction[1] if fraction else text
    if column.width and code.isascii() and code.isdigit():
        code = code.zfill(column.width)
    if not column.codes:
        return _text(cells, code, rule="unknown code")
    word = column.codes.get(code)
    if word is None:
        return None, "unknown code"
    filled = filled_in(word, cells.options)
    return column.blank if filled is None else filled, ""


def _text(cells: _Cells, text: str, *, rule: str = "pattern") -> tuple[Value, str]:
    column = cells.column
    listed = not column.allowed or text in column.allowed
    fits = not column.pattern or re.fullmatch(column.pattern, text) is not None
    return text, "" if listed and fits and "\0" not in text else rule


def _whole(cells: _Cells, text: str) -> tuple[Value, str]:
    if not re.fullmatch(WHOLE, text):
        return None, "whole number"
    number = int(text.partition(".")[0])
    for first, last, value in cells.column.recode:
        if first <= number <= last:
            number = value
            break
    return _within(cells, number)


def _money(cells: _Cells, text: str) -> tuple[Value, str]:
    if not re.fullmatch(MONEY, text):
        return None, "money"
    pounds = Decimal(text.lstrip("£").replace(",", ""))
    return _within(cells, int((pounds * 100).to_integral_value(rounding=ROUND_HALF_UP)))


def _within(cells: _Cells, number: int) -> tuple[Value, str]:
    least, most = cells.column.least, cells.column.most
    low = least is None or int(least) <= number
    return number, "" if low and (most is None or number <= int(most)) else "out of range"


def _date(cells: _Cells, text: str) -> tuple[Value, str]:
    bare = re.sub(f"(?:{TIME_OF_DAY})$", "", text)
    if bare in cells.column.sentinels:
        return cells.column.blank, ""
    for form in cells.column.formats:
        match = re.fullmatch(DATE_PATTERNS[form], bare)
        if match:
            try:
                found = date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                continue
            day = day_number(found)
            least, most = cells.column.least, cells.column.most
            low = least is None or day_number(str(least)) <= day
            inside = low and (most is None or day <= day_number(str(most)))
            return day, "" if inside else "day out of range"
    return None, "date"


_KINDS: dict[str, Callable[..., tuple[Value, str]]] = {
    "code": _code,
    "text": _text,
    "id": _text,
    "codes": _text,
    "integer": _whole,
    "money": _money,
    "date": _date,
}


def reader_of(
    column: Column,
    *,
    nulls: frozenset[str] = frozenset(),
    options: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> Reader:
    """Return the function that says what a text of a column means.

    Parameters
    ----------
    column
        The column.
    nulls
        The layout's texts that mean nothing was recorded; the column's own are added.
    options
        What the caller said of the source, by name.
    key
        The caller's key for pseudonyms.

    Returns
    -------
    Callable
        From a text to its value and to the name of the rule that it breaks, or ``""``. A day is
        a number, as :func:`day_number` gives it, and money is pence. A broken text has the
        value of a blank one.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Column
    >>> age = Column(name="age", sources=("APPTAGE",), kind="integer", least=0, most=120,
    ...              recode=((7001, 7007, 0),))
    >>> [reader_of(age)(text) for text in ("59.0", "7003", "130", "old", " ")]
    [(59, ''), (0, ''), (None, 'out of range'), (None, 'whole number'), (None, '')]
    """
    cells = _Cells(column=column, nulls=nulls | column.nulls, options=dict(options or {}), key=key)
    return cells.read
