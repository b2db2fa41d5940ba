"""Intervals of a count of independent events: Byar's, the exact one, and OHID's rule for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds, normal_deviate, tail

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["BYAR_FROM", "byar", "exact_poisson", "ohid_poisson"]

BYAR_FROM = 10
"""Count from which OHID uses Byar's approximation; below it the exact interval [events]."""


def byar(count: ArrayLike, *, confidence: ArrayLike = 0.95) -> Bounds:
    """Return Byar's approximate interval of a Poisson count.

    Parameters
    ----------
    count : array_like
        Events.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.

    Returns
    -------
    Bounds
        [events]. NaN for a missing or negative count. The lower bound is 0 for no events, and NaN
        where the approximation breaks down and goes below zero (1 event at 99.8%): use
        :func:`ohid_poisson` for small counts.

    Raises
    ------
    StatisticsError
        Where `count` is not numeric.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    Breslow NE, Day NE. Statistical methods in cancer research, volume II. Lyon: IARC; 1987, p. 69
    (equation 2.13 by our own record). OHID, Fingertips public health technical guidance, chapter
    Rates, section "Counts of 10 or greater". The "Byar" of R's epitools is Rothman's mid-P variant,
    another interval of the same name.

    Examples
    --------
    >>> byar([10, 100]).lower.round(3)
    array([ 4.787, 81.362])
    >>> byar([10, 100]).upper.round(3)
    array([ 18.391, 121.628])
    """
    x = _events(count)
    z = normal_deviate(confidence, x.ndim)
    with np.errstate(all="ignore"):
        below = 1 - 1 / (9 * x) - z / (3 * np.sqrt(x))
        # Cubes by multiplication: ** is many times slower.
        lower = np.where(below > 0, x * below * below * below, np.nan)
        lower = np.where(x == 0, 0.0, lower)
        more = x + 1
        above = 1 - 1 / (9 * more) + z / (3 * np.sqrt(more))
        upper = more * above * above * above
    return Bounds(lower, upper)


def exact_poisson(count: ArrayLike, *, confidence: ArrayLike = 0.95) -> Bounds:
    """Return the exact interval of a Poisson count, from the chi-squared distribution.

    Parameters
    ----------
    count : array_like
        Events.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.

    Returns
    -------
    Bounds
        [events]. NaN for a missing or negative count; the lower bound of no events is 0.

    Raises
    ------
    StatisticsError
        Where `count` is not numeric.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936;28:437-442. OHID,
    Fingertips public health technical guidance, chapter Rates, section "Counts of less than 10".

    Examples
    --------
    >>> exact_poisson([0, 1, 10]).upper.round(3)
    array([ 3.689,  5.572, 18.39 ])
    """
    from scipy.special import gammainccinv, gammaincinv

    x = _events(count)
    alpha = tail(confidence, x.ndim)
    # Half a chi-squared on 2k degrees of freedom is a gamma of shape k.
    lower = np.where(x == 0, 0.0, gammaincinv(x, alpha))
    return Bounds(lower, gammainccinv(x + 1, alpha))


def ohid_poisson(count: ArrayLike, *, confidence: ArrayLike = 0.95) -> Bounds:
    """Return OHID's interval of a count: exact below 10 events, Byar's from 10.

    Parameters
    ----------
    count : array_like
        Events; fractional counts follow the same rule.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.

    Returns
    -------
    Bounds
        [events]. NaN for a missing or negative count; the lower bound of no events is 0.

    Raises
    ------
    StatisticsError
        Where `count` is not numeric.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    OHID, Fingertips public health technical guidance, chapter Rates, sections "Counts of 10 or
    greater" and "Counts of less than 10".

    Examples
    --------
    >>> ohid_poisson([0, 9, 10]).lower.round(3)
    array([0.   , 4.115, 4.787])
    """
    x = _events(count)
    lower, upper = byar(x, confidence=confidence)
    small = x < BYAR_FROM
    if not small.any():
        return Bounds(lower, upper)
    # Small counts repeat, and the exact interval is dear: work each out once.
    distinct, place = np.unique(x[small], return_inverse=True)
    exact = exact_poisson(distinct, confidence=confidence)
    lower, upper = np.array(lower), np.array(upper)
    lower[..., small] = exact.lower[..., place]
    upper[..., small] = exact.upper[..., place]
    return Bounds(lower, upper)


def _events(count: ArrayLike) -> FloatArray:
    """Return the counts, NaN where one is negative."""
    (x,) = as_floats(count=count)
    negative = x < 0
    return np.where(negative, np.nan, x) if negative.any() else x
