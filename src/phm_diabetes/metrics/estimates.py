"""Estimate: counts summed first and divided once, with what hidden counts could change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.metrics.dispatch import estimated
from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.metrics.stacking import Figures, confidence_levels, floats_of, stacked
from phm_diabetes.metrics.withholding import withhold_rare
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.estimates import Estimates

__all__ = ["alike", "estimate"]


def estimate(
    counts: DataFrame[Counts],
    *,
    by: Sequence[str] = (),
    measures: DiseaseArea | Sequence[Measure] | None = None,
    confidence: float | Sequence[float] = 0.95,
) -> DataFrame[Estimates]:
    """Turn counts into figures with their intervals.

    Nought, one and all of the denominator have a figure and an interval like any other count.
    A row that has none (a missing or hidden count, nobody in the denominator, a numerator above
    it) does not keep the others from theirs. Rare events have a figure from 10 on, never of a
    practice, and below an ICB in at most three groups of at least 10 each.

    Parameters
    ----------
    counts
        Counts of any levels; levels are never added together here.
    by
        Dimensions to keep; the others are summed first, by the summing rules.
    measures
        Cards that say each measure's kind and unit; ``None`` for the installed areas.
    confidence
        Two-sided, between 0 and 1; several give one row each.

    Returns
    -------
    DataFrame[Estimates]
        A row that cannot be divided keeps its counts, and says why in ``reason``.

    Raises
    ------
    MeasureNotFoundError
        When a measure has no card.
    DoubleCountError
        When a dimension that is not in `by` cannot be summed.
    OptionError
        When a confidence is not between 0 and 1.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> table = estimate(counts_from([{
    ...     "dataset": "QOF", "measure": "copd.register", "definition": "qof:COPD:TOTAL",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 5, "denominator": 10,
    ... }]))
    >>> table[["value", "lower", "upper"]].round(4).values.tolist()
    [[0.5, 0.2366, 0.7634]]
    """
    levels = confidence_levels(confidence)
    table = choose(as_counts(counts, what="counts"), by)
    cards = cards_of(table, measures)
    figures = Figures.empty(len(levels), len(table))
    numbers = _Numbers(table)
    for card, rows in alike(table, cards):
        found = estimated(
            card,
            numbers.numerator[rows],
            numbers.denominator[rows],
            numbers.squares[rows],
            levels,
        )
        low, high = numbers.bounds(rows, card)
        rounded = (found.reason == Reason.NUMERATOR_ABOVE) & np.isfinite(high)
        figures.put(
            rows,
            estimate=(found.value, found.lower, found.upper),
            bounds=(low, high),
            reason=np.where(rounded, np.int8(Reason.ABOVE_BY_ROUNDING), found.reason),
            method=found.method,
        )
    withhold_rare(table, cards, figures)
    return stacked(table, figures, levels)


def alike(
    table: pd.DataFrame, cards: Mapping[str, Measure]
) -> Iterator[tuple[Measure, NDArray[np.intp] | slice]]:
    """Yield the rows of measures that are divided in the same way, with the card of one of them.

    Parameters
    ----------
    table
        Anything with a ``measure`` column of categories.
    cards
        The card of each measure in it.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.metrics.cards import cards_of
    >>> table = pd.DataFrame({"measure": pd.Categorical(["copd.register", "af.register"])})
    >>> [card.kind for card, _ in alike(table, cards_of(table, None))]
    ['proportion']
    """
    groups: dict[tuple[str, str, int], list[Measure]] = {}
    for card in cards.values():
        groups.setdefault((card.kind, card.unit, card.per), []).append(card)
    if len(groups) == 1:
        yield next(iter(cards.values())), slice(None)
        return
    for same in groups.values():
        yield same[0], np.flatnonzero(table["measure"].isin([card.id for card in same]))


class _Numbers:
    """The counts of a table as arrays."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.numerator, self.denominator = (
            floats_of(table, name) for name in ("numerator", "denominator")
        )
        self.squares = floats_of(table, "numerator_ss")
        self._low, self._high = (floats_of(table, f"numerator_{end}") for end in ("low", "high"))
        self._denominator_low, self._denominator_high = (
            floats_of(table, f"denominator_{end}") for end in ("low", "high")
        )

    def bounds(
        self, rows: NDArray[np.intp] | slice, card: Measure
    ) -> tuple[FloatArray, FloatArray]:
        """Least and most that the figure can be, at the corners of the hard bounds."""
        if card.kind == "count":
            return self._low[rows], self._high[rows]
        with np.errstate(divide="ignore", invalid="ignore"):
            low = self._low[rows] / self._denominator_high[rows]
            high = self._high[rows] / self._denominator_low[rows]
        ok = np.isfinite(low)
        if card.kind == "proportion":
            # Some of the denominator may be hidden, but never more than all of it has something.
            ok &= low <= 1
            high = np.minimum(high, 1)
        ok &= np.isfinite(high)
        return np.where(ok, low * card.per, np.nan), np.where(ok, high * card.per, np.nan)
