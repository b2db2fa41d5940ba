"""Control limits of counts, proportions and rates over time: c, p and u charts, and Laney's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.outliers.control_limits import ControlLimits, mean_moving_range

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

    Laney: TypeAlias = Literal["moving_range", "standard_deviation"]

__all__ = ["c_limits", "p_limits", "u_limits"]

_D2 = 1.128


def p_limits(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    baseline: int | None = None,
    laney: Laney | None = None,
) -> ControlLimits:
    """Return the limits of a chart of proportions, three standard deviations either side.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts along the last axis, in order of time; NaN where one is missing.
    baseline : int, optional
        Points at the start from which the centre is made; all when not given.
    laney : {"moving_range", "standard_deviation"}, optional
        Widen by the spread of the points' own scores: by their mean moving range where they follow
        in time, by their standard deviation where they do not (areas, say).

    Returns
    -------
    ControlLimits
        [share, 0 to 1]; NaN where the denominator is not above zero.

    Raises
    ------
    OptionError
        Where `baseline` or `laney` is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Montgomery DC. Introduction to statistical quality control, 8th edition. Wiley; 2019, equation
    7.8. Laney DB. Improved control charts for attributes. Quality Engineering 2002;14:531-537, as
    function ``qic.pp`` of qicharts2 computes it.

    Examples
    --------
    >>> limits = p_limits([12, 8, 6, 9], [100, 80, 80, 100])
    >>> limits.upper.round(3)
    array([0.186, 0.197, 0.197, 0.186])
    """
    x, n = _counts(numerator, denominator)
    x = np.where(x <= n, x, np.nan)
    centre = _pooled(x, n, baseline)
    error = np.sqrt(centre * (1 - centre) / n)
    return _lines(x / n, centre, error, highest=1.0, baseline=baseline, laney=laney)


def u_limits(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    baseline: int | None = None,
    laney: Laney | None = None,
) -> ControlLimits:
    """Return the limits of a chart of rates, three standard deviations either side.

    Parameters
    ----------
    numerator : array_like
        Events along the last axis, in order of time; NaN where one is missing.
    denominator : array_like
        Person-years or people.
    baseline, laney
        As for :func:`p_limits`.

    Returns
    -------
    ControlLimits
        [events per unit of denominator]; NaN where the denominator is not above zero.

    Raises
    ------
    OptionError
        Where `baseline` or `laney` is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Montgomery DC. Introduction to statistical quality control, 8th edition. Wiley; 2019, equation
    7.19. Laney DB. Improved control charts for attributes. Quality Engineering 2002;14:531-537, as
    function ``qic.up`` of qicharts2 computes it.

    Examples
    --------
    >>> u_limits([2, 3, 8, 1], 50).upper.round(4)
    array([0.1822, 0.1822, 0.1822, 0.1822])
    """
    x, n = _counts(numerator, denominator)
    centre = _pooled(x, n, baseline)
    error = np.sqrt(centre / n)
    return _lines(x / n, centre, error, highest=np.inf, baseline=baseline, laney=laney)


def c_limits(count: ArrayLike, *, baseline: int | None = None) -> ControlLimits:
    """Return the limits of a chart of counts, three standard deviations either side.

    Parameters
    ----------
    count : array_like
        Events along the last axis, in order of time; NaN where one is missing.
    baseline : int, optional
        Points at the start from which the centre is made; all when not given.

    Returns
    -------
    ControlLimits
        [events].

    Raises
    ------
    OptionError
        Where `baseline` is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Montgomery DC. Introduction to statistical quality control, 8th edition. Wiley; 2019, equation
    7.17.

    Examples
    --------
    >>> c_limits([21, 24, 16, 12]).upper.round(2)
    array([31.07, 31.07, 31.07, 31.07])
    """
    return u_limits(count, 1.0, baseline=baseline)


def _counts(numerator: ArrayLike, denominator: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x, n = as_floats(numerator=numerator, denominator=denominator)
    x, n = np.broadcast_arrays(np.atleast_1d(x), np.atleast_1d(n))
    return np.where(x >= 0, x, np.nan), np.where((n > 0) & (n < np.inf), n, np.nan)


def _pooled(x: FloatArray, n: FloatArray, baseline: int | None) -> FloatArray:
    if baseline is not None and baseline < 1:
        message = f"baseline is {baseline!r}. Pass the number of points it is made of, or None."
        raise OptionError(message)
    x, n = x[..., :baseline], n[..., :baseline]
    both = ~np.isnan(x) & ~np.isnan(n)
    with np.errstate(invalid="ignore"):
        pooled: FloatArray = np.where(both, x, 0.0).sum(-1) / np.where(both, n, 0.0).sum(-1)
    return pooled[..., None]


def _lines(
    value: FloatArray,
    centre: FloatArray,
    error: FloatArray,
    *,
    highest: float,
    baseline: int | None,
    laney: Laney | None,
) -> ControlLimits:
    if laney is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = ((value - centre) / error)[..., :baseline]
        error = error * _laney_width(scores, laney)[..., None]
    return ControlLimits(
        centre + 0.0 * error,
        np.maximum(centre - 3 * error, 0.0),
        np.minimum(centre + 3 * error, highest),
        np.maximum(centre - 2 * error, 0.0),
        np.minimum(centre + 2 * error, highest),
    )


def _laney_width(scores: FloatArray, laney: Laney) -> FloatArray:
    if laney == "moving_range":
        return mean_moving_range(scores, screen=False) / _D2
    if laney != "standard_deviation":
        message = f"laney is {laney!r}. Pass moving_range, standard_deviation or None."
        raise OptionError(message)
    known = ~np.isnan(scores)
    size = known.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.where(known, scores, 0.0).sum(-1) / size
        squares = np.where(known, np.square(scores - middle[..., None]), 0.0).sum(-1)
        width: FloatArray = np.sqrt(squares / (size - 1))
    return width
