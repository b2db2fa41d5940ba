"""The adapter of lists by small area keeps the contract, dated by a column and by the caller."""

from __future__ import annotations

import io

import pandas as pd

from phm_diabetes.adapters.list_by_lsoa import ListByLsoa
from phm_diabetes.testing import AdapterContract

DATED = pd.DataFrame(
    [
        ("01APR2025", "Y99001", "PLANTED SURGERY", "E01035001", "ALL", "7"),
        ("01APR2025", "Y99001", "PLANTED SURGERY", "E01035002", "ALL", "1"),
        ("01APR2025", "Y99002", "OTHER SURGERY", "E01035001", "ALL", "31"),
    ],
    columns=[
        *("EXTRACT_DATE", "PRACTICE_CODE", "PRACTICE_NAME", "LSOA_CODE", "SEX"),
        "NUMBER_OF_PATIENTS",
    ],
)
UNDATED = pd.DataFrame(
    [
        ("Y99001", "E01000001", 7),
        ("Y99001", "W01000001", 1),
        ("Y99002", "NO2011", 31),
    ],
    columns=["OrganisationCode", "LSOA11CD", "Patient"],
)


def as_parquet():
    held = io.BytesIO()
    UNDATED.to_parquet(held, index=False)
    return held.getvalue()


class TestDated(AdapterContract):
    adapter = ListByLsoa
    sample = DATED
    optional_columns = ("SEX", "EXTRACT_DATE")  # without it, the caller says the day
    known = (
        {
            "org_code": "Y99001",
            "area_level": "lsoa_2021",
            "area_code": "E01035001",
            "counted_on": "2025-04-01",
            "people": 7,
        },
    )


class TestUndatedParquet(AdapterContract):
    adapter = ListByLsoa
    sample = staticmethod(as_parquet)
    period = "2021-01-01"
    known = (
        {"org_code": "Y99002", "area_level": "lsoa_2011", "area_code": "unknown", "people": 31},
    )
