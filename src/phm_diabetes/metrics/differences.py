"""Absolute differences: of two proportions (Newcombe) and of two rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.metrics.mover import difference
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.intervals import Interval

__all__ = ["newcombe", "rate_difference"]


def newcombe(
    first_numerator: ArrayLike,
    first_denominator: ArrayLike,
    second_numerator: ArrayLike,
    second_denominator: ArrayLike,
    *,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Return the first proportion less the second, with Newcombe's interval.

    Parameters
    ----------
    first_numerator, first_denominator : array_like
        Counts [people] of the unit.
    second_numerator, second_denominator : array_like
        Counts [people] of its comparator, with the unit itself taken out; all four broadcast.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.

    Returns
    -------
    Interval
        Between -1 and 1. NaN where either proportion cannot be had.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    Newcombe RG. Interval estimation for the difference between independent proportions: comparison
    of eleven methods. Stat Med 1998;17:873-890, method 10, p. 876; the example is case (a) of table
    II.

    Examples
    --------
    >>> [round(float(number), 4) for number in newcombe(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    return difference(
        proportion(first_numerator, first_denominator, confidence=confidence),
        proportion(second_numerator, second_denominator, confidence=confidence),
    )


def rate_difference(
    first_count: ArrayLike,
    first_population: ArrayLike,
    second_count: ArrayLike,
    second_population: ArrayLike,
    *,
    per: float,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Return the first crude rate less the second, with its interval.

    Parameters
    ----------
    first_count, first_population : array_like
        Independent events, and people or person-years at risk, of the unit.
    second_count, second_population : array_like
        Those of its comparator, with the unit itself taken out; all four broadcast.
    per : float
        1,000 for rates per 1,000.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.

    Returns
    -------
    Interval
        Per `per`. NaN where either rate cannot be had.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    Zou GY, Donner A. Stat Med 2008;27:1693-1702, as function ``_mover_confint`` of statsmodels
    computes it, on the two rates' OHID intervals.

    Examples
    --------
    >>> [round(float(number), 2) for number in rate_difference(60, 1000, 40, 1000, per=1000)]
    [20.0, -0.29, 40.68]
    """
    return difference(
        crude_rate(first_count, first_population, per=per, confidence=confidence),
        crude_rate(second_count, second_population, per=per, confidence=confidence),
    )
