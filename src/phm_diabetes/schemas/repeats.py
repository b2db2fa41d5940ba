"""Repeats: rows whose numbers repeat, in runs or block after block, told from a few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Repeats", "repeats_of"]

_FEW = 4
"""Rows in a run, on average, from which it is worth while to work with runs."""


@frozen(kw_only=True, eq=False)
class Repeats:
    """Where numbers stand once: at the start of each run, or all in the first of like blocks.

    Parameters
    ----------
    heads
        Positions at which runs start, or those of the first block.
    rows
        How many rows there are.
    in_runs
        Whether they lie in runs; otherwise block after block.

    Examples
    --------
    >>> blocks = Repeats(heads=np.arange(2), rows=6, in_runs=False)
    >>> blocks.spread(np.array([7, 8])).tolist()
    [7, 8, 7, 8, 7, 8]
    >>> blocks.together(np.add, np.arange(6)).tolist()
    [6, 9]
    """

    heads: NDArray[np.intp]
    rows: int
    in_runs: bool

    def spread(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """Return a number a row from one a head."""
        if self.in_runs:
            return np.repeat(numbers, np.diff(self.heads, append=self.rows))
        return np.tile(numbers, self.rows // len(self.heads))

    def together(self, how: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """Return a value a head from one a row: those of each head's rows, taken together."""
        if self.in_runs:
            return np.asarray(how.reduceat(values, self.heads))
        return np.asarray(how.reduce(values.reshape(-1, len(self.heads)), axis=0))


def repeats_of(numbers: NDArray[Any]) -> Repeats | None:
    """Return how whole numbers repeat; nothing where they do not, or too seldom to be of use.

    Parameters
    ----------
    numbers
        Such as the keys of rows, shape ``(n,)``.

    Examples
    --------
    >>> repeats_of(np.array([5, 5, 5, 5, 9, 9, 9, 9])).heads.tolist()
    [0, 4]
    >>> repeats_of(np.array([5, 9, 5, 9])).heads.tolist()
    [0, 1]
    >>> repeats_of(np.array([5, 9, 5, 7])) is None
    True
    """
    rows = len(numbers)
    if rows < _FEW:
        return None
    change = numbers[1:] != numbers[:-1]
    if int(np.count_nonzero(change)) < rows // _FEW:
        heads = np.concatenate([[0], np.flatnonzero(change) + 1])
        return Repeats(heads=heads, rows=rows, in_runs=True)
    period = int((numbers[1:] == numbers[0]).argmax()) + 1  # 1 where the first does not recur
    blocks = numbers[: rows - rows % period].reshape(-1, period)
    if period == 1 or rows % period or not bool((blocks == blocks[0]).all()):
        return None
    return Repeats(heads=np.arange(period), rows=rows, in_runs=False)
