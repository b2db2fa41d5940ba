"""The adapter of the Index of Multiple Deprivation keeps the contract, in both vintages."""

from __future__ import annotations

import pandas as pd

from phm_diabetes.adapters.imd import Imd
from phm_diabetes.testing import AdapterContract

SCORE = "Index of Multiple Deprivation (IMD) Score"
RANK = "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)"
DECILE = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"


class TestImd2025(AdapterContract):
    adapter = Imd
    sample = pd.DataFrame(
        [
            ("E01035001", "Planted 001A", "E09999999", "6.208", "29199", "9"),
            ("E01035002", "Planted 001B", "E09999999", "62.1", "211", "1"),
            ("E01000003", "Planted 001C", "E09999999", "19.402", "14000", "5"),
        ],
        columns=[
            *("LSOA code (2021)", "LSOA name (2021)", "Local Authority District code (2024)"),
            *(SCORE, RANK, DECILE),
        ],
    )
    optional_columns = (SCORE, RANK, DECILE)
    known = (
        {"vintage": "2025", "org_level": "lsoa_2021", "org_code": "E01035002", "score": 62.1},
        {"org_code": "E01000003", "rank": 14000, "decile": 5},
    )


class TestImd2019RanksOnly(AdapterContract):
    adapter = Imd
    sample = pd.DataFrame(
        [
            ("E01000001", "Planted 001A", "E09999999", "Planted", "29199", "9"),
            ("E01000002", "Planted 001B", "E09999999", "Planted", "211", "1"),
            ("E01000003", "Planted 001C", "E09999999", "Planted", "14000", "5"),
        ],
        columns=[
            *("LSOA code (2011)", "LSOA name (2011)", "Local Authority District code (2019)"),
            *("Local Authority District name (2019)", "Index of Multiple Deprivation (IMD) Rank"),
            "Index of Multiple Deprivation (IMD) Decile",
        ],
    )
    optional_columns = (
        *("Index of Multiple Deprivation (IMD) Rank", "Local Authority District code (2019)"),
        "Index of Multiple Deprivation (IMD) Decile",
    )
    known = (
        {"vintage": "2019", "org_level": "lsoa_2011", "org_code": "E01000002", "rank": 211},
        {"org_code": "E01000003", "score": None, "decile": 5},
    )
