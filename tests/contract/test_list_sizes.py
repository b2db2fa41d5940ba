"""The adapter of list sizes keeps the contract, in each of the three layouts."""

from __future__ import annotations

import pandas as pd

from phm_diabetes.adapters.list_sizes import ListSizes
from phm_diabetes.testing import AdapterContract

TOTALS = ("EXTRACT_DATE", "TYPE", "CCG_CODE", "CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS")
BANDS = ("EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "SEX", "AGE_GROUP_5", "NUMBER_OF_PATIENTS")
SINGLE = ("EXTRACT_DATE", "CCG_CODE", "ORG_CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS")


class TestTotals(AdapterContract):
    adapter = ListSizes
    sample = pd.DataFrame(
        [
            ("01JAN2021", "GP", "99Z", "Y99001", "ALL", "ALL", "5903"),
            ("01JAN2021", "GP", "99Z", "Y99002", "ALL", "ALL", "0"),
            ("01JAN2021", "GP", "99Y", "Y99003", "ALL", "ALL", "14738"),
        ],
        columns=TOTALS,
    )
    known = ({"org_code": "Y99003", "counted_on": "2021-01-01", "people": 14738, "sex": "all"},)


class TestFiveYearBands(AdapterContract):
    adapter = ListSizes
    sample = pd.DataFrame(
        [
            ("01APR2023", "GP", "Y99001", "FEMALE", "0_4", "103"),
            ("01APR2023", "GP", "Y99001", "MALE", "95+", "4"),
            ("01APR2023", "PCN", "U99001", "ALL", "ALL", "30120"),
            ("01APR2023", "SUB_ICB_LOCATION_CODE", "99Z", "ALL", "ALL", "412000"),
            ("01APR2023", "Comm Region", "Y99", "ALL", "ALL", "9120000"),
        ],
        columns=BANDS,
    )
    known = (
        {"org_code": "Y99001", "age_band": "0-4", "sex": "female", "people": 103},
        {"org_level": "pcn", "org_code": "U99001", "people": 30120},
    )


class TestSingleYears(AdapterContract):
    adapter = ListSizes
    sample = pd.DataFrame(
        [
            ("01APR2023", "99Z", "Y99001", "FEMALE", "17", "31"),
            ("01APR2023", "99Z", "Y99001", "FEMALE", "95+", "2"),
            ("01APR2023", "99Z", "Y99002", "FEMALE", "ALL", "4010"),
        ],
        columns=SINGLE,
    )
    known = ({"org_code": "Y99001", "age_band": "17-17", "people": 31},)
