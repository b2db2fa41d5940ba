"""Squares: figures of rows laid out by group and cell, such as organisation and band."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray

    Places = NDArray[np.intp]

__all__ = ["Square"]


class Square:
    """Where rows stand among groups and cells, found once for all columns.

    Rows that lie cell by cell or group by group, none lacking, are a square already: their columns
    are looked at as one, and nothing is moved before a part of it is asked for.

    Parameters
    ----------
    ids
        Group of each row, from 0, shape ``(n,)``.
    cell
        Cell of each row, from 0, shape ``(n,)``; no two rows are of one group and one cell.
    shape
        Number of groups and of cells.

    Examples
    --------
    >>> square = Square(np.array([0, 0, 1]), np.array([0, 1, 1]), (2, 2))
    >>> laid = square.laid(pd.Series([5.0, 6.0, 7.0]))
    >>> square.part(laid, np.array([0, 1]), np.array([0, 1]))
    array([[ 5.,  6.],
           [nan,  7.]])
    >>> square.cells_of(np.array([1])).tolist()
    [1]
    """

    def __init__(
        self, ids: NDArray[np.int64], cell: NDArray[np.int64], shape: tuple[int, int]
    ) -> None:
        self._shape = shape
        groups, cells = shape
        self._is_whole = len(ids) == groups * cells
        self._by_cell = self._is_whole and _is_outer(cell, ids, cells)
        self._by_group = self._is_whole and not self._by_cell and _is_outer(ids, cell, groups)
        self._rows, self._columns = np.arange(cells), np.arange(groups)
        if self._by_cell:
            self._rows[cell[::groups]] = np.arange(cells)
            self._columns[ids[:groups]] = np.arange(groups)
        if self._by_group:
            self._rows[cell[:cells]] = np.arange(cells)
            self._columns[ids[::cells]] = np.arange(groups)
        self._place = np.zeros(0, dtype=np.intp)
        if not self._by_cell and not self._by_group:
            self._place = cell * groups + ids

    def cells_of(self, groups: Places) -> Places:
        """Return the cells of which some of the groups have a row."""
        if self._is_whole:
            return np.arange(self._shape[1])
        return np.flatnonzero(self._there[:, _span(groups)].any(axis=1))

    @cached_property
    def _there(self) -> NDArray[np.bool_]:
        groups, cells = self._shape
        there = np.zeros((cells, groups), dtype=bool)
        there.ravel()[self._place] = True
        return there

    def laid(self, column: pd.Series[Any]) -> NDArray[Any]:
        """Return a column's figures as a square, in an order of its own: see :meth:`part`."""
        groups, cells = self._shape
        values: NDArray[Any]
        if isinstance(column.dtype, pd.Int64Dtype) and not column.hasnans:
            values = column.to_numpy(dtype="int64")
        else:
            values = column.to_numpy(dtype="float64", na_value=np.nan)
            if np.isnan(values).all():
                return np.broadcast_to(np.float64(np.nan), (cells, groups))
        if self._by_cell:
            return values.reshape(cells, groups)
        if self._by_group:
            return values.reshape(groups, cells).T
        laid = np.full((cells, groups), np.nan)
        laid.ravel()[self._place] = values.astype(np.float64, copy=False)
        return laid

    def part(self, laid: NDArray[Any], groups: Places, own: Places) -> FloatArray:
        """Return the figures of some groups in some cells, NaN where there is no row.

        Parameters
        ----------
        laid
            What :meth:`laid` returned.
        groups, own
            Positions of the groups and of the cells, each in order.

        Returns
        -------
        ndarray of float64
            Shape (groups, cells), one cell after another in memory.
        """
        columns = _span(self._columns[groups])
        found = np.empty((len(own), len(groups)))
        for place, row in enumerate(self._rows[own]):
            found[place] = laid[row, columns]
        return found.T


def _is_outer(outer: NDArray[np.int64], inner: NDArray[np.int64], times: int) -> bool:
    """Whether rows lie in so many runs of one outer number, with the same inner ones in each."""
    if not len(outer) or outer[0] != outer[len(outer) // times - 1]:
        return False
    one, other = outer.reshape(times, -1), inner.reshape(times, -1)
    return bool((one == one[:, :1]).all() and (other == other[0]).all())


def _span(places: Places) -> Places | slice:
    """Return places that follow one another as a slice, which copies nothing."""
    if len(places) and bool((np.diff(places) == 1).all()):
        return slice(int(places[0]), int(places[-1]) + 1)
    return places
