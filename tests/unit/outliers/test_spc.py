"""Control charts: limits, rules and words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.outliers.assurance import target_assurance
from phm_diabetes.outliers.attribute_charts import c_limits, p_limits, u_limits
from phm_diabetes.outliers.control_limits import MONTGOMERY, NHS, moving_range_limits, segments
from phm_diabetes.outliers.cumulative_sums import likelihood_cusum, tabular_cusum
from phm_diabetes.outliers.run_chart import run_signals
from phm_diabetes.outliers.spc_rules import one_side, trend, two_of_three
from phm_diabetes.outliers.special_causes import RULES, find_special_causes

series = arrays(np.float64, st.integers(1, 40), elements=st.integers(-50, 50).map(float))


@given(values=series)
def test_a_series_upside_down_has_high_and_low_exchanged(values):
    up, down = (
        find_special_causes(each, moving_range_limits(each)).fired for each in (values, -values)
    )
    assert (up[0::2] == down[1::2]).all()
    assert (up[1::2] == down[0::2]).all()


@given(values=series, power=st.integers(-5, 5))
def test_another_unit_of_measurement_changes_no_flag(values, power):
    scaled = values * 2.0**power
    first, second = (
        find_special_causes(each, moving_range_limits(each)).words for each in (values, scaled)
    )
    assert (first == second).all()


@given(values=st.lists(series, min_size=1, max_size=4))
def test_many_series_at_once_are_each_as_alone(values):
    length = max(map(len, values))
    table = np.full((len(values), length), np.nan)
    for row, one in zip(table, values, strict=True):
        row[: len(one)] = one
    together = find_special_causes(table, moving_range_limits(table))
    for number, one in enumerate(values):
        alone = find_special_causes(one, moving_range_limits(one))
        assert (together.fired[:, number, : len(one)] == alone.fired).all()
        assert not together.flagged[number, len(one) :].any()


@given(values=series, cut=st.integers(1, 39))
def test_a_rebased_series_is_two_series(values, cut):
    if cut >= len(values):
        return
    lines = moving_range_limits(values, rebase=[cut])
    causes = find_special_causes(values, lines, rebase=[cut])
    for part in (slice(None, cut), slice(cut, None)):
        alone = moving_range_limits(values[part])
        np.testing.assert_array_equal(lines.upper[part], alone.upper)
        assert (causes.fired[:, part] == find_special_causes(values[part], alone).fired).all()


def test_all_rules_that_fired_at_a_point_are_named_first_to_last():
    values = [0.0] * 12 + [1, 2, 3, 4, 5, 6, 30]
    causes = find_special_causes(values, moving_range_limits(values))
    assert causes.words[-1] == "above the upper limit; 7 points rising"
    assert causes.words[0] == "below the lower limit; 7 points below the mean"
    assert causes.direction[[0, -1]].tolist() == [-1, 1]


def test_no_rule_fires_and_no_word_is_said_in_a_quiet_series():
    values = [5, 7, 6, 8, 6, 7, 5, 8]
    causes = find_special_causes(values, moving_range_limits(values))
    assert not causes.flagged.any()
    assert set(causes.words) == {""}
    assert set(causes.direction.tolist()) == {0}


def test_a_turning_point_belongs_to_the_rise_and_to_the_fall():
    values = [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    rising, falling = trend(values)
    assert rising.tolist() == [True] * 7 + [False] * 6
    assert falling.tolist() == [False] * 6 + [True] * 7


def test_a_missing_point_ends_a_run_and_a_trend():
    gap = [1, 2, 3, 4, np.nan, 5, 6, 7]
    assert not trend(gap).any()
    assert not one_side(gap, 0).any()


def test_one_point_is_no_run():
    with pytest.raises(OptionError, match="never fewer than 2"):
        one_side([1, 2], 0, points=1)
    with pytest.raises(OptionError, match="never fewer than 2"):
        trend([1, 2], points=1)


def test_a_point_on_the_mean_ends_a_run():
    assert not one_side([1, 1, 1, 0, 1, 1, 1], 0).any()


def test_two_of_three_are_on_one_side_and_the_third_with_them():
    lines = moving_range_limits([0, 3, 0, 3, 0, 3], width=NHS)._replace(
        centre=np.array(0.0),
        lower=np.array(-3.0),
        upper=np.array(3.0),
        near_lower=np.array(-2.0),
        near_upper=np.array(2.0),
    )
    assert two_of_three([2.5, 1, 2.5], lines)[0].tolist() == [True, False, True]
    assert not two_of_three([2.5, -1, 2.5], lines).any()
    assert not two_of_three([2.5, 0.5, -2.5], lines).any()
    assert not two_of_three([3.5, 1, 2.5], lines).any(), "one beyond the limit is not near it"


def test_screening_keeps_one_wild_value_from_hiding_itself():
    values = [5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 30]
    screened, raw = (moving_range_limits(values, screen=each) for each in (True, False))
    assert screened.upper[0] < raw.upper[0]


def test_montgomerys_width_is_a_shade_less_than_the_nhss():
    assert NHS > MONTGOMERY > 2.659


def test_limits_need_two_neighbours():
    lonely = moving_range_limits([1, np.nan, 2, np.nan, 3])
    assert (lonely.centre == 2).all()
    assert np.isnan(lonely.upper).all()
    assert np.isnan(moving_range_limits([np.nan, np.nan]).centre).all()


@pytest.mark.parametrize("rebase", [[0], [4], [3, 2], [-1], [2, 2]])
def test_a_rebasing_outside_the_series_is_refused(rebase):
    with pytest.raises(OptionError, match="increasing, from 1 to 3"):
        segments(4, rebase)


def test_a_baseline_of_no_points_is_refused():
    for chart in (moving_range_limits, c_limits):
        with pytest.raises(OptionError, match="baseline is 0"):
            chart([1, 2, 3], baseline=0)


def test_assurance_is_in_words_and_depends_on_which_way_is_better():
    given: dict[str, Any] = {
        "lower": [60, 75, 81, np.nan],
        "upper": [75, 80, 95, np.nan],
        "target": 80,
    }
    up = target_assurance(**given, higher_is_better=True)
    down = target_assurance(**given, higher_is_better=False)
    assert up.tolist() == ["won't", "inconsistent", "will", "cannot tell"]
    assert down.tolist() == ["will", "inconsistent", "won't", "cannot tell"]


def test_limits_of_proportions_and_rates_stay_where_they_can_be():
    limits = p_limits([0, 1, 5, np.nan, 9], [5, 5, 5, 5, 5])
    assert limits.lower.min() >= 0
    assert limits.upper.max() <= 1
    assert u_limits([0, 1], [5, 0]).lower.tolist()[0] == 0
    assert np.isnan(u_limits([0, 1], [5, 0]).upper).tolist() == [False, True]


def test_laneys_limits_are_wider_where_the_points_spread_more_than_chance():
    random = np.random.default_rng(1)
    n = np.full(40, 5000)
    x = random.binomial(n, np.clip(random.normal(0.2, 0.03, 40), 0, 1))
    plain = p_limits(x, n)
    for laney in ("moving_range", "standard_deviation"):
        wide = p_limits(x, n, laney=laney)
        assert (wide.upper > plain.upper).all()
    with pytest.raises(OptionError, match="Pass moving_range"):
        p_limits(x, n, laney="prime")  # type: ignore[arg-type]


def test_montgomerys_shift_of_one_deviation_is_seen_at_the_twenty_ninth_value():
    values = """9.45 7.99 9.29 11.66 12.16 10.18 8.04 11.46 9.20 10.34 9.03 11.47 10.51 9.40 10.08
        9.37 10.62 10.31 8.52 10.84 10.90 9.33 12.29 11.50 10.60 11.08 10.38 11.62 11.31 10.52"""
    sums = tabular_cusum(np.array(values.split(), dtype=float) - 10)
    assert (sums.high > 5).nonzero()[0][0] + 1 == 29
    np.testing.assert_allclose(sums.high[28], 5.28)
    assert (sums.low < 5).all()


def test_a_cusum_stands_still_where_nothing_is_known():
    assert tabular_cusum([1, np.nan, 1], allowance=0).high.tolist() == [1, 1, 2]
    odds = likelihood_cusum([9, np.nan, 9], 100, centre=0.05, kind="proportion", ratio=2)
    assert odds[1] == odds[0]


def test_a_likelihood_cusum_rises_for_its_own_shift_only():
    more = likelihood_cusum([20] * 5, 100, centre=0.1, kind="rate", ratio=2)
    fewer = likelihood_cusum([20] * 5, 100, centre=0.1, kind="rate", ratio=0.5)
    assert (np.diff(more) > 0).all()
    assert (fewer == 0).all()
    np.testing.assert_allclose(more[0], 20 * np.log(2) - 10)


def test_bad_choices_of_a_cusum_are_refused():
    with pytest.raises(OptionError, match="allowance"):
        tabular_cusum([1], allowance=-1)
    with pytest.raises(OptionError, match="above 1 to detect a rise"):
        likelihood_cusum([1], [2], centre=0.5, kind="rate", ratio=1)
    with pytest.raises(OptionError, match="Pass one of proportion, rate"):
        likelihood_cusum([1], [2], centre=0.5, kind="mean", ratio=2)  # type: ignore[arg-type]


def test_a_run_chart_is_of_one_series_with_a_value():
    for values in (np.ones((2, 2)), np.array([np.nan])):
        with pytest.raises(StatisticsError, match="one series"):
            run_signals(values)


def test_every_rule_has_its_opposite():
    assert len(RULES) == 8
    assert len(set(RULES)) == 8
