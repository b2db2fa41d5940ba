"""Figures are laid out alike however their rows lie."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.metrics.squares import Square

GROUPS, CELLS = 5, 3
ORDERS = {
    "cell by cell": lambda table: table.sort_values(["cell", "id"]),
    "cells in no order": lambda table: table.sort_values(
        ["cell", "id"], key=lambda column: (column * 2) % 3 if column.name == "cell" else -column
    ),
    "group by group": lambda table: table.sort_values(["id", "cell"]),
    "groups in no order": lambda table: table.sort_values(
        ["id", "cell"], key=lambda column: (column * 2) % 5 if column.name == "id" else -column
    ),
    "no order": lambda table: table.sample(frac=1, random_state=3),
}


def planted(kind):
    ids, cell = np.divmod(np.arange(GROUPS * CELLS), CELLS)
    return pd.DataFrame({"id": ids, "cell": cell, "value": (ids * 10 + cell)}).astype(
        {"value": kind}
    )


def laid_out(table, groups, own):
    square = Square(table["id"].to_numpy(), table["cell"].to_numpy(), (GROUPS, CELLS))
    return square, square.part(square.laid(table["value"]), np.array(groups), np.array(own))


@pytest.mark.parametrize("kind", ["Int64", "float64"])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("groups", [[0, 1, 2, 3, 4], [1, 2], [0, 3]])
def test_every_order_of_whole_rows_gives_the_same_square(order, groups, kind):
    square, found = laid_out(ORDERS[order](planted(kind)), groups, [0, 1, 2])
    assert found.tolist() == [[each * 10.0 + cell for cell in range(CELLS)] for each in groups]
    assert square.cells_of(np.array(groups)).tolist() == [0, 1, 2]
    assert found.flags["F_CONTIGUOUS"]  # sums over cells then round alike, whatever the order


@pytest.mark.parametrize("order", ORDERS)
def test_a_row_that_is_lacking_leaves_a_gap(order):
    table = ORDERS[order](planted("Int64"))
    square, found = laid_out(table[(table["id"] != 1) | (table["cell"] != 2)], [0, 1], [1, 2])
    np.testing.assert_array_equal(found, [[1, 2], [11, np.nan]])
    assert square.cells_of(np.array([1])).tolist() == [0, 1]


def test_a_hidden_count_is_a_gap_too():
    table = planted("Int64").astype({"value": "Int64"})
    table.loc[4, "value"] = pd.NA
    _, found = laid_out(table, [1], [0, 1, 2])
    np.testing.assert_array_equal(found, [[10, np.nan, 12]])
