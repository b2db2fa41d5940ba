"""How much of the difference between units is real: the variance of their true values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds, tail

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["Heterogeneity", "between_variance", "dersimonian_laird", "q_profile"]


@frozen(kw_only=True)
class Heterogeneity:
    """What DerSimonian and Laird's method says of a set of units.

    Parameters
    ----------
    n_units
        Units that had a value.
    q
        Cochran's Q: squared distances from the centre, in sampling variances.
    tau2
        Variance of the units' true values, 0 or more.
    i_squared
        Share of the spread that is not chance, 0 to 1.
    mean
        Mean of the units' true values, each weighted by its whole variance.
    standard_error
        Standard error of `mean`.

    Examples
    --------
    >>> dersimonian_laird([0.1, 0.3, 0.5], [0.01, 0.01, 0.01]).i_squared
    0.75
    """

    n_units: int
    q: float
    tau2: float
    i_squared: float
    mean: float
    standard_error: float


def between_variance(q: float, variances: ArrayLike) -> float:
    """Return the between-unit variance τ² that Cochran's Q leaves over chance.

    Parameters
    ----------
    q : float
        Sum of squared distances from the centre, each over its sampling variance.
    variances : array_like
        Sampling variances of the units that went into `q`.

    Returns
    -------
    float
        ``(q - (I - 1)) / (Σw - Σw² / Σw)`` with ``w = 1 / variance``, 0 where that is negative or
        there is one unit only.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    DerSimonian R, Laird N. Meta-analysis in clinical trials. Controlled Clinical Trials
    1986;7:177-188; equation 6 of DerSimonian R, Kacker R. Contemporary Clinical Trials
    2007;28:105-114, with weights 1/s².

    Examples
    --------
    >>> round(between_variance(8, [0.01, 0.01, 0.01]), 9)
    0.03
    """
    (variance,) = as_floats(variances=variances)
    weight = 1 / variance
    room = weight.sum() - np.square(weight).sum() / weight.sum()
    return max(0.0, float((q - (variance.size - 1)) / room)) if variance.size > 1 else 0.0


def dersimonian_laird(
    values: ArrayLike, variances: ArrayLike, *, centre: float | None = None
) -> Heterogeneity:
    """Return the variance of units' true values by DerSimonian and Laird's method of moments.

    Parameters
    ----------
    values : array_like
        One value per unit.
    variances : array_like
        Sampling variance of each, above zero.
    centre : float, optional
        Value from which distances are taken; the inverse-variance mean when not given.

    Returns
    -------
    Heterogeneity
        Units with a missing value, or no variance above zero, count for nothing.

    Raises
    ------
    StatisticsError
        Where fewer than two units have a value, or an argument is not numeric.

    References
    ----------
    DerSimonian R, Laird N. Meta-analysis in clinical trials. Controlled Clinical Trials
    1986;7:177-188; equation 6 of DerSimonian R, Kacker R. Contemporary Clinical Trials
    2007;28:105-114, with weights 1/s². Higgins JPT, Thompson SG. Quantifying heterogeneity in a
    meta-analysis. Statistics in Medicine 2002;21:1539-1558, for I², as function ``rma.uni`` of R's
    metafor computes it.

    Examples
    --------
    >>> round(dersimonian_laird([0.1, 0.3, 0.5], [0.01, 0.01, 0.01]).tau2, 9)
    0.03
    """
    value, variance = _known(values, variances)
    weight = 1 / variance
    middle = float(np.average(value, weights=weight)) if centre is None else centre
    q = float((weight * np.square(value - middle)).sum())
    tau2 = between_variance(q, variance)
    whole = 1 / (variance + tau2)
    freedom = value.size - 1
    return Heterogeneity(
        n_units=value.size,
        q=q,
        tau2=tau2,
        i_squared=max(0.0, (q - freedom) / q) if q > 0 else 0.0,
        mean=float(np.average(value, weights=whole)),
        standard_error=float(1 / np.sqrt(whole.sum())),
    )


def q_profile(values: ArrayLike, variances: ArrayLike, *, confidence: float = 0.95) -> Bounds:
    """Return the interval of the between-unit variance τ² by the Q-profile method.

    Parameters
    ----------
    values : array_like
        One value per unit.
    variances : array_like
        Sampling variance of each, above zero.
    confidence : float
        Two-sided confidence.

    Returns
    -------
    Bounds
        τ², 0 or more, to a relative 1e-12. Both are 0 where the units lie closer together than
        chance alone would leave them.

    Raises
    ------
    OptionError
        Where the confidence does not lie between 0 and 1.
    StatisticsError
        Where fewer than two units have a value, or an argument is not numeric.

    References
    ----------
    Viechtbauer W. Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics
    in Medicine 2007;26:37-52, as function ``confint.rma.uni`` of R's metafor computes it; its table
    II, p. 44, has an example.

    Examples
    --------
    >>> bounds = q_profile([0.1, 0.3, 0.5], [0.01, 0.01, 0.01])
    >>> float(bounds.lower.round(4)), float(bounds.upper.round(4))
    (0.0008, 1.5699)
    """
    from scipy.special import chdtri

    value, variance = _known(values, variances)
    alpha = float(tail(confidence))
    freedom = value.size - 1
    ends = [_tau2_with_q(value, variance, float(chdtri(freedom, p))) for p in (alpha, 1 - alpha)]
    return Bounds(np.asarray(ends[0]), np.asarray(ends[1]))


def _tau2_with_q(value: FloatArray, variance: FloatArray, target: float) -> float:
    """Return the τ² at which the generalised Q, which falls as τ² grows, is the target."""

    def q(tau2: float) -> float:
        weight = 1 / (variance + tau2)
        middle = np.average(value, weights=weight)
        return float((weight * np.square(value - middle)).sum())

    if q(0.0) <= target:
        return 0.0
    low, high = 0.0, float(variance.max())
    while q(high) > target:
        low, high = high, 2 * high
    # Halving to the last bit but a few: 100 steps at the most.
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if q(middle) > target else (low, middle)
    return (low + high) / 2


def _known(values: ArrayLike, variances: ArrayLike) -> tuple[FloatArray, FloatArray]:
    value, variance = np.broadcast_arrays(*as_floats(values=values, variances=variances))
    known = np.isfinite(value) & (variance > 0) & (variance < np.inf)
    least = 2
    if known.sum() < least:
        message = (
            f"{int(known.sum())} of {known.size} units have a value and a variance above zero. "
            "Variance is between units: give two or more."
        )
        raise StatisticsError(message)
    return value[known], variance[known]
