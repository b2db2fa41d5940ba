"""The adapter of reference costs keeps the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.adapters.reference_costs import ReferenceCosts
from phm_diabetes.demo.workbook import xlsx
from phm_diabetes.testing import AdapterContract

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = "National Schedule of Reference Costs - Year 2017-18 - NHS trusts"
HEADER = [
    *("Currency Code", "Currency Description", "Service Code", "Service Description"),
    *("No. of attendances", "National Average Unit Cost", "Total Cost", "No. Data Submissions"),
]


def sheet(name, *rows: list[str | float]) -> list[Sequence[str | float]]:
    blank = [""] * len(HEADER)
    top = [["Back to Index", TITLE, *blank[2:]], ["", name, *blank[2:]], blank, blank, HEADER]
    return [*top, *rows]


def workbook():
    return xlsx(
        {
            "Index": [["", "INDEX"], ["", "Total Quantum"]],
            "CL": sheet(
                "CONSULTANT LED",
                ["WF01A", "Follow-up", 307.0, "Planted", 120.0, 140.005, 16800.6, 12.0],
                ["WF01B", "First", 307.0, "Planted", 40.0, 200.5, 8020.0, 12.0],
                ["WF01A", "Follow-up", "FPC", "Planning", 10.0, 99.0, 990.0, 2.0],
            ),
            "NCL": sheet(
                "NON CONSULTANT LED",
                ["WF01A", "Follow-up", 307.0, "Planted", 20.0, 90.0, 1800.0, 3.0],
                ["WF02A", "Follow-up", 302.0, "Planted", 4.0, 80.0, 320.0, 1.0],
                ["WF01B", "First", 302.0, "Planted", 2.0, 75.0, 150.0, 1.0],
            ),
        }
    )


class TestReferenceCosts(AdapterContract):
    adapter = ReferenceCosts
    sample = staticmethod(workbook)
    optional_columns = ("Currency Description",)  # the title above it says the year
    known = (
        {
            "price_year": "2017-18",
            "setting": "consultant led",
            "treatment_function": "307",
            "currency": "WF01A",
            "unit_pence": 14001,
            "activity": 120,
        },
        {
            "setting": "non-consultant led",
            "treatment_function": "302",
            "currency": "WF02A",
            "unit_pence": 8000,
        },
    )
