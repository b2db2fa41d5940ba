"""Workbooks of the National Diabetes Audit as each edition lays them out, with planted people.

The layouts are those of the table in the reference notes; merged cells, title sheets, notes,
footers and stray blanks are real ones.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import TYPE_CHECKING

from openpyxl import Workbook
from tests.writers.nda_truth import (
    EIGHT,
    HBA1C,
    PRACTICES,
    PROCESSES,
    STATINS,
    SUBTYPES,
    organisations,
    triple,
)

from phm_diabetes.adapters.nda_headers import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet
    from tests.writers.nda_truth import Practice

    Column = tuple[str, str, str]

_PARTS = ("Numerator", "Denominator", "Percentage")
_FOOTER = ("Source: a planted audit", "1. Counts are rounded to the nearest 5.")


def columns(*measures: str) -> list[Column]:
    """Return heading, measure and variant of columns under their usual headings."""
    return [(HEADINGS[measure], measure, "statin") for measure in measures]


USUAL = [
    *columns(*PROCESSES, *HBA1C, "dm.tt.bp_140_80", *STATINS),
    ("All Three Treatment Targets", "dm.tt3", "statin"),
]
QUARTERLY = [
    *columns(*EIGHT, *HBA1C),
    ("Blood Pressure <= 140/80 old", "dm.tt.bp_140_80", ""),
    ("Blood Pressure <= 140/90", "dm.tt.bp_140_90", ""),
    *columns(*STATINS),
    ("All Three Treatment Targets old", "dm.tt3", "statin"),
    ("All Three Treatment Targets", "dm.tt3", "140/90"),
]
WIDE_2016 = [
    ("Hb1Ac", "dm.cp.hba1c", ""),
    *columns(*EIGHT[1:]),
    ("HbA1c <48 mmol/mol", "dm.tt.hba1c_48", ""),
    *columns("dm.tt.hba1c_58", "dm.tt.bp_140_80", "dm.tt.cholesterol_4", "dm.tt.cholesterol_5"),
    *columns("dm.tt.statin_combined"),
    ("Meeting all three", "dm.tt3", "cholesterol"),
    ("Meeting all three NEW", "dm.tt3", "statin"),
]

WIDE_2015 = [
    each for each in WIDE_2016 if each[2] != "statin" or each[1] not in {"dm.tt3", STATINS[-1]}
]


def saved(book: Workbook) -> bytes:
    """Return a workbook's bytes, without the sheet that openpyxl begins with."""
    if "Sheet" in book.sheetnames:
        del book["Sheet"]
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _put(sheet: Worksheet, row: int, texts: Sequence[object], first: int = 1) -> None:
    for spot, text in enumerate(texts):
        if text is not None and text != "":
            sheet.cell(row=row, column=first + spot).value = text  # type: ignore[assignment]


def _merged(sheet: Worksheet, row: int, first: int, width: int, text: str) -> None:
    sheet.cell(row=row, column=first, value=text)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=first + width - 1)


def front(book: Workbook, period: str, year: str) -> None:
    """Add the title sheet, whose fourth cell says the period."""
    sheet = book.create_sheet("Title sheet")
    for row, text in enumerate(
        (f"National Diabetes Audit, {year}", "", "Care processes and treatment targets", period),
        start=1,
    ):
        _put(sheet, row, [text])


def measure_sheet(
    book: Workbook,
    name: str,
    *,
    header_row: int,
    identity: Sequence[str],
    groups: Sequence[Column],
    rows: Sequence[Sequence[object]],
    gap: int = 0,
    ids_above: bool = False,
) -> None:
    """Add a sheet: measures merged over three columns, then one row an organisation.

    Parameters
    ----------
    header_row
        Row of Numerator, Denominator and Percentage; the measures stand above.
    gap
        Rows between header and figures.
    ids_above
        Whether the identities are merged downwards from the row of the measures.
    """
    sheet = book.create_sheet(name)
    _put(sheet, 1, [f"Table: {name}"])
    width = len(identity)
    for spot, header in enumerate(identity, start=1):
        sheet.cell(row=header_row - ids_above, column=spot, value=header)
        if ids_above:
            sheet.merge_cells(
                start_row=header_row - 1, end_row=header_row, start_column=spot, end_column=spot
            )
    for spot, (heading, _, _) in enumerate(groups):
        _merged(sheet, header_row - 1, width + 1 + 3 * spot, 3, heading)
        _put(sheet, header_row, _PARTS, width + 1 + 3 * spot)
    row = header_row + gap
    for number, texts in enumerate(rows):
        row += 2 if number == 3 else 1  # a stray blank row
        _put(sheet, row, texts)
    for footer in _FOOTER:
        row += 2
        _put(sheet, row, [footer])


def figures(
    groups: Sequence[Column],
    members: list[Practice],
    subtype: str,
    *,
    exact: bool,
    without: Sequence[str],
) -> list[object]:
    """Return one row's figures; blank under the measures that were not collected."""
    cells: list[object] = []
    for _, measure, variant in groups:
        if measure in without:
            cells += [None, None, None]
        else:
            cells += triple(members, subtype, measure, variant, exact=exact)
    return cells


def _sheets(
    book: Workbook,
    groups: Sequence[Column],
    *,
    identity: Sequence[str],
    codes: Callable[[str, str, list[Practice]], list[str] | None],
    years: Sequence[tuple[str, Sequence[str]]],
    header_row: int,
) -> None:
    for title, subtype in SUBTYPES.items():
        rows = [
            [year, *cells, *figures(groups, members, subtype, exact=False, without=without)]
            for year, without in years
            for level, code, members in organisations()
            if (cells := codes(level, code, members)) is not None
        ]
        measure_sheet(
            book,
            f"{title} CP_TT",
            identity=identity,
            groups=groups,
            rows=rows,
            header_row=header_row,
        )


def up_to(
    code: str, level: str, members: list[Practice], levels: Sequence[str]
) -> list[str] | None:
    """Repeat a total's code in every lower column; ``None`` for levels the edition has not."""
    if level == "england":
        return ["England"] * (len(levels) + 1)
    if level not in {*levels, "practice"}:
        return None
    above = [getattr(members[0], each) for each in levels]
    cut = levels.index(level) if level in levels else len(levels)
    return [*above[:cut], *[code] * (len(levels) + 1 - cut)]


@cache
def edition_2019_20() -> bytes:
    """Two audits on a sheet, CCG and organisation; no retinal screening in 2018-19."""
    book = Workbook()
    front(book, "Report 1: 2019-20", "2019-20")
    _sheets(
        book,
        USUAL,
        header_row=3,
        identity=("Audit year", "CCG code", "Organisation code"),
        codes=lambda level, code, members: up_to(code, level, members, ("sub_icb",)),
        years=(("2018_19", ("dm.cp.retinal", "dm.cp9")), ("2019_20", ())),
    )
    lookup = book.create_sheet("CCG GP Code - name lookup")
    _put(lookup, 1, ["Names"])
    _put(lookup, 2, ["GP practice code", "GP practice name", "CCG code", "CCG name"])
    for number, each in enumerate(PRACTICES, start=3):
        _put(lookup, number, [each.code, "Planted Surgery", each.sub_icb, "Planted CCG"])
    return saved(book)


@cache
def edition_2021_22() -> bytes:
    """One audit, ICB, sub-ICB location and organisation; a total repeats its own code."""
    book = Workbook()
    front(book, "January 2021 to March 2022", "2021-22")
    _sheets(
        book,
        USUAL,
        header_row=3,
        identity=("Audit year", "ICB code", "Sub-ICB code", "Organisation code"),
        codes=lambda level, code, members: up_to(code, level, members, ("icb", "sub_icb")),
        years=(("2021_22", ()),),
    )
    return saved(book)


@cache
def quarterly_2024_25(period: str = "Quarter 2: January 2024 to September 2024") -> bytes:
    """A provisional cut with PCNs, 21 measures, and two definitions of all three targets."""
    book = Workbook()
    front(book, period, "2024-25")
    _sheets(
        book,
        QUARTERLY,
        header_row=4,
        identity=("Audit year", "ICB Code", "PCN Code", "Organisation code"),
        codes=lambda level, code, members: up_to(code, level, members, ("icb", "pcn")),
        years=(("2024_25", ()),),
    )
    return saved(book)


@cache
def full_2024_25() -> bytes:
    """Names beside codes, lower levels blank on a total, header merged downwards; Q99 too."""
    book = Workbook()
    front(book, "January 2024 to March 2025", "2024-25")

    def codes(level: str, code: str, members: list[Practice]) -> list[str] | None:
        if level == "england":
            return ["England", "England", *[""] * 4]
        chain = {"icb": members[0].icb, "pcn": members[0].pcn, "practice": code}
        if level not in chain:
            return None
        cut = list(chain)[: list(chain).index(level) + 1]
        return [
            text
            for each in chain
            for text in ((chain[each], f"Planted {each}") if each in cut else ("", ""))
        ]

    groups = [*QUARTERLY, *columns("dm.cp.retinal", "dm.cp9")]
    identity = ("ICB code", "ICB name", "PCN code", "PCN name", "GP code", "GP name")
    for title, subtype in SUBTYPES.items():
        rows = [
            [*cells, *figures(groups, members, subtype, exact=False, without=())]
            for level, code, members in organisations()
            if (cells := codes(level, code, members)) is not None
        ]
        rows.append(["Q99", "Detained estates", *[""] * 4, *[0, 0, None] * len(groups)])
        measure_sheet(
            book,
            f"{title} CP_TT",
            header_row=7,
            identity=identity,
            groups=groups,
            rows=rows,
            gap=2,
            ids_above=True,
        )
    return saved(book)


def wide_2016_17(
    *, year: str = "2016-17", exact: bool = False, groups: Sequence[Column] = WIDE_2016
) -> bytes:
    """A CSV: type in a column, nine columns a measure of which three count."""
    parts = (*_PARTS, "Observed", "Expected", "Standardised rate", "LCL", "UCL", "Banding")
    blank = [""] * (len(parts) - 1)
    rows: list[list[object]] = [
        ["", "", "", "", *(text for each in groups for text in (each[0], *blank))],
        ["Audit year", "Diabetes type", "CCG LHB", "Organisation", *parts * len(groups)],
    ]
    for title, subtype in SUBTYPES.items():
        for level, code, members in organisations():
            cells = up_to(code, level, members, ("sub_icb",))
            if cells is None:
                continue
            given = figures(groups, members, subtype, exact=exact, without=())
            spread = [
                cell
                for spot in range(0, len(given), 3)
                for cell in (*given[spot : spot + 3], 50, 51.2, 0.98, 0.9, 1.1, "As expected")
            ]
            rows.append([year, title, *cells, *spread])
    held = io.StringIO(newline="")
    csv.writer(held).writerows(rows)
    return held.getvalue().encode()
