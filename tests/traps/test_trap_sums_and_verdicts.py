"""Traps that spreadsheets fell into, each by name: sums, hidden numbers, verdicts and periods."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from tests.planted import card, counts, geography, hidden, memberships, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import DoubleCountError, GeographyError, UnlikeError

SMALL, LARGE, THIRD = "Y99001", "Y99002", "Y99003"
CARD = card()
GEO = geography({SMALL: {"pcn": "U1"}, LARGE: {"pcn": "U1"}, THIRD: {"pcn": "U2"}})


def pcn(table, geo=GEO) -> Any:
    """Return the figure of PCN U1."""
    sums = geo.roll_up(table, to="pcn", as_at="period_end")
    return phm.estimate(sums, measures=[CARD]).set_index("org_code").loc["U1"]


def test_trap_mean_of_rates_is_not_the_rate_of_the_sums():
    table = counts(row(SMALL, 9, 10), row(LARGE, 100, 1000))
    rates = phm.estimate(table, measures=[CARD])["value"]
    assert pcn(table)["value"] == 109 / 1010
    assert pcn(table)["value"] != rates.mean()


def test_trap_all_is_never_summed_with_its_parts():
    rows = [
        row(SMALL, count, 50, sex=sex) for sex, count in (("all", 10), ("female", 4), ("male", 6))
    ]
    assert phm.estimate(counts(*rows), measures=[CARD])["numerator"].tolist() == [10]
    with pytest.raises(DoubleCountError):
        phm.estimate(counts(*rows, row(LARGE, 5, 50, sex="female")), measures=[CARD])


def test_trap_suppressed_is_never_read_as_zero():
    table = counts(hidden(SMALL, 1, 7, 40), row(LARGE, 20, 60))
    found = pcn(table)
    assert found["numerator"] is pd.NA
    assert (found["value_low"], found["value_high"]) == (0.21, 0.27)


def test_trap_a_missing_row_of_the_source_is_not_a_zero_either():
    table = counts(row(SMALL, None, 40), row(LARGE, 20, 60))
    assert pd.isna(pcn(table)["value"])
    assert pd.isna(pcn(table)["value_high"])


def test_trap_a_rounded_numerator_above_its_denominator_gives_no_figure_above_one():
    table = counts(row(SMALL, 10, 9, numerator_low=8, numerator_high=12))
    only: Any = phm.estimate(table, measures=[CARD]).iloc[0]
    assert pd.isna(only["value"])
    assert "above its denominator" in only["reason"]
    assert (only["value_low"], only["value_high"]) == (8 / 9, 1)
    assert (only["numerator"], only["denominator"]) == (10, 9)  # as published, and not clipped


def test_trap_a_numerator_that_is_more_than_its_denominator_can_be_has_no_bounds_either():
    only = phm.estimate(counts(to_fives(SMALL, 10, 5)), measures=[CARD]).iloc[0]
    assert only[["value", "value_low", "value_high"]].isna().all()


def test_trap_a_qof_year_is_never_compared_with_a_calendar_year():
    calendar = {"period_start": "2022-01-01", "period_end": "2022-12-31"}
    england = row("E92000001", 5000, 10_000, org_level="england", **calendar)
    estimates = phm.estimate(counts(row(SMALL, 80, 100), england), measures=[CARD])
    with pytest.raises(UnlikeError, match=r"of 2022-04-01 .* comparator of 2022-01-01"):
        phm.compare(estimates, to="england", measures=[CARD])
    year = phm.Period.financial_year("2022-23")
    assert not year.is_like(
        phm.Period(start=pd.Timestamp("2022-01-01").date(), end=pd.Timestamp("2022-12-31").date())
    )


def test_trap_a_practice_merged_mid_year_counts_with_its_successor():
    merged = pd.DataFrame(
        {"predecessor": [SMALL], "successor": [LARGE], "date": [pd.Timestamp("2022-10-01")]}
    )
    spells = [
        memberships({SMALL: {"pcn": "U9"}}, end="2022-09-30"),
        memberships({LARGE: {"pcn": "U1"}}),
    ]
    table = counts(row(SMALL, 9, 10), row(LARGE, 100, 1000))
    assert pcn(table, geography(*spells, successors=merged))["denominator"] == 1010
    assert pcn(table, geography(*spells))["denominator"] == 1000  # and the other is unmapped
    split = geography(*spells, successors=pd.concat([merged, merged.assign(successor=THIRD)]))
    with pytest.raises(GeographyError, match="two successors"):
        pcn(table, split)


def test_trap_a_register_is_a_numerator_here_and_a_denominator_there():
    register = card(id="copd.on_register", polarity="neither")
    table = counts(row(SMALL, 40, 1000, measure=register.id), row(SMALL, 30, 40))
    sums = GEO.roll_up(table, to="pcn", as_at="period_end")
    figures = phm.estimate(sums, measures=[CARD, register]).set_index("measure")["value"]
    assert figures.to_dict() == {register.id: 0.04, CARD.id: 0.75}


def test_trap_type_one_type_two_and_all_overlap():
    rows = [
        row(SMALL, count, 50, subtype=kind)
        for kind, count in (("all", 10), ("type_1", 1), ("type_2_and_other", 9))
    ]
    with pytest.raises(DoubleCountError, match="subtype"):
        phm.estimate(counts(*rows), measures=[CARD])
    chosen = counts(*rows)
    chosen = phm.estimate(chosen[chosen["subtype"] == "type_1"], measures=[CARD])
    assert chosen["subtype"].tolist() == ["type_1"]


def test_trap_a_lower_is_better_measure_is_not_better_when_it_is_high():
    england = row("E92000001", 5000, 10_000, org_level="england")
    for polarity, word in (("lower", "worse"), ("higher", "better")):
        cards = [card(polarity=polarity)]
        estimates = phm.estimate(counts(row(SMALL, 90, 100), england), measures=cards)
        assert phm.compare(estimates, to="england", measures=cards)["verdict"].iloc[0] == word


def test_trap_a_tiny_denominator_is_no_outlier():
    england = row("E92000001", 5000, 10_000, org_level="england")
    table = counts(row(SMALL, 1, 1), row(LARGE, 0, 2), england)
    found = phm.compare(phm.estimate(table, measures=[CARD]), to="england", measures=[CARD])
    assert found["verdict"].tolist() == ["similar", "similar", "not compared"]


def test_trap_adjusted_patients_are_never_subtracted_a_second_time():
    table = counts(row(SMALL, 30, 40, excluded=10), row(LARGE, 60, 100, excluded=5))
    found = pcn(table)
    assert (found["denominator"], found["excluded"]) == (140, 15)
    assert found["value"] == 90 / 140


def test_trap_adjusted_patients_that_are_not_known_are_not_none():
    table = counts(row(SMALL, 30, 40, excluded=10), row(LARGE, 60, 100))
    assert pcn(table)["excluded"] is pd.NA


def test_trap_a_code_with_a_trailing_space_is_listed_and_never_dropped():
    table = counts(row(SMALL, 9, 10), row(LARGE + " ", 100, 1000))
    sums = GEO.roll_up(table, to="pcn", as_at="period_end").set_index("org_code")["denominator"]
    assert sums.to_dict() == {"U1": 10, "unmapped": 1000}
    placed = GEO.placements(table, to="pcn", as_at="period_end").set_index("org_code")["status"]
    assert placed[LARGE + " "] == "unmapped"


def test_trap_fifths_of_two_vintages_of_deprivation_are_never_joined():
    rows = [row(SMALL, 1, 10, imd_quintile=f"2019:{fifth}") for fifth in range(1, 6)]
    assert phm.estimate(counts(*rows), measures=[CARD])["numerator"].tolist() == [5]
    rows[4]["imd_quintile"] = "2025:5"
    with pytest.raises(DoubleCountError, match="imd_quintile"):
        phm.estimate(counts(*rows), measures=[CARD])


def test_trap_counts_after_their_sum_are_never_counted_again():
    table = counts(row(SMALL, 9, 10), row(LARGE, 100, 1000))
    both = pd.concat([table, GEO.roll_up(table, to="pcn", as_at="period_end")])
    with pytest.raises(DoubleCountError, match="2 levels"):
        GEO.roll_up(both, to="pcn", as_at="period_end")
