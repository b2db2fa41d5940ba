"""Traps of the audit's counts: means of rates, rounding, percentages, totals and their parts."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.writers.nda_truth import PRACTICES, eligible, organisations, reached
from tests.writers.nda_workbooks import edition_2021_22

import phm_diabetes as phm
from phm_diabetes.adapters.nda import Nda


@pytest.fixture(scope="module")
def table():
    file = io.BytesIO(edition_2021_22())
    file.name = "nda.xlsx"
    found = phm.load(file, adapter="england.nda").table
    return found[found["subtype"] == "type_2_and_other"]


def of(table, level, measure):
    rows = table[(table["org_level"] == level) & (table["measure"] == measure)]
    return phm.schemas.counts.as_counts(rows.reset_index(drop=True))


def test_a_mean_of_rates_is_not_the_rate_of_the_sums(table):
    practices = phm.estimate(of(table, "practice", "dm.cp8"))
    summed = practices["numerator"].sum() / practices["denominator"].sum()
    england = phm.estimate(of(table, "england", "dm.cp8"))["value"].iloc[0]
    assert abs(summed - england) < 0.005
    assert abs(practices["value"].mean() - england) > abs(summed - england)


def test_a_sum_of_rounded_practices_is_not_the_published_total_but_holds_it(table):
    for measure in ("dm.cp8", "dm.tt.hba1c_48", "dm.tt3"):
        practices, england = of(table, "practice", measure), of(table, "england", measure)
        truth = sum(reached(each, "type_2_and_other", measure) for each in PRACTICES)
        low, high = practices["numerator_low"].sum(), practices["numerator_high"].sum()
        assert low <= truth <= high
        assert england["numerator_low"].iloc[0] <= truth <= england["numerator_high"].iloc[0]


def test_a_total_is_never_added_to_its_own_parts(table):
    rows = table[table["measure"] == "dm.cp8"]
    with pytest.raises(phm.errors.DoubleCountError):
        phm.counted_once.refuse_mixed_levels(rows)


def test_a_rounded_numerator_above_its_denominator_is_explained_and_kept():
    grid = pd.DataFrame(
        [
            ["", "", "BMI", ""],
            ["Audit year", "GP code", "Numerator", "Denominator"],
            ["2021_22", "Y99001", "10", "8"],
            ["2021_22", "Y99002", "20", "10"],
        ]
    )
    extract = phm.load(grid, adapter=Nda(subtype="type_1"))
    found = extract.problems[extract.problems["rule"] == "numerator above denominator"]
    assert found.set_index("severity")["rows"].to_dict() == {"info": 1, "warning": 1}
    assert extract.table["numerator"].tolist() == [10, 20]
    reasons = phm.estimate(extract.table, by=["subtype"])["reason"].astype(str)
    assert reasons.str.startswith("numerator above its denominator").all()


def test_a_percentage_in_place_of_a_count_is_refused():
    grid = pd.DataFrame(
        [
            ["", "", "BMI", ""],
            ["Audit year", "GP code", "Numerator", "Denominator"],
            ["2021_22", "Y99001", "93.4", "100"],
        ]
    )
    with pytest.raises(phm.errors.SourceDataError, match="whole number"):
        phm.load(grid, adapter=Nda(subtype="type_1"))


def test_a_percentage_is_never_used(table):
    grid = pd.read_excel(
        io.BytesIO(edition_2021_22()),
        sheet_name="Type 2 and other CP_TT",
        header=None,
        dtype=object,
        engine="calamine",
    )
    for spot in grid.columns[grid.iloc[2] == "Percentage"]:
        grid.loc[3:, spot] = 1
    extract = phm.load(grid, adapter=Nda(subtype="type_2_and_other"))
    assert extract.table["numerator"].tolist() == table["numerator"].tolist()
    assert "percentage" in set(extract.problems["rule"])


def test_nobody_stays_nobody_and_hidden_people_are_never_nobody(table):
    rows = of(table, "practice", "dm.cp9")
    for each in rows.itertuples():
        members = next(m for level, code, m in organisations() if code == each.org_code)
        truth = sum(eligible(one, "type_2_and_other", "dm.cp9") for one in members)
        assert (each.denominator_low > 0) == (truth > 0)


def test_a_practice_that_is_absent_is_not_zero(table):
    assert "Y99099" not in set(table["org_code"].astype(str))
    assert (table[table["numerator"] == 0]["denominator"].notna()).all()
