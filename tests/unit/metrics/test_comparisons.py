"""Differences, ratios, changes and gaps, against their papers."""

from __future__ import annotations

import numpy as np
import pytest

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.binomial_intervals import wilson
from phm_diabetes.metrics.differences import newcombe, rate_difference
from phm_diabetes.metrics.gaps import gap, gap_ratio
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate
from phm_diabetes.metrics.relative_rates import proportion_ratio, rate_ratio
from phm_diabetes.metrics.trend import absolute_change, percent_change

NEWCOMBE_TABLE_II = [
    ("a", (56, 70, 48, 80), (0.2000, 0.0524, 0.3339)),
    ("b", (9, 10, 3, 10), (0.6000, 0.1705, 0.8090)),
    ("c", (6, 7, 2, 7), (0.5714, 0.0582, 0.8062)),
    ("d", (5, 56, 0, 29), (0.0893, -0.0381, 0.1926)),
    ("e", (0, 10, 0, 20), (0.0000, -0.1611, 0.2775)),
    ("f", (0, 10, 0, 10), (0.0000, -0.2775, 0.2775)),
    ("g", (10, 10, 0, 20), (1.0000, 0.6791, 1.0000)),
    ("h", (10, 10, 0, 10), (1.0000, 0.6075, 1.0000)),
]


@pytest.mark.parametrize(
    ("counts", "published"), [row[1:] for row in NEWCOMBE_TABLE_II], ids=list("abcdefgh")
)
def test_newcombes_own_table_is_reproduced(counts, published):
    np.testing.assert_allclose(newcombe(*counts), published, atol=5e-5)


def test_the_ratio_of_rates_is_that_of_rs_poisson_test():
    published = 1.971488, 0.8584264, 4.2772659
    np.testing.assert_allclose(rate_ratio(11, 800, 21, 3011), published, rtol=1e-6)


def test_two_intervals_may_overlap_while_the_difference_is_clear():
    first, second = wilson(130, 200), wilson(105, 200)
    assert first.lower < second.upper
    assert newcombe(130, 200, 105, 200).lower > 0


def test_a_ratio_to_nothing_is_undefined_and_not_infinite():
    for found in (rate_ratio(5, 100, 0, 100), proportion_ratio(5, 100, 0, 100)):
        assert np.isnan(found).all()


def test_a_ratio_of_nothing_is_nought_with_an_upper_bound():
    for found in (rate_ratio(0, 100, 5, 100), proportion_ratio(0, 100, 5, 100)):
        assert found.value == found.lower == 0
        assert 0 < found.upper < 2


def test_a_bad_row_of_a_comparison_leaves_the_others_alone():
    found = newcombe([56, np.nan, 56], 70, 48, [80, 80, 0])
    np.testing.assert_array_equal(np.isnan(found.value), [False, True, True])
    found = rate_difference([9, -1], 100, 9, 100, per=1)
    np.testing.assert_array_equal(np.isnan(found.lower), [False, True])


def test_a_change_between_periods_is_the_later_less_the_earlier():
    later, earlier = proportion(80, 100), proportion(70, 100)
    np.testing.assert_allclose(absolute_change(later, earlier), newcombe(80, 100, 70, 100))
    assert percent_change(later, earlier).value == pytest.approx(100 / 7)


def test_a_gap_is_between_the_end_groups_of_each_area():
    shares = proportion([[60, 5, 40], [30, 5, 40]], 100, per=100, confidence=[0.95, 0.998])
    found = gap(shares)
    np.testing.assert_allclose(found.value, [20, -10])
    assert found.lower.shape == (2, 2)
    np.testing.assert_allclose(found.lower[0], newcombe([60, 30], 100, 40, 100).lower * 100)
    np.testing.assert_allclose(gap_ratio(shares).value, [1.5, 0.75])


def test_a_gap_needs_two_groups():
    with pytest.raises(StatisticsError, match="at least 2 groups"):
        gap(crude_rate([5], [100], per=1))
