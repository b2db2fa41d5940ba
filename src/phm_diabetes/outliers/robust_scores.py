"""How far out a unit lies among its peers, by measures that outliers themselves cannot move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["median_and_spread", "percentile_band", "robust_z", "tukey_fence"]

_MEDIAN_TO_SIGMA = 1.482602218505602  # 1 / the normal distribution's upper quartile
_MEAN_TO_SIGMA = 1.2533141373155003  # sqrt(pi / 2)


def robust_z(values: ArrayLike) -> FloatArray:
    """Return each value's distance from the median in robust standard deviations.

    Parameters
    ----------
    values : array_like
        One value per unit along the last axis; NaN counts for nothing.

    Returns
    -------
    ndarray of float64
        ``(x - median) / (1.4826 MAD)``, where MAD is the median distance from the median. Where
        more than half of the units share one value the MAD is 0, and 1.2533 mean distances are
        taken instead; where all share it, every score is 0.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Iglewicz B, Hoaglin DC. How to detect and handle outliers. ASQC; 1993, as the page "Detection of
    outliers" of the NIST/SEMATECH e-Handbook gives it.

    Examples
    --------
    >>> robust_z([1, 2, 3, 4, 100]).round(2)
    array([-1.35, -0.67,  0.  ,  0.67, 65.43])
    """
    (value,) = as_floats(values=values)
    median, spread = median_and_spread(value)
    away = value - median[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(away == 0, 0.0, away / spread[..., None])


def median_and_spread(values: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the median, and a standard deviation that outliers cannot move.

    Parameters
    ----------
    values : array_like
        One value per unit along the last axis; NaN counts for nothing.

    Returns
    -------
    tuple of ndarray of float64
        One axis less: the median, and 1.4826 median distances from it, or 1.2533 mean distances
        where more than half of the units share one value.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> median, spread = median_and_spread([1, 2, 3, 4, 100])
    >>> float(median), float(spread.round(4))
    (3.0, 1.4826)
    """
    (value,) = as_floats(values=values)
    median = _quantiles(value, 0.5)
    far = np.abs(value - median[..., None])
    known = ~np.isnan(far)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = _MEDIAN_TO_SIGMA * _quantiles(far, 0.5)
        mean = np.where(known, far, 0.0).sum(-1) / known.sum(-1)
        return median, np.where(spread > 0, spread, _MEAN_TO_SIGMA * mean)


def tukey_fence(values: ArrayLike, *, reach: float = 1.5) -> Bounds:
    """Return the fences beyond the quartiles.

    Parameters
    ----------
    values : array_like
        One value per unit along the last axis; NaN counts for nothing.
    reach : float
        Interquartile ranges beyond the quartiles: 1.5 for outside, 3 for far out.

    Returns
    -------
    Bounds
        One axis less. Quartiles are interpolated linearly (type 7), which for small sets differ a
        little from Tukey's hinges.

    Raises
    ------
    OptionError
        Where the reach is negative.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Tukey JW. Exploratory data analysis. Addison-Wesley; 1977, p. 44.

    Examples
    --------
    >>> fences = tukey_fence([1, 2, 3, 4, 100])
    >>> float(fences.lower), float(fences.upper)
    (-1.0, 7.0)
    """
    if reach < 0:
        message = f"reach is {reach!r}. Pass interquartile ranges, 0 or more: 1.5 by custom."
        raise OptionError(message)
    (value,) = as_floats(values=values)
    first, third = _quantiles(value, 0.25), _quantiles(value, 0.75)
    return Bounds(first - reach * (third - first), third + reach * (third - first))


def percentile_band(values: ArrayLike, *, share: float = 0.9) -> Bounds:
    """Return the band that holds the middle share of the units.

    Parameters
    ----------
    values : array_like
        One value per unit along the last axis; NaN counts for nothing.
    share : float
        Share of units inside, between 0 and 1: 0.9 runs from the 5th to the 95th percentile. By
        its nature a tenth of units lie outside, whether or not anything is unusual.

    Returns
    -------
    Bounds
        One axis less; percentiles are interpolated linearly (type 7).

    Raises
    ------
    OptionError
        Where the share does not lie between 0 and 1.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Hyndman RJ, Fan Y. Sample quantiles in statistical packages. American Statistician
    1996;50:361-365, definition 7.

    Examples
    --------
    >>> band = percentile_band(range(101), share=0.8)
    >>> float(band.lower.round(6)), float(band.upper.round(6))
    (10.0, 90.0)
    """
    if not 0 < share < 1:
        message = f"share is {share!r}. Pass the share of units inside, such as 0.9 for 90%."
        raise OptionError(message)
    (value,) = as_floats(values=values)
    return Bounds(_quantiles(value, (1 - share) / 2), _quantiles(value, (1 + share) / 2))


def _quantiles(values: FloatArray, share: float) -> FloatArray:
    """Return a quantile of the known values along the last axis, NaN where none is known."""
    ordered = np.sort(values, axis=-1)  # missing values go last
    known = (~np.isnan(values)).sum(-1)
    place = np.maximum(share * (known - 1), 0)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    low = np.take_along_axis(ordered, below[..., None], -1)[..., 0]
    high = np.take_along_axis(ordered, above[..., None], -1)[..., 0]
    # Equal neighbours give themselves exactly, infinite ones too.
    with np.errstate(invalid="ignore"):
        return np.where(low == high, low, low + (place - below) * (high - low))
