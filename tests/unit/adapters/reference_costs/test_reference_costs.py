"""Reference costs: codes as text in every year, pounds as pence, two sheets or none."""

from __future__ import annotations

import io

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.demo.workbook import xlsx
from phm_diabetes.errors import OptionError, SourceLayoutError

ADAPTER = "england.reference_costs"
HEADER = ["Currency Code", "Service Code", "No. of attendances", "National Average Unit Cost"]
TITLE = ["National Schedule of Reference Costs - Year 2017-18", "", "", ""]


def sheet(*rows, title=TITLE, header=HEADER):
    return [title, ["CONSULTANT LED", "", "", ""], header, *rows]


def loaded(sheets, **keywords):
    return phm.load(io.BytesIO(xlsx(sheets)), adapter=ADAPTER, **keywords)


def test_a_code_held_as_a_number_and_as_text_is_the_same_code():
    numbers = loaded({"CL": sheet(["WF01A", 307.0, 5.0, 99.5])}).table
    texts = loaded({"CL": sheet(["WF01A", "307", 5.0, 99.5])}).table
    assert numbers["treatment_function"].tolist() == texts["treatment_function"].tolist() == ["307"]


def test_a_unit_cost_is_whole_pence_and_a_half_goes_up():
    rows = [["WF01A", "307", 5.0, 10.005], ["WF01B", "307", 5.0, 10.004]]
    assert loaded({"CL": sheet(*rows)}).table["unit_pence"].tolist() == [1001, 1000]


def test_the_sheet_says_who_led_the_attendances():
    row = ["WF01A", "307", 5.0, 99.5]
    table = loaded({"CL": sheet(row), "NCL": sheet(row)}).table
    assert table["setting"].tolist() == ["consultant led", "non-consultant led"]


def test_a_table_without_a_sheet_name_takes_the_title_above_it():
    frame = pd.DataFrame(sheet(["WF01A", "307", "5", "99.5"]))
    assert phm.load(frame, adapter=ADAPTER).table["setting"].tolist() == ["consultant led"]


def test_a_cost_is_no_tariff_and_does_not_claim_a_market_forces_factor():
    line = loaded({"CL": sheet(["WF01A", "307", 5.0, 99.5])}).table.iloc[0]
    assert line["price_type"] == "reference_cost"
    assert pd.isna(line["market_forces_factor"])


def test_the_year_is_in_the_title_or_said_by_the_caller():
    untitled = {"CL": sheet(["WF01A", "307", 5.0, 99.5], title=["Costs", "", "", ""])}
    with pytest.raises(OptionError, match="period='2017-18'"):
        loaded(untitled)
    assert loaded(untitled, period="2018-19").table["price_year"].tolist() == ["2018-19"]


def test_a_workbook_of_which_one_sheet_has_changed_is_refused_and_not_half_read():
    row = ["WF01A", "307", 5.0, 99.5]
    changed = ["Currency", "Service Code", "No. of attendances", "National Average Unit Cost"]
    with pytest.raises(SourceLayoutError, match=r"'NCL'.*'Currency Code' is missing"):
        loaded({"CL": sheet(row), "NCL": sheet(row, header=changed)})
