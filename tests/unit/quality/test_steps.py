"""Volumes that fall, shares that step and successors that begin late are found at their period."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from attrs import evolve
from tests.planted import facts

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.quality.mergers import succession_gaps
from phm_diabetes.quality.noting import nothing
from phm_diabetes.quality.profiling import profile
from phm_diabetes.quality.steps import share_steps, volume_falls

MONTHS = pd.period_range("2022-04", periods=15, freq="M")
USUAL = [100, 96, 104, 99, 101, 97, 103, 100, 98, 102, 100, 99, 101, 100, 100]


def monthly(seen, code="RZZ", **cells: Any):
    """Return a provider's months; `None` is a month without a row."""
    return [
        {
            "dataset": "local", "measure": "copd.visits", "definition": "local:1",
            "org_level": "provider", "org_code": code, "numerator": number,
            "period_start": f"{month.start_time:%Y-%m-%d}",
            "period_end": f"{month.end_time:%Y-%m-%d}", "source": "a:1", "source_row": spot + 2,
        }
        | cells
        for spot, (month, number) in enumerate(zip(MONTHS, seen, strict=False))
        if number is not None
    ]  # fmt: skip


def counts(*rows):
    return phm.counts_from(list(rows))


def at(numbers, spot, value):
    return [*numbers[:spot], value, *numbers[spot + 1 :]]


def test_a_month_of_less_than_half_the_usual_number_is_found_at_its_row():
    found = volume_falls(counts(*monthly(at(USUAL, 13, 40)), *monthly(USUAL, "RYY")))
    assert found[["rule", "severity", "row"]].to_numpy().tolist() == [
        ["volume steady", "warning", 15]
    ]
    assert "copd.visits from 2023-05-01 is below 50% of the median" in found["message"].iloc[0]
    assert "40" not in found["message"].iloc[0].replace("2023-05-01", "")


def test_a_month_that_others_have_and_a_provider_has_not_is_none():
    found = volume_falls(counts(*monthly(at(USUAL, 13, None)), *monthly(USUAL, "RYY")))
    assert found["message"].tolist() == [
        "provider RZZ: copd.visits from 2023-05-01 is below 50% of the median of the periods before"
    ]


def test_what_is_usual_is_told_from_the_periods_before_and_not_from_those_after():
    assert volume_falls(counts(*monthly([10, 10, 10, 100, 100, 100]))).empty
    assert volume_falls(counts(*monthly([100, 40, 100, 100]))).empty  # one period says nothing


def test_months_before_a_provider_began_are_not_none():
    begun = [None] * 5 + USUAL[5:]
    assert volume_falls(counts(*monthly(begun), *monthly(USUAL, "RYY"))).empty


def test_a_hidden_count_that_could_be_usual_is_not_reported():
    short = [8, 8, 8, 8, 8]
    rows = monthly(short)
    rows[4] |= {"numerator": None, "numerator_low": 1, "numerator_high": 7}
    assert volume_falls(counts(*rows)).empty
    rows[4] |= {"numerator_low": 1, "numerator_high": 3}
    assert len(volume_falls(counts(*rows))) == 1
    rows[4] |= {"numerator_low": 0, "numerator_high": None}
    assert volume_falls(counts(*rows)).empty


def split(remote, **cells: Any):
    whole = [
        *monthly(remote, medium="remote", **cells),
        *monthly([100 - each for each in remote], medium="face_to_face", **cells),
    ]
    return counts(*whole)


def test_a_share_that_steps_from_its_median_is_found_and_one_that_drifts_is_not():
    found = share_steps(split([20, 22, 18, 20, 21, 60]), dimension="medium", level="remote")
    assert found["row"].tolist() == [7]
    assert (
        "share of 'remote' that is over 20 points from the median before"
        in (found["message"].iloc[0])
    )
    drifting = split([20, 24, 28, 32, 36, 40])
    assert share_steps(drifting, dimension="medium", level="remote").empty
    assert len(share_steps(drifting, dimension="medium", level="remote", points=5)) == 3


def test_records_without_a_code_are_a_share_like_any_other():
    rows = [
        *monthly([5, 4, 6, 5, 50], sex="unknown"), *monthly([95, 96, 94, 95, 50], sex="female"),
    ]  # fmt: skip
    assert share_steps(counts(*rows), dimension="sex", level="unknown")["row"].tolist() == [6]


def test_a_share_with_a_hidden_part_is_not_told():
    table = [
        *monthly([20, 22, 18, 20, 60], sex="unknown"), *monthly([80, 78, 82, 80, 40], sex="female"),
    ]  # fmt: skip
    table[-1] |= {"numerator": None, "numerator_low": 1, "numerator_high": 7}
    assert share_steps(counts(*table), dimension="sex", level="unknown").empty


def test_a_dimension_or_level_that_is_not_there_is_refused():
    with pytest.raises(OptionError, match="no level 'home' of a dimension 'medium'"):
        share_steps(split([1, 2, 3, 4]), dimension="medium", level="home")
    with pytest.raises(OptionError, match="a median needs 3 periods"):
        volume_falls(split([1, 2, 3, 4]), window=2)
    with pytest.raises(OptionError, match="least= is a share"):
        volume_falls(split([1, 2, 3, 4]), least=2)


HEIRS: Any = pd.DataFrame(
    {"predecessor": ["RVY"], "successor": ["RBN"], "date": pd.to_datetime(["2023-06-01"])}
)


def test_a_successor_that_begins_after_a_gap_is_found_and_one_that_follows_on_is_not():
    old = monthly(USUAL[:6], "RVY")
    late = [*[None] * 8, *USUAL[8:]]
    found = succession_gaps(counts(*old, *monthly(late, "RBN")), HEIRS)
    assert found["row"].tolist() == [10]
    follows = [*[None] * 6, *USUAL[6:]]
    assert succession_gaps(counts(*old, *monthly(follows, "RBN")), HEIRS).empty
    assert succession_gaps(counts(*old), HEIRS).empty


def test_the_page_of_an_extract_of_months_says_both():
    rows = [
        *monthly(at(USUAL, 13, 30), sex="female"),
        *monthly([*[5] * 14, 90], sex="unknown"),
    ]
    read = evolve(facts(Y99001="4"), tables={"counts": counts(*rows)}, problems=nothing())
    rules = profile(read).problems["rule"].tolist()
    assert rules.count("volume steady") == 1
    assert rules.count("share steady over time") == 1
