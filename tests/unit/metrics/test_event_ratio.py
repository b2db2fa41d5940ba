"""Events for each event of another kind: both vary, and the interval knows it."""

from __future__ import annotations

import numpy as np
import pytest

import phm_diabetes as phm
from phm_diabetes.metrics.clustered import compound_poisson_rate
from phm_diabetes.metrics.event_ratios import event_ratio
from phm_diabetes.metrics.relative_rates import rate_ratio
from phm_diabetes.outliers import Funnel

RUNS, PEOPLE = 1500, 300


def _visits_of_few(chance):
    """Return follow-ups and firsts of people with one visit or two, each a first at one in four."""
    visits = chance.integers(1, 3, size=(RUNS, PEOPLE))
    firsts = chance.binomial(visits, 0.25)
    return visits - firsts, firsts


def _visits_of_many(chance):
    visits = 1 + chance.negative_binomial(1, 0.15, size=(RUNS, PEOPLE))
    firsts = chance.binomial(visits, 0.25)
    return visits - firsts, firsts


def _first_then_follow_ups(chance):
    return chance.negative_binomial(1, 0.25, size=(RUNS, PEOPLE)), np.ones((RUNS, PEOPLE))


def coverage(world):
    follow_ups, firsts = world(np.random.default_rng(13))
    found = event_ratio(follow_ups.sum(1), np.square(follow_ups).sum(1), firsts.sum(1))
    return float(((found.lower <= 3) & (found.upper >= 3)).mean())


@pytest.mark.parametrize("world", [_visits_of_few, _visits_of_many, _first_then_follow_ups])
def test_the_interval_holds_the_truth_at_least_as_often_as_it_says(world):
    assert coverage(world) > 0.94


def test_taking_the_denominator_as_known_would_be_far_too_narrow():
    follow_ups, firsts = _visits_of_few(np.random.default_rng(13))
    found = compound_poisson_rate(
        follow_ups.sum(1), np.square(follow_ups).sum(1), firsts.sum(1), per=1
    )
    assert ((found.lower <= 3) & (found.upper >= 3)).mean() < 0.8


def test_where_nobody_comes_twice_it_is_near_the_exact_ratio_of_two_counts():
    ours = event_ratio(300, 300, 100)
    exact = rate_ratio(300, 1, 100, 1)
    np.testing.assert_allclose([ours.lower, ours.upper], [exact.lower, exact.upper], rtol=0.02)


@pytest.mark.parametrize(("first", "value"), [(0, np.nan), (4, 3.0)])
def test_without_a_first_there_is_no_ratio_and_never_an_infinite_one(first, value):
    found = event_ratio(12, 20, first)
    np.testing.assert_equal(float(found.value), value)
    assert np.isnan(found.upper) == (first == 0)


def test_without_each_persons_part_there_is_a_value_and_no_interval():
    found = event_ratio(12, np.nan, 4)
    assert float(found.value) == 3
    assert np.isnan(found.lower)
    assert np.isnan(found.upper)


def counts():
    about = {"dataset": "local", "measure": "dm.op_first", "definition": "d", "org_level":
             "practice", "period_start": "2022-04-01", "period_end": "2023-03-31"}  # fmt: skip
    return phm.counts_from(
        [
            {**about, "org_code": f"Y99{place:03}", "numerator": 90, "numerator_ss": 200.0,
             "denominator": 30 - 25 * (place == 12)}
            for place in range(1, 13)
        ]
    )  # fmt: skip


def test_follow_ups_for_each_first_are_estimated_so():
    found = phm.estimate(counts())
    assert set(found["method"]) == {"compound Poisson over Poisson"}
    assert found["value"].tolist()[0] == 3


def test_no_limits_are_drawn_that_take_firsts_as_known():
    flags = Funnel(overdispersion="none")(phm.estimate(counts()))
    assert flags["flagged"].isna().all()
    assert flags["why"].str.startswith("both counts of this ratio vary by chance").all()
