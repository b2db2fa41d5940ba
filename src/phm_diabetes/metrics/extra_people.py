"""How many more people, if a unit did as well as a comparator, the best quarter or a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds, Interval
from phm_diabetes.metrics.proportions import proportion

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = [
    "PartsAndWhole",
    "best_quarter",
    "opportunity_of",
    "opportunity_of_parts",
    "opportunity_of_ranges",
]

_FEWEST_UNITS = 4


class PartsAndWhole(NamedTuple):
    """People gained by the parts one by one, and by the whole.

    Examples
    --------
    >>> PartsAndWhole(parts=np.array(30.0), whole=np.array(10.0), adds_up=np.array(False)).whole
    array(10.)
    """

    parts: FloatArray
    """Sum of the parts' opportunities [people]."""
    whole: FloatArray
    """Opportunity of the parts taken as one unit [people]."""
    adds_up: np.typing.NDArray[np.bool_]
    """Whether the two are the same."""


def opportunity_of(
    numerator: ArrayLike,
    denominator: ArrayLike,
    target: ArrayLike,
    *,
    higher_is_better: bool,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Return the people who would gain if the unit were at the target.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts [people] of the unit.
    target : array_like
        Share between 0 and 1 to be reached: a comparator's value, :func:`best_quarter`, or a
        target. All three broadcast together.
    higher_is_better : bool
        True: extra people who would have it. False: people who would be spared it.
    confidence : float or sequence of float
        Two-sided confidence of the range; several give the bounds a leading axis.

    Returns
    -------
    Interval
        People, not rounded, never negative: a unit at its target or past it has none to gain. The
        range takes the unit's value at either end of Wilson's interval and the target as known; it
        may reach above zero for a unit past its target. NaN where the proportion cannot be had.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Examples
    --------
    >>> got = opportunity_of([60, 90], 100, 0.75, higher_is_better=True)
    >>> got.value, got.lower.round(1), got.upper.round(1)
    (array([15.,  0.]), array([5.9, 0. ]), array([24.8,  0. ]))
    """
    x, n, goal = as_floats(numerator=numerator, denominator=denominator, target=target)
    value, lower, upper = proportion(x, n, confidence=confidence)
    if not higher_is_better:
        goal, value, lower, upper = -goal, -value, -upper, -lower
    return Interval(
        np.maximum(n * (goal - value), 0),
        np.maximum(n * (goal - upper), 0),
        np.maximum(n * (goal - lower), 0),
    )


def opportunity_of_ranges(
    numerator_low: ArrayLike,
    numerator_high: ArrayLike,
    denominator_low: ArrayLike,
    denominator_high: ArrayLike,
    target: ArrayLike,
    *,
    higher_is_better: bool,
) -> Bounds:
    """Return how few and how many people could gain, whatever rounding or suppression hides.

    Parameters
    ----------
    numerator_low, numerator_high, denominator_low, denominator_high : array_like
        Ends of the counts' ranges [people].
    target, higher_is_better
        As for :func:`opportunity_of`.

    Returns
    -------
    Bounds
        People, never negative; NaN where an end is missing.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> low, high = opportunity_of_ranges(58, 62, 98, 102, 0.75, higher_is_better=True)
    >>> float(low), float(high)
    (11.5, 18.5)
    """
    x_low, x_high, n_low, n_high, goal = as_floats(
        numerator_low=numerator_low,
        numerator_high=numerator_high,
        denominator_low=denominator_low,
        denominator_high=denominator_high,
        target=target,
    )
    if higher_is_better:
        least, most = goal * n_low - x_high, goal * n_high - x_low
    else:
        least, most = x_low - goal * n_high, x_high - goal * n_low
    return Bounds(np.maximum(least, 0), np.maximum(most, 0))


def opportunity_of_parts(
    numerator: ArrayLike, denominator: ArrayLike, target: ArrayLike, *, higher_is_better: bool
) -> PartsAndWhole:
    """Return the opportunity of the parts summed, of the whole, and whether they are the same.

    They differ where some parts are past the target: those have nothing to gain, but in the whole
    they make up for others.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts [people], shape (…, parts); the parts share nobody.
    target : array_like
        Share between 0 and 1, the same for all parts of a whole: shape (…).
    higher_is_better : bool
        As for :func:`opportunity_of`.

    Returns
    -------
    PartsAndWhole
        Shape (…). NaN, and not adding up, where a part cannot be had.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> got = opportunity_of_parts([60, 90], [100, 100], 0.75, higher_is_better=True)
    >>> round(float(got.parts), 6), float(got.whole), bool(got.adds_up)
    (15.0, 0.0, False)
    """
    x, n = np.broadcast_arrays(*as_floats(numerator=numerator, denominator=denominator))
    (goal,) = as_floats(target=target)
    each = opportunity_of(x, n, goal[..., np.newaxis], higher_is_better=higher_is_better)
    summed = opportunity_of(
        x.sum(axis=-1), n.sum(axis=-1), goal, higher_is_better=higher_is_better
    ).value
    parts = np.asarray(each.value.sum(axis=-1))
    whole = np.where(np.isnan(parts), np.nan, summed)
    return PartsAndWhole(parts, whole, np.isclose(parts, whole, rtol=0, atol=1e-6))


def best_quarter(value: ArrayLike, *, higher_is_better: bool) -> float:
    """Return the value that the best quarter of units reach.

    Each unit counts once, whatever its size, so small units with chance results pull it outwards:
    say which units it was taken from.

    Parameters
    ----------
    value : array_like
        Values of comparable units; missing ones are left out.
    higher_is_better : bool
        True: the upper quartile; False: the lower.

    Returns
    -------
    float
        NaN where fewer than 4 units have a value.

    Raises
    ------
    StatisticsError
        Where `value` is not numeric.

    References
    ----------
    Hyndman RJ, Fan Y. Sample quantiles in statistical packages. Am Stat 1996;50:361-365, definition
    7.

    Examples
    --------
    >>> best_quarter([0.5, 0.6, 0.7, 0.8, 0.9], higher_is_better=True)
    0.8
    """
    (x,) = as_floats(value=value)
    known = x[~np.isnan(x)]
    if known.size < _FEWEST_UNITS:
        return float("nan")
    return float(np.quantile(known, 0.75 if higher_is_better else 0.25))
