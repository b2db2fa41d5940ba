"""Workbooks of registrations, demographics and non-diabetic hyperglycaemia, with planted people."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from openpyxl import Workbook
from tests.writers.nda_truth import GROUPS, SUBTYPES, organisations, people, published, split
from tests.writers.nda_workbooks import front, saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

_TITLES = {"age_band": "Age", "sex": "Sex", "ethnicity": "Ethnicity", "imd_quintile": "Deprivation"}


def list_size(code: str) -> int:
    """People aged 17 and over on a planted practice's list."""
    return 3000 + 211 * int(code[-2:])


def at_risk(code: str) -> int:
    """People with non-diabetic hyperglycaemia of a planted practice."""
    return 100 + 17 * int(code[-2:])


def _cells(count: int, whole: int) -> list[object]:
    """Number and per cent, which is not calculated out of 20 or fewer."""
    return [published(count), round(100 * count / whole, 1) if whole > 20 else "*"]


def _tiers(sheet: Worksheet, row: int, first: int, groups: Sequence[tuple[str, str]]) -> None:
    """Write the tier of dimensions, the tier of levels, and the header, from a column on."""
    for spot, (_, level) in enumerate(groups):
        column = first + 2 * spot
        sheet.cell(row=row - 1, column=column, value=level)
        sheet.merge_cells(
            start_row=row - 1, end_row=row - 1, start_column=column, end_column=column + 1
        )
        sheet.cell(row=row, column=column, value="Number")
        sheet.cell(row=row, column=column + 1, value="Per cent")
    for title in dict.fromkeys(title for title, _ in groups if title):
        spots = [spot for spot, (each, _) in enumerate(groups) if each == title]
        start, end = first + 2 * spots[0], first + 2 * spots[-1] + 1
        sheet.cell(row=row - 2, column=start, value=title)
        sheet.merge_cells(start_row=row - 2, end_row=row - 2, start_column=start, end_column=end)


@cache
def registrations_2025_26(*, titled: bool = True) -> bytes:
    """Seven rows, then codes, number and per cent; lower codes blank on a total."""
    book = Workbook()
    front(book, "April 2025 to December 2025", "2025-26")
    groups = [("", "All registrations")] + [
        (_TITLES[name], level) for name, levels in GROUPS.items() for level in levels
    ]
    for title, subtype in SUBTYPES.items():
        sheet = book.create_sheet(f"{title} registrations")
        sheet["A1"] = f"{title}: people registered"
        sheet["A2"] = "Deprivation is by IMD 2019." if titled else ""
        for spot, header in enumerate(("ICB code", "ICB name", "GP code", "GP name"), start=1):
            sheet.cell(row=8, column=spot, value=header)
        _tiers(sheet, 8, 5, groups)
        row = 8
        for level, code, members in organisations():
            if level not in {"england", "icb", "practice"}:
                continue
            row += 1
            icb = "ENG" if level == "england" else members[0].icb
            practice = [code, "Planted Surgery"] if level == "practice" else ["", ""]
            whole = sum(people(each, subtype) for each in members)
            cells = [icb, "Planted", *practice, *_cells(whole, whole)]
            for name in GROUPS:
                parts = [split(people(each, subtype), name) for each in members]
                for key, _ in GROUPS[name].values():
                    cells += _cells(sum(part[key] for part in parts), whole)
            for spot, cell in enumerate(cells, start=1):
                if cell != "":
                    sheet.cell(row=row, column=spot, value=cell)
        sheet.cell(row=row + 3, column=1, value="* not calculated where 20 people or fewer")
    return saved(book)


@cache
def ndh_2024_25() -> bytes:
    """Codes and names, the list aged 17 and over, then two groups of number and percentage."""
    book = Workbook()
    front(book, "January 2024 to March 2025", "2024-25")
    sheet = book.create_sheet("Registrations & demographics")
    sheet["A1"] = "Non-diabetic hyperglycaemia: registrations"
    identity = ("ICB code", "ICB name", "PCN code", "PCN name", "GP code", "GP name")
    for spot, header in enumerate((*identity, "List size 17+"), start=1):
        sheet.cell(row=6, column=spot, value=header)
    _tiers(sheet, 6, 9, [("", "Type 2 diabetes"), ("", "Non-diabetic hyperglycaemia")])
    row = 6
    for level, code, members in organisations():
        if level != "practice":
            continue
        row += 1
        listed = list_size(code)
        cells: list[object] = [members[0].icb, "Planted", members[0].pcn, "Planted"]
        cells += [code, "Planted Surgery"]
        cells += [published(listed), None]
        cells += _cells(people(members[0], "type_2_and_other"), listed)
        cells += _cells(at_risk(code), listed)
        for spot, cell in enumerate(cells, start=1):
            sheet.cell(row=row, column=spot, value=cell)
    sheet.cell(row=row + 2, column=1, value="Source: a planted audit")
    return saved(book)
