"""Of the units flagged among many, how many could be false: p-values adjusted for how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.arrays import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["benjamini_hochberg", "benjamini_yekutieli"]


def benjamini_hochberg(p_values: ArrayLike) -> FloatArray:
    """Return p-values adjusted so that flagging those up to q keeps false discoveries to q.

    Parameters
    ----------
    p_values : array_like
        Two-sided p-values of one family: all units, and all measures if several are read together.
        NaN counts for nothing.

    Returns
    -------
    ndarray of float64
        Of the shape of `p_values`, never below them. Flag those at or below 0.05, and of the flags
        no more than 5% are expected to be false. Holds for p-values that are independent, or rise
        and fall together; exact tests of small counts make it cautious.

    Raises
    ------
    StatisticsError
        Where a p-value lies outside 0 to 1, or is not numeric.

    References
    ----------
    Benjamini Y, Hochberg Y. Controlling the false discovery rate. JRSS B 1995;57:289-300 (equation
    1 by our own record), as function ``p.adjust`` of R's stats computes it.

    Examples
    --------
    >>> benjamini_hochberg([0.001, 0.02, 0.03, 0.5]).round(3)
    array([0.004, 0.04 , 0.04 , 0.5  ])
    """
    return _step_up(p_values, dependent=False)


def benjamini_yekutieli(p_values: ArrayLike) -> FloatArray:
    """Return p-values adjusted as by Benjamini and Hochberg, whatever their dependence.

    Parameters
    ----------
    p_values : array_like
        Two-sided p-values of one family; NaN counts for nothing.

    Returns
    -------
    ndarray of float64
        Of the shape of `p_values`: those of Benjamini and Hochberg times ``1 + 1/2 + … + 1/m``, at
        most 1.

    Raises
    ------
    StatisticsError
        Where a p-value lies outside 0 to 1, or is not numeric.

    References
    ----------
    Benjamini Y, Yekutieli D. The control of the false discovery rate in multiple testing under
    dependency. Annals of Statistics 2001;29:1165-1188, theorem 1.3.

    Examples
    --------
    >>> benjamini_yekutieli([0.001, 0.02, 0.03, 0.5]).round(3)
    array([0.008, 0.083, 0.083, 1.   ])
    """
    return _step_up(p_values, dependent=True)


def _step_up(p_values: ArrayLike, *, dependent: bool) -> FloatArray:
    (p,) = as_floats(p_values=p_values)
    if bool(np.any((p < 0) | (p > 1))):
        message = "p_values holds a number outside 0 to 1. Pass probabilities, NaN where missing."
        raise StatisticsError(message)
    adjusted = np.full(p.size, np.nan)
    known = np.flatnonzero(~np.isnan(p.ravel()))
    order = known[np.argsort(p.ravel()[known], kind="stable")]
    rank = np.arange(1, order.size + 1)
    price = np.sum(1 / rank) if dependent else 1.0
    stepped = p.ravel()[order] * (price * (order.size / rank))
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(stepped[::-1])[::-1])
    return adjusted.reshape(p.shape)
