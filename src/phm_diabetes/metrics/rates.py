"""Events for a population at risk: the crude rate, and the ratio of unlike counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds, Interval
from phm_diabetes.metrics.poisson_intervals import ohid_poisson

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["PoissonInterval", "crude_rate", "ratio"]


class PoissonInterval(Protocol):
    """What gives the interval of a count: ``ohid_poisson``, ``byar`` or ``exact_poisson``.

    Examples
    --------
    >>> method: PoissonInterval = ohid_poisson
    """

    def __call__(self, count: ArrayLike, /, *, confidence: ArrayLike) -> Bounds:
        """Return bounds in events."""
        ...


def crude_rate(
    count: ArrayLike,
    population: ArrayLike,
    *,
    per: float,
    confidence: ArrayLike = 0.95,
    method: PoissonInterval = ohid_poisson,
) -> Interval:
    """Return events per so many of the population at risk, with its interval.

    Parameters
    ----------
    count : array_like
        Independent events. For events that one person can have again and again, and for money, use
        :mod:`phm_diabetes.metrics.clustered`.
    population : array_like
        People, or person-years, at risk; it broadcasts with `count`.
    per : float
        1,000 for a rate per 1,000, 100,000 for one per 100,000.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.
    method : callable
        What gives the interval: ``ohid_poisson``, ``byar`` or ``exact_poisson``.

    Returns
    -------
    Interval
        NaN where :func:`~phm_diabetes.metrics.reasons.reason_no_rate` has a reason; the other
        elements are not touched by it.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    OHID, Fingertips public health technical guidance, chapter Rates, section "Calculation of
    confidence intervals for crude rates".

    Examples
    --------
    >>> got = crude_rate([0, 9, 10], 1000, per=100_000)
    >>> got.value
    array([   0.,  900., 1000.])
    >>> got.lower.round(2)
    array([  0.  , 411.54, 478.74])
    """
    x, n = as_floats(count=count, population=population)
    with np.errstate(all="ignore"):
        one = np.where(n > 0, per / n, np.nan)
        bounds = method(x, confidence=confidence)
        value = np.where(x >= 0, x * one, np.nan)
        return Interval(value, bounds.lower * one, bounds.upper * one)


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    per: float = 1,
    confidence: ArrayLike = 0.95,
    method: PoissonInterval = ohid_poisson,
) -> Interval:
    """Return the ratio of a count to another that it is no part of, with a rate's interval.

    People seen in clinic for people on the register, where the two are not linked: the ratio may
    pass 1, so it is not capped and Wilson's interval would be wrong. The denominator is taken as
    known. Where it is as uncertain as the numerator (first to follow-up attendances), use
    :func:`~phm_diabetes.metrics.relative_rates.rate_ratio`.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts; they broadcast together.
    per, confidence, method
        As for :func:`crude_rate`.

    Returns
    -------
    Interval
        NaN, never infinite, where the denominator is zero; otherwise as :func:`crude_rate`.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Examples
    --------
    >>> ratio([120, 5], [100, 0]).value
    array([1.2, nan])
    """
    x, n = as_floats(numerator=numerator, denominator=denominator)
    return crude_rate(x, n, per=per, confidence=confidence, method=method)
