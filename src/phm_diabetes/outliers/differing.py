"""Differing: below, level with or above a comparator, by the interval of the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.dispatch import estimated
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.mover import difference

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.sides import Sides

__all__ = ["difference_from", "side_of", "standing"]


def difference_from(
    card: Measure, sides: Sides, confidence: float, *, exact: bool = False
) -> tuple[FloatArray, Interval]:
    """Return the comparator's figure, and the unit's less it with its interval.

    Against a fixed comparator the interval is the unit's own, moved; otherwise it is that of
    the difference of two independent figures.

    Parameters
    ----------
    card
        The measure.
    sides
        Counts of both, shape ``(n,)``.
    confidence
        Two-sided.
    exact
        As :func:`~phm_diabetes.metrics.dispatch.estimated`.

    References
    ----------
    Newcombe RG. Interval estimation for the difference between independent proportions. Stat Med
    1998;17:873-890, method 10, p. 876, where both figures are proportions of people. Zou GY, Donner
    A. Stat Med 2008;27:1693-1702, as function ``_mover_confint`` of statsmodels computes it,
    otherwise.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> from phm_diabetes.outliers.sides import Sides
    >>> sides = Sides(
    ...     numerator=np.array([40.0]), denominator=np.array([100.0]), squares=np.array([np.nan]),
    ...     other_numerator=np.array([500.0]), other_denominator=np.array([1000.0]),
    ...     other_squares=np.array([np.nan]), fixed=True,
    ... )
    >>> theirs, gap = difference_from(register_card("COPD"), sides, 0.95)
    >>> theirs.round(2), gap.upper.round(4)
    (array([0.5]), array([-0.002]))
    """
    level = np.array([confidence])
    own = estimated(card, sides.numerator, sides.denominator, sides.squares, level, exact=exact)
    other = estimated(
        card,
        sides.other_numerator,
        sides.other_denominator,
        sides.other_squares,
        level,
        exact=exact,
    )
    mine = Interval(own.value, own.lower[0], own.upper[0])
    if sides.fixed:
        theirs = other.value
        return theirs, Interval(mine.value - theirs, mine.lower - theirs, mine.upper - theirs)
    return other.value, difference(mine, Interval(other.value, other.lower[0], other.upper[0]))


def side_of(gap: Interval) -> NDArray[np.int8]:
    """Return -1 below, 0 level, 1 above, and 2 where it cannot be said.

    Parameters
    ----------
    gap
        A difference with its interval, shape ``(n,)``.

    Examples
    --------
    >>> gap = Interval(np.zeros(3), np.array([-2.0, -1, np.nan]), np.array([-1.0, 1, 1]))
    >>> side_of(gap).tolist()
    [-1, 0, 2]
    """
    known = np.isfinite(gap.lower) & np.isfinite(gap.upper)
    with np.errstate(invalid="ignore"):
        side = np.where(gap.upper < 0, -1, np.where(gap.lower > 0, 1, 0))
    return np.where(known, side, 2).astype(np.int8)


def standing(card: Measure, sides: Sides, confidence: float) -> NDArray[np.int8]:
    """Return the side on which each unit stands, as :func:`side_of`.

    Parameters
    ----------
    card, sides, confidence
        As :func:`difference_from`.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> from phm_diabetes.outliers.sides import Sides
    >>> sides = Sides(
    ...     numerator=np.array([40.0]), denominator=np.array([100.0]), squares=np.array([np.nan]),
    ...     other_numerator=np.array([500.0]), other_denominator=np.array([1000.0]),
    ...     other_squares=np.array([np.nan]), fixed=True,
    ... )
    >>> standing(register_card("COPD"), sides, 0.95), standing(register_card("COPD"), sides, 0.998)
    (array([-1], dtype=int8), array([0], dtype=int8))
    """
    return side_of(difference_from(card, sides, confidence)[1])
