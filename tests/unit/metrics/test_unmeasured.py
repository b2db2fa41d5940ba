"""Targets among the measured only, and among everyone registered: told apart, and both had."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import phm_diabetes as phm
from phm_diabetes.errors import (
    DefinitionMismatchError,
    DoubleCountError,
    OptionError,
    UnlikeError,
)
from phm_diabetes.plugins import measure_cards

ROW = {
    "dataset": "local",
    "org_level": "practice",
    "org_code": "Y99001",
    "period_start": "2022-04-01",
    "period_end": "2023-03-31",
}
TESTED = {"measure": "copd.tested", "definition": "local:tested"}
TARGET = {"measure": "copd.target", "definition": "local:target"}
_CARD = phm.Measure(
    id="copd.tested",
    name="Breathlessness measured",
    numerator="People with COPD whose breathlessness was measured",
    denominator="People with COPD",
    kind="proportion",
    unit="people",
    polarity="higher",
    source="planted",
    why="It steers treatment.",
    reviewed=date(2026, 11, 28),
)
COPD = phm.DiseaseArea(
    id="copd",
    name="COPD",
    description="Planted.",
    measures=(_CARD, evolve(_CARD, id="copd.target", registered_in="copd.tested")),
)


def practice(achieved, measured, registered, code="Y99001", **more):
    """Return the rows of a practice; a range stands as (value, low, high)."""

    def part(name, count):
        if not isinstance(count, tuple):
            return {name: count}
        return dict(zip((name, f"{name}_low", f"{name}_high"), count, strict=True))

    row = {**ROW, "org_code": code, **more}
    return [
        {**row, **TESTED, **part("numerator", measured), **part("denominator", registered)},
        {**row, **TARGET, **part("numerator", achieved), **part("denominator", measured)},
    ]


def everyone(*rows, **asked):
    return phm.registered_counts(phm.counts_from(list(rows)), measures=COPD, **asked)


def test_80_percent_of_the_half_who_were_measured_is_40_to_90_percent_of_everyone():
    counts = phm.counts_from(practice(40, 50, 100))
    measured = phm.estimate(counts, measures=COPD).set_index("measure").loc["copd.target"]
    all_of = phm.estimate(phm.registered_counts(counts, measures=COPD), measures=COPD).iloc[0]
    assert measured["value"] == 0.8
    assert (all_of["value_low"], all_of["value_high"]) == (0.4, 0.9)
    assert pd.isna(all_of["value"])
    assert all_of["reason"] == "count is hidden: see value_low and value_high"


def test_the_diabetes_cards_say_in_which_care_process_everyone_is_counted():
    cards = measure_cards()
    whose = {name: card.registered_in for name, card in cards.items() if card.registered_in}
    assert whose["dm.tt.hba1c_58"] == "dm.cp.hba1c"
    assert whose["dm.tt.bp_140_90"] == "dm.cp.bp"
    assert whose["dm.tt.cholesterol_5"] == "dm.cp.cholesterol"
    assert whose["dm.tt3"] == "dm.cp8"
    assert not [name for name in whose if "statin" in name]
    for target, process in whose.items():
        assert cards[target].age_range == cards[process].age_range
        ids = {each.id for each in cards[target].definitions}
        assert {f"{each}+registered" for each in ids if not each.endswith("+registered")} <= ids


def test_where_everyone_was_measured_the_two_are_one_number():
    found = everyone(*practice(40, 100, 100)).iloc[0]
    assert (found["numerator"], found["denominator"]) == (40, 100)
    assert found["numerator_variance"] == 0


def test_rounding_of_all_three_counts_is_carried():
    found = everyone(*practice((40, 38, 42), (50, 48, 52), (100, 98, 102))).iloc[0]
    assert (found["numerator_low"], found["numerator_high"]) == (38, 102 - (48 - 42))
    assert (found["denominator_low"], found["denominator_high"]) == (98, 102)
    assert found["denominator"] == 100


def test_never_more_than_everyone_registered_reach_it():
    found = everyone(*practice((10, 8, 12), (10, 8, 12), (20, 18, 22))).iloc[0]
    assert (found["numerator_low"], found["numerator_high"]) == (8, 22)


def test_a_hidden_count_of_achievement_leaves_everyone_possible():
    found = everyone(*practice((None, 1, 7), 50, 100)).iloc[0]
    assert (found["numerator_low"], found["numerator_high"]) == (1, 57)


def test_nothing_says_how_likely_those_without_a_reading_are():
    assert everyone(*practice(40, 50, 100))["numerator_variance"].isna().all()


def test_a_practice_without_a_row_of_everyone_registered_is_missing_and_stays():
    _, alone = practice(30, 45, 60, code="Y99002")
    found = everyone(*practice(40, 50, 100), alone).set_index("org_code").loc["Y99002"]
    assert found[["denominator", "denominator_high", "numerator", "numerator_high"]].isna().all()
    assert (found["numerator_low"], found["denominator_low"]) == (30, 45)


def test_the_two_are_never_compared_by_accident():
    practices = phm.counts_from(practice(40, 50, 100))
    england = practice(400, 500, 1000, code="E92000001", org_level="england")
    both = phm.stack([practices, everyone(*england)])
    with pytest.raises(DefinitionMismatchError, match=r"local:target\+registered"):
        phm.compare(phm.estimate(both, measures=COPD), to="england", measures=COPD)


def test_bounds_are_never_ranked_against_england():
    england = practice(400, 500, 1000, code="E92000001", org_level="england")
    found = everyone(*practice(40, 50, 100), *england)
    compared = phm.compare(phm.estimate(found, measures=COPD), to="england", measures=COPD)
    assert set(compared["verdict"]) == {"not compared"}
    assert set(compared["rounding"]) == {"cannot tell"}


def test_everyone_is_never_put_in_twice():
    rows = practice(40, 50, 100)
    twice = phm.stack([phm.counts_from(rows), everyone(*rows)])
    with pytest.raises(UnlikeError, match="already"):
        phm.registered_counts(twice, measures=COPD)


def test_more_measured_than_registered_are_not_the_same_people():
    with pytest.raises(UnlikeError, match="Y99002"):
        everyone(*practice(40, 50, 100), *practice(40, 50, 45, code="Y99002"))


def test_a_measure_that_counts_everyone_has_no_such_bounds():
    with pytest.raises(OptionError, match="registered="):
        everyone(practice(40, 50, 100)[0])


def test_another_measure_of_everyone_can_be_named_and_a_wrong_name_is_helped():
    rows = [
        {**row, "measure": row["measure"].replace("target", "goal")} for row in practice(4, 5, 9)
    ]
    goal = phm.DiseaseArea(
        id="goal", name="Goal", description="G.", measures=(_CARD, evolve(_CARD, id="copd.goal"))
    )
    counts = phm.counts_from(rows)
    found = phm.registered_counts(counts, measures=goal, registered={"copd.goal": "copd.tested"})
    assert found["denominator"].tolist() == [9]
    with pytest.raises(OptionError, match=r"Did you mean 'copd\.goal'"):
        phm.registered_counts(counts, measures=goal, registered={"copd.goals": "copd.tested"})


def test_nobody_saying_how_many_are_registered_is_an_error_that_names_the_measure():
    with pytest.raises(OptionError, match=r"copd\.target \(in copd\.tested\)"):
        everyone(practice(40, 50, 100)[1])


def test_two_definitions_of_everyone_registered_are_refused():
    tested, target = practice(40, 50, 100)
    with pytest.raises(DoubleCountError, match="one definition"):
        everyone(tested, {**tested, "definition": "local:other", "denominator": 120}, target)


def test_each_level_of_a_dimension_takes_its_own_registered():
    men = practice(10, 20, 30, sex="male")
    women = practice(15, 15, 50, sex="female")
    found = everyone(*men, *women).set_index("sex")
    assert found["denominator"].to_dict() == {"male": 30, "female": 50}
    assert found["numerator_high"].to_dict() == {"male": 20, "female": 50}


def published(count):
    """Return what the audit publishes of a count, with the range that its readers know of."""
    shown = 0 if count == 0 else 5 if count < 8 else (count + 2) // 5 * 5
    low, high = (0, 0) if shown == 0 else (1, 7) if shown == 5 else (shown - 2, shown + 2)
    return shown, low, high


PEOPLE = st.tuples(st.integers(1, 400), *[st.floats(0, 1)] * 3)


@settings(max_examples=20, deadline=None)
@given(st.lists(PEOPLE, min_size=1, max_size=25), st.booleans())
def test_the_bounds_always_hold_the_truth_of_each_practice_and_of_their_sum(people, rounded):
    rows, truth = [], {}
    for spot, (registered, tested, reached, untested) in enumerate(people):
        code = f"Y99{spot:03}"
        measured = round(registered * tested)
        achieved = round(measured * reached)
        truth[code] = achieved + round((registered - measured) * untested), registered
        counts = (achieved, measured, registered)
        rows += practice(*(map(published, counts) if rounded else counts), code=code)
    found = everyone(*rows)
    figures = phm.estimate(found, measures=COPD).set_index("org_code")
    for row in found.itertuples():
        reach, registered = truth[row.org_code]
        assert row.numerator_low <= reach <= row.numerator_high
        assert row.denominator_low <= registered <= row.denominator_high
        low, high = figures.loc[row.org_code, ["value_low", "value_high"]]
        assert pd.isna(low) or low <= reach / registered <= high
    assert found["numerator_low"].sum() <= sum(reach for reach, _ in truth.values())
    assert sum(reach for reach, _ in truth.values()) <= found["numerator_high"].sum()


@settings(max_examples=8, deadline=None)
@given(st.lists(PEOPLE, min_size=2, max_size=25), st.randoms())
def test_the_order_of_rows_never_matters(people, chance):
    rows = [
        row
        for spot, (registered, tested, reached, _) in enumerate(people)
        for row in practice(
            round(round(registered * tested) * reached),
            round(registered * tested),
            registered,
            code=f"Y99{spot:03}",
        )
    ]
    ordered = everyone(*rows).sort_values("org_code").reset_index(drop=True)
    chance.shuffle(rows)
    again = everyone(*rows).sort_values("org_code").reset_index(drop=True)
    columns = ["org_code", "numerator_low", "numerator_high", "denominator"]
    pd.testing.assert_frame_equal(ordered[columns], again[columns], check_categorical=False)
