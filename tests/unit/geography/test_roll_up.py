"""Roll-up: every row goes somewhere, once, by the memberships of the day asked for."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from tests.planted import counts, geography, hidden, memberships, row, rows_of, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import DoubleCountError, GeographyError, OptionError
from phm_diabetes.schemas.counts import as_counts

A, B, C, D = "Y99001", "Y99002", "Y99003", "Y99004"
TABLE = counts(row(A, 10, 100), row(B, 20, 200), row(C, 30, 300), row(D, 40, 400))
PARENTS = {
    A: {"pcn": "U1", "icb": "Q1"},
    B: {"pcn": "U1", "icb": "Q1"},
    C: {"pcn": None, "icb": "Q2"},
}


def by_code(table: pd.DataFrame, column: str = "numerator") -> dict[str, object]:
    return dict(zip(table["org_code"].astype(str), table[column], strict=True))


def test_a_pcn_is_the_sum_of_its_practices_and_the_others_are_counted_beside_it():
    pcns = geography(PARENTS).roll_up(TABLE, to="pcn", as_at="period_end")
    assert by_code(pcns) == {"U1": 30, "unallocated": 30, "unmapped": 40}
    assert by_code(pcns, "denominator") == {"U1": 300, "unallocated": 300, "unmapped": 400}
    assert set(pcns["org_level"]) == {"pcn"}
    assert set(pcns["basis"]) == {"rolled_up"}


def test_every_practice_is_listed_with_where_it_went():
    found = geography(PARENTS).placements(TABLE, to="pcn", as_at="period_end")
    where = found[["org_code", "parent_code", "status"]].to_numpy().tolist()
    assert where == [
        [A, "U1", "placed"],
        [B, "U1", "placed"],
        [C, "unallocated", "unallocated"],
        [D, "unmapped", "unmapped"],
    ]


def test_a_practice_in_an_icb_but_in_no_pcn_is_unallocated_and_not_unmapped():
    geo = geography({A: {"pcn": "U1", "icb": "Q1"}, C: {"icb": "Q2"}})
    pcns = geo.roll_up(counts(row(A, 1, 9), row(C, 2, 9)), to="pcn", as_at="period_end")
    assert by_code(pcns) == {"U1": 1, "unallocated": 2}


def test_practices_that_are_all_known_to_be_in_no_pcn_are_unallocated_and_no_error():
    geo = geography({A: {"pcn": None, "icb": "Q1"}, B: {"pcn": None, "icb": "Q1"}})
    found = geo.roll_up(counts(row(A, 1, 10), row(B, 2, 20)), to="pcn", as_at="period_end")
    assert found["org_code"].tolist() == ["unallocated"]


def test_remainders_keep_their_names_on_the_way_up():
    geo = geography(
        {A: {"sub_icb": "99Z"}, B: {"sub_icb": None}},
        memberships({"99Z": {"icb": "Q1"}}, level="sub_icb"),
    )
    below = geo.roll_up(
        counts(row(A, 1, 9), row(B, 2, 9), row(D, 4, 9)), to="sub_icb", as_at="period_end"
    )
    above = geo.roll_up(below, to="icb", as_at="period_end")
    assert by_code(above) == {"Q1": 1, "unallocated": 2, "unmapped": 4}


def test_a_hidden_part_leaves_a_range_and_no_value():
    table = counts(row(A, 20, 40), hidden(B, 1, 7, 30), row(C, 3, 5))
    found = geography(PARENTS).roll_up(table, to="pcn", as_at="period_end").set_index("org_code")
    pcn = found.loc["U1"]
    assert pcn["numerator"] is pd.NA
    assert (pcn["numerator_low"], pcn["numerator_high"], pcn["denominator"]) == (21, 27, 70)
    assert found.loc["unallocated", "numerator"] == 3


def test_a_missing_part_leaves_no_upper_bound():
    table = counts(row(A, 20, 40), row(B, None, 30))
    pcn = geography(PARENTS).roll_up(table, to="pcn", as_at="period_end").iloc[0]
    assert pcn["numerator"] is pd.NA
    assert pcn["numerator_low"] == 20
    assert pcn["numerator_high"] is pd.NA
    assert pd.isna(pcn["numerator_variance"])


def test_bounds_and_variances_of_rounded_counts_add_up():
    pcn = (
        geography(PARENTS)
        .roll_up(counts(to_fives(A, 5, 40), to_fives(B, 10, 40)), to="pcn", as_at="period_end")
        .iloc[0]
    )
    assert pcn["numerator"] == 15
    assert (pcn["numerator_low"], pcn["numerator_high"]) == (9, 19)
    assert pcn["numerator_variance"] == pytest.approx(4 + 2)


def test_a_practice_that_moved_pcn_mid_year_counts_where_it_was_on_the_day():
    geo = geography(
        memberships({A: {"pcn": "U1"}}, start="2022-04-01", end="2022-09-30"),
        memberships({A: {"pcn": "U2"}}, start="2022-10-01", end=None),
        memberships({B: {"pcn": "U1"}}),
    )
    table = counts(row(A, 10, 100), row(B, 20, 200))

    def pcn_at(day):
        found = geo.placements(table[table["org_code"] == A], to="pcn", as_at=day)
        return found["parent_code"].item()

    assert pcn_at(date(2022, 9, 30)) == "U1"
    assert pcn_at("2022-10-01") == pcn_at("period_end") == pcn_at("today") == "U2"
    assert pcn_at(pd.Timestamp("2022-09-30 23:59")) == "U1"


def test_the_day_used_is_written_on_every_row():
    geo = geography(memberships(PARENTS, end=None))
    assert geo.roll_up(TABLE, to="pcn", as_at="period_end")["as_at"].unique().tolist() == [
        pd.Timestamp("2023-03-31")
    ]
    today = geo.roll_up(TABLE, to="pcn", as_at="today")["as_at"].unique().tolist()
    assert today == [pd.Timestamp.today().normalize()]


@pytest.mark.parametrize("as_at", ["period_end", "today", "2023-01-31", date(2023, 1, 31)])
def test_a_roll_up_has_the_types_of_its_schema_whatever_the_day(as_at):
    found = geography(memberships(PARENTS, end=None)).roll_up(TABLE, to="pcn", as_at=as_at)
    pd.testing.assert_frame_equal(found, as_counts(found.astype(object)), check_categorical=False)
    assert found.dtypes["as_at"] == TABLE.dtypes["as_at"]


def test_each_period_is_placed_by_its_own_end():
    geo = geography(
        memberships({A: {"pcn": "U1"}}, start="2021-04-01", end="2022-03-31"),
        memberships({A: {"pcn": "U2"}}, start="2022-04-01", end=None),
    )
    earlier = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    found = geo.roll_up(counts(row(A, 1, 9, **earlier), row(A, 2, 9)), to="pcn", as_at="period_end")
    assert by_code(found) == {"U1": 1, "U2": 2}


@pytest.mark.parametrize("as_at", ["period_start", "yesterday", "", None, 20230331, float("nan")])
def test_another_as_at_is_refused_with_what_it_takes(as_at):
    with pytest.raises(OptionError, match="'period_end', 'today' or a date"):
        geography(PARENTS).roll_up(TABLE, to="pcn", as_at=as_at)


def test_the_wrong_years_geography_is_refused_with_the_days_it_covers():
    geo = geography(memberships(PARENTS, start="2019-04-01", end="2020-03-31"))
    with pytest.raises(
        GeographyError, match=r"None of the 4 practices .* 2019-04-01 to 2020-03-31"
    ):
        geo.roll_up(TABLE, to="pcn", as_at="period_end")


def test_a_practice_in_two_pcns_on_one_day_is_refused_by_name():
    geo = geography(PARENTS, {A: {"pcn": "U2"}})
    with pytest.raises(GeographyError, match=f"1 of the practices belong to two PCNs .*: {A}"):
        geo.roll_up(TABLE, to="pcn", as_at="period_end")


def test_the_same_membership_from_two_sources_is_no_trouble():
    geo = geography(PARENTS, PARENTS)
    assert by_code(geo.roll_up(TABLE, to="pcn", as_at="period_end"))["U1"] == 30


def test_a_chain_is_followed_where_no_membership_is_direct():
    geo = geography(
        {A: {"sub_icb": "99Z"}, B: {"sub_icb": "99Y"}},
        memberships({"99Z": {"icb": "Q1"}, "99Y": {"icb": "Q1"}}, level="sub_icb"),
        memberships({"Q1": {"region": "Y9"}}, level="icb"),
    )
    table = counts(row(A, 1, 9), row(B, 2, 9))
    assert by_code(geo.roll_up(table, to="region", as_at="period_end")) == {"Y9": 3}


def test_a_chain_never_passes_through_a_pcn_or_a_place():
    for between in ("pcn", "place"):
        geo = geography({A: {between: "U1"}}, memberships({"U1": {"icb": "Q1"}}, level=between))
        with pytest.raises(GeographyError, match="no memberships from practice to icb"):
            geo.roll_up(counts(row(A, 1, 9)), to="icb", as_at="period_end")


def test_a_level_the_geography_does_not_hold_is_refused_with_those_it_holds():
    with pytest.raises(GeographyError, match=r"practice → icb, practice → pcn"):
        geography(PARENTS).roll_up(TABLE, to="place", as_at="period_end")


def test_cells_and_measures_stay_apart():
    table = counts(
        row(A, 1, 9, sex="female"),
        row(B, 2, 9, sex="female"),
        row(A, 4, 9, sex="male"),
        row(B, 8, 9, sex="male"),
        row(A, 16, 99, sex="female", measure="copd.flu"),
    )
    found = geography(PARENTS).roll_up(table, to="pcn", as_at="period_end")
    assert sorted(found["numerator"]) == [3, 12, 16]


def test_rows_of_two_levels_are_never_added_up():
    geo = geography(PARENTS)
    both = pd.concat([TABLE, geo.roll_up(TABLE, to="pcn", as_at="period_end")], ignore_index=True)
    with pytest.raises(DoubleCountError, match=r"2 levels \(pcn, practice\)"):
        geo.roll_up(both, to="icb", as_at="period_end")


def test_published_and_rolled_up_rows_of_one_practice_are_never_added_up():
    geo = geography(PARENTS)
    known = TABLE[TABLE["org_code"] != D]
    both = pd.concat([known, geo.roll_up(known, to="practice", as_at="period_end")])
    with pytest.raises(DoubleCountError, match="twice"):
        geo.roll_up(both, to="icb", as_at="period_end")


def test_all_and_its_parts_are_added_up_apart_but_never_unevenly():
    geo, even = geography(PARENTS), {}
    for code, factor in ((A, 1), (B, 10)):
        for sex, count in (("all", 3), ("female", 1), ("male", 2)):
            even[code, sex] = row(code, count * factor, 99, sex=sex)
    found = geo.roll_up(counts(*even.values()), to="pcn", as_at="period_end")
    sums = found.set_index("sex")["numerator"].to_dict()
    assert sums == {"all": 33, "female": 11, "male": 22}
    del even[B, "all"]
    with pytest.raises(DoubleCountError, match="mix sex='all' with its parts"):
        geo.roll_up(counts(*even.values()), to="pcn", as_at="period_end")


def test_no_row_in_gives_no_row_out():
    found = geography(PARENTS).roll_up(TABLE.head(0), to="pcn", as_at="period_end")
    assert len(found) == 0


def test_a_geography_shows_its_levels_and_days_and_no_code():
    shown = repr(geography(PARENTS))
    assert shown == "<Geography: practice → icb, pcn; 2022-04-01 to 2023-03-31>"


def test_a_geography_needs_memberships():
    with pytest.raises(GeographyError, match=r"england\.qof_geography"):
        phm.Geography.from_memberships()


def test_several_levels_at_once_are_each_level_alone():
    geo = geography(PARENTS)
    both = geo.roll_up(TABLE, to=["pcn", "icb"], as_at="period_end")
    alone = [geo.roll_up(TABLE, to=level, as_at="period_end") for level in ("pcn", "icb")]
    assert rows_of(both) == rows_of(pd.concat(alone, ignore_index=True))
