"""Quantiles of deprivation: ties together, the most deprived first, local or national."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.metrics.deprivation import deprivation_quantile

scores = st.lists(st.integers(0, 30), min_size=10, max_size=60)


@given(score=scores)
def test_equal_scores_share_a_group_and_higher_scores_are_never_less_deprived(score):
    group = deprivation_quantile(score, groups=5, most_deprived="highest")
    order = np.argsort(score)
    assert (np.diff(group[order]) <= 0).all()
    for value in set(score):
        assert len(set(group[np.array(score) == value])) == 1


@given(score=scores)
def test_an_imd_rank_is_a_score_turned_round(score):
    by_rank = deprivation_quantile(-np.array(score), groups=10, most_deprived="lowest")
    by_score = deprivation_quantile(score, groups=10, most_deprived="highest")
    np.testing.assert_array_equal(by_rank, by_score)


@given(score=scores, places=st.integers(1, 4))
def test_local_groups_are_those_of_each_place_ranked_alone(score, places):
    value, place = np.array(score), np.arange(len(score)) % places
    together = deprivation_quantile(value, groups=2, most_deprived="highest", within=place)
    for each in range(places):
        alone = deprivation_quantile(value[place == each], groups=2, most_deprived="highest")
        np.testing.assert_array_equal(together[place == each], alone)


def test_areas_without_ties_fall_into_equal_groups():
    group = deprivation_quantile(np.arange(100), groups=10, most_deprived="lowest")
    np.testing.assert_array_equal(np.bincount(group.astype(int))[1:], [10] * 10)
    assert group[0] == 1


def test_places_may_be_named_and_a_place_with_too_few_areas_has_no_groups():
    group = deprivation_quantile(
        [3, 1, 2, 9], groups=2, most_deprived="highest", within=["a", "a", "a", "b"]
    )
    np.testing.assert_array_equal(group, [1, 2, 1, np.nan])


def test_no_areas_and_none_with_a_score_have_no_groups():
    assert deprivation_quantile([], groups=5, most_deprived="lowest").shape == (0,)
    assert np.isnan(deprivation_quantile([np.nan] * 9, groups=5, most_deprived="lowest")).all()


@pytest.mark.parametrize("wrong", [{}, {"most_deprived": "first"}])
def test_the_polarity_must_be_said(wrong):
    with pytest.raises((TypeError, OptionError), match="most_deprived"):
        deprivation_quantile([1, 2, 3], groups=2, **wrong)


def test_too_few_groups_and_too_few_labels_are_refused():
    with pytest.raises(OptionError, match="at least 2 groups"):
        deprivation_quantile([1, 2, 3], groups=1, most_deprived="lowest")
    with pytest.raises(StatisticsError, match="one label for each area"):
        deprivation_quantile([1, 2, 3], groups=2, most_deprived="lowest", within=["a"])
