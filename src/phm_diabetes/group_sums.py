"""Sums by group, of whole numbers and of others, the same whatever the order of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.schemas.repeats import repeats_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GroupSums"]


class GroupSums:
    """Groups of rows, over which columns are added up.

    Parameters
    ----------
    ids
        Group of each row, from 0, shape ``(n,)``.
    groups
        How many groups.

    Examples
    --------
    >>> pairs = GroupSums(np.array([0, 0, 1]), 2)
    >>> pairs.of_integers(pd.array([1, 2, None], dtype="Int64")).tolist()
    [3, <NA>]
    >>> pairs.of_reals(np.array([0.5, 0.25, np.nan])).tolist()
    [0.75, nan]
    """

    def __init__(self, ids: NDArray[np.int64], groups: int) -> None:
        self._ids, self._groups = ids, groups
        # Rows that lie together are added up first, at a fifth of the cost of one at a time.
        self._repeats = repeats_of(ids)
        self._heads = ids if self._repeats is None else ids[self._repeats.heads]

    def of_integers(self, values: pd.arrays.IntegerArray) -> pd.arrays.IntegerArray:
        """Sum whole numbers; one empty part empties the sum."""
        hidden = np.asarray(values.isna())
        total = np.zeros(self._groups, dtype=np.int64)
        if not hidden.all():
            numbers = values.to_numpy(dtype="int64", na_value=0)
            np.add.at(total, self._heads, self._together(np.add, numbers))
        return pd.arrays.IntegerArray(total, self._any(hidden))

    def of_reals(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum others, in order of size: the order of rows must not decide the last digit."""
        if not values.any():  # nothing was hidden
            return np.zeros(self._groups)
        missing = np.isnan(values)
        if missing.all():
            return np.where(self._any(missing), np.nan, 0.0)
        ids, weights = self._heads, values
        if ((values == np.rint(values)) | missing).all():  # these add up the same in any order
            weights = self._together(np.add, values)
        else:
            order = np.lexsort((values, self._ids))
            ids, weights = self._ids[order], values[order]
        return np.bincount(ids, weights=weights, minlength=self._groups).astype(np.float64)

    def _any(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        found = np.zeros(self._groups, dtype=bool)
        if flags.all():  # a column that the source does not give
            found[self._heads] = True
        elif flags.any():
            found[self._heads[self._together(np.logical_or, flags)]] = True
        return found

    def _together(self, how: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        return values if self._repeats is None else self._repeats.together(how, values)
