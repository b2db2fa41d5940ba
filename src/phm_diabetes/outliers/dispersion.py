"""How much wider than chance the units' scores spread, outliers held in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError, StatisticsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["dispersion_ratio", "trim", "winsorise"]


def winsorise(scores: ArrayLike, *, share: float = 0.1) -> FloatArray:
    """Return scores with those beyond a low and a high quantile pulled in to it.

    Parameters
    ----------
    scores : array_like
        One element per unit; NaN stays NaN and counts for nothing.
    share : float
        Share of the units at each end, from 0 to below 0.5.

    Returns
    -------
    ndarray of float64
        A new array. The quantiles are interpolated linearly (type 7 of Hyndman and Fan 1996).

    Raises
    ------
    OptionError
        Where the share is none that the function takes.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, equations 6 and 8. Spiegelhalter DJ. Handling over-dispersion of performance
    indicators. Quality and Safety in Health Care 2005;14:347-351.

    Examples
    --------
    >>> winsorise([-9, -1, 0, 1, 9], share=0.25)
    array([-1., -1.,  0.,  1.,  1.])
    """
    z = _scores(scores, share)
    known = z[~np.isnan(z)]
    if known.size == 0:
        return z.copy()
    low, high = np.quantile(known, [share, 1 - share])
    return np.clip(z, low, high)


def trim(scores: ArrayLike, *, share: float = 0.1) -> FloatArray:
    """Return scores with the lowest and the highest left out, by the ranks of the SHMI.

    Parameters
    ----------
    scores : array_like
        One element per unit; NaN stays NaN and counts for nothing.
    share : float
        Share of the units at each end, from 0 to below 0.5.

    Returns
    -------
    ndarray of float64
        A new array, NaN where a unit is left out. Of ``n`` units those in the first and the last of
        ``1 / share`` groups go: ``floor(rank / share / (n + 1))``, ties sharing their mean rank.

    Raises
    ------
    OptionError
        Where the share is none that the function takes.

    References
    ----------
    NHS England. Summary Hospital-level Mortality Indicator: methodology specification, appendix on
    over-dispersed control limits, as function ``truncation`` of FunnelPlotR computes it.

    Examples
    --------
    >>> trim([-9, -1, 0, 1, 9], share=0.25)
    array([nan, -1.,  0.,  1., nan])
    """
    z = _scores(scores, share)
    if share == 0:
        return z.copy()
    known = ~np.isnan(z)
    _, place, size = np.unique(z[known], return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - (size - 1) / 2)[place]
    groups = 1 / share
    group = np.floor(rank * groups / (known.sum() + 1))
    kept = np.full(z.shape, np.nan)
    kept[known] = np.where((group > 0) & (group < groups - 1), z[known], np.nan)
    return kept


def dispersion_ratio(scores: ArrayLike) -> float:
    """Return the mean square of the scores, φ: 1 where the units differ by chance alone.

    Parameters
    ----------
    scores : array_like
        Standard scores about the centre, winsorised or trimmed; NaN counts for nothing.

    Returns
    -------
    float
        φ, unrounded and not held at 1 or above: a limit is never drawn closer by it, but that is
        for whoever draws the limit.

    Raises
    ------
    StatisticsError
        Where no score is left, or one is infinite.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, equations 6 and 8. Spiegelhalter DJ. Handling over-dispersion of performance
    indicators. Quality and Safety in Health Care 2005;14:347-351.

    Examples
    --------
    >>> dispersion_ratio([-2, 0, 2, float("nan")])
    2.6666666666666665
    """
    z = np.asarray(scores, dtype=np.float64)
    known = z[~np.isnan(z)]
    if known.size == 0 or not bool(np.isfinite(known).all()):
        message = (
            "No dispersion: no unit has a score, or one unit's is infinite because the centre "
            "leaves no room for it. Check the centre, or leave such units out."
        )
        raise StatisticsError(message)
    return float(np.mean(np.square(known)))


def _scores(scores: ArrayLike, share: float) -> FloatArray:
    most = 0.5
    if not 0 <= share < most:
        message = f"share is {share!r}. It is a share of each end: pass 0.1 for 10%, below 0.5."
        raise OptionError(message)
    return np.asarray(scores, dtype=np.float64)
