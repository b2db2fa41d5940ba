"""Limits of a series of single values (XmR, also called the I chart), from its moving ranges."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = [
    "MONTGOMERY",
    "NHS",
    "ControlLimits",
    "mean_moving_range",
    "moving_range_limits",
    "segments",
]

NHS = 2.66
"""Moving ranges from the mean to the limit, as NHS Making Data Count rounds it."""

MONTGOMERY = 3 / 1.128
"""Moving ranges from the mean to the limit, unrounded: three standard deviations of 1 / d2 each."""

_SCREEN = 3.267


class ControlLimits(NamedTuple):
    """Lines of a control chart, float64, one element per point of the series.

    Examples
    --------
    >>> moving_range_limits([5, 7, 6, 8]).upper.round(2)
    array([10.93, 10.93, 10.93, 10.93])
    """

    centre: FloatArray
    """Mean, or pooled proportion or rate, of the points the limits are made from."""
    lower: FloatArray
    """Lower process limit; NaN where there are too few points for one."""
    upper: FloatArray
    """Upper process limit."""
    near_lower: FloatArray
    """Two thirds of the way from the centre to the lower limit."""
    near_upper: FloatArray
    """Two thirds of the way from the centre to the upper limit."""


def segments(length: int, rebase: Sequence[int] = ()) -> list[slice]:
    """Return the stretches of a series between its rebasings.

    Parameters
    ----------
    length : int
        Points in the series.
    rebase : sequence of int
        Index, from 0, of each point at which a new stretch begins; increasing.

    Returns
    -------
    list of slice
        In order; together they cover the series once.

    Raises
    ------
    OptionError
        Where an index is not inside the series, or they do not increase.

    Examples
    --------
    >>> segments(36, rebase=[12, 24])
    [slice(0, 12, None), slice(12, 24, None), slice(24, 36, None)]
    """
    ends = list(pairwise([0, *rebase, length]))
    if any(first >= last for first, last in ends) and length:
        message = (
            f"rebase is {list(rebase)}. Give the index of each point that begins a new stretch, "
            f"increasing, from 1 to {length - 1}; the first point begins one anyway."
        )
        raise OptionError(message)
    return [slice(first, last) for first, last in ends]


def mean_moving_range(values: FloatArray, *, screen: bool) -> FloatArray:
    """Return the mean distance between neighbouring values, along the last axis.

    Parameters
    ----------
    values : ndarray of float64
        Series, NaN where a value is missing; a range next to a missing value is missing too.
    screen : bool
        Whether to leave out ranges above 3.267 times their mean, once, and take the mean again, so
        that one wild value does not widen the limits meant to show it.

    Returns
    -------
    ndarray of float64
        One axis less; NaN where there is no range.

    References
    ----------
    Nelson LS. Control charts for individual measurements. Journal of Quality Technology
    1982;14:172-173, as function ``qic.i`` of qicharts2 computes it.

    Examples
    --------
    >>> mean_moving_range(np.array([[5.0, 7.0, 6.0, 8.0], [3.0, 3.0, 3.0, 4.0]]), screen=False)
    array([1.66666667, 0.33333333])
    """
    ranges = np.abs(np.diff(values))
    mean = _mean(ranges)
    if not screen:
        return mean
    # A range equal to the bound stays, or a series without any spread would have no limits.
    with np.errstate(invalid="ignore"):
        return _mean(np.where(ranges <= _SCREEN * mean[..., None], ranges, np.nan))


def moving_range_limits(
    values: ArrayLike,
    *,
    rebase: Sequence[int] = (),
    baseline: int | None = None,
    screen: bool = True,
    width: float = NHS,
) -> ControlLimits:
    """Return mean and process limits of series of single values.

    Parameters
    ----------
    values : array_like
        Series along the last axis, in order of time; NaN where a value is missing.
    rebase : sequence of int
        Index, from 0, of each point at which mean and limits are worked out afresh.
    baseline : int, optional
        Points at the start of each stretch from which its mean and limits are made, and then held;
        all of them when not given. Fewer than 12 known points make trial limits only.
    screen : bool
        Whether to screen moving ranges, as NHSRplotthedots does by default.
    width : float
        Mean moving ranges from the mean to a limit: `NHS` (2.66) or `MONTGOMERY` (3 / 1.128).

    Returns
    -------
    ControlLimits
        Of the shape of `values`. NaN limits where a stretch has no two neighbouring values; a
        stretch of equal values has its limits at the mean. Limits are not held to what is possible:
        a percentage's may pass 100.

    Raises
    ------
    OptionError
        Where `rebase` or `baseline` is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    NHS England. Making Data Count: strengthening your decisions; 2019, as function
    ``ptd_spc_standard`` of NHSRplotthedots computes them. Montgomery DC. Introduction to
    statistical quality control, 8th edition. Wiley; 2019, equation 6.33.

    Examples
    --------
    >>> limits = moving_range_limits([5, 7, 6, 8, 6, 7], baseline=4)
    >>> [float(line[-1].round(3)) for line in limits]
    [6.5, 2.067, 10.933, 3.544, 9.456]
    """
    (value,) = as_floats(values=np.atleast_1d(np.asarray(values)))
    if baseline is not None and baseline < 1:
        message = f"baseline is {baseline!r}. Pass the number of points it is made of, or None."
        raise OptionError(message)
    centre, step = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    for stretch in segments(value.shape[-1], rebase):
        base = value[..., stretch][..., :baseline]
        centre[..., stretch] = _mean(base)[..., None]
        step[..., stretch] = mean_moving_range(base, screen=screen)[..., None]
    far, near = width * step, (2 * (width / 3)) * step
    return ControlLimits(centre, centre - far, centre + far, centre - near, centre + near)


def _mean(values: FloatArray) -> FloatArray:
    """Return the mean of the known values along the last axis, NaN where none is known."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        mean: FloatArray = np.where(known, values, 0.0).sum(axis=-1) / known.sum(axis=-1)
    return mean
