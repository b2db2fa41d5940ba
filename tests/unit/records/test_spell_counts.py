"""Spells are counted once each, by any code of any episode, and rare events only where allowed."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.writers.hospital_records import planted

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.disease_areas.hospital_codes import DIABETES
from phm_diabetes.disease_areas.spell_rules import (
    BED_DAYS,
    EMERGENCIES,
    HYPOGLYCAEMIAS,
    KETOACIDOSES,
    MAJOR_AMPUTATIONS,
    MAJOR_AMPUTATIONS_NARROW,
    MINOR_AMPUTATIONS,
    MINOR_AMPUTATIONS_ONLY,
    SpellRule,
)
from phm_diabetes.errors import OptionError, StatisticsError, TooFewEventsError, UnlikeError
from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC

SHOWN = {"egress": phm.Policy(name="planted"), "reason": "planted rows"}
RULES = (
    EMERGENCIES, KETOACIDOSES, HYPOGLYCAEMIAS, BED_DAYS, MAJOR_AMPUTATIONS,
    MAJOR_AMPUTATIONS_NARROW, MINOR_AMPUTATIONS, MINOR_AMPUTATIONS_ONLY,
)  # fmt: skip
AMPUTATIONS = (MAJOR_AMPUTATIONS, MINOR_AMPUTATIONS, MINOR_AMPUTATIONS_ONLY)


def loaded(*changes):
    table = planted(ENGLAND_HES_APC, *changes)
    return phm.load(table, adapter="england.hes_apc", problems="report").table


def counted(*changes, rules=RULES, **how):
    """Return what is counted of each measure; nothing where no spell is in it."""
    how = {"periods": "2023-24", "to": "trust", **SHOWN, **how}
    found = phm.spell_counts(loaded(*changes), rules=rules, **how)
    return dict(zip(found["measure"], found["numerator"], strict=True))


TWO = (
    {"person": "P1", "ended": "2023-05-04", "discharge_method": "8", "procedures": "W401",
     "procedures@24": "X095"},
    {"person": "P1", "started": "2023-05-04", "order": "2", "diagnoses": "I10X",
     "procedures": "X111"},
)  # fmt: skip


def test_two_episodes_of_one_spell_are_one_event():
    both = ({**TWO[0], "procedures@24": "X095"}, {**TWO[1], "procedures": "X094"})
    assert counted(*both, rules=MAJOR_AMPUTATIONS) == {"dm.foot.major_amputations": 1}


def test_a_spell_with_both_counts_once_in_each_class_and_in_the_highest_level_only():
    assert counted(*TWO, rules=AMPUTATIONS) == {
        "dm.foot.major_amputations": 1,
        "dm.foot.minor_amputations": 1,
    }
    minor = {"procedures": "X111", "procedures@2": "X112"}
    assert counted(minor, rules=AMPUTATIONS) == {
        "dm.foot.minor_amputations": 1,
        "dm.foot.minor_amputations_only": 1,
    }


def test_any_slot_of_any_episode_and_any_position_of_a_diagnosis_count():
    late = {"procedures": "W401", "procedures@24": "X093"}
    last = {"diagnoses": "I739", "diagnoses@20": "E145"}
    assert counted({**late, **last}, rules=MAJOR_AMPUTATIONS) == {"dm.foot.major_amputations": 1}


@pytest.mark.parametrize(
    ("code", "broad", "narrow"),
    [("X091", 1, 0), ("X092", 1, 0), ("X095", 1, 1), ("X099", 1, 0), ("X121", 0, 0)],
)
def test_the_named_variants_of_a_major_amputation(code, broad, narrow):
    found = counted({"procedures": code}, rules=(MAJOR_AMPUTATIONS, MAJOR_AMPUTATIONS_NARROW))
    assert found.get("dm.foot.major_amputations", 0) == broad
    assert found.get("dm.foot.major_amputations_narrow", 0) == narrow


def test_without_the_condition_nothing_counts():
    assert counted({"diagnoses": "I739"}) == {}
    assert counted({"diagnoses": "O244"}) == {}


def test_emergencies_by_what_was_recorded_and_by_how_they_began():
    assert counted({"diagnoses": "E101", "procedures": ""}) == {
        "dm.adm_dka": 1,
        "dm.adm_emergency": 1,
        "dm.bed_days": 7,
    }
    sugar = {"diagnoses": "E119", "diagnoses@3": "E162", "procedures": ""}
    assert counted(sugar)["dm.adm_hypoglycaemia"] == 1
    assert counted({"diagnoses": "E162", "procedures": ""}) == {}
    assert counted({"admission": "11", "procedures": ""}) == {}
    assert counted({"admission": "2B", "procedures": ""})["dm.adm_emergency"] == 1


def test_children_and_unknown_ages_are_not_among_adults():
    assert counted({"age": "16"}) == {}
    assert counted({"age": "17"})["dm.adm_emergency"] == 1
    assert counted({"age": None}, {"age": "16", "person": "P2"}) == {}


def test_an_admission_counts_by_its_first_day_and_bed_days_and_amputations_by_the_last():
    stay = {"admitted": "2023-03-30", "started": "2023-03-30", "ended": "2023-04-02"}
    assert counted(stay) == {
        "dm.bed_days": 3,
        "dm.foot.major_amputations": 1,
        "dm.foot.major_amputations_narrow": 1,
    }
    assert counted(stay, periods="2022-23") == {"dm.adm_emergency": 1}


def test_a_stay_that_is_not_over_has_no_bed_days_yet():
    assert counted({"discharge_method": "8", "procedures": ""}) == {"dm.adm_emergency": 1}


def test_squares_are_of_each_persons_spells():
    later = {"person": "P1", "admitted": "2023-09-02", "started": "2023-09-02",
             "ended": "2023-09-05"}  # fmt: skip
    found = phm.spell_counts(
        loaded({"person": "P1"}, later, {"person": "P2"}),
        rules=[EMERGENCIES, BED_DAYS],
        periods="2023-24",
        to="trust",
        **SHOWN,
    ).set_index("measure")
    assert found.loc["dm.adm_emergency", ["numerator", "numerator_ss"]].tolist() == [3, 5]
    assert found.loc["dm.bed_days", ["numerator", "numerator_ss"]].tolist() == [17, 10**2 + 7**2]


def test_ethnic_groups_and_ages_are_those_of_the_denominators():
    rows = loaded({"ethnicity": "J", "age": "39"}, {"ethnicity": "Z", "age": "40"})
    found = phm.spell_counts(
        rows, rules=EMERGENCIES, periods="2023-24", to="trust", by=["ethnicity", "age_band"],
        bands=["17-39", "40-64"], **SHOWN,
    )  # fmt: skip
    assert list(zip(found["ethnicity"], found["age_band"], strict=True)) == [
        ("asian", "17-39"),
        ("unknown", "40-64"),
    ]


def test_bands_are_written_as_the_national_audit_writes_them():
    found = phm.spell_counts(
        loaded({"age": "39"}, {"age": "40"}), rules=EMERGENCIES, periods="2023-24", to="trust",
        by=["age_band"], bands=["<40", "40-64", "65-79", "80+"], **SHOWN,
    )  # fmt: skip
    assert found["age_band"].tolist() == ["40-64", "<40"]
    with pytest.raises(OptionError, match="no age band"):
        phm.spell_counts(loaded({}), rules=EMERGENCIES, periods="2023-24", to="trust",
                         by=["age_band"], bands=["<0"])  # fmt: skip


def test_a_rate_per_1_000_is_the_one_worked_by_hand():
    stay = {"person": "P9", "procedures": ""}
    first = {**stay, "ended": "2023-05-04", "discharge_method": "8"}
    second = {**stay, "started": "2023-05-04", "order": "2"}
    counts = phm.spell_counts(
        loaded(first, second, {"procedures": ""}), rules=EMERGENCIES, periods="2023-24",
        to="trust", **SHOWN,
    )  # fmt: skip
    register = phm.counts_from([{
        "dataset": "planted", "measure": "dm.register", "definition": "d", "org_level": "trust",
        "org_code": "RNA", "period_start": "2023-04-01", "period_end": "2024-03-31",
        "numerator": 400,
    }])  # fmt: skip
    rate = phm.estimate(
        phm.against(counts, register, measure="dm.register", basis="register")
    ).iloc[0]
    assert rate["numerator"] == 2  # spells, of three episodes
    assert rate["value"] == 2 / 400 * 1000


def test_few_spells_are_hidden_unless_a_reason_is_given():
    found = phm.spell_counts(loaded({}), rules=EMERGENCIES, periods="2023-24", to="practice")
    assert pd.isna(found["numerator"].iloc[0])
    assert pd.isna(found["numerator_high"].iloc[0])  # few people can have many spells
    with pytest.raises(OptionError, match="Say why"):
        phm.spell_counts(loaded({}), rules=EMERGENCIES, periods="2023-24", to="practice",
                         egress=phm.Policy(name="shown"))  # fmt: skip


@pytest.mark.parametrize(("spells", "shown"), [(8, None), (9, None), (10, 10), (13, 15)])
def test_fewer_than_10_amputations_are_hidden_before_rounding_could_make_10_of_them(spells, shown):
    table = loaded(*({"person": f"P{number}"} for number in range(spells)))
    found = phm.spell_counts(table, rules=[MAJOR_AMPUTATIONS, EMERGENCIES], periods="2023-24",
                             to="trust").set_index("measure")  # fmt: skip
    amputations = found.loc["dm.foot.major_amputations"]
    assert amputations[["numerator"]].dropna().tolist() == ([] if shown is None else [shown])
    assert amputations["numerator_low"] == (1 if shown is None else {10: 10, 15: 13}[shown])
    assert found.loc["dm.adm_emergency", "numerator"] == {8: 10, 9: 10, 10: 10, 13: 15}[spells]
    inside = phm.spell_counts(table, rules=MAJOR_AMPUTATIONS, periods="2023-24", to="trust",
                              **SHOWN)  # fmt: skip
    assert inside["numerator"].tolist() == [spells]  # and estimate withholds what is under 10


def test_what_cannot_be_counted_is_refused():
    table = loaded({})
    with pytest.raises(TooFewEventsError, match="too rare to be counted by practice"):
        phm.spell_counts(table, rules=AMPUTATIONS, periods="2023-24", to=["pcn", "practice"])
    with pytest.raises(OptionError, match="names none"):
        phm.spell_counts(table, rules=[], periods="2023-24")
    with pytest.raises(OptionError, match="'ward'"):
        phm.spell_counts(table, rules=EMERGENCIES, periods="2023-24", to="trust", by=["ward"])
    records = phm.open_records(demo.appointments(), adapter="dudley.hes_op")
    with pytest.raises(OptionError, match="spells are of episodes"):
        phm.spell_counts(records, rules=EMERGENCIES, periods="2023-24", to="trust")


@pytest.mark.parametrize("absent", ["person", "age"])
def test_episodes_of_nobody_or_of_no_age_are_refused_and_not_counted_as_none(absent):
    table = planted(ENGLAND_HES_APC, {}, {}, without=(absent,))
    for source in (
        phm.load(table, adapter="england.hes_apc").table,
        phm.open_records(table, adapter="england.hes_apc"),
    ):
        with pytest.raises(OptionError, match=f"No episode has '{absent}'"):
            phm.spell_counts(source, rules=EMERGENCIES, periods="2023-24", to="trust")


def test_every_episode_that_is_in_no_spell_or_in_some_counts_only_is_told_by_reason():
    table = loaded(
        {},
        {"status": "1"},
        {"person": None},
        {"provider": None},
        {"ended": "2023-05-01", "started": "2023-05-02"},
        {"admitted": None, "order": "2"},
        {"discharge_method": "8"},
        {"age": None},
    )
    found = phm.left_out_of_spells(table).set_index("reason")["episodes"].to_dict()
    assert found == {
        "in no spell: not finished": 1,
        "in no spell: no person": 1,
        "in no spell: no trust": 1,
        "in no spell: ends before it starts": 1,
        "in no spell: a day is missing": 1,
        "in a stay that is not over": 1,
        "in a stay at an unknown age": 1,
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.measure)
def test_every_rule_is_a_definition_of_its_card(rule):
    card = AREA[rule.measure]
    (definition,) = (each for each in card.definitions if each.id == rule.definition)
    lists = (*rule.diagnoses, *rule.procedures, *rule.without)
    assert all(each.listed in definition.words for each in lists)
    assert card.age_range == (rule.youngest, None)
    assert ("emergency" in definition.words) == rule.emergency
    ended = "that end in the period" in definition.words or "on which it ended" in definition.words
    assert ended == (rule.day == "ended")


def test_a_rule_of_ones_own_is_counted_too():
    rule = SpellRule(measure="dm.stays", definition="local:1", diagnoses=(DIABETES,), youngest=None)
    assert counted({"admission": "11", "age": "8"}, rules=rule) == {"dm.stays": 1}


# Planted three years


@pytest.fixture(scope="module")
def records():
    return phm.open_records(
        demo.episodes(), adapter="england.hes_apc", options={"imd_vintage": "2019"}
    )


@pytest.fixture(scope="module")
def geo():
    return demo.england_geography()


def rates(records, geo, *by, to="icb", rules=MAJOR_AMPUTATIONS, bands=(), **how):
    """Return counts held against the people of three years."""
    counts = phm.spell_counts(
        records, rules=rules, periods=demo.EPISODE_YEARS, to=to, by=by, geo=geo, bands=bands, **how
    )
    people = phm.pool_years(demo.people_at_risk(*by), demo.EPISODE_YEARS)
    return phm.against(counts, people, measure="dm.register", basis="register", by=by)


def test_what_was_planted_is_counted_exactly(records):
    found = phm.spell_counts(
        records, rules=RULES, periods=demo.EPISODE_YEARS, to="trust", **SHOWN
    ).set_index("measure")["numerator"]
    truth = demo.episodes_truth()
    assert found["dm.foot.major_amputations"] == truth.major
    assert found["dm.foot.minor_amputations"] == truth.minor
    assert found["dm.foot.minor_amputations_only"] == truth.minor - truth.both
    assert found["dm.adm_emergency"] == truth.emergencies
    assert found["dm.adm_dka"] == truth.ketoacidosis
    assert found["dm.adm_hypoglycaemia"] == truth.hypoglycaemia
    assert found["dm.bed_days"] == 3 * truth.emergencies
    assert phm.left_out_of_spells(records)["episodes"].tolist() == [10]


def test_the_planted_gradient_of_2_is_within_the_interval_in_every_icb(records, geo):
    found = phm.inequality(
        rates(records, geo, "imd_quintile"), method="gap_ratio", basis="people",
        quantiles="national",
    )  # fmt: skip
    gaps = found[found["figure"] == "gap_ratio"]
    assert len(gaps) == 3
    assert ((gaps["lower"] < 2) & (gaps["upper"] > 2)).all()


def test_the_crude_rate_is_of_three_years_of_people_with_an_interval_by_person(records, geo):
    found = phm.estimate(rates(records, geo, **SHOWN))
    assert found["numerator"].sum() == demo.episodes_truth().major
    assert found["denominator"].sum() == 3 * demo.episodes_truth().people
    value = found["numerator"] / found["denominator"] * 10_000
    assert found["value"].tolist() == pytest.approx(value.astype(float).tolist())
    assert ((found["lower"] < found["value"]) & (found["value"] < found["upper"])).all()
    assert set(found["method"]) == {"compound Poisson"}


def test_an_indirect_ratio_is_held_against_england_in_the_denominators_own_bands(records, geo):
    bands = ("17-39", "40-64", "65-79", "80+")
    counts = rates(records, geo, "age_band", to=["icb", "england"], bands=bands, **SHOWN)
    england = counts[counts["org_level"] == "england"]
    icbs = counts[counts["org_level"] == "icb"]
    found = phm.standardise(icbs, reference=england, method="indirect_ratio")
    expected = (found["numerator"] / found["value"]).sum()
    assert expected == pytest.approx(demo.episodes_truth().major)
    assert set(found["method"]) == {"compound Poisson, of observed to expected"}


def test_a_whole_population_is_no_standard_unless_ohid_is_replicated_and_then_it_says_so(
    records, geo
):
    counts = rates(records, geo, "age_band", bands=("17-39", "40-64", "65-79", "80+"))
    standard = phm.ReferencePopulation(
        name="ESP in these bands", bands=("17-39", "40-64", "65-79", "80+"),
        people=(24_500.0, 33_500.0, 14_500.0, 5_000.0), source="ESP 2013, summed",
    )  # fmt: skip
    with pytest.raises(StatisticsError, match="all have the condition"):
        phm.standardise(counts, reference=standard)
    found = phm.standardise(counts, reference=standard, allow_general="to replicate OHID")
    assert found["definition"].str.endswith("a whole population: to replicate OHID").all()
    with pytest.raises(OptionError, match="blank"):
        phm.standardise(counts, reference=standard, allow_general=" ")


FIFTHS = {
    "most deprived fifth": ["2019:1"],
    "second and third": ["2019:2", "2019:3"],
    "least deprived": ["2019:4", "2019:5"],
}


def test_at_a_place_five_fifths_are_refused_and_three_groups_are_given(records, geo):
    counts = rates(records, geo, "imd_quintile", to="place")
    counts = counts[counts["org_code"] == "planted_dudley"]
    fifths = phm.estimate(counts, by=["imd_quintile"])
    assert fifths["value"].isna().all()
    assert "too rare for more than 3 groups below an ICB: merge them first" in set(fifths["reason"])
    merged = phm.merge_levels(counts, over="imd_quintile", groups=FIFTHS)
    whole = phm.estimate(merged, by=["imd_quintile"])
    assert whole["value"].notna().all()
    gap = phm.inequality(
        merged, method="gap_ratio", basis="people",
        between=("most deprived fifth", "least deprived"),
    )  # fmt: skip
    row = gap[gap["figure"] == "gap_ratio"].iloc[0]
    assert row["lower"] < 2 / 1.125 < row["upper"]


ROW = {
    "dataset": "HES", "measure": "dm.foot.major_amputations", "definition": "hes:major_broad:1",
    "org_level": "place", "org_code": "planted_dudley", "period_start": "2020-04-01",
    "period_end": "2023-03-31", "denominator": 10_000,
}  # fmt: skip


def figures(*rows, by=()):
    changed = [{**ROW, "numerator_ss": row["numerator"], **row} for row in rows]
    return phm.estimate(phm.counts_from(changed), by=by)


def test_nine_events_have_no_figure_and_ten_have():
    found = figures({"numerator": 9}, {"numerator": 10, "org_code": "planted_sefton"})
    assert found["reason"].tolist() == ["fewer than 10 events", ""]
    assert found[["value", "lower", "upper", "value_low"]].isna().all(axis=1).tolist() == [
        True, False,
    ]  # fmt: skip


def test_a_practice_has_no_figure_however_many_events():
    found = figures({"numerator": 40, "org_level": "practice", "org_code": "Y99001"}).iloc[0]
    assert pd.isna(found["value"])
    assert found["reason"] == "too rare for a figure of a practice"


def test_one_thin_group_of_a_place_takes_the_others_with_it_and_unknown_stands_alone():
    groups = [("a", 30), ("b", 9), ("c", 20), ("unknown", 12)]
    rows = [{"deprivation": name, "numerator": n} for name, n in groups]
    found = figures(*rows, by=["deprivation"]).set_index("deprivation")["reason"]
    assert found.to_dict() == {
        "a": "a group has fewer than 10 events",
        "b": "fewer than 10 events",
        "c": "a group has fewer than 10 events",
        "unknown": "",
    }
    icb = [{**row, "org_level": "icb", "org_code": "QZ1"} for row in rows]
    assert (figures(*icb, by=["deprivation"])["reason"] == "").sum() == 3


def test_a_hidden_count_of_rare_events_has_no_range_either():
    hidden = {"numerator": None, "numerator_low": 1, "numerator_high": 7, "numerator_ss": None}
    found = figures(hidden).iloc[0]
    assert found["reason"] == "fewer than 10 events"
    assert pd.isna(found["value_high"])


def test_a_comparison_of_what_has_no_figure_has_no_verdict():
    few = {**ROW, "numerator": 3, "numerator_ss": 3, "denominator": 30_000}
    some = {**few, "org_code": "planted_sefton", "numerator": 12, "numerator_ss": 12}
    england = {**ROW, "org_level": "england", "org_code": "England", "numerator": 900,
               "numerator_ss": 900, "denominator": 1_000_000}  # fmt: skip
    found = phm.compare(phm.estimate(phm.counts_from([few, some, england])), to="england")
    verdicts = found.set_index("org_code")["verdict"]
    assert verdicts["planted_dudley"] == "not compared"
    assert verdicts["planted_sefton"] == "better"


def test_years_are_pooled_only_where_each_is_there_once():
    people = demo.people_at_risk()
    england = people[people["org_level"] == "england"]
    pooled = phm.pool_years(england, demo.EPISODE_YEARS)
    assert pooled["numerator"].tolist() == [360_000]
    with pytest.raises(UnlikeError, match="1 of 1 figures"):
        phm.pool_years(england.iloc[:2], demo.EPISODE_YEARS)


def test_levels_are_merged_only_where_each_has_one_group():
    table = demo.people_at_risk("imd_quintile")
    for groups, words in (
        ({"first": ["2019:1"]}, "is in no group"),
        ({**FIFTHS, "again": ["2019:1"]}, "is in two groups"),
        ({**FIFTHS, "more": ["2019:6"]}, "is no level"),
    ):
        with pytest.raises(OptionError, match=words):
            phm.merge_levels(table, over="imd_quintile", groups=groups)
    with pytest.raises(OptionError, match="not a dimension"):
        phm.merge_levels(table, over="imd", groups=FIFTHS)
