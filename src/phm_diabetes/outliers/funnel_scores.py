"""How many standard errors from the centre a unit lies, and on which side of the limits that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import normal_deviate
from phm_diabetes.outliers.funnel_limits import funnel_inputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["proportion_scores", "sides_of_scores"]


def proportion_scores(
    numerator: ArrayLike, denominator: ArrayLike, *, centre: ArrayLike
) -> FloatArray:
    """Return how many standard errors, by chance alone, each proportion lies from the centre.

    Parameters
    ----------
    numerator, denominator : array_like
        People, one element per unit.
    centre : array_like
        The comparator's proportion, between 0 and 1.

    Returns
    -------
    ndarray of float64
        ``(x/n - p) / sqrt(p (1 - p) / n)``; infinite where the centre leaves no room; NaN where a
        count is missing or negative, the denominator is zero or the numerator is above it.

    Raises
    ------
    OptionError
        Where the centre lies outside 0 to 1.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, equation 4. PHE, Technical guide: funnel plots; 2017, as functions
    ``sigma_adjustment`` and ``funnel_ratio_significance`` of PHEindicatormethods compute it.

    Examples
    --------
    >>> proportion_scores([0, 5, 10], 10, centre=0.5).round(3)
    array([-3.162,  0.   ,  3.162])
    """
    n, p = funnel_inputs(denominator, centre, highest_centre=1.0)
    (x,) = as_floats(numerator=numerator)
    away = np.where((x >= 0) & (x <= n), x - n * p, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = away / np.sqrt(n * p * (1 - p))
    return np.where(away == 0, 0.0, score)  # also where the centre leaves no room


def sides_of_scores(scores: ArrayLike, *, confidence: ArrayLike = 0.95) -> NDArray[np.int8]:
    """Return on which side of the limits each score lies, without the probabilities behind it.

    Parameters
    ----------
    scores : array_like of float64
        Standard normal deviates, positive for high.
    confidence : float or sequence of float
        Two-sided confidence of the limits; several give a leading axis.

    Returns
    -------
    ndarray of int8
        As :func:`~phm_diabetes.outliers.funnel_tails.significance` has them: -1 below the lower
        limit, 1 above the upper, 0 within or not known.

    Raises
    ------
    OptionError
        Where a confidence does not lie between 0 and 1.

    Examples
    --------
    >>> sides_of_scores(proportion_scores([0, 5, 10], 10, centre=0.5), confidence=[0.95, 0.998])
    array([[-1,  0,  1],
           [-1,  0,  1]], dtype=int8)
    """
    z = np.asarray(scores, dtype=np.float64)
    limit = normal_deviate(confidence, z.ndim)
    # A missing score is beyond nothing.
    return (z > limit).astype(np.int8) - (z < -limit).astype(np.int8)
