"""The adapter of QOF registers keeps the contract."""

from __future__ import annotations

import pandas as pd

from phm_diabetes.adapters.qof_prevalence import QofPrevalence
from phm_diabetes.testing import AdapterContract

ROWS = [
    ("Y99001", "AF", "112", "TOTAL", "3996"),
    ("Y99001", "DM", "201", "17OV", "3207"),
    ("Y99002", "AF", "0", "TOTAL", "5120"),
    ("Y99002", "DM", "318", "17OV", "4100"),
]


class TestQofPrevalence(AdapterContract):
    adapter = QofPrevalence
    sample = pd.DataFrame(
        ROWS,
        columns=[
            *("PRACTICE_CODE", "GROUP_CODE", "REGISTER", "PATIENT_LIST_TYPE"),
            "PRACTICE_LIST_SIZE",
        ],
    )
    period = "2022-23"
    known = (
        {"measure": "af.register", "org_code": "Y99001", "period": "2022-23", "numerator": 112},
        {
            "measure": "dm.register",
            "org_code": "Y99002",
            "period": "2022-23",
            "definition": "qof:DM:17OV",
            "numerator": 318,
            "denominator": 4100,
        },
    )
