"""Cells: text turned into counts, codes and dates, each distinct text looked at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import field, frozen

from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Fault", "coded", "dates", "matching", "whole_numbers"]

_DIGITS = 15
_WHOLE = re.compile(rf"(\d{{1,{_DIGITS}}})(?:\.0*)?")
_NEGATIVE = re.compile(r"-\d+(?:\.\d*)?")
_FRACTION = re.compile(r"\d*\.\d+")
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


def _row_numbers(rows: ArrayLike) -> NDArray[np.int64]:
    return np.asarray(rows, dtype=np.int64)


@frozen(kw_only=True, eq=False)
class Fault:
    """Rows that break one rule; it holds their numbers, never their cells.

    Parameters
    ----------
    rule
        Short name, such as ``"whole number"``.
    rows
        Row numbers of the file, counted from 1.
    column
        The publisher's header; blank for the whole row.
    message, advice
        What is wrong, and what to do.
    severity
        ``"error"``, ``"warning"`` or ``"info"``.
    sets_aside
        Whether the rows stay out of the tables.
    counted
        Whether the rows are reported together, as one reason with its count.

    Examples
    --------
    >>> fault = Fault(rule="date", rows=[7], column="END", message="is not a date", advice="Look.")
    >>> fault.rows.tolist(), fault.severity
    ([7], 'error')
    """

    rule: str
    rows: NDArray[np.int64] = field(converter=_row_numbers)
    column: str = ""
    message: str
    advice: str
    severity: str = "error"
    sets_aside: bool = True
    counted: bool = False


def _of_each(column: pd.Series[Any], what: Callable[[str], Any]) -> list[Any]:
    return [what(text) for text in column.cat.categories.to_list()]


def _rows_with(column: pd.Series[Any], wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
    return column.index.to_numpy()[wanted[column.cat.codes.to_numpy()]].astype(np.int64)


def _count_fault(text: str) -> str:
    if text == "":
        return "is empty"
    if _NEGATIVE.fullmatch(text):
        return "is negative"
    if _FRACTION.fullmatch(text):
        return "is not a whole number"
    return "is text, not a count"


def whole_numbers(
    column: pd.Series[Any], header: str, *, empty_allowed: bool = False
) -> tuple[pd.Series[Any], list[Fault]]:
    """Read counts written ``112`` or ``112.0``.

    Parameters
    ----------
    column
        Categories of text, indexed by row number, as :meth:`Sheet.rows` gives them.
    header
        The publisher's header, for the message.
    empty_allowed
        Whether a blank is a missing count rather than a fault.

    Returns
    -------
    values : Series of Int64
        Empty where there is a fault.
    faults : list of Fault
        One for each way of being wrong.

    Examples
    --------
    >>> import pandas as pd
    >>> column = pd.Series(["112.0", "-1", "x"], index=[2, 3, 4]).astype("category")
    >>> values, faults = whole_numbers(column, "REGISTER")
    >>> int(values.loc[2]), [(fault.message, fault.rows.tolist()) for fault in faults]
    (112, [('is negative', [3]), ('is text, not a count', [4])])
    """
    texts = column.cat.categories.to_list()
    read = [_whole_number(text) for text in texts]
    fits = np.array([number is not None for number in read], dtype=bool)
    numbers = np.array([number or 0 for number in read], dtype=np.int64)
    words = (
        []
        if fits.all()
        else ["" if fit else _count_fault(text) for fit, text in zip(fits, texts, strict=True)]
    )
    codes = column.cat.codes.to_numpy()
    values = pd.Series(pd.arrays.IntegerArray(numbers[codes], ~fits[codes]), index=column.index)
    faults = []
    for word in sorted({each for each in words if each}):
        if word == "is empty" and empty_allowed:
            continue
        rows = _rows_with(column, np.array([each == word for each in words], dtype=bool))
        if len(rows):
            faults.append(
                Fault(
                    rule="whole number",
                    rows=rows,
                    column=header,
                    message=word,
                    advice="Write a whole number of people, 0 or more, as the publisher does.",
                )
            )
    return values, faults


def _whole_number(text: str) -> int | None:
    if len(text) <= _DIGITS and text.isascii() and text.isdigit():
        return int(text)  # the usual case, at a fifth of the cost
    match = _WHOLE.fullmatch(text)
    return int(match[1]) if match else None


def matching(
    column: pd.Series[Any], header: str, *, pattern: str, what: str, rule: str = "code"
) -> list[Fault]:
    """Find codes that are not of the form they should be.

    Parameters
    ----------
    column, header
        As :func:`whole_numbers`.
    pattern
        Regular expression of the whole code.
    what
        What the code is, for the message, such as ``"a GP practice code"``.
    rule
        Name of the rule.

    Examples
    --------
    >>> import pandas as pd
    >>> column = pd.Series(["X99001", "99001"], index=[2, 3]).astype("category")
    >>> matching(column, "CODE", pattern="[A-Z][0-9]{5}", what="a code")[0].rows.tolist()
    [3]
    """
    form = re.compile(pattern)
    bad = np.array(_of_each(column, lambda text: form.fullmatch(text) is None), dtype=bool)
    rows = _rows_with(column, bad)
    if not len(rows):
        return []
    return [
        Fault(
            rule=rule,
            rows=rows,
            column=header,
            message=f"is not {what}",
            advice="Check that the column was not shifted, cut or reformatted by a spreadsheet.",
        )
    ]


def coded(
    column: pd.Series[Any], header: str, *, to: Mapping[str, str], what: str, rule: str = "code"
) -> tuple[pd.Series[Any], list[Fault]]:
    """Map the publisher's codes to ours; unknown ones are faults.

    Parameters
    ----------
    column, header
        As :func:`whole_numbers`.
    to
        Our word for each code of theirs.
    what
        What the codes are, for the message.
    rule
        Name of the rule.

    Returns
    -------
    mapped : Series of category
        Empty where the code is unknown.
    faults : list of Fault

    Examples
    --------
    >>> import pandas as pd
    >>> column = pd.Series(["1", "7"], index=[2, 3]).astype("category")
    >>> mapped, faults = coded(column, "SEX", to={"1": "male"}, what="sex code")
    >>> mapped.loc[2], faults[0].message
    ('male', 'is an unknown sex code')
    """
    known = sorted(set(to.values()))
    place = {word: spot for spot, word in enumerate(known)}
    codes = np.array(_of_each(column, lambda text: place.get(to.get(text, ""), -1)), dtype=np.int64)
    mapped = pd.Series(worded(codes[column.cat.codes.to_numpy()], known), index=column.index)
    rows = _rows_with(column, codes < 0)
    fault = Fault(
        rule=rule,
        rows=rows,
        column=header,
        message=f"is an unknown {what}",
        advice=f"Known: {', '.join(sorted(to))}.",
    )
    return mapped, [fault] if len(rows) else []


def dates(
    column: pd.Series[Any], header: str, *, empty_allowed: bool = True
) -> tuple[pd.Series[Any], list[Fault]]:
    """Read dates written ``20230331`` or ``2023-03-31``.

    Returns
    -------
    values : Series of datetime64[ns]
        Empty where blank, or where there is a fault.
    faults : list of Fault

    Examples
    --------
    >>> import pandas as pd
    >>> column = pd.Series(["20230331", ""], index=[1, 2]).astype("category")
    >>> dates(column, "START")[0].isna().tolist()
    [False, True]
    """

    def day(text: str) -> pd.Timestamp | None:
        match = _DATE.fullmatch(text)
        if match is None:
            return None
        try:
            found = pd.Timestamp(year=int(match[1]), month=int(match[2]), day=int(match[3]))
        except ValueError:
            return None
        return found if pd.Timestamp.min < found < pd.Timestamp.max else None

    found = _of_each(column, day)
    days = pd.Series(pd.to_datetime(pd.Series(found, dtype="datetime64[ns]")))
    values = days.iloc[column.cat.codes.to_numpy()]
    values.index = column.index
    bad = np.array(
        [
            each is None and not (text == "" and empty_allowed)
            for each, text in zip(found, column.cat.categories, strict=True)
        ],
        dtype=bool,
    )
    rows = _rows_with(column, bad)
    fault = Fault(
        rule="date",
        rows=rows,
        column=header,
        message="is not a date written YYYYMMDD or YYYY-MM-DD",
        advice="Check that a spreadsheet has not reformatted the column.",
    )
    return values, [fault] if len(rows) else []
