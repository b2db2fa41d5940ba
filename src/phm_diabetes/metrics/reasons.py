"""Why a row has no value: small codes for speed, and the words for them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from phm_diabetes.metrics.arrays import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from phm_diabetes.metrics.arrays import FloatArray

    Codes: TypeAlias = NDArray[np.int8]

__all__ = [
    "Reason",
    "first_reason",
    "least_sum_of_squares",
    "reason_no_interval",
    "reason_no_mean",
    "reason_no_proportion",
    "reason_no_rate",
]


class Reason(IntEnum):
    """Why there is no value (or no interval), in the order in which reasons are looked for.

    Examples
    --------
    >>> Reason.DENOMINATOR_ZERO.words
    'denominator is zero'
    >>> import pandas as pd
    >>> codes = reason_no_proportion([1, 4, None], [3, 3, 3])
    >>> pd.Categorical.from_codes(codes, [reason.words for reason in Reason]).tolist()
    ['', 'numerator above its denominator', 'count is missing']
    """

    NONE = 0
    COUNT_MISSING = 1
    DENOMINATOR_MISSING = 2
    COUNT_NEGATIVE = 3
    DENOMINATOR_NEGATIVE = 4
    DENOMINATOR_ZERO = 5
    NUMERATOR_ABOVE = 6
    SQUARES_MISSING = 7
    SQUARES_IMPOSSIBLE = 8
    TOO_FEW_VALUES = 9
    TOO_FEW_EVENTS = 10
    BAND_MISSING = 11
    BAND_WITHOUT_PEOPLE = 12
    GROUP_TOO_SMALL = 13
    GROUP_MISSING = 14
    NO_TRANSFORM = 15
    NOT_LINEAR = 16
    NO_EVENTS = 17
    COUNT_HIDDEN = 18
    ABOVE_BY_ROUNDING = 19
    NO_PARTS = 20
    ENDS_ZERO = 21
    LEVEL_TOO_SMALL = 22
    TOO_MANY_GROUPS = 23

    @property
    def words(self) -> str:
        """The reason in words, empty where there is a value."""
        return _WORDS[self]


_WORDS = {
    Reason.NONE: "",
    Reason.COUNT_MISSING: "count is missing",
    Reason.DENOMINATOR_MISSING: "denominator is missing",
    Reason.COUNT_NEGATIVE: "count is negative",
    Reason.DENOMINATOR_NEGATIVE: "denominator is negative",
    Reason.DENOMINATOR_ZERO: "denominator is zero",
    Reason.NUMERATOR_ABOVE: "numerator above its denominator",
    Reason.SQUARES_MISSING: "no sum of squares per person: an interval would be too narrow",
    Reason.SQUARES_IMPOSSIBLE: "sum of squares does not fit the total",
    Reason.TOO_FEW_VALUES: "fewer than 2 values",
    Reason.TOO_FEW_EVENTS: "fewer than 10 events",
    Reason.BAND_MISSING: "a band's count is missing",
    Reason.BAND_WITHOUT_PEOPLE: "a band has no people",
    Reason.GROUP_TOO_SMALL: "a group has fewer than 10 events",
    Reason.GROUP_MISSING: "a group has no value or no error",
    Reason.NO_TRANSFORM: "a group's value has no log or logit",
    Reason.NOT_LINEAR: "the groups do not lie on a line",
    Reason.NO_EVENTS: "no events, so their spread is not known",
    Reason.COUNT_HIDDEN: "count is hidden: see value_low and value_high",
    Reason.ABOVE_BY_ROUNDING: (
        "numerator above its denominator, as rounding can make it: see value_low and value_high"
    ),
    Reason.NO_PARTS: "no counts by what it is standardised over",
    Reason.ENDS_ZERO: "the group compared with has a value of zero",
    Reason.LEVEL_TOO_SMALL: "too rare for a figure of a practice",
    Reason.TOO_MANY_GROUPS: "too rare for more than 3 groups below an ICB: merge them first",
}


def reason_no_rate(count: ArrayLike, population: ArrayLike) -> Codes:
    """Return why a rate or ratio cannot be had.

    Parameters
    ----------
    count, population : array_like
        As for :func:`~phm_diabetes.metrics.rates.crude_rate`.

    Returns
    -------
    ndarray of int8
        A :class:`Reason` for each element, 0 where there is a rate. An infinite number is missing.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> [Reason(code).words for code in reason_no_rate([3, 3, -1], [10, 0, 10])]
    ['', 'denominator is zero', 'count is negative']
    """
    x, n = np.broadcast_arrays(*as_floats(count=count, population=population))
    return first_reason(
        (np.isnan(x), Reason.COUNT_MISSING),
        (np.isnan(n), Reason.DENOMINATOR_MISSING),
        (x < 0, Reason.COUNT_NEGATIVE),
        (n < 0, Reason.DENOMINATOR_NEGATIVE),
        (n == 0, Reason.DENOMINATOR_ZERO),
    )


def reason_no_proportion(numerator: ArrayLike, denominator: ArrayLike) -> Codes:
    """Return why a proportion cannot be had.

    Parameters
    ----------
    numerator, denominator : array_like
        As for :func:`~phm_diabetes.metrics.proportions.proportion`.

    Returns
    -------
    ndarray of int8
        A :class:`Reason` for each element, 0 where there is a proportion.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> [Reason(code).words for code in reason_no_proportion([3, 12], 10)]
    ['', 'numerator above its denominator']
    """
    x, n = as_floats(numerator=numerator, denominator=denominator)
    codes = reason_no_rate(x, n)
    return np.where((codes == 0) & (x > n), np.int8(Reason.NUMERATOR_ABOVE), codes)


def reason_no_interval(
    total: ArrayLike,
    sum_of_squares: ArrayLike,
    population: ArrayLike,
    *,
    within: bool = False,
) -> Codes:
    """Return why an interval of money or repeat events cannot be had.

    Parameters
    ----------
    total, sum_of_squares, population : array_like
        As for :func:`~phm_diabetes.metrics.clustered.compound_poisson_rate`.
    within : bool
        True where the total is part of the population, as for
        :func:`~phm_diabetes.metrics.clustered.clustered_proportion`: then it may not be above it.

    Returns
    -------
    ndarray of int8
        A :class:`Reason` for each element, 0 where there is an interval.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> [Reason(code).words for code in reason_no_interval([30, 30], [90, None], 100)]
    ['', 'no sum of squares per person: an interval would be too narrow']
    """
    x, ss, n = as_floats(total=total, sum_of_squares=sum_of_squares, population=population)
    codes = reason_no_proportion(x, n) if within else reason_no_rate(x, n)
    extra = first_reason(
        (np.isnan(ss), Reason.SQUARES_MISSING),
        ((ss < 0) | ((ss == 0) != (x == 0)), Reason.SQUARES_IMPOSSIBLE),
        (x == 0, Reason.NO_EVENTS),
    )
    return np.where(codes == 0, extra, codes)


def reason_no_mean(total: ArrayLike, sum_of_squares: ArrayLike, number: ArrayLike) -> Codes:
    """Return why the interval of a mean cannot be had.

    Parameters
    ----------
    total, sum_of_squares, number : array_like
        As for :func:`~phm_diabetes.metrics.means.mean`.

    Returns
    -------
    ndarray of int8
        A :class:`Reason` for each element, 0 where there is an interval.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric or shapes do not broadcast.

    Examples
    --------
    >>> [Reason(code).words for code in reason_no_mean([30, 5], [90, 25], [10, 1])]
    ['', 'fewer than 2 values']
    """
    x, ss, n = as_floats(total=total, sum_of_squares=sum_of_squares, number=number)
    with np.errstate(all="ignore"):
        impossible = ss < least_sum_of_squares(x, n)
    codes = reason_no_rate(np.abs(x), n)
    extra = first_reason(
        (n < 2, Reason.TOO_FEW_VALUES),  # noqa: PLR2004  a spread needs two values
        (np.isnan(ss), Reason.SQUARES_MISSING),
        (impossible, Reason.SQUARES_IMPOSSIBLE),
    )
    return np.where(codes == 0, extra, codes)


def least_sum_of_squares(total: FloatArray, number: FloatArray) -> FloatArray:
    """Return the smallest sum of squares that so many values with this total can have.

    Parameters
    ----------
    total, number : ndarray of float64
        Sum of the values, and how many there are.

    Returns
    -------
    ndarray of float64
        total² / number (Cauchy and Schwarz), less a little for rounding.

    Examples
    --------
    >>> least_sum_of_squares(np.array([30.0]), np.array([10.0])).round(3)
    array([90.])
    """
    slack = 1e-9
    return total * total / number * (1 - slack)


def first_reason(*checks: tuple[NDArray[np.bool_], Reason]) -> Codes:
    """Return for each element the first reason whose check is true.

    Parameters
    ----------
    *checks : tuple of ndarray of bool and Reason
        In the order in which to look; the arrays broadcast together.

    Returns
    -------
    ndarray of int8
        A :class:`Reason` for each element, 0 where no check is true.

    Examples
    --------
    >>> first_reason((np.array([False, True]), Reason.TOO_FEW_EVENTS))
    array([ 0, 10], dtype=int8)
    """
    conditions = np.broadcast_arrays(*(condition for condition, _ in checks))
    codes = [np.int8(reason) for _, reason in checks]
    return np.select(list(conditions), codes, default=np.int8(Reason.NONE))
