"""Row keys as integers: the one way rows are grouped, matched and tested for duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["group_ids", "ranked"]

_WIDE = 2**62


def _codes(column: pd.Series[Any]) -> tuple[NDArray[np.int64], int]:
    """Integer codes that sort as the values do; missing values share the highest code."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        categories = column.cat.categories
        if len(categories) == 1 and not (column.cat.codes < 0).any():
            return np.zeros(len(column), dtype=np.int64), 1
        rank = np.arange(len(categories) + 1)  # the last is for code -1, a missing value
        if not categories.is_monotonic_increasing:
            in_order = np.argsort(categories.to_numpy(dtype=object), kind="stable")
            rank[in_order] = np.arange(len(categories))
        return rank[column.cat.codes.to_numpy()], len(categories) + 1
    missing = column.isna()
    if missing.all() or (not missing.any() and (column == column.iloc[0]).all()):
        return np.zeros(len(column), dtype=np.int64), 1
    codes, uniques = pd.factorize(column, sort=True)
    return np.where(codes < 0, len(uniques), codes).astype(np.int64), len(uniques) + 1


def group_ids(
    frame: pd.DataFrame, columns: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each row the number of its group, in the sorted order of the groups' keys.

    Parameters
    ----------
    frame
        Any table with the columns, shape ``(n, k)``.
    columns
        Key columns; missing values are equal to one another.

    Returns
    -------
    ids : ndarray of int64, shape (n,)
        Group of each row, from 0; independent of the order of rows.
    first : ndarray of int64, shape (g,)
        Position of one row of each group.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"level": ["b", "a", "b"], "year": [1, 1, 1]})
    >>> group_ids(table, ["level", "year"])[0].tolist()
    [1, 0, 1]
    """
    total = np.zeros(len(frame), dtype=np.int64)
    width = 1
    for name in columns:
        codes, size = _codes(frame[name])
        if width * size >= _WIDE:
            total, first = ranked(total)
            width = len(first)
        total = total * size + codes
        width *= size
    return ranked(total)


def ranked(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rank of each key among the distinct ones, and the first row of each.

    Examples
    --------
    >>> [each.tolist() for each in ranked(np.array([30, 10, 30]))]
    [[1, 0, 1], [1, 0]]
    """
    # Hashing, then sorting the few distinct keys, is several times faster than np.unique.
    codes, uniques = pd.factorize(keys)
    order = np.argsort(uniques)
    rank = np.empty(len(uniques), dtype=np.int64)
    rank[order] = np.arange(len(uniques))
    first = np.empty(len(uniques), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(keys) - 1, -1, -1)
    return rank[codes], first[order]
