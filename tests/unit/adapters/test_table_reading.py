"""A declared layout reads what it says, and reports the rest."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import phm_diabetes as phm
from phm_diabetes.adapters.base import Signature
from phm_diabetes.adapters.headers import find_header
from phm_diabetes.adapters.kinds import period_in
from phm_diabetes.adapters.ranges import Rounding, counted
from phm_diabetes.adapters.sheets import Sheet
from phm_diabetes.adapters.table import Column, TableAdapter
from phm_diabetes.demo.workbook import xlsx
from phm_diabetes.errors import SourceDataError, SourceLayoutError


class Reviews(TableAdapter):
    place, dataset, version = "north", "reviews", "1"
    layout = "one row a practice and year."
    description = "Reviews by practice and year."
    definition = "north:review:2022"
    hidden = {"*": (1, 7)}
    columns = {
        "practice": Column(header=("Practice", "Practice code"), kind="ods_practice"),
        "year": Column(header="Year", kind="nhs_year"),
        "seen": Column(header="Reviewed", kind="count"),
        "due": Column(header="Register", kind="count"),
    }
    measures = {"copd.review": ("seen", "due")}


def frame(*rows, header=("Practice", "Year", "Reviewed", "Register")):
    return pd.DataFrame(list(rows), columns=list(header))


def variant(**fields):
    return type("Variant", (Reviews,), fields)


def column(kind, header, **more):
    return {
        "columns": {**Reviews.columns, header.casefold(): Column(header=header, kind=kind, **more)}
    }


def test_any_of_the_publishers_words_finds_a_column():
    given_ = frame(
        ("Y99001", "2022-23", 3, 9), header=("PRACTICE  CODE", "year", "Reviewed", "Register")
    )
    assert len(phm.load(given_, adapter=Reviews).table) == 1


def test_a_hidden_count_is_a_range():
    row = phm.load(frame(("Y99001", "2022-23", "*", 40)), adapter=Reviews).table.iloc[0]
    assert pd.isna(row["numerator"])
    assert (row["numerator_low"], row["numerator_high"]) == (1, 7)
    assert (row["denominator_low"], row["denominator_high"]) == (40, 40)


def test_a_missing_count_is_neither_zero_nor_a_range():
    made = variant(missing=("", "-"))
    table = phm.load(frame(("Y99001", "2022-23", "-", 40)), adapter=made).table
    assert table["numerator"].isna().all()
    assert table["numerator_high"].isna().all()


def test_an_undeclared_symbol_is_an_error():
    with pytest.raises(SourceDataError, match="Reviewed is text, not a count"):
        phm.load(frame(("Y99001", "2022-23", "<8", 40)), adapter=Reviews)


def test_a_count_above_what_it_is_out_of_is_used_and_warned_of():
    extract = phm.load(frame(("Y99001", "2022-23", 41, 40)), adapter=Reviews)
    assert len(extract.table) == 1
    assert extract.problems["rule"].tolist() == ["numerator within denominator"]


def test_a_hidden_count_is_never_warned_to_be_above():
    extract = phm.load(frame(("Y99001", "2022-23", "*", 3)), adapter=Reviews)
    assert extract.problems.empty


def test_a_footer_never_takes_a_row_that_names_an_organisation():
    made = variant(footers=[".*"])
    extract = phm.load(frame(("Y99001", "2022-23", 3, 9), ("Total", "", 3, 9)), adapter=made)
    assert len(extract.table) == 1
    assert extract.problems[["rule", "rows"]].to_numpy().tolist() == [["footer", 1]]


def test_a_total_that_no_footer_foresaw_is_an_error():
    with pytest.raises(SourceDataError, match="Practice is not a GP practice code"):
        phm.load(frame(("Y99001", "2022-23", 3, 9), ("Total", "", 3, 9)), adapter=Reviews)


def test_a_category_is_a_dimension_and_a_blank_one_is_unknown():
    made = variant(**column("category", "Sex", to={"M": "male", "F": "female"}))
    rows = frame(
        ("Y99001", "2022-23", 3, 9, "M"),
        ("Y99001", "2022-23", 4, 9, ""),
        header=("Practice", "Year", "Reviewed", "Register", "Sex"),
    )
    assert phm.load(rows, adapter=made).table["sex"].tolist() == ["male", "unknown"]


def test_an_optional_category_may_be_absent():
    made = variant(**column("category", "Sex", optional=True))
    assert phm.load(frame(("Y99001", "2022-23", 3, 9)), adapter=made).table["sex"].tolist() == [
        "all"
    ]


def test_a_category_without_words_of_its_own_keeps_to_the_dimensions_levels():
    made = variant(**column("category", "Sex"))
    rows = frame(
        ("Y99001", "2022-23", 3, 9, "men"),
        header=("Practice", "Year", "Reviewed", "Register", "Sex"),
    )
    with pytest.raises(SourceDataError, match="Sex is an unknown sex"):
        phm.load(rows, adapter=made)


def test_a_column_can_say_which_measure_a_row_is_about_and_the_rest_is_left_out():
    made = variant(
        measures={},
        columns={
            **{name: Reviews.columns[name] for name in ("practice", "year")},
            "indicator": Column(
                header="Indicator", kind="measure", to={"I1": "copd.review"}, others="report"
            ),
            "numerator": Column(header="Reviewed", kind="count"),
            "denominator": Column(header="Register", kind="count"),
        },
    )
    rows = frame(
        ("Y99001", "2022-23", 3, 9, "I1"),
        ("Y99001", "2022-23", "n/a", "n/a", "I2"),
        header=("Practice", "Year", "Reviewed", "Register", "Indicator"),
    )
    extract = phm.load(rows, adapter=made)
    assert extract.table[["measure", "numerator"]].to_numpy().tolist() == [["copd.review", 3]]
    assert extract.problems[["rule", "rows", "severity"]].to_numpy().tolist() == [
        ["left out", 1, "info"]
    ]


def test_a_name_can_stand_for_an_organisation_of_any_level():
    made = variant(
        columns={
            **Reviews.columns,
            "practice": Column(
                header="Practice", kind="organisation", level="neighbourhood", to={"Hill": "N1"}
            ),
        }
    )
    table = phm.load(frame(("Hill", "2022-23", 3, 9)), adapter=made).table
    assert table[["org_level", "org_code"]].to_numpy().tolist() == [["neighbourhood", "N1"]]


def test_two_spellings_of_one_year_are_one_record():
    rows = frame(("Y99001", "2022-23", 3, 9), ("Y99001", "2022/23", 3, 9))
    with pytest.raises(SourceDataError, match="the same practice and year stands on more than one"):
        phm.load(rows, adapter=Reviews)


def test_copies_are_used_once_where_the_layout_reports_them():
    rows = frame(("Y99001", "2022-23", 3, 9), ("Y99001", "2022-23", 3, 9))
    extract = phm.load(rows, adapter=variant(duplicates="report"))
    assert extract.table["numerator"].tolist() == [3]
    assert extract.problems["rule"].tolist() == ["duplicate"]


def test_rows_that_contradict_each_other_are_never_copies():
    rows = frame(("Y99001", "2022-23", 3, 9), ("Y99001", "2022-23", 4, 9))
    with pytest.raises(SourceDataError, match="stands on more than one row"):
        phm.load(rows, adapter=variant(duplicates="report"))


def test_a_layout_without_a_period_asks_for_it():
    made = variant(columns={n: c for n, c in Reviews.columns.items() if n != "year"})
    rows = frame(("Y99001", 3, 9), header=("Practice", "Reviewed", "Register"))
    assert made.needs_period
    table = phm.load(rows, adapter=made, period="2022-23").table
    assert str(table["period_end"].iloc[0].date()) == "2023-03-31"


def test_two_dates_make_a_period():
    made = variant(
        columns={
            **{name: Reviews.columns[name] for name in ("practice", "seen", "due")},
            "period_start": Column(header="From", kind="uk_date"),
            "period_end": Column(header="To", kind="uk_date"),
        }
    )
    rows = frame(
        ("Y99001", "1/04/2022", "2023-03-31", 3, 9),
        header=("Practice", "From", "To", "Reviewed", "Register"),
    )
    table = phm.load(rows, adapter=made).table
    assert [str(table[name].iloc[0].date()) for name in ("period_start", "period_end")] == [
        "2022-04-01",
        "2023-03-31",
    ]


def test_facts_are_one_row_an_attribute_and_a_blank_says_nothing():
    made = variant(
        tables=("facts",),
        measures={},
        columns={
            "practice": Column(header="Practice", kind="ods_practice"),
            "system": Column(header="System", kind="category"),
            "meets": Column(header="MDT", kind="text"),
        },
    )
    rows = frame(
        ("Y99001", "Planted", "monthly"),
        ("Y99002", "Planted", ""),
        ("Y99003", "", ""),
        header=("Practice", "System", "MDT"),
    )
    extract = phm.load(rows, adapter=made)
    assert extract.table[["org_code", "attribute", "value"]].to_numpy().tolist() == [
        ["Y99001", "system", "Planted"],
        ["Y99002", "system", "Planted"],
        ["Y99001", "meets", "monthly"],
    ]
    assert extract.problems["rule"].tolist() == ["says nothing"]


def workbook(**sheets):
    header = ["Practice", "Year", "Reviewed", "Register"]
    return io.BytesIO(xlsx({name: [header, *rows] for name, rows in sheets.items()}))


def test_every_sheet_of_the_name_is_read_and_no_other():
    made = variant(sheet="Reviews .*")
    book = workbook(
        **{"Reviews A": [["Y99001", "2022-23", "3", "9"]]},
        **{"Reviews B": [["Y99002", "2022-23", "4", "9"]]},
        Draft=[["Y99003", "2022-23", "5", "9"]],
    )
    assert phm.load(book, adapter=made).table["numerator"].tolist() == [3, 4]


def test_a_workbook_without_a_sheet_of_the_name_is_refused():
    book = workbook(Draft=[["Y99003", "2022-23", "5", "9"]])
    with pytest.raises(SourceLayoutError, match="its sheets have names like 'Reviews"):
        phm.load(book, adapter=variant(sheet="Reviews .*"))


def test_a_title_above_the_header_may_grow():
    made = variant(header_within=5)
    for titles in range(4):
        text = "A title\n" * titles + "Practice,Year,Reviewed,Register\nY99001,2022-23,3,9\n"
        extract = phm.load(io.StringIO(text), adapter=made)
        assert extract.table["source_row"].tolist() == [titles + 2]


def test_a_header_that_lacks_a_word_is_refused_by_its_nearest():
    rows = frame(("Y99001", "2022-23", 3, 9), header=("Practice", "Year", "Reviewd", "Register"))
    with pytest.raises(SourceLayoutError, match=r"'Reviewed' is missing.*'Reviewd'"):
        phm.load(rows, adapter=variant(header_within=5))


def test_a_cell_merged_downwards_does_not_spread():
    grid = pd.DataFrame([["Code", "", "Seen", ""], ["", "Name", "Number", "List"]])
    header = find_header(
        Sheet(file="a.xlsx", name="", grid=grid), Signature(columns=("Code",), header_rows=2)
    )
    assert header.texts == ("Code", "Name", "Seen / Number", "Seen / List")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2022-23", "2022-04-01 to 2023-03-31"),
        ("FY2223", "2022-04-01 to 2023-03-31"),
        ("2022/23 Q1", "2022-04-01 to 2022-06-30"),
        ("Qtr 4 2022-23", "2023-01-01 to 2023-03-31"),
        ("Quarter 2, 2022/2023", "2022-07-01 to 2022-09-30"),
        ("2223Q3", "2022-10-01 to 2022-12-31"),
        ("Sept 2022", "2022-09-01 to 2022-09-30"),
        ("2024-02-01", "2024-02-01 to 2024-02-29"),
    ],
)
def test_a_period_is_read_as_people_write_it(text, said):
    assert str(period_in(text)) == said


@pytest.mark.parametrize("text", ["", "2022-24", "Q5 2022-23", "Q1", "2022-13", "Smarch 2022"])
def test_what_is_no_period_is_none(text):
    assert period_in(text) is None


def _ranges(published, hidden, rounding):
    column_ = pd.Series([published], index=[2]).astype("category")
    return counted(column_, "N", hidden=hidden, rounding=rounding)


@given(count=st.integers(0, 500))
def test_the_range_of_a_published_figure_holds_the_true_count(count):
    published = 0 if count == 0 else 5 if count <= 7 else (count + 2) // 5 * 5
    ranges, faults = _ranges(str(published), {}, Rounding(to=5, small=(1, 7)))
    assert not faults
    assert ranges["low"].iloc[0] <= count <= ranges["high"].iloc[0]


@given(count=st.integers(0, 500), to=st.integers(2, 20))
def test_the_range_of_any_rounding_holds_the_true_count_and_is_no_wider_than_it_must(count, to):
    published = (2 * count + to) // (2 * to) * to
    ranges, _ = _ranges(str(published), {}, Rounding(to=to))
    low, high = int(ranges["low"].iloc[0]), int(ranges["high"].iloc[0])
    assert low <= count <= high <= low + to


@pytest.mark.parametrize("published", ["3", "5"])
def test_a_figure_that_the_rounding_cannot_give_is_an_error(published):
    _, faults = _ranges(published, {"*": (1, 7)}, Rounding(to=5))
    assert [fault.rule for fault in faults] == ["rounding"]
