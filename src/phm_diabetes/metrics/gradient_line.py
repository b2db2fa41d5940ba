"""The line through groups weighted by population, and how sure its two ends are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.metrics.gradient import from_scale, relative_rank, to_scale
from phm_diabetes.metrics.intervals import Bounds, normal_deviate, tail

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.gradient import ValueKind

__all__ = ["FittedLine", "fieller_bounds", "fitted_line", "simulated_bounds"]


@frozen(kw_only=True)
class FittedLine:
    """A least-squares line over relative rank, weighted by population, for each area.

    Attributes
    ----------
    scaled, error : ndarray of float64
        The groups' values and standard errors on the scale of their kind, shape (…, groups).
    to_most, to_least : ndarray of float64
        What each group's value is weighted by in the fitted value at the most deprived end (x = 0)
        and at the least deprived end (x = 1), shape (…, groups).
    most_deprived, least_deprived : ndarray of float64
        Fitted values at the two ends, on the natural scale, shape (…).
    kind : str
        Scale of `scaled`.
    transformed : bool
        Whether the line was fitted on that scale rather than on the natural one.

    Examples
    --------
    >>> values = np.array([70.0, 72, 75, 77, 80])
    >>> line = fitted_line(values, np.ones(5), np.ones(5), kind="mean", transformed=False)
    >>> round(float(line.most_deprived), 2), round(float(line.least_deprived), 2)
    (68.55, 81.05)
    """

    scaled: FloatArray
    error: FloatArray
    to_most: FloatArray
    to_least: FloatArray
    most_deprived: FloatArray
    least_deprived: FloatArray
    kind: ValueKind
    transformed: bool

    @property
    def to_slope(self) -> FloatArray:
        """What each group's value is weighted by in the slope, shape (…, groups)."""
        return self.to_least - self.to_most

    def covariance(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """Return the covariance of two weighted sums of the groups' values, shape (…).

        Parameters
        ----------
        first, second : ndarray of float64
            Weights, such as :attr:`to_slope`.

        Returns
        -------
        ndarray of float64
            On the scale of the kind.

        Examples
        --------
        >>> line = fitted_line(np.ones(5), np.ones(5), np.ones(5), kind="mean", transformed=False)
        >>> round(float(line.covariance(line.to_slope, line.to_slope)), 3)
        2.5
        """
        return np.asarray((first * second * self.error**2).sum(axis=-1))


def fitted_line(
    value: FloatArray,
    population: FloatArray,
    standard_error: FloatArray,
    *,
    kind: ValueKind,
    transformed: bool,
) -> FittedLine:
    """Return the line through groups from the most to the least deprived.

    Parameters
    ----------
    value, population, standard_error, kind, transformed
        As for :func:`~phm_diabetes.metrics.slope.slope_index`, of one shape (…, groups).

    Returns
    -------
    FittedLine
        NaN in an area with a group that has none.

    Examples
    --------
    >>> values = np.array([70.0, 72, 75, 77, 80])
    >>> line = fitted_line(values, np.ones(5), np.ones(5), kind="mean", transformed=False)
    >>> (line.to_slope * values).sum().round(2)
    np.float64(12.5)
    """
    with np.errstate(all="ignore"):
        share = population / population.sum(axis=-1, keepdims=True)
        # The ranks' weighted mean is one half, whatever the groups' sizes.
        apart = relative_rank(population) - 0.5
        slope = share * apart / (share * apart * apart).sum(axis=-1, keepdims=True)
        to_most, to_least = share - slope / 2, share + slope / 2
        scaled = to_scale(value, kind)
        fitted_to = scaled if transformed else value
        most = np.asarray((to_most * fitted_to).sum(axis=-1))
        least = np.asarray((to_least * fitted_to).sum(axis=-1))
        if transformed:
            most, least = from_scale(most, kind), from_scale(least, kind)
    return FittedLine(
        scaled=scaled,
        error=standard_error,
        to_most=to_most,
        to_least=to_least,
        most_deprived=most,
        least_deprived=least,
        kind=kind,
        transformed=transformed,
    )


def fieller_bounds(line: FittedLine, *, confidence: ArrayLike) -> Bounds:
    """Return Fieller's bounds of least over most deprived, for normal values.

    Parameters
    ----------
    line : FittedLine
        A line through means.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.

    Returns
    -------
    Bounds
        NaN where the most deprived end may be zero, so that the ratio has no bound.

    References
    ----------
    Fieller EC. Some problems in interval estimation. J R Stat Soc B 1954;16:175-185. Ours from
    there: both roots of (least - r·most deprived)² = z² times its variance.

    Examples
    --------
    >>> values = np.array([70.0, 72, 75, 77, 80])
    >>> line = fitted_line(values, np.ones(5), np.ones(5), kind="mean", transformed=False)
    >>> [round(float(bound), 3) for bound in fieller_bounds(line, confidence=0.95)]
    [1.134, 1.233]
    """
    most, least = line.most_deprived, line.least_deprived
    z2 = normal_deviate(confidence, most.ndim) ** 2
    with np.errstate(all="ignore"):
        a = most * most - z2 * line.covariance(line.to_most, line.to_most)
        b = most * least - z2 * line.covariance(line.to_most, line.to_least)
        c = least * least - z2 * line.covariance(line.to_least, line.to_least)
        a = np.where(a > 0, a, np.nan)
        root = np.sqrt(b * b - a * c)
        return Bounds((b - root) / a, (b + root) / a)


def simulated_bounds(
    line: FittedLine,
    combine: Callable[[FloatArray, FloatArray], FloatArray],
    *,
    wanted: NDArray[np.bool_],
    confidence: ArrayLike,
    repetitions: int,
    seed: int,
) -> Bounds:
    """Return percentiles of least combined with most deprived when the values are drawn again.

    Parameters
    ----------
    line : FittedLine
        A line for each area, shape (…).
    combine : callable
        ``numpy.subtract`` for the slope index, ``numpy.divide`` for the relative index.
    wanted : ndarray of bool
        Areas to simulate; the others get NaN.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.
    repetitions, seed : int
        The same draws serve every area, so that neither the areas' order nor their number changes
        an area's result.

    Returns
    -------
    Bounds
        On the natural scale.

    Examples
    --------
    >>> line = fitted_line(
    ...     np.array([30.0, 27, 25, 22, 20]), np.ones(5), np.full(5, 0.05), kind="rate",
    ...     transformed=False,
    ... )
    >>> bounds = simulated_bounds(
    ...     line, np.subtract, wanted=np.array(True), confidence=0.95, repetitions=1000, seed=1
    ... )
    >>> bool(bounds.lower < -12.5 < bounds.upper)
    True
    """
    tails = tail(confidence)
    shape = line.most_deprived.shape
    draws = np.random.default_rng(seed).standard_normal((repetitions, line.scaled.shape[-1]))
    lower = np.full(tails.shape + shape, np.nan)
    upper = lower.copy()
    for area in np.ndindex(shape):
        if not wanted[area]:
            continue
        drawn = line.scaled[area] + line.error[area] * draws
        if not line.transformed:
            drawn = from_scale(drawn, line.kind)
        most, least = drawn @ line.to_most[area], drawn @ line.to_least[area]
        if line.transformed:
            most, least = from_scale(most, line.kind), from_scale(least, line.kind)
        combined = combine(least, most)
        lower[(..., *area)] = np.quantile(combined, tails)
        upper[(..., *area)] = np.quantile(combined, 1 - tails)
    return Bounds(lower, upper)
