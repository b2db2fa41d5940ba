"""Both sides of a comparison: what taking the unit out does to counts and to their ranges."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planted import counts, geography, row, to_fives

from phm_diabetes.outliers.sides import CountRange, sides_of

A, B = "Y99001", "Y99002"
UNIT = counts(to_fives(A, 40, 100))
SPOT = np.array([0])


def rest_of(parent, *, member=True, fixed=False):
    sides, ranges = sides_of(UNIT, parent, SPOT, np.array([member]), fixed=fixed)
    return sides, ranges.other_numerator


def test_a_sum_loses_the_unit_with_all_that_its_rounding_added():
    both = counts(to_fives(A, 40, 100), row(B, 500, 1000))
    summed = geography({A: {"icb": "Q1"}, B: {"icb": "Q1"}}).roll_up(
        both, to="icb", as_at="period_end"
    )
    sides, rest = rest_of(summed)
    assert (sides.other_numerator[0], rest.low[0], rest.high[0]) == (500, 500, 500)
    assert rest.variance[0] == 0


def test_the_rest_of_a_published_total_is_as_uncertain_as_the_unit():
    sides, rest = rest_of(counts(row("Q1", 540, 1100, org_level="icb")))
    assert (sides.other_numerator[0], rest.low[0], rest.high[0]) == (500, 498, 502)
    assert rest.variance[0] == pytest.approx(2)


def test_a_unit_that_is_no_part_of_the_comparator_is_not_taken_out():
    sides, rest = rest_of(counts(row("Q1", 540, 1100, org_level="icb")), member=False)
    assert (sides.other_numerator[0], rest.low[0], rest.high[0]) == (540, 540, 540)


def test_the_rest_is_never_less_than_nobody():
    _, rest = rest_of(counts(row("Q1", 41, 1100, org_level="icb")))
    assert (rest.low[0], rest.high[0]) == (0, 3)


def test_draws_of_one_rounded_count_reach_every_whole_number_of_its_range_and_no_other():
    one = CountRange(low=np.array([1.0]), high=np.array([7.0]), variance=np.array([4.0]))
    drawn = {one.at(uniform, 0.0)[0] for uniform in np.linspace(0, 0.999, 200)}
    assert drawn == {1, 2, 3, 4, 5, 6, 7}


def test_draws_of_a_sum_stay_inside_its_hard_bounds():
    total = CountRange(low=np.array([9.0]), high=np.array([19.0]), variance=np.array([6.0]))
    drawn = [total.at(0.5, normal)[0] for normal in (-9, -1, 0, 1, 9)]
    assert drawn[0] == 9
    assert drawn[2] == 14
    assert drawn[-1] == 19
