"""Counts that chance alone would give: drawn under a null, and published as the real ones are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.scales import Kind

__all__ = ["Publishing", "drawn_counts", "latent_deviates"]

_REACH = 10
"""Standard deviations above the mean of a Poisson count beyond which nothing is drawn."""


def latent_deviates(
    random: np.random.Generator,
    shape: tuple[int, int, int],
    *,
    groups: ArrayLike,
    correlation: float,
) -> FloatArray:
    """Return normal deviates that are correlated between the measures of one group.

    Parameters
    ----------
    random
        Source of randomness.
    shape
        Simulations, units and measures.
    groups
        Group of each measure; measures of different groups are independent.
    correlation
        Between any two measures of a group, from 0 to 1: at 1 the same people miss all of them.

    Returns
    -------
    ndarray of float64, of that shape

    Examples
    --------
    >>> z = latent_deviates(np.random.default_rng(0), (4, 2, 3), groups=[0, 0, 1], correlation=1)
    >>> bool((z[..., 0] == z[..., 1]).all()), bool((z[..., 0] == z[..., 2]).any())
    (True, False)
    """
    labels = np.asarray(groups)
    own = random.standard_normal(shape)
    common = random.standard_normal((*shape[:2], len(np.unique(labels))))
    spot = np.searchsorted(np.unique(labels), labels)
    deviates: FloatArray = np.sqrt(correlation) * common[..., spot] + np.sqrt(1 - correlation) * own
    return deviates


def drawn_counts(
    deviates: FloatArray,
    denominator: FloatArray,
    true_value: FloatArray,
    *,
    kind: Kind,
    whole: bool = True,
) -> FloatArray:
    """Return counts of one measure: the quantiles that normal deviates stand for.

    Parameters
    ----------
    deviates
        Shape ``(simulations, units)``.
    denominator
        Shape ``(units,)``; NaN gives NaN.
    true_value
        Proportion, or events per unit of the denominator, shape ``(units,)`` or that of
        `deviates`.
    kind
        ``"proportion"`` for binomial counts, ``"rate"`` for Poisson.
    whole
        ``False`` for the normal approximation, whose counts are not whole.

    Returns
    -------
    ndarray of float64, shape (simulations, units)

    Notes
    -----
    The same deviates give rising counts of rising true values, so that measures with correlated
    deviates have correlated counts (a Gaussian copula).

    Examples
    --------
    >>> z = np.array([[-8.0, 0.0, 8.0]])
    >>> drawn_counts(z, np.full(3, 10.0), np.full(3, 0.5), kind="proportion").tolist()
    [[0.0, 5.0, 10.0]]
    """
    size = np.where(denominator > 0, denominator, np.nan)
    mean = size * true_value
    if not whole or true_value.ndim > 1:
        variance = mean * (1 - true_value) if kind == "proportion" else mean
        drawn = mean + np.sqrt(np.maximum(variance, 0)) * deviates
        if not whole:
            return drawn
        top = size if kind == "proportion" else np.inf
        rounded: FloatArray = np.clip(np.rint(drawn), 0, top)
        return rounded
    from scipy.special import bdtr, ndtr, pdtr

    chance = ndtr(deviates)
    found = np.full(deviates.shape, np.nan)
    for unit in np.flatnonzero(np.isfinite(mean)):
        people, expected = size[unit], mean[unit]
        if kind == "proportion":
            counts = np.arange(int(np.rint(people)) + 1)
            below = bdtr(counts, int(np.rint(people)), true_value[unit])
        else:
            counts = np.arange(int(expected + _REACH * np.sqrt(expected) + _REACH) + 1)
            below = pdtr(counts, expected)
        spot = np.searchsorted(below, chance[:, unit], side="left")
        found[:, unit] = np.minimum(spot, len(counts) - 1)
    return found


@frozen(kw_only=True, eq=False)
class Publishing:
    """How one measure's counts were published: rounded to a multiple, small ones as one.

    Parameters
    ----------
    to
        Multiple; 1 for exact counts.
    small
        Least and most of what is published as that multiple, or hidden; ``None`` for neither.
    hides
        Whether small counts are hidden rather than published as the multiple.

    Examples
    --------
    >>> Publishing(to=5, small=(1, 7), hides=False).published(np.array([0.0, 3.0, 12.0])).tolist()
    [0.0, 5.0, 10.0]
    """

    to: int
    small: tuple[int, int] | None
    hides: bool

    @classmethod
    def of(cls, value: FloatArray, low: FloatArray, high: FloatArray) -> Publishing:
        """Return what the ranges of published counts show.

        Parameters
        ----------
        value, low, high
            Published counts, NaN where hidden, and their hard bounds.
        """
        hidden = np.isnan(value) & np.isfinite(high)
        ranged = np.isfinite(value) & (high > low)
        if hidden.any():
            least, most = int(np.min(low[hidden])), int(np.max(high[hidden]))
            small: tuple[int, int] | None = (least, most)
        else:
            small = None
        if not ranged.any():
            return cls(to=1, small=small, hides=small is not None)
        to = int(np.gcd.reduce(value[ranged].astype(np.int64)))
        if small is None and (ranged & (value == to)).any():
            first = np.flatnonzero(ranged & (value == to))[0]
            small = (int(low[first]), int(high[first]))
        return cls(to=max(to, 1), small=small, hides=bool(hidden.any()))

    def published(self, counts: FloatArray) -> FloatArray:
        """Return counts as they would be published; NaN where hidden."""
        rounded: FloatArray = self.to * np.floor(counts / self.to + 0.5)
        if self.small is None:
            return rounded
        least, most = self.small
        inside = (counts >= least) & (counts <= most)
        return np.where(inside, np.nan if self.hides else float(self.to), rounded)
