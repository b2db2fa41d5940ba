"""Laid groups: estimates of groups in a square, one row an area and one column a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.metrics.gradient import relative_rank
from phm_diabetes.metrics.stacking import floats_of
from phm_diabetes.schemas.columns import row_key
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import repeated
from phm_diabetes.summing import sums

if TYPE_CHECKING:
    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.group_levels import GroupLevels

__all__ = ["LaidGroups"]


class LaidGroups:
    """Rows laid out by area and group.

    Parameters
    ----------
    table
        Checked estimates by deprivation, without rows for all.
    over
        Name of the dimension.
    levels
        Its levels; a row of none of them is not placed.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.metrics.group_levels import GroupLevels
    >>> row = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level":
    ...     "icb", "org_code": "QZZ", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = phm.counts_from([
    ...     {**row, "imd_quintile": "2019:2", "numerator": 5, "denominator": 10},
    ...     {**row, "imd_quintile": "2019:1", "numerator": 6, "denominator": 10}])
    >>> levels = GroupLevels(names=("2019:1", "2019:2"), vintage="2019")
    >>> LaidGroups(table, "imd_quintile", levels).square("numerator")
    array([[6., 5.]])
    """

    def __init__(self, table: pd.DataFrame, over: str, levels: GroupLevels) -> None:
        self.table, self.over, self.levels = table, over, levels
        self.keys = [name for name in row_key(table) if name != over]
        self.ids, first = group_ids(table, self.keys)
        self.areas, self._first = len(first), first
        column = table[over].cat
        place = [
            levels.names.index(str(name)) if str(name) in levels.names else -1
            for name in column.categories
        ]
        self.group = np.array([*place, -1])[column.codes.to_numpy()]
        self.placed = np.flatnonzero(self.group >= 0)

    def square(self, name: str) -> FloatArray:
        """Return a column in shape (areas, groups), NaN where there is no row."""
        column = floats_of(self.table, name)
        laid = np.full((self.areas, len(self.levels.names)), np.nan)
        laid[self.ids[self.placed], self.group[self.placed]] = column[self.placed]
        return laid

    def rank_of_rows(self) -> FloatArray:
        """Return the relative rank of each row's group; NaN where it is not placed or has none."""
        if not self.levels.vintage:
            return np.full(len(self.table), np.nan)
        ranks = relative_rank(self.square("denominator"))
        return np.where(self.group >= 0, ranks[self.ids, self.group], np.nan)

    def totals(self) -> pd.DataFrame:
        """Return the counts of each area's groups together, whose deprivation is known."""
        kept: dict[str, Any] = {
            name: self.table[name].iloc[self._first].reset_index(drop=True) for name in self.keys
        }
        spans = {self.over: repeated(self.levels.span, self.areas)}
        counts = sums(self.table, self.ids[self.placed], self.areas, self.placed)
        return pd.DataFrame(kept | spans | counts)
