"""Periods of the National Diabetes Audit: from title sheets, audit-year labels and file names."""

from __future__ import annotations

import re
from calendar import month_name
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from phm_diabetes.errors import OptionError, SourceLayoutError
from phm_diabetes.model.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["audit_of_row", "audit_of_sheet", "titled_audit"]

_MONTHS = {name.casefold(): number for number, name in enumerate(month_name) if name}
_MONTH = "|".join(_MONTHS)
_SPAN = re.compile(
    rf"(?P<from>{_MONTH})(?:\s+(?P<begins>20\d\d))?\s*(?:to|–|-)\s*"
    rf"(?P<until>{_MONTH})\s+(?P<ends>20\d\d)",
    re.IGNORECASE,
)
_UNTIL = re.compile(rf"\bto\s+(?P<until>{_MONTH})\s+(?P<ends>20\d\d)", re.IGNORECASE)
_LABEL = re.compile(r"(?<!\d)20\d\d[-_/ ]?(?:20)?\d\d(?:[\s_-]*[EQ][1-4])?(?!\d)", re.IGNORECASE)
_CUTS = {6: "Q1", 9: "Q2", 12: "Q3", 3: None}
_WINDOWS = {1: 15, 4: 12}
_FRONT = re.compile(r".*(title|cover|front)", re.IGNORECASE)
_FRONT_ROWS = 20


def titled_audit(texts: Iterable[str]) -> Period | None:
    """Return the audit whose months a title names, or ``None``.

    Parameters
    ----------
    texts
        Cells of a title sheet, rows above a header, a file's name: what says it first counts.

    Raises
    ------
    SourceLayoutError
        When the months named are no cut of an audit.

    Examples
    --------
    >>> str(titled_audit(["Core audit", "January 2024 to September 2024"]))
    '2024-01-01 to 2024-09-30 (partial)'
    >>> str(titled_audit(["National Diabetes Audit, 2025-26, April 2025 to December 2025"]))
    '2025-04-01 to 2025-12-31 (partial)'
    >>> str(titled_audit(["2021-22, quarterly release, to June 2021"]))
    '2021-01-01 to 2021-06-30 (partial)'
    """
    seen = list(texts)
    for text in seen:
        match = _SPAN.search(text)
        if match is not None:
            return _audit(match, _MONTHS[match["from"].casefold()], match["begins"])
    label = next((found[0] for text in seen for found in _LABEL.finditer(text)), None)
    for text in seen:
        match = _UNTIL.search(text)
        if match is not None and label is not None:
            with suppress(OptionError):  # a year whose window only the whole title can tell
                begins = Period.audit(label).start
                return _audit(match, begins.month, str(begins.year))
    return None


def _audit(match: re.Match[str], month: int, begins: str | None) -> Period:
    until, ends = _MONTHS[match["until"].casefold()], int(match["ends"])
    year = int(begins) if begins else ends - (month > until)
    months = _WINDOWS.get(month)
    if months is not None and until in _CUTS:
        label = f"{year}-{(year + 1) % 100:02}"
        found = Period.audit(label, cut=_CUTS[until], months=months)
        if (found.end.year, found.end.month) == (ends, until):
            return found
    message = (
        f"The title says '{match[0]}', which is no cut of an audit: those begin in January or "
        "April and end in June, September, December or March. Pass period= a Period."
    )
    raise SourceLayoutError(message)


def audit_of_sheet(sheet: Sheet, label: str | None) -> Period | None:
    """Return the audit that a sheet covers: as the caller says, or its file.

    Parameters
    ----------
    sheet
        The sheet; its book's title sheet says most.
    label
        What the caller said, such as ``"2021-22"`` or ``"202122E1"``.

    Returns
    -------
    Period or None
        ``None`` where only rows may tell.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> front = pd.DataFrame([["January 2021 to March 2022"]])
    >>> sheet = Sheet(file="a.xlsx", name="CP_TT", grid=front, book={"Title sheet": front})
    >>> str(audit_of_sheet(sheet, None))
    '2021-01-01 to 2022-03-31'
    """
    if label is not None:
        return Period.audit(label)
    fronts = [grid for name, grid in sheet.book.items() if _FRONT.match(name)]
    own = sheet.grid.iloc[:_FRONT_ROWS]
    titled = titled_audit(chain(*map(_cells, fronts), _cells(own), [sheet.name, sheet.file]))
    if titled is not None:
        return titled
    for text in chain(*map(_cells, fronts), [sheet.name, sheet.file]):
        for match in _LABEL.finditer(text):
            with suppress(OptionError):
                return Period.audit(match[0])
    return None


def _cells(grid: pd.DataFrame) -> Iterator[str]:
    for row in grid.iloc[:_FRONT_ROWS].itertuples(index=False, name=None):
        yield from (str(cell) for cell in row if cell)


def audit_of_row(label: str, sheet: Period | None) -> Period | None:
    """Return the audit that a row's label names; the sheet's own where that is the same year.

    Parameters
    ----------
    label
        Such as ``"2018_19"``, ``"201819"`` or ``"202122E4"``.
    sheet
        What the sheet covers.

    Returns
    -------
    Period or None
        ``None`` where the label names no year.

    Raises
    ------
    OptionError
        When the label names a year whose window is not known.

    Examples
    --------
    >>> cut = Period.audit("2024-25", cut="Q2", months=15)
    >>> audit_of_row("2024_25", cut) == cut
    True
    >>> str(audit_of_row("201819", cut)), audit_of_row("Notes", cut)
    ('2018-01-01 to 2019-03-31', None)
    """
    if _LABEL.fullmatch(label.strip()) is None:
        return None
    if sheet is not None and int(label.strip()[:4]) == sheet.start.year:
        return sheet
    return Period.audit(label)
