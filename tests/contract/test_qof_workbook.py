"""The adapter of the QOF's workbook keeps the contract."""

from __future__ import annotations

import pytest
from tests.writers.qof_workbooks import workbook

from phm_diabetes.adapters.qof_workbook import QofWorkbook
from phm_diabetes.testing import AdapterContract

GROUP = {
    "list": "List size ages 45+",
    "words": {"BP002": "The percentage aged 45 or over with a blood pressure"},
    "rows": {
        "99X": {"list": 2100, "BP002": (1800, 2000, 30)},
        "99Y": {"list": 2200, "BP002": (0, 2050, 20)},
        "99Z": {"list": 2300, "BP002": (1600, 2110, 10)},
    },
}
"""One sheet keeps the run short; `tests/unit/adapters/qof` has a register and several sheets."""


@pytest.mark.long
class TestQofWorkbook(AdapterContract):
    adapter = QofWorkbook
    sample = workbook({"BP": GROUP})
    footers = True
    optional_columns = ("Number of practices", "(max 8 per practice)")
    known = (
        {
            "measure": "qof.bp002",
            "definition": "qof:BP002:exceptions",
            "org_code": "99X",
            "period": "2018-19",
            "numerator": 1800,
            "denominator": 2000,
            "excluded": 30,
        },
        {"measure": "qof.bp002", "org_code": "99Y", "period": "2018-19", "numerator": 0},
    )
