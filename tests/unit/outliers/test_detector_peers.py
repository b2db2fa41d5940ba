"""Detectors that hold a unit against its peers, and the comparator it was compared with."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planted import card, counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.outliers import (
    BelowBenchmark,
    PercentileBand,
    RobustZ,
    TukeyFence,
    WorstDecile,
    persistent,
)
from phm_diabetes.outliers.robust_scores import percentile_band, robust_z, tukey_fence
from phm_diabetes.outliers.worst_units import worst_share

CARD = card()
COUNTS = [44, 46, 47, 48, 49, 50, 51, 52, 53, 55, 56, 47, 49, 51, 53, 5, 96, 50, 52, 48]


def practices(given, **cells):
    return [row(f"Y99{place:03}", count, 100, **cells) for place, count in enumerate(given)]


def estimated(rows, of=CARD):
    return phm.estimate(counts(*rows), measures=[of])


def flagged(detector, rows, of=CARD):
    return detector(estimated(rows, of))["flagged"].tolist()


def test_robust_z_is_that_of_the_arrays():
    flags = RobustZ(measures=[CARD])(estimated(practices(COUNTS)))
    scores = robust_z(np.array(COUNTS) / 100)
    np.testing.assert_allclose(flags["score"], scores)
    assert flags["flagged"].tolist() == (np.abs(scores) > 3.5).tolist()


def test_a_tukey_fence_is_that_of_the_arrays():
    values = np.array(COUNTS) / 100
    fence = tukey_fence(values)
    outside = (values < fence.lower) | (values > fence.upper)
    assert flagged(TukeyFence(measures=[CARD]), practices(COUNTS)) == outside.tolist()


def test_a_percentile_band_is_that_of_the_arrays():
    values = np.array(COUNTS) / 100
    band = percentile_band(values, share=0.8)
    outside = (values < band.lower) | (values > band.upper)
    assert (
        flagged(PercentileBand(share=0.8, measures=[CARD]), practices(COUNTS)) == outside.tolist()
    )


@pytest.mark.parametrize("polarity", ["higher", "lower"])
def test_the_worst_tenth_is_that_of_the_arrays_on_the_side_that_the_card_calls_worse(polarity):
    of = card(polarity=polarity)
    flags = WorstDecile(measures=[of])(estimated(practices(COUNTS), of))
    worst = worst_share(COUNTS, higher_is_worse=polarity == "lower")
    assert flags["flagged"].tolist() == worst.tolist()
    assert set(flags.loc[worst, "direction"]) == {"low" if polarity == "higher" else "high"}
    assert (flags["score"].abs() >= 0.9).tolist() == worst.tolist()


def test_a_measure_without_a_worse_side_has_no_worst_tenth():
    of = card(polarity="neither")
    flags = WorstDecile(measures=[of])(estimated(practices(COUNTS), of))
    assert flags["flagged"].isna().all()
    assert set(flags["why"]) == {"neither way is worse for this measure"}


@pytest.mark.parametrize("detector", [RobustZ, TukeyFence, PercentileBand, WorstDecile])
def test_fewer_than_ten_peers_tell_nothing(detector):
    nine = [*practices(COUNTS[:9]), hidden("Y99901", 1, 7, 100)]
    flags = detector(measures=[CARD])(estimated(nine))
    assert flags["flagged"].isna().all()
    assert flags["why"].tolist()[0] == "9 units have a figure, and peers are at least 10"


def test_there_is_no_fence_where_most_units_share_one_value():
    flags = TukeyFence(measures=[CARD])(estimated(practices([0] * 15 + [3, 4])))
    assert set(flags["why"]) == {
        "the middle half of the units share one value, so there is no fence"
    }


@pytest.mark.parametrize("detector", [RobustZ, TukeyFence, PercentileBand, WorstDecile])
def test_repeat_events_stand_out_only_where_each_persons_part_is_known(detector):
    events = card(kind="rate", unit="events", per=1000, polarity="lower")
    told = flagged(detector(measures=[events]), practices(COUNTS, numerator_ss=90.0), events)
    assert told.count(True) >= 1
    flags = detector(measures=[events])(estimated(practices(COUNTS), events))
    assert flags["flagged"].isna().all()
    assert set(flags["why"]) == {"no sum of squares per person: an interval would be too narrow"}


def test_peers_are_those_of_one_level_and_period():
    other = practices([90] * 12, period_start="2023-04-01", period_end="2024-03-31")
    alone = RobustZ(measures=[CARD])(estimated(practices(COUNTS)))
    both = RobustZ(measures=[CARD])(estimated([*practices(COUNTS), *other]))
    now = both["period_end"] == "2023-03-31"
    assert both.loc[now, "score"].tolist() == alone["score"].tolist()


@pytest.mark.parametrize(
    "detector", [RobustZ(threshold=2, measures=[CARD]), WorstDecile(measures=[CARD])]
)
def test_rounding_holds_peers_as_published_and_moves_the_unit(detector):
    rows = [
        to_fives(f"Y99{place:03}", 5 * round(count / 5), 100) for place, count in enumerate(COUNTS)
    ]
    flags = detector(estimated(rows))
    far = flags.loc[flags["value"].idxmin()]
    assert bool(far["flagged"])
    assert far["rounding"] == "holds"
    assert set(flags["rounding"]) - {"holds"}


def years(series, **cells):
    return [
        row(code, count, 100, period_start=f"{year}-04-01", period_end=f"{year + 1}-03-31", **cells)
        for code, line in series.items()
        for year, count in enumerate(line, start=2018)
        if count is not None
    ]


PEERS = {f"Y99{place:03}": [50 + place] * 4 for place in range(18)}


def test_who_stays_in_the_worst_tenth_is_flagged_once_the_periods_are_in_a_row():
    series = {**PEERS, "Y99901": [10, 10, 10, 10], "Y99902": [12, 90, 12, 12]}
    flags = WorstDecile(persistent=3, measures=[CARD])(estimated(years(series)))
    of = {code: flags.loc[flags["org_code"] == code, "flagged"].tolist() for code in series}
    assert of["Y99901"][2:] == [True, True]
    assert (
        flags.loc[flags["org_code"] == "Y99901", "flagged"].isna().tolist()
        == [True] * 2 + [False] * 2
    )
    assert of["Y99902"][2:] == [False, False]
    assert of["Y99003"] == [False] * 4
    assert flags.loc[flags["flagged"].fillna(value=False), "why"].unique().tolist() == [
        "special cause to look into: flagged 3 periods in a row"
    ]


def test_worst_decile_that_lasts_is_a_persistent_worst_decile():
    series = {**PEERS, "Y99901": [10, 10, 10, 10], "Y99902": [12, 90, 12, 12]}
    table = estimated(years(series))
    own = WorstDecile(persistent=2, measures=[CARD])(table)
    made = persistent(WorstDecile(measures=[CARD]), periods=2, measures=[CARD])(table)
    assert own["flagged"].tolist() == made["flagged"].tolist()
    np.testing.assert_array_equal(own["score"], made["score"])


def test_a_period_left_out_leaves_open_whether_the_row_was_unbroken():
    series = {**PEERS, "Y99901": [10, None, 10, 10], "Y99902": [12, 12, 12, 12]}
    flags = persistent(WorstDecile(measures=[CARD]), periods=3, measures=[CARD])(
        estimated(years(series))
    )
    own = flags[flags["org_code"] == "Y99901"]
    assert own["flagged"].isna().all()
    assert set(own["why"]) == {"not known to be 3 periods in a row"}


def compared(*rows, of=CARD, to="england", **options):
    return phm.compare(estimated(rows, of), to=to, measures=[of], **options)


ENGLAND = row("England", 50_000, 100_000, org_level="england")


def test_below_a_benchmark_is_what_the_interval_of_the_difference_says():
    table = compared(
        row("Y99001", 30, 100), row("Y99002", 45, 100), row("Y99003", 70, 100), ENGLAND
    )
    flags = BelowBenchmark(by="interval", measures=[CARD])(table)
    assert flags["flagged"].tolist()[:3] == [True, False, False]
    assert flags["flagged"].isna().tolist()[3]
    assert (flags["verdict"][:3] == ["worse", "similar", "better"]).all()
    assert (flags["score"][:3].abs() > 1).tolist() == [True, False, True]


def test_by_the_point_any_shortfall_is_below():
    table = compared(
        row("Y99001", 30, 100), row("Y99002", 49, 100), row("Y99003", 50, 100), ENGLAND
    )
    assert BelowBenchmark(by="point")(table)["flagged"].tolist()[:3] == [True, True, False]
    with pytest.raises(TypeError, match="by"):
        BelowBenchmark()  # type: ignore[call-arg]


def test_worse_turns_round_with_the_measure_and_below_does_not():
    lower = card(polarity="lower")
    table = compared(row("Y99001", 30, 100), row("Y99002", 70, 100), ENGLAND, of=lower)
    worse = BelowBenchmark(by="interval", side="worse", measures=[lower])(table)
    below = BelowBenchmark(by="interval", measures=[lower])(table)
    assert worse["flagged"].tolist()[:2] == [False, True]
    assert below["flagged"].tolist()[:2] == [True, False]
    assert BelowBenchmark(by="interval", side="above")(table)["flagged"].tolist()[:2] == [
        False,
        True,
    ]


def test_a_measure_without_a_worse_side_asks_for_below_or_above():
    neither = card(polarity="neither")
    table = compared(row("Y99001", 30, 100), ENGLAND, of=neither)
    flags = BelowBenchmark(by="interval", side="worse", measures=[neither])(table)
    assert (
        flags["why"].tolist()[0] == "neither way is worse for this measure: ask for below or above"
    )


def test_a_benchmark_keeps_the_words_on_rounding_and_the_caveat_of_the_comparison():
    table = compared(to_fives("Y99001", 40, 100), row("Y99002", 45, 100), ENGLAND)
    flags = BelowBenchmark(by="interval")(table)
    assert flags["rounding"].tolist()[:2] == table["rounding"].tolist()[:2]
    assert flags["caveat"].tolist() == table["caveat"].tolist()
    by_point = BelowBenchmark(by="point")(
        compared(to_fives("Y99001", 50, 100), to_fives("Y99002", 10, 100), ENGLAND)
    )
    assert by_point["rounding"].tolist()[:2] == ["may change", "holds"]


def test_a_row_without_a_comparator_is_not_told():
    flags = BelowBenchmark(by="interval")(
        compared(row("Y99001", None, 100), row("Y99002", 45, 100), ENGLAND)
    )
    assert flags["why"].tolist()[0] == "count is missing"
    assert flags["why"].tolist()[2] == "not compared: it has no comparator, or no interval"
