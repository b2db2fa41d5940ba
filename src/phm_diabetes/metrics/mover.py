"""Differences and quotients of any two independent estimates, from their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.intervals import Interval

if TYPE_CHECKING:
    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["difference", "quotient"]


def difference(first: Interval, second: Interval) -> Interval:
    """Return first - second, with an interval had from the two intervals.

    Both may be any estimates (proportions, rates, standardised rates) as long as they are
    independent and their intervals are at the same confidence. That two intervals overlap does
    not settle whether the estimates differ; this interval does.

    Parameters
    ----------
    first, second : Interval
        They broadcast together; no unit may be part of both.

    Returns
    -------
    Interval
        In the estimates' unit.

    Notes
    -----
    lower = d - √((v₁ - l₁)² + (u₂ - v₂)²), upper = d + √((u₁ - v₁)² + (v₂ - l₂)²).
    The more of the same people there are in both, the wider this interval is than it need be.

    References
    ----------
    Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach.
    Stat Med 2008;27:1693-1702, as function ``_mover_confint`` of statsmodels computes it.

    Examples
    --------
    >>> from phm_diabetes.metrics.rates import crude_rate
    >>> got = difference(crude_rate(60, 1000, per=1000), crude_rate(40, 1000, per=1000))
    >>> [round(float(number), 2) for number in got]
    [20.0, -0.29, 40.68]
    """
    with np.errstate(invalid="ignore"):
        value = first.value - second.value
        below = _together(first.value - first.lower, second.upper - second.value)
        above = _together(first.upper - first.value, second.value - second.lower)
    return Interval(value, value - below, value + above)


def quotient(first: Interval, second: Interval) -> Interval:
    """Return first / second, with an interval had from the two intervals.

    Parameters
    ----------
    first, second : Interval
        Estimates that cannot be negative; they broadcast together; no unit may be part of both.

    Returns
    -------
    Interval
        NaN, never infinite, where the second value is zero. The upper bound is infinite where the
        second estimate's lower bound is zero.

    Notes
    -----
    With a = v₁v₂, b = l₁(2v₁ - l₁), c = u₂(2v₂ - u₂): lower = (a - √(a² - bc)) / c, had here as
    b / (a + √(a² - bc)), which holds at c = 0. The upper bound is the other root, with u₁ and l₂.

    References
    ----------
    Donner A, Zou GY. Closed-form confidence intervals for functions of the normal mean and standard
    deviation. Stat Methods Med Res 2012;21:347-359, equation 9, p. 351. Newcombe RG. MOVER-R
    confidence intervals for ratios and products of two independently estimated quantities. Same
    2016;25:1774-1778.

    Examples
    --------
    >>> from phm_diabetes.metrics.proportions import proportion
    >>> got = quotient(proportion(30, 100), proportion(20, 100))
    >>> [round(float(number), 3) for number in got]
    [1.5, 0.923, 2.445]
    """
    v1, l1, u1 = first
    v2, l2, u2 = second
    with np.errstate(all="ignore"):
        product = v1 * v2
        value = np.where(v2 > 0, v1 / v2, np.nan)
        b = l1 * (2 * v1 - l1)
        root = np.sqrt(np.maximum(product**2 - b * u2 * (2 * v2 - u2), 0))
        lower = np.where(v1 == 0, 0.0, b / (product + root))
        e = u1 * (2 * v1 - u1)
        f = l2 * (2 * v2 - l2)
        upper = (product + np.sqrt(np.maximum(product**2 - e * f, 0))) / f
        some = v2 > 0
        # max and min: at the ends of the scale the roots may miss the value by a rounding error.
        return Interval(
            value,
            np.where(some, np.minimum(lower, value), np.nan),
            np.where(some, np.maximum(upper, value), np.nan),
        )


def _together(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the root of the sum of squares; numpy.hypot, safe for huge numbers, is far slower."""
    length: FloatArray = np.sqrt(first * first + second * second)
    return length
