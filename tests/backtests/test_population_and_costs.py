"""Lists, deprivation and costs on the files as published: their totals, and that no row is lost."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import phm_diabetes as phm
from phm_diabetes.errors import UnlikeError
from phm_diabetes.metrics.practice_deprivation import deprivation_of_practices
from phm_diabetes.metrics.pricing import priced
from phm_diabetes.quality.profiling import profile

FILES = {
    "england.list_sizes": ("population/gp-reg-pat-prac-all.csv", None),
    # The file does not say its day; nothing here depends on which it is.
    "england.list_by_lsoa": ("population/gp_registrations_by_lsoa.parquet", "2022-01-01"),
    "england.imd": ("population/imd2019_lsoa.parquet", None),
    "fingertips.indicator": ("population/fingertips_practice_imd2019.csv", None),
    "england.reference_costs": ("costs/HRG_ref_costs_2017.xlsx", None),
}
ROWS = {
    "england.list_sizes": (6_658, 0),
    "england.list_by_lsoa": (865_965, 0),
    "england.imd": (32_844, 0),
    "fingertips.indicator": (6_546, 1),
    "england.reference_costs": (1_633, 0),
}


@cache
def _loaded(folder, adapter):
    path, period = FILES[adapter]
    return phm.load(folder / path, adapter=adapter, period=period)


@pytest.fixture(scope="session")
def real(shared):
    """Return a file as its adapter reads it, read once."""
    return lambda adapter: _loaded(shared / "data", adapter)


@pytest.mark.parametrize("adapter", FILES)
def test_every_row_is_used_or_reported(real, adapter):
    origin = real(adapter).provenance
    assert (origin.rows_used, origin.rows_reported) == ROWS[adapter]
    assert origin.rows_read == origin.rows_used + origin.rows_reported


@pytest.mark.parametrize("adapter", FILES)
def test_each_file_is_recognised_without_being_named(shared, adapter):
    path, period = FILES[adapter]
    found = phm.load(shared / "data" / path, period=period)
    assert found.provenance.adapter == adapter


@pytest.mark.parametrize("adapter", FILES)
def test_the_checks_find_neither_error_nor_warning_in_a_published_file(real, adapter):
    assert set(profile(real(adapter)).problems["severity"]) <= {"info"}


def test_the_lists_of_january_2021_hold_60_6_million_people(real):
    table = real("england.list_sizes").table
    assert set(table["counted_on"].dt.date.astype(str)) == {"2021-01-01"}
    assert int(table["people"].sum()) == 60_606_345
    assert table["org_code"].is_unique


def test_the_lists_by_area_hold_every_area_of_2011_and_keep_people_in_none(real):
    table = real("england.list_by_lsoa").table
    codes = table["area_code"].astype(str)
    assert int(table["people"].sum()) == 61_768_942
    assert codes[codes.str.startswith("E01")].nunique() == 32_844
    assert int((codes == "unknown").sum()) == 4_448
    assert set(table["area_level"]) == {"lsoa_2011"}


def test_the_areas_of_2011_fit_imd_2019_exactly(real):
    people = set(real("england.list_by_lsoa").table["area_code"])
    areas = set(real("england.imd").table["org_code"])
    assert len(areas) == 32_844
    assert {code for code in people if code.startswith("E01")} == areas


def test_lists_by_areas_of_2021_are_refused_beside_imd_2019(real):
    people = real("england.list_by_lsoa").table.head(1_000)
    moved = people.assign(area_level="lsoa_2021")
    with pytest.raises(UnlikeError, match="best-fit"):
        deprivation_of_practices(moved, real("england.imd").table)


def test_england_stands_twice_in_the_download_and_is_read_once(real):
    extract = real("fingertips.indicator")
    scores = extract.tables["scores"]
    assert scores["org_level"].value_counts().to_dict() == {"practice": 6_545, "england": 1}
    assert extract.problems[["rule", "rows"]].to_numpy().tolist() == [["same figure again", 1]]
    assert set(scores["vintage"]) == {"2019"}


@pytest.mark.long
def test_the_practices_scores_agree_with_those_that_ohid_publishes(real):
    ours = deprivation_of_practices(real("england.list_by_lsoa").table, real("england.imd").table)
    theirs = real("fingertips.indicator").tables["scores"]
    both = ours.merge(theirs, on="org_code", suffixes=("", "_ohid")).dropna(subset=["score"])
    apart = (both["score"] - both["score_ohid"]).abs()
    assert len(both) > 6_400
    assert apart.median() < 0.2  # the lists are of another day than OHID's
    assert apart.quantile(0.9) < 1
    assert np.corrcoef(both["score"], both["score_ohid"])[0, 1] > 0.99
    assert set(ours["score_index"]) == set(
        theirs.loc[theirs["org_level"] == "practice", "score_index"]
    )


@pytest.mark.long
def test_practices_are_far_less_spread_than_areas(real):
    ours = deprivation_of_practices(real("england.list_by_lsoa").table, real("england.imd").table)
    areas = real("england.imd").table
    assert ours["score"].quantile(0.9) < areas["score"].quantile(0.9)


def test_the_unit_costs_give_back_the_total_of_outpatient_attendances(real):
    table = real("england.reference_costs").table
    assert set(table["price_year"]) == {"2017-18"}
    assert int(table["activity"].sum()) == 74_523_886
    total = float((table["unit_pence"] * table["activity"]).sum()) / 100
    assert total == pytest.approx(9_316_401_297.85, rel=1e-5)  # unit costs are rounded to pence


def test_every_service_code_is_text_and_three_characters_but_for_three_services(real):
    codes = real("england.reference_costs").table["treatment_function"]
    assert sorted(set(codes[codes.str.len() != 3])) == ["HIV1", "HIV2", "HIV3"]
    assert "307" in set(codes)


def test_activity_priced_at_reference_costs_gives_their_total(real):
    table = real("england.reference_costs").table
    activity = table[["treatment_function", "currency", "setting", "activity"]]
    found = priced(activity, table)
    assert int(found["cost_pence"].sum()) == int((table["unit_pence"] * table["activity"]).sum())
