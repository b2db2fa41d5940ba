"""The geography published with the QOF: who belongs where in a year, in the columns of each era."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, SourceDataError, SourceLayoutError

ADAPTER = "england.qof_geography"
COLUMNS = (
    *("NAT_ONS_CODE", "NAT_CODE", "NAT_COUNTRY", "REGION_ODS_CODE", "REGION_ONS_CODE"),
    *("REGION_NAME", "ICB_ODS_CODE", "ICB_ONS_CODE", "ICB_NAME", "SUB_ICB_ODS_CODE"),
    *("SUB_ICB_ONS_CODE", "SUB_ICB_NAME", "PCN_ODS_CODE", "PCN_NAME", "PRACTICE_CODE"),
    "PRACTICE_NAME",
)
GOOD = {
    "NAT_ONS_CODE": "E92000001",
    "NAT_CODE": "ENG",
    "NAT_COUNTRY": "England",
    "REGION_ODS_CODE": "Y99",
    "REGION_ONS_CODE": "E40000099",
    "REGION_NAME": "Planted Region",
    "ICB_ODS_CODE": "QZ1",
    "ICB_ONS_CODE": "E54000999",
    "ICB_NAME": "Planted ICB",
    "SUB_ICB_ODS_CODE": "9Z1",
    "SUB_ICB_ONS_CODE": "E38000999",
    "SUB_ICB_NAME": "Planted sub-ICB",
    "PCN_ODS_CODE": "U99901",
    "PCN_NAME": "Planted PCN",
    "PRACTICE_CODE": "Y99901",
    "PRACTICE_NAME": "Planted Surgery",
}


def practice(number, **cells):
    return {**GOOD, "PRACTICE_CODE": f"Y999{number:02}", **cells}


def file_of(*rows, name="MAPPING_NHS_GEOGRAPHIES_2223.csv"):
    held = io.BytesIO(pd.DataFrame(rows).to_csv(index=False).encode())
    held.name = name
    return held


def loaded(*rows, **options):
    return phm.load(file_of(*rows), adapter=ADAPTER, problems="report", **options)


def parents(extract, member, parent):
    table = extract.table
    own = table[(table["org_level"] == member) & (table["parent_level"] == parent)]
    return dict(zip(own["org_code"], own["parent_code"].astype(object), strict=True))


def test_a_practice_belongs_to_every_level_above_it():
    extract = loaded(practice(1))
    found = {level: parents(extract, "practice", level) for level in ("pcn", "sub_icb", "icb")}
    assert found == {
        "pcn": {"Y99901": "U99901"},
        "sub_icb": {"Y99901": "9Z1"},
        "icb": {"Y99901": "QZ1"},
    }
    assert parents(extract, "practice", "region") == {"Y99901": "Y99"}
    assert parents(extract, "practice", "england") == {"Y99901": "E92000001"}


def test_a_published_mapping_holds_for_its_year_and_no_longer():
    table = loaded(practice(1)).table
    assert set(table["start"]) == {pd.Timestamp("2022-04-01")}
    assert set(table["end"]) == {pd.Timestamp("2023-03-31")}


def test_parents_are_said_once_and_cite_the_first_row_that_says_so():
    extract = loaded(
        practice(1, ICB_ODS_CODE="QZ2", SUB_ICB_ODS_CODE="9Z2"), *map(practice, (2, 3))
    )
    own = extract.table[extract.table["org_level"] == "sub_icb"]
    assert own[["org_code", "parent_code", "source_row"]].to_numpy().tolist() == [
        ["9Z1", "QZ1", 3],
        ["9Z2", "QZ2", 2],
    ]
    assert parents(extract, "icb", "region") == {"QZ1": "Y99", "QZ2": "Y99"}
    assert parents(extract, "region", "england") == {"Y99": "E92000001"}


@pytest.mark.parametrize("code", ["U", "Unallocated", "UNALLOCATED", ""])
def test_an_unallocated_practice_is_known_and_in_no_pcn(code):
    extract = loaded(practice(1), practice(2, PCN_ODS_CODE=code, PCN_NAME="Unallocated"))
    own = extract.table[extract.table["parent_level"] == "pcn"]
    assert own["parent_code"].isna().tolist() == [False, True]
    assert parents(extract, "practice", "icb") == {"Y99901": "QZ1", "Y99902": "QZ1"}
    names = extract.tables["organisations"]
    assert names.loc[names["org_level"] == "pcn", "org_code"].tolist() == ["U99901"]


def test_practices_without_a_pcn_are_counted_together_as_one_piece_of_information():
    extract = loaded(practice(1), *(practice(n, PCN_ODS_CODE="U") for n in (2, 3)))
    told = extract.problems.iloc[0]
    assert len(extract.problems) == 1
    assert (told["severity"], told["rule"], told["rows"]) == ("info", "no PCN", 2)
    assert told["message"] == "names no PCN for 2 practices"
    assert not told["sets_aside"]
    assert extract.provenance.rows_used == 3


def test_every_organisation_is_named_once():
    extract = loaded(practice(1), practice(2, PRACTICE_NAME="Other Surgery"))
    names = extract.tables["organisations"]
    assert dict(zip(names["org_code"], names["name"], strict=True)) == {
        "Y99901": "Planted Surgery",
        "Y99902": "Other Surgery",
        "U99901": "Planted PCN",
        "9Z1": "Planted sub-ICB",
        "QZ1": "Planted ICB",
        "Y99": "Planted Region",
        "E92000001": "England",
    }


def test_the_first_spelling_of_a_name_is_used_and_another_is_warned_of():
    extract = loaded(practice(1, PCN_NAME=""), practice(2), practice(3, PCN_NAME="Planted P.C.N."))
    names = extract.tables["organisations"].set_index("org_code")["name"]
    assert names["U99901"] == "Planted PCN"
    warned = extract.problems
    assert warned[["severity", "row", "column"]].to_numpy().tolist() == [["warning", 4, "PCN_NAME"]]
    assert extract.provenance.rows_used == 3


ERAS = {
    "2021-22": {
        "SUB_ICB_ODS_CODE": "SUB_ICB_LOC_ODS_CODE",
        "SUB_ICB_ONS_CODE": "SUB_ICB_LOC_ONS_CODE",
        "SUB_ICB_NAME": "SUB_ICB_LOC_NAME",
        "NAT_COUNTRY": "COUNTRY",
    },
    "2019-20": {
        "SUB_ICB_ODS_CODE": "CCG_ODS_CODE",
        "SUB_ICB_ONS_CODE": "CCG_ONS_CODE",
        "SUB_ICB_NAME": "CCG_NAME",
        "ICB_ODS_CODE": "STP_ODS_CODE",
        "ICB_ONS_CODE": "STP_ONS_CODE",
        "ICB_NAME": "STP_NAME",
        "NAT_COUNTRY": "COUNTRY",
    },
}


@pytest.mark.parametrize("year", ERAS)
def test_another_era_of_the_mapping_gives_the_same_levels(year):
    renamed = {ERAS[year].get(column, column): cell for column, cell in practice(1).items()}
    old = phm.load(file_of(renamed), period=year)
    new = loaded(practice(1), period=year)
    assert len(old.problems) == 0
    drop = {"columns": "source"}
    pd.testing.assert_frame_equal(old.table.drop(**drop), new.table.drop(**drop))


REFERENCES = {
    "2016-17": "PRACTICE_CODE,PRACTICE_NAME,CCG_CODE,CCG_GEOGRAPHY_CODE,CCG_NAME,STP_CODE,STP_NAME,"
    "SUBREGION_CODE,SUBREGION_GEOGRAPHY_CODE,SUBREGION_NAME,REGION_CODE,REGION_GEOGRAPHY_CODE,"
    "REGION_NAME,COUNTRY,REVISED_MAXIMUM_POINTS\n"
    "Y99901,PLANTED SURGERY,99Z,E38000999,PLANTED CCG,E54000999,PLANTED STP,Q99,E39000999,"
    "PLANTED SUBREGION,Y99,E40000999,PLANTED REGION,ENGLAND,559\n",
    "2018-19": "PRACTICE_CODE,PRACTICE_NAME,CCG_CODE,CCG_ONS_CODE,CCG_NAME,STP_ONS_CODE,STP_NAME,"
    "REGIONAL_LOCAL_OFFICE_CODE,REGIONAL_LOCAL_OFFICE_ONS_CODE,REGIONAL_LOCAL_OFFICE_NAME,"
    "REGION_CODE,REGION_ONS_CODE,REGION_NAME,COUNTRY,REVISED_MAXIMUM_POINTS\n"
    "Y99901,Planted Surgery,99Z,E38000999,NHS Planted CCG,E54000999,Planted STP,Q99a,E39000999,"
    "Planted Office,Y99,E40000999,Planted Region,England,559\n",
}


@pytest.mark.parametrize("year", REFERENCES)
def test_the_oldest_files_give_ccgs_and_stps_and_say_nothing_of_pcns(year):
    extract = phm.load(io.BytesIO(REFERENCES[year].encode()), period=year)
    assert parents(extract, "practice", "sub_icb") == {"Y99901": "99Z"}
    assert parents(extract, "sub_icb", "icb") == {"99Z": "E54000999"}
    assert "pcn" not in set(extract.table["parent_level"])
    assert len(extract.problems) == 0


def test_a_file_from_before_there_were_stps_leaves_that_level_out():
    header, row = REFERENCES["2016-17"].splitlines()
    text = pd.read_csv(io.StringIO(f"{header}\n{row}\n"), dtype=str)
    extract = phm.load(text.drop(columns=["STP_CODE", "STP_NAME"]), period="2015-16")
    assert set(extract.table["parent_level"]) == {"sub_icb", "region", "england"}


def test_a_practice_on_two_rows_is_reported_with_both():
    extract = loaded(practice(1), practice(2), practice(1))
    assert extract.problems["row"].tolist() == [2, 4]
    assert set(extract.problems["rule"]) == {"duplicate"}
    assert parents(extract, "practice", "icb") == {"Y99902": "QZ1"}


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("PRACTICE_CODE", "X99001"),
        ("PCN_ODS_CODE", "99901"),
        ("SUB_ICB_ODS_CODE", "9Z"),
        ("ICB_ODS_CODE", ""),
        ("REGION_ODS_CODE", "E40000099"),
        ("NAT_ONS_CODE", "W92000004"),
    ],
)
def test_a_malformed_code_is_reported_once_and_its_row_is_set_aside(column, code):
    extract = loaded(practice(1), practice(2, **{column: code}), practice(3))
    assert extract.problems[["row", "column", "rule"]].to_numpy().tolist() == [
        [3, column, "organisation code"]
    ]
    assert len(extract.unmapped) == 1
    assert set(parents(extract, "practice", "england")) == {"Y99901", "Y99903"}
    assert extract.provenance.rows_read == 3 == extract.provenance.rows_used + 1


def test_a_row_set_aside_says_nothing_about_parents_either():
    extract = loaded(practice(1, PCN_ODS_CODE="99901"), practice(2))
    own = extract.table[extract.table["org_level"] != "practice"]
    assert set(own["source_row"]) == {3}


def test_a_sub_icb_in_two_icbs_is_reported_where_it_differs_from_most_rows():
    extract = loaded(practice(1, ICB_ODS_CODE="QZ2"), practice(2), practice(3))
    assert extract.problems[["row", "rule"]].to_numpy().tolist() == [[2, "one parent"]]
    assert parents(extract, "sub_icb", "icb") == {"9Z1": "QZ1"}


def test_without_a_majority_the_library_does_not_choose():
    tied = (practice(1, ICB_ODS_CODE="QZ2"), practice(2))
    extract = loaded(*tied, practice(3, SUB_ICB_ODS_CODE="9Z3"))
    assert extract.problems["row"].tolist() == [2, 3]
    assert parents(extract, "sub_icb", "icb") == {"9Z3": "QZ1"}


def test_an_icb_in_two_regions_is_reported_too():
    extract = loaded(*map(practice, (1, 2)), practice(3, REGION_ODS_CODE="Y98"))
    assert extract.problems[["row", "column"]].to_numpy().tolist() == [[4, "REGION_ODS_CODE"]]


def test_a_pcn_across_two_sub_icbs_is_no_fault():
    extract = loaded(practice(1), practice(2, SUB_ICB_ODS_CODE="9Z2"))
    assert len(extract.problems) == 0


def test_broken_rows_stop_a_load_that_was_not_asked_to_report_them():
    with pytest.raises(SourceDataError, match="row 3 › PRACTICE_CODE"):
        phm.load(file_of(practice(1), practice(2, PRACTICE_CODE="")), adapter=ADAPTER)


def test_a_missing_column_is_named_with_its_near_miss():
    bad = practice(1)
    bad["PCN_ODS_CODES"] = bad.pop("PCN_ODS_CODE")
    with pytest.raises(SourceLayoutError, match=r"'PCN_ODS_CODE' is missing.*'PCN_ODS_CODES'"):
        loaded(bad)


def test_a_column_the_layout_does_not_have_is_warned_of_and_its_own_are_not():
    extract = loaded(practice(1, NOTES="seen"))
    assert extract.problems["column"].tolist() == ["NOTES"]


def test_a_file_that_does_not_say_its_year_must_be_told():
    with pytest.raises(OptionError, match="period="):
        phm.load(file_of(practice(1), name="mapping.csv"), adapter=ADAPTER)


def test_white_space_around_codes_and_names_is_no_part_of_them():
    extract = loaded(practice(1, ICB_NAME="Planted ICB ", ICB_ODS_CODE=" QZ1"), practice(2))
    assert len(extract.problems) == 0
    assert parents(extract, "practice", "icb")["Y99901"] == "QZ1"


@settings(max_examples=10)  # each is two loads
@given(st.permutations(range(6)))
def test_the_order_of_rows_never_matters(order):
    rows = [
        practice(n, PCN_ODS_CODE=pcn, ICB_ODS_CODE=icb, SUB_ICB_ODS_CODE=f"9{icb[1:]}")
        for n, (pcn, icb) in enumerate([("U99901", "QZ1"), ("U", "QZ1"), ("U99902", "QZ2")] * 2)
    ]
    mixed = [rows[spot] for spot in order]
    said = ["org_level", "org_code", "parent_level", "parent_code"]
    one, other = (
        loaded(*each).table[said].astype(object).fillna("").sort_values(said, ignore_index=True)
        for each in (rows, mixed)
    )
    pd.testing.assert_frame_equal(one, other)
