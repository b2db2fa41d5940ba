"""Slope and relative indices: groups in order, withheld where they would mislead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.metrics.gradient import linearity, relative_rank, to_scale
from phm_diabetes.metrics.gradient_basis import GradientBasis
from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.metrics.slope import reason_no_slope, relative_index, slope_index

if TYPE_CHECKING:
    from phm_diabetes.metrics.gradient import ValueKind

LINE = np.array([70.0, 72, 75, 77, 80])
PEOPLE = np.array([100.0, 150, 120, 90, 200])
ERROR = np.full(5, 0.8)


def why(value, *, error=None, kind: ValueKind = "mean", events=None, only_if_linear=True):
    code = reason_no_slope(
        value, PEOPLE, ERROR if error is None else error,
        kind=kind, events=events, only_if_linear=only_if_linear,
    )  # fmt: skip
    return Reason(int(code)).words


def test_values_exactly_on_a_line_give_that_line():
    value = 20 + 8 * relative_rank(PEOPLE)
    assert slope_index(value, PEOPLE, ERROR, kind="mean").value == pytest.approx(8)
    assert relative_index(value, PEOPLE, ERROR, kind="mean").value == pytest.approx(28 / 20)


def test_reversing_the_groups_turns_the_slope_round_and_inverts_the_ratio():
    there = slope_index(LINE, PEOPLE, ERROR, kind="mean")
    back = slope_index(LINE[::-1], PEOPLE[::-1], ERROR, kind="mean")
    np.testing.assert_allclose(back, [-there.value, -there.upper, -there.lower])
    there = relative_index(LINE, PEOPLE, ERROR, kind="mean")
    back = relative_index(LINE[::-1], PEOPLE[::-1], ERROR, kind="mean")
    np.testing.assert_allclose(back, [1 / there.value, 1 / there.upper, 1 / there.lower])


def test_the_simulation_agrees_with_the_closed_form_where_logs_are_nearly_normal():
    rate = slope_index(LINE, PEOPLE, ERROR / LINE, kind="rate")
    mean = slope_index(LINE, PEOPLE, ERROR, kind="mean")
    np.testing.assert_allclose(rate, mean, atol=0.05)


def test_the_same_seed_gives_the_same_bounds_and_another_seed_others():
    given = LINE / 100, PEOPLE, ERROR / 100
    first, again, other = (
        slope_index(*given, kind="proportion", repetitions=2000, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first.lower != other.lower


def test_an_area_has_the_same_result_alone_and_among_others():
    rows = np.stack([LINE, LINE * 1.1, LINE * 0.9])
    together, alone = (
        slope_index(given, PEOPLE, ERROR / LINE, kind="rate", repetitions=2000,
                    confidence=[0.95, 0.998])
        for given in (rows, rows[1])
    )  # fmt: skip
    np.testing.assert_allclose(together.lower[:, 1], alone.lower)
    assert together.upper.shape == (2, 3)


def test_a_multiplier_scales_value_and_bounds():
    one, hundred = (slope_index(LINE, PEOPLE, ERROR, kind="mean", per=per) for per in (1, 100))
    np.testing.assert_allclose(hundred, np.array(one) * 100)


def test_four_groups_are_too_few():
    with pytest.raises(StatisticsError, match="at least 5 groups"):
        slope_index([1, 2, 3, 4], [1, 1, 1, 1], 0.1, kind="mean")


@pytest.mark.parametrize("kind", ["money", None])
def test_an_unknown_kind_is_refused_by_name(kind):
    with pytest.raises(OptionError, match="'mean', 'rate' or 'proportion'"):
        to_scale([1.0], kind)


def test_a_slope_is_withheld_with_its_reason():
    assert why(LINE) == ""
    assert why([70, np.nan, 75, 77, 80]) == "a group has no value or no error"
    assert why(LINE, error=0) == "a group has no value or no error"
    assert why(LINE, events=[10, 9, 10, 10, 10]) == "a group has fewer than 10 events"
    assert why([0, 1, 2, 3, 4], kind="rate") == "a group's value has no log or logit"
    assert why([0.5, 0.6, 0.7, 0.8, 1.0], kind="proportion") == (
        "a group's value has no log or logit"
    )
    assert why([90, 70, 60, 70, 90]) == "the groups do not lie on a line"
    assert why([90, 70, 60, 70, 90], only_if_linear=False) == ""


def test_an_area_with_a_reason_is_set_aside_and_the_others_computed():
    rows = np.stack([LINE, [90, 70, 60, 70, 90], [70, np.nan, 75, 77, 80]])
    for verb in (slope_index, relative_index):
        for kind in ("mean", "rate"):
            found = verb(rows, PEOPLE, ERROR / (1 if kind == "mean" else 75), kind=kind,
                         repetitions=1000)  # fmt: skip
            np.testing.assert_array_equal(np.isnan(found.value), [False, True, True])
            np.testing.assert_array_equal(np.isnan(found.upper), [False, True, True])


def test_a_ratio_needs_a_line_above_zero_at_both_ends():
    falling = 4 - 8 * relative_rank(PEOPLE)
    assert np.isnan(relative_index(falling, PEOPLE, ERROR, kind="mean").value)
    assert slope_index(falling, PEOPLE, ERROR, kind="mean").value == pytest.approx(-8)


def test_small_areas_may_stray_from_the_line_by_chance():
    assert not linearity([90, 70, 60, 70, 90], PEOPLE, 1).holds
    assert linearity([90, 70, 60, 70, 90], PEOPLE, 30).holds


def test_a_steep_line_with_a_slight_bend_still_holds_in_a_large_area():
    bend = linearity([60, 68.5, 75, 82, 90], PEOPLE, 0.01)
    assert bend.p_value < 0.01
    assert bend.holds


def test_a_gradient_over_practices_is_never_called_patients_deprivation():
    practices = GradientBasis(unit="practices", quantiles="local", groups=5, vintage="IMD2019")
    people = GradientBasis(unit="people", quantiles="national", groups=10, vintage="IoD2025")
    assert str(practices).startswith("Ecological: practices in 5 local groups by IMD2019; not")
    assert str(people).startswith("Person level: people in 10 national groups")
