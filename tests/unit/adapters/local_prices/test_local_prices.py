"""Prices that a Place fills in: a template, its rules, and no cost without a price."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.adapters.templates import write_template
from phm_diabetes.errors import (
    OptionError,
    OutputError,
    SchemaError,
    SourceDataError,
    StatisticsError,
    UnlikeError,
)
from phm_diabetes.metrics.pricing import priced

ADAPTER = "local.prices"


def price(**cells):
    row = {
        "financial_year": "2023-24",
        "tfc": "307",
        "currency": "WF01A",
        "setting": "",
        "price": "100",
        "price_type": "local",
        "mff_applied": "no",
        "source_url": "contract",
    }
    return row | cells


def prices(*rows):
    return phm.load(pd.DataFrame(list(rows)), adapter=ADAPTER).table


def activity(**columns):
    base = {"treatment_function": ["307"], "currency": ["WF01A"], "activity": [3]}
    return pd.DataFrame({**base, **columns})


def test_the_template_is_what_the_adapter_reads_and_holds_no_price(tmp_path):
    path = write_template("local.prices", tmp_path / "prices.csv")
    with pytest.raises(SourceDataError, match="holds no price yet"):
        phm.load(path)


def test_a_template_is_never_written_over_a_file_that_may_be_filled_in(tmp_path):
    path = write_template("local.facts", tmp_path / "facts.csv")
    with pytest.raises(OutputError, match="is there already"):
        write_template("local.facts", path)


def test_what_a_publisher_writes_has_no_template(tmp_path):
    with pytest.raises(OptionError, match=r"choose from dudley\.dqof, .*local\.prices"):
        write_template("england.imd", tmp_path / "imd.csv")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("financial_year", "2023"),
        ("tfc", "3070"),
        ("currency", "307"),
        ("price", "about 90"),
        ("price", "-5"),
        ("price_type", "tariff"),
        ("mff_applied", ""),
    ],
)
def test_each_cell_that_cannot_be_a_price_is_reported_by_its_column(column, cell):
    frame = pd.DataFrame([price(currency="WF02A"), price(**{column: cell})])
    problems = phm.load(frame, adapter=ADAPTER, problems="report").problems
    assert problems[["row", "column"]].to_numpy().tolist() == [[3, column]]


def test_one_year_in_two_spellings_is_one_year():
    table = prices(price(), price(financial_year="2023/24", currency="WF01B"))
    assert set(table["price_year"]) == {"2023-24"}


def test_a_code_that_a_spreadsheet_shortened_is_three_characters_again():
    assert prices(price(tfc="34")).loc[0, "treatment_function"] == "034"


def test_an_empty_table_refuses_to_price():
    with pytest.raises(StatisticsError, match="There are no prices"):
        priced(activity(), prices(price()).iloc[:0])


def test_cost_is_units_times_price_in_pence():
    assert priced(activity(), prices(price(price="99.99")))["cost_pence"].tolist() == [29997]


def test_activity_keeps_its_columns_and_says_its_basis():
    found = priced(activity(practice=["Y99001"]), prices(price())).iloc[0]
    assert (found["practice"], found["price_year"], found["price_type"]) == (
        "Y99001",
        "2023-24",
        "local",
    )


@pytest.mark.parametrize(
    "other",
    [{"financial_year": "2022-23"}, {"price_type": "national"}, {"mff_applied": "yes"}],
    ids=lambda cells: next(iter(cells)),
)
def test_two_bases_in_one_sum_raise(other):
    with pytest.raises(UnlikeError, match="never added up"):
        priced(activity(), prices(price(), price(currency="WF01B", **other)))


def test_activity_without_a_price_is_refused_with_its_size_and_never_costs_nothing():
    rows = activity(treatment_function=["307", "302"], currency=["WF01A"] * 2, activity=[3, 7])
    with pytest.raises(StatisticsError, match=r"1 of 2 rows \(7 attendances\) have no price"):
        priced(rows, prices(price()))
    left = priced(rows, prices(price()), unpriced="leave_empty")
    assert left["cost_pence"].isna().tolist() == [False, True]


def test_a_price_for_any_function_stands_in_only_where_there_is_none_of_its_own():
    table = prices(price(), price(tfc="", price="50"))
    rows = activity(treatment_function=["307", "302"], currency=["WF01A"] * 2, activity=[1, 1])
    assert priced(rows, table)["unit_pence"].tolist() == [10000, 5000]


def test_prices_by_setting_ask_for_the_setting():
    table = prices(price(setting="clinic"), price(setting="ward", price="300"))
    with pytest.raises(UnlikeError, match="Add a column 'setting'"):
        priced(activity(), table)
    assert priced(activity(setting=["ward"]), table)["unit_pence"].tolist() == [30000]


@pytest.mark.parametrize("broken", [[2.5], [-1], ["many"]])
def test_activity_that_is_no_whole_number_is_refused(broken):
    with pytest.raises(SchemaError, match="whole numbers"):
        priced(activity(activity=broken), prices(price()))
