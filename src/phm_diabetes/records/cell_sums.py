"""Cell sums: figures of numbered cells, added bucket after bucket."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Figures = dict[str, NDArray[Any]]

__all__ = ["CellSums", "run_starts", "run_sums"]

_MOST_HELD = 1 << 23  # figures of a table of every cell, whether any row is in it or not


def run_starts(ranked: NDArray[Any]) -> Ints:
    """Return where each run of equal numbers begins.

    Examples
    --------
    >>> run_starts(np.array([4, 4, 7])).tolist()
    [0, 2]
    """
    return np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))


def run_sums(values: NDArray[Any], starts: Ints) -> Ints:
    """Add up each run of whole numbers, exactly.

    Runs are mostly of one row: differences of a running sum take a tenth of ``add.reduceat``.

    Examples
    --------
    >>> run_sums(np.array([1, 2, 5]), np.array([0, 2])).tolist()
    [3, 5]
    """
    ends = np.append(starts[1:], len(values)) - 1
    found: Ints = np.cumsum(values, dtype=np.int64).take(ends)
    found[1:] -= found[:-1].copy()
    return found


class CellSums:
    """Sums by cell; any thread may add.

    Parameters
    ----------
    size
        Cells that there can be.
    whole, fractions
        Names of figures held as whole numbers and as floating ones.

    Examples
    --------
    >>> sums = CellSums(10, whole=["rows"])
    >>> for cells in ([3, 5], [5, 9]):
    ...     sums.add(np.array(cells), {"rows": np.array([1, 1])})
    >>> cells, figures = sums.total()
    >>> cells.tolist(), figures["rows"].tolist()
    ([3, 5, 9], [1, 2, 1])
    """

    def __init__(self, size: int, *, whole: Sequence[str], fractions: Sequence[str] = ()) -> None:
        self._kinds: dict[str, Any] = dict.fromkeys(whole, np.int64)
        self._kinds |= dict.fromkeys(fractions, np.float64)
        self._table: Figures = {}
        self._there = np.zeros(0, dtype=bool)
        if size * len(self._kinds) <= _MOST_HELD:
            self._table = {name: np.zeros(size, dtype=kind) for name, kind in self._kinds.items()}
            self._there = np.zeros(size, dtype=bool)
        self._parts: list[tuple[Ints, Figures]] = []
        self._rows = 0
        self._lock = Lock()

    def add(self, cells: Ints, figures: Mapping[str, NDArray[Any]]) -> None:
        """Add figures of some cells, each of which stands once, ascending; an absent one is 0."""
        with self._lock:
            if self._table:
                self._there[cells] = True
                for name, values in figures.items():
                    self._table[name][cells] += values
                return
            nothing = np.zeros(len(cells), dtype=np.int64)
            self._parts.append((cells, dict.fromkeys(self._kinds, nothing) | dict(figures)))
            self._rows += len(cells)
            if len(self._parts) > 1 and self._rows > 2 * len(self._parts[0][0]) + (1 << 18):
                self._parts = [self._merged()]
                self._rows = len(self._parts[0][0])

    def total(self) -> tuple[Ints, Figures]:
        """Return every cell that was added to, ascending, with its figures; they are given away."""
        if self._table:
            cells = np.flatnonzero(self._there)
            return cells, {name: self._table.pop(name)[cells] for name in self._kinds}
        if not self._parts:
            return np.zeros(0, dtype=np.int64), {
                name: np.zeros(0, dtype=kind) for name, kind in self._kinds.items()
            }
        return self._parts[0] if len(self._parts) == 1 else self._merged()

    def _merged(self) -> tuple[Ints, Figures]:
        cells = np.concatenate([part[0] for part in self._parts])
        order = np.argsort(cells, kind="stable")
        starts = run_starts(cells[order])
        return cells[order][starts], {
            name: np.add.reduceat(
                np.concatenate([part[1][name] for part in self._parts])[order], starts
            )
            for name in self._kinds
        }
