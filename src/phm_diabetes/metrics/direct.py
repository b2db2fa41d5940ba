"""Direct standardisation: the rate that a standard population would have had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.poisson_intervals import byar
from phm_diabetes.metrics.reasons import Reason, first_reason

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.rates import PoissonInterval
    from phm_diabetes.metrics.reasons import Codes

__all__ = ["FEWEST_EVENTS", "dsr", "reason_no_dsr"]

FEWEST_EVENTS = 10
"""Events below which no directly standardised rate is given (OHID)."""


def dsr(
    count: ArrayLike,
    population: ArrayLike,
    standard_population: ArrayLike,
    *,
    per: float = 100_000,
    sum_of_squares: ArrayLike | None = None,
    missing_count_is_zero: bool = False,
    confidence: ArrayLike = 0.95,
    method: PoissonInterval = byar,
) -> Interval:
    """Return directly standardised rates, with Dobson's interval.

    Parameters
    ----------
    count : array_like
        Events, shape (…, bands): the bands along the last axis make up one rate.
    population : array_like
        People or person-years at risk, same shape.
    standard_population : array_like
        People of the standard population in the same bands, shape (bands,): see
        :meth:`~phm_diabetes.metrics.reference_populations.ReferencePopulation.people_in`.
    per : float
        100,000 for a rate per 100,000.
    sum_of_squares : array_like, optional
        Sum over persons of the square of each one's events, same shape as `count`. Leave it out
        only where nobody has the event twice; with it the interval is wider.
    missing_count_is_zero : bool
        Take a band's missing count as no events, as OHID's tools do. By default the rate is
        missing too, since a hidden count is not zero.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.
    method : callable
        What gives the interval of the total count: ``byar`` (OHID's) or ``exact_poisson``.

    Returns
    -------
    Interval
        Shape (…). NaN where :func:`reason_no_dsr` has a reason, such as fewer than 10 events.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric, shapes do not broadcast, or the standard population has a
        negative or missing band.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Notes
    -----
    With weights w = standard / Σ standard: rate = Σ w·O/n, variance = Σ (w/n)²·O, and
    lower = rate + √(variance / ΣO)·(O_lower - ΣO), never below zero. For repeat events the
    variance is Σ (w/n)²·Q: people with f events count f² times, as in OHID's guidance.

    References
    ----------
    Dobson AJ, Kuulasmaa K, Eberle E, Scherer J. Confidence intervals for weighted sums of Poisson
    parameters. Stat Med 1991;10:457-462, as functions ``dsr_inner`` and, for repeat events,
    ``calculate_dsr`` of PHEindicatormethods compute it; methods M1 (exact) and M5 (Byar's) of Ng
    HKT, Filardo G, Zheng G. Computational Statistics and Data Analysis 2008;52:3501-3516. PHE,
    Technical guide: confidence intervals; 2018, appendix 4. Morris JK et al. Evaluation of
    stability of directly standardized rates for sparse data. Popul Health Metr 2018;16:19 (why 10
    events).

    Examples
    --------
    >>> got = dsr([[5, 15], [1, 2]], [[1000, 1000], [1000, 1000]], [3000, 1000], per=1000)
    >>> got.value
    array([7.5, nan])
    >>> got.lower.round(3), got.upper.round(3)
    (array([4.127,   nan]), array([12.215,    nan]))
    """
    x, n, standard = as_floats(
        count=count, population=population, standard_population=standard_population
    )
    weight = _weight(standard)
    with np.errstate(all="ignore"):
        x = _events(x, missing_count_is_zero=missing_count_is_zero)
        each = weight / np.where(n > 0, n, np.nan)
        if sum_of_squares is None:
            squares = x
        else:
            (given,) = as_floats(sum_of_squares=sum_of_squares)
            squares = _events(given, missing_count_is_zero=missing_count_is_zero)
        total = np.asarray(x.sum(axis=-1))
        value = np.einsum("...b,...b->...", x, each)
        variance = np.einsum("...b,...b,...b->...", squares, each, each)
        value = np.where(total < FEWEST_EVENTS, np.nan, value)
        stretch = np.sqrt(variance / total)
        bounds = method(total, confidence=confidence)
        lower = np.maximum(value + stretch * (bounds.lower - total), 0)
        upper = value + stretch * (bounds.upper - total)
    return Interval(value * per, lower * per, upper * per)


def reason_no_dsr(
    count: ArrayLike, population: ArrayLike, *, missing_count_is_zero: bool = False
) -> Codes:
    """Return why a directly standardised rate cannot be had.

    Parameters
    ----------
    count, population, missing_count_is_zero
        As for :func:`dsr`.

    Returns
    -------
    ndarray of int8
        A :class:`~phm_diabetes.metrics.reasons.Reason` for each rate, shape (…), 0 where there is
        one.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> [Reason(code).words for code in reason_no_dsr([[5, 15], [1, 2]], [1000, 1000])]
    ['', 'fewer than 10 events']
    """
    x, n = np.broadcast_arrays(*as_floats(count=count, population=population))
    missing = np.isnan(x) if not missing_count_is_zero else np.zeros(x.shape, dtype=bool)
    return first_reason(
        (np.any(x < 0, axis=-1), Reason.COUNT_NEGATIVE),
        (np.any(missing, axis=-1), Reason.BAND_MISSING),
        (~np.all(n > 0, axis=-1), Reason.BAND_WITHOUT_PEOPLE),
        (np.nansum(x, axis=-1) < FEWEST_EVENTS, Reason.TOO_FEW_EVENTS),
    )


def _events(count: FloatArray, *, missing_count_is_zero: bool) -> FloatArray:
    """Return counts with NaN for a bad one, and 0 for a missing one where the caller says so."""
    if missing_count_is_zero:
        count = np.where(np.isnan(count), 0.0, count)
    negative = count < 0
    return np.where(negative, np.nan, count) if negative.any() else count


def _weight(standard: FloatArray) -> FloatArray:
    total = standard.sum(axis=-1, keepdims=True)
    if not bool(np.all(standard >= 0) and np.all(total > 0)):
        message = (
            "The standard population has a missing or negative band, or no people at all. "
            "Give the people of each band, for instance ESP2013.people_in(bands)."
        )
        raise StatisticsError(message)
    weight: FloatArray = standard / total
    return weight
