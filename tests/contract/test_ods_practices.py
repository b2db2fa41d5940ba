"""The adapter of the ODS's register of practices keeps the contract."""

from __future__ import annotations

import pandas as pd

from phm_diabetes.adapters.ods_practices import OdsPractices
from phm_diabetes.testing import AdapterContract


def practice(code, *, closed="", status="A"):
    cells = [""] * 27
    cells[0:5] = [code, f"PLANTED SURGERY {code[-1]}", "Y99", "QZ1", "1 PLANTED STREET"]
    cells[9:13] = ["ZZ99 9ZZ", "19740401", closed, status]
    cells[14:16], cells[25] = ["9Z1", "20200401"], "4"
    return cells


class TestOdsPractices(AdapterContract):
    adapter = OdsPractices
    sample = pd.DataFrame(
        [practice("Y99001"), practice("Y99002", closed="20230331", status="C"), practice("Y99003")]
    )
    known = (
        {"org_code": "Y99001", "name": "PLANTED SURGERY 1", "opened": "1974-04-01", "closed": None},
        {"org_code": "Y99002", "closed": "2023-03-31"},
    )
