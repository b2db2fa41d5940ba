"""What goes in: any numbers, missing as NaN, and no word of what was refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.arrays import as_floats


@pytest.mark.parametrize(
    "given",
    [
        [1, None],
        [1, pd.NA],
        np.ma.masked_array([1, 2], mask=[False, True]),
        pd.Series([1, None], dtype="Int64"),
        pd.Series([1, None], dtype="Float64"),
        pd.Series([1.0, np.nan]),
        [1, -np.inf],
    ],
    ids=["list", "list with NA", "masked", "Int64", "Float64", "float64", "infinite"],
)
def test_a_missing_number_of_any_sort_becomes_nan(given):
    np.testing.assert_array_equal(as_floats(count=given)[0], [1.0, np.nan])


@pytest.mark.parametrize("given", [["SECRET", 1], "SECRET", [["SECRET"], 1], {"SECRET": 1}])
def test_a_value_that_is_not_a_number_is_refused_without_being_quoted(given):
    with pytest.raises(StatisticsError, match="count holds something that") as error:
        as_floats(count=given)
    assert "SECRET" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_arrays_that_do_not_fit_are_refused_with_their_names_and_shapes():
    with pytest.raises(StatisticsError, match=r"numerator \(2,\), denominator \(3,\)"):
        as_floats(numerator=[1, 2], denominator=[1, 2, 3])
