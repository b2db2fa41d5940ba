"""How a total is shared between groups, with intervals that hold for all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.binomial_intervals import wilson
from phm_diabetes.metrics.intervals import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["share", "share_against_need"]


def share(
    count: ArrayLike,
    *,
    sum_of_squares: ArrayLike | None = None,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Return each group's share of the total, with simultaneous intervals.

    All intervals of one total hold together with the confidence asked for, so that the highest and
    lowest can be picked out without the luck of many looks.

    Parameters
    ----------
    count : array_like
        Events or amounts, shape (…, groups): the groups along the last axis make up the total.
    sum_of_squares : array_like, optional
        Sum over persons of the square of each one's events or amount, same shape. Leave it out only
        where each person counts once; with it the intervals are clustered by person.
    confidence : float or sequence of float
        Two-sided confidence of all intervals together; several give the bounds a leading axis.

    Returns
    -------
    Interval
        Shares between 0 and 1. NaN for all groups of a total in which a count is missing or
        negative, since the total is then not known; a lone group has share 1 for certain.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Notes
    -----
    Wilson's score interval at confidence 1 - α/k for k groups. With sums of squares Q, a share p of
    total T has variance ((1 - p)²·Qᵢ + p²·(ΣQ - Qᵢ)) / T², and T is replaced by the number of
    independent events with the same variance.

    References
    ----------
    Goodman LA. On simultaneous confidence intervals for multinomial proportions. Technometrics
    1965;7:247-254, as function ``multinomial_proportions_confint`` of statsmodels computes it. Korn
    EL, Graubard BI. Confidence intervals for proportions with small expected number of positive
    counts. Surv Methodol 1998;24:193-201 (the effective number, as function ``svyciprop`` of R's
    survey takes it).

    Examples
    --------
    >>> got = share([10, 30, 60])
    >>> got.value
    array([0.1, 0.3, 0.6])
    >>> got.lower.round(3), got.upper.round(3)
    (array([0.049, 0.204, 0.48 ]), array([0.195, 0.418, 0.709]))
    """
    x = _groups(count)
    with np.errstate(all="ignore"):
        total = x.sum(axis=-1, keepdims=True)
        value = x / np.where(total > 0, total, np.nan)
        if sum_of_squares is None:
            number = total
        else:
            (squares,) = as_floats(sum_of_squares=sum_of_squares)
            number = _independent_events(value, total, squares)
        groups = x.shape[-1]
        together = 1 - (1 - np.asarray(confidence, dtype=np.float64)) / groups
        lower, upper = wilson(value * number, number, confidence=together)
    if groups == 1:
        lower, upper = lower * 0 + value, upper * 0 + value
    return Interval(value, np.minimum(lower, value), np.maximum(upper, value))


def share_against_need(
    count: ArrayLike,
    need: ArrayLike,
    *,
    sum_of_squares: ArrayLike | None = None,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Return each group's share of activity over its share of need, with simultaneous intervals.

    A group has more (or less) than its share where the interval lies above (or below) 1.

    Parameters
    ----------
    count : array_like
        Activity, shape (…, groups), for instance first face-to-face attendances.
    need : array_like
        Need on the same groups, for instance people on the register, taken as known.
    sum_of_squares, confidence
        As for :func:`share`.

    Returns
    -------
    Interval
        1 is a fair share. NaN as for :func:`share`, and for a group without need.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Examples
    --------
    >>> got = share_against_need([10, 30, 60], [200, 200, 200])
    >>> got.lower.round(2), got.upper.round(2)
    (array([0.15, 0.61, 1.44]), array([0.58, 1.25, 2.13]))
    """
    value, lower, upper = share(count, sum_of_squares=sum_of_squares, confidence=confidence)
    n = _groups(need)
    with np.errstate(all="ignore"):
        fair = n / n.sum(axis=-1, keepdims=True)
        fair = np.where(fair > 0, fair, np.nan)
    return Interval(value / fair, lower / fair, upper / fair)


def _groups(count: ArrayLike) -> FloatArray:
    (x,) = as_floats(count=count)
    x = np.atleast_1d(x)
    return np.where(x >= 0, x, np.nan)


def _independent_events(value: FloatArray, total: FloatArray, squares: FloatArray) -> FloatArray:
    """Return how many independent events would leave each share as uncertain as it is."""
    all_squares = squares.sum(axis=-1, keepdims=True)
    variance = (1 - value) ** 2 * squares + value**2 * (all_squares - squares)
    events = value * (1 - value) * total**2 / variance
    # At 0% and 100% both are zero; the whole total's design effect then stands in.
    overall: FloatArray = np.square(total) / all_squares
    return np.where((value > 0) & (value < 1), events, overall)
