"""Money and repeat events: intervals that know that one person can weigh more than another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.binomial_intervals import wilson
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.poisson_intervals import ohid_poisson
from phm_diabetes.metrics.reasons import least_sum_of_squares

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.rates import PoissonInterval

__all__ = ["clustered_proportion", "compound_poisson_rate", "person_clustered_rate"]


def compound_poisson_rate(
    total: ArrayLike,
    sum_of_squares: ArrayLike,
    population: ArrayLike,
    *,
    per: float,
    confidence: ArrayLike = 0.95,
    method: PoissonInterval = ohid_poisson,
) -> Interval:
    """Return attendances, admissions or money per so many people, with an honest interval.

    The people who come are taken as Poisson and what each of them brings as it was found, so the
    total varies by its sum of squares. For people followed through, use
    :func:`person_clustered_rate`.

    Parameters
    ----------
    total : array_like
        Sum over persons of their events or amounts.
    sum_of_squares : array_like
        Sum over persons of the square of each one's events or amount (``numerator_ss``). Without it
        (NaN) there is a value and no interval: the Poisson interval would be too narrow.
    population : array_like
        People or person-years at risk; the three broadcast together.
    per : float
        1,000 for a rate per 1,000.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.
    method : callable
        What gives the interval of the equivalent count: ``ohid_poisson``, ``byar`` or
        ``exact_poisson``.

    Returns
    -------
    Interval
        Bounds are NaN where :func:`~phm_diabetes.metrics.reasons.reason_no_interval` has a reason.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Notes
    -----
    With T the total and Q the sum of squares, the interval is Q/T times that of a count of T²/Q.
    Where everyone has one event it is the Poisson interval itself.

    References
    ----------
    In the form of Dobson AJ et al. Confidence intervals for weighted sums of Poisson parameters.
    Stat Med 1991;10:457-462 (PHE, Technical guide: confidence intervals; 2018, appendix 4), with
    each person's amount as the weight of one Poisson count. That T²/Q is the count to take is ours:
    it gives the mean T and the variance Q.

    Examples
    --------
    >>> got = compound_poisson_rate([40, 40, 40], [40, 160, None], 1000, per=1000)
    >>> got.value
    array([40., 40., 40.])
    >>> got.upper.round(1)
    array([54.5, 73.6,  nan])
    """
    x, ss, n = as_floats(total=total, sum_of_squares=sum_of_squares, population=population)
    return _scaled(x, np.where(ss > 0, ss, np.nan), n, per, confidence, method)


def person_clustered_rate(
    total: ArrayLike,
    sum_of_squares: ArrayLike,
    persons: ArrayLike,
    *,
    per: float = 1,
    confidence: ArrayLike = 0.95,
    method: PoissonInterval = ohid_poisson,
) -> Interval:
    """Return events or money per person of a fixed list, with an interval clustered by person.

    Parameters
    ----------
    total, sum_of_squares : array_like
        As for :func:`compound_poisson_rate`; people without events add nothing to either.
    persons : array_like
        All people on the list, with and without events; the three broadcast together.
    per : float
        1 for an average per person, 1,000 for a rate per 1,000.
    confidence, method
        As for :func:`compound_poisson_rate`.

    Returns
    -------
    Interval
        Bounds are NaN where :func:`~phm_diabetes.metrics.reasons.reason_no_interval` or
        :func:`~phm_diabetes.metrics.reasons.reason_no_mean` has a reason.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Notes
    -----
    The variance of the total is n/(n - 1)·(Q - T²/n), that of n people drawn one by one; the
    interval is scaled as in :func:`compound_poisson_rate`, so it never goes below zero.

    References
    ----------
    Ours: the total of n people drawn one by one varies by n times the variance of one. Cochran WG.
    Sampling techniques, 3rd edition. New York: Wiley; 1977. The scaling is that of
    :func:`compound_poisson_rate`.

    Examples
    --------
    >>> got = person_clustered_rate(40, 160, 100)
    >>> [round(float(number), 3) for number in got]
    [0.4, 0.199, 0.716]
    """
    x, ss, n = as_floats(total=total, sum_of_squares=sum_of_squares, persons=persons)
    with np.errstate(all="ignore"):
        possible = (n >= 2) & (ss >= least_sum_of_squares(x, n))  # noqa: PLR2004
        variance = np.where(possible, np.maximum(ss - x * x / n, 0) * n / (n - 1), np.nan)
    return _scaled(x, variance, n, per, confidence, method)


def clustered_proportion(
    numerator: ArrayLike,
    sum_of_squares: ArrayLike,
    denominator: ArrayLike,
    *,
    per: float = 1,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Return the share of events (appointments missed), with an interval clustered by person.

    Parameters
    ----------
    numerator, denominator : array_like
        Events of the kind, and all events.
    sum_of_squares : array_like
        Sum over persons of the square of each one's events in the numerator; NaN gives a value and
        no interval. The three broadcast together.
    per : float
        1 for a share, 100 for a percentage.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.

    Returns
    -------
    Interval
        Bounds are NaN where :func:`~phm_diabetes.metrics.reasons.reason_no_interval`, with
        ``within=True``, has a reason.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Notes
    -----
    Wilson's interval of the counts divided by the design effect Q/x (never under 1). It is a little
    too wide where people who come often miss at the same rate as others.

    References
    ----------
    Rao JNK, Scott AJ. A simple method for the analysis of clustered binary data. Biometrics
    1992;48:577-585, for dividing counts by a design effect. That Q/x is the effect is ours: x
    varies as Q/x times a count of single events.

    Examples
    --------
    >>> got = clustered_proportion([20, 20], [20, 60], 100, per=100)
    >>> got.lower.round(1), got.upper.round(1)
    (array([13.3,  9.9]), array([28.9, 36.3]))
    """
    x, ss, n = as_floats(
        numerator=numerator, sum_of_squares=sum_of_squares, denominator=denominator
    )
    with np.errstate(all="ignore"):
        # 0/0 where nothing happened: how events cluster is then not known.
        design_effect = np.where(ss > 0, np.maximum(ss / x, 1), np.nan)
        lower, upper = wilson(x / design_effect, n / design_effect, confidence=confidence)
        value = np.where((x >= 0) & (x <= n) & (n > 0), x / n, np.nan)
        return Interval(value * per, lower * per, upper * per)


def _scaled(
    total: FloatArray,
    variance: FloatArray,
    population: FloatArray,
    per: float,
    confidence: ArrayLike,
    method: PoissonInterval,
) -> Interval:
    """Return the rate with the interval of the Poisson count that is as uncertain as the total."""
    with np.errstate(all="ignore"):
        one = np.where(population > 0, per / population, np.nan)
        value = np.where(total >= 0, total * one, np.nan)
        size = np.where((variance > 0) & (total > 0), variance / total, np.nan)
        lower, upper = method(total / size, confidence=confidence)
        # All alike: nothing is uncertain, and the equivalent count would be infinite.
        sure = (variance == 0) & (total > 0)
        scale = size * one
        return Interval(
            value,
            np.where(sure, value, lower * scale),
            np.where(sure, value, upper * scale),
        )
