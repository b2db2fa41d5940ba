"""Narrowing: a range within a range, for counts that add up to a total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["PARTS", "Ends", "ends_of", "narrowed", "room"]

PARTS = ("numerator", "denominator")
"""The two counts of a row, each with a range."""

Ends = tuple["NDArray[np.float64]", "NDArray[np.float64]"]
"""Least and most, each of shape ``(n,)``; infinite where there is no bound."""


def ends_of(counts: pd.DataFrame, part: str) -> Ends:
    """Return the least and the most that each count can be.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import complete_counts
    >>> table = complete_counts(pd.DataFrame({"numerator": [3, None], "denominator": 9}))
    >>> [each.tolist() for each in ends_of(table, "numerator")]
    [[3.0, 0.0], [3.0, inf]]
    """
    low = counts[f"{part}_low"].to_numpy(dtype="float64", na_value=np.nan)
    high = counts[f"{part}_high"].to_numpy(dtype="float64", na_value=np.inf)
    return low, high


def room(ids: NDArray[np.int64], own: Ends, totals: Ends) -> Ends:
    """Return what each count can be, given that the counts of its group add up to a total.

    Parameters
    ----------
    ids
        Group of each count, from 0, shape ``(n,)``.
    own
        What each can be by itself.
    totals
        What the sum of each group can be, shape ``(g,)``; infinite where nothing is known.

    Returns
    -------
    tuple of ndarray of float64, each of shape (n,)
        Never wider than before; the same where a member or the total has no upper bound.

    Examples
    --------
    >>> two = np.array([1.0, 1.0]), np.array([7.0, 7.0])
    >>> twelve = np.array([12.0]), np.array([12.0])
    >>> [each.tolist() for each in room(np.array([0, 0]), two, twelve)]
    [[5.0, 5.0], [7.0, 7.0]]
    """
    (low, high), (total_low, total_high) = own, totals
    groups = len(total_low)
    least = np.bincount(ids, weights=low, minlength=groups)
    most = np.bincount(ids, weights=high, minlength=groups)
    bounded = (np.isfinite(total_high) & np.isfinite(most))[ids]
    with np.errstate(invalid="ignore"):  # of those without a bound, nothing is kept
        at_least = np.where(bounded, total_low[ids] - (most[ids] - high), low)
    at_most = np.where(bounded, total_high[ids] - (least[ids] - low), high)
    return np.maximum(low, at_least), np.minimum(high, at_most)


def narrowed(
    counts: DataFrame[Counts], part: str, low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[DataFrame[Counts], NDArray[np.bool_]]:
    """Return counts whose ranges lie within others too, and which of them changed.

    Parameters
    ----------
    counts
        Checked counts, shape ``(n, k)``.
    part
        ``numerator`` or ``denominator``.
    low, high
        Least and most that each can be; infinite where nothing is known. Each must meet the
        range it narrows.

    Returns
    -------
    counts : DataFrame[Counts]
        A value outside its narrowed range becomes the nearest inside; a range of one number is
        that number; the variance becomes that of the narrower range where it is less.
    moved : ndarray of bool, shape (n,)
        Where the range changed.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import complete_counts
    >>> table = complete_counts(pd.DataFrame({"numerator": [10], "numerator_low": [8],
    ...                                       "numerator_high": [12], "denominator": [40]}))
    >>> found, moved = narrowed(table, "numerator", np.array([11.0]), np.array([np.inf]))
    >>> found[["numerator", "numerator_low", "numerator_high"]].values.tolist(), moved.tolist()
    ([[11, 11, 12]], [True])
    """
    own_low, own_high = ends_of(counts, part)
    new_low, new_high = np.maximum(own_low, low), np.minimum(own_high, high)
    moved = (new_low > own_low) | (new_high < own_high)
    if not moved.any():
        return counts, moved
    value = counts[part].to_numpy(dtype="float64", na_value=np.nan)
    told = np.where(new_low == new_high, new_low, np.clip(value, new_low, new_high))
    uniform = ((new_high - new_low + 1) ** 2 - 1) / 12
    variance = counts[f"{part}_variance"].to_numpy(dtype="float64", na_value=np.nan)
    changed: dict[str, Any] = {
        part: _whole(np.where(moved, told, value)),
        f"{part}_low": _whole(new_low),
        f"{part}_high": _whole(np.where(np.isinf(new_high), np.nan, new_high)),
        f"{part}_variance": np.where(moved, np.fmin(variance, uniform), variance),
    }
    return counts.assign(**changed), moved


def _whole(values: NDArray[np.float64]) -> pd.arrays.IntegerArray:
    empty = np.isnan(values)
    return pd.arrays.IntegerArray(np.where(empty, 0, values).astype(np.int64), empty)
