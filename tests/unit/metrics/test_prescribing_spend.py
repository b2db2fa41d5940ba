"""What medicines cost, for each person on the register: the cost basis travels with the figure."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.errors import SourceDataError, UnlikeError

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


def written(*rows):
    columns = ("practice_code", "first_day", "last_day", "bnf_section", "cost_basis", "cost")
    return pd.DataFrame(list(rows), columns=list(columns))


def test_a_table_that_a_place_sums_up_is_loaded_to_the_penny_on_its_basis():
    year = ("2022-04-01", "2023-03-31")
    table = written(
        *((code, *year, "6.1", "actual", f"{pence / 100:.2f}") for code, pence in PENCE.items()),
        *((code, *year, "0601", "net ingredient cost", "10") for code in PENCE),
    )
    found = phm.load(table, adapter="local.prescribing").table
    spend = found.groupby("definition", observed=True)["numerator"].sum()
    assert spend.to_dict() == {"bnf:0601:actual": sum(PENCE.values()), "bnf:0601:nic": 3_000}
    assert set(found["measure"]) == {"dm.prescribing_spend"}


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ({"bnf_section": "2.12"}, "section 6.1 of the British National Formulary"),
        ({"cost_basis": "list"}, "cost basis"),
        ({"cost": "dear"}, "cost"),
        ({"last_day": "2022-03-31"}, "last_day"),
        ({"practice_code": "RNA"}, "GP practice code"),
    ],
)
def test_what_is_no_such_spend_is_refused_with_its_row(cell, words):
    table = written(("Y99001", "2022-04-01", "2023-03-31", "6.1", "actual", "1")).assign(**cell)
    with pytest.raises(SourceDataError, match=words):
        phm.load(table, adapter="local.prescribing")


def test_loaded_spend_for_each_1000_rebuilds_the_total(register):
    year = ("2022-04-01", "2023-03-31")
    rows = ((code, *year, "6.1", "nic", f"{pence / 100:.2f}") for code, pence in PENCE.items())
    loaded = phm.load(written(*rows), adapter="local.prescribing").table
    found = phm.estimate(held(loaded, register, allow_mixed=REASON))
    assert found["definition"].str.startswith("bnf:0601:nic; for people on the register").all()
    rebuilt = (found["value"] / 1000 * found["denominator"].astype("float64")).sum()
    assert round(rebuilt) == sum(PENCE.values())


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
    assert set(found["reason"]) == {"no sum of squares per person: an interval would be too narrow"}
