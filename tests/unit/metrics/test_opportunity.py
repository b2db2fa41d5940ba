"""Extra people at a target: never negative, with ranges, and whether the parts add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phm_diabetes.metrics.extra_people import (
    best_quarter,
    opportunity_of,
    opportunity_of_parts,
    opportunity_of_ranges,
)

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(unit=counts, target=st.floats(0, 1), higher=st.booleans())
def test_an_opportunity_is_never_negative_and_its_range_holds_it(unit, target, higher):
    value, lower, upper = opportunity_of(unit[0], unit[1], target, higher_is_better=higher)
    assert 0 <= lower <= value <= upper


@given(unit=counts, target=st.floats(0, 1))
def test_a_lower_is_better_measure_is_the_mirror_of_a_higher_is_better_one(unit, target):
    x, n = unit
    lower_better = opportunity_of(x, n, target, higher_is_better=False)
    higher_better = opportunity_of(n - x, n, 1 - target, higher_is_better=True)
    np.testing.assert_allclose(lower_better, higher_better, atol=1e-6)


@given(parts=st.lists(counts, min_size=1, max_size=10), target=st.floats(0, 1))
def test_the_parts_gain_at_least_as_much_as_the_whole(parts, target):
    x, n = np.array(parts).T
    found = opportunity_of_parts(x, n, target, higher_is_better=True)
    assert found.parts >= found.whole - 1e-6
    past = (x > target * n).any() and (x < target * n).any()
    assert bool(found.adds_up) or past


def test_a_unit_at_its_target_has_nothing_to_gain():
    assert opportunity_of(75, 100, 0.75, higher_is_better=True).value == 0


def test_fifteen_people_short_of_the_target_are_fifteen_extra_people():
    assert opportunity_of(60, 100, 0.75, higher_is_better=True).value == pytest.approx(15)
    assert opportunity_of(40, 100, 0.25, higher_is_better=False).value == pytest.approx(15)


def test_hidden_counts_widen_the_range_to_the_hard_bounds():
    more = opportunity_of_ranges(1, 7, 98, 102, 0.25, higher_is_better=True)
    np.testing.assert_allclose(more, [17.5, 24.5])
    fewer = opportunity_of_ranges(1, 7, 98, 102, 0.05, higher_is_better=False)
    np.testing.assert_allclose(fewer, [0, 2.1])


def test_a_missing_part_leaves_the_whole_unknown_and_does_not_add_up():
    parts = np.array([[60, np.nan], [60, 60]])
    found = opportunity_of_parts(parts, 100, 0.75, higher_is_better=True)
    np.testing.assert_array_equal(np.isnan(found.parts), [True, False])
    np.testing.assert_array_equal(found.adds_up, [False, True])


def test_each_whole_may_have_its_own_target():
    found = opportunity_of_parts([[60, 60], [60, 60]], 100, [0.7, 0.8], higher_is_better=True)
    np.testing.assert_allclose(found.parts, [20, 40])


def test_the_best_quarter_is_the_upper_or_the_lower_one_by_polarity():
    units = [0.5, 0.6, 0.7, 0.8, 0.9, np.nan]
    assert best_quarter(units, higher_is_better=True) == 0.8
    assert best_quarter(units, higher_is_better=False) == 0.6
    assert np.isnan(best_quarter([0.5, 0.6, 0.7], higher_is_better=True))
