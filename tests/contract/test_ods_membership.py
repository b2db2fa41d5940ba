"""The adapter of the ODS's history of commissioners keeps the contract."""

from __future__ import annotations

import pandas as pd

from phm_diabetes.adapters.ods_membership import OdsMembership
from phm_diabetes.testing import AdapterContract


class TestOdsMembership(AdapterContract):
    adapter = OdsMembership
    sample = pd.DataFrame(
        [
            ("Y99001", "9Y1", "W", "20130401", "20210331", "0"),
            ("Y99001", "D9P9L", "W", "20210401", "", "0"),
            ("Y99002", "9Y1", "W", "20130401", "", "1"),
        ]
    )
    known = (
        {"org_code": "Y99001", "parent_code": "9Y1", "start": "2013-04-01", "end": "2021-03-31"},
        {"org_code": "Y99001", "parent_code": "D9P9L", "start": "2021-04-01", "end": None},
    )
