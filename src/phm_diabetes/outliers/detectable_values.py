"""The smallest true difference each unit could have shown, so that similar is not read as fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds, normal_deviate, tail
from phm_diabetes.outliers.adjusted_funnel import adjusted_error, adjusted_limits
from phm_diabetes.outliers.funnel_limits import proportion_limits, rate_limits
from phm_diabetes.outliers.funnel_tails import proportion_tails, rate_tails
from phm_diabetes.outliers.scales import from_scale, standard_error, to_scale

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.overdispersion import Overdispersion

__all__ = ["detectable_adjusted", "detectable_proportion", "detectable_rate"]

_LEAST_POWER = 0.5


def detectable_proportion(
    denominator: ArrayLike,
    *,
    centre: ArrayLike,
    confidence: ArrayLike = 0.95,
    power: float = 0.8,
) -> Bounds:
    """Return the true proportions nearest the centre that each unit would probably have shown.

    Parameters
    ----------
    denominator : array_like
        People, one element per unit.
    centre : array_like
        The comparator's proportion, between 0 and 1.
    confidence : float or sequence of float
        Two-sided confidence of the exact limits; several give a leading axis.
    power : float
        Probability of being flagged, from 0.5 to below 1.

    Returns
    -------
    Bounds
        [share, 0 to 1]. A unit whose true proportion lies between them would have been flagged
        less often than `power`: that it is not flagged says little. NaN where no count at all
        would be flagged on that side.

    Raises
    ------
    OptionError
        Where the centre, the confidence or the power is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    Notes
    -----
    With ``k`` the count nearest the centre that is flagged, the upper true proportion solves
    ``P(X >= k) = power``: the inverse of the incomplete beta function, no normal approximation.

    Examples
    --------
    >>> found = detectable_proportion([100, 10000], centre=0.07)
    >>> found.lower.round(3), found.upper.round(3)
    (array([0.008, 0.063]), array([0.156, 0.077]))
    """
    from scipy.special import betaincinv

    chance = _checked(power)
    n, p = as_floats(denominator=denominator, centre=centre)
    low, high = proportion_limits(n, centre=p, confidence=confidence)
    alpha = tail(confidence, max(n.ndim, p.ndim))
    least = _flagged_low(low * n, alpha, lambda x: proportion_tails(x, n, centre=p).lower)
    with np.errstate(invalid="ignore"):
        most = _flagged_high(high * n, alpha, lambda x: proportion_tails(x, n, centre=p).upper)
        lower = np.asarray(1 - betaincinv(n - least, least + 1, chance), dtype=np.float64)
        upper = np.asarray(betaincinv(most, n - most + 1, chance), dtype=np.float64)
    return Bounds(lower, upper)


def detectable_rate(
    denominator: ArrayLike,
    *,
    centre: ArrayLike,
    confidence: ArrayLike = 0.95,
    power: float = 0.8,
) -> Bounds:
    """Return the true rates nearest the centre that each unit would probably have shown.

    Parameters
    ----------
    denominator : array_like
        Person-years, people or, for a ratio of observed to expected, the expected events.
    centre : array_like
        The comparator's rate per unit of denominator; 1 for a ratio of observed to expected.
    confidence : float or sequence of float
        Two-sided confidence of the exact limits; several give a leading axis.
    power : float
        Probability of being flagged, from 0.5 to below 1.

    Returns
    -------
    Bounds
        [events per unit of denominator]; read as for :func:`detectable_proportion`.

    Raises
    ------
    OptionError
        Where the centre, the confidence or the power is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> found = detectable_rate([3, 300], centre=1)
    >>> found.lower.round(3), found.upper.round(3)
    (array([  nan, 0.844]), array([3.411, 1.168]))
    """
    from scipy.special import gammainccinv, gammaincinv

    chance = _checked(power)
    size, rate = as_floats(denominator=denominator, centre=centre)
    low, high = rate_limits(size, centre=rate, confidence=confidence)
    alpha = tail(confidence, max(size.ndim, rate.ndim))
    with np.errstate(invalid="ignore"):
        least = _flagged_low(low * size, alpha, lambda x: rate_tails(x, size, centre=rate).lower)
        most = _flagged_high(high * size, alpha, lambda x: rate_tails(x, size, centre=rate).upper)
        lower = gammainccinv(least + 1, chance) / size
        upper = gammaincinv(most, chance) / size
    return Bounds(lower, upper)


def detectable_adjusted(
    denominator: ArrayLike,
    *,
    overdispersion: Overdispersion,
    centre: ArrayLike,
    confidence: ArrayLike = 0.95,
    power: float = 0.8,
) -> Bounds:
    """Return the true values nearest the centre that a funnel widened by over-dispersion shows.

    Parameters
    ----------
    denominator : array_like
        People, person-years or expected events, one element per unit.
    overdispersion : Overdispersion
        What the reference set showed.
    centre : array_like
        The comparator's value.
    confidence : float or sequence of float
        Two-sided confidence of the limits; several give a leading axis.
    power : float
        Probability of being flagged, from 0.5 to below 1.

    Returns
    -------
    Bounds
        On the scale of the values; NaN where no value could be flagged with that probability.

    Raises
    ------
    OptionError
        Where the centre, the confidence or the power is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    Notes
    -----
    The widened limit, and beyond it the normal deviate of the power times the unit's standard error
    by chance alone: one unit's own true value does not vary.

    Examples
    --------
    >>> from phm_diabetes.outliers.overdispersion import SHMI, Overdispersion
    >>> found = Overdispersion(
    ...     recipe=SHMI, reference="all trusts", kind="rate", centre=1.0,
    ...     phi=4.0, tau2=0.03, n_units=54, n_kept=43, n_zero=0,
    ... )
    >>> detectable_adjusted([100, 10000], overdispersion=found, centre=1).upper.round(2)
    array([1.61, 1.42])
    """
    from scipy.special import ndtri

    beyond = ndtri(_checked(power))
    kind, scale = overdispersion.kind, overdispersion.recipe.scale
    size, middle = as_floats(denominator=denominator, centre=centre)
    widened = adjusted_error(size, overdispersion=overdispersion, centre=middle)
    by_chance = standard_error(size, centre=middle, kind=kind, scale=scale)
    z = normal_deviate(confidence, widened.ndim)
    reach = z * widened + beyond * by_chance
    low, high = to_scale(middle, scale) - reach, to_scale(middle, scale) + reach
    limits = adjusted_limits(
        size, overdispersion=overdispersion, centre=middle, confidence=confidence
    )
    highest = to_scale(1.0, scale) if kind == "proportion" else np.inf
    lowest = -np.inf if scale == "log" else 0.0
    with np.errstate(invalid="ignore"):
        lower = np.where((low > lowest) & (limits.lower > 0), from_scale(low, scale), np.nan)
        return Bounds(lower, np.where(high < highest, from_scale(high, scale), np.nan))


def _flagged_low(
    limit: FloatArray, alpha: FloatArray, tail_of: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Return the largest whole count whose lower tail is below alpha, NaN where there is none."""
    return _nearest_flagged([np.ceil(limit) + step for step in (-2, -1, 0)], alpha, tail_of)


def _flagged_high(
    limit: FloatArray, alpha: FloatArray, tail_of: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Return the smallest whole count whose upper tail is below alpha, NaN where there is none."""
    return _nearest_flagged([np.floor(limit) + step for step in (2, 1, 0)], alpha, tail_of)


def _nearest_flagged(
    counts: list[FloatArray], alpha: FloatArray, tail_of: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Return the last count whose tail is below alpha.

    A limit is exact but for rounding, so the count on its other side is asked as well. A count that
    cannot be (below zero, above all) has no tail.
    """
    found = np.full(np.shape(counts[0]), np.nan)
    for count in counts:
        found = np.where(tail_of(count) < alpha, count, found)
    return found


def _checked(power: float) -> FloatArray:
    if not _LEAST_POWER <= power < 1:
        message = f"power is {power!r}. Pass the chance of being flagged, from 0.5 to below 1."
        raise OptionError(message)
    return np.asarray(power, dtype=np.float64)
