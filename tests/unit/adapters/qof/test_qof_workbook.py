"""The workbook by CCG or practice: layered headers are read by their words."""

from __future__ import annotations

import io

import openpyxl
import pytest
from tests.builders import as_file
from tests.writers.qof_workbooks import TOP, workbook

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, SourceDataError, SourceLayoutError

COPD = {
    "list": "List size",
    "words": {"COPD010": "The percentage of patients reviewed", "COPD014": "Those referred"},
    "rows": {
        "99X": {"list": 5000, "register": 90, "COPD010": (60, 80, 10), "COPD014": (5, 9, 1)},
        "99Y": {"list": 7000, "register": 80, "COPD010": (61, 70, 5), "COPD014": (4, 8, 0)},
    },
}
BP = {
    "list": "List size ages 45+",
    "words": {"BP002": "The percentage aged 45 or over with a blood pressure"},
    "rows": {"99X": {"list": 2100, "BP002": (1800, 2000, 30)}},
}
OF_99X = {"list": 4100, "register": 300, "DM002": (240, 280, 20)}
DM = {
    "list": "List size ages 17+",
    "words": {"DM002": "The percentage at 150/90 or less"},
    "rows": {"99X": OF_99X},
}


def loaded(groups, **options):
    level = options.pop("level", "CCG")
    data = workbook(groups, level=level)
    return phm.load(
        as_file("qof-1819-prev-ach-exc-ccg.xlsx", data), adapter="england.qof_workbook", **options
    )


def changed(groups, change):
    book = openpyxl.load_workbook(io.BytesIO(workbook(groups)))
    change(book)
    held = io.BytesIO()
    book.save(held)
    return phm.load(as_file("qof.xlsx", held.getvalue()), adapter="england.qof_workbook")


def row_of(extract, measure, code="99X"):
    table = extract.table.astype({"measure": str, "org_code": str})
    return table[(table["measure"] == measure) & (table["org_code"] == code)].iloc[0]


@pytest.fixture(scope="module")
def extract():
    return loaded({"COPD": COPD, "BP": BP, "DM": DM})


def test_every_sheet_of_the_layout_is_read_and_the_title_is_only_noted(extract):
    assert extract.provenance.sheets == ("COPD", "BP", "DM")
    told = extract.problems[extract.problems["rule"] == "sheet not read"]
    assert told[["sheet", "severity"]].to_numpy().tolist() == [["Title sheet", "info"]]


def test_numerator_denominator_and_exceptions_are_found_under_their_indicator(extract):
    row = row_of(extract, "qof.copd014", "99Y")
    assert (row["numerator"], row["denominator"], row["excluded"]) == (4, 8, 0)
    assert row["definition"] == "qof:COPD014:exceptions"
    assert (row["org_level"], row["source_row"]) == ("sub_icb", TOP + 6)


def test_the_register_is_out_of_the_list_of_its_ages(extract):
    row = row_of(extract, "dm.register")
    assert (row["definition"], row["numerator"], row["denominator"]) == ("qof:DM:17OV", 300, 4100)
    assert row_of(extract, "copd.register")["definition"] == "qof:COPD:TOTAL"


def test_only_the_year_of_the_title_is_read_and_not_the_year_before(extract):
    assert set(extract.table["period_end"].dt.year) == {2019}
    assert extract.table["numerator"].notna().all()


def test_a_group_without_a_register_gives_the_people_on_its_lists(extract):
    people = extract.tables["population"]
    assert people[["org_code", "age_band", "people"]].to_numpy().tolist() == [["99X", "45+", 2100]]
    assert people["counted_on"].dt.strftime("%Y-%m-%d").tolist() == ["2019-04-01"]


def test_notes_and_the_copyright_are_reported_and_no_row_is_lost(extract):
    origin = extract.provenance
    assert (origin.rows_read, origin.rows_used, origin.rows_reported) == (13, 4, 9)
    assert origin.rows_read == origin.rows_used + origin.rows_reported
    notes = extract.problems[extract.problems["rule"] == "note"]
    assert notes["rows"].sum() == 9


def test_how_many_practices_a_figure_holds_and_their_points_are_facts(extract):
    facts = extract.tables["facts"]
    own = facts[facts["org_code"] == "99X"].set_index("attribute")["value"]
    assert own["dm.practices"] == "40"
    assert own["dm002.achieved_points"] == "301.25"


def test_cards_are_in_the_workbooks_own_words(extract):
    area = phm.qof_area(extract)
    assert area["qof.copd010"].name.endswith("The percentage of patients reviewed")
    listed = extract.tables["indicators"].set_index("code")
    assert listed.loc["DM002", ["points", "group_code", "list_type"]].tolist() == [8, "DM", "17OV"]
    assert listed["source_row"].isna().all()


def test_the_workbook_by_practice_reads_with_the_same_class():
    rows = {"Y99001": OF_99X, "Y99002": OF_99X}
    table = loaded({"DM": {**DM, "rows": rows}}, level="Practice").table
    assert set(table["org_level"]) == {"practice"}


@pytest.mark.parametrize("symbol", [":", "z"])
def test_a_figure_that_is_not_given_is_missing_and_not_zero(symbol):
    rows = {"99X": {**OF_99X, "DM002": (symbol, symbol, symbol)}}
    extract = loaded({"DM": {**DM, "rows": rows}})
    row = row_of(extract, "qof.dm002")
    assert row[["numerator", "numerator_high", "denominator_high"]].isna().all()
    assert "not given" in extract.problems["rule"].tolist()


def test_a_denominator_that_does_not_add_up_to_the_publishers_own_sum_is_told():
    def change(book):
        sheet = book["DM"]
        spot = next(cell for cell in sheet[TOP + 4] if cell.value == "plus Exceptions")
        sheet.cell(TOP + 5, spot.column, 280)

    told = changed({"DM": DM}, change).problems
    found = told[told["rule"] == "denominator plus those left out"]
    assert found["severity"].tolist() == ["warning"]
    assert found["row"].tolist() == [TOP + 5]


def test_text_in_a_count_names_the_indicator_and_the_row():
    rows = {"99X": {**OF_99X, "DM002": ("about 240", 280, 20)}, "99Y": OF_99X}
    with pytest.raises(SourceDataError, match=r"row 15 › DM002 / Numerator is text, not a count"):
        loaded({"DM": {**DM, "rows": rows}})


def test_a_new_column_is_named():
    def change(book):
        book["DM"].cell(TOP + 4, 40, "Something new (%)")

    told = changed({"DM": DM}, change).problems
    found = told[told["rule"] == "unknown column"]
    assert found["column"].tolist() == ["DM002 / Something new (%)"]


def test_a_table_that_moved_down_reads_the_same():
    def change(book):
        sheet = book["DM"]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_rows(1, 3)

    plain, moved = loaded({"DM": DM}), changed({"DM": DM}, change)
    columns = ["measure", "org_code", "numerator", "denominator", "excluded"]
    assert moved.table[columns].equals(plain.table[columns])


def test_another_year_than_the_sheets_own_is_refused():
    with pytest.raises(OptionError, match="covers 2018-04-01 to 2019-03-31"):
        loaded({"DM": DM}, period="2017-18")


def test_a_title_and_columns_of_two_years_are_refused():
    def change(book):
        book["DM"].cell(TOP, 1, "Table 1: planted, 2019-20, CCG level")

    with pytest.raises(SourceLayoutError, match="title says 2019-20"):
        changed({"DM": DM}, change)


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        ("Register", "2018-19 / Register"),
        ("Denominator", "DM002 / Denominator"),
        ("Exceptions", "DM002 / Exceptions"),
    ],
)
def test_a_column_that_is_gone_is_named_and_its_figures_do_not_vanish(gone, named):
    def change(book):
        sheet = book["DM"]
        for cell in sheet[TOP + 4]:
            if cell.value == gone:
                cell.value = "Prevalence (%)"

    with pytest.raises(SourceLayoutError, match=f"column '{named}' is missing"):
        changed({"DM": DM}, change)


def test_an_indicator_without_its_code_is_refused_and_not_read_as_its_neighbour():
    def change(book):
        sheet = book["COPD"]
        spot = next(cell for cell in sheet[TOP + 2] if cell.value == "COPD014")
        spot.value = None

    with pytest.raises(SourceLayoutError, match="column 'COPD010 / Numerator' stands twice"):
        changed({"COPD": COPD}, change)
