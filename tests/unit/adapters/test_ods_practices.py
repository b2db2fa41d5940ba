"""The ODS's register of practices: names, dates, status and setting, and nothing personal."""

from __future__ import annotations

import io

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.errors import SourceDataError, SourceLayoutError

ADAPTER = "england.ods_practices"
WIDTH = 27


def practice(
    code="Y99901", *, opened="19740401", closed="", status="A", setting="4", name="PLANTED SURGERY"
):
    cells = [""] * WIDTH
    cells[0:5] = [code, name, "Y99", "QZ1", "1 PLANTED STREET"]
    cells[9:13] = ["ZZ99 9ZZ", opened, closed, status]
    cells[14:18] = ["9Z1", "20200401", "", "01999 999999"]
    cells[25] = setting
    return cells


def loaded(*rows):
    text = pd.DataFrame(rows).to_csv(index=False, header=False)
    return phm.load(io.BytesIO(text.encode()), adapter=ADAPTER, problems="report")


def facts(extract, attribute):
    table = extract.tables["facts"]
    own = table[table["attribute"] == attribute]
    return dict(zip(own["org_code"], own["value"], strict=True))


def test_the_first_row_is_a_practice_and_not_a_header():
    extract = loaded(practice("Y99901"), practice("Y99902"))
    assert extract.table["org_code"].tolist() == ["Y99901", "Y99902"]
    assert extract.table["source_row"].tolist() == [1, 2]
    assert extract.provenance.rows_read == 2


def test_names_and_both_dates_are_read():
    line = loaded(practice(closed="20230331")).table.iloc[0]
    assert (line["org_level"], line["name"]) == ("practice", "PLANTED SURGERY")
    assert line["opened"] == pd.Timestamp("1974-04-01")
    assert line["closed"] == pd.Timestamp("2023-03-31")


def test_addresses_and_telephone_numbers_are_not_read():
    extract = loaded(practice())
    held = " ".join(table.to_csv() for table in extract.tables.values())
    assert not any(text in held for text in ("STREET", "ZZ99", "01999"))


def test_status_and_prescribing_setting_are_facts():
    extract = loaded(practice(), practice("Y99902", status="C", setting="25"))
    assert facts(extract, "status") == {"Y99901": "active", "Y99902": "closed"}
    assert facts(extract, "prescribing_setting") == {"Y99901": "4", "Y99902": "25"}


def test_the_newer_downloads_of_the_ods_mean_the_same_in_other_words():
    extract = loaded(
        practice(status="ACTIVE", setting="RO76"),
        practice("Y99902", status="INACTIVE", setting="RO80|RO87"),
    )
    assert facts(extract, "prescribing_setting") == {"Y99901": "4", "Y99902": "3"}
    assert facts(extract, "status") == {"Y99901": "active", "Y99902": "inactive"}
    assert len(extract.problems) == 0


def test_a_setting_that_nobody_knows_is_used_as_published_and_warned_of():
    extract = loaded(practice(setting="99"))
    assert facts(extract, "prescribing_setting") == {"Y99901": "99"}
    assert extract.problems[["severity", "row", "column"]].to_numpy().tolist() == [
        ["warning", 1, "column 26"]
    ]
    assert extract.provenance.rows_used == 1


def test_a_blank_setting_is_no_fact():
    extract = loaded(practice(setting=""))
    assert facts(extract, "prescribing_setting") == {}
    assert facts(extract, "status") == {"Y99901": "active"}


def test_other_prescribers_have_codes_of_three_letters():
    assert loaded(practice("YYY901")).table["org_code"].tolist() == ["YYY901"]


def test_a_practice_on_two_rows_is_reported_with_both():
    extract = loaded(practice(), practice("Y99902"), practice())
    assert extract.problems["row"].tolist() == [1, 3]
    assert extract.table["org_code"].tolist() == ["Y99902"]


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"code": "999901"}, "organisation code"),
        ({"opened": "1974"}, "date"),
        ({"closed": "99991231"}, "date"),
        ({"opened": "20230401", "closed": "20230331"}, "dates in order"),
    ],
)
def test_a_broken_row_is_set_aside_with_its_rule(cells, rule):
    extract = loaded(practice("Y99902"), practice(**cells))
    assert extract.problems[["row", "rule"]].to_numpy().tolist() == [[2, rule]]
    assert extract.table["org_code"].tolist() == ["Y99902"]
    assert set(extract.tables["facts"]["org_code"]) == {"Y99902"}


def test_a_file_of_another_width_is_refused_since_numbers_would_mean_nothing():
    with pytest.raises(SourceLayoutError, match="26 columns and not 27"):
        loaded(practice()[:-1])


def test_a_header_that_somebody_added_is_reported_as_the_first_row():
    with pytest.raises(SourceDataError, match="row 1 › column 1"):
        phm.load(
            io.BytesIO(
                pd.DataFrame([practice()], columns=[f"Column {n}" for n in range(WIDTH)])
                .to_csv(index=False)
                .encode()
            ),
            adapter=ADAPTER,
        )


def test_it_gives_no_memberships():
    assert set(loaded(practice()).tables) == {"organisations", "facts"}
