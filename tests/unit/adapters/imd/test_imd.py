"""The Index of Multiple Deprivation: each vintage knows itself, and its census."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.builders import as_file

import phm_diabetes as phm
from phm_diabetes.errors import OptionError

ADAPTER = "england.imd"
SCORE = "Index of Multiple Deprivation (IMD) Score"


def index(area="LSOA code (2011)", district="Local Authority District code (2019)", **cells):
    row = {area: "E01000001", district: "E09999999", SCORE: "6.2", **cells}
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("area", "district", "vintage", "level"),
    [
        ("LSOA code (2011)", "Local Authority District code (2013)", "2015", "lsoa_2011"),
        ("LSOA code (2011)", "Local Authority District code (2019)", "2019", "lsoa_2011"),
        ("LSOA code (2021)", "Local Authority District code (2024)", "2025", "lsoa_2021"),
    ],
)
def test_headers_tell_the_vintage_and_the_census(area, district, vintage, level):
    line = phm.load(index(area, district), adapter=ADAPTER).table.iloc[0]
    assert (line["vintage"], line["org_level"]) == (vintage, level)


def plain():
    return pd.DataFrame({"LSOA11CD": ["E01000001"], "IMD": ["6.2"]})


def test_a_bare_table_gets_its_vintage_from_the_caller_or_its_name():
    assert phm.load(plain(), adapter=ADAPTER, period="2019").table["vintage"].tolist() == ["2019"]
    named = as_file("imd2015_lsoa.csv", plain().to_csv(index=False).encode())
    assert phm.load(named, adapter=ADAPTER).table["vintage"].tolist() == ["2015"]


def test_a_bare_table_that_nobody_dates_is_refused_since_two_vintages_share_the_areas():
    with pytest.raises(OptionError, match="period='2015' or period='2019'"):
        phm.load(plain(), adapter=ADAPTER)


@pytest.mark.parametrize("cell", ["-3", "high", ""])
def test_a_score_that_is_none_is_an_error(cell):
    frame = pd.concat([index(), index(**{"LSOA code (2011)": "E01000002", SCORE: cell})])
    extract = phm.load(frame, adapter=ADAPTER, problems="report")
    errors = extract.problems[extract.problems["severity"] == "error"]
    assert errors[["row", "rule"]].to_numpy().tolist() == [[3, "number"]]


def test_a_tenth_outside_1_to_10_is_an_error():
    header = "Index of Multiple Deprivation (IMD) Decile"
    frame = pd.concat([index(**{header: "10"}), index(**{header: "11"})])
    frame.iloc[1, 0] = "E01000002"
    extract = phm.load(frame, adapter=ADAPTER, problems="report")
    assert "is not within 1 to 10" in set(extract.problems["message"])
    assert extract.table["decile"].tolist() == [10]


def test_part_of_england_is_read_and_said_to_be_part():
    problems = phm.load(index(), adapter=ADAPTER).problems
    assert problems["message"].tolist() == ["has 1 of the 32,844 areas of IMD 2019"]
    assert problems["severity"].tolist() == ["info"]
