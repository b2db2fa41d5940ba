"""The door: every rule broken is named with its column, and no cell is ever quoted."""

from __future__ import annotations

import pickle
import traceback

import pandas as pd
import pytest
from tests.planted import counts, row

from phm_diabetes.errors import SchemaError
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked, describe_columns
from phm_diabetes.schemas.estimates import Estimates
from phm_diabetes.schemas.memberships import Memberships

NHS_NUMBER = "4857773456"
NUMBER = 4857773


def broken(**cells):
    """Return a good table of three rows with one column replaced."""
    table = counts(*(row(f"Y9900{number}", 5, 40) for number in (1, 2, 3)))
    return table.astype(dict.fromkeys(cells, object)).assign(**cells)


def refusal(table, schema=None) -> SchemaError:
    with pytest.raises(SchemaError) as caught:
        _ = as_counts(table) if schema is None else checked(schema, table)
    return caught.value


BREAKS = {
    "text in a count": (
        broken(numerator=[5, NHS_NUMBER + "x", 5]),
        "column 'numerator' cannot be read as Int64: 1 row (position 1)",
    ),
    "a fraction in a count": (
        broken(numerator=[5, NUMBER + 0.5, 5]),
        "column 'numerator' cannot be read as Int64",
    ),
    "a negative count": (
        broken(numerator=[5, 5, -NUMBER], numerator_low=[5, 5, -NUMBER]),
        "column 'numerator_low' breaks the rule 'greater_than_or_equal_to(0)': 1 row (position 2)",
    ),
    "a value outside its bounds": (
        broken(numerator=[5, NUMBER, 5]),
        "the table breaks the rule 'low and high hold the value': 1 row (position 1)",
    ),
    "no least count": (
        broken(numerator_low=[5, None, 5]),
        "column 'numerator_low' has empty cells: 1 row (position 1)",
    ),
    "no such day": (
        broken(period_end=["2023-03-31", NHS_NUMBER, "2023-03-31"]),
        "column 'period_end' cannot be read as datetime64[ns]: 1 row (position 1)",
    ),
    "a period that runs backwards": (
        broken(period_end="2021-03-31"),
        "the table breaks the rule 'a period ends after it starts': 3 rows (position 0, 1, 2)",
    ),
    "a basis nobody knows": (
        broken(basis=["published", NHS_NUMBER, "published"]),
        "column 'basis' breaks the rule",
    ),
    "the same row twice": (
        broken(org_code=["Y99001", NHS_NUMBER, NHS_NUMBER]),
        "the table breaks the rule 'one row a key': 2 rows (position 1, 2)",
    ),
    "an organisation without a code": (
        broken(org_code=["Y99001", None, "Y99003"]),
        "column 'org_code' has empty cells: 1 row (position 1)",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_an_error_names_column_rule_and_row(name):
    table, words = BREAKS[name]
    assert words in str(refusal(table))


@pytest.mark.parametrize("name", BREAKS)
def test_an_error_never_holds_a_cell(name):
    error = refusal(BREAKS[name][0])
    everything = "".join(traceback.format_exception(error)) + repr(error.args)
    for held in (everything, pickle.dumps(error).decode("latin-1")):
        assert NHS_NUMBER not in held
        assert str(NUMBER) not in held


@pytest.mark.parametrize("name", BREAKS)
def test_an_error_carries_no_other_error_that_holds_cells(name):
    error = refusal(BREAKS[name][0])
    assert error.__cause__ is None
    assert error.__context__ is None
    assert set(vars(error)) == set()


def test_every_rule_broken_is_named_at_once():
    table = broken(numerator=[5, "x", 5], denominator=[-1, 40, 40], denominator_low=0)
    words = str(refusal(table.drop(columns="basis")))
    assert "'numerator' cannot be read" in words
    assert "'basis' is missing" in words


def test_a_missing_column_is_named_with_the_nearest_that_is_there():
    words = str(refusal(broken().rename(columns={"numerator_high": "numerator_hihg"})))
    assert "column 'numerator_high' is missing; did you mean 'numerator_hihg'" in words


def test_many_rows_are_counted_and_only_the_first_are_named():
    table = counts(*(row(f"Y99{number:03}", 5, 40) for number in range(30)))
    words = str(refusal(table.assign(period_end=pd.Timestamp("2020-03-31"))))
    assert "30 rows (position 0, 1, 2, 3, 4 and 25 more)" in words


def test_positions_are_those_of_the_table_given_whatever_its_index():
    table = broken(numerator=[5, 5, -1], numerator_low=0)
    assert "position 2" in str(refusal(table.set_index(pd.Index(["a", "b", "c"]))))


@pytest.mark.parametrize("other", [[1, 2], {"numerator": 1}, None, "PREVALENCE.csv"])
def test_what_is_no_table_is_refused_by_its_kind(other):
    with pytest.raises(SchemaError, match="must be a pandas DataFrame, not builtins"):
        as_counts(other)


def test_a_table_of_an_earlier_stage_is_refused():
    with pytest.raises(SchemaError, match="is not Estimates: column 'value' is missing"):
        checked(Estimates, counts(row("Y99001", 5, 40)))


def test_a_reference_table_takes_no_further_column():
    spells = pd.DataFrame({"org_level": ["practice"], "note": [NHS_NUMBER]})
    error = refusal(spells, Memberships)
    assert "note" in str(error)
    assert NHS_NUMBER not in str(error)


def test_the_table_given_is_left_as_it_was():
    table = broken().astype({"numerator": "int64"}).set_index("org_code", drop=False)
    before = table.copy()
    as_counts(table)
    pd.testing.assert_frame_equal(table, before)


def test_two_columns_of_one_name_are_refused():
    table = broken()
    twice = pd.concat([table, table[["numerator"]]], axis=1)
    with pytest.raises(SchemaError, match="numerator"):
        as_counts(twice)


def test_columns_can_be_read_back_with_their_descriptions():
    described = describe_columns(Estimates).set_index("column")
    assert (described["description"].str.len() > 0).all()
    assert described.loc["numerator_high", "may be empty"]
    assert not described.loc["numerator_low", "may be empty"]
