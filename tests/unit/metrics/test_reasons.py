"""A row without a value says why, and no row with a value does."""

from __future__ import annotations

import numpy as np
import pytest

from phm_diabetes.metrics.clustered import (
    clustered_proportion,
    compound_poisson_rate,
    person_clustered_rate,
)
from phm_diabetes.metrics.direct import dsr, reason_no_dsr
from phm_diabetes.metrics.means import mean
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate
from phm_diabetes.metrics.reasons import (
    Reason,
    reason_no_interval,
    reason_no_mean,
    reason_no_proportion,
    reason_no_rate,
)

AWKWARD = np.array([np.nan, -np.inf, np.inf, -3.0, 0.0, 1.0, 2.0, 9.0, 10.0, 400.0])
X, SS, N = (axis.ravel() for axis in np.meshgrid(AWKWARD, AWKWARD, AWKWARD))


def test_each_reason_has_words_and_the_codes_run_from_nought():
    words = [reason.words for reason in Reason]
    assert words[0] == ""
    assert len(set(words)) == len(words)
    assert [int(reason) for reason in Reason] == list(range(len(words)))


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        (3, 10, ""),
        (0, 10, ""),
        (None, 10, "count is missing"),
        (3, None, "denominator is missing"),
        (-3, 10, "count is negative"),
        (3, -10, "denominator is negative"),
        (3, 0, "denominator is zero"),
        (0, 0, "denominator is zero"),
        (12, 10, "numerator above its denominator"),
    ],
)
def test_a_row_says_why_it_has_no_proportion(numerator, denominator, words):
    assert Reason(int(reason_no_proportion(numerator, denominator))).words == words


def test_a_proportion_has_a_reason_exactly_where_it_has_no_value_or_bounds():
    found, codes = proportion(X, N), reason_no_proportion(X, N)
    for part in found:
        np.testing.assert_array_equal(np.isnan(part), codes != 0)


def test_a_rate_has_a_reason_exactly_where_it_has_no_value_or_bounds():
    found, codes = crude_rate(X, N, per=1000), reason_no_rate(X, N)
    for part in found:
        np.testing.assert_array_equal(np.isnan(part), codes != 0)


@pytest.mark.parametrize("within", [False, True])
def test_a_clustered_interval_has_a_reason_exactly_where_it_has_no_bounds(within):
    codes = reason_no_interval(X, SS, N, within=within)
    found = clustered_proportion(X, SS, N) if within else compound_poisson_rate(X, SS, N, per=1)
    for part in found[1:]:
        np.testing.assert_array_equal(np.isnan(part), codes != 0)


def test_an_interval_by_person_has_one_of_two_reasons_exactly_where_it_has_no_bounds():
    found = person_clustered_rate(X, SS, N)
    codes = np.maximum(reason_no_interval(X, SS, N), reason_no_mean(X, SS, N))
    for part in found[1:]:
        np.testing.assert_array_equal(np.isnan(part), codes != 0)


def test_a_mean_has_a_reason_exactly_where_it_has_no_bounds():
    found, codes = mean(X, SS, N), reason_no_mean(X, SS, N)
    for part in found[1:]:
        np.testing.assert_array_equal(np.isnan(part), codes != 0)


@pytest.mark.parametrize("as_zero", [False, True])
def test_a_standardised_rate_has_a_reason_exactly_where_it_has_no_value(as_zero):
    count, people = np.stack([X, np.full_like(X, 12)], axis=-1), np.stack([N, N], axis=-1)
    found = dsr(count, people, [1, 1], missing_count_is_zero=as_zero)
    codes = reason_no_dsr(count, people, missing_count_is_zero=as_zero)
    for part in found:
        np.testing.assert_array_equal(np.isnan(part), codes != 0)
