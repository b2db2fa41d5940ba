"""What was planted is found, and what was not planted is mostly not."""

from __future__ import annotations

from phm_diabetes import demo

MEASURE = "dm.register"
TRUTH = demo.truth()
LOW = TRUTH.low_practices(MEASURE)


def _planted(kind: str) -> set[str]:
    return {code for plant in TRUTH.of_kind(kind, MEASURE) for code in plant.practices}


def test_the_gate_finds_the_planted_pcns_and_no_other(drilled):
    planted = (*TRUTH.of_kind("low PCN", MEASURE), *TRUTH.of_kind("young list", MEASURE))
    assert set(drilled.reading.parents) == {plant.pcn for plant in planted}


def test_every_practice_made_low_is_found_in_a_planted_pcn(drilled):
    assert _planted("low PCN") <= set(drilled.reading.found)


def test_the_ordinary_practices_of_a_low_pcn_are_not_found(drilled):
    (plant, _) = TRUTH.of_kind("low PCN", MEASURE)
    inside = {practice.code for practice in TRUTH.practices if practice.pcn == plant.pcn}
    assert len(inside - set(plant.practices)) == 3
    assert not (inside - set(plant.practices)) & set(drilled.reading.found)


def test_a_low_practice_in_an_ordinary_pcn_is_listed_as_hidden(drilled):
    assert _planted("hidden by the gate") <= set(drilled.reading.hidden)


def test_a_low_practice_without_a_pcn_is_listed_as_not_gated(drilled):
    assert set(drilled.reading.not_gated_beyond) == _planted("without a PCN")


def test_all_practices_without_a_pcn_are_listed(drilled):
    without = {practice.code for practice in TRUTH.practices if practice.pcn is None}
    assert set(drilled.reading.not_gated) == without


def test_a_young_list_looks_low_though_nobody_is_missing(drilled):
    assert _planted("young list") <= set(drilled.reading.found)
    assert not _planted("young list") & LOW


def test_no_more_than_chance_allows_are_low_without_a_cause(drilled):
    reading = drilled.reading
    lower = {*reading.found, *reading.hidden, *reading.not_gated_beyond}
    unplanted = lower - LOW - _planted("young list")
    # One side of a 95% interval: 2.5% of some 280 practices, 7 of them.
    assert len(unplanted) <= 14


def test_every_departure_names_practices_that_exist():
    codes = {practice.code for practice in TRUTH.practices}
    assert {code for plant in TRUTH.plants for code in plant.practices} <= codes
