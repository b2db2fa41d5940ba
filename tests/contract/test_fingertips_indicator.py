"""The adapter of Fingertips' standard download keeps the contract."""

from __future__ import annotations

from datetime import date

import pandas as pd

from phm_diabetes.adapters.fingertips_indicator import FingertipsIndicator
from phm_diabetes.model.periods import Period
from phm_diabetes.testing import AdapterContract

HEADER = (
    *("Indicator ID", "Indicator Name", "Parent Code", "Area Code", "Area Name", "Area Type"),
    *("Sex", "Age", "Category Type", "Category", "Time period", "Value"),
    *("Lower CI 95.0 limit", "Upper CI 95.0 limit", "Lower CI 99.8 limit"),
    *("Upper CI 99.8 limit", "Count", "Denominator", "Value note"),
)
PLAIN = ("Persons", "17+ yrs", "", "", "2022/23")
NO_LIMITS = ("", "", "", "")
SAMPLE = [
    (
        *("90001", "Seen", "E92000001", "Y99001", "Planted", "GPs", *PLAIN),
        *("5", "3.3", "7.6", "", "", "20", "400", ""),
    ),
    (
        *("90001", "Seen", "E92000001", "nE38999999", "Other", "ICB sub-locations", *PLAIN),
        *("50", *NO_LIMITS, "200", "400", "Read with care"),
    ),
    (
        *("90002", "Spells", "E92000001", "E09999999", "Town", "Districts & UAs"),
        *("Female", "All ages", "", "", "2019 - 21", "250", *NO_LIMITS, "1", "400", ""),
    ),
    (
        *("93553", "Deprivation score (IMD 2019)", "E92000001", "Y99001", "Planted", "GP"),
        *("Persons", "All ages", "", "", "2019", "32.36", *NO_LIMITS, "", "", ""),
    ),
    (
        *("90004", "Modelled", "E92000001", "Y99002", "Planted", "GPs", *PLAIN),
        *("7.2", *NO_LIMITS, "", "", ""),
    ),
]


class TestFingertipsIndicator(AdapterContract):
    adapter = FingertipsIndicator
    sample = pd.DataFrame(SAMPLE, columns=HEADER)
    known = (
        {
            "measure": "fingertips.90001",
            "definition": "fingertips:90001:17+ yrs",
            "org_level": "sub_icb",
            "org_code": "E38999999",
            "period": "2022-23",
            "numerator": 200,
            "denominator": 400,
        },
        {
            "measure": "fingertips.90002",
            "org_level": "districts_uas",
            "sex": "female",
            "period": Period(start=date(2019, 1, 1), end=date(2021, 12, 31)),
            "numerator": 1,
        },
    )
