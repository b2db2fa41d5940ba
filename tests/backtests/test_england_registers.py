"""The published registers of 2022-23 and their geography: totals reproduced, no practice lost.

Aggregates of a Place and above only: no practice or PCN is named.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import phm_diabetes as phm

NUMERATOR, DENOMINATOR, PRACTICES = 3_774_801, 50_649_129, 6_378
WITHOUT_PCN = 63
COUNTS = ["numerator", "denominator"]
PLACES = (phm.DUDLEY, phm.LIVERPOOL, phm.SEFTON, phm.KNOWSLEY)


@pytest.fixture(scope="module")
def real(shared):
    """Return the folder of the QOF's raw files."""
    folder = shared / "data/qof/raw_2022-23"
    if not folder.is_dir():
        pytest.skip("needs the QOF files of 2022-23, which are not in ../shared")
    return folder


@pytest.fixture(scope="module")
def extract(real):
    return phm.load(
        real / "PREVALENCE_2223.csv",
        adapter="england.qof_prevalence",
        period="2022-23",
        problems="report",
    )


@pytest.fixture(scope="module")
def table(extract):
    counts = extract.table
    return counts[counts["measure"] == "dm.register"]


@pytest.fixture(scope="module")
def mapping(real):
    return phm.load(
        real / "MAPPING_NHS_GEOGRAPHIES_2223.csv",
        adapter="england.qof_geography",
        period="2022-23",
        problems="report",
    )


@pytest.fixture(scope="module")
def geo(mapping, shared):
    return phm.Geography.from_memberships(
        mapping,
        phm.load(
            shared / "data/ods/epcmem.csv", adapter="england.ods_membership", problems="report"
        ),
        phm.load(
            shared / "data/ods/epraccur_2025-04.csv",
            adapter="england.ods_practices",
            problems="report",
        ),
        places=PLACES,
    )


def rolled(geo, table, level):
    return geo.roll_up(table, to=level, as_at="period_end")


def test_england_is_what_was_published(geo, table):
    england = rolled(geo, table, "england")
    assert len(england) == 1
    assert england[COUNTS].iloc[0].tolist() == [NUMERATOR, DENOMINATOR]


def test_every_practice_is_there_once_with_every_row_accounted_for(extract, table):
    assert table["org_code"].nunique() == len(table) == PRACTICES
    origin = extract.provenance
    assert origin.rows_read == origin.rows_used + origin.rows_reported


def test_every_unallocated_practice_is_listed_and_counted(geo, table):
    placed = geo.placements(table, to="pcn", as_at="period_end")
    assert placed["status"].value_counts().to_dict() == {
        "placed": PRACTICES - WITHOUT_PCN,
        "unallocated": WITHOUT_PCN,
    }


@pytest.mark.parametrize("level", ["pcn", "sub_icb", "icb", "region", "place", "england"])
def test_each_levels_organisations_and_remainders_add_up_to_england(geo, table, level):
    found = rolled(geo, table, level)
    assert found[COUNTS].sum().tolist() == [NUMERATOR, DENOMINATOR]
    assert found[[f"{name}_low" for name in COUNTS]].sum().tolist() == [NUMERATOR, DENOMINATOR]


def test_icbs_alone_are_all_of_england(geo, table):
    codes = set(rolled(geo, table, "icb")["org_code"])
    assert len(codes) == 42
    assert not codes & {"unallocated", "unmapped"}


def test_pcns_leave_out_exactly_the_unallocated(geo, table):
    remainders = rolled(geo, table, "pcn").set_index("org_code")
    assert "unmapped" not in remainders.index
    placed = geo.placements(table, to="pcn", as_at="period_end")
    alone = table[table["org_code"].isin(placed.loc[placed["status"] != "placed", "org_code"])]
    assert remainders.loc["unallocated", COUNTS].tolist() == alone[COUNTS].sum().tolist()


def test_the_four_places_and_nobodys_place_are_england(geo, table):
    found = rolled(geo, table, "place").set_index("org_code")
    assert set(found.index) == {place.code for place in PLACES} | {"unallocated"}


def test_dudley_has_its_practices_of_the_year(geo, table):
    placed = geo.placements(table, to="place", as_at="period_end")
    assert placed["parent_code"].value_counts()["dudley"] == 43


def test_every_measure_adds_up_at_every_level(geo, extract):
    whole = extract.table.groupby("measure", observed=True)[COUNTS].sum()
    for level in ("pcn", "icb"):
        parts = rolled(geo, extract.table, level).groupby("measure", observed=True)[COUNTS].sum()
        pd.testing.assert_frame_equal(parts, whole, check_names=False)


def test_every_practice_gets_an_estimate_and_a_comparison_with_its_caveat(geo, table):
    estimates = phm.estimate(table)
    found = phm.compare(estimates, to="england", england="sum_of_practices", geo=geo)
    assert len(found) == PRACTICES
    assert found["comparator_value"].unique() == pytest.approx([NUMERATOR / DENOMINATOR])
    assert set(found["comparator_units"]) == {PRACTICES}
    assert set(found["verdict"]) <= {"higher", "similar", "lower", "not compared"}
    assert found["caveat"].str.contains("Crude prevalence").all()
    assert found["caveat"].str.contains("England is the sum of 6,378 practices").all()


def test_the_drill_puts_every_practice_beyond_in_one_list(geo, table):
    found = phm.drill(
        table,
        geo=geo,
        measures=["dm.register"],
        rule="all",
        below="interval(0.95)",
        england="sum_of_practices",
    ).reading
    assert len(found.not_gated) == WITHOUT_PCN
    lists = [*found.found, *found.hidden, *found.not_gated_beyond]
    assert len(lists) == len(set(lists))
    assert len(found.found) > 0


def test_the_drill_says_the_same_whatever_the_order_of_rows(geo, table):
    asked: dict[str, Any] = {
        "geo": geo,
        "measures": ["dm.register"],
        "rule": "all",
        "below": "point",
        "england": "sum_of_practices",
    }
    once = phm.drill(table, **asked)
    again = phm.drill(table.sample(frac=1, random_state=1), **asked)
    assert str(once) == str(again)
    assert once.reading == again.reading
