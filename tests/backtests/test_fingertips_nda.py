"""The real Fingertips file reads to the row, and its faults are found and said."""

from __future__ import annotations

import pytest

import phm_diabetes as phm
from phm_diabetes.adapters.nda_indicators import INDICATORS


@pytest.fixture(scope="module")
def file(shared):
    return shared / "data" / "nda" / "fingertips_nda_subicb_icb.csv"


@pytest.fixture(scope="module")
def extract(file):
    return phm.load(file)


@pytest.fixture(scope="module")
def table(extract):
    return extract.table


@pytest.fixture(scope="module")
def reported(extract):
    return extract.problems.groupby(["rule", "column"])["rows"].sum().to_dict()


def in_year(table, measure, year):
    rows = table[(table["measure"] == measure) & (table["period_start"].dt.year == year)]
    return rows[rows["age_band"] == "all"]


def test_it_is_recognised_and_every_row_is_used_or_reported(extract):
    origin = extract.provenance
    assert origin.adapter == "fingertips.nda"
    assert origin.rows_read == 14_864
    assert origin.rows_used == 11_077
    assert origin.rows_reported == 3_787
    assert not (extract.problems["severity"] == "error").any()


def test_rows_without_counts_are_counted_reasons(reported):
    assert reported["no count", "Count"] == 2_089


def test_ages_that_stand_twice_are_reconciled_and_reported(reported, table):
    assert reported["age label", "Age"] == 1_624 + 74
    for measure in ("dm.cp.bp", "dm.cp.foot", "dm.tt.bp_140_80", "dm.tt.cholesterol_5"):
        rows = in_year(table, measure, 2014)
        assert len(rows) == rows["org_code"].nunique() == 81


def test_the_register_is_exact_and_england_comes_out(table):
    rows = in_year(table, "dm.register", 2022)
    assert rows["numerator"].sum() == 3_774_801
    assert rows["denominator"].sum() == 50_649_129
    assert (rows["numerator_low"] == rows["numerator_high"]).all()
    assert set(rows["definition"].astype(str)) == {"qof:DM:17OV"}


def test_areas_are_ons_codes_of_sub_icb_locations(table):
    assert set(table["org_level"].astype(str)) == {"sub_icb"}
    assert table["org_code"].astype(str).str.fullmatch("E38[0-9]{6}").all()


@pytest.mark.parametrize(("year", "exact"), [(2014, True), (2015, True), (2016, False)])
def test_counts_are_exact_to_2015_16_and_ranges_since(table, year, exact):
    rows = in_year(table, "dm.cp8", year)
    width = rows["numerator_high"] - rows["numerator_low"]
    assert set(width) == ({0} if exact else {4})


def test_denominators_of_foot_disease_are_exact_when_its_counts_are_not(table):
    rows = in_year(table, "dm.foot.major_amputations", 2018)
    assert (rows["denominator_low"] == rows["denominator_high"]).all()
    assert (rows["numerator_low"] < rows["numerator_high"]).all()
    assert {f"{day:%Y-%m-%d}" for day in rows["period_end"]} == {"2021-03-31"}


def test_periods_are_the_audits_fifteen_months(table):
    rows = in_year(table, "dm.cp8", 2021)
    assert {f"{day:%Y-%m-%d}" for day in rows["period_end"]} == {"2022-03-31"}


def test_all_three_targets_are_those_with_cholesterol_in_every_area_and_year(table):
    all_three = table[table["measure"] == "dm.tt3"]
    assert set(all_three["definition"].astype(str)) == {
        "nda:tt3.hba1c_58+bp_140_80+cholesterol_5:15m"
    }
    key = ["org_code", "period_end"]
    pairs = all_three.merge(
        table[table["measure"] == "dm.tt.cholesterol_5"], on=key, suffixes=("", "_one")
    )
    assert len(pairs) == len(all_three)
    assert (pairs["denominator_low"] <= pairs["denominator_high_one"]).all()


def test_ages_of_2021_add_up_to_everybody_within_rounding(table):
    people = table[table["measure"] == "dm.registrations"]
    bands = people[people["age_band"] != "all"].groupby("org_code", observed=True)
    whole = people[people["age_band"] == "all"].set_index("org_code")["numerator"]
    assert len(whole) == 100
    assert (bands["numerator"].sum() - whole).abs().max() <= 4 * 2 + 2


def test_two_figures_published_as_shares_are_noticed(extract):
    said = extract.problems[extract.problems["rule"] == "published figure"]
    of_hba1c = said[said["message"].str.contains("48 mmol/mol")]
    assert of_hba1c["rows"].sum() == 2


def test_foot_spells_whose_denominator_is_of_another_year_have_none(extract, table):
    said = extract.problems[extract.problems["message"].str.contains("Hospital spells")]
    assert said["rows"].sum() == 195
    years = table[table["measure"] == "dm.foot.spells"].groupby(table["period_start"].dt.year)
    assert (years["denominator"].count() == 0).to_dict() == {
        year: year in {2011, 2012, 2013} for year in range(2010, 2019)
    }
    assert years["numerator"].count().min() == 65


def test_every_indicator_but_the_score_is_read(table):
    measures = {one.measure for one in INDICATORS.values() if one.measure}
    assert measures == set(table["measure"].astype(str))


def test_apportioned_denominators_keep_both_whole_numbers(reported, table):
    assert reported["apportioned", "Denominator"] == 623
    rows = table[table["measure"] == "dm.register"]
    width = rows["denominator_high"] - rows["denominator_low"]
    assert set(width) == {0, 1}


def test_pooled_care_fell_in_2020(table):
    shares = {
        year: rows["numerator"].sum() / rows["denominator"].sum()
        for year in (2019, 2020, 2021)
        for rows in [in_year(table, "dm.cp8", year)]
    }
    assert shares[2019] == pytest.approx(0.581, abs=0.001)
    assert shares[2020] == pytest.approx(0.369, abs=0.001)
    assert shares[2021] == pytest.approx(0.480, abs=0.001)


def test_it_can_be_estimated(table):
    some = table[table["measure"] == "dm.tt.hba1c_48"]
    figures = phm.estimate(some)
    assert figures["value"].between(0.1, 0.6).all()
    assert (figures["reason"] == "").all()


@pytest.mark.parametrize(
    "target", ["dm.tt3", "dm.tt.hba1c_48", "dm.tt.bp_140_80", "dm.tt.cholesterol_5"]
)
def test_every_target_is_bounded_among_everyone_registered(table, target):
    everyone = phm.registered_counts(table[table["age_band"] == "all"])
    bounds = phm.estimate(everyone[everyone["measure"] == target])
    measured = phm.estimate(table[table["measure"] == target])
    assert len(bounds) == len(measured) > 500
    assert bounds["value_low"].notna().all()
    assert (bounds["value_low"] < bounds["value_high"]).all()
    assert bounds["value_low"].mean() < measured["value"].mean()
