"""The adapter of the geography published with the QOF keeps the contract."""

from __future__ import annotations

import pandas as pd
from tests.builders import GEOGRAPHY_HEADER, geography_row

from phm_diabetes.adapters.qof_geography import QofGeography
from phm_diabetes.testing import AdapterContract


class TestQofGeography(AdapterContract):
    adapter = QofGeography
    sample = pd.DataFrame([geography_row(number) for number in (1, 2, 3)], columns=GEOGRAPHY_HEADER)
    period = "2022-23"
    known = (
        {"org_level": "practice", "org_code": "Y99001", "parent_level": "pcn"},
        {"org_level": "region", "parent_level": "england", "start": "2022-04-01"},
    )
