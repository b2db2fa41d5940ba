"""List sizes: days, levels, ages and sexes as the publisher has written them over the years."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.errors import SourceLayoutError

ADAPTER = "england.list_sizes"


def listed(**cells):
    row = {
        "PUBLICATION": "GP_PRAC_PAT_LIST",
        "EXTRACT_DATE": "01JAN2021",
        "TYPE": "GP",
        "CCG_CODE": "99Z",
        "ONS_CCG_CODE": "E38999999",
        "CODE": "Y99001",
        "POSTCODE": "ZZ99 9ZZ",
        "SEX": "ALL",
        "AGE": "ALL",
        "NUMBER_OF_PATIENTS": "5903",
    }
    return {**row, **cells}


def loaded(*rows, **keywords):
    return phm.load(pd.DataFrame(list(rows)), adapter=ADAPTER, **keywords)


@pytest.mark.parametrize(
    "written", ["01JAN2021", "1-Jan-2021", "01 January 2021", "2021-01-01", "01/01/2021"]
)
def test_a_day_is_read_in_every_form_that_was_ever_published(written):
    table = loaded(listed(EXTRACT_DATE=written)).table
    assert table["counted_on"].tolist() == [pd.Timestamp("2021-01-01")]


def test_people_on_a_list_are_registered_and_of_no_area():
    line = loaded(listed()).table.iloc[0]
    assert (line["basis"], line["org_level"], line["area_code"]) == ("registered", "practice", "")
    assert (line["age_band"], line["sex"], line["people"]) == ("all", "all", 5903)


def test_postcodes_are_not_read():
    assert "ZZ99" not in loaded(listed()).table.to_csv()


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("EXTRACT_DATE", "then", "date"),
        ("TYPE", "XYZ", "code"),
        ("CODE", "99001", "organisation code"),
        ("SEX", "W", "code"),
        ("AGE", "old", "age"),
        ("NUMBER_OF_PATIENTS", "-1", "whole number"),
    ],
)
def test_a_broken_cell_sets_its_row_aside_with_its_rule(column, cell, rule):
    rows = listed(), listed(CODE="Y99002", **{column: cell} if column != "CODE" else {})
    rows[1][column] = cell
    extract = loaded(*rows, problems="report")
    assert extract.problems[["row", "rule"]].to_numpy().tolist() == [[3, rule]]
    assert extract.table["org_code"].tolist() == ["Y99001"]


def test_the_file_in_bands_counts_each_level_under_its_own_name():
    kinds = {"GP": "Y99001", "PCN": "U99001", "CCG": "99Z", "STP": "QZ1", "Comm Region": "Y99"}
    rows = [
        {
            "EXTRACT_DATE": "01JAN2021",
            "ORG_TYPE": kind,
            "ORG_CODE": code,
            "SEX": "ALL",
            "AGE_GROUP_5": "ALL",
            "NUMBER_OF_PATIENTS": "9",
        }
        for kind, code in kinds.items()
    ]
    levels = loaded(*rows).table["org_level"].tolist()
    assert levels == ["practice", "pcn", "sub_icb", "icb", "region"]


def test_the_file_in_bands_is_refused_without_its_levels_since_pcns_would_be_practices():
    row = {"EXTRACT_DATE": "01JAN2021", "ORG_CODE": "U99001", "SEX": "ALL", "AGE_GROUP_5": "ALL"}
    with pytest.raises(SourceLayoutError, match="'ORG_TYPE' is missing"):
        loaded({**row, "NUMBER_OF_PATIENTS": "9"})


def test_five_year_bands_run_without_a_gap_to_an_open_end():
    bands = [f"{low}_{low + 4}" for low in range(0, 95, 5)] + ["95+"]
    rows = [listed(AGE=band) for band in bands]
    read = set(loaded(*rows).table["age_band"])
    assert {"0-4", "90-94", "95+"} <= read
    assert len(read) == 20


def test_a_practice_that_stands_twice_is_refused_with_both_rows():
    extract = loaded(listed(), listed(CODE="Y99002"), listed(), problems="report")
    assert extract.problems["row"].tolist() == [2, 4]
