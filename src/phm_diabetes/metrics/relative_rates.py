"""Relative differences: the ratio of two proportions and of two rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.binomial_intervals import clopper_pearson
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.mover import quotient
from phm_diabetes.metrics.proportions import BinomialInterval, proportion

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["proportion_ratio", "rate_ratio"]


def proportion_ratio(
    first_numerator: ArrayLike,
    first_denominator: ArrayLike,
    second_numerator: ArrayLike,
    second_denominator: ArrayLike,
    *,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Return the first proportion over the second (the relative risk), with its interval.

    Parameters
    ----------
    first_numerator, first_denominator, second_numerator, second_denominator : array_like
        Counts [people], of two groups that share nobody; all four broadcast.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.

    Returns
    -------
    Interval
        NaN where either proportion cannot be had, and where the second is zero.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    Newcombe RG. Stat Methods Med Res 2016;25:1774-1778: MOVER-R, here with Wilson's intervals.
    Donner A, Zou GY. Stat Methods Med Res 2012;21:347-359, equation 9, p. 351.

    Examples
    --------
    >>> [round(float(number), 3) for number in proportion_ratio(30, 100, 20, 100)]
    [1.5, 0.923, 2.445]
    """
    return quotient(
        proportion(first_numerator, first_denominator, confidence=confidence),
        proportion(second_numerator, second_denominator, confidence=confidence),
    )


def rate_ratio(
    first_count: ArrayLike,
    first_population: ArrayLike,
    second_count: ArrayLike,
    second_population: ArrayLike,
    *,
    confidence: ArrayLike = 0.95,
    method: BinomialInterval = clopper_pearson,
) -> Interval:
    """Return the first crude rate over the second, with an interval that treats both as uncertain.

    With both populations 1 it is the ratio of two counts, such as first to follow-up attendances.

    Parameters
    ----------
    first_count, second_count : array_like
        Independent events.
    first_population, second_population : array_like
        People or person-years at risk; all four broadcast.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.
    method : callable
        What gives the interval of the first count's share of all events: ``clopper_pearson`` for
        the exact interval, ``wilson`` for a narrower one.

    Returns
    -------
    Interval
        NaN, never infinite, where the second count is zero or a rate cannot be had.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Notes
    -----
    Given both counts' sum, the first is binomial: with p its share, θ = p/(1 - p) · n₂/n₁.

    References
    ----------
    Breslow NE, Day NE. Statistical methods in cancer research, volume II. Lyon: IARC; 1987,
    equations 3.8 and 3.9, pp. 94-95. Przyborowski J, Wilenski H. Homogeneity of results in testing
    samples from Poisson series. Biometrika 1940;31:313-323. The example is that of R's
    ``poisson.test``.

    Examples
    --------
    >>> [round(float(number), 4) for number in rate_ratio(11, 800, 21, 3011)]
    [1.9715, 0.8584, 4.2773]
    """
    x1, n1, x2, n2 = as_floats(
        first_count=first_count,
        first_population=first_population,
        second_count=second_count,
        second_population=second_population,
    )
    with np.errstate(all="ignore"):
        sound = (x1 >= 0) & (x2 > 0) & (n1 > 0) & (n2 > 0)
        scale = np.where(sound, n2 / n1, np.nan)
        lower, upper = method(x1, x1 + x2, confidence=confidence)
        return Interval(
            np.where(sound, x1 / x2 * scale, np.nan),
            lower / (1 - lower) * scale,
            upper / (1 - upper) * scale,
        )
