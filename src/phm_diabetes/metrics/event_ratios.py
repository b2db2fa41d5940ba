"""Event ratios: events of one kind for each of another, both of them uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.metrics.clustered import compound_poisson_rate
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.mover import quotient
from phm_diabetes.metrics.rates import crude_rate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["event_ratio"]


def event_ratio(
    numerator: ArrayLike,
    sum_of_squares: ArrayLike,
    denominator: ArrayLike,
    *,
    per: float = 1,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Return events for each event of another kind (follow-ups for each first), with its interval.

    Parameters
    ----------
    numerator, denominator : array_like
        Events of the one kind and of the other, neither part of the other.
    sum_of_squares : array_like
        Sum over persons of the square of each one's events in the numerator (``numerator_ss``);
        NaN gives a value and no interval. The three broadcast together.
    per : float
        1 for a ratio, 100 for events for each 100 of the other kind.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.

    Returns
    -------
    Interval
        NaN, never infinite, where the denominator is zero. Bounds are NaN where
        :func:`~phm_diabetes.metrics.reasons.reason_no_interval` has a reason.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    Notes
    -----
    MOVER-R of a compound Poisson numerator and a Poisson denominator, taken as independent. Of
    events that persons have together, such as follow-ups after a first, it is too wide; where one
    person has several events of the denominator, a little too narrow.

    References
    ----------
    Donner A, Zou GY. Stat Methods Med Res 2012;21:347-359, equation 9, p. 351, on the interval of
    :func:`~phm_diabetes.metrics.clustered.compound_poisson_rate`.

    Examples
    --------
    >>> got = event_ratio([300, 300], [900, None], [100, 100])
    >>> got.value, got.lower.round(2), got.upper.round(2)
    (array([3., 3.]), array([2.26,  nan]), array([3.99,  nan]))
    """
    above = compound_poisson_rate(numerator, sum_of_squares, 1, per=1, confidence=confidence)
    below = crude_rate(denominator, 1, per=1, confidence=confidence)
    found = quotient(above, below)
    return Interval(found.value * per, found.lower * per, found.upper * per)
