"""Group figures: estimates of groups side by side, and the one figure that sums them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from attrs import frozen

from phm_diabetes.metrics.gaps import gap, gap_ratio
from phm_diabetes.metrics.gradient import standard_error
from phm_diabetes.metrics.reasons import Reason, first_reason
from phm_diabetes.metrics.slope import reason_no_slope, relative_index, slope_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.gradient import ValueKind
    from phm_diabetes.metrics.intervals import Interval

    GroupMethod: TypeAlias = Literal["gap", "gap_ratio", "slope_index", "relative_index"]

__all__ = ["GroupFigure", "GroupFigures", "group_figure"]

_GAPS = {"gap": gap, "gap_ratio": gap_ratio}
_GAP_NAMES = {"gap": "MOVER, Zou and Donner", "gap_ratio": "MOVER, Donner and Zou"}
_SCALES = {"mean": "", "rate": ", on logs", "proportion": ", on logits"}


@frozen(kw_only=True, eq=False)
class GroupFigures:
    """Estimates of groups, shape (areas, groups), from the most to the least deprived.

    Parameters
    ----------
    estimate
        Values and bounds at one confidence; NaN where a group has none.
    low, high
        Least and most that each value can be, whatever hidden counts are.
    people, events
        In each group.
    kind
        How the values vary.
    per
        Multiplier of the values.

    Examples
    --------
    >>> from phm_diabetes.metrics.intervals import Interval
    >>> five = np.array([[0.6, 0.55, 0.5, 0.45, 0.4]])
    >>> groups = GroupFigures(
    ...     estimate=Interval(five, five - 0.1, five + 0.1), low=five, high=five,
    ...     people=np.full((1, 5), 100.0), events=five * 100, kind="proportion", per=1)
    >>> group_figure(groups, "gap", confidence=0.95).estimate.value.round(2)
    array([0.2])
    """

    estimate: Interval
    low: FloatArray
    high: FloatArray
    people: FloatArray
    events: FloatArray
    kind: ValueKind
    per: int


@frozen(kw_only=True, eq=False)
class GroupFigure:
    """One figure an area, shape (areas,).

    Parameters
    ----------
    estimate
        Value and bounds; NaN where withheld.
    low, high
        What hidden counts could make of it; NaN where that is not worked out.
    reason
        A :class:`~phm_diabetes.metrics.reasons.Reason` an area.
    method
        Published name of the interval.

    Examples
    --------
    >>> from phm_diabetes.metrics.intervals import Interval
    >>> nothing = np.array([np.nan])
    >>> GroupFigure(estimate=Interval(nothing, nothing, nothing), low=nothing, high=nothing,
    ...             reason=np.array([14], dtype=np.int8), method="").reason
    array([14], dtype=int8)
    """

    estimate: Interval
    low: FloatArray
    high: FloatArray
    reason: NDArray[np.int8]
    method: str


def group_figure(
    groups: GroupFigures,
    method: GroupMethod,
    *,
    confidence: float,
    transformed: bool = False,
    only_if_linear: bool = True,
) -> GroupFigure:
    """Return one figure for each area: the most deprived end against the least deprived.

    Parameters
    ----------
    groups
        Estimates of the groups.
    method
        ``"gap"`` and ``"slope_index"`` are differences, ``"gap_ratio"`` and ``"relative_index"``
        quotients; all of the most deprived against the least.
    confidence
        Of the estimates, and of the figure.
    transformed, only_if_linear
        As for :func:`~phm_diabetes.metrics.slope.slope_index`.

    Returns
    -------
    GroupFigure

    Raises
    ------
    StatisticsError
        Where there are too few groups.

    Examples
    --------
    >>> from phm_diabetes.metrics.proportions import proportion
    >>> n = np.full((1, 5), 100.0)
    >>> x = np.array([[60.0, 55, 50, 45, 40]])
    >>> groups = GroupFigures(estimate=proportion(x, n), low=x / n, high=x / n, people=n, events=x,
    ...                       kind="proportion", per=1)
    >>> group_figure(groups, "slope_index", confidence=0.95).estimate.value.round(3)
    array([0.25])
    """
    if method in _GAPS:
        return _gap(groups, method)
    return _slope(groups, method, confidence, transformed, only_if_linear)


def _gap(groups: GroupFigures, method: GroupMethod) -> GroupFigure:
    found = _GAPS[method](groups.estimate)
    ends = groups.estimate.value[:, [0, -1]]
    with np.errstate(all="ignore"):
        if method == "gap":
            low = groups.low[:, 0] - groups.high[:, -1]
            high = groups.high[:, 0] - groups.low[:, -1]
        else:
            low = groups.low[:, 0] / groups.high[:, -1]
            high = groups.high[:, 0] / groups.low[:, -1]
    known = np.isfinite(low) & np.isfinite(high)
    return GroupFigure(
        estimate=found,
        low=np.where(known, low, np.nan),
        high=np.where(known, high, np.nan),
        reason=first_reason(
            (np.asarray(np.isnan(ends).any(axis=1)), Reason.GROUP_MISSING),
            (np.isnan(found.value), Reason.ENDS_ZERO),
            (np.isnan(found.lower), Reason.GROUP_MISSING),
        ),
        method=_GAP_NAMES[method],
    )


def _slope(
    groups: GroupFigures,
    method: GroupMethod,
    confidence: float,
    transformed: bool,  # noqa: FBT001 - passed on
    only_if_linear: bool,  # noqa: FBT001 - passed on
) -> GroupFigure:
    # The least deprived first: the array functions take the first end from the last.
    value, lower, upper = (part[:, ::-1] / groups.per for part in groups.estimate)
    people, events = groups.people[:, ::-1], groups.events[:, ::-1]
    error = standard_error(lower, upper, kind=groups.kind, confidence=confidence)
    kind, fitted = groups.kind, transformed and groups.kind != "mean"
    reason = reason_no_slope(
        value, people, error, kind=kind, transformed=fitted, events=events,
        only_if_linear=only_if_linear,
    )  # fmt: skip
    if method == "slope_index":
        found = slope_index(
            value, people, error, kind=kind, transformed=fitted, events=events,
            only_if_linear=only_if_linear, per=groups.per, confidence=confidence,
        )  # fmt: skip
    else:
        found = relative_index(
            value, people, error, kind=kind, transformed=fitted, events=events,
            only_if_linear=only_if_linear, confidence=confidence,
        )  # fmt: skip
    exact = np.all((groups.low == groups.high) & (groups.low == groups.estimate.value), axis=1)
    known = np.where(exact, found.value, np.nan)
    closed = "Fieller" if method == "relative_index" else "closed form"
    return GroupFigure(
        estimate=found,
        low=known,
        high=known,
        reason=np.where(np.isnan(found.value) & (reason == 0), np.int8(Reason.ENDS_ZERO), reason),
        method="weighted least squares"
        + (_SCALES[kind] if fitted else "")
        + (f", {closed}" if kind == "mean" else ", simulated"),
    )
