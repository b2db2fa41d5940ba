"""Counts: what is exact, rounded, suppressed or missing, and which columns are dimensions."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.planted import counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import PhmError, SchemaError
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts

NHS_NUMBER = "9434765919"


def test_a_value_without_bounds_is_exact():
    only = counts(row("Y99001", 5, 40)).iloc[0]
    assert (only["numerator_low"], only["numerator_high"], only["numerator_variance"]) == (5, 5, 0)


def test_a_row_without_bounds_is_exact_beside_one_that_has_them():
    table = counts(row("Y99001", 5, 40), hidden("Y99002", 1, 7, 30))
    assert table["numerator_low"].tolist() == [5, 1]
    assert table["numerator_high"].tolist() == [5, 7]
    assert table["numerator_variance"].tolist() == [0, 4]


def test_an_empty_value_without_bounds_is_missing_and_not_zero():
    only = counts(row("Y99001", None, 40)).iloc[0]
    assert only["numerator"] is pd.NA
    assert only["numerator_low"] == 0
    assert only["numerator_high"] is pd.NA
    assert pd.isna(only["numerator_variance"])


def test_a_hidden_value_keeps_its_range_and_gets_the_variance_of_any_count_in_it():
    only = counts(hidden("Y99001", 1, 7, 40)).iloc[0]
    assert only["numerator"] is pd.NA
    assert only["numerator_variance"] == pytest.approx(4)  # of 1, 2 … 7, each as likely


def test_a_published_five_stands_for_one_to_seven_and_ten_for_eight_to_twelve():
    table = counts(to_fives("Y99001", 5, 10), to_fives("Y99002", 0, 10))
    assert table["numerator_low"].tolist() == [1, 0]
    assert table["numerator_high"].tolist() == [7, 0]
    assert table["denominator_low"].tolist() == [8, 8]
    assert table["denominator_variance"].tolist() == [2, 2]
    assert table["numerator_variance"].tolist() == [4, 0]


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(5, 6, 7), (5, 1, 4), (None, 7, 1)],
    ids=["below", "above", "crossed"],
)
def test_bounds_that_do_not_hold_the_value_are_refused(value, low, high):
    with pytest.raises(SchemaError, match="low and high hold the value"):
        counts(row("Y99001", value, 40, numerator_low=low, numerator_high=high))


def test_a_value_whose_upper_bound_is_not_known_is_refused():
    table = counts(row("Y99001", 5, 40))
    table["numerator_high"] = pd.array([pd.NA], dtype="Int64")
    with pytest.raises(SchemaError, match="low and high hold the value"):
        as_counts(table)


@pytest.mark.parametrize("value", ["12x", "", 4.5, NHS_NUMBER + ".5"])
def test_a_count_that_is_no_whole_number_is_refused_with_its_column_and_no_cell(value):
    with pytest.raises(SchemaError, match="'numerator'") as caught:
        phm.counts_from([row("Y99001", 5, 40), row("Y99002", value, 40)])
    assert NHS_NUMBER not in str(caught.value)
    assert caught.value.__context__ is None


def test_counts_read_as_whole_floats_are_whole_numbers():
    assert counts(row("Y99001", 5.0, 40.0))["numerator"].tolist() == [5]


def test_columns_that_no_table_names_are_dimensions_and_hold_text():
    table = counts(row("Y99001", 5, 40, sex="female", visit="first"))
    assert dimensions_of(table) == ("sex", "visit")
    assert isinstance(table["visit"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize("value", [3, 3.5, None, True, pd.Timestamp("2022-04-01"), ["a"]])
def test_a_further_column_that_does_not_hold_text_is_refused(value):
    with pytest.raises(PhmError, match="'weekday'") as caught:
        phm.counts_from(
            [row("Y99001", 5, 40, weekday="monday"), row("Y99002", 5, 40, weekday=value)]
        )
    assert "2022-04-01" not in str(caught.value)


def test_a_further_column_with_one_text_and_empty_cells_is_refused():
    with pytest.raises(SchemaError, match="write 'all' and 'unknown'"):
        phm.counts_from([row("Y99001", 5, 40, sex="female"), row("Y99002", 5, 40)])


def test_cells_of_a_dimension_are_rows_of_their_own():
    both = counts(row("Y99001", 5, 40, sex="female"), row("Y99001", 4, 41, sex="male"))
    assert len(both) == 2


def test_the_same_cell_from_two_extracts_is_the_same_row_twice():
    with pytest.raises(SchemaError, match="one row a key"):
        counts(row("Y99001", 5, 40, source="a"), row("Y99001", 5, 40, source="b"))


def test_a_table_of_no_rows_is_still_a_table():
    empty = counts(row("Y99001", 5, 40)).head(0)
    assert len(as_counts(empty)) == 0


def test_writing_to_a_count_leaves_its_bounds_as_they_were():
    table = as_counts(counts(row("Y99001", 5, 40), row("Y99002", 6, 40)))
    table.loc[0, "numerator"] = 7
    assert table["numerator_low"].tolist() == [5, 6]
    assert table["numerator_high"].tolist() == [5, 6]
