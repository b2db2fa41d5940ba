"""Means from sums."""

from __future__ import annotations

import numpy as np
import pytest

from phm_diabetes.metrics.means import mean


def test_the_textbook_interval_is_reproduced():
    # Student's own ten differences of sleep: mean 1.58, t(9) of the 97.5th percentile 2.262157.
    hours = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    value, lower, upper = mean(hours.sum(), (hours**2).sum(), hours.size)
    half = 2.262157 * hours.std(ddof=1) / np.sqrt(10)
    np.testing.assert_allclose([value, lower, upper], [1.58, 1.58 - half, 1.58 + half], rtol=1e-6)


def test_groups_summed_before_dividing_are_one_group():
    first, second = np.array([3.0, 4, 8]), np.array([1.0, 9])
    both = np.concatenate([first, second])
    summed = mean(first.sum() + second.sum(), (first**2).sum() + (second**2).sum(), 5)
    np.testing.assert_allclose(summed, mean(both.sum(), (both**2).sum(), both.size))


def test_one_value_has_a_mean_and_no_interval():
    value, lower, upper = mean(5, 25, 1)
    assert value == 5
    assert np.isnan([lower, upper]).all()


def test_values_below_zero_and_values_all_alike_are_no_trouble():
    assert mean(-6, 14, 3).value == -2
    np.testing.assert_array_equal(mean(30, 300, 3), [10, 10, 10])


def test_no_values_have_no_mean():
    assert np.isnan(mean(0, 0, 0).value)


def test_several_confidences_lead():
    assert mean([6, 9], [20, 40], 3, confidence=[0.95, 0.998]).lower.shape == (2, 2)
    with pytest.raises(ValueError, match="confidence"):
        mean(6, 20, 3, confidence=95)
