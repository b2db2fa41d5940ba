"""Writer of a local scheme's workbook: a title, merged headers, names, symbols and totals."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MANIFEST = """
place = "dudley"
dataset = "dqof"
title = "Planted Outcomes for Health"
edition = "2024-25"
reviewed = 2026-11-01
practice_header = "Practice name"
practices = "name"
header_rows = 2
header_within = 6
footers = ["total.*", "source.*"]
hidden = { "*" = [1, 7] }

[[indicators]]
id = "DQ01"
description = "People whose blood pressure was checked."
sheet = "Checks"
numerator = "Blood pressure / Number"
denominator = "Blood pressure / Eligible"
exclusions = "Blood pressure / Excepted"
national = "dm.cp.bp"
comparability = "partial"
difference = "ages 17 and over."

[[indicators]]
id = "DQ02"
description = "People whose HbA1c was checked."
sheet = "Checks"
numerator = "HbA1c / Number"
denominator = "HbA1c / Eligible"
exclusions = "HbA1c / Excepted"
valid_to = 2022-03-31
national = "dm.cp.hba1c"
comparability = "full"

[[indicators]]
id = "NDH-1"
description = "People with non-diabetic hyperglycaemia who were reviewed."
sheet = "Pre-.*"
numerator = "Reviews / Number"
denominator = "Reviews / Eligible"
"""
"""What describes the workbook below."""

GROUPS = ("Number", "Eligible", "Excepted")


def scheme_workbook(
    tabs: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]], *, total: bool = True
) -> bytes:
    """Write a workbook: by tab, the indicators merged over their columns, and rows by practice."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, (indicators, rows) in tabs.items():
        width = (len(rows[0]) - 1) // len(indicators)
        sheet = book.create_sheet(name)
        sheet.append([f"Planted scheme: {name}"])
        sheet.append([])
        above: list[str | None] = ["Practice name"]
        for indicator in indicators:
            above += [indicator, *[None] * (width - 1)]
        sheet.append(above)
        sheet.append([None, *GROUPS[:width] * len(indicators)])
        for spot in range(len(indicators)):
            first = 2 + spot * width
            sheet.merge_cells(
                start_row=3, end_row=3, start_column=first, end_column=first + width - 1
            )
        for row in rows:
            sheet.append(list(row))
        if total:
            sheet.append(["Total", *[999] * (len(rows[0]) - 1)])
            sheet.append(["Source: planted"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
