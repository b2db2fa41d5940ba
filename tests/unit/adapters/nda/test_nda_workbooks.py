"""Every edition of the workbooks reads: the planted people come out, rounded as published."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.writers.nda_truth import PRACTICES, SUBTYPES, eligible, organisations, published, reached
from tests.writers.nda_workbooks import (
    QUARTERLY,
    USUAL,
    WIDE_2015,
    WIDE_2016,
    edition_2019_20,
    edition_2021_22,
    full_2024_25,
    quarterly_2024_25,
    wide_2016_17,
)

import phm_diabetes as phm

STATIN = "nda:tt3.hba1c_58+bp_140_80+statin:15m"
WITH_140_90 = "nda:tt3.hba1c_58+bp_140_90+statin:15m"
CHOLESTEROL = "nda:tt3.hba1c_58+bp_140_80+cholesterol_5:15m"
VARIANTS = {STATIN: "statin", WITH_140_90: "140/90", CHOLESTEROL: "cholesterol"}
EDITIONS = {
    "nda_2016-17.csv": (wide_2016_17, WIDE_2016, {"2017-03-31"}),
    "nda_2019-20.xlsx": (edition_2019_20, USUAL, {"2019-03-31", "2020-03-31"}),
    "nda_2021-22.xlsx": (edition_2021_22, USUAL, {"2022-03-31"}),
    "nda_2024-25_q2.xlsx": (quarterly_2024_25, QUARTERLY, {"2024-09-30"}),
    "nda_2024-25.xlsx": (full_2024_25, QUARTERLY, {"2025-03-31"}),
}


def opened(data, name):
    file = io.BytesIO(data)
    file.name = name
    return file


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request):
    write, columns, ends = EDITIONS[request.param]
    return phm.load(opened(write(), request.param)), columns, ends


def test_the_layout_is_recognised_by_its_headers(edition):
    extract, _, _ = edition
    assert extract.provenance.adapter == "england.nda"
    assert extract.provenance.policy.name == "as published"


def test_every_row_is_used_or_reported(edition):
    origin = edition[0].provenance
    assert origin.rows_read == origin.rows_used + origin.rows_reported


def test_nothing_is_an_error(edition):
    problems = edition[0].problems
    assert not (problems["severity"] == "error").any()
    assert set(problems["rule"]) <= {
        "note",
        "known issue",
        "not collected",
        "detained estates",
        "sheet not read",
    }


def test_periods_end_as_the_title_or_the_rows_say(edition):
    extract, _, ends = edition
    assert {f"{day:%Y-%m-%d}" for day in extract.table["period_end"]} == ends
    assert {day.month for day in extract.table["period_start"]} == {1}


def test_every_count_is_what_the_planted_people_round_to(edition):
    extract, _, _ = edition
    codes = {
        "E92000001" if level == "england" else code: members
        for level, code, members in organisations()
    }
    for row in extract.table.itertuples():
        members = codes[row.org_code]
        variant = VARIANTS.get(str(row.definition), "")
        top = sum(reached(each, row.subtype, row.measure, variant) for each in members)
        whole = sum(eligible(each, row.subtype, row.measure) for each in members)
        assert (row.numerator, row.denominator) == (published(top), published(whole))
        assert row.numerator_low <= top <= row.numerator_high
        assert row.denominator_low <= whole <= row.denominator_high


def test_each_organisation_stands_at_its_level(edition):
    levels = {
        str(code): str(level)
        for level, code in edition[0]
        .table[["org_level", "org_code"]]
        .drop_duplicates()
        .itertuples(index=False)
    }
    known = {code: level for level, code, _ in organisations()} | {"E92000001": "england"}
    assert levels == {code: known[code] for code in levels}
    assert {each.code for each in PRACTICES} <= set(levels)
    assert "Q99" not in levels


def test_both_types_of_diabetes_are_there_and_never_added_up_silently(edition):
    table = edition[0].table
    assert set(table["subtype"].astype(str)) == set(SUBTYPES.values())
    with pytest.raises(phm.errors.DoubleCountError, match="subtype"):
        phm.estimate(table)


def test_measures_under_all_headings_are_read(edition):
    extract, columns, _ = edition
    assert {measure for _, measure, _ in columns} <= set(extract.table["measure"].astype(str))


def test_a_published_5_is_anything_from_1_to_7_and_0_is_nobody(edition):
    table = edition[0].table
    five = table[table["numerator"] == 5]
    assert len(five)
    assert (five["numerator_low"] == 1).all()
    assert (five["numerator_high"] == 7).all()
    nobody = table[table["denominator"] == 0]
    assert len(nobody)
    assert (nobody["denominator_high"] == 0).all()


def test_the_ninth_process_is_absent_where_it_was_not_collected():
    extract = phm.load(opened(edition_2019_20(), "nda.xlsx"))
    ends = extract.table.groupby("measure", observed=True)["period_end"].unique()
    for measure in ("dm.cp.retinal", "dm.cp9"):
        assert [f"{day:%Y-%m-%d}" for day in ends[measure]] == ["2020-03-31"]
    reported = extract.problems[extract.problems["rule"] == "not collected"]
    assert set(reported["column"]) == {"Retinal Screening", "All Nine Care Processes"}
    assert (reported["severity"] == "info").all()


def test_exact_editions_have_no_ranges():
    data = wide_2016_17(year="2015-16", exact=True, groups=WIDE_2015)
    extract = phm.load(opened(data, "nda.csv"))
    table = extract.table
    assert (table["numerator_low"] == table["numerator"]).all()
    assert (table["numerator_high"] == table["numerator"]).all()
    assert f"{table['period_start'].min():%Y-%m-%d}" == "2015-01-01"


def test_a_count_that_is_no_multiple_of_5_is_taken_as_exact_and_said():
    data = wide_2016_17(exact=True)
    extract = phm.load(opened(data, "nda.csv"))
    odd = extract.table[extract.table["numerator"] % 5 != 0]
    assert (odd["numerator_low"] == odd["numerator_high"]).all()
    assert "rounding" in set(extract.problems["rule"])


def test_a_name_is_no_code_and_a_footer_no_organisation():
    extract = phm.load(opened(full_2024_25(), "nda.xlsx"))
    codes = extract.table["org_code"].astype(str)
    assert not codes.str.contains("Planted|Source|rounded").any()
    notes = extract.problems[extract.problems["rule"] == "note"]
    assert notes["rows"].sum() == 4


def test_a_zip_of_the_workbook_gives_the_same():
    from tests.builders import zip_bytes

    data = edition_2021_22()
    plain = phm.load(opened(data, "nda.xlsx")).table
    packed = phm.load(opened(zip_bytes({"nda.xlsx": data}), "nda.zip")).table
    left_out = ["source"]
    pd.testing.assert_frame_equal(plain.drop(columns=left_out), packed.drop(columns=left_out))
