"""The raw data of 2022-23 as one zip: what is at hand of it comes out as from the single files."""

from __future__ import annotations

import pytest
from tests.builders import as_file, zip_bytes

import phm_diabetes as phm

FILES = ("PREVALENCE_2223.csv", "MAPPING_NHS_GEOGRAPHIES_2223.csv")


@pytest.fixture(scope="module")
def extract(shared):
    folder = shared / "data" / "qof" / "raw_2022-23"
    data = zip_bytes({name: (folder / name).read_bytes() for name in FILES})
    return phm.load(as_file("QOF 2022-23 Raw data .csv files.zip", data))


def test_the_zip_is_recognised_as_a_year_and_no_row_is_lost(extract):
    origin = extract.provenance
    assert origin.adapter == "england.qof"
    assert origin.rows_read == origin.rows_used == 6_378 * 22


def test_registers_and_geography_of_one_load_add_up_to_england(extract):
    geo = phm.Geography.from_memberships(extract)
    registers = extract.table[extract.table["measure"] == "dm.register"]
    england = geo.roll_up(registers, to="england", as_at="period_end").iloc[0]
    assert (england["numerator"], england["denominator"]) == (3_774_801, 50_649_129)


def test_every_practice_of_the_geography_has_a_register(extract):
    geo = phm.Geography.from_memberships(extract)
    registers = extract.table[extract.table["measure"] == "dm.register"]
    covered = phm.coverage(registers, geo=geo, to="england").iloc[0]
    assert (covered["known"], covered["present"], covered["absent"]) == (6_378, 6_378, ())
