"""The quick door lets nothing through that pandera would stop, and asks it where in doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors
from tests.planted import counts, row

from phm_diabetes.schemas.counts import Counts
from phm_diabetes.schemas.passing import surely_passes, surely_typed
from phm_diabetes.schemas.successors import Successors

COLUMNS = list(Counts.to_schema().columns)


def three_rows():
    return counts(*(row(f"Y9900{number}", 5, 40) for number in (1, 2, 3)))


def pandera_passes(table) -> bool:
    try:
        _ = Counts.to_schema().validate(table, lazy=True)
    except SchemaErrors:
        return False
    return True


def spoilt(column, spot, value):
    """Return three good rows with one cell replaced, in the column's own type where it fits."""
    table = three_rows()
    kind = table[column].dtype
    kind = "category" if isinstance(kind, pd.CategoricalDtype) else kind
    cells = table[column].astype(object).to_list()
    cells[spot] = value
    try:
        return table.assign(**{column: pd.Series(cells, index=table.index).astype(kind)})
    except (TypeError, ValueError):
        return table.assign(**{column: pd.Series(cells, index=table.index, dtype=object)})


@given(
    column=st.sampled_from(COLUMNS),
    spot=st.integers(0, 2),
    value=st.one_of(st.none(), st.integers(-3, 60), st.sampled_from(["", "published", "moon"])),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_passes_the_quick_door_passes_pandera(column, spot, value):
    table = spoilt(column, spot, value)
    typed = surely_typed(Counts, table)
    if typed is not None and surely_passes(Counts, typed):
        assert pandera_passes(typed)


def test_a_good_table_needs_no_pandera():
    typed = surely_typed(Counts, three_rows())
    assert typed is not None
    assert surely_passes(Counts, typed)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("org_code", None),
        ("numerator_low", -1),
        ("numerator", 41),
        ("basis", "moon"),
        ("period_end", pd.Timestamp("2001-01-01")),
    ],
)
def test_one_broken_cell_is_left_to_pandera(column, value):
    table = spoilt(column, 1, value)
    typed = surely_typed(Counts, table)
    assert typed is None or not surely_passes(Counts, typed)


def test_a_column_too_few_is_left_to_pandera():
    assert surely_typed(Counts, three_rows().drop(columns="numerator")) is None


@pytest.mark.parametrize(
    "days",
    [
        np.array(["1500-01-01"], dtype="datetime64[s]"),  # outside what nanoseconds can hold
        np.array(["2020-04-01"], dtype=object),
    ],
)
def test_days_are_converted_only_where_no_value_can_change(days):
    table = pd.DataFrame({"predecessor": ["Y99001"], "successor": ["Y99002"], "date": days})
    assert surely_typed(Successors, table) is None


@pytest.mark.parametrize("column", ["numerator_variance", "numerator_ss", "source_row", "excluded"])
@pytest.mark.parametrize("others", [None, 5])
def test_one_number_beyond_its_bound_is_seen_among_empty_cells_and_full_ones(column, others):
    kind = three_rows()[column].dtype
    good = three_rows().assign(**{column: pd.array([others, 5, 5], dtype=str(kind).title())})
    good[column] = good[column].astype(kind)
    assert surely_passes(Counts, good)
    assert not surely_passes(
        Counts, good.assign(**{column: good[column].where([True, False, True], -1)})
    )
