"""Units among their peers: robust scores, fences, the worst tenth, many tests at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.outliers.adjusted_p_values import benjamini_hochberg, benjamini_yekutieli
from phm_diabetes.outliers.robust_scores import percentile_band, robust_z, tukey_fence
from phm_diabetes.outliers.spc_rules import beyond_limits
from phm_diabetes.outliers.worst_units import in_every_period, worst_share

values = st.lists(st.integers(-100, 100).map(float), min_size=3, max_size=40)
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def flags_of(method, given):
    if method == "robust":
        return np.abs(robust_z(given)) > 3.5
    if method == "worst":
        return worst_share(given, higher_is_worse=True)
    bounds = tukey_fence(given) if method == "fence" else percentile_band(given)
    return beyond_limits(given, bounds.lower, bounds.upper) != 0


@pytest.mark.parametrize("method", ["robust", "fence", "band", "worst"])
@given(given_values=values, further=st.floats(0, 1000))
def test_a_unit_moved_further_out_is_never_unflagged(method, given_values, further):
    before = np.array(given_values)
    for unit in flags_of(method, before).nonzero()[0]:
        after = before.copy()
        after[unit] += further * (1 if after[unit] > np.median(before) else -1)
        assert flags_of(method, after)[unit]


@pytest.mark.parametrize("method", ["robust", "fence", "band", "worst"])
@given(given_values=values, seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_units_changes_nothing(method, given_values, seed):
    order = np.random.default_rng(seed).permutation(len(given_values))
    given_array = np.array(given_values)
    assert (flags_of(method, given_array)[order] == flags_of(method, given_array[order])).all()


@pytest.mark.parametrize("method", ["robust", "fence", "band", "worst"])
def test_a_unit_without_a_value_is_never_flagged_and_counts_for_nothing(method):
    known = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 90])
    padded = np.concatenate([[np.nan], known, [np.nan]])
    flagged = flags_of(method, padded)
    assert not flagged[[0, -1]].any()
    assert (flagged[1:-1] == flags_of(method, known)).all()
    assert not flags_of(method, np.array([np.nan, np.nan])).any()


def test_quartiles_are_numpys():
    given_values = np.array([[3.0, 1, 4, 1, 5, 9, 2, 6], [2.0, 7, 1, 8, 2, 8, 1, 8]])
    fences = tukey_fence(given_values, reach=0)
    np.testing.assert_allclose(
        [fences.lower, fences.upper], np.quantile(given_values, [0.25, 0.75], axis=-1)
    )


def test_a_score_is_in_standard_deviations_where_values_are_normal():
    sample = np.random.default_rng(1).normal(10, 3, 100_000)
    np.testing.assert_allclose(robust_z([*sample, 19.0])[-1], 3, rtol=0.02)


def test_where_most_units_share_a_value_the_others_still_have_scores():
    scores = robust_z([5, 5, 5, 5, 5, 9])
    assert scores[:5].tolist() == [0] * 5
    assert np.isfinite(scores[5])
    assert scores[5] > 3
    assert robust_z([5, 5, 5]).tolist() == [0, 0, 0]


@given(given_values=values)
def test_no_more_than_a_tenth_are_in_the_worst_tenth(given_values):
    assert worst_share(given_values, higher_is_worse=True).sum() <= len(given_values) / 10


def test_a_tenth_of_units_that_all_differ_are_in_the_worst_tenth():
    for units in (10, 30, 70, 6470):
        found = worst_share(np.arange(units), higher_is_worse=False)
        assert found.nonzero()[0].tolist() == list(range(units // 10))


def test_the_worst_tenth_is_found_period_by_period_and_then_who_stays_there():
    table = np.tile(np.arange(20.0)[:, None], 4)
    table[19, 1] = np.nan
    worst = worst_share(table, higher_is_worse=True)
    assert worst.sum(axis=0).tolist() == [2, 1, 2, 2]
    lasting = in_every_period(worst, periods=2)
    assert lasting[18].tolist() == [False, True, True, True]
    assert lasting[19].tolist() == [False, False, False, True]
    assert not in_every_period(worst, periods=5).any()


def test_bad_choices_are_refused():
    with pytest.raises(OptionError, match="reach"):
        tukey_fence([1, 2], reach=-1)
    with pytest.raises(OptionError, match=r"0\.9 for 90%"):
        percentile_band([1, 2], share=90)
    with pytest.raises(OptionError, match=r"0\.1 for a tenth"):
        worst_share([1, 2], higher_is_worse=True, share=10)
    with pytest.raises(OptionError, match="periods"):
        in_every_period([True], periods=0)
    with pytest.raises(StatisticsError, match="outside 0 to 1"):
        benjamini_hochberg([1.2])


def test_benjamini_and_hochbergs_own_example_rejects_four():
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    published += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert (benjamini_hochberg(published) <= 0.05).sum() == 4


@given(p=p_values, q=st.floats(0.001, 0.999))
def test_flags_at_q_are_those_of_the_step_up_procedure(p, q):
    ordered = np.sort(p)
    passing = (ordered <= q * np.arange(1, len(p) + 1) / len(p)).nonzero()[0]
    largest = ordered[passing[-1]] if passing.size else -1.0
    ours = benjamini_hochberg(p)
    near = np.isclose(ours, q)  # rounding decides there
    assert ((ours <= q) == (np.array(p) <= largest))[~near].all()


@given(p=p_values, seed=st.integers(0, 2**32 - 1))
def test_adjusted_p_values_keep_their_order_whatever_the_order_of_the_units(p, seed):
    given_p, ours = np.array(p), benjamini_hochberg(p)
    order = np.random.default_rng(seed).permutation(len(p))
    np.testing.assert_array_equal(benjamini_hochberg(given_p[order]), ours[order])
    assert (ours >= given_p).all()
    assert (np.diff(ours[np.argsort(given_p)]) >= 0).all()
    assert (benjamini_yekutieli(p) >= ours).all()


def test_a_family_may_have_any_shape_and_holes_in_it():
    table = np.array([[0.01, np.nan], [0.02, 0.5]])
    ours = benjamini_hochberg(table)
    assert np.isnan(ours[0, 1])
    np.testing.assert_allclose(ours[~np.isnan(ours)], benjamini_hochberg([0.01, 0.02, 0.5]))
    assert benjamini_hochberg([]).size == 0
