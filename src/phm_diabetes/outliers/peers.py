"""Peers: units judged by their place among the other units of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from attrs import frozen

from phm_diabetes.outliers.answers import NOT_KNOWN, SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.families import families_of
from phm_diabetes.outliers.scales import in_errors
from phm_diabetes.outliers.steady import steadiness
from phm_diabetes.outliers.units import units_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.flags import Flags

    FenceOf: TypeAlias = Callable[[FloatArray], "Fence | str"]

__all__ = ["LEAST_PEERS", "Fence", "as_values", "judged_among_peers"]

LEAST_PEERS = 10
"""Fewest units with a figure among which one can stand out."""


@frozen(kw_only=True)
class Fence:
    """How far a value lies from its peers, and how far is too far.

    Parameters
    ----------
    low, high
        Values from which distances down and up are taken; a value between them scores 0.
    low_unit, high_unit
        Unit of the distances.
    threshold
        Units beyond which a value is flagged.

    Examples
    --------
    >>> fence = Fence(low=2.0, high=4.0, low_unit=2.0, high_unit=2.0, threshold=1.5)
    >>> fence.scores(np.array([1.0, 3.0, 8.0]))
    array([-0.5,  0. ,  2. ])
    """

    low: float
    high: float
    low_unit: float
    high_unit: float
    threshold: float

    def scores(self, values: FloatArray) -> FloatArray:
        """Return signed distances in units, NaN for a missing value."""
        below = in_errors(values - self.low, np.asarray(self.low_unit))
        above = in_errors(values - self.high, np.asarray(self.high_unit))
        inside = np.where(np.isnan(values), np.nan, 0.0)
        return np.where(values < self.low, below, np.where(values > self.high, above, inside))

    def sides(self, values: FloatArray) -> NDArray[np.int8]:
        """Return -1 below the fence, 1 above it, 0 inside, or `NOT_KNOWN`."""
        score = self.scores(values)
        beyond = (score > self.threshold).astype(np.int8) - (score < -self.threshold)
        return np.where(np.isnan(score), NOT_KNOWN, beyond).astype(np.int8)


def judged_among_peers(
    estimates: DataFrame[Estimates],
    *,
    detector: object,
    fence_of: FenceOf,
    words: tuple[str, str],
    measures: DiseaseArea | Sequence[Measure] | None,
) -> DataFrame[Flags]:
    """Flag the units of each family that lie beyond the fence of its values.

    Parameters
    ----------
    estimates
        Estimates of any levels; the units of one measure, level, period and cell are peers.
    detector
        Whose name the flags carry.
    fence_of : callable
        Takes the peers' values, and returns their fence, or why there is none.
    words
        The rule in words, below and above.
    measures
        Cards; ``None`` for the installed areas.

    Raises
    ------
    MeasureNotFoundError
        When a measure has no card.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> fence = Fence(low=0.0, high=1.0, low_unit=1.0, high_unit=1.0, threshold=0.0)
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> flags = judged_among_peers(
    ...     table, detector="none", fence_of=lambda values: fence, words=("low", "high"),
    ...     measures=None,
    ... )
    >>> int(flags["flagged"].sum())
    0
    """
    table = checked(Estimates, estimates, what="estimates")
    units = units_of(table)
    answers = unanswered(len(table), units.not_among_peers)
    low, high = (f"{SPECIAL_CAUSE}: {each}" for each in words)
    for family in families_of(table, measures):
        answers.put(family.rows, caveat=family.caveat)
        rows = family.rows[units.not_among_peers[family.rows] == ""]
        values = units.value[rows]
        fence = fence_of(values) if len(rows) >= LEAST_PEERS else _too_few(len(rows))
        if isinstance(fence, str):
            answers.put(rows, why=fence)
            continue
        side = fence.sides(values)
        answers.put(
            rows,
            side=side,
            score=fence.scores(values),
            threshold=fence.threshold,
            why=np.where(side < 0, low, high),
            rounding=steadiness(_side_at(fence, family.card), family.card, units, rows, side),
        )
    return answers.as_flags(table, detector)


def as_values(card: Measure, numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Return the figures of counts, in the measure's own scale.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> as_values(register_card("COPD"), np.array([5.0]), np.array([10.0]))
    array([0.5])
    """
    if card.kind == "count":
        return numerator
    with np.errstate(divide="ignore", invalid="ignore"):
        value: FloatArray = numerator / denominator * card.per
    return np.where(denominator > 0, value, np.nan)


def _side_at(
    fence: Fence, card: Measure
) -> Callable[[FloatArray, FloatArray, NDArray[np.intp]], NDArray[np.int8]]:
    return lambda x, n, _: fence.sides(as_values(card, x, n))


def _too_few(known: int) -> str:
    return f"{known} units have a figure, and peers are at least {LEAST_PEERS}"
