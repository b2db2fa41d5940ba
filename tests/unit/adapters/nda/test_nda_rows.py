"""Rows that are no organisation, stand twice, or contradict themselves are reported as such."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.adapters.nda import Nda

HEADER = [
    ["", "", "", "BMI", "", ""],
    ["Audit year", "CCG code", "Organisation code", "Numerator", "Denominator", "Percentage"],
]
GOOD = ["2021_22", "99Z", "Y99001", "90", "100", "90.0"]


def read(*rows, header=HEADER, problems="report"):
    grid = pd.DataFrame([*header, *rows]).fillna("")
    return phm.load(grid, adapter=Nda(subtype="type_1"), problems=problems)


def rules(extract):
    return dict(
        extract.problems.groupby("rule")["rows"].sum().drop(index="known issue", errors="ignore")
    )


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["2021_22", "7A1", "W99001", "90", "100", "90"], "outside England"),
        (["2021_22", "7A1", "7A1", "90", "100", "90"], "outside England"),
        (["2021_22", "99Z", "RZZ", "90", "100", "90"], "specialist service"),
        (["Notes: rounded", "", "", "", "", ""], "note"),
        (["", "Source", "", "", "", ""], "note"),
        (["2021_22", "99Z", "Y99002", "", "", ""], "no figures"),
    ],
)
def test_a_row_that_does_not_count_is_one_counted_reason(row, rule):
    extract = read(GOOD, row)
    assert rules(extract)[rule] == 1
    assert extract.table["org_code"].tolist() == ["Y99001"]
    assert extract.provenance.rows_reported == 1


@pytest.mark.parametrize("code", ["99001", "y99001", "Y9900", "01-Jan-21", "ENGLISH"])
def test_a_code_that_is_none_is_an_error(code):
    with pytest.raises(phm.errors.SourceDataError, match="code"):
        read(GOOD, ["2021_22", "99Z", code, "90", "100", "90"], problems="raise")


def test_an_unmapped_practice_is_listed_as_such():
    extract = read(GOOD, ["2021_22", "99Z", "99001", "90", "100", "90"])
    assert extract.unmapped["row"].tolist() == [4]


def test_a_practice_that_stands_twice_is_refused():
    with pytest.raises(phm.errors.SourceDataError, match="more than one row"):
        read(GOOD, GOOD, problems="raise")


@pytest.mark.parametrize("cell", ["*", "-", "[c]", ":"])
def test_a_sign_is_no_count_and_never_zero(cell):
    extract = read([*GOOD[:3], cell, "100", ""])
    row = extract.table.iloc[0]
    assert pd.isna(row["numerator"])
    assert pd.isna(row["numerator_high"])
    assert row["numerator_low"] == 0
    assert rules(extract) == {"count not given": 1}


def test_one_count_without_the_other_is_said():
    extract = read([*GOOD[:3], "", "100", ""])
    assert pd.isna(extract.table.loc[0, "numerator"])
    assert rules(extract) == {"count not given": 1}


@pytest.mark.parametrize("cell", ["90.5", "-5", "ninety"])
def test_what_is_no_count_is_an_error(cell):
    with pytest.raises(phm.errors.SourceDataError, match="Numerator") as refused:
        read(GOOD, ["2021_22", "99Z", "Y99002", cell, "100", ""], problems="raise")
    assert cell not in str(refused.value)


@pytest.mark.parametrize(("percentage", "fine"), [("90.0", True), ("0.9", True), ("", True)])
def test_a_percentage_agrees_as_percent_as_fraction_or_not_at_all(percentage, fine):
    assert ("percentage" not in rules(read([*GOOD[:5], percentage]))) is fine


def test_a_percentage_that_its_counts_cannot_give_is_a_warning():
    extract = read(GOOD, ["2021_22", "99Z", "Y99002", "90", "100", "45.0"])
    assert rules(extract) == {"percentage": 1}
    assert len(extract.table) == 2


def test_swapped_columns_are_noticed():
    assert "numerator above denominator" in rules(read([*GOOD[:3], "100", "50", "200"]))


def test_fewer_people_under_an_easier_target_are_noticed():
    header = [
        ["", "", "", "HbA1c <= 48", "", "HbA1c <= 53", ""],
        ["Audit year", "CCG code", "Organisation code", *["Numerator", "Denominator"] * 2],
    ]
    extract = read([*GOOD[:3], "90", "100", "45", "100"], header=header)
    assert rules(extract) == {"nested targets": 1}


def test_a_total_is_told_from_a_practice_by_its_equal_codes():
    extract = read(
        GOOD, ["2021_22", "99Z", "99Z", "90", "100", "90"], [*["England"] * 3, *GOOD[3:]]
    )
    assert rules(extract) == {"audit year": 1}
    levels = extract.table.set_index("org_code")["org_level"].astype(str).to_dict()
    assert levels == {"Y99001": "practice", "99Z": "sub_icb"}


def test_something_under_no_header_is_said():
    header = [[*HEADER[0], ""], [*HEADER[1], ""]]
    assert rules(read([*GOOD, "stray"], header=header)) == {"unheaded column": 1}
