"""Funnels: their limits, tails and verdicts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.outliers.funnel_limits import proportion_limits, rate_limits
from phm_diabetes.outliers.funnel_scores import proportion_scores, sides_of_scores
from phm_diabetes.outliers.funnel_tails import (
    Tails,
    proportion_tails,
    rate_tails,
    significance,
    tails_of_scores,
)

BOTH = [0.95, 0.998]
people = st.integers(1, 400)
shares = st.floats(0.001, 0.999)
events = st.floats(0.01, 300)
methods = st.sampled_from(["exact", "ohid"])


@given(n=people, p=shares, method=methods)
def test_a_proportion_further_out_is_never_unflagged(n, p, method):
    counts = np.arange(n + 1)
    sides = significance(proportion_tails(counts, n, centre=p, method=method), confidence=BOTH)
    assert (np.diff(sides, axis=1) >= 0).all()


@given(expected=events, method=methods)
def test_a_rate_further_out_is_never_unflagged(expected, method):
    counts = np.arange(int(expected * 3) + 30)
    sides = significance(rate_tails(counts, expected, centre=1, method=method), confidence=BOTH)
    assert (np.diff(sides, axis=1) >= 0).all()


@given(n=people, p=shares, method=methods)
def test_what_is_flagged_at_a_high_confidence_is_flagged_at_a_lower(n, p, method):
    tails = proportion_tails(np.arange(n + 1), n, centre=p, method=method)
    at95, at998 = significance(tails, confidence=BOTH)
    assert (at95[at998 != 0] == at998[at998 != 0]).all()


@given(n=people, p=shares)
def test_the_side_of_a_score_is_that_of_its_tails(n, p):
    counts = np.arange(n + 1)
    scores = proportion_scores(counts, n, centre=p)
    limits = -ndtri((1 - np.array(BOTH)) / 2)
    on_a_limit = np.isclose(np.abs(scores)[None, :], limits[:, None]).any(axis=0)
    by_tails = significance(proportion_tails(counts, n, centre=p, method="ohid"), confidence=BOTH)
    assert (sides_of_scores(scores, confidence=BOTH) == by_tails)[:, ~on_a_limit].all()


@given(n=people, p=shares, method=methods)
def test_limits_of_a_higher_confidence_are_wider_and_hold_the_centre(n, p, method):
    limits = proportion_limits([n], centre=p, confidence=BOTH, method=method)
    assert limits.lower[1, 0] <= limits.lower[0, 0] <= p + 1e-12
    assert p - 1e-12 <= limits.upper[0, 0] <= limits.upper[1, 0]


@given(n=people, p=shares, method=methods)
def test_a_proportion_is_flagged_where_it_lies_outside_the_drawn_limits(n, p, method):
    values = np.arange(n + 1) / n
    limits = proportion_limits(n, centre=p, method=method)
    drawn = (values > limits.upper).astype(int) - (values < limits.lower)
    flagged = significance(proportion_tails(np.arange(n + 1), n, centre=p, method=method))
    on_a_limit = np.isclose(values, limits.lower) | np.isclose(values, limits.upper)
    assert (flagged == drawn)[~on_a_limit].all()


@given(expected=events)
def test_a_rate_is_flagged_where_it_lies_outside_the_drawn_limits(expected):
    counts = np.arange(int(expected * 3) + 30)
    limits = rate_limits(expected, centre=1)
    values = counts / expected
    drawn = (values > limits.upper).astype(int) - (values < limits.lower)
    on_a_limit = np.isclose(values, limits.lower) | np.isclose(values, limits.upper)
    flagged = significance(rate_tails(counts, expected, centre=1))
    assert (flagged == drawn)[~on_a_limit].all()


@given(n=people, p=shares)
def test_an_exact_limit_is_passed_by_chance_no_more_often_than_it_says(n, p):
    tails = proportion_tails(np.arange(n + 1), n, centre=p)
    chance = np.diff(tails.lower, prepend=0)
    sides = significance(tails)
    assert chance[sides < 0].sum() <= 0.025
    assert chance[sides > 0].sum() <= 0.025


@given(n=people, p=shares)
def test_the_tails_share_the_count_itself(n, p):
    tails = proportion_tails(np.arange(n + 1), n, centre=p)
    at_the_count = np.diff(tails.lower, prepend=0)
    np.testing.assert_allclose(tails.lower + tails.upper, 1 + at_the_count, atol=1e-9)


@given(data=st.data(), n=people)
def test_those_without_mirror_those_with(data, n):
    x, p = data.draw(st.integers(0, n)), data.draw(shares)
    having = proportion_tails([x], n, centre=p)
    without = proportion_tails([n - x], n, centre=1 - p)
    np.testing.assert_allclose(having.lower, without.upper, rtol=1e-7, atol=1e-300)


def test_ohids_rule_turns_from_exact_to_byar_at_ten_events():
    exact, ohid = (rate_tails([9, 10], 20, centre=1, method=each) for each in ("exact", "ohid"))
    assert exact.lower[0] == ohid.lower[0]
    assert exact.lower[1] != ohid.lower[1]
    np.testing.assert_allclose(exact.lower, ohid.lower, rtol=0.02)


def test_a_bad_unit_is_not_known_and_the_rest_is():
    tails = proportion_tails([5, np.nan, 11, -1, 3, 3], [10, 10, 10, 10, 0, np.nan], centre=0.5)
    assert np.isnan(tails.lower).tolist() == [False, True, True, True, True, True]
    assert (significance(tails)[1:] == 0).all()
    limits = proportion_limits([10, 0, np.nan], centre=0.5)
    assert np.isnan(limits.upper).tolist() == [False, True, True]


@pytest.mark.parametrize("method", ["exact", "ohid"])
def test_a_centre_of_none_or_all_leaves_no_room_for_chance(method):
    none = proportion_tails([0, 1], 10, centre=0, method=method)
    assert significance(none, confidence=0.998).tolist() == [0, 1]
    every = proportion_tails([10, 9], 10, centre=1, method=method)
    assert significance(every, confidence=0.998).tolist() == [0, -1]
    limits = proportion_limits([10, 10], centre=[0, 1], method=method)
    assert limits.lower.tolist() == limits.upper.tolist() == [0, 1]


def test_a_rate_of_nought_expects_nothing():
    assert significance(rate_tails([0, 1], 10, centre=0)).tolist() == [0, 1]
    assert rate_limits([10], centre=0).upper.tolist() == [0]


def test_a_score_is_the_normal_deviate_of_the_nearer_tail():
    np.testing.assert_allclose(tails_of_scores([-3, 0, 2]).score, [-3, 0, 2], atol=1e-12)
    far = proportion_tails([0], 10**6, centre=0.5).score
    assert -39 < far[0] < -37


def test_a_two_sided_probability_is_at_most_one():
    assert Tails(np.array([0.8]), np.array([0.7])).two_sided.tolist() == [1]


@pytest.mark.parametrize("function", [proportion_tails, rate_tails])
def test_an_unknown_method_is_refused(function):
    with pytest.raises(OptionError, match="Pass one of exact, ohid"):
        function([1], [2], centre=0.5, method="wilson")


def test_unknown_options_of_limits_are_refused():
    with pytest.raises(OptionError, match="Pass one of exact, ohid"):
        proportion_limits([2], centre=0.5, method="wilson")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"0\.95 for 95%"):
        proportion_limits([2], centre=0.5, confidence=95)
    with pytest.raises(OptionError, match="centre lies outside 0 to inf"):
        rate_limits([2], centre=-1)


def test_text_is_refused_without_being_quoted():
    with pytest.raises(StatisticsError, match="numerator holds something") as caught:
        proportion_tails(["9434765919 ?"], [2], centre=0.5)
    assert "9434765919" not in str(caught.value)
