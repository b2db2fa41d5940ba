"""Shares of a total, all intervals holding together."""

from __future__ import annotations

import numpy as np

from phm_diabetes.metrics.binomial_intervals import wilson
from phm_diabetes.metrics.shares import share, share_against_need


def test_each_interval_is_wilsons_with_the_error_shared_between_the_groups():
    counts = np.array([10, 30, 60])
    ours, wilsons = share(counts), wilson(counts, 100, confidence=1 - 0.05 / 3)
    np.testing.assert_allclose(ours[1:], wilsons)


def test_each_row_is_a_total_of_its_own():
    rows = np.array([[10, 30, 60], [5, 5, 5]])
    together = share(rows, confidence=[0.95, 0.998])
    assert together.lower.shape == (2, 2, 3)
    for row in range(2):
        np.testing.assert_allclose(
            together.upper[:, row], share(rows[row], confidence=[0.95, 0.998]).upper
        )


def test_a_missing_group_leaves_its_total_and_so_every_share_unknown():
    found = share(np.array([[10, np.nan, 60], [10, 30, 60]]))
    assert np.isnan(found.value[0]).all()
    assert np.isfinite(found.value[1]).all()


def test_a_lone_group_has_all_of_it_for_certain():
    assert [part.tolist() for part in share([7])] == [[1.0], [1.0], [1.0]]


def test_nothing_to_share_has_no_shares():
    assert np.isnan(share([0, 0]).value).all()


def test_one_event_a_person_needs_no_widening_and_repeats_do():
    counts = np.array([10.0, 30.0, 60.0, 0.0])
    np.testing.assert_allclose(share(counts, sum_of_squares=counts).lower, share(counts).lower)
    wide, narrow = share(counts, sum_of_squares=counts * 3), share(counts)
    assert (wide.upper > narrow.upper).all()


def test_activity_in_proportion_to_need_is_fair_whatever_the_sizes():
    found = share_against_need([10, 30, 60], [100, 300, 600])
    np.testing.assert_allclose(found.value, 1)
    assert ((found.lower < 1) & (found.upper > 1)).all()


def test_a_group_without_need_has_no_fair_share():
    found = share_against_need([10, 30], [0, 300])
    np.testing.assert_array_equal(np.isnan(found.value), [True, False])


def test_all_intervals_hold_together_as_often_as_they_say():
    truth = np.array([0.05, 0.1, 0.15, 0.3, 0.4])
    drawn = np.random.default_rng(2).multinomial(150, truth, 3000)
    _, lower, upper = share(drawn)
    assert np.mean(((lower <= truth) & (truth <= upper)).all(axis=1)) >= 0.94
