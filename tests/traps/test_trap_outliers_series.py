"""Traps of control charts that users met in other packages."""

from __future__ import annotations

from phm_diabetes.outliers.control_limits import moving_range_limits
from phm_diabetes.outliers.spc_rules import one_side, trend
from phm_diabetes.outliers.special_causes import find_special_causes
from phm_diabetes.outliers.worst_units import worst_share


def test_a_run_takes_seven_points_not_six_and_not_eight():
    assert not one_side([1] * 6, 0).any()
    assert one_side([1] * 7, 0)[0].all()


def test_a_trend_takes_seven_points_which_are_six_steps():
    assert not trend([1, 2, 3, 4, 5, 6]).any()
    assert trend([1, 2, 3, 4, 5, 6, 7])[0].all()
    assert trend([7, 6, 5, 4, 3, 2, 1])[1].all()


def test_a_falling_trend_above_the_mean_points_down():
    values = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 9, 8, 7, 6, 5, 4.9, 4.8]
    causes = find_special_causes(values, moving_range_limits(values, screen=False))
    assert "7 points falling" in causes.words[-1]
    assert causes.direction[-1] == -1


def test_a_series_without_any_spread_has_limits_and_no_flags():
    values = [5.0] * 15
    lines = moving_range_limits(values, screen=True)
    assert lines.lower.tolist() == lines.upper.tolist() == values
    assert not find_special_causes(values, lines).flagged.any()


def test_one_value_has_no_limits_and_no_flags():
    lines = moving_range_limits([3.0])
    assert not find_special_causes([3.0], lines).flagged.any()


def test_a_tie_does_not_put_half_of_the_practices_in_the_worst_tenth():
    assert not worst_share([100.0] * 43, higher_is_worse=True).any()
