"""Judged areas: the gap or slope of each area, written as a row like those of its groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.dispatch import divides_its_counts
from phm_diabetes.metrics.group_figures import GroupFigures, group_figure
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.gradient import ValueKind
    from phm_diabetes.metrics.group_figures import GroupFigure, GroupMethod
    from phm_diabetes.metrics.laid_groups import LaidGroups
    from phm_diabetes.model.measures import Measure

__all__ = ["judged_groups"]

_REASONS = tuple(reason.words for reason in Reason)


def judged_groups(
    laid: LaidGroups,
    cards: dict[str, Measure],
    method: GroupMethod,
    *,
    transformed: bool,
    curved: str | None,
) -> pd.DataFrame:
    """Return one row an area with its figure, in the columns of the table, and a blank rank.

    Parameters
    ----------
    laid
        Estimates of the groups.
    cards
        The card of each measure.
    method, transformed
        As for :func:`~phm_diabetes.metrics.group_figures.group_figure`.
    curved
        Why a line may be drawn where the groups lie on none; ``None`` where it may not.

    Raises
    ------
    StatisticsError
        When a measure is a plain count.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.metrics.cards import cards_of
    >>> from phm_diabetes.metrics.group_levels import GroupLevels
    >>> from phm_diabetes.metrics.laid_groups import LaidGroups
    >>> row = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level":
    ...     "icb", "org_code": "QZZ", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = phm.estimate(phm.counts_from([
    ...     {**row, "imd_quintile": "2019:1", "numerator": 6, "denominator": 10},
    ...     {**row, "imd_quintile": "2019:2", "numerator": 5, "denominator": 10}]),
    ...     by=["imd_quintile"])
    >>> levels = GroupLevels(names=("2019:1", "2019:2"), vintage="2019")
    >>> laid = LaidGroups(table, "imd_quintile", levels)
    >>> judged_groups(laid, cards_of(table, None), "gap", transformed=False, curved=None)[
    ...     "value"].round(2).tolist()
    [0.1]
    """
    table = laid.table
    total = laid.totals()
    number = {
        name: np.full(laid.areas, np.nan) for name in ("value", "lower", "upper", "low", "high")
    }
    reason = np.zeros(laid.areas, dtype=np.int8)
    names: list[str] = []
    method_of = np.zeros(laid.areas, dtype=np.int8)
    square = {
        name: laid.square(name)
        for name in ("value", "lower", "upper", "value_low", "value_high", "numerator",
                     "denominator", "numerator_ss")
    }  # fmt: skip
    own = divides_its_counts(table)
    kinds, first = group_ids(total, ["measure", "confidence"])
    for spot, row in enumerate(first):
        areas = np.flatnonzero(kinds == spot)
        card = cards[str(total["measure"].iloc[row])]
        part = {name: values[areas] for name, values in square.items()}
        divided = bool(own[np.isin(laid.ids, areas)].all())
        found = group_figure(
            _groups(card, part, divided=divided),
            method,
            confidence=float(total["confidence"].iloc[row]),
            transformed=transformed,
            only_if_linear=curved is None,
        )
        _fill(number, found, areas)
        reason[areas] = found.reason
        if found.method not in names:
            names.append(found.method)
        method_of[areas] = names.index(found.method)
    added: dict[str, Any] = {
        "value": number["value"],
        "lower": number["lower"],
        "upper": number["upper"],
        "method": worded(method_of, names or ["none"]),
        "value_low": number["low"],
        "value_high": number["high"],
        "reason": worded(reason, _REASONS),
        "relative_rank": np.full(laid.areas, np.nan),
    }
    return total.assign(**added)[[*table.columns, "relative_rank"]]


def _fill(number: dict[str, FloatArray], found: GroupFigure, areas: NDArray[np.intp]) -> None:
    number["value"][areas], number["lower"][areas], number["upper"][areas] = found.estimate
    number["low"][areas], number["high"][areas] = found.low, found.high


def _groups(card: Measure, part: dict[str, FloatArray], *, divided: bool) -> GroupFigures:
    if card.kind == "count":
        message = (
            f"{card.id} is a plain count, and groups of different sizes cannot be compared by it. "
            "Filter it out, or use a measure with a denominator."
        )
        raise StatisticsError(message)
    events = part["numerator"]
    if card.unit != "people":
        with np.errstate(all="ignore"):  # as many as would leave the total as uncertain as it is
            events = np.where(
                part["numerator_ss"] > 0, events * events / part["numerator_ss"], events
            )
    kind: ValueKind = "mean" if card.kind == "mean" else "rate"
    if card.kind == "proportion" and divided:
        kind = "proportion"
    return GroupFigures(
        estimate=Interval(part["value"], part["lower"], part["upper"]),
        low=part["value_low"],
        high=part["value_high"],
        people=part["denominator"],
        events=events,
        kind=kind,
        per=card.per,
    )
