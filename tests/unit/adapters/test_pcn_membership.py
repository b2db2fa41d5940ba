"""The ODS's workbook of PCNs and their core partners: two sheets, one adapter."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.builders import workbook_bytes

import phm_diabetes as phm
from phm_diabetes.errors import SourceDataError

ADAPTER = "england.pcn_membership"
DETAILS = ("PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date",
           "Close Date", "Address Line 1", "Postcode")  # fmt: skip
OLD_DETAILS = ("PCN Code", "PCN Name", "Current Clinical \r\nCommissioning \r\nGroup Code",
               "Clinical\r\nCommissioning\r\nGroup Name", "Open Date", "Close Date",
               "Address Line 1", "Postcode")  # fmt: skip
PARTNERS = (
    "Partner\nOrganisation\nCode",
    "Partner\nName",
    "Practice\nParent\nSub ICB Loc Code",
    "Practice\nParent\nSub ICB Loc Name",
    "PCN Code",
    "PCN Name",
    "PCN Parent\nSub ICB Loc Code",
    "PCN Parent\nSub ICB Loc Name",
    "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date",
    "Practice Sub ICB Loc and PCN Sub ICB Loc Match ",
)
OLD_PARTNERS = tuple(each.replace("Sub ICB Loc", "CCG") for each in PARTNERS)


def pcn(code="U99901", *, name="PLANTED PCN", opened="20190701", closed=""):
    return [code, name, "9Z1", "PLANTED ICB - 9Z1", opened, closed, "1 PLANTED STREET", "ZZ99 9ZZ"]


def partner(practice="Y99901", *, pcn="U99901", start="20190701", end=""):
    where = ["9Z1", "PLANTED ICB - 9Z1"]
    return [practice, "PLANTED SURGERY", *where, pcn, "PLANTED PCN", *where, start, end, "TRUE"]


ONE_PCN, ONE_PARTNER = (pcn(),), (partner(),)


def loaded(details=ONE_PCN, partners=ONE_PARTNER, headers=(DETAILS, PARTNERS)):
    sheets = {
        "PCNDetails": [headers[0], *details],
        "PCN Core Partner Details": [headers[1], *partners],
    }
    return phm.load(io.BytesIO(workbook_bytes(sheets)), adapter=ADAPTER, problems="report")


def told(extract):
    """Return problems apart from the edition's age, which every file has."""
    return extract.problems[extract.problems["rule"] != "open when published"]


def test_one_sheet_gives_memberships_and_the_other_names():
    extract = loaded(partners=[partner(), partner("Y99902", end="20220331")])
    assert extract.table["org_code"].tolist() == ["Y99901", "Y99902"]
    assert set(extract.table["parent_level"]) == {"pcn"}
    assert extract.table["end"].tolist() == [pd.NaT, pd.Timestamp("2022-03-31")]
    names = extract.tables["organisations"]
    assert names[["org_level", "org_code", "name"]].to_numpy().tolist() == [
        ["pcn", "U99901", "PLANTED PCN"]
    ]
    assert len(told(extract)) == 0


def test_each_row_cites_its_own_sheet():
    extract = loaded()
    assert extract.table["source"].iloc[0].endswith("#PCN Core Partner Details")
    assert extract.tables["organisations"]["source"].iloc[0].endswith("#PCNDetails")
    assert extract.provenance.sheets == ("PCNDetails", "PCN Core Partner Details")
    assert extract.provenance.rows_read == extract.provenance.rows_used == 2


def test_an_edition_with_ccgs_in_its_headers_gives_the_same():
    old, new = loaded(headers=(OLD_DETAILS, OLD_PARTNERS)), loaded()
    for name, table in new.tables.items():
        pd.testing.assert_frame_equal(
            old.tables[name].drop(columns="source"), table.drop(columns="source")
        )
    assert len(told(old)) == 0


def test_a_sheet_alone_gives_its_own_table_and_says_that_the_other_is_absent():
    sheet = pd.DataFrame([partner()], columns=PARTNERS)
    extract = phm.load(sheet, adapter=ADAPTER)
    assert len(extract.table) == 1
    assert extract.tables["organisations"].empty
    assert told(extract)[["severity", "rule"]].to_numpy().tolist() == [["info", "absent table"]]
    assert "organisations" in told(extract)["message"].iloc[0]


def test_a_workbook_without_memberships_is_warned_of_since_they_are_what_it_is_for():
    extract = phm.load(pd.DataFrame([pcn()], columns=DETAILS), adapter=ADAPTER)
    assert extract.table.empty
    assert told(extract)[["severity", "rule"]].to_numpy().tolist() == [["warning", "absent table"]]


def test_a_practice_that_moves_within_a_year_is_in_each_pcn_for_its_time():
    moved = [partner(end="20220930"), partner(pcn="U99902", start="20221001")]
    extract = loaded(details=[pcn(), pcn("U99902")], partners=moved)
    geo = phm.Geography.from_memberships(extract)
    counts = phm.counts_from(
        [
            {
                "dataset": "planted",
                "measure": "copd.register",
                "definition": "planted",
                "org_level": "practice",
                "org_code": "Y99901",
                "period_start": "2022-04-01",
                "period_end": "2023-03-31",
                "numerator": 1,
                "denominator": 2,
            }
        ]
    )
    found = {
        day: geo.roll_up(counts, to="pcn", as_at=day)["org_code"].tolist()
        for day in ("2022-09-30", "2022-10-01")
    }
    assert found == {"2022-09-30": ["U99901"], "2022-10-01": ["U99902"]}


def test_a_handover_on_one_day_is_used_and_warned_of():
    moved = [partner(end="20220701"), partner(pcn="U99902", start="20220701")]
    extract = loaded(details=[pcn(), pcn("U99902")], partners=moved)
    assert told(extract)[["severity", "row", "rule"]].to_numpy().tolist() == [
        ["warning", 3, "one parent a day"]
    ]
    assert len(extract.table) == 2


def test_a_pcn_on_two_rows_is_reported_with_both():
    extract = loaded(details=[pcn(), pcn(), pcn("U99902")])
    assert told(extract)[["sheet", "row"]].to_numpy().tolist() == [
        ["PCNDetails", 2],
        ["PCNDetails", 3],
    ]
    assert extract.tables["organisations"]["org_code"].tolist() == ["U99902"]


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"practice": "9901"}, "organisation code"),
        ({"pcn": "U999"}, "organisation code"),
        ({"start": ""}, "date"),
        ({"end": "20190630"}, "dates in order"),
    ],
)
def test_a_broken_partner_is_set_aside_with_its_rule(cells, rule):
    extract = loaded(partners=[partner("Y99902"), partner(**cells)])
    assert told(extract)[["row", "rule"]].to_numpy().tolist() == [[3, rule]]
    assert extract.table["org_code"].tolist() == ["Y99902"]


def test_a_pcn_that_closed_before_it_opened_stops_the_load():
    sheets = {"PCNDetails": [DETAILS, pcn(closed="20190630")]}
    with pytest.raises(SourceDataError, match="'PCNDetails' › row 2 › Close Date ends before"):
        phm.load(io.BytesIO(workbook_bytes(sheets)), adapter=ADAPTER)


def test_dates_that_excel_keeps_as_dates_are_read_all_the_same():
    sheet = pd.DataFrame([partner()], columns=PARTNERS)
    sheet[PARTNERS[8]] = pd.Timestamp("2019-07-01")
    assert phm.load(sheet, adapter=ADAPTER).table["start"].iloc[0] == pd.Timestamp("2019-07-01")
