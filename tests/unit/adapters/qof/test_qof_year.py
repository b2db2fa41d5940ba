"""A year's zip is one extract of several tables, and says whose figures are absent."""

from __future__ import annotations

import pytest
from tests.builders import GEOGRAPHY_HEADER, as_file, csv_bytes, geography_row
from tests.writers.qof_files import (
    REGIONAL,
    REGISTERS,
    VALIDATION,
    achievement_csv,
    indicator_csv,
    record,
    year_zip,
)

import phm_diabetes as phm
from phm_diabetes.errors import SourceLayoutError

SHEETS = {
    "prevalence": csv_bytes(
        [[f"Y9900{n}", "COPD", "90", "TOTAL", "5000"] for n in (1, 2)], REGISTERS
    ),
    "achievement_midlands": achievement_csv(
        record("Y99001", "COPD010", numerator=60, denominator=80, pcas=20), REGIONAL
    ),
    "achievement_north_west": achievement_csv(
        [
            *record("Y99002", "COPD010", numerator=70, denominator=90, pcas=0),
            *record("Y99002", "CAN001", register=12),
        ],
        REGIONAL,
    ),
    "mapping_indicators": indicator_csv(
        {"COPD010": ("Reviewed in 12 months", "9", "TOTAL"), "CAN001": ("A register", "5", "TOTAL")}
    ),
    "mapping_nhs_geographies": csv_bytes(
        [geography_row(1), geography_row(2), geography_row(3)], GEOGRAPHY_HEADER
    ),
    "organisation_reference": csv_bytes(
        [["Y99001", "635"], ["Y99002", "623.5"]], ("PRACTICE_CODE", "REVISED_MAX_POINTS")
    ),
    "practice_validation_outcomes": csv_bytes(
        [["Y99004", "2", "Closed before 1 April"]], VALIDATION
    ),
}


def zipped(*left_out, label="2223", **more):
    sheets = {name: data for name, data in SHEETS.items() if name not in left_out}
    return as_file(f"QOF{label}.zip", year_zip(label, **sheets, **more))


@pytest.fixture(scope="module")
def extract():
    return phm.load(zipped())


@pytest.fixture(scope="module")
def geo(extract):
    return phm.Geography.from_memberships(extract)


def test_the_whole_zip_is_recognised_as_one_extract_and_no_row_is_lost(extract):
    origin = extract.provenance
    assert origin.adapter == "england.qof"
    assert len(origin.sheets) == len(SHEETS)
    assert origin.rows_read == origin.rows_used == 17
    assert set(extract.tables) == {
        *("counts", "indicators", "facts", "memberships", "organisations")
    }


def test_registers_and_every_region_stand_in_one_table_of_counts(extract):
    assert sorted(extract.table["measure"].astype(str)) == [
        *("copd.register", "copd.register", "qof.can001_register", "qof.copd010", "qof.copd010")
    ]


@pytest.mark.parametrize(
    ("sheet", "adapter"),
    [
        ("prevalence", "england.qof_prevalence"),
        ("mapping_nhs_geographies", "england.qof_geography"),
        ("achievement_midlands", "england.qof"),
        ("mapping_indicators", "england.qof"),
    ],
)
def test_one_sheet_alone_goes_to_the_adapter_of_that_sheet(sheet, adapter):
    alone = as_file(f"{sheet.upper()}_2223.csv", SHEETS[sheet])
    assert phm.load(alone).provenance.adapter == adapter


def test_a_zip_without_some_sheet_still_loads_and_says_so():
    extract = phm.load(zipped("mapping_nhs_geographies"))
    told = extract.problems[extract.problems["rule"] == "absent table"]
    assert sorted(told["message"]) == [
        "no sheet that holds the memberships was found",
        "no sheet that holds the organisations was found",
    ]
    assert len(extract.tables["memberships"]) == 0


def test_a_member_that_is_nearly_a_sheet_of_the_year_is_not_passed_over_in_silence():
    nearly = achievement_csv(
        record("Y99009", "COPD010", numerator=1, denominator=2),
        ("PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUES"),
    )
    with pytest.raises(
        SourceLayoutError, match=r"'ACHIEVEMENT_LONDON_2223\.csv'.*Did you mean 'VAL"
    ):
        phm.load(zipped(achievement_london=nearly), adapter="england.qof")


def test_a_file_about_something_else_is_only_noted():
    told = phm.load(zipped(notes=b"Read me\nfirst\n")).problems
    assert told[told["rule"] == "sheet not read"]["severity"].tolist() == ["info"]


def test_the_most_points_are_facts_and_fewer_than_others_is_told(extract):
    facts = extract.tables["facts"]
    most = facts[facts["attribute"] == "most_points"]
    assert most[["org_code", "value"]].to_numpy().tolist() == [
        ["Y99001", "635"],
        ["Y99002", "623.5"],
    ]
    told = extract.problems[extract.problems["rule"] == "fewer points to earn"]
    assert told[["severity", "rows"]].to_numpy().tolist() == [["info", 1]]


def test_practices_left_out_of_the_publication_are_facts_with_their_reason(extract):
    facts = extract.tables["facts"]
    gone = facts[facts["attribute"] == "left_out_of_qof"]
    assert gone[["org_code", "value"]].to_numpy().tolist() == [["Y99004", "Closed before 1 April"]]
    assert "left out of the publication" in extract.problems["rule"].tolist()


def test_a_practice_that_is_absent_is_not_zero_and_coverage_says_so(extract, geo):
    found = phm.coverage(extract.table, geo=geo, to="icb")
    copd = found[found["measure"] == "qof.copd010"].iloc[0]
    assert (copd["known"], copd["present"], copd["absent"]) == (3, 2, ("Y99003",))
    whole = geo.roll_up(extract.table, to="icb", as_at="period_end")
    summed = whole[whole["measure"] == "qof.copd010"].iloc[0]
    assert (summed["numerator"], summed["denominator"], summed["excluded"]) == (130, 170, 20)


def test_cards_come_from_the_years_own_mapping(extract):
    area = phm.qof_area(extract)
    assert area["qof.copd010"].name == "QOF COPD010: Reviewed in 12 months"
    assert area["qof.copd010"].polarity == "higher"
    assert area["qof.copd010_excluded"].polarity == "neither"
    estimates = phm.estimate(extract.table, measures=area)
    own = estimates[estimates["measure"] == "qof.copd010"]
    assert own["value"].tolist() == [60 / 80, 70 / 90]


def test_an_achievement_file_alone_still_gets_cards():
    alone = as_file("ACHIEVEMENT_2223.csv", SHEETS["achievement_north_west"])
    assert set(phm.qof_area(phm.load(alone)).ids) == {
        *("qof.copd010", "qof.copd010_excluded", "qof.can001_register")
    }


def test_names_and_points_of_2016_17_stand_on_one_sheet_and_both_are_read():
    header = (
        *("PRACTICE_CODE", "PRACTICE_NAME", "CCG_CODE", "CCG_NAME", "REGION_CODE", "REGION_NAME"),
        "REVISED_MAXIMUM_POINTS",
    )
    row = ["Y99001", "Planted Surgery", "99Z", "Planted CCG", "Y99", "Planted", "559"]
    extract = phm.load(
        as_file("ORGANISATION_REFERENCE.csv", csv_bytes([row], header)),
        adapter="england.qof",
        period="2016-17",
    )
    assert extract.tables["facts"]["value"].tolist() == ["559"]
    assert "sub_icb" in set(extract.tables["memberships"]["parent_level"])
    assert set(extract.problems["severity"]) == {"info", "warning"}
    assert extract.provenance.rows_used == 1


def test_the_year_of_each_member_is_its_own(extract):
    assert extract.table["period_start"].nunique() == 1
    facts = extract.tables["facts"]
    assert set(facts["end"].dt.year) == {2023}
