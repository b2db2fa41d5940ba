"""Intervals of a proportion: Wilson's score and Clopper and Pearson's exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds, normal_deviate, tail

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["clopper_pearson", "wilson"]


def wilson(numerator: ArrayLike, denominator: ArrayLike, *, confidence: ArrayLike = 0.95) -> Bounds:
    """Return Wilson's score interval of a proportion.

    Fingertips, the QOF and the NDA use it. It never leaves 0 to 1 and has a width at 0% and 100%.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts [people]; they broadcast together.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.

    Returns
    -------
    Bounds
        Shares between 0 and 1; NaN where :func:`~phm_diabetes.metrics.reasons.reason_no_proportion`
        has a reason.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Notes
    -----
    The roots of (n + z²)·p² - (2x + z²)·p + x²/n = 0. The lower one is had from the product of the
    roots, which loses no digits near 0%.

    References
    ----------
    Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
    1927;22:209-212. Newcombe RG. Two-sided confidence intervals for the single proportion. Stat Med
    1998;17:857-872, method 3. OHID, Fingertips public health technical guidance, chapter
    Proportions, section "Calculation of confidence intervals for proportions".

    Examples
    --------
    >>> wilson([0, 5, 10], 10).lower.round(4)
    array([0.    , 0.2366, 0.7225])
    >>> wilson([0, 5, 10], 10, confidence=[0.95, 0.998]).upper.round(4)
    array([[0.2775, 0.7634, 1.    ],
           [0.4885, 0.8495, 1.    ]])
    """
    x, n = _counts(numerator, denominator)
    z = normal_deviate(confidence, x.ndim)
    with np.errstate(all="ignore"):
        share = x / n
        top = 2 * x + z * z
        top = top + z * np.sqrt(z * z + 4 * x * (1 - share))
        lower = np.minimum(2 * x * share / top, share)
        upper = np.minimum(np.maximum(top / (2 * (n + z * z)), share), 1)
    return Bounds(lower, upper)


def clopper_pearson(
    numerator: ArrayLike, denominator: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Bounds:
    """Return Clopper and Pearson's exact interval of a proportion.

    It holds the truth at least as often as it says, usually more often, so it is wider than
    Wilson's.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts [people]; they broadcast together.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.

    Returns
    -------
    Bounds
        Shares between 0 and 1; NaN as for :func:`wilson`.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika 1934;26:404-413; as quantiles of the beta distribution, functions ``p.L``
    and ``p.U`` inside ``binom.test`` of R's stats.

    Examples
    --------
    >>> clopper_pearson([0, 5, 10], 10).upper.round(4)
    array([0.3085, 0.8129, 1.    ])
    """
    from scipy.special import betainccinv, betaincinv

    x, n = _counts(numerator, denominator)
    alpha = tail(confidence, x.ndim)
    with np.errstate(all="ignore"):
        lower = np.where(x == 0, 0.0, betaincinv(x, n - x + 1, alpha))
        upper = np.where(x == n, 1.0, betainccinv(x + 1, n - x, alpha))
    return Bounds(lower, upper)


def _counts(numerator: ArrayLike, denominator: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as arrays of one shape, the numerator NaN where it makes no proportion."""
    x, n = as_floats(numerator=numerator, denominator=denominator)
    sound = (x >= 0) & (x <= n) & (n > 0)
    if not sound.all():
        x = np.where(sound, x, np.nan)
    return x, n
