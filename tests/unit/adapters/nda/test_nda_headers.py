"""Headers are matched by what they say, in every spelling, and strangers are refused by name."""

from __future__ import annotations

import io

import pytest
from tests.writers.nda_workbooks import columns, quarterly_2024_25, wide_2016_17

import phm_diabetes as phm
from phm_diabetes.adapters.nda_headers import HEADINGS, identifier_in, measure_in, part_in


def loaded(data, **options):
    file = io.BytesIO(data)
    file.name = "nda.csv"
    return phm.load(file, adapter="england.nda", **options)


@pytest.mark.parametrize(("measure", "heading"), HEADINGS.items())
def test_the_usual_heading_names_its_measure(measure, heading):
    assert measure_in(heading) == measure


@pytest.mark.parametrize(
    ("heading", "measure"),
    [
        ("HBA1C", "dm.cp.hba1c"),
        ("Hb1Ac", "dm.cp.hba1c"),
        ("Glycated haemoglobin", "dm.cp.hba1c"),
        ("HbA1c¹", "dm.cp.hba1c"),
        ("HbA1c ≤48mmol/mol (6.5%)", "dm.tt.hba1c_48"),
        ("HbA1c <48 mmol/mol", "dm.tt.hba1c_48"),
        ("HbA1c 58 mmol/mol or less", "dm.tt.hba1c_58"),
        ("Blood  pressure ≤ 140 / 80", "dm.tt.bp_140_80"),
        ("Blood Pressure <= 140/80 old", "dm.tt.bp_140_80"),
        ("Blood Pressure &lt;=140/90", "dm.tt.bp_140_90"),
        ("Cholesterol < 5 mmol/l", "dm.tt.cholesterol_5"),
        ("Urinary albumin [note 3]", "dm.cp.urine_albumin"),
        ("All 8 care processes", "dm.cp8"),
        ("All nine care processes", "dm.cp9"),
        ("Meeting all three NEW", "dm.tt3"),
    ],
)
def test_a_heading_is_known_however_it_drifts(heading, measure):
    assert measure_in(heading) == measure


@pytest.mark.parametrize(
    "heading", ["HbA1c <= 59", "Blood Pressure <= 130/80", "All ten care processes", "BMI old", ""]
)
def test_a_heading_that_means_something_else_is_not_guessed(heading):
    assert measure_in(heading) is None


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Audit year", "year"),
        ("CCG LHB", "sub_icb"),
        ("Sub-ICB location code", "sub_icb"),
        ("ICB Code", "icb"),
        ("GP practice code", "practice"),
        ("PCN name", "name"),
        ("Cholesterol", None),
    ],
)
def test_identities_are_told_apart(header, role):
    assert identifier_in(header) == role


def test_a_percentage_is_never_a_count():
    for header in ("Percentage", "Per cent", "%", "Percent"):
        assert part_in(header) == "percentage"


def test_an_unknown_heading_is_refused_by_name_with_a_near_miss():
    groups = [*columns("dm.cp.bmi"), ("HbA1c <= 59 mmol/mol (7.5%)", "dm.tt.hba1c_58", "")]
    with pytest.raises(phm.errors.SourceDataError) as refused:
        loaded(wide_2016_17(groups=groups))
    assert "HbA1c <= 59 mmol/mol (7.5%)" in str(refused.value)
    assert "Did you mean 'HbA1c <= 58 mmol/mol (7.5%)'?" in str(refused.value)


def test_with_report_the_other_measures_are_read():
    groups = [*columns("dm.cp.bmi"), ("Something new", "dm.tt.hba1c_58", "")]
    extract = loaded(wide_2016_17(groups=groups), problems="report")
    assert set(extract.table["measure"].astype(str)) == {"dm.cp.bmi"}
    assert "Something new" in set(extract.problems["column"])


def test_the_order_of_measures_means_nothing():
    groups = columns("dm.cp.bmi", "dm.cp.smoking", "dm.cp8")
    key = ["org_code", "subtype", "measure"]
    there, back = (
        loaded(wide_2016_17(groups=each)).table.astype({"measure": str}).sort_values(key)
        for each in (groups, groups[::-1])
    )
    assert there["numerator"].tolist() == back["numerator"].tolist()


def test_a_measure_that_stands_twice_is_refused():
    groups = [*columns("dm.cp.bmi"), ("Body mass index", "dm.cp.bmi", "")]
    with pytest.raises(phm.errors.SourceDataError, match="another heading"):
        loaded(wide_2016_17(groups=groups))


def test_a_sheet_without_numerators_says_what_it_misses():
    import pandas as pd

    with pytest.raises(phm.errors.SourceLayoutError, match="'Numerator'"):
        phm.load(pd.DataFrame({"Audit year": ["2021_22"]}), adapter="england.nda")


def test_the_quarterly_workbook_has_21_measures():
    file = io.BytesIO(quarterly_2024_25())
    file.name = "nda.xlsx"
    table = phm.load(file).table
    assert len(table[["measure", "definition"]].drop_duplicates()) == 21
