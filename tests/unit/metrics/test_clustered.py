"""Money and repeat events: as wide as people make them, and nothing without their squares."""

from __future__ import annotations

import numpy as np
import pytest

from phm_diabetes.metrics.binomial_intervals import wilson
from phm_diabetes.metrics.clustered import (
    clustered_proportion,
    compound_poisson_rate,
    person_clustered_rate,
)
from phm_diabetes.metrics.means import mean
from phm_diabetes.metrics.rates import crude_rate


def test_one_event_a_person_gives_the_plain_poisson_interval():
    ours, plain = compound_poisson_rate(37, 37, 500, per=1000), crude_rate(37, 500, per=1000)
    np.testing.assert_allclose(ours, plain)


def test_a_thousand_pence_a_person_gives_the_plain_interval_in_pence():
    ours = compound_poisson_rate(37_000, 37 * 1000**2, 500, per=1)
    np.testing.assert_allclose(ours, np.array(crude_rate(37, 500, per=1)) * 1000)


def test_repeat_events_widen_the_interval():
    plain, repeats = (compound_poisson_rate(60, ss, 500, per=1000) for ss in (60, 240))
    assert repeats.lower < plain.lower
    assert repeats.upper > plain.upper


def test_without_a_sum_of_squares_there_is_a_value_and_no_interval():
    for verb in (compound_poisson_rate, person_clustered_rate):
        value, lower, upper = verb(60, np.nan, 500, per=1000)
        assert value == 120
        assert np.isnan([lower, upper]).all()


def test_a_fixed_list_has_the_means_interval_where_counts_are_large():
    x = np.random.default_rng(0).poisson(50, 400).astype(float)
    by_person = person_clustered_rate(x.sum(), (x**2).sum(), x.size)
    students = mean(x.sum(), (x**2).sum(), x.size)
    np.testing.assert_allclose(by_person, students, rtol=1e-3)


def test_people_who_are_all_alike_leave_nothing_uncertain():
    np.testing.assert_array_equal(person_clustered_rate(200, 400, 100), [2, 2, 2])


def test_a_sum_of_squares_that_cannot_be_gives_no_interval():
    assert np.isnan(person_clustered_rate(200, 300, 100).lower)


def test_single_misses_give_wilsons_interval_and_repeated_ones_a_wider_one():
    single, repeated = (clustered_proportion(20, ss, 100) for ss in (20, 60))
    np.testing.assert_allclose(single[1:], wilson(20, 100))
    assert repeated.lower < single.lower
    assert repeated.upper > single.upper


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(1)
    people, seen, truth = rng.poisson(60, 2000), [], 60 / 0.4
    for number in people:
        events = rng.geometric(0.4, number).astype(float)
        seen.append((events.sum(), (events**2).sum()))
    total, squares = np.array(seen).T
    clustered = compound_poisson_rate(total, squares, 1, per=1)
    naive = crude_rate(total, 1, per=1)
    covered = [np.mean((i.lower <= truth) & (truth <= i.upper)) for i in (clustered, naive)]
    assert covered[0] == pytest.approx(0.95, abs=0.015)
    assert covered[1] < 0.8
