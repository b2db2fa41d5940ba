"""What comes out of a statistic: bounds, or a value with its bounds, at any confidences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["Bounds", "Interval", "normal_deviate", "tail"]


class Bounds(NamedTuple):
    """Lower and upper bound, float64, one element per unit.

    Where several confidences were asked for, both have a leading axis of confidences.

    Examples
    --------
    >>> Bounds(lower=np.array([0.1]), upper=np.array([0.3])).upper
    array([0.3])
    """

    lower: FloatArray
    """Lower bound, NaN where there is none."""
    upper: FloatArray
    """Upper bound, NaN where there is none."""


class Interval(NamedTuple):
    """A value with its lower and upper bound, float64, one element per unit.

    Where several confidences were asked for, the bounds (not the value) have a leading axis of
    confidences.

    Examples
    --------
    >>> Interval(value=np.array([0.2]), lower=np.array([0.1]), upper=np.array([0.3])).value
    array([0.2])
    """

    value: FloatArray
    """The value, NaN where there is none."""
    lower: FloatArray
    """Lower bound, NaN where there is none."""
    upper: FloatArray
    """Upper bound, NaN where there is none."""


def tail(confidence: ArrayLike, dimensions: int = 0) -> FloatArray:
    """Return the probability left in each tail by a two-sided confidence.

    Parameters
    ----------
    confidence : float or sequence of float
        Two-sided confidence, between 0 and 1; several give a leading axis.
    dimensions : int
        Number of axes of the arrays that the result will meet.

    Returns
    -------
    ndarray of float64
        ``(1 - confidence) / 2``, of shape ``()`` for one confidence and ``(k, 1, …)`` for several.

    Raises
    ------
    OptionError
        Where a confidence does not lie between 0 and 1.

    Examples
    --------
    >>> tail([0.95, 0.998], dimensions=1).round(4)
    array([[0.025],
           [0.001]])
    """
    levels = np.asarray(confidence, dtype=np.float64)
    if levels.ndim > 1 or not bool(np.all((levels > 0) & (levels < 1))):
        message = (
            f"confidence is {confidence!r}. It is a share between 0 and 1, or a list of such "
            "shares: pass 0.95 for 95%, [0.95, 0.998] for both."
        )
        raise OptionError(message)
    tails: FloatArray = (1 - levels) / 2
    return tails.reshape(levels.shape + (1,) * dimensions) if levels.ndim else tails


def normal_deviate(confidence: ArrayLike, dimensions: int = 0) -> FloatArray:
    """Return z, the standard normal deviate of a two-sided confidence.

    Parameters
    ----------
    confidence, dimensions
        As for :func:`tail`.

    Returns
    -------
    ndarray of float64
        z, shaped as :func:`tail` shapes it.

    Raises
    ------
    OptionError
        Where a confidence does not lie between 0 and 1.

    Examples
    --------
    >>> round(float(normal_deviate(0.95)), 4)
    1.96
    """
    from scipy.special import ndtri

    deviate: FloatArray = -ndtri(tail(confidence, dimensions))
    return deviate
