"""A social gradient: where groups stand on it, on which scale, and whether they lie on a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import normal_deviate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from phm_diabetes.metrics.arrays import FloatArray

    ValueKind: TypeAlias = Literal["mean", "rate", "proportion"]

__all__ = ["Linearity", "from_scale", "linearity", "relative_rank", "standard_error", "to_scale"]

_NOT_CHANCE = 0.01
_MOSTLY_A_LINE = 0.8


class Linearity(NamedTuple):
    """Whether groups lie on a line, one element per area.

    Examples
    --------
    >>> Linearity(np.array(0.4), np.array(0.9), np.array(True)).explained
    array(0.9)
    """

    p_value: FloatArray
    """Probability of groups so far off a line by chance alone."""
    explained: FloatArray
    """Share of the variation between groups, weighted by population, that the line accounts for."""
    holds: NDArray[np.bool_]
    """False where the departure is no chance (p < 0.01) and large (the line has under 80%)."""


def relative_rank(population: ArrayLike) -> FloatArray:
    """Return where the middle of each group stands, from 0 to 1, on the social scale.

    Parameters
    ----------
    population : array_like
        People in each group, shape (…, groups), from the most to the least deprived.

    Returns
    -------
    ndarray of float64
        The same shape: the x of each point that a slope index is fitted through.

    Raises
    ------
    StatisticsError
        Where `population` is not numeric.

    References
    ----------
    Low A, Low A. Measuring the gap: quantifying and comparing local health inequalities. J Public
    Health 2004;26:388-395, as function ``FindXValues`` of PHEindicatormethods computes it.

    Examples
    --------
    >>> relative_rank([200, 200, 200, 200, 200])
    array([0.1, 0.3, 0.5, 0.7, 0.9])
    """
    (n,) = as_floats(population=population)
    with np.errstate(all="ignore"):
        share = n / n.sum(axis=-1, keepdims=True)
    ranks: FloatArray = np.cumsum(share, axis=-1) - share / 2
    return ranks


def to_scale(value: ArrayLike, kind: ValueKind) -> FloatArray:
    """Return values on the scale of their kind: as they are, as logs, or as logits.

    Parameters
    ----------
    value : array_like
        Values; a rate's log needs it above 0, a proportion's logit between 0 and 1.
    kind : {'mean', 'rate', 'proportion'}
        Natural, log and logit scale; PHEindicatormethods' value types 0, 1 and 2.

    Returns
    -------
    ndarray of float64
        NaN where the value has no log or logit.

    Raises
    ------
    OptionError
        Where `kind` is none of the three.
    StatisticsError
        Where `value` is not numeric.

    Examples
    --------
    >>> to_scale([0.5, 0.8], "proportion").round(3)
    array([0.   , 1.386])
    """
    (v,) = as_floats(value=value)
    with np.errstate(all="ignore"):
        if kind == "rate":
            return np.log(np.where(v > 0, v, np.nan))
        if kind == "proportion":
            return np.log(np.where((v > 0) & (v < 1), v, np.nan) / (1 - v))
    if kind != "mean":
        message = f"kind is {kind!r}. It is 'mean', 'rate' or 'proportion'."
        raise OptionError(message)
    return v


def from_scale(scaled: FloatArray, kind: ValueKind) -> FloatArray:
    """Return values from the scale of their kind to the natural one: :func:`to_scale` undone.

    Parameters
    ----------
    scaled : ndarray of float64
        Values, logs or logits.
    kind : {'mean', 'rate', 'proportion'}
        As for :func:`to_scale`.

    Returns
    -------
    ndarray of float64
        Values.

    Examples
    --------
    >>> from_scale(to_scale([2.0, 50.0], "rate"), "rate").round(6)
    array([ 2., 50.])
    """
    if kind == "mean":
        return scaled
    natural: FloatArray = np.exp(scaled)
    return natural if kind == "rate" else natural / (1 + natural)


def standard_error(
    lower: ArrayLike, upper: ArrayLike, *, kind: ValueKind, confidence: float = 0.95
) -> FloatArray:
    """Return the standard error, on the scale of the kind, that an interval was made from.

    Parameters
    ----------
    lower, upper : array_like
        Bounds of the values, in the values' unit (a proportion between 0 and 1).
    kind : {'mean', 'rate', 'proportion'}
        As for :func:`to_scale`.
    confidence : float
        Two-sided confidence of the bounds.

    Returns
    -------
    ndarray of float64
        (upper - lower) / 2z on that scale; NaN where a bound has no log or logit.

    Raises
    ------
    OptionError
        Where `kind` is none of the three or the confidence does not lie between 0 and 1.
    StatisticsError
        Where a bound is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> standard_error(78.04, 81.96, kind="mean").round(3)
    np.float64(1.0)
    """
    low, high = as_floats(lower=lower, upper=upper)
    width = to_scale(high, kind) - to_scale(low, kind)
    errors: FloatArray = width / (2 * normal_deviate(confidence))
    return errors


def linearity(value: ArrayLike, population: ArrayLike, standard_error: ArrayLike) -> Linearity:
    """Return whether groups lie on a line over their relative rank, as a slope index takes them to.

    Parameters
    ----------
    value : array_like
        Value of each group, shape (…, groups).
    population : array_like
        People in each group, from the most to the least deprived.
    standard_error : array_like
        Standard error of each value, in its unit.

    Returns
    -------
    Linearity
        Shape (…). In large areas any departure is more than chance, in small ones any departure
        may be chance, so both must speak against the line.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast, or there are under 3 groups.

    Notes
    -----
    p is of the chi-squared lack of fit of the line that fits best when each group is weighted by
    1 / standard error², on groups - 2 degrees of freedom.

    References
    ----------
    Cochran WG. The combination of estimates from different experiments. Biometrics 1954;10:101-129,
    for weighted squares on chi-squared; about a line instead of a mean is ours.

    Examples
    --------
    >>> got = linearity([150, 131, 127, 130, 135], [1000] * 5, [1.5] * 5)
    >>> round(float(got.explained), 2), bool(got.holds)
    (0.29, False)
    """
    from scipy.special import chdtrc

    v, n, error = np.broadcast_arrays(
        *as_floats(value=value, population=population, standard_error=standard_error)
    )
    if not v.ndim or v.shape[-1] < 3:  # noqa: PLR2004
        message = "A line through fewer than 3 groups fits always. Give at least 3 groups."
        raise StatisticsError(message)
    with np.errstate(all="ignore"):
        rank = relative_rank(n)
        weight = 1 / error**2
        misfit, _ = _residual_and_total(v, rank, weight)
        residual, total = _residual_and_total(v, rank, n)
        p_value = np.asarray(chdtrc(v.shape[-1] - 2, misfit))
        explained = np.where(total > 0, 1 - residual / total, 1.0)
        holds = (p_value >= _NOT_CHANCE) | (explained >= _MOSTLY_A_LINE)
    return Linearity(p_value, explained, holds)


def _residual_and_total(
    y: FloatArray, x: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the weighted sums of squares about the line and about the mean."""
    share = weight / weight.sum(axis=-1, keepdims=True)
    dy = y - (share * y).sum(axis=-1, keepdims=True)
    dx = x - (share * x).sum(axis=-1, keepdims=True)
    total = (weight * dy * dy).sum(axis=-1)
    explained = (weight * dx * dy).sum(axis=-1) ** 2 / (weight * dx * dx).sum(axis=-1)
    return np.maximum(total - explained, 0), total
