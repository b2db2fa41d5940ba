"""Writer of the QOF's workbook by CCG or practice: title, layers of merged headers, notes.

It writes what `phm_diabetes.adapters.qof_workbook` reads, as it was published for 2018-19.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

YEAR, BEFORE = "2018-19", "2017-18"
TOP = 10
_IDENTITY = ("Region code", "Region ONS code", "STP ONS code", "STP name")
_OF_LEVEL = {
    "CCG": ("CCG code", "CCG ONS code", "CCG name"),
    "Practice": ("Practice code", "Practice name"),
}
_NOTE = "1. The codes that define the register changed, so that years are not alike."


def workbook(
    groups: Mapping[str, Mapping[str, Any]], *, level: str = "CCG", year: str = YEAR
) -> bytes:
    """Write a workbook: a title sheet, and a sheet a group.

    A group holds ``list`` (the header of its list size), ``rows`` by organisation (register,
    list, and numerator, denominator, exceptions by indicator), ``words`` by indicator, and may
    hold ``symbols`` for figures that are not given.
    """
    book = Workbook()
    title = book.worksheets[0]
    title.title = "Title sheet"
    title["A8"] = f"Quality and Outcomes Framework {year}"
    title["A10"] = "Symbols: ':' not available, 'z' not applicable"
    for number, (name, group) in enumerate(groups.items(), start=1):
        _write(book.create_sheet(name), number, group, level, year)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _write(sheet: Worksheet, number: int, group: Mapping[str, Any], level: str, year: str) -> None:
    identity = (*_IDENTITY, *_OF_LEVEL[level])
    sheet["A8"] = "Return to Contents"
    sheet.cell(TOP, 1, f"Table {number}: Prevalence, achievements and exceptions, {year}, level")
    columns = _columns(group, year)
    for spot, header in enumerate(identity, start=1):
        sheet.cell(TOP + 4, spot, header)
    first = len(identity) + 1
    for spot, (section, label, upper, lower, _) in enumerate(columns, start=first):
        sheet.cell(TOP, spot, section or None)
        sheet.cell(TOP + 2, spot, label or None)
        sheet.cell(TOP + 3, spot, upper or None)
        sheet.cell(TOP + 4, spot, lower)
        if label in group["words"]:
            sheet.cell(2, spot, group["words"][label])
    _merge(sheet, columns, first)
    for row, (code, figures) in enumerate(group["rows"].items(), start=TOP + 5):
        about = ["Y60", "E40000008", "E54000010", "Planted STP", code, "E38000999", "Planted"]
        for spot, text in enumerate(about[: len(identity)], start=1):
            sheet.cell(row, spot, text)
        for spot, (*_, figure) in enumerate(columns, start=first):
            sheet.cell(row, spot, figure(figures))
    last = TOP + 5 + len(group["rows"])
    sheet.cell(last + 2, 1, "Notes")
    sheet.cell(last + 3, 1, _NOTE)
    sheet.cell(last + 5, 1, "Copyright")


def _merge(sheet: Worksheet, columns: Sequence[tuple[Any, ...]], first: int) -> None:
    """Merge each label over the columns up to the next, as the publisher does."""
    starts = [spot for spot, column in enumerate(columns) if column[1]]
    for start, after in zip(starts, [*starts[1:], len(columns)], strict=True):
        if after - start > 1:
            sheet.merge_cells(
                start_row=TOP + 2,
                start_column=first + start,
                end_row=TOP + 2,
                end_column=first + after - 1,
            )


def _columns(group: Mapping[str, Any], year: str) -> list[tuple[Any, ...]]:
    """Return section, label, upper and lower words of each column, and what stands in it."""
    listed = group["list"]
    columns = [
        ("Prevalence", BEFORE + "1", "", "Number of practices", lambda _: ":"),
        ("", "", "", listed, lambda _: "z"),
        ("", "", "", "Register", lambda _: "z"),
        ("", year, "", "Number of practices", lambda figures: figures.get("practices", 40)),
        ("", "", "", listed, lambda figures: figures["list"]),
        ("", "", "", "Register", lambda figures: figures["register"]),
        ("", "", "", "Prevalence (%)", lambda _: 6.5),
        ("", "", "Year on year change", "(percentage point)", lambda _: ":"),
        ("Achievement", year, "Total Achievement Score ", "(max 14 per practice)", lambda _: 500.5),
        ("", "", "", "Achievement (%)", lambda _: 93.1),
        ("Exceptions", year, "", "Total Exceptions", lambda _: 999),
        ("", "", "", "Total Denominators", lambda _: 9999),
        ("", "", "Overall ", "Exception Rate (%)", lambda _: 9.1),
    ]
    if "register" not in next(iter(group["rows"].values())):
        columns = [each for each in columns if each[3] not in {"Register", "Prevalence (%)"}]
    return columns + [each for code in group["words"] for each in _indicator(code)]


def _indicator(code: str) -> list[tuple[Any, ...]]:
    def part(spot: int) -> Any:
        return lambda figures: figures[code][spot] if len(figures[code]) > spot else None

    def everyone(figures: Mapping[str, Any]) -> Any:
        _, denominator, excluded = figures[code][:3]
        return denominator + excluded if isinstance(denominator, int) else denominator

    return [
        ("", code, "Achievement Score ", "(max 8 per practice)", lambda _: 301.25),
        ("", "", "", "Numerator", part(0)),
        ("", "", "", "Denominator", part(1)),
        ("", "", "Underlying Achievement ", "net of Exceptions (%)", lambda _: 90.4),
        ("", "", "", "Exceptions", part(2)),
        ("", "", "", "Exception Rate (%)", lambda _: 4.4),
        ("", "", "Denominator ", "plus Exceptions", everyone),
        ("", "", "Patients receiving ", "Intervention (%)", lambda _: 86.5),
    ]
