"""Faults of other packages that users met, and that must not happen here."""

from __future__ import annotations

import numpy as np
import pytest

from phm_diabetes.metrics.binomial_intervals import clopper_pearson, wilson
from phm_diabetes.metrics.clustered import compound_poisson_rate
from phm_diabetes.metrics.deprivation import deprivation_quantile
from phm_diabetes.metrics.differences import newcombe
from phm_diabetes.metrics.direct import dsr
from phm_diabetes.metrics.extra_people import opportunity_of, opportunity_of_parts
from phm_diabetes.metrics.indirect import expected_events, indirect_rate, indirect_ratio
from phm_diabetes.metrics.means import mean
from phm_diabetes.metrics.poisson_intervals import byar, exact_poisson, ohid_poisson
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate
from phm_diabetes.metrics.relative_rates import rate_ratio
from phm_diabetes.metrics.shares import share, share_against_need
from phm_diabetes.metrics.slope import slope_index


def test_a_count_of_zero_does_not_reject_the_table():
    rates = crude_rate([0, 12], 1000, per=1000)
    ratios = indirect_ratio([0, 12], 10)
    indirect = indirect_rate([0, 12], 10, reference_rate=0.01)
    for found in (rates, ratios, indirect):
        assert found.value[0] == found.lower[0] == 0
        assert np.isfinite(found).all()


def test_a_denominator_of_zero_does_not_reject_the_table():
    assert np.isnan(proportion([3, 3], [0, 10]).value).tolist() == [True, False]
    assert np.isnan(crude_rate([3, 3], [0, 10], per=1).value).tolist() == [True, False]


def test_a_numerator_above_its_denominator_does_not_reject_the_table():
    assert np.isnan(proportion([12, 3], 10).upper).tolist() == [True, False]


def test_small_counts_get_the_exact_interval_and_not_byars():
    small = np.arange(1, 10)
    np.testing.assert_array_equal(ohid_poisson(small).lower, exact_poisson(small).lower)
    assert (np.abs(ohid_poisson(small).lower - byar(small).lower) > 1e-4).all()
    np.testing.assert_array_equal(ohid_poisson([10, 11]).lower, byar([10, 11]).lower)


def test_nothing_expected_is_not_infinitely_many_times_as_many():
    assert np.isnan(indirect_ratio([3, 0], 0)).all()


def test_a_table_of_all_nought_or_all_a_hundred_percent_is_no_trouble():
    for count in (0, 10):
        assert np.isfinite(proportion([count] * 5, 10)).all()


def test_any_confidence_is_allowed_and_more_than_two():
    assert wilson(5, 10, confidence=[0.8, 0.9, 0.95, 0.99, 0.998]).lower.shape == (5,)


def test_one_group_is_a_group():
    assert dsr([[10, 20]], 1000, [1, 1]).value.shape == (1,)


def test_a_proportion_of_a_hundred_percent_does_not_break_a_slope_for_the_other_areas():
    rows = [[0.5, 0.6, 0.7, 0.8, 1.0], [0.5, 0.6, 0.7, 0.8, 0.9]]
    found = slope_index(rows, 100, 0.2, kind="proportion", repetitions=500)
    assert np.isnan(found.value).tolist() == [True, False]


COUNT = [3.0, np.nan, 20.0, 12.0, -1.0]
PEOPLE = [10.0, 10.0, 10.0, 40.0, 0.0]
SQUARES = [5.0, 5.0, np.nan, 30.0, 1.0]

CALLS = [
    (wilson, (COUNT, PEOPLE), {}),
    (clopper_pearson, (COUNT, PEOPLE), {}),
    (byar, (COUNT,), {}),
    (exact_poisson, (COUNT,), {}),
    (ohid_poisson, (COUNT,), {}),
    (proportion, (COUNT, PEOPLE), {"per": 100}),
    (crude_rate, (COUNT, PEOPLE), {"per": 1000}),
    (mean, (COUNT, SQUARES, PEOPLE), {}),
    (compound_poisson_rate, (COUNT, SQUARES, PEOPLE), {"per": 1}),
    (newcombe, (COUNT, PEOPLE, COUNT, PEOPLE), {}),
    (rate_ratio, (COUNT, PEOPLE, COUNT, PEOPLE), {}),
    (share, (COUNT,), {"sum_of_squares": SQUARES}),
    (share_against_need, (COUNT, PEOPLE), {}),
    (dsr, (COUNT, PEOPLE, PEOPLE), {"missing_count_is_zero": True}),
    (expected_events, (PEOPLE, COUNT, PEOPLE), {}),
    (slope_index, (COUNT, PEOPLE, SQUARES), {"kind": "rate", "repetitions": 100}),
    (deprivation_quantile, (COUNT,), {"groups": 2, "most_deprived": "highest"}),
    (opportunity_of, (COUNT, PEOPLE, 0.5), {"higher_is_better": True}),
    (opportunity_of_parts, (COUNT, PEOPLE, 0.5), {"higher_is_better": False}),
]
NAMES = [call[0].__name__ for call in CALLS]


@pytest.mark.parametrize(("verb", "given", "options"), CALLS, ids=NAMES)
def test_what_was_handed_in_is_never_changed_nor_handed_back(verb, given, options):
    arrays = [np.array(each) for each in given]
    for array in arrays:
        array.flags.writeable = False
    found = verb(*arrays, **options)
    for part in found if isinstance(found, tuple) else (found,):
        assert not any(np.shares_memory(part, array) for array in arrays)
    for array, before in zip(arrays, given, strict=True):
        np.testing.assert_array_equal(array, before)
