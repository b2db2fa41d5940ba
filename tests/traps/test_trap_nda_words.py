"""Traps of the audit's labels: old and new, hidden and zero, a cut beside a year, nine of eight."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.writers.nda_workbooks import edition_2019_20, full_2024_25, quarterly_2024_25

import phm_diabetes as phm
from phm_diabetes.adapters.nda import Nda
from phm_diabetes.model.periods import Period


def load(data, **options):
    file = io.BytesIO(data)
    file.name = "nda.xlsx"
    return phm.load(file, adapter="england.nda", **options)


@pytest.fixture(scope="module")
def quarter():
    table = load(quarterly_2024_25()).table
    return table[table["subtype"] == "type_2_and_other"]


@pytest.fixture(scope="module")
def year():
    table = load(full_2024_25()).table
    return table[table["subtype"] == "type_2_and_other"]


def of(table, level, measure="dm.cp8"):
    return table[(table["org_level"] == level) & (table["measure"] == measure)]


def test_a_quarter_beside_a_year_raises(quarter, year):
    both = pd.concat([of(quarter, "practice"), of(year, "england")], ignore_index=True)
    figures = phm.estimate(phm.schemas.counts.as_counts(both))
    with pytest.raises(phm.errors.UnlikeError, match="unlike periods"):
        phm.compare(figures, to="england")


def test_a_quarter_beside_its_own_england_is_compared_and_called_provisional(quarter):
    both = pd.concat([of(quarter, "practice"), of(quarter, "england")], ignore_index=True)
    found = phm.compare(phm.estimate(phm.schemas.counts.as_counts(both)), to="england")
    practices = found[found["org_level"] == "practice"]
    assert (practices["verdict"] != "not compared").all()
    assert practices["caveat"].astype(str).str.contains("provisional").all()


def test_a_year_is_not_called_provisional(year):
    both = pd.concat([of(year, "practice"), of(year, "england")], ignore_index=True)
    found = phm.compare(phm.estimate(phm.schemas.counts.as_counts(both)), to="england")
    assert not found["caveat"].astype(str).str.contains("provisional").any()


def test_all_three_with_140_80_is_never_compared_with_140_90(quarter):
    rows = quarter[quarter["measure"] == "dm.tt3"]
    one, other = sorted(rows["definition"].astype(str).unique())
    practices = rows[(rows["org_level"] == "practice") & (rows["definition"] == one)]
    england = rows[(rows["org_level"] == "england") & (rows["definition"] == other)]
    both = pd.concat([practices, england], ignore_index=True)
    figures = phm.estimate(phm.schemas.counts.as_counts(both))
    with pytest.raises(phm.errors.DefinitionMismatchError):
        phm.compare(figures, to="england")
    found = phm.compare(figures, to="england", allow_mixed="to see what the change did")
    assert found["caveat"].astype(str).str.contains("to see what the change did").any()


def test_fifteen_months_and_twelve_have_different_definitions():
    ends = {
        months: set(
            load(quarterly_2024_25(), period=Period.audit("2024-25", months=months))
            .table["definition"]
            .astype(str)
            .str[-3:]
        )
        for months in (12, 15)
    }
    assert ends == {12: {"12m"}, 15: {"15m"}}


def test_nine_processes_are_refused_where_the_ninth_is_empty():
    header = [
        ["", "", "Retinal Screening", "", "All Nine Care Processes", ""],
        ["Audit year", "GP code", *["Numerator", "Denominator"] * 2],
    ]
    grid = pd.DataFrame([*header, ["2021_22", "Y99001", "", "", "40", "100"]])
    with pytest.raises(phm.errors.SourceDataError, match="needs the ninth care process"):
        phm.load(grid, adapter=Nda(subtype="type_1"))


def test_the_two_years_of_a_workbook_are_never_one():
    table = load(edition_2019_20()).table
    spans = table[["period_start", "period_end"]].drop_duplicates()
    assert len(spans) == 2
    assert spans["period_start"].nunique() == 2
