"""The share of people who have something, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.binomial_intervals import wilson
from phm_diabetes.metrics.intervals import Bounds, Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["BinomialInterval", "proportion"]


class BinomialInterval(Protocol):
    """What gives the interval of a proportion, such as ``wilson`` or ``clopper_pearson``.

    Examples
    --------
    >>> method: BinomialInterval = wilson
    """

    def __call__(
        self, numerator: ArrayLike, denominator: ArrayLike, /, *, confidence: ArrayLike
    ) -> Bounds:
        """Return bounds between 0 and 1."""
        ...


def proportion(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    per: float = 1,
    confidence: ArrayLike = 0.95,
    method: BinomialInterval = wilson,
) -> Interval:
    """Return the proportion numerator / denominator, with its interval.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts [people], the numerator part of the denominator; they broadcast together. For a
        numerator that is not part of its denominator use :func:`~phm_diabetes.metrics.rates.ratio`.
    per : float
        1 for a share, 100 for a percentage.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.
    method : callable
        What gives the interval: ``wilson`` or ``clopper_pearson``.

    Returns
    -------
    Interval
        NaN where :func:`~phm_diabetes.metrics.reasons.reason_no_proportion` has a reason; the
        other elements are not touched by it.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    OHID, Fingertips public health technical guidance, chapter Proportions, section "Calculation of
    confidence intervals for proportions", and "Calculation of proportions".

    Examples
    --------
    >>> got = proportion([0, 5, 12], 10, per=100)
    >>> got.value
    array([ 0., 50., nan])
    >>> got.upper.round(2)
    array([27.75, 76.34,   nan])
    """
    x, n = as_floats(numerator=numerator, denominator=denominator)
    lower, upper = method(x, n, confidence=confidence)
    with np.errstate(all="ignore"):
        value = np.where((x >= 0) & (x <= n) & (n > 0), x / n, np.nan)
    if per == 1:
        return Interval(value, lower, upper)
    return Interval(value * per, lower * per, upper * per)
