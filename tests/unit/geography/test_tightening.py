"""Tightening by published totals: what narrows, and each reason why a total is not used."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.planted import counts, geography, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import DoubleCountError, OptionError

MEMBERS = {"Y99001": {"pcn": "U99001"}, "Y99002": {"pcn": "U99001"}}
TWO = (hidden("Y99001", 1, 7, 40), hidden("Y99002", 1, 7, 40))


def total(numerator, denominator=80, **cells):
    return row(cells.pop("code", "U99001"), numerator, denominator, org_level="pcn", **cells)


def tightened(members, *totals, geo=None):
    geo = geo or geography(MEMBERS)
    return phm.tighten(counts(*members), totals=counts(*totals), geo=geo, as_at="period_end")


def ranges(table, part="numerator"):
    return table[[part, f"{part}_low", f"{part}_high"]].astype(object).to_numpy().tolist()


def reasons(found):
    return dict(zip(found.totals["part"], found.totals["reason"], strict=True))


def test_each_member_is_what_the_total_leaves_after_the_others():
    found = tightened(TWO, total(12))
    assert ranges(found.table) == [[pd.NA, 5, 7], [pd.NA, 5, 7]]
    assert found.table["numerator_variance"].tolist() == [pytest.approx(2 / 3)] * 2


def test_a_sum_of_hidden_parts_is_the_total_where_that_is_exact():
    assert ranges(tightened(TWO, total(12)).sums) == [[12, 12, 12]]
    assert ranges(tightened(TWO, total(None, numerator_low=8, numerator_high=20)).sums) == [
        [pd.NA, 8, 14]
    ]


def test_a_hidden_count_that_can_be_one_number_only_is_that_number():
    assert ranges(tightened(TWO, total(14)).table) == [[7, 7, 7], [7, 7, 7]]
    assert ranges(tightened((TWO[0], row("Y99002", 9, 40)), total(12)).table)[0] == [3, 3, 3]


def test_a_rounded_number_that_is_no_longer_possible_becomes_the_nearest_that_is():
    rounded = (to_fives("Y99001", 10, 40), to_fives("Y99002", 10, 40))
    found = tightened(rounded, total(23))
    assert ranges(found.table) == [[11, 11, 12], [11, 11, 12]]
    assert ranges(found.sums) == [[23, 23, 23]]


def test_a_cell_is_tightened_by_its_own_total_and_an_absent_dimension_is_all():
    members = [{**each, "sex": sex} for each in TWO for sex in ("all", "female")]
    found = tightened(members, total(12))
    assert [low for _, low, _ in ranges(found.table)] == [5, 1, 5, 1]


def test_the_rows_stay_in_their_order_with_everything_else_as_it_was():
    table = counts(TWO[1], TWO[0])
    found = phm.tighten(table, totals=counts(total(12)), geo=geography(MEMBERS), as_at="period_end")
    moved = ["numerator", "numerator_low", "numerator_high", "numerator_variance"]
    pd.testing.assert_frame_equal(found.table.drop(columns=moved), table.drop(columns=moved))
    assert table["numerator_low"].tolist() == [1, 1]


def test_a_practice_that_was_taken_over_is_a_member_through_its_successor():
    geo = geography(
        {"Y99001": {"pcn": "U99001"}, "Y99003": {"pcn": "U99001"}},
        successors=pd.DataFrame(
            {"predecessor": ["Y99002"], "successor": ["Y99003"], "date": ["2023-01-01"]}
        ),
    )
    assert ranges(tightened(TWO, total(12), geo=geo).table)[0] == [pd.NA, 5, 7]


def test_a_member_without_a_row_keeps_the_total_out():
    found = tightened(TWO, total(12), geo=geography({**MEMBERS, "Y99003": {"pcn": "U99001"}}))
    assert set(reasons(found).values()) == {"a member has no row"}
    assert ranges(found.table) == [[pd.NA, 1, 7]] * 2
    assert ranges(found.sums) == [[pd.NA, 2, 14]]


@pytest.mark.parametrize("known", [{"Y99003": {"pcn": None}}, {}])
def test_an_organisation_placed_nowhere_may_be_in_the_total_so_it_keeps_it_out(known):
    found = tightened([*TWO, row("Y99003", 2, 10)], total(12), geo=geography({**MEMBERS, **known}))
    assert set(reasons(found).values()) == {"an organisation of the counts is placed nowhere"}


def test_a_total_that_contradicts_its_members_is_told_and_used_for_nothing():
    found = tightened(TWO, total(15))
    why = "its numerator contradicts its members"
    assert reasons(found) == {"numerator": why, "denominator": why}
    assert ranges(found.table) == [[pd.NA, 1, 7]] * 2
    assert (
        str(found)
        == f"0 ranges of members narrowed by 0 of 2 published totals.\n2 not used: {why}."
    )


def test_a_count_that_is_missing_is_not_hidden_and_keeps_the_total_out():
    found = tightened((TWO[0], row("Y99002", None, 40)), total(12))
    assert reasons(found) == {"numerator": "a member has no numerator", "denominator": ""}
    assert reasons(tightened(TWO, total(None)))["numerator"] == "it has no numerator"


def test_a_total_of_other_organisations_is_told():
    assert set(reasons(tightened(TWO, total(12, code="U99009"))).values()) == {
        "none of its members has a row"
    }


def test_totals_must_be_published_and_stand_above():
    with pytest.raises(OptionError, match="Pass the published totals of the level above"):
        tightened(TWO, row("Y99001", 3, 40))
    with pytest.raises(OptionError, match="know no more than their parts"):
        tightened(TWO, total(12, basis="rolled_up", as_at="2023-03-31"))


def test_groups_that_share_members_are_refused():
    shared = geography(MEMBERS).with_groups("cluster", {"a": ["Y99001", "Y99002"], "b": ["Y99001"]})
    with pytest.raises(DoubleCountError, match="The clusters share members"):
        tightened(TWO, row("a", 12, 80, org_level="cluster"), geo=shared)
