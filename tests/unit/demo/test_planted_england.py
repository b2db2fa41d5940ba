"""The planted England has the shape of the real one, and adds up."""

from __future__ import annotations

from datetime import date

import pytest

import phm_diabetes as phm
from phm_diabetes import demo


def _members(geo, counts, level, as_at: str | date = "period_end"):
    placed = geo.placements(counts, to=level, as_at=as_at)
    return {
        str(code): set(rows["org_code"]) for code, rows in placed.groupby("parent_code", sort=True)
    }


def test_there_are_three_hundred_practices_in_fifty_pcns_and_three_icbs(geo, counts):
    sizes = {level: len(_members(geo, counts, level)) for level in ("pcn", "sub_icb", "icb")}
    assert counts["org_code"].nunique() == 300
    assert sizes == {"pcn": 50 + 1, "sub_icb": 8, "icb": 3}  # and those without a PCN


def test_planted_dudley_has_forty_three_practices_in_six_pcns_and_one_in_none(geo, counts):
    dudley = _members(geo, counts, "place")["planted_dudley"]
    pcns = {code for code, inside in _members(geo, counts, "pcn").items() if inside & dudley}
    assert len(dudley) == 43
    assert len(pcns - {"unallocated"}) == 6
    assert len(dudley & _members(geo, counts, "pcn")["unallocated"]) == 1


def test_planted_dudley_is_no_sub_icb_and_planted_sefton_is_two(geo, counts):
    places, sub_icbs = (_members(geo, counts, level) for level in ("place", "sub_icb"))
    assert places["planted_dudley"] not in sub_icbs.values()
    assert places["planted_sefton"] == sub_icbs["9Z3"] | sub_icbs["9Z4"]


def test_its_commissioner_also_has_organisations_that_are_no_practices(geo):
    spells = geo.memberships[geo.memberships["org_level"] == "practice"]
    commissioned = spells.loc[spells["parent_code"] == "9Y1", "org_code"]
    of_the_place = spells.loc[spells["parent_code"] == "planted_dudley", "org_code"]
    assert set(commissioned) - set(of_the_place) == {"Y99901", "Y99902", "Y99903"}


def test_membership_is_that_of_the_day_asked_for(geo, counts):
    now = _members(geo, counts, "commissioner")
    before = _members(geo, counts, "commissioner", date(2021, 3, 31))
    assert now["9Y1"] - before["9Y1"] == {"Y99042"}
    assert before["9Y2"] - now["9Y2"] == {"Y99042"}


@pytest.mark.parametrize("level", ["pcn", "place", "sub_icb", "icb", "region", "england"])
def test_each_level_adds_up_to_every_practice(geo, registers, level):
    rolled = geo.roll_up(registers.table, to=level, as_at="period_end")
    columns = ["numerator", "denominator"]
    wanted = registers.table.groupby("measure", observed=True)[columns].sum()
    assert rolled.groupby("measure", observed=True)[columns].sum().equals(wanted)


def test_the_workbook_of_pcns_agrees_with_the_geography(geo, counts):
    other = phm.Geography.from_memberships(phm.load(demo.pcns()))
    theirs = _members(other, counts, "pcn")
    ours = _members(geo, counts, "pcn")
    assert theirs.pop("unmapped") == ours.pop("unallocated")
    assert theirs == ours


def test_there_are_all_21_registers_and_none_is_larger_than_its_list(registers):
    assert registers.table["measure"].nunique() == 21
    assert (registers.table["numerator"] <= registers.table["denominator"]).all()
