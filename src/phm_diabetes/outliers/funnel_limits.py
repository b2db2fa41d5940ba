"""Limits of a funnel: how far from the centre a unit of each size falls by chance alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds, normal_deviate, tail

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

    FunnelMethod: TypeAlias = Literal["exact", "ohid"]

__all__ = ["FUNNEL_METHODS", "funnel_inputs", "proportion_limits", "rate_limits"]

FUNNEL_METHODS = ("exact", "ohid")
"""Ways to set the limits of a funnel."""


def funnel_inputs(
    denominator: ArrayLike, centre: ArrayLike, *, highest_centre: float
) -> tuple[FloatArray, FloatArray]:
    """Return denominator and centre as arrays, NaN where a denominator can hold nobody.

    Parameters
    ----------
    denominator : array_like
        People, person-years or expected events.
    centre : array_like
        The comparator's value.
    highest_centre : float
        1 for a proportion, infinity for a rate.

    Returns
    -------
    tuple of ndarray of float64
        Denominator, NaN where it is missing, zero, negative or infinite; and centre.

    Raises
    ------
    OptionError
        Where a centre lies outside 0 to `highest_centre`.
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> funnel_inputs([10, 0], 0.5, highest_centre=1.0)
    (array([10., nan]), array(0.5))
    """
    size, middle = as_floats(denominator=denominator, centre=centre)
    if bool(np.any((middle < 0) | (middle > highest_centre))):
        message = (
            f"centre lies outside 0 to {highest_centre:g}. It is the comparator's value on the "
            "scale of numerator / denominator: pass 0.07 for 7%, 0.002 for 2 per 1,000."
        )
        raise OptionError(message)
    return np.where((size > 0) & (size < np.inf), size, np.nan), middle


def proportion_limits(
    denominator: ArrayLike,
    *,
    centre: ArrayLike,
    confidence: ArrayLike = 0.95,
    method: FunnelMethod = "exact",
) -> Bounds:
    """Return the limits within which chance alone would keep a proportion.

    Parameters
    ----------
    denominator : array_like
        People, one element per unit.
    centre : array_like
        The comparator's proportion, between 0 and 1.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis. OHID draws 0.95 and 0.998.
    method : {"exact", "ohid"}
        ``"exact"`` inverts the two binomial tails, so that each tail holds at most half of
        ``1 - confidence``. ``"ohid"`` is ``p ± z sqrt(p (1 - p) / n)``, which OHID derives from
        Wilson's interval.

    Returns
    -------
    Bounds
        [share, 0 to 1]. A unit strictly outside them is flagged by
        :func:`~phm_diabetes.outliers.funnel_tails.significance` at that confidence. NaN where the
        denominator is missing or not above zero. The lower limit is 0 where even a count of none
        could be chance, the upper 1 where a count of all could.

    Raises
    ------
    OptionError
        Where the centre, the confidence or the method is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, section 2 for 95 and 99.8%, appendix A.1.1 for the exact lines, equation 3
    for the normal ones. PHE, Technical guide: funnel plots; 2017, as functions ``sigma_adjustment``
    and ``funnel_ratio_significance`` of PHEindicatormethods compute it. Spiegelhalter interpolates
    the binomial quantile: his upper limit lies up to one event lower and flags 1 of 1 at 99.8%
    where the chance of it is a third.

    Examples
    --------
    >>> limits = proportion_limits([20, 2000], centre=0.5, confidence=0.95)
    >>> limits.lower.round(3), limits.upper.round(3)
    (array([0.258, 0.478]), array([0.742, 0.522]))
    >>> proportion_limits([20, 2000], centre=0.5, confidence=0.95, method="ohid").lower.round(3)
    array([0.281, 0.478])
    """
    n, p = funnel_inputs(denominator, centre, highest_centre=1.0)
    if method == "ohid":
        z = normal_deviate(confidence, max(n.ndim, p.ndim))
        reach = z * np.sqrt(p * (1 - p) / n)
        return Bounds(np.clip(p - reach, 0, 1), np.clip(p + reach, 0, 1))
    if method != "exact":
        message = f"method is {method!r}. Pass one of {', '.join(FUNNEL_METHODS)}."
        raise OptionError(message)
    alpha = tail(confidence, max(n.ndim, p.ndim))
    lower = _binomial_count(alpha, n, p)
    # Those without are binomial too: their lower limit mirrors the upper limit of those with.
    return Bounds(lower / n, 1 - _binomial_count(alpha, n, 1 - p) / n)


def rate_limits(
    denominator: ArrayLike, *, centre: ArrayLike, confidence: ArrayLike = 0.95
) -> Bounds:
    """Return the limits within which chance alone would keep a rate, or an observed/expected ratio.

    Parameters
    ----------
    denominator : array_like
        Person-years, people or, for a ratio of observed to expected, the expected events.
    centre : array_like
        The comparator's rate per unit of denominator; 1 for a ratio of observed to expected.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.

    Returns
    -------
    Bounds
        [events per unit of denominator]. The exact Poisson limits, which OHID draws as well. NaN
        where the denominator is missing or not above zero. The lower limit is 0 where no event at
        all could be chance.

    Raises
    ------
    OptionError
        Where a centre is negative or a confidence does not lie between 0 and 1.
    StatisticsError
        Where an argument is not numeric.

    Notes
    -----
    At the limit, the centre is the end of the count's own exact interval: ``E`` expected events lie
    at half the chi-squared quantile of ``2 (O + 1)`` (lower limit) or ``2 O`` (upper limit) degrees
    of freedom, where ``O`` is the count on the limit.

    A ratio of two counts that both vary by chance is no rate: given their sum, the first is
    binomial, so use :func:`proportion_limits` with their sum as the denominator and
    ``ratio / (1 + ratio)`` as the centre.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, appendix A.2.1. PHE, Technical guide: funnel plots; 2017, as functions
    ``sigma_adjustment`` and ``funnel_ratio_significance`` of PHEindicatormethods compute it.

    Examples
    --------
    >>> limits = rate_limits([5, 500], centre=1, confidence=0.95)
    >>> limits.lower.round(3), limits.upper.round(3)
    (array([0.135, 0.912]), array([2.059, 1.09 ]))
    """
    from scipy.special import pdtrik

    size, rate = funnel_inputs(denominator, centre, highest_centre=np.inf)
    expected = rate * size
    alpha = tail(confidence, expected.ndim)
    with np.errstate(invalid="ignore"):
        below = np.where(np.exp(-expected) >= alpha, 0.0, pdtrik(alpha, expected))
        # At least O events leave fewer than O: the quantile is one event short of the limit.
        above = np.where(expected == 0, 0.0, 1 + pdtrik(1 - alpha, expected))
    missing = np.where(np.isnan(expected), np.nan, 0.0)
    return Bounds((below + missing) / size, (above + missing) / size)


def _binomial_count(alpha: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    """Return the count, between integers too, at which the lower tail of the binomial is alpha."""
    from scipy.special import bdtrik, xlog1py

    with np.errstate(invalid="ignore", divide="ignore"):
        none_may_be_chance = np.exp(xlog1py(n, -p)) >= alpha
        count = np.where(none_may_be_chance, 0.0, bdtrik(alpha, n, np.minimum(p, 1 - 1e-16)))
    count = np.where(p == 1, n, count)
    missing = np.where(np.isnan(n) | np.isnan(p), np.nan, 0.0)
    return np.clip(count, 0, n) + missing
