"""Exactness: whether the bounds of a count are the count itself, asked cheaply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["same_numbers"]


def same_numbers(one: pd.Series[Any], other: pd.Series[Any]) -> bool:
    """Whether two columns of nullable whole numbers are the same, empty cells and all.

    ``Series.equals`` says so too, at ten times the cost.

    Parameters
    ----------
    one, other
        Columns of type Int64, of one length.

    Examples
    --------
    >>> import pandas as pd
    >>> value = pd.Series([5, None], dtype="Int64")
    >>> same_numbers(value, value.copy()), same_numbers(value, value.fillna(0))
    (True, False)
    """
    if not np.array_equal(one.isna().to_numpy(), other.isna().to_numpy()):
        return False
    mine, theirs = (each.to_numpy(dtype="int64", na_value=0) for each in (one, other))
    return np.array_equal(mine, theirs)
