"""Sheets of the QOF's published workbooks: a header in layers, understood and flattened.

A column's meaning stands on three rows: the year or the indicator's code, merged over its
columns; a first line of what is counted; and a second.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from phm_diabetes.adapters.base import Signature
from phm_diabetes.adapters.headers import Header, find_header, under_one_header
from phm_diabetes.adapters.qof_columns import (
    column_of,
    is_code,
    is_identity,
    is_layout,
    is_year,
    label_of,
)
from phm_diabetes.disease_areas.qof_registers import GROUPS
from phm_diabetes.errors import SourceLayoutError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phm_diabetes.adapters.qof_columns import QofColumn
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["SIGNATURE", "QofSheet", "qof_sheet"]

_LEVELS = {
    "practice": ("Practice code", "Practice ODS code"),
    "sub_icb": (
        *("CCG code", "CCG ODS code", "Sub ICB ODS code", "Sub ICB Loc ODS code"),
        *("Sub-ICB location ODS code", "Sub ICB location ODS code"),
    ),
    "icb": ("ICB ODS code", "ICB code", "STP ODS code", "STP code"),
}
_NAMES = (
    *("Practice name", "CCG name", "Sub ICB name", "Sub ICB Loc name"),
    *("Sub-ICB location name", "Sub ICB location name", "ICB name", "STP name"),
)

SIGNATURE = Signature(
    columns=(
        tuple(header for headers in _LEVELS.values() for header in headers),
        _NAMES,
        "Achievement (%)",
    ),
    within=30,
)

_TITLE_YEAR = re.compile(r"\b(20\d\d-\d\d)\b")
_NEEDED = {"numerator": "Numerator", "denominator": "Denominator", "excluded": "Exceptions"}


@frozen(kw_only=True, eq=False)
class QofSheet:
    """One sheet of a workbook, understood.

    Parameters
    ----------
    sheet
        The sheet, its header flattened to one row.
    row
        That row.
    level, code
        Level of the organisations, and the header of their codes.
    year
        NHS year of the figures.
    columns
        Those that are read: of the year, and of every indicator.
    described
        The publisher's sentence for each indicator.
    known
        Headers that the layout has and that are not read.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> found = QofSheet(sheet=Sheet(file="a.xlsx", name="", grid=pd.DataFrame()), row=1,
    ...     level="sub_icb", code="CCG code", year="2018-19",
    ...     columns=(column_of("AF006", "Numerator"),), described={}, known=())
    >>> found.indicators, found.group
    (('AF006',), 'AF')
    """

    sheet: Sheet
    row: int
    level: str
    code: str
    year: str
    columns: tuple[QofColumn, ...]
    described: dict[str, str]
    known: tuple[str, ...]

    @property
    def indicators(self) -> tuple[str, ...]:
        """Codes of the indicators, in their order."""
        labels = (column.label for column in self.columns)
        return tuple(dict.fromkeys(label for label in labels if is_code(label)))

    @property
    def group(self) -> str:
        """Group that the indicators belong to, by the letters of their codes."""
        return re.sub(r"\d+", "", self.indicators[0]) if self.indicators else ""

    def column(self, label: str, kind: str) -> QofColumn | None:
        """Return the column of a year or indicator that holds something."""
        found = (each for each in self.columns if (each.label, each.kind) == (label, kind))
        return next(found, None)


def qof_sheet(sheet: Sheet) -> QofSheet:
    """Understand the header of a sheet.

    Parameters
    ----------
    sheet
        A sheet of a group's figures.

    Raises
    ------
    SourceLayoutError
        When a year, a code or a column is missing, or the title has another year.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> grid = pd.DataFrame([["Table 1: Planted, 2018-19", "", "", "", ""],
    ...     ["", "2018-19", "BP002", "", ""], ["", "", "", "", ""],
    ...     ["CCG code", "List size ages 45+", "Numerator", "Denominator", "Exceptions"]])
    >>> found = qof_sheet(Sheet(file="a.xlsx", name="BP", grid=grid))
    >>> found.year, found.level, found.columns[1].header
    ('2018-19', 'sub_icb', 'BP002 / Numerator')
    """
    header = find_header(sheet, SIGNATURE)
    lines = [sheet.header(row) for row in range(1, header.row + 1)]
    spots = [spot for spot, line in enumerate(lines) if any(map(label_of, line))]
    if not spots:
        raise _refusal(sheet, "no year and no indicator stands above its columns")
    labels = _spread(lines[spots[-1]])
    words = [" ".join(filter(None, texts)) for texts in zip(*lines[spots[-1] + 1 :], strict=True)]
    year = _year(sheet, lines, labels)
    found = [column_of(label, text) for label, text in zip(labels, words, strict=True)]
    texts = tuple(
        f"{label} / {text}" if label and text and not is_identity(text) else text
        for label, text in zip(labels, words, strict=True)
    )
    level, code = _organisation(sheet, texts)
    understood = QofSheet(
        sheet=under_one_header(sheet, Header(row=header.row, texts=texts, likeness=1.0)),
        row=header.row,
        level=level,
        code=code,
        year=year,
        columns=tuple(
            each for each in found if each and (is_code(each.label) or each.label == year)
        ),
        described=_described(lines[: spots[-1]], lines[spots[-1]]),
        known=tuple(
            text
            for text, column, word in zip(texts, found, words, strict=True)
            if column is not None or is_layout(word)
        ),
    )
    _refuse_incomplete(sheet, understood)
    return understood


def _refusal(sheet: Sheet, why: str) -> SourceLayoutError:
    return SourceLayoutError(
        f"{sheet.place} is not in the layout that 'england.qof_workbook' reads: {why}. Ask for the "
        "workbook as published."
    )


def _spread(line: Sequence[str]) -> list[str]:
    """Spread labels over the columns that they are merged over."""
    labels, last = [], ""
    for text in line:
        last = (label_of(text) or text) if text else last
        labels.append(last)
    return labels


def _year(sheet: Sheet, lines: Sequence[Sequence[str]], labels: Sequence[str]) -> str:
    """Return the year of the sheet's title, which is the last of those above its columns."""
    titled = {year for line in lines for text in line[:1] for year in _TITLE_YEAR.findall(text)}
    columns = {label for label in labels if is_year(label)}
    if not columns or (titled and max(titled) != max(columns)):
        why = (
            f"its title says {', '.join(sorted(titled)) or 'no year'} and its columns "
            f"{', '.join(sorted(columns)) or 'none'}"
        )
        raise _refusal(sheet, why)
    return max(columns)


def _organisation(sheet: Sheet, texts: Sequence[str]) -> tuple[str, str]:
    have = {text.casefold(): text for text in texts}
    for level, headers in _LEVELS.items():
        for header in headers:
            if header.casefold() in have:
                return level, have[header.casefold()]
    usual = " or ".join(f"'{headers[0]}'" for headers in _LEVELS.values())
    raise _refusal(sheet, f"it has no column {usual}")


def _described(above: Sequence[Sequence[str]], codes: Sequence[str]) -> dict[str, str]:
    """Return the sentence that stands above each indicator's code."""
    return {
        code: max((line[spot] for line in above), key=len, default="")
        for spot, code in enumerate(codes)
        if is_code(code)
    }


def _refuse_incomplete(sheet: Sheet, found: QofSheet) -> None:
    """Refuse a sheet of which a column is gone, since its figures would go with it."""
    kinds = {(column.label, column.kind) for column in found.columns}
    missing = [
        f"column '{code} / {word}' is missing"
        for code in found.indicators
        if any((code, kind) in kinds for kind in (*_NEEDED, "everyone"))
        for kind, word in _NEEDED.items()
        if (code, kind) not in kinds
    ]
    missing += [
        f"no indicator's code stands above '{column.header}'"
        for column in found.columns
        if column.kind in _NEEDED and not is_code(column.label)
    ]
    if found.group in GROUPS and (found.year, "register") not in kinds:
        missing.append(f"column '{found.year} / Register' is missing")
    if (found.year, "list") not in kinds:
        missing.append(f"column '{found.year} / List size' is missing")
    if missing:
        raise _refusal(sheet, "; ".join(missing))
