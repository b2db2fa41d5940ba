"""The mean of a measurement, with Student's t interval, from sums that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Interval, tail
from phm_diabetes.metrics.reasons import least_sum_of_squares

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["mean"]


def mean(
    total: ArrayLike, sum_of_squares: ArrayLike, number: ArrayLike, *, confidence: ArrayLike = 0.95
) -> Interval:
    """Return the mean of each group's values, with Student's t interval.

    It takes sums rather than values, since sums of groups can be added before dividing.

    Parameters
    ----------
    total, sum_of_squares : array_like
        Sum of the group's values, and of their squares. Where the mean is many thousand times the
        spread, take a constant off the values first: the squares lose digits.
    number : array_like
        How many values; the three broadcast together.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.

    Returns
    -------
    Interval
        The value is NaN where there is no total or no number; the bounds also where
        :func:`~phm_diabetes.metrics.reasons.reason_no_mean` has a reason, such as a lone value.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.
    OptionError
        Where a confidence does not lie between 0 and 1.

    References
    ----------
    Student. The probable error of a mean. Biometrika 1908;6:1-25. Eayres D. Technical briefing 3:
    commonly used public health statistics and their confidence intervals. APHO; 2008, p. 7.

    Examples
    --------
    >>> weeks = np.array([4.0, 6.0, 11.0])
    >>> got = mean(weeks.sum(), (weeks**2).sum(), weeks.size)
    >>> [round(float(number), 3) for number in got]
    [7.0, -1.957, 15.957]
    """
    from scipy.special import stdtrit

    x, ss, n = as_floats(total=total, sum_of_squares=sum_of_squares, number=number)
    dimensions = max(x.ndim, ss.ndim, n.ndim)
    with np.errstate(all="ignore"):
        value = np.where(n > 0, x / n, np.nan)
        variance = np.where(
            ss >= least_sum_of_squares(x, n),
            np.maximum(ss - x * value, 0) / np.where(n >= 2, n - 1, np.nan),  # noqa: PLR2004
            np.nan,
        )
        half = -stdtrit(n - 1, tail(confidence, dimensions)) * np.sqrt(variance / n)
    return Interval(value, value - half, value + half)
