"""The slope and the relative index of inequality, fitted through groups weighted by population."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.gradient import linearity, to_scale
from phm_diabetes.metrics.gradient_line import fieller_bounds, fitted_line, simulated_bounds
from phm_diabetes.metrics.intervals import Interval, normal_deviate
from phm_diabetes.metrics.reasons import Reason, first_reason

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.gradient import ValueKind
    from phm_diabetes.metrics.reasons import Codes

__all__ = ["FEWEST_GROUPS", "reason_no_slope", "relative_index", "slope_index"]

FEWEST_GROUPS = 5
"""Groups below which no slope is fitted."""
_FEWEST_EVENTS = 10


def slope_index(  # noqa: PLR0913  each is a choice that the output must state
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike,
    *,
    kind: ValueKind,
    transformed: bool = False,
    events: ArrayLike | None = None,
    only_if_linear: bool = True,
    per: float = 1,
    confidence: ArrayLike = 0.95,
    repetitions: int = 100_000,
    seed: int = 1,
) -> Interval:
    """Return the slope index of inequality: the fitted gap from the most to the least deprived.

    Parameters
    ----------
    value : array_like
        Value of each group, shape (…, groups), from the most to the least deprived: at least 5.
    population : array_like
        People in each group.
    standard_error : array_like
        Standard error of each value on the scale of its kind (of the log for a rate, of the logit
        for a proportion): see :func:`~phm_diabetes.metrics.gradient.standard_error`.
    kind : {'mean', 'rate', 'proportion'}
        How the values vary: normal, log-normal or logit-normal; PHEindicatormethods' value types
        0, 1 and 2.
    transformed : bool
        Fit the line to logs or logits, for values far from a line on their own scale. The index is
        still the gap on the natural scale.
    events : array_like, optional
        Events in each group. Where given, a group under 10 leaves the area without an index.
    only_if_linear : bool
        Withhold the index where :func:`~phm_diabetes.metrics.gradient.linearity` does not hold.
    per : float
        100 for percentage points where the values are shares.
    confidence : float or sequence of float
        Two-sided confidence; several give the bounds a leading axis.
    repetitions, seed : int
        Size and seed of the simulation, used only where there is no closed form.

    Returns
    -------
    Interval
        Shape (…). Value at the least deprived end less value at the most deprived end, as
        PHEindicatormethods has it; ``phm.inequality`` gives the opposite sign, most deprived less
        least. Reverse the groups for it here. NaN where :func:`reason_no_slope` has a reason.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric, shapes do not broadcast, or there are under 5 groups.
    OptionError
        Where `kind` or a confidence is not one.

    Notes
    -----
    Least squares through the groups' relative ranks, weighted by population, is a weighted sum of
    the values, Σ cᵢyᵢ. For means its interval is exact: Σ cᵢyᵢ ± z·√(Σ cᵢ²·seᵢ²). For rates and
    proportions the groups' values are drawn again and again, and the interval is the percentiles.

    References
    ----------
    Low A, Low A. Measuring the gap. J Public Health 2004;26:388-395, as functions ``FindXValues``
    and ``SimulationFunc`` of PHEindicatormethods compute it; the exact interval of means is ours,
    that of a weighted sum.

    Examples
    --------
    >>> years = slope_index([70, 72, 75, 77, 80], [100] * 5, [1.0] * 5, kind="mean")
    >>> [round(float(number), 2) for number in years]
    [12.5, 9.4, 15.6]
    """
    reasons = reason_no_slope(
        value, population, standard_error, kind=kind, transformed=transformed, events=events,
        only_if_linear=only_if_linear,
    )  # fmt: skip
    line = fitted_line(
        *_groups(value, population, standard_error), kind=kind, transformed=transformed
    )
    found = line.least_deprived - line.most_deprived
    if kind == "mean":
        spread = np.sqrt(line.covariance(line.to_slope, line.to_slope))
        half = normal_deviate(confidence, spread.ndim) * spread
        lower, upper = found - half, found + half
    else:
        lower, upper = simulated_bounds(
            line, np.subtract, wanted=reasons == 0,
            confidence=confidence, repetitions=repetitions, seed=seed,
        )  # fmt: skip
    keep = np.where(reasons == 0, per, np.nan)
    return Interval(found * keep, lower * keep, upper * keep)


def relative_index(  # noqa: PLR0913  each is a choice that the output must state
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike,
    *,
    kind: ValueKind,
    transformed: bool = False,
    events: ArrayLike | None = None,
    only_if_linear: bool = True,
    confidence: ArrayLike = 0.95,
    repetitions: int = 100_000,
    seed: int = 1,
) -> Interval:
    """Return the relative index of inequality: the least over the most deprived end of the line.

    Parameters
    ----------
    value, population, standard_error, kind, transformed, events, only_if_linear
        As for :func:`slope_index`.
    confidence, repetitions, seed
        As for :func:`slope_index`.

    Returns
    -------
    Interval
        Shape (…). Least deprived end over most deprived end, as PHEindicatormethods has it;
        ``phm.inequality`` gives the inverse, as reversing the groups does here. 1 is no gradient.
        NaN where :func:`reason_no_slope` has a reason, and where the line is not above zero at both
        ends.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric, shapes do not broadcast, or there are under 5 groups.
    OptionError
        Where `kind` or a confidence is not one.

    Notes
    -----
    For means the bounds are Fieller's: the ratios r at which least - r·most deprived is z
    standard errors from zero. For rates and proportions they are percentiles of a simulation.

    References
    ----------
    Fieller EC. Some problems in interval estimation. J R Stat Soc B 1954;16:175-185, for means; for
    the rest functions ``FindXValues`` and ``SimulationFunc`` of PHEindicatormethods.

    Examples
    --------
    >>> got = relative_index([70, 72, 75, 77, 80], [100] * 5, [1.0] * 5, kind="mean")
    >>> [round(float(number), 3) for number in got]
    [1.182, 1.134, 1.233]
    """
    reasons = reason_no_slope(
        value, population, standard_error, kind=kind, transformed=transformed, events=events,
        only_if_linear=only_if_linear,
    )  # fmt: skip
    line = fitted_line(
        *_groups(value, population, standard_error), kind=kind, transformed=transformed
    )
    with np.errstate(all="ignore"):
        above = (line.most_deprived > 0) & (line.least_deprived > 0)
        found = line.least_deprived / line.most_deprived
        if kind == "mean":
            lower, upper = fieller_bounds(line, confidence=confidence)
        else:
            lower, upper = simulated_bounds(
                line, np.divide, wanted=(reasons == 0) & above,
                confidence=confidence, repetitions=repetitions, seed=seed,
            )  # fmt: skip
    keep = np.where((reasons == 0) & above, 1.0, np.nan)
    return Interval(found * keep, lower * keep, upper * keep)


def reason_no_slope(
    value: ArrayLike,
    population: ArrayLike,
    standard_error: ArrayLike,
    *,
    kind: ValueKind,
    transformed: bool = False,
    events: ArrayLike | None = None,
    only_if_linear: bool = True,
) -> Codes:
    """Return why an area has no slope index.

    Parameters
    ----------
    value, population, standard_error, kind, transformed, events, only_if_linear
        As for :func:`slope_index`.

    Returns
    -------
    ndarray of int8
        A :class:`~phm_diabetes.metrics.reasons.Reason` for each area, shape (…), 0 where there is
        an index.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric, shapes do not broadcast, or there are under 5 groups.
    OptionError
        Where `kind` is none of the three.

    Examples
    --------
    >>> code = reason_no_slope([150, 131, 127, 130, 135], [1000] * 5, [0.01] * 5, kind="rate")
    >>> Reason(code).words
    'the groups do not lie on a line'
    """
    v, n, error = _groups(value, population, standard_error)
    scaled = to_scale(v, kind)
    sound = ~np.isnan(v) & (n > 0) & (error > 0)
    if transformed or kind == "mean":
        line = linearity(scaled, n, error)
    else:
        # From the log's or logit's error to that of the value itself.
        line = linearity(v, n, error * (v if kind == "rate" else v * (1 - v)))
    small = np.False_
    if events is not None:
        (count,) = as_floats(events=events)
        small = ~np.all(count >= _FEWEST_EVENTS, axis=-1)
    return first_reason(
        (~np.all(sound, axis=-1), Reason.GROUP_MISSING),
        (np.asarray(small), Reason.GROUP_TOO_SMALL),
        (np.any(np.isnan(scaled), axis=-1), Reason.NO_TRANSFORM),
        (~line.holds & only_if_linear, Reason.NOT_LINEAR),
    )


def _groups(
    value: ArrayLike, population: ArrayLike, standard_error: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the three as arrays of one shape, with enough groups for a slope."""
    v, n, error = np.broadcast_arrays(
        *as_floats(value=value, population=population, standard_error=standard_error)
    )
    if not v.ndim or v.shape[-1] < FEWEST_GROUPS:
        message = (
            f"A slope index needs at least {FEWEST_GROUPS} groups along the last axis; the shape "
            f"is {v.shape}. Use fifths or tenths, or a gap between two groups."
        )
        raise StatisticsError(message)
    return v, n, error
