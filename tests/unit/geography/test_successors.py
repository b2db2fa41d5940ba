"""Successors: a closed practice's people count with the practice that took them over."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.planted import counts, geography, row

from phm_diabetes.errors import GeographyError

CLOSED, MIDDLE, LAST = "Y99001", "Y99002", "Y99003"


def successors(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["predecessor", "successor", "date"])
    return table.assign(date=pd.to_datetime(table["date"]))


def placed(table: pd.DataFrame, to: str = "pcn", **parents: str) -> dict[str, int]:
    geo = geography(
        {code: {"pcn": parent} for code, parent in (parents or {LAST: "U1"}).items()},
        successors=table,
    )
    known = counts(*(row(code, 10, 99) for code in (CLOSED, MIDDLE, LAST)))
    found = geo.roll_up(known, to=to, as_at="period_end")
    return dict(zip(found["org_code"].astype(str), found["numerator"], strict=True))


def test_a_successor_is_followed_from_its_first_day():
    on_the_day = successors((CLOSED, LAST, "2023-03-31"))
    assert placed(on_the_day) == {"U1": 20, "unmapped": 10}


def test_a_successor_of_the_day_after_is_not_followed_yet():
    assert placed(successors((CLOSED, LAST, "2023-04-01"))) == {"U1": 10, "unmapped": 20}


def test_successors_of_successors_are_followed_to_the_last():
    chain = successors((CLOSED, MIDDLE, "2020-04-01"), (MIDDLE, LAST, "2022-04-01"))
    assert placed(chain) == {"U1": 30}


def test_a_merged_practice_is_one_practice_again_at_its_own_level():
    merged = successors((CLOSED, LAST, "2022-04-01"), (MIDDLE, LAST, "2022-04-01"))
    assert placed(merged, to="practice") == {LAST: 30}


def test_two_successors_are_refused_because_a_count_cannot_be_split():
    split = successors((CLOSED, MIDDLE, "2022-04-01"), (CLOSED, LAST, "2022-04-01"))
    with pytest.raises(GeographyError, match="two successors"):
        placed(split)


def test_the_same_successor_told_twice_is_one():
    assert placed(successors(*[(CLOSED, LAST, "2022-04-01")] * 2)) == {"U1": 20, "unmapped": 10}


def test_a_circle_of_successors_is_refused():
    circle = successors((CLOSED, MIDDLE, "2021-04-01"), (MIDDLE, CLOSED, "2022-04-01"))
    with pytest.raises(GeographyError, match="succeeds itself"):
        placed(circle)


def test_a_practice_that_succeeds_itself_is_refused():
    with pytest.raises(GeographyError, match="succeeds itself"):
        placed(successors((LAST, LAST, "2022-04-01")))
