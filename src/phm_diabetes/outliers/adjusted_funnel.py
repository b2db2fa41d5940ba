"""A funnel that allows for over-dispersion: its limits, and the chance of each unit's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds, normal_deviate
from phm_diabetes.outliers.funnel_tails import tails_of_scores
from phm_diabetes.outliers.scales import (
    distance_from_centre,
    from_scale,
    in_errors,
    standard_error,
    to_scale,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.funnel_tails import Tails
    from phm_diabetes.outliers.overdispersion import Overdispersion

__all__ = ["adjusted_error", "adjusted_limits", "adjusted_scores", "adjusted_tails"]


def adjusted_error(
    denominator: ArrayLike, *, overdispersion: Overdispersion, centre: ArrayLike
) -> FloatArray:
    """Return each unit's standard error about the centre, widened by over-dispersion.

    Parameters
    ----------
    denominator : array_like
        People, person-years or expected events, one element per unit.
    overdispersion : Overdispersion
        What the reference set showed.
    centre : array_like
        The comparator's value.

    Returns
    -------
    ndarray of float64
        ``s sqrt(φ)`` or ``sqrt(s² + τ²)``, on the recipe's scale, where ``s`` is the standard error
        by chance alone; NaN where the denominator is not above zero.

    Raises
    ------
    OptionError
        Where the centre lies outside what the kind can be.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, equation 11 for the additive model, section 5 for both. Spiegelhalter DJ.
    Handling over-dispersion of performance indicators. Quality and Safety in Health Care
    2005;14:347-351.

    Examples
    --------
    >>> from phm_diabetes.outliers.overdispersion import SHMI, Overdispersion
    >>> found = Overdispersion(
    ...     recipe=SHMI, reference="all trusts", kind="rate", centre=1.0,
    ...     phi=4.0, tau2=0.03, n_units=54, n_kept=43, n_zero=0,
    ... )
    >>> adjusted_error([100, 10000], overdispersion=found, centre=1).round(3)
    array([0.2  , 0.173])
    """
    recipe = overdispersion.recipe
    error = standard_error(denominator, centre=centre, kind=overdispersion.kind, scale=recipe.scale)
    if recipe.model == "multiplicative":
        return error * float(np.sqrt(overdispersion.phi))
    widened: FloatArray = np.sqrt(np.square(error) + overdispersion.tau2)
    return widened


def adjusted_limits(
    denominator: ArrayLike,
    *,
    overdispersion: Overdispersion,
    centre: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Bounds:
    """Return the limits of a funnel widened by over-dispersion.

    Parameters
    ----------
    denominator : array_like
        People, person-years or expected events, one element per unit.
    overdispersion : Overdispersion
        What the reference set showed.
    centre : array_like
        The comparator's value.
    confidence : float or sequence of float
        Two-sided confidence; several give a leading axis.

    Returns
    -------
    Bounds
        On the scale of the values: limits set on a root or a logarithm are turned back, CQC's by
        squaring. Never below 0, nor a proportion's above 1. On the log scale the lower limit is 0
        where a count of none would not be flagged. NaN where the denominator is not above zero.

    Raises
    ------
    OptionError
        Where the centre lies outside what the kind can be, or a confidence is not between 0 and 1.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, equation 11. Spiegelhalter DJ. Handling over-dispersion of performance
    indicators. Quality and Safety in Health Care 2005;14:347-351. Function ``truncation`` of
    FunnelPlotR for what NHS England's SHMI leaves out. Care Quality Commission. Intelligent
    monitoring: NHS GP practices, statistical methodology; 2015, section 2.2.

    Examples
    --------
    >>> from phm_diabetes.outliers.overdispersion import CQC, Overdispersion
    >>> found = Overdispersion(
    ...     recipe=CQC, reference="all trusts", kind="rate", centre=1.0,
    ...     phi=4.0, tau2=0.0075, n_units=54, n_kept=54, n_zero=0,
    ... )
    >>> limits = adjusted_limits([100, 400], overdispersion=found, centre=1)
    >>> limits.lower.round(3), limits.upper.round(3)
    (array([0.646, 0.678]), array([1.43 , 1.385]))
    """
    kind, scale = overdispersion.kind, overdispersion.recipe.scale
    size, middle = as_floats(denominator=denominator, centre=centre)
    error = adjusted_error(size, overdispersion=overdispersion, centre=middle)
    z = normal_deviate(confidence, error.ndim)
    with np.errstate(invalid="ignore", over="ignore"):
        place, reach = to_scale(middle, scale), z * error
        lower, upper = from_scale(place - reach, scale), from_scale(place + reach, scale)
    if scale == "log":
        missing = np.where(np.isnan(error), np.nan, 0.0)
        none = distance_from_centre(0.0 * size, size, centre=middle, kind=kind, scale=scale)
        none_may_be_chance = in_errors(none, error) >= -z
        lower = np.where(none_may_be_chance | (middle == 0), missing, lower)
        upper = np.where(middle == 0, missing, upper)
    return Bounds(lower, np.minimum(upper, 1) if kind == "proportion" else upper)


def adjusted_scores(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    overdispersion: Overdispersion,
    centre: ArrayLike,
) -> FloatArray:
    """Return how many standard errors, widened by over-dispersion, each unit is from the centre.

    Parameters
    ----------
    numerator, denominator, overdispersion, centre
        As for :func:`adjusted_tails`.

    Returns
    -------
    ndarray of float64
        Normal deviates, positive for high; NaN where a unit has none.

    Raises
    ------
    OptionError
        Where the centre lies outside what the kind can be.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, equations 4 and 11. Spiegelhalter DJ. Handling over-dispersion of performance
    indicators. Quality and Safety in Health Care 2005;14:347-351.

    Examples
    --------
    >>> from phm_diabetes.outliers.overdispersion import SHMI, Overdispersion
    >>> found = Overdispersion(
    ...     recipe=SHMI, reference="all trusts", kind="rate", centre=1.0,
    ...     phi=4.0, tau2=0.03, n_units=54, n_kept=43, n_zero=0,
    ... )
    >>> adjusted_scores([100, 150], 100, overdispersion=found, centre=1).round(3)
    array([0.   , 2.027])
    """
    kind, scale = overdispersion.kind, overdispersion.recipe.scale
    distance = distance_from_centre(numerator, denominator, centre=centre, kind=kind, scale=scale)
    error = adjusted_error(denominator, overdispersion=overdispersion, centre=centre)
    return in_errors(distance, error)


def adjusted_tails(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    overdispersion: Overdispersion,
    centre: ArrayLike,
) -> Tails:
    """Return the chance of each unit's place, or one further out, given over-dispersion.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts, one element per unit.
    overdispersion : Overdispersion
        What the reference set showed.
    centre : array_like
        The comparator's value.

    Returns
    -------
    Tails
        Normal tails of the score over the widened standard error; NaN where a unit has no score.

    Raises
    ------
    OptionError
        Where the centre lies outside what the kind can be.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, equation 11. Spiegelhalter DJ. Handling over-dispersion of performance
    indicators. Quality and Safety in Health Care 2005;14:347-351.

    Examples
    --------
    >>> from phm_diabetes.outliers.overdispersion import SHMI, Overdispersion
    >>> found = Overdispersion(
    ...     recipe=SHMI, reference="all trusts", kind="rate", centre=1.0,
    ...     phi=4.0, tau2=0.03, n_units=54, n_kept=43, n_zero=0,
    ... )
    >>> adjusted_tails([0, 100, 150], 100, overdispersion=found, centre=1).upper.round(3)
    array([1.   , 0.5  , 0.021])
    """
    scores = adjusted_scores(numerator, denominator, overdispersion=overdispersion, centre=centre)
    return tails_of_scores(scores)
