"""Places by rule, and groups of the caller's own that may share members."""

from __future__ import annotations

import pytest
from tests.planted import counts, facts, geography, memberships, row

import phm_diabetes as phm
from phm_diabetes.errors import DoubleCountError, GeographyError

A, B, C = "Y99001", "Y99002", "Y99003"
TABLE = counts(row(A, 10, 100), row(B, 20, 200), row(C, 30, 300))
ICB = {A: {"icb": "Q1"}, B: {"icb": "Q1"}, C: {"icb": "Q2"}}


def rolled(geo: phm.Geography, to: str) -> dict[str, int]:
    found = geo.roll_up(TABLE, to=to, as_at="period_end")
    return dict(zip(found["org_code"].astype(str), found["numerator"], strict=True))


def test_a_place_of_two_sub_icbs_adds_both():
    of_place = memberships({A: {"sub_icb": "01T"}, B: {"sub_icb": "01V"}, C: {"sub_icb": "99A"}})
    geo = geography(of_place, places=[phm.SEFTON, phm.LIVERPOOL])
    assert rolled(geo, "place") == {"sefton": 30, "liverpool": 30}
    assert geo.organisation("place", "sefton").name == "Sefton"


def test_dudley_leaves_out_who_is_no_gp_practice():
    of_05c = {code: {"commissioner": "05C"} for code in (A, B)}
    sources = [
        memberships(of_05c | {C: {"commissioner": "99Z"}}),
        facts(**{A: "4", B: "8", C: "4"}),
    ]
    geo = phm.Geography.from_memberships(*sources, places=[phm.DUDLEY])
    assert rolled(geo, "place") == {"dudley": 10, "unallocated": 50}


def test_dudley_without_prescribing_settings_is_refused_with_the_source_to_load():
    with pytest.raises(GeographyError, match=r"england\.ods_practices"):
        geography({A: {"commissioner": "05C"}}, places=[phm.DUDLEY])


def test_a_membership_file_made_after_the_merger_gives_the_same_dudley():
    settings = facts(**dict.fromkeys((A, B, C), "4"))
    earlier = memberships({A: {"commissioner": "05C"}}, start="2013-04-01", end=None)
    later = [
        memberships({A: {"commissioner": "05C"}}, start="2013-04-01", end="2021-03-31"),
        memberships({A: {"commissioner": "D2P2L"}}, start="2021-04-01", end=None),
    ]
    of_others = [
        memberships({B: {"commissioner": "05C"}}, start="2013-04-01", end="2019-03-31"),
        memberships({B: {"commissioner": "99Z"}}, start="2019-04-01", end=None),
        memberships({C: {"commissioner": "D2P2L"}}, start="2021-04-01", end=None),
    ]
    for own in ([earlier], later):
        geo = phm.Geography.from_memberships(*own, *of_others, settings, places=[phm.DUDLEY])
        assert rolled(geo, "place") == {"dudley": 10, "unallocated": 50}


def test_a_place_without_members_in_the_geography_is_refused():
    with pytest.raises(GeographyError, match="Place Sefton is made of sub_icb 01T, 01V"):
        geography({A: {"sub_icb": "99A"}}, places=[phm.SEFTON])


def test_a_place_has_the_practices_of_the_day():
    geo = geography(
        memberships({A: {"sub_icb": "99A"}}, end="2022-09-30"),
        memberships({A: {"sub_icb": "01J"}}, start="2022-10-01", end=None),
        memberships({B: {"sub_icb": "99A"}, C: {"sub_icb": "01J"}}),
        places=[phm.LIVERPOOL, phm.KNOWSLEY],
    )
    assert rolled(geo, "place") == {"knowsley": 40, "liverpool": 20}


def test_groups_that_share_a_practice_count_it_in_both_and_say_so():
    geo = geography(ICB).with_groups("neighbourhood", {"n1": [A, B], "n2": [B, C]})
    found = geo.roll_up(TABLE, to="neighbourhood", as_at="period_end")
    assert found.set_index("org_code")["numerator"].to_dict() == {"n1": 30, "n2": 50}
    assert set(found["basis"]) == {"overlapping"}


def test_groups_that_share_a_practice_are_never_added_up_further():
    groups = {"n1": [A, B], "n2": [B, C]}
    geo = geography(
        ICB, memberships({"n1": {"icb": "Q1"}, "n2": {"icb": "Q1"}}, level="neighbourhood")
    ).with_groups("neighbourhood", groups)
    found = geo.roll_up(TABLE, to="neighbourhood", as_at="period_end")
    with pytest.raises(DoubleCountError, match="groups that share members"):
        geo.roll_up(found, to="icb", as_at="period_end")


def test_groups_that_share_nobody_are_plain_sums():
    geo = geography(ICB).with_groups("neighbourhood", {"n1": [A], "n2": [B]})
    found = geo.roll_up(TABLE, to="neighbourhood", as_at="period_end")
    assert set(found["basis"]) == {"rolled_up"}
    assert rolled(geo, "neighbourhood") == {"n1": 10, "n2": 20, "unallocated": 30}


def test_a_member_named_twice_in_one_group_counts_once():
    geo = geography(ICB).with_groups("neighbourhood", {"n1": [A, A]})
    assert rolled(geo, "neighbourhood")["n1"] == 10


def test_groups_leave_the_geography_they_came_from_as_it_was():
    geo = geography(ICB)
    geo.with_groups("neighbourhood", {"n1": [A, B], "n2": [B]})
    assert geo.overlapping == frozenset()
    with pytest.raises(GeographyError, match="neighbourhood"):
        geo.roll_up(TABLE, to="neighbourhood", as_at="period_end")
