"""Detectors of series: XmR and Cusum over like periods, and what each point is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.planted import card, counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import (
    DefinitionMismatchError,
    DoubleCountError,
    OptionError,
    UnlikeError,
)
from phm_diabetes.outliers import Cusum, XmR
from phm_diabetes.outliers.control_limits import moving_range_limits
from phm_diabetes.outliers.cumulative_sums import tabular_cusum
from phm_diabetes.outliers.special_causes import find_special_causes

CARD = card()
LEVEL = [50, 54, 51, 55, 50, 54, 50, 55, 51, 53, 52, 54]
MONTHS = [f"{year}-{month:02}-01" for year in (2021, 2022) for month in range(1, 13)]


def monthly(values, code="Y99001", first=0, make=row, **cells):
    ends = [*MONTHS[1:], "2023-01-01"]
    return [
        make(
            code,
            value,
            100,
            period_start=MONTHS[first + place],
            period_end=str(np.datetime64(ends[first + place]) - np.timedelta64(1, "D")),
            **cells,
        )
        for place, value in enumerate(values)
        if value is not None
    ]


def estimated(rows, of=CARD):
    return phm.estimate(counts(*rows), measures=[of])


def in_time(flags, code="Y99001"):
    return flags[flags["org_code"] == code].sort_values("period_start")


def xmr(of=CARD, **settings):
    return XmR(measures=[of], **settings)


def rules(flags):
    return in_time(flags)["why"].str.removeprefix("special cause to look into: ").tolist()


@pytest.mark.parametrize("last", [60, 90, 10])
def test_the_rule_that_fired_is_named_at_each_point(last):
    series = [*LEVEL, last, 53, 54, 55, 56, 57, 58, 59, 60]
    flags = xmr()(estimated(monthly(series)))
    share = np.array(series) / 100
    causes = find_special_causes(share, moving_range_limits(share))
    assert rules(flags) == causes.words.tolist()
    assert in_time(flags)["flagged"].tolist() == causes.flagged.tolist()


def test_each_organisation_has_a_series_of_its_own():
    table = estimated([*monthly(LEVEL), *monthly([9, *LEVEL[1:]], code="Y99002")])
    alone = xmr()(estimated(monthly(LEVEL)))
    together = xmr()(table)
    assert in_time(together)["score"].tolist() == in_time(alone)["score"].tolist()


def test_limits_from_fewer_than_twelve_points_are_trial_limits_and_the_caveat_says_so():
    short, enough = (xmr()(estimated(monthly(LEVEL[:size]))) for size in (11, 12))
    assert (short["caveat"] == "Trial limits: made from 11 points, fewer than 12.").all()
    assert (enough["caveat"] == "").all()


def test_one_point_has_no_limits_to_be_told_by():
    flags = xmr()(estimated(monthly([50])))
    assert flags["flagged"].isna().all()
    assert flags["why"].tolist() == ["no two neighbouring points to make limits from"]


def test_a_rebased_series_is_worked_out_afresh_from_the_day():
    series = [*LEVEL, *(each + 30 for each in LEVEL)]
    straight = xmr()(estimated(monthly(series)))
    rebased = xmr(rebase=["2022-01-01"])(estimated(monthly(series)))
    assert straight["flagged"].any()
    assert not rebased["flagged"].any()
    lines = xmr(rebase=["2022-01-01"]).limits(estimated(monthly(series)))
    np.testing.assert_allclose(lines["centre"].to_numpy()[-1] - lines["centre"].to_numpy()[0], 0.3)


def test_a_day_outside_every_series_cannot_rebase_it():
    for day in ("2019-01-01", "2024-01-01", "2021-01-01"):
        with pytest.raises(OptionError, match="before or after every series"):
            xmr(rebase=[day])(estimated(monthly(LEVEL)))


def test_a_baseline_is_held_for_the_points_after_it():
    series = [*LEVEL, 70, 71, 72]
    lines = xmr(baseline=12).limits(estimated(monthly(series)))
    share = np.array(LEVEL) / 100
    np.testing.assert_allclose(lines["upper_limit"], moving_range_limits(share).upper[0])
    assert set(lines["points"]) == {12}
    assert xmr(baseline=12)(estimated(monthly(series)))["flagged"].tolist()[-3:] == [True] * 3


def test_a_series_that_begins_late_is_judged_from_where_it_begins():
    late = monthly(LEVEL[:8], code="Y99002", first=12)
    table = estimated([*monthly([*LEVEL, *LEVEL]), *late])
    flags = in_time(xmr(baseline=8)(table), "Y99002")
    alone = in_time(xmr(baseline=8)(estimated(late)), "Y99002")
    assert flags["score"].tolist() == alone["score"].tolist()


def test_a_partial_period_among_full_ones_is_refused():
    part = row("Y99001", 20, 100, period_start="2022-01-01", period_end="2022-03-31")
    with pytest.raises(UnlikeError, match="mixes periods of 1 and 3 months"):
        xmr()(estimated([*monthly(LEVEL), part]))


def test_periods_at_uneven_steps_are_refused():
    days = [("2021-01-01", "2021-01-31"), ("2021-03-01", "2021-03-31")]
    days += [("2021-04-01", "2021-04-30"), ("2021-06-01", "2021-06-30")]
    rows = [row("Y99001", 50, 100, period_start=one, period_end=end) for one, end in days]
    assert len(xmr()(estimated(rows))) == 4
    weeks = [("2021-01-04", "2021-01-10"), ("2021-01-11", "2021-01-17")]
    weeks += [("2021-01-22", "2021-01-28")]
    rows = [row("Y99001", 50, 100, period_start=one, period_end=end) for one, end in weeks]
    with pytest.raises(UnlikeError, match="uneven steps of 7 and 11 days"):
        xmr()(estimated(rows))


def test_a_period_without_a_row_keeps_its_place_and_ends_a_run():
    rising = [50, 51, 52, 53, 54, 55, 56]
    whole = xmr()(estimated(monthly([*LEVEL, *rising])))
    gap = xmr()(estimated(monthly([*LEVEL, 50, 51, 52, None, 54, 55, 56])))
    assert "rising" in rules(whole)[-1]
    assert "rising" not in rules(gap)[-1]


def test_overlapping_windows_are_told_apart_from_independent_ones():
    rows = [
        row(
            "Y99001",
            50 + year % 3,
            100,
            period_start=f"{year}-01-01",
            period_end=f"{year + 1}-03-31",
        )
        for year in range(2010, 2023)
    ]
    flags = xmr()(estimated(rows))
    assert flags["caveat"].str.contains("Periods overlap by 3 months").all()


def test_a_definition_that_changes_is_refused_until_a_reason_allows_it():
    rows = [*monthly(LEVEL), *monthly(LEVEL, first=12, definition="planted:2")]
    with pytest.raises(DefinitionMismatchError, match="changes definition between periods"):
        xmr()(estimated(rows))
    flags = xmr(allow_mixed="the wording moved")(estimated(rows))
    assert flags["caveat"].str.contains("Definitions differ: the wording moved").all()
    assert not flags["caveat"].str.contains("Trial").any()


def test_two_definitions_side_by_side_are_two_series():
    rows = [*monthly(LEVEL), *monthly([9, *LEVEL[1:]], definition="planted:2")]
    flags = xmr()(estimated(rows))
    own = flags[flags["definition"] == "planted:1"]
    assert own["score"].tolist() == xmr()(estimated(monthly(LEVEL)))["score"].tolist()


def test_two_figures_of_one_period_are_not_a_series():
    twice = [
        *monthly(LEVEL, basis="published"),
        *monthly(LEVEL[:2], basis="rolled_up"),
    ]
    with pytest.raises(DoubleCountError, match="2 points of a series of copd"):
        xmr()(estimated(twice))


def test_a_hidden_point_is_not_told_and_breaks_its_neighbours_ranges():
    rows = [
        *monthly(LEVEL[:11]),
        *monthly([1], first=11, make=lambda code, _, n, **cells: hidden(code, 1, 7, n, **cells)),
    ]
    flags = in_time(xmr()(estimated(rows)))
    assert flags["flagged"].isna().tolist() == [False] * 11 + [True]
    assert flags["caveat"].str.contains("11 points").all()


def test_rounding_of_a_series_is_drawn_from_all_its_points():
    exact = xmr()(estimated(monthly([*LEVEL, 90])))
    rounded = xmr()(estimated(monthly([50, 55] * 6 + [90], make=to_fives)))
    assert set(exact["rounding"]) == {"holds"}
    assert in_time(rounded)["rounding"].tolist()[-1] == "likely holds"
    near = xmr()(estimated(monthly([50, 55] * 6 + [66], make=to_fives)))
    assert in_time(near)["rounding"].tolist()[-1] == "may change"


@pytest.mark.parametrize(
    ("target", "words"), [(0.3, "will"), (0.8, "won't"), (0.52, "inconsistent")]
)
def test_a_process_that_goes_on_will_or_will_not_meet_its_target(target, words):
    lines = xmr(target=target).limits(estimated(monthly(LEVEL)))
    assert set(lines["assurance"]) == {words}


def test_assurance_turns_round_where_lower_is_better_and_is_silent_where_neither_is():
    lower, neither = card(polarity="lower"), card(polarity="neither")
    table = estimated(monthly(LEVEL))
    assert set(xmr(lower, target=0.3).limits(table)["assurance"]) == {"won't"}
    assert set(xmr(neither, target=0.3).limits(table)["assurance"]) == {""}
    assert set(xmr(target={CARD.id: 0.3}).limits(table)["assurance"]) == {"will"}


def cusum(**settings: Any):
    usual: dict[str, Any] = {"errors": "chance", "target": 0.5, "measures": [CARD]}
    return Cusum(**(usual | settings))


def test_a_cusum_needs_a_target_or_a_baseline():
    with pytest.raises(OptionError, match="about its own whole mean"):
        Cusum(errors="chance")
    with pytest.raises(TypeError, match="errors"):
        Cusum(target=0.5)  # type: ignore[call-arg]


def test_a_planted_step_is_found_within_three_points():
    chance = np.random.default_rng(11)
    step = [int(chance.binomial(100, 0.5)) for _ in range(12)]
    step += [int(chance.binomial(100, 0.66)) for _ in range(6)]
    flags = in_time(cusum()(estimated(monthly(step))))
    assert not flags["flagged"][:12].any()
    assert flags["flagged"].to_numpy()[12:15].any()
    assert flags["direction"].to_numpy()[14] == "high"


def test_flat_noise_raises_no_alert_in_950_of_1000_series():
    chance = np.random.default_rng(5)
    alerted = 0
    noise = chance.binomial(100, 0.5, (1000, 24))
    rows = [each for place, series in enumerate(noise) for each in monthly(series, f"P{place:05}")]
    flags = cusum()(estimated(rows))
    alerted = flags.groupby("org_code", observed=True)["flagged"].any().sum()
    assert 1000 - alerted >= 950


def test_a_baseline_stands_for_the_target():
    series = [*LEVEL, 70, 70, 70]
    by_range = in_time(
        cusum(errors="moving_range", target=None, baseline=12)(estimated(monthly(series)))
    )
    share = np.array(series) / 100
    limits = moving_range_limits(share[:12], width=1 / 1.128)
    sigma = limits.upper[0] - limits.centre[0]
    sums = tabular_cusum((share - share[:12].mean()) / sigma)
    np.testing.assert_allclose(by_range["score"].abs(), np.maximum(sums.high, sums.low))
    by_chance = in_time(cusum(target=None, baseline=12)(estimated(monthly(series))))
    assert by_chance["flagged"].tolist()[-2:] == [True, True]


def test_a_fall_scores_below_zero():
    flags = in_time(cusum()(estimated(monthly([20] * 4))))
    assert (flags["score"] < 0).all()
    assert flags["direction"].tolist()[-1] == "low"
    assert flags["why"].tolist()[-1] == "special cause to look into: a lasting fall adds up"


def test_the_sums_stand_still_at_a_missing_point():
    gap = in_time(cusum()(estimated(monthly([60, None, 60]))))
    whole = in_time(cusum()(estimated(monthly([60, 60]))))
    assert gap["score"].tolist() == whole["score"].tolist()


def test_points_without_spread_cannot_be_measured_in_moving_ranges():
    flags = cusum(errors="moving_range")(estimated(monthly([50] * 5)))
    assert flags["flagged"].isna().all()
    assert flags["why"].str.contains("no spread").all()


def test_by_chance_repeat_events_need_their_squares():
    events = card(kind="rate", unit="events")
    table = estimated(monthly([60] * 4), events)
    flags = Cusum(errors="chance", target=0.5, measures=[events])(table)
    assert set(flags["why"]) == {"no sum of squares per person: an interval would be too narrow"}
    by_range = Cusum(errors="moving_range", baseline=2, measures=[events])(
        estimated(monthly(LEVEL), events)
    )
    assert by_range["flagged"].notna().all()


def test_a_measure_without_a_target_says_so():
    flags = cusum(target={"other.measure": 0.1})(estimated(monthly(LEVEL)))
    assert set(flags["why"]) == {"no target was given for this measure"}
