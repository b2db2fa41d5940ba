"""What medicines cost, for each person on the register: the cost basis travels with the figure."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.errors import UnlikeError

YEAR = {"dataset": "local", "org_level": "practice", "period_start": "2022-04-01",
        "period_end": "2023-03-31"}  # fmt: skip
PEOPLE = {"Y99001": 200, "Y99002": 100, "Y99003": 50}
PENCE = {"Y99001": 6_400_000, "Y99002": 3_500_000, "Y99003": 1_234_567}
REASON = "prescriptions are of any age"


def spent(basis="actual"):
    return phm.counts_from(
        [
            {**YEAR, "org_code": code, "measure": "dm.prescribing_spend",
             "definition": f"bnf:0601:{basis}", "numerator": pence}
            for code, pence in PENCE.items()
        ]
    )  # fmt: skip


@pytest.fixture
def register():
    return phm.counts_from(
        [
            {**YEAR, "org_code": code, "measure": "dm.register", "definition": "qof:DM:17OV",
             "numerator": people}
            for code, people in PEOPLE.items()
        ]
    )  # fmt: skip


def held(counts, people, **more):
    return phm.against(counts, people, measure="dm.register", basis="register", **more)


def test_prescriptions_of_any_age_are_not_held_against_adults_unless_a_reason_says_so(register):
    with pytest.raises(UnlikeError, match=r"of any age.*aged 17 and over"):
        held(spent(), register)
    assert REASON in held(spent(), register, allow_mixed=REASON)["definition"].iloc[0]


def test_spend_for_each_1000_rebuilds_the_total(register):
    found = phm.estimate(held(spent(), register, allow_mixed=REASON))
    rebuilt = (found["value"] / 1000 * found["denominator"].astype("float64")).sum()
    assert round(rebuilt) == sum(PENCE.values())


@pytest.mark.parametrize("basis", ["nic", "actual"])
def test_the_cost_basis_is_in_the_label(register, basis):
    found = held(spent(basis), register, allow_mixed=REASON)
    assert set(found["definition"].str.split(";").str[0]) == {f"bnf:0601:{basis}"}


def test_two_cost_bases_stay_two_rows_of_each_practice(register):
    both = held(phm.stack([spent("nic"), spent("actual")]), register, allow_mixed=REASON)
    assert (
        both.groupby("definition", observed=True)["numerator"].sum().tolist()
        == [sum(PENCE.values())] * 2
    )


def test_without_people_there_is_no_interval(register):
    found = phm.estimate(held(spent(), register, allow_mixed=REASON))
    assert pd.isna(found["lower"]).all()
    assert set(found["reason"]) == {"no sum of squares per person, so no honest interval"}
