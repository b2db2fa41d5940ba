"""One class reads two Places' schemes, laid out in ways of their own, and keeps the contract."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from tests.planted import named_geography
from tests.writers.local_schemes import MANIFEST, scheme_workbook

from phm_diabetes.adapters.local_scheme import LocalScheme
from phm_diabetes.adapters.places.dudley import DudleyDqof
from phm_diabetes.adapters.schemes import LocalIndicator, Scheme
from phm_diabetes.testing import AdapterContract

NAMES = {"Y99001": "The Elms & Oaks Surgery", "Y99002": "St. Planted's", "Y99003": "Planted North"}


def _dudley() -> DudleyDqof:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dqof.toml"
        path.write_text(MANIFEST, encoding="utf-8")
        return DudleyDqof.from_manifest(path).placed_in(named_geography(NAMES))


CHECKS = [
    ["the elms and oaks surgery", 90, 100, 4, 80, 96, 0],
    ["St Planted's", "*", 40, 0, 30, 40, 1],
    ["Planted North", "#N/A", "#N/A", 0, 7, 9, 2],
]
REVIEWS = [["The Elms & Oaks Surgery", 55, 60], ["St. Planted's", 20, 30]]


@pytest.mark.long
class TestDudleyDqof(AdapterContract):
    adapter = _dudley()
    installed = False  # what is installed has no manifest yet
    sample = scheme_workbook(
        {
            "Checks": (("Blood pressure", "HbA1c"), CHECKS),
            "Pre-conditions": (("Reviews",), REVIEWS),
        }
    )
    period = "2021-22"
    footers = True
    merged_headers = True
    known = (
        {
            "measure": "dqof.dq01",
            "org_code": "Y99001",
            "period": "2021-22",
            "numerator": 90,
            "denominator": 100,
            "excluded": 4,
        },
        {"measure": "dqof.dq02", "org_code": "Y99003", "period": "2021-22", "numerator": 7},
        {"measure": "dqof.ndh_1", "org_code": "Y99002", "period": "2021-22", "denominator": 30},
    )


class TestAnotherScheme(AdapterContract):
    adapter = LocalScheme(
        Scheme(
            place="north",
            dataset="lqof",
            title="North's scheme",
            edition="3",
            reviewed=date(2026, 11, 1),
            practice_header=("ODS code",),
            practices="code",
            period_header="Year",
            indicator_header="Indicator",
            numerator_header="Achieved",
            denominator_header="Eligible",
            header_within=1,
            footers=("grand total",),
            indicators=(
                LocalIndicator(id="N1", description="People reviewed.", direction="higher"),
                LocalIndicator(id="N2", description="People admitted.", direction="lower"),
            ),
        )
    )
    installed = False
    sample = pd.DataFrame(
        [
            ["Y99001", "2022-23", "N1", "12", "40"],
            ["Y99001", "2022-23", "N2", "3", "#DIV/0!"],
            ["Y99002", "2022-23", "N1", "0", "12"],
            ["Grand total", "", "", "12", "52"],
        ],
        columns=["ODS code", "Year", "Indicator", "Achieved", "Eligible"],
    )
    footers = True
    known = (
        {
            "measure": "lqof.n1",
            "org_code": "Y99001",
            "period": "2022-23",
            "numerator": 12,
            "definition": "north.lqof:N1:3",
        },
        {"measure": "lqof.n2", "org_code": "Y99001", "period": "2022-23", "numerator": 3},
    )
