"""Against: activity of one source for each person of another, and whom it refuses to mix."""

from __future__ import annotations

import pandas as pd
import pytest
from attrs import evolve

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.errors import (
    DoubleCountError,
    MeasureNotFoundError,
    OptionError,
    UnlikeError,
)
from phm_diabetes.outliers import BelowBenchmark, Funnel, RobustZ, Spread, TukeyFence, WorstDecile
from phm_diabetes.outliers.rules import threshold

YEAR = {"dataset": "local", "period_start": "2022-04-01", "period_end": "2023-03-31"}
REGISTER = {**YEAR, "measure": "dm.register", "definition": "qof:DM:17OV"}
SEEN = {**YEAR, "measure": "dm.op_people", "definition": "hes:people{5,6}:core:1"}
ATTENDED = {**YEAR, "measure": "dm.op_attendances", "definition": "hes:ATTENDED{5,6}:core:1"}


def at(code, **more):
    return {"org_level": "practice", "org_code": code, **more}


@pytest.fixture
def register():
    return phm.counts_from(
        [
            {**REGISTER, **at("Y99001"), "numerator": 200, "denominator": 3000},
            {**REGISTER, **at("Y99002"), "numerator": 100, "denominator": 2000},
            {**REGISTER, **at("Y99003"), "numerator": 50, "denominator": 1000},
        ]
    )


def seen(*rows):
    return phm.counts_from([{**SEEN, **row} for row in rows])


def held(counts, people, **more):
    return phm.against(counts, people, **{"measure": "dm.register", "basis": "register", **more})


def test_people_seen_are_held_against_the_people_on_the_register(register):
    table = held(seen(at("Y99001", numerator=30), at("Y99002", numerator=9)), register)
    assert table["denominator"].tolist() == [200, 100]
    assert phm.estimate(table)["value"].tolist() == [0.15, 0.09]


def test_the_list_is_another_basis_and_the_definition_says_which(register):
    counts = seen(at("Y99001", numerator=30))
    listed = held(counts, register, basis="list")
    assert listed["denominator"].tolist() == [3000]
    assert "for people on the list (qof:DM:17OV)" in listed["definition"].iloc[0]
    assert "for people on the register" in held(counts, register)["definition"].iloc[0]


def test_two_bases_are_never_compared_by_accident(register):
    counts = seen(at("Y99001", numerator=30))
    both = {held(counts, register, basis=each)["definition"].iloc[0] for each in ("list", "needs")}
    assert len(both) == 2


def test_people_weighted_by_need_are_a_basis_of_their_own():
    weighted = evolve(AREA["dm.register"], id="dm.need", definitions=())
    need = phm.counts_from(
        [{**YEAR, **at("Y99001"), "measure": "dm.need", "definition": "local:need:2022",
          "numerator": 250, "denominator": 3000}]
    )  # fmt: skip
    counts = seen(at("Y99001", numerator=30))
    cards = [weighted, AREA["dm.op_people"]]
    table = held(counts, need, measure="dm.need", basis="needs", measures=cards)
    assert table["denominator"].tolist() == [250]
    assert table["definition"].iloc[0].endswith("; for people weighted by need (local:need:2022)")


def test_more_people_seen_than_registered_is_a_ratio_above_one_with_a_rate_interval(register):
    found = phm.estimate(held(seen(at("Y99003", numerator=60)), register)).iloc[0]
    assert found["value"] == 1.2
    assert found["upper"] > 1.2
    assert found["method"] == "OHID Poisson"


def test_attendances_without_each_persons_count_have_a_figure_and_no_interval(register):
    counts = phm.counts_from([{**ATTENDED, **at("Y99001"), "numerator": 400}])
    found = phm.estimate(held(counts, register)).iloc[0]
    assert found["value"] == 2000
    assert pd.isna(found["lower"])
    assert found["reason"] == "no sum of squares per person: an interval would be too narrow"


def _many(**more):
    rows = [
        {**ATTENDED, **at(f"Y99{place:03}"), "numerator": 9 + 90 * (place == 30), **more}
        for place in range(1, 31)
    ]
    people = [{**REGISTER, **at(f"Y99{place:03}"), "numerator": 100} for place in range(1, 31)]
    return phm.estimate(held(phm.counts_from(rows), phm.counts_from(people)))


@pytest.mark.parametrize(
    "detector",
    [
        Funnel(overdispersion="none"),
        Funnel(overdispersion="SHMI"),
        Spread(geo=demo.england_geography(), within="pcn"),
        RobustZ(),
        TukeyFence(),
        WorstDecile(),
    ],
    ids=str,
)
def test_aggregates_of_repeat_events_give_no_flag(detector):
    assert not detector(_many())["flagged"].fillna(value=False).any()


def test_the_same_attendances_with_each_persons_count_are_flagged():
    flags = Funnel(overdispersion="none")(_many(numerator_ss=30.0))
    assert flags.loc[flags["flagged"].fillna(value=False), "org_code"].tolist() == ["Y99030"]


@pytest.fixture(scope="module")
def compared():
    england = {"org_level": "england", "org_code": "E"}
    rest = phm.counts_from([{**ATTENDED, **england, "numerator": 900}])
    people = phm.counts_from([{**REGISTER, **england, "numerator": 9000}])
    return phm.compare(phm.stack([_many(), phm.estimate(held(rest, people))]), to="england")


def test_aggregates_of_repeat_events_get_no_verdict(compared):
    assert set(compared["verdict"]) == {"not compared"}


@pytest.mark.parametrize("by", ["point", "interval"])
def test_aggregates_of_repeat_events_are_above_no_comparator(compared, by):
    flags = BelowBenchmark(by=by, side="above")(compared)
    assert not flags["flagged"].fillna(value=False).any()


def test_aggregates_of_repeat_events_pass_no_gate(compared):
    assert not threshold("point", "above").passed(compared).any()


def test_a_hidden_count_stays_a_range(register):
    counts = seen(at("Y99002", numerator=None, numerator_low=1, numerator_high=7))
    found = phm.estimate(held(counts, register)).iloc[0]
    assert pd.isna(found["value"])
    assert (found["value_low"], found["value_high"]) == (0.01, 0.07)


def test_an_organisation_without_people_has_no_denominator(register):
    table = held(seen(at("Y99001", numerator=30), at("unregistered", numerator=4)), register)
    assert table.loc[table["org_code"] == "unregistered", "denominator"].isna().all()


def test_remainders_of_two_sources_are_not_the_same_organisations():
    people = phm.counts_from(
        [
            {**REGISTER, "org_level": "pcn", "org_code": code, "numerator": 100}
            for code in ("U99901", "unallocated")
        ]
    )
    rows = [{"org_level": "pcn", "org_code": code} for code in ("U99901", "unallocated")]
    table = held(seen(*({**row, "numerator": 9} for row in rows)), people)
    assert table["denominator"].isna().tolist() == [False, True]


def test_who_has_no_record_is_left_out_or_counted_as_nothing_when_asked(register):
    counts = seen(at("Y99001", numerator=30))
    assert len(held(counts, register)) == 1
    table = held(counts, register, absent="zero").sort_values("org_code")
    assert table["numerator"].tolist() == [30, 0, 0]
    assert table["denominator"].tolist() == [200, 100, 50]


def test_ages_are_matched_band_by_band():
    people = phm.counts_from(
        [
            {**REGISTER, **at("Y99001"), "age_band": band, "numerator": number}
            for band, number in (("17-39", 40), ("40+", 160))
        ]
    )
    counts = seen(
        at("Y99001", age_band="40+", numerator=30), at("Y99001", age_band="17-39", numerator=2)
    )
    table = held(counts, people, by=["age_band"]).sort_values("age_band")
    assert table["denominator"].tolist() == [40, 160]


def test_activity_split_by_what_people_are_not_is_refused(register):
    counts = seen(
        at("Y99001", visit="first", numerator=30), at("Y99001", visit="follow_up", numerator=60)
    )
    with pytest.raises(DoubleCountError, match="split by visit"):
        held(counts, register, by=["visit"])


def test_one_level_chosen_beforehand_is_kept(register):
    counts = seen(at("Y99001", visit="first", numerator=30))
    assert held(counts, register)["visit"].tolist() == ["first"]


def test_other_ages_are_refused_unless_a_reason_says_why():
    people = phm.counts_from(
        [{**YEAR, **at("Y99001"), "measure": "ndh.register", "definition": "qof:NDH:18OV",
          "numerator": 90}]
    )  # fmt: skip
    counts = seen(at("Y99001", numerator=30))
    with pytest.raises(UnlikeError, match=r"aged 17 and over.*aged 18 and over"):
        held(counts, people, measure="ndh.register")
    table = held(counts, people, measure="ndh.register", allow_mixed="nobody is 17 here")
    assert table["definition"].iloc[0].endswith("; ages differ: nobody is 17 here")


def test_people_of_another_period_are_refused(register):
    before = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    with pytest.raises(UnlikeError, match="2021-04-01 to 2022-03-31"):
        held(seen(at("Y99001", numerator=3, **before)), register)


def test_people_of_another_level_are_refused(register):
    with pytest.raises(UnlikeError, match="pcn level"):
        held(seen({"org_level": "pcn", "org_code": "U99901", "numerator": 3}), register)


def test_people_of_other_organisations_are_refused(register):
    with pytest.raises(UnlikeError, match="No organisation"):
        held(seen(at("Y99301", numerator=3)), register)


def test_members_of_two_days_are_refused():
    rows = {"org_level": "pcn", "org_code": "U99901", "basis": "rolled_up"}
    counts = seen({**rows, "numerator": 9, "as_at": "2023-03-31"})
    people = phm.counts_from([{**REGISTER, **rows, "numerator": 100, "as_at": "2024-03-31"}])
    with pytest.raises(UnlikeError, match="members of one day"):
        held(counts, people)


def test_a_measure_with_a_denominator_of_its_own_is_refused(register):
    counts = phm.counts_from([{**YEAR, **at("Y99001"), "measure": "dm.op_dna", "numerator": 9,
                               "definition": "d", "denominator": 90}])  # fmt: skip
    with pytest.raises(OptionError, match="denominator of its own"):
        held(counts, register, allow_mixed="of any age")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"basis": "registers"}, "Did you mean 'register'"),
        ({"absent": "none"}, "takes 'leave_out' or 'zero'"),
        ({"allow_mixed": " "}, "it is blank"),
    ],
)
def test_a_word_that_is_not_known_is_refused(register, given, words):
    with pytest.raises(OptionError, match=words):
        held(seen(at("Y99001", numerator=3)), register, **given)


def test_a_measure_that_people_do_not_have_is_refused(register):
    with pytest.raises(MeasureNotFoundError, match=r"Did you mean 'dm.register'"):
        held(seen(at("Y99001", numerator=3)), register, measure="dm.registers")


def test_people_on_lists_are_refused_in_one_line_with_what_to_load_instead():
    lists = pd.DataFrame(
        {"basis": "registered", "org_level": "practice", "org_code": ["Y99001"], "area_level": "",
         "area_code": "", "age_band": "all", "sex": "all", "people": [5903],
         "counted_on": pd.Timestamp("2023-01-01"), "source": "a", "source_row": 2}
    )  # fmt: skip
    counts = phm.counts_from([{**ATTENDED, **at("Y99001"), "numerator": 9}])
    with pytest.raises(OptionError, match=r"people on lists.*basis='list'"):
        phm.against(counts, lists, measure="dm.register", basis="list")


def test_people_under_two_definitions_are_refused(register):
    other = phm.counts_from([{**REGISTER, **at("Y99002"), "definition": "local", "numerator": 9}])
    with pytest.raises(UnlikeError, match="mixes definitions"):
        held(seen(at("Y99001", numerator=3)), phm.stack([register, other]))
