"""The adapter of a QOF year keeps the contract."""

from __future__ import annotations

from tests.builders import GEOGRAPHY_HEADER, csv_bytes, geography_row
from tests.writers.qof_files import REGIONAL, achievement_csv, indicator_csv, record, year_zip

from phm_diabetes.adapters.qof_year import QofYear
from phm_diabetes.testing import AdapterContract

ROWS = [
    *record("Y99001", "COPD010", numerator=60, denominator=80, pcas=20, achieved_points=7.25),
    *record("Y99002", "COPD010", numerator=0, denominator=12, pcas=1),
    *record("Y99003", "AF001", register=41),
]


class TestQofYear(AdapterContract):
    adapter = QofYear
    sample = year_zip(
        "2324",
        achievement_midlands=achievement_csv(ROWS, REGIONAL),
        mapping_indicators=indicator_csv(
            dict.fromkeys(("COPD010", "COPD014", "AF001"), ("Reviewed", "9", "TOTAL"))
        ),
        mapping_nhs_geographies=csv_bytes([geography_row(n) for n in (1, 2, 3)], GEOGRAPHY_HEADER),
    )
    period = "2023-24"
    optional_columns = ("INDICATOR_DESCRIPTION", "GROUP_DESCRIPTION")
    known = (
        {
            "measure": "qof.copd010",
            "definition": "qof:COPD010:pca",
            "org_code": "Y99001",
            "period": "2023-24",
            "numerator": 60,
            "denominator": 80,
            "excluded": 20,
        },
        {
            "measure": "qof.copd010",
            "org_code": "Y99002",
            "period": "2023-24",
            "numerator": 0,
            "denominator": 12,
        },
        {
            "measure": "qof.af001_register",
            "org_code": "Y99003",
            "period": "2023-24",
            "numerator": 41,
        },
    )
