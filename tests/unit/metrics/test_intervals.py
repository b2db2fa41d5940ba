"""Shapes, confidences and edges of the intervals of one count."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.binomial_intervals import clopper_pearson, wilson
from phm_diabetes.metrics.poisson_intervals import byar, exact_poisson, ohid_poisson
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate, ratio

BINOMIAL = [wilson, clopper_pearson]
POISSON = [byar, exact_poisson, ohid_poisson]


@pytest.mark.parametrize("confidence", [95, 0, 1, -0.5, float("nan"), [0.95, 95], [[0.95]]])
def test_a_confidence_outside_nought_to_one_is_refused_and_says_what_to_pass(confidence):
    with pytest.raises(OptionError, match=r"pass 0\.95 for 95%"):
        wilson(1, 10, confidence=confidence)


def test_several_confidences_give_a_leading_axis_and_one_gives_none():
    counts = np.arange(6).reshape(2, 3)
    assert wilson(counts, 10).lower.shape == (2, 3)
    assert wilson(counts, 10, confidence=[0.95, 0.998]).lower.shape == (2, 2, 3)
    assert wilson(counts, 10, confidence=[0.95]).lower.shape == (1, 2, 3)
    assert ohid_poisson(counts, confidence=[0.9, 0.95, 0.998]).upper.shape == (3, 2, 3)
    assert proportion(counts, 10, confidence=[0.95, 0.998]).value.shape == (2, 3)


def test_each_of_several_confidences_is_that_confidence_alone():
    counts = np.array([0, 3, 9, 10, 400])
    both = ohid_poisson(counts, confidence=[0.95, 0.998])
    for row, level in enumerate((0.95, 0.998)):
        np.testing.assert_array_equal(both.lower[row], ohid_poisson(counts, confidence=level).lower)


@pytest.mark.parametrize("method", BINOMIAL)
def test_nought_and_a_hundred_percent_touch_the_end_and_have_a_width(method):
    lower, upper = method([0, 10, 0, 1], [10, 10, 1, 1])
    np.testing.assert_array_equal(lower[[0, 2]], 0)
    np.testing.assert_array_equal(upper[[1, 3]], 1)
    assert (upper - lower > 0.2).all()


@pytest.mark.parametrize("method", BINOMIAL)
def test_a_bad_element_has_no_interval_and_the_rest_are_computed(method):
    lower, upper = method(
        [np.nan, 3, 3, 12, -1, 3, np.inf, 3], [10, np.nan, 0, 10, 10, -10, np.inf, 10]
    )
    assert np.isnan(lower[:-1]).all()
    assert np.isnan(upper[:-1]).all()
    assert 0 < lower[-1] < 0.3 < upper[-1] < 1


@pytest.mark.parametrize("method", POISSON)
def test_a_bad_count_has_no_interval_and_the_rest_are_computed(method):
    lower, upper = method([np.nan, -1, np.inf, 12])
    assert np.isnan([lower[:-1], upper[:-1]]).all()
    assert lower[-1] < 12 < upper[-1]


def test_one_number_gives_one_number():
    assert float(wilson(5, 10).lower) == pytest.approx(0.236593)
    assert float(ohid_poisson(5).lower) == pytest.approx(1.623486)


def test_no_rows_give_no_rows():
    for bounds in (wilson([], []), ohid_poisson([]), clopper_pearson([], [])):
        assert bounds.lower.shape == bounds.upper.shape == (0,)


def test_a_ratio_may_pass_one_and_is_undefined_not_infinite_without_a_denominator():
    found = ratio([150, 5], [100, 0])
    assert found.value[0] == 1.5
    assert found.upper[0] > 1.5
    assert np.isnan([part[1] for part in found]).all()


def test_the_interval_may_be_chosen():
    exact = crude_rate(25, 1000, per=1000, method=exact_poisson)
    assert exact.lower == exact_poisson(25).lower != crude_rate(25, 1000, per=1000).lower
    wide = proportion(5, 10, method=clopper_pearson)
    assert wide.upper - wide.lower > np.subtract(*wilson(5, 10)[::-1])


def test_scipy_is_imported_only_when_a_function_needs_it():
    code = (
        "import sys, phm_diabetes.metrics.slope, phm_diabetes.metrics.direct as s;"
        "assert not any(m.split('.')[0] == 'scipy' for m in sys.modules);"
        "s.dsr([10], [100], [1]); assert 'scipy.special' in sys.modules;"
        "assert 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
