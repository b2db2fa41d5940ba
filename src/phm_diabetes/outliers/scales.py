"""Scales on which the spread of a proportion or a rate by chance is nearly normal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.outliers.funnel_limits import funnel_inputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

    Kind: TypeAlias = Literal["proportion", "rate"]
    Scale: TypeAlias = Literal["natural", "log", "square_root", "arcsine"]

__all__ = [
    "KINDS",
    "SCALES",
    "distance_from_centre",
    "from_scale",
    "in_errors",
    "standard_error",
    "to_scale",
]

KINDS = ("proportion", "rate")
"""What is compared; a ratio of observed to expected is a rate with a centre of 1."""

SCALES = ("natural", "log", "square_root", "arcsine")
"""Scales; arcsine is the arcsine of the square root, for proportions only."""


def to_scale(values: ArrayLike, scale: Scale) -> FloatArray:
    """Return values on a scale.

    Parameters
    ----------
    values : array_like
        Proportions or rates, 0 or more.
    scale : {"natural", "log", "square_root", "arcsine"}
        The scale.

    Returns
    -------
    ndarray of float64
        The values themselves, their logarithm, their square root, or the arcsine of their square
        root [radians].

    Raises
    ------
    OptionError
        Where there is no such scale.
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> to_scale([0.25, 1], "square_root")
    array([0.5, 1. ])
    """
    _check("scale", scale, SCALES)
    (value,) = as_floats(values=values)
    with np.errstate(divide="ignore"):
        if scale == "log":
            return np.log(value)
        if scale == "natural":
            return value
        root: FloatArray = np.sqrt(value)
        return np.arcsin(root) if scale == "arcsine" else root


def from_scale(transformed: ArrayLike, scale: Scale) -> FloatArray:
    """Return values from their place on a scale.

    Parameters
    ----------
    transformed : array_like of float64
        Places on the scale, infinite ones too. One that no value has (a negative square root, an
        arcsine beyond a quarter turn) gives the nearest value that exists: squaring would fold it
        back inside.
    scale : {"natural", "log", "square_root", "arcsine"}
        The scale.

    Returns
    -------
    ndarray of float64
        Values, 0 or more.

    Raises
    ------
    OptionError
        Where there is no such scale.

    Examples
    --------
    >>> from_scale([-0.2, 0.5], "square_root")
    array([0.  , 0.25])
    """
    _check("scale", scale, SCALES)
    place = np.asarray(transformed, dtype=np.float64)
    if scale == "log":
        return np.exp(place)
    if scale == "arcsine":
        return np.square(np.sin(np.clip(place, 0, np.pi / 2)))
    value: FloatArray = np.maximum(place, 0.0)
    return np.square(value) if scale == "square_root" else value


def standard_error(
    denominator: ArrayLike, *, centre: ArrayLike, kind: Kind, scale: Scale
) -> FloatArray:
    """Return the standard error by chance alone of a unit whose true value is the centre.

    Parameters
    ----------
    denominator : array_like
        People, person-years or expected events.
    centre : array_like
        The comparator's value.
    kind : {"proportion", "rate"}
        Binomial or Poisson counts.
    scale : {"natural", "log", "square_root", "arcsine"}
        The scale.

    Returns
    -------
    ndarray of float64
        On the scale, by the delta method; NaN where the denominator is not above zero.

    Raises
    ------
    OptionError
        Where there is no such kind or scale, a rate is put on the arcsine scale, or the centre
        lies outside what the kind can be.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, equation 4; on other scales as function ``transformed_zscore`` of FunnelPlotR
    computes it. Spiegelhalter DJ. Handling over-dispersion of performance indicators. Quality and
    Safety in Health Care 2005;14:347-351.

    Examples
    --------
    >>> standard_error([100, 400], centre=0.2, kind="proportion", scale="natural")
    array([0.04, 0.02])
    >>> standard_error([100, 400], centre=1, kind="rate", scale="log")
    array([0.1 , 0.05])
    """
    _check("kind", kind, KINDS)
    _check("scale", scale, SCALES)
    size, middle = funnel_inputs(
        denominator, centre, highest_centre=1.0 if kind == "proportion" else np.inf
    )
    if scale == "arcsine":
        if kind == "rate":
            message = "A rate has no arcsine: it may exceed 1. Pass square_root or log as scale."
            raise OptionError(message)
        return 0.5 / np.sqrt(size) + 0.0 * middle
    room = 1 - middle if kind == "proportion" else 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "square_root":
            return 0.5 * np.sqrt(room / size)
        return np.sqrt(room / (size * middle)) if scale == "log" else np.sqrt(room * middle / size)


def distance_from_centre(
    numerator: ArrayLike, denominator: ArrayLike, *, centre: ArrayLike, kind: Kind, scale: Scale
) -> FloatArray:
    """Return how far each unit lies from the centre, on a scale.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts, one element per unit.
    centre : array_like
        The comparator's value.
    kind : {"proportion", "rate"}
        Binomial or Poisson counts.
    scale : {"natural", "log", "square_root", "arcsine"}
        The scale.

    Returns
    -------
    ndarray of float64
        On the scale, negative for low; NaN where a count is missing or negative, the denominator
        is not above zero, or a proportion's numerator is above it.

    Raises
    ------
    OptionError
        Where there is no such kind or scale, or the centre lies outside what the kind can be.
    StatisticsError
        Where an argument is not numeric.

    Notes
    -----
    The logarithm of zero would be infinite, and one such unit would make every sum of squares so.
    On the log scale a count of none among ``E`` expected therefore lies where
    ``(0 + 1/2) / (E + 1/2)`` of the centre does: below every count of one or more, and always below
    the centre.

    Examples
    --------
    >>> distance_from_centre([0, 100, 121], 100, centre=1, kind="rate", scale="log").round(3)
    array([-5.303,  0.   ,  0.191])
    """
    _check("kind", kind, KINDS)
    most = 1.0 if kind == "proportion" else np.inf
    size, middle = funnel_inputs(denominator, centre, highest_centre=most)
    (x,) = as_floats(numerator=numerator)
    x = np.where((x >= 0) & (x <= size * most) & (x < np.inf), x, np.nan)
    if scale == "log":
        expected = middle * size
        x = np.maximum(x, 0.5 * expected / (expected + 0.5))
    value = x / size
    with np.errstate(invalid="ignore"):
        away = to_scale(value, scale) - to_scale(middle, scale)
    return np.where(value == middle, 0.0, away)


def in_errors(distance: FloatArray, error: FloatArray) -> FloatArray:
    """Return distances in standard errors: infinite for what leaves the centre no room for chance.

    Parameters
    ----------
    distance, error : ndarray of float64
        On the same scale.

    Returns
    -------
    ndarray of float64
        Their ratio, 0 at the centre itself and infinite where the distance is, or there is no
        error.

    Examples
    --------
    >>> in_errors(np.array([0.2, 0, -0.1]), np.array([0.1, 0, 0]))
    array([  2.,   0., -inf])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: FloatArray = distance / error
    return np.where((distance == 0) | np.isinf(distance), distance, ratio)


def _check(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        message = f"{name} is {given!r}. Pass one of {', '.join(known)}."
        raise OptionError(message)
