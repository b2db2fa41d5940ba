"""Registrations, demographics and people at high risk come out by type, age and deprivation."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.writers.nda_people_workbooks import (
    at_risk,
    list_size,
    ndh_2024_25,
    registrations_2025_26,
)
from tests.writers.nda_truth import GROUPS, PRACTICES, organisations, people, published, split

import phm_diabetes as phm
from phm_diabetes.adapters.nda_registrations import NdaRegistrations

DIMENSIONS = list(GROUPS)


def opened(data, name="nda.xlsx"):
    file = io.BytesIO(data)
    file.name = name
    return file


@pytest.fixture(scope="module")
def registrations():
    return phm.load(opened(registrations_2025_26()))


def test_registrations_are_recognised(registrations):
    origin = registrations.provenance
    assert origin.adapter == "england.nda_registrations"
    assert origin.rows_read == origin.rows_used + origin.rows_reported


def test_registrations_are_of_a_partial_year_of_twelve_months(registrations):
    table = registrations.table
    assert {f"{day:%Y-%m-%d}" for day in table["period_start"]} == {"2025-04-01"}
    assert {f"{day:%Y-%m-%d}" for day in table["period_end"]} == {"2025-12-31"}
    assert set(table["definition"].astype(str)) == {"nda:registrations:12m"}


def test_every_group_of_people_is_what_was_planted(registrations):
    members = {
        "E92000001" if level == "england" else code: each for level, code, each in organisations()
    }
    for row in registrations.table.itertuples():
        own = members[row.org_code]
        split_by = [name for name in DIMENSIONS if getattr(row, name) != "all"]
        if not split_by:
            truth = sum(people(each, row.subtype) for each in own)
        else:
            level = getattr(row, split_by[0]).split(":")[-1]
            truth = sum(split(people(each, row.subtype), split_by[0])[level] for each in own)
        assert row.numerator == published(truth)
        assert row.numerator_low <= truth <= row.numerator_high


def test_each_dimension_has_every_level(registrations):
    table = registrations.table
    for name, levels in GROUPS.items():
        found = {level.split(":")[-1] for level in table[name].astype(str)} - {"all"}
        assert found == {level for level, _ in levels.values()}


def test_fifths_of_deprivation_carry_their_vintage(registrations):
    fifths = set(registrations.table["imd_quintile"].astype(str)) - {"all", "unknown"}
    assert fifths == {f"2019:{number}" for number in range(1, 6)}


def test_a_vintage_that_nobody_states_is_said():
    extract = phm.load(opened(registrations_2025_26(titled=False)))
    assert "deprivation vintage" in set(extract.problems["rule"])


def test_a_count_has_no_denominator_and_its_value_is_itself(registrations):
    table = registrations.table
    assert table["denominator"].isna().all()
    figures = phm.estimate(table[table["org_level"] == "practice"], by=["subtype", "age_band"])
    assert (figures["value"] == figures["numerator"].astype(float)).all()


def test_a_group_that_is_not_known_is_refused_by_name():
    grid = pd.DataFrame(
        [
            ["", "", "Aged 3 to 5", ""],
            ["ICB code", "GP code", "Number", "Per cent"],
            ["QZZ", "Y99001", "90", ""],
        ]
    )
    with pytest.raises(phm.errors.SourceDataError, match="Aged 3 to 5"):
        phm.load(grid, adapter=NdaRegistrations(subtype="type_1"), period="2023-24")


@pytest.fixture(scope="module")
def high_risk():
    return phm.load(opened(ndh_2024_25(), "ndh.xlsx"))


def test_people_at_high_risk_are_out_of_the_practices_list(high_risk):
    assert high_risk.provenance.adapter == "england.ndh"
    table = high_risk.table.set_index(["measure", "org_code"])
    for each in PRACTICES:
        row = table.loc[("ndh.registrations", each.code)]
        assert row["numerator"] == published(at_risk(each.code))
        assert row["denominator"] == published(list_size(each.code))
        assert row["subtype"] == "all"
        assert table.loc[("dm.prevalence", each.code), "subtype"] == "type_2_and_other"


def test_prevalence_can_be_estimated(high_risk):
    figures = phm.estimate(high_risk.table, by=["subtype"])
    assert figures["value"].between(0.03, 0.2).all()
