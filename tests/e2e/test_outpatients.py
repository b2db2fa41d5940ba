"""Outpatients of a planted Dudley and North Merseyside: what a review asks, through the library."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.disease_areas.hospital_codes import CORE_PLUS_ENDO
from phm_diabetes.errors import UnlikeError
from phm_diabetes.quality.booking import booked_apart
from phm_diabetes.quality.figures import above_denominators
from phm_diabetes.quality.spending import unlikely_spend
from phm_diabetes.records.outpatient_measures import (
    OP_ATTENDANCES,
    OP_DNA,
    OP_FIRST,
    OP_PEOPLE,
    OP_SPEND,
    OP_UNIT_COST,
    measures_of_outpatients,
)

PLANTED = demo.outpatients_truth()
PRICES = {
    "price_type": "national",
    "market_forces_factor": "included",
    "price_year": "2022-23",
    "imd_vintage": "2019",
}
INSIDE = {"egress": phm.Policy(name="inside"), "reason": "planted records"}
DUDLEY = "planted_dudley"


@pytest.fixture(scope="module")
def records():
    return phm.open_records(demo.appointments(), adapter="dudley.hes_op", options=PRICES)


@pytest.fixture(scope="module")
def geo():
    return demo.england_geography()


@pytest.fixture(scope="module")
def register(geo):
    """Return the published registers of Planted Dudley: practices, PCNs and the Place."""
    table = phm.load(demo.registers(), adapter="england.qof_prevalence", period=demo.YEAR).table
    own = [each.code for each in demo.truth().practices if each.place == DUDLEY]
    mine = (table["measure"] == "dm.register") & table["org_code"].isin(own)
    practices = table[mine].reset_index(drop=True)
    return phm.stack([practices, geo.roll_up(practices, to=["pcn", "place"], as_at="period_end")])


@pytest.fixture(scope="module")
def tallied(records, geo):
    def tally(*measures, to, by=(), **how):
        how = {**INSIDE, **how}
        return phm.tally(
            records, measures=measures, periods=demo.YEAR, to=to, by=by, geo=geo, **how
        )

    return tally


@pytest.fixture(scope="module")
def per_register(tallied, register):
    """Return attendances, people and spend against the register, at every level."""
    counts = tallied(OP_ATTENDANCES, OP_PEOPLE, OP_SPEND, to=["practice", "pcn", "place"])
    return phm.estimate(phm.against(counts, register, measure="dm.register", basis="register"))


def figures(table, measure, level="practice"):
    """Return numerator and figure of one measure by organisation."""
    rows = table[(table["measure"] == measure) & (table["org_level"] == level)]
    rows = rows.assign(org_code=rows["org_code"].astype(object)).sort_values("org_code")
    return rows.set_index("org_code")[["numerator", "value", "lower", "upper"]]


def only(table, **levels):
    for name, level in levels.items():
        table = table[(table[name] == level).to_numpy()]
    return table.reset_index(drop=True)


def test_every_record_is_used_or_reported(records):
    survey = records.survey()
    assert survey.rows_read == len(demo.appointments())
    assert survey.rows_read == survey.rows_used + survey.rows_reported
    rules = set(records.problems(survey)["rule"])
    assert {"private patient", "clock stop", "same record", "medium differs"} <= rules


def test_spend_on_firsts_and_follow_ups_is_right_to_the_penny(tallied):
    spend = tallied(OP_SPEND, to="place", by=["visit"]).set_index("visit")["numerator"]
    assert spend["first"] == 57_706_200
    assert spend["follow_up"] == 101_134_500
    assert spend.sum() == 158_840_700


def test_the_default_rule_of_what_may_leave_shows_the_same_spend(records, geo):
    spend = phm.tally(
        records, measures=OP_SPEND, periods=demo.YEAR, to="place", by=["visit"], geo=geo
    )
    assert spend["numerator"].tolist() == [57_706_200, 101_134_500]


def test_practices_and_the_spend_of_nobodys_add_up_to_the_place(tallied):
    parts = tallied(OP_SPEND, to=["practice", "pcn", "place"]).groupby("org_level", observed=True)
    assert set(parts["numerator"].sum()) == {158_840_700}


def test_there_are_three_follow_ups_for_each_first_attendance(tallied):
    visits = tallied(OP_ATTENDANCES, to="place", by=["visit"]).set_index("visit")["numerator"]
    assert visits["follow_up"] / visits["first"] == 3
    found = phm.estimate(tallied(OP_FIRST, to="place")).iloc[0]  # children too, as its card says
    assert round(found["value"], 1) == 3.0
    assert found["lower"] < 3 < found["upper"]


def test_without_a_first_attendance_the_ratio_is_not_defined(records):
    table = phm.tally(
        records, measures=OP_FIRST, periods=phm.Period.month(2022, 5), to="practice", **INSIDE
    )
    found = phm.estimate(table)
    none = found[(found["denominator"] == 0).to_numpy()]
    assert len(none) > 0
    assert none["value"].isna().all()
    assert set(none["reason"]) == {"denominator is zero"}


def test_a_visit_costs_about_140_pounds_face_to_face_and_23_by_telephone(tallied):
    costs = phm.unit_costs(tallied(OP_UNIT_COST, to="place", by=["medium"])).set_index("medium")
    assert round(costs.loc["face_to_face", "unit_pence"] / 100) == 140
    assert round(costs.loc["remote", "unit_pence"] / 100) == 23
    assert costs["share"].round(3).to_dict() == {"face_to_face": 0.864, "remote": 0.136}
    visits = PLANTED.firsts + PLANTED.follow_ups
    assert (costs["attendances"].sum() + costs["left_out"] == visits).all()
    assert costs["left_out"].tolist() == [24, 24]


def test_two_pcns_have_more_first_visits_in_person_than_their_registers_explain(tallied, register):
    counts = tallied(OP_ATTENDANCES, to="pcn", by=["visit", "medium"])
    firsts = only(counts, visit="first", medium="face_to_face")
    pcns = firsts[(firsts["org_code"] != "unallocated").to_numpy()]
    held = phm.against(pcns, register, measure="dm.register", basis="register")
    shares = phm.share_of(held, against_need=True).set_index("org_code")
    assert set(shares.index[shares["lower"] > 1]) == PLANTED.pcns_with_many_firsts
    few = shares.loc[PLANTED.pcn_with_a_few_more]
    assert round(few["value"], 2) == 1.05
    assert few["lower"] < 1
    assert set(shares["method"]) == {"Goodman with Wilson, clustered by person"}


def test_three_practices_had_over_22_people_seen_for_each_100_on_the_register(per_register):
    seen = figures(per_register, "dm.op_people")
    assert set(seen.index[seen["value"] > 0.22]) == PLANTED.practices_with_many_seen
    rows = per_register[per_register["measure"] == "dm.op_people"]
    assert set(rows["method"]) == {"OHID Poisson"}
    assert rows["definition"].str.contains("for people on the register").all()


def test_no_practice_has_more_people_seen_than_registered_and_one_that_had_would_be_warned_of(
    tallied, register
):
    counts = tallied(OP_PEOPLE, to="practice")
    held = phm.against(counts, register, measure="dm.register", basis="register")
    assert above_denominators(held).empty
    busy = held.assign(**{name: held[name] * 10 for name in held if name.startswith("numerator")})
    assert len(above_denominators(busy)) > 0


def test_five_practices_are_dear_in_total_and_for_their_register_and_other_readings_differ(
    per_register, tallied, register
):
    spend = figures(per_register, "dm.op_spend")
    average = figures(per_register, "dm.op_spend", "place")["value"].iloc[0]
    large, dear = spend["numerator"] > 8_600_000, spend["value"] > average
    listed = phm.estimate(
        phm.against(
            tallied(OP_SPEND, to=["practice", "place"]),
            register,
            measure="dm.register",
            basis="list",
        )
    )
    by_list = figures(listed, "dm.op_spend")
    of_list = by_list["value"] > figures(listed, "dm.op_spend", "place")["value"].iloc[0]
    readings = {
        "total": set(spend.index[large]),
        "per 1,000 on the register": set(spend.index[dear]),
        "both": set(spend.index[large & dear]),
        "total, and per 1,000 on the list": set(by_list.index[large & of_list]),
        "per 1,000 for certain": set(spend.index[spend["lower"] > average]),
    }
    assert readings["both"] == PLANTED.dear_practices
    assert readings["total"] == PLANTED.dear_practices | PLANTED.large_practices
    assert {name: len(found) for name, found in readings.items()} == {
        "total": 7,
        "per 1,000 on the register": 14,
        "both": 5,
        "total, and per 1,000 on the list": 6,
        "per 1,000 for certain": 4,
    }


def test_appointments_are_missed_at_twice_the_odds_in_the_most_deprived_fifth(tallied):
    table = phm.estimate(tallied(OP_DNA, to="place", by=["imd_quintile"]), by=["imd_quintile"])
    rates = table.set_index("imd_quintile")
    odds = rates[["value", "lower", "upper"]].map(lambda share: share / (1 - share))
    others = rates.drop(index="2019:1")
    missed, due = others["numerator"].sum(), others["denominator"].sum()
    other_odds = missed / (due - missed)
    assert odds.loc["2019:1", "lower"] / other_odds < PLANTED.odds_of_missing
    assert odds.loc["2019:1", "upper"] / other_odds > PLANTED.odds_of_missing
    assert odds.loc["2019:1", "lower"] / other_odds > 1


def test_adjusted_for_age_and_sex_the_odds_are_within_their_interval(records):
    pytest.importorskip("statsmodels")
    odds = phm.adjusted_odds(
        records,
        measure=OP_DNA,
        period=demo.YEAR,
        bands=demo.AGE_BANDS,
        references={"imd_quintile": "2019:3"},
    )
    poorest = only(odds, factor="imd_quintile", level="2019:1").iloc[0]
    assert poorest["lower"] < PLANTED.odds_of_missing < poorest["upper"]


def test_use_standardised_for_age_and_sex_is_told_against_the_place(tallied, geo):
    people = demo.registers_by_age()
    levels = phm.stack([people, geo.roll_up(people, to=["pcn", "place"], as_at="period_end")])
    counts = tallied(
        OP_ATTENDANCES, to=["pcn", "place"], by=["age_band", "sex"], bands=demo.AGE_BANDS
    )
    known = counts[(counts["org_code"] != "unallocated").to_numpy()].reset_index(drop=True)
    held = phm.against(
        known, levels, measure="dm.register", basis="register", by=["age_band", "sex"],
        absent="zero",
    )  # fmt: skip
    found = phm.standardise(
        only(held, org_level="pcn"),
        over=["age_band", "sex"],
        reference=only(held, org_level="place"),
        method="indirect_ratio",
    )
    assert found["value"].between(0.7, 1.3).all()
    assert (found["lower"] < found["value"]).all()
    assert set(found["reason"]) == {""}
    whole = phm.standardise(
        only(held, org_level="place"),
        over=["age_band", "sex"],
        reference=only(held, org_level="place"),
        method="indirect_ratio",
    )
    assert whole["value"].tolist() == pytest.approx([1])


def test_one_trust_books_its_clinics_under_endocrinology_and_is_named_before_any_ranking(tallied):
    wide = measures_of_outpatients(CORE_PLUS_ENDO).attendances
    split = tallied(wide, to="trust", by=["treatment_function"])
    found = booked_apart(split, own=["307", "263"], other=["302", "252"])
    assert found["message"].str.startswith("trust Y9U: ").tolist() == [True]
    shares = phm.share_of(split, among="treatment_function")
    own = only(shares, treatment_function="307").set_index("org_code")["value"]
    assert own["Y9T"] > 0.9
    assert own["Y9U"] < 0.7


def test_spend_and_visits_hang_together_and_swapped_columns_are_caught(tallied):
    counts = tallied(OP_UNIT_COST, to="place", by=["visit"])
    assert unlikely_spend(counts, cheapest=2_000, dearest=30_000).empty
    words = {"first": "follow_up", "follow_up": "first"}
    swapped = counts.assign(visit=counts["visit"].astype(str).map(words))
    assert unlikely_spend(swapped, cheapest=2_000, dearest=30_000)["rule"].tolist() == [
        "first dearer than follow-up",
        "more follow-ups than firsts",
    ]


def test_a_tenth_by_telephone_is_a_price_difference_and_no_saving(tallied):
    costs = phm.unit_costs(tallied(OP_UNIT_COST, to="place", by=["medium"]))
    found = phm.price_difference(costs, shares=[0.05, 0.10])
    assert (found["difference_pence"] // 100).tolist() == [64_618, 129_237]
    assert found["reading"].str.startswith("A price difference, not a saving").all()


def test_missed_appointments_are_priced_as_attended_ones_are_and_say_that_it_is_no_cash(tallied):
    by = ["visit", "medium"]
    costs = phm.unit_costs(tallied(OP_UNIT_COST, to="place", by=by), by=by)
    missed = tallied(OP_DNA, to=["practice", "place"], by=by)
    found = phm.cost_of_missed(missed, costs, by=by).set_index("org_code")
    place = found.loc[DUDLEY]
    practices = found.drop(index=DUDLEY)
    assert practices["priced"].sum() == place["priced"]
    assert practices["cost_pence"].sum() == pytest.approx(place["cost_pence"], abs=50)
    assert place["priced"] + place["unpriced"] == 1_325
    assert place["prices"].endswith(":national:MFF included:2022-23")
    assert "no cash" in place["reading"]


def test_pounds_of_two_price_years_are_never_one_sum(records, geo):
    older = phm.open_records(
        demo.appointments(), adapter="dudley.hes_op", options={**PRICES, "price_year": "2021-22"}
    )
    how = {"periods": demo.YEAR, "to": "place", "geo": geo, **INSIDE}
    both = phm.stack(
        [phm.tally(each, measures=OP_UNIT_COST, by=["medium"], **how) for each in (records, older)]
    )
    with pytest.raises(UnlikeError, match="years of price are never added up"):
        phm.unit_costs(both)
    spend = phm.stack(
        [phm.tally(each, measures=OP_SPEND, by=["provider"], **how) for each in (records, older)]
    )
    with pytest.raises(UnlikeError, match="2 definitions"):
        phm.flows(spend)
    assert len(spend["definition"].unique()) == 2


def test_from_sums_without_each_persons_part_no_practice_stands_out(tallied, register):
    counts = tallied(OP_ATTENDANCES, to="practice").assign(numerator_ss=float("nan"))
    found = phm.estimate(phm.against(counts, register, measure="dm.register", basis="register"))
    registered = found["denominator"].notna()
    assert found.loc[registered, "value"].notna().all()
    assert found["lower"].isna().all()
    assert set(found.loc[registered, "reason"]) == {
        "no sum of squares per person: an interval would be too narrow"
    }


def plain(table):
    """Return the rows without their source, words as plain words."""
    words = dict.fromkeys(table.select_dtypes("category").columns, object)
    return table.astype(words).drop(columns="source")


def test_the_same_table_comes_from_polars_and_from_a_file(tmp_path, tallied, geo):
    polars = pytest.importorskip("polars")
    wanted = tallied(OP_SPEND, OP_PEOPLE, to="pcn", by=["visit"])
    path = tmp_path / "appointments.csv"
    demo.appointments().to_csv(path, index=False)
    for source in (path, polars.from_pandas(demo.appointments())):
        opened = phm.open_records(source, adapter="dudley.hes_op", options=PRICES, progress=False)
        found = phm.tally(
            opened, measures=[OP_SPEND, OP_PEOPLE], periods=demo.YEAR, to="pcn", by=["visit"],
            geo=geo, **INSIDE,
        )  # fmt: skip
        pd.testing.assert_frame_equal(plain(found), plain(wanted))


@pytest.fixture(scope="module")
def mersey(geo):
    """Return attendances of three Places by trust, each from its own layout, and Places whole."""
    tables: dict[str, list[Any]] = {"split": [], "whole": []}
    for adapter, rows in demo.north_mersey_appointments().items():
        opened = phm.open_records(rows, adapter=adapter)
        for name, by in (("split", ["provider"]), ("whole", [])):
            tables[name].append(
                phm.tally(
                    opened,
                    measures=OP_ATTENDANCES,
                    periods=demo.YEAR,
                    to="place",
                    by=by,
                    geo=geo,
                    **INSIDE,
                )
            )
    return {name: phm.stack(found) for name, found in tables.items()}


def test_three_places_flow_to_two_trusts_and_rows_add_up_to_the_places(mersey):
    table = phm.flows(mersey["split"])
    assert list(table.columns) == ["REM", "RBN", "all"]
    whole = mersey["whole"].set_index("org_code")["numerator"]
    assert table["all"].drop("all").to_dict() == whole.to_dict()
    assert set(whole.index) == {"planted_knowsley", "planted_liverpool", "planted_sefton"}
    assert table.loc["all", "all"] == whole.sum()
    assert (table[["REM", "RBN"]].sum(axis=1) == table["all"]).all()


def test_the_older_code_of_a_trust_counts_under_its_successor(mersey):
    sent = demo.north_mersey_appointments()["sefton.hes_op"]
    attended = sent[(sent["ATTENDED"] == "5").to_numpy()]
    assert "RVY" in set(attended["PROCODE3"])
    table = phm.flows(mersey["split"])
    assert table.loc["planted_sefton", "RBN"] == (attended["PROCODE3"] == "RVY").sum()


@pytest.mark.long
def test_the_example_prints_the_planted_figures(capsys):
    runpy.run_path(str(Path(__file__).parents[2] / "examples" / "outpatients.py"))
    printed = capsys.readouterr().out
    for words in (
        "577,062.00 pounds",
        "1,011,345.00 pounds",
        "140.13 pounds each, 86% of visits",
        "23.01 pounds each, 14% of visits",
        "total above 86,000 pounds: 7",
        "both, on the register: 5",
        "over 22% seen, against the register: 3",
        "more first visits in person than registers explain: 2 of 6",
        "trust Y9U: books few of its clinics under 307, 263",
        "no cash",
    ):
        assert words in printed
