"""Indirect standardisation: events against those expected at a reference's rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.poisson_intervals import ohid_poisson
from phm_diabetes.metrics.rates import crude_rate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.intervals import Interval
    from phm_diabetes.metrics.rates import PoissonInterval

__all__ = ["expected_events", "indirect_rate", "indirect_ratio"]


def expected_events(
    population: ArrayLike, reference_count: ArrayLike, reference_population: ArrayLike
) -> FloatArray:
    """Return the events that a population would have at the reference's rates.

    Parameters
    ----------
    population : array_like
        People or person-years at risk, shape (…, bands).
    reference_count, reference_population : array_like
        Events and people of the reference in the same bands, shape (bands,).

    Returns
    -------
    ndarray of float64
        Expected events, shape (…); NaN where a band is missing or the reference has nobody in it.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> expected_events([[1000, 500], [2000, 0]], [10, 40], [10_000, 10_000])
    array([3., 2.])
    """
    n, count, people = as_floats(
        population=population,
        reference_count=reference_count,
        reference_population=reference_population,
    )
    with np.errstate(all="ignore"):
        rate = np.where((count >= 0) & (people > 0), count / people, np.nan)
        n = np.where(n >= 0, n, np.nan)
        return np.asarray(np.einsum("...b,...b->...", n, rate), dtype=np.float64)


def indirect_ratio(
    observed: ArrayLike,
    expected: ArrayLike,
    *,
    per: float = 1,
    confidence: ArrayLike = 0.95,
    method: PoissonInterval = ohid_poisson,
) -> Interval:
    """Return observed over expected events (the standardised ratio), with its interval.

    Two units' ratios rest on different age structures: compare each with the reference, not with
    each other.

    Parameters
    ----------
    observed : array_like
        All events of the unit; their bands need not be known.
    expected : array_like
        Those expected, from :func:`expected_events`; taken as known.
    per : float
        1, or 100 for the reference at 100.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.
    method : callable
        What gives the interval of the observed count: ``ohid_poisson``, ``byar`` or
        ``exact_poisson``.

    Returns
    -------
    Interval
        NaN, never infinite, where no events are expected or a count is missing or negative.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    OHID, Fingertips public health technical guidance, chapter Indirectly standardised ratios,
    section "Calculation of confidence intervals for indirectly standardised ratios". Breslow NE,
    Day NE. Statistical methods in cancer research, volume II. Lyon: IARC; 1987, pp. 69-71.

    Examples
    --------
    >>> got = indirect_ratio([0, 36], 30, per=100)
    >>> got.value, got.upper.round(1)
    (array([  0., 120.]), array([ 12.3, 166.1]))
    """
    seen, due = as_floats(observed=observed, expected=expected)
    return crude_rate(seen, due, per=per, confidence=confidence, method=method)


def indirect_rate(
    observed: ArrayLike,
    expected: ArrayLike,
    *,
    reference_rate: float,
    per: float = 100_000,
    confidence: ArrayLike = 0.95,
    method: PoissonInterval = ohid_poisson,
) -> Interval:
    """Return the indirectly standardised rate: the ratio times the reference's crude rate.

    Parameters
    ----------
    observed, expected, confidence, method
        As for :func:`indirect_ratio`.
    reference_rate : float
        Events per person of the reference, all its bands together.
    per : float
        100,000 for a rate per 100,000.

    Returns
    -------
    Interval
        NaN as for :func:`indirect_ratio`.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    OHID, Fingertips public health technical guidance, chapter Indirectly standardised ratios,
    section "Calculation of indirectly standardised ratios", which gives the rate too.

    Examples
    --------
    >>> indirect_rate(36, 30, reference_rate=0.002, per=1000).value.round(3)
    np.float64(2.4)
    """
    return indirect_ratio(
        observed, expected, per=per * reference_rate, confidence=confidence, method=method
    )
