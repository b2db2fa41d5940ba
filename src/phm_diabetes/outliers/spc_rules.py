"""Rules that tell special cause from common cause in a series, one point at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from phm_diabetes.outliers.control_limits import ControlLimits

__all__ = ["RUN", "beyond_limits", "one_side", "trend", "two_of_three"]

RUN = 7
"""Points that make a run on one side of the mean, or a trend, in NHS Making Data Count."""


def beyond_limits(values: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> NDArray[np.int8]:
    """Return which values lie beyond their limits.

    Parameters
    ----------
    values, lower, upper : array_like
        Values and their limits; they broadcast.

    Returns
    -------
    ndarray of int8
        -1 below the lower limit, 1 above the upper, 0 within, on a limit, or not known.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> beyond_limits([1, 5, 9, np.nan], 2, 8)
    array([-1,  0,  1,  0], dtype=int8)
    """
    value, low, high = as_floats(values=values, lower=lower, upper=upper)
    return (value > high).astype(np.int8) - (value < low).astype(np.int8)


def one_side(values: ArrayLike, centre: ArrayLike, *, points: int = RUN) -> NDArray[np.bool_]:
    """Return which points belong to a run on one side of the centre.

    Parameters
    ----------
    values : array_like
        Series along the last axis.
    centre : array_like
        Centre line; it broadcasts. A point on it ends a run, and so does a missing one.
    points : int
        Points that make a run.

    Returns
    -------
    ndarray of bool, shape (2, …)
        Every point of each run: first above, then below the centre.

    Raises
    ------
    OptionError
        Where `points` is below 2.
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> above, below = one_side([1, 2, 2, 2, 0], 1, points=3)
    >>> above
    array([False,  True,  True,  True, False])
    """
    _check_points(points)
    value, middle = as_floats(values=values, centre=centre)
    return np.stack([_runs(value > middle, points), _runs(value < middle, points)])


def trend(values: ArrayLike, *, points: int = RUN) -> NDArray[np.bool_]:
    """Return which points belong to a trend: each above the last, or each below.

    Parameters
    ----------
    values : array_like
        Series along the last axis. A tie ends a trend, and so does a missing point.
    points : int
        Points that make a trend: 7 points are 6 steps.

    Returns
    -------
    ndarray of bool, shape (2, …)
        Every point of each trend: first rising, then falling. A turning point may be in both.

    Raises
    ------
    OptionError
        Where `points` is below 2.
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> rising, falling = trend([3, 1, 2, 3, 0], points=3)
    >>> rising
    array([False,  True,  True,  True, False])
    """
    _check_points(points)
    (value,) = as_floats(values=values)
    steps = np.diff(value)
    found = []
    for step in (steps > 0, steps < 0):
        # A run of steps reaches from the point before its first to the point of its last.
        run = _runs(step, points - 1)
        edge = np.zeros((*value.shape[:-1], 1), dtype=bool)
        found.append(np.concatenate([run, edge], -1) | np.concatenate([edge, run], -1))
    return np.stack(found)[..., : value.shape[-1]]


def two_of_three(values: ArrayLike, limits: ControlLimits) -> NDArray[np.bool_]:
    """Return which points are of two in three close to the same limit, and not beyond it.

    Parameters
    ----------
    values : array_like
        Series along the last axis.
    limits : ControlLimits
        Its lines. Close means past two thirds of the way from the centre to a limit.

    Returns
    -------
    ndarray of bool, shape (2, …)
        The close points of each such three, not the third: first near the upper limit, then near
        the lower. All three lie on the same side of the centre.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> from phm_diabetes.outliers.control_limits import ControlLimits
    >>> lines = ControlLimits(*(np.full(4, line) for line in (0.0, -3.0, 3.0, -2.0, 2.0)))
    >>> two_of_three([0, 2.5, 1, 2.2], lines)[0]
    array([False,  True, False,  True])
    """
    (value,) = as_floats(values=values)
    outside = beyond_limits(value, limits.lower, limits.upper) != 0
    high = _two_close((value > limits.near_upper) & ~outside, value > limits.centre)
    low = _two_close((value < limits.near_lower) & ~outside, value < limits.centre)
    return np.stack([high, low])


def _two_close(close: NDArray[np.bool_], side: NDArray[np.bool_]) -> NDArray[np.bool_]:
    window, most = 3, 2
    if close.shape[-1] < window:
        return np.zeros(close.shape, dtype=bool)
    two_close = np.lib.stride_tricks.sliding_window_view(close, window, axis=-1).sum(-1) >= most
    one_side_only = np.lib.stride_tricks.sliding_window_view(side, window, axis=-1).all(-1)
    return close & _spread_back(np.asarray(two_close & one_side_only), window, close.shape[-1])


def _runs(met: NDArray[np.bool_], points: int) -> NDArray[np.bool_]:
    """Return every element of each unbroken run of at least that many along the last axis."""
    if met.shape[-1] < points:
        return np.zeros(met.shape, dtype=bool)
    whole = np.lib.stride_tricks.sliding_window_view(met, points, axis=-1).all(-1)
    return _spread_back(np.asarray(whole), points, met.shape[-1])


def _spread_back(windows: NDArray[np.bool_], width: int, length: int) -> NDArray[np.bool_]:
    """Return the points that any of the windows that hold says yes to covers."""
    covered = np.zeros((*windows.shape[:-1], length), dtype=bool)
    for offset in range(width):
        covered[..., offset : offset + windows.shape[-1]] |= windows
    return covered


def _check_points(points: int) -> None:
    least = 2
    if points < least:
        message = (
            f"points is {points!r}. A run or a trend takes {RUN} points, and never fewer than 2."
        )
        raise OptionError(message)
