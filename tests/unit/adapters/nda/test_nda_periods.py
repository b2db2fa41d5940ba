"""Audits are known by title sheet, by label and by file name, with both ends."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.writers.nda_workbooks import edition_2021_22, quarterly_2024_25, wide_2016_17

import phm_diabetes as phm
from phm_diabetes.adapters.nda_periods import audit_of_row, titled_audit
from phm_diabetes.model.periods import Period


def opened(data, name="nda.xlsx"):
    file = io.BytesIO(data)
    file.name = name
    return file


@pytest.mark.parametrize(
    ("label", "start", "end", "partial"),
    [
        ("2018_19", "2018-01-01", "2019-03-31", False),
        ("201819", "2018-01-01", "2019-03-31", False),
        ("202122E4", "2021-01-01", "2022-03-31", False),
        ("202122E1", "2021-01-01", "2021-06-30", True),
        ("2022_23_E1", "2022-01-01", "2022-06-30", True),
        ("202021E3", "2020-01-01", "2020-12-31", True),
        ("2023-24 Q2", "2023-01-01", "2023-09-30", True),
        ("202526E3", "2025-04-01", "2025-12-31", True),
    ],
)
def test_a_label_names_the_whole_window_or_a_cut_of_it(label, start, end, partial):
    period = Period.audit(label)
    assert (f"{period.start}", f"{period.end}", period.is_partial) == (start, end, partial)


def test_a_label_that_contradicts_the_cut_is_refused():
    with pytest.raises(phm.errors.OptionError, match="another cut"):
        Period.audit("202122E1", cut="Q2")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("January 2024 to September 2024", "2024-01-01 to 2024-09-30 (partial)"),
        ("January to June 2023", "2023-01-01 to 2023-06-30 (partial)"),
        ("January 2021 – March 2022", "2021-01-01 to 2022-03-31"),
        ("April 2025 to December 2025", "2025-04-01 to 2025-12-31 (partial)"),
        ("April 2024 to March 2025", "2024-04-01 to 2025-03-31"),
    ],
)
def test_a_title_names_months(title, expected):
    assert str(titled_audit(["National Diabetes Audit", title])) == expected


@pytest.mark.parametrize("title", ["February 2024 to September 2024", "January 2024 to May 2024"])
def test_a_title_that_names_no_cut_is_refused(title):
    with pytest.raises(phm.errors.SourceLayoutError, match="no cut of an audit"):
        titled_audit([title])


def test_a_year_that_is_not_the_sheets_keeps_its_own_window():
    sheet = Period.audit("2019-20")
    assert audit_of_row("2018_19", sheet) == Period.audit("2018-19")


def test_a_year_whose_window_is_not_public_needs_the_title():
    with pytest.raises(phm.errors.PhmError, match="2024"):
        phm.load(opened(quarterly_2024_25(period="Quarter 2")))


def test_the_caller_may_say_the_window():
    period = Period.audit("2024-25", cut="Q1", months=12)
    extract = phm.load(opened(quarterly_2024_25(period="Quarter 1")), period=period)
    assert {f"{day:%Y-%m-%d}" for day in extract.table["period_end"]} == {"2024-06-30"}
    assert set(extract.table["definition"].astype(str).str[-3:]) == {"12m"}


def test_the_caller_may_label_a_cut():
    extract = phm.load(opened(edition_2021_22()), period="2021-22 Q3")
    assert {f"{day:%Y-%m-%d}" for day in extract.table["period_end"]} == {"2021-12-31"}


def test_a_row_that_names_no_audit_is_an_error_with_its_number():
    data = wide_2016_17().replace(b"2016-17,Type 1,England", b"then,Type 1,England")
    with pytest.raises(phm.errors.SourceDataError) as refused:
        phm.load(opened(data, "nda.csv"))
    rows = refused.value.problems
    assert rows.loc[rows["rule"] == "audit year", "row"].tolist() == [3]
    assert "then" not in str(refused.value).split("'")


def test_a_single_sheet_without_its_type_asks_for_it():
    grid = pd.DataFrame(
        [
            ["", "", "BMI", ""],
            ["Audit year", "GP code", "Numerator", "Denominator"],
            ["2021_22", "Y99001", "90", "100"],
        ]
    )
    with pytest.raises(phm.errors.SourceLayoutError, match="type of diabetes"):
        phm.load(grid, adapter="england.nda")
    from phm_diabetes.adapters.nda import Nda

    table = phm.load(grid, adapter=Nda(subtype="type_1")).table
    assert table["subtype"].tolist() == ["type_1"]
