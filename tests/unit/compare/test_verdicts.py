"""Verdict words follow the measure's polarity, and rounding says what hiding could change."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from tests.planted import card, counts, geography, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.disease_areas.qof_registers import AREA as REGISTERS

A, REST, ENGLAND = "Y99001", "Y99002", "E92000001"


def against_england(*rows, measures: Any = None, value=(5000, 10_000)) -> Any:
    cards = measures or [card()]
    england = [
        row(ENGLAND, *value, org_level="england", measure=measure)
        for measure in {each["measure"] for each in rows}
    ]
    estimates = phm.estimate(counts(*rows, *england), measures=cards)
    found = phm.compare(estimates, to="england", measures=cards)
    return found[found["org_code"] == A].squeeze()


WORDS = {
    "higher": ("worse", "similar", "better"),
    "lower": ("better", "similar", "worse"),
    "neither": ("lower", "similar", "higher"),
}


@pytest.mark.parametrize(("polarity", "side"), list(product(WORDS, range(3))))
def test_the_word_is_that_of_the_polarity(polarity, side):
    numerator = (20, 50, 80)[side]
    found = against_england(row(A, numerator, 100), measures=[card(polarity=polarity)])
    assert found["verdict"] == WORDS[polarity][side]


def test_a_lower_is_better_measure_is_never_called_better_when_it_is_high():
    amputations = card(id="copd.admissions", kind="rate", polarity="lower", per=1000)
    high = against_england(row(A, 90, 100, measure=amputations.id), measures=[amputations])
    assert high["difference_lower"] > 0
    assert high["verdict"] == "worse"


def test_crude_prevalence_is_only_higher_or_lower_and_carries_its_caveat():
    found = against_england(row(A, 80, 100, measure="copd.register"), measures=REGISTERS)
    assert found["verdict"] == "higher"
    assert found["caveat"].startswith("Crude prevalence: it moves with the age of the list")


def test_exact_counts_hold():
    assert against_england(row(A, 80, 100))["rounding"] == "holds"


def test_rounding_too_small_to_matter_holds():
    assert against_england(to_fives(A, 80, 100))["rounding"] == "holds"


def test_a_range_that_stops_short_of_another_verdict_holds():
    # 40 of 100 is below England's half by its interval, and 41 is not.
    found = against_england(row(A, 30, 100, numerator_low=1, numerator_high=40))
    assert (found["verdict"], found["rounding"]) == ("worse", "holds")


def test_rounding_that_matters_in_few_draws_likely_holds():
    found = against_england(row(A, 30, 100, numerator_low=1, numerator_high=41))
    assert (found["verdict"], found["rounding"]) == ("worse", "likely holds")


def test_rounding_that_matters_in_many_draws_may_change():
    found = against_england(row(A, 39, 100, numerator_low=37, numerator_high=41))
    assert (found["verdict"], found["rounding"]) == ("worse", "may change")


@pytest.mark.parametrize(
    "unit",
    [hidden(A, 1, 7, 100), row(A, None, 100), row(A, 12, 10), row(A, 0, 0)],
    ids=["suppressed", "missing", "above its denominator", "nobody"],
)
def test_without_a_figure_nothing_can_be_told(unit):
    found = against_england(unit)
    assert (found["verdict"], found["rounding"]) == ("not compared", "cannot tell")


def test_a_missing_bound_of_the_comparator_cannot_be_told():
    geo = geography({code: {"icb": "Q1"} for code in (A, REST, "Y99003")})
    rows = [row(A, 80, 100), row(REST, 50, 100), row("Y99003", None, 100)]
    estimates = phm.estimate(counts(*rows), measures=[card()])
    found = phm.compare(estimates, to="icb", geo=geo, measures=[card()])
    assert set(found["rounding"]) == {"cannot tell"}


def test_the_word_looks_at_every_count_a_proportion_allows():
    # Numerator and denominator both hidden: 7 of 7 stands beyond England, though no corner of
    # the four ends does, because 7 of 4 cannot be.
    unit = row(A, 5, 7, numerator_low=4, numerator_high=7, denominator_low=4, denominator_high=8)
    assert against_england(row(A, 7, 7), value=(600, 1000))["verdict"] == "better"
    found = against_england(unit, value=(600, 1000))
    assert found["verdict"] == "similar"
    assert found["rounding"] != "holds"


def test_hidden_money_cannot_be_told_because_its_squares_are_hidden_too():
    cost = card(id="copd.cost", kind="mean", unit="pence", polarity="lower")
    squares = {"measure": cost.id, "numerator_ss": 300_000.0}
    exact = row(A, 1000, 10, **squares)
    geo = geography({code: {"icb": "Q1"} for code in (A, REST)})
    words = []
    for unit in (exact, exact | {"numerator_low": 990, "numerator_high": 1010}):
        estimates = phm.estimate(
            counts(unit, row(REST, 9000, 10, **squares | {"numerator_ss": 9_000_000.0})),
            measures=[cost],
        )
        found = phm.compare(estimates, to="icb", geo=geo, measures=[cost])
        words.append(found[found["org_code"] == A]["rounding"].item())
    assert words == ["holds", "cannot tell"]
