"""Rules as arrays: whom a drill would find in many tables of counts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from attrs import evolve, frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.chance_counts import Publishing
from phm_diabetes.outliers.differing import difference_from
from phm_diabetes.outliers.rules import needed, threshold
from phm_diabetes.outliers.sides import Sides
from phm_diabetes.outliers.spread_groups import spread_p_values

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.drill_sets import DrillSet
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.outliers.rules import Threshold
    from phm_diabetes.schemas.counts import Counts

__all__ = ["LeafArrays", "leaf_arrays", "named_in", "refuse_undrawable"]


@frozen(kw_only=True, eq=False)
class LeafArrays:
    """One drill as arrays of practices (P), organisations at the gate (K) and measures (M).

    Parameters
    ----------
    practices
        Codes of every practice in the counts.
    cards
        The measures.
    numerator, denominator
        As published, shape ``(P, M)``; NaN where hidden.
    ranges
        Least and most of the numerators, and of the denominators, each of shape ``(2, P, M)``.
    present
        Whether the counts have a row, shape ``(P, M)``.
    publishing
        How each measure's counts were published.
    members
        1 where a practice is in an organisation of the gate, shape ``(P, K)``.
    asked
        Of these, 1 where the practice is in question, shape ``(P, K)``.
    other
        Numerators and denominators of the comparators, of practices and of the gate, each of
        shape ``(2, units, M)``.
    fixed
        Whether the comparator is taken as known.
    gates
        How far counts: for practices, and at the gate (``None`` for a gate of spread).
    spread
        Confidence of a gate of spread.
    least
        On how many measures.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="point", england="sum_of_practices")
    >>> leaf = leaf_arrays(found)
    >>> whom = leaf.found(leaf.numerator[None])[0]
    >>> {code for code, own in zip(leaf.practices, whom, strict=True) if own} == found.found
    True
    """

    practices: tuple[str, ...]
    cards: tuple[Measure, ...]
    numerator: FloatArray
    denominator: FloatArray
    ranges: tuple[FloatArray, FloatArray]
    present: NDArray[np.bool_]
    publishing: tuple[Publishing, ...]
    members: FloatArray
    asked: FloatArray
    other: tuple[FloatArray, FloatArray]
    fixed: bool
    gates: tuple[Threshold, Threshold | None]
    spread: float | None
    least: int

    def found(
        self, numerator: FloatArray, denominator: FloatArray | None = None
    ) -> NDArray[np.bool_]:
        """Return whom the drill finds.

        Parameters
        ----------
        numerator, denominator
            Shape ``(S, P, M)``, NaN where hidden; the denominators as published unless given.

        Returns
        -------
        ndarray of bool, shape (S, P)
        """
        people = self.denominator[None] if denominator is None else denominator
        through = self._passing(numerator, people).astype(np.float64) @ self.asked.T
        whom: NDArray[np.bool_] = (through > 0) & (
            self.measures_beyond(numerator, people) >= self.least
        )
        return whom

    def measures_beyond(self, numerator: FloatArray, denominator: FloatArray) -> NDArray[np.int64]:
        """Return on how many measures each practice lies beyond, shape ``(S, P)``."""
        beyond = self._beyond(numerator, denominator, self.other[0], self.gates[0])
        number: NDArray[np.int64] = beyond.sum(-1)
        return number

    def found_without_gate(
        self, numerator: FloatArray, denominator: FloatArray
    ) -> NDArray[np.bool_]:
        """Return whom the drill finds or its gate hides, shape ``(S, P)``."""
        asked = self.asked.sum(axis=1) > 0
        whom: NDArray[np.bool_] = asked & (
            self.measures_beyond(numerator, denominator) >= self.least
        )
        return whom

    def without(self, spot: int, rule: str | int) -> LeafArrays:
        """Return the drill without one of its measures."""
        kept = [each for each in range(len(self.cards)) if each != spot]
        fewer = min(rule, len(kept)) if isinstance(rule, int) else rule
        return evolve(
            self,
            cards=tuple(self.cards[each] for each in kept),
            numerator=self.numerator[:, kept],
            denominator=self.denominator[:, kept],
            ranges=(self.ranges[0][..., kept], self.ranges[1][..., kept]),
            present=self.present[:, kept],
            publishing=tuple(self.publishing[each] for each in kept),
            other=(self.other[0][..., kept], self.other[1][..., kept]),
            least=needed(fewer, len(kept)),
        )

    def at(self, text: str) -> LeafArrays:
        """Return the drill with another reading of how far counts, at both gates."""
        read = threshold(text, self.gates[0].side)
        return evolve(self, gates=(read, None if self.gates[1] is None else read))

    def _passing(self, numerator: FloatArray, denominator: FloatArray) -> NDArray[np.bool_]:
        """Organisations of the gate that are passed through, shape ``(S, K)``."""
        gate = self.gates[1]
        if gate is None:
            chance = spread_p_values(
                numerator, np.broadcast_to(denominator, numerator.shape), self.members, self._kinds
            )
            confidence = self.spread or 0.0
            differ: NDArray[np.bool_] = (chance < (1 - confidence) / 2).sum(-1) >= self.least
            return differ
        events, people = self._summed(numerator), self._summed(denominator)
        beyond = self._beyond(events, people, self.other[1], gate)
        enough: NDArray[np.bool_] = beyond.sum(-1) >= self.least
        return enough

    @property
    def _kinds(self) -> tuple[str, ...]:
        return tuple(card.kind for card in self.cards)

    def _summed(self, counts: FloatArray) -> FloatArray:
        """Sum practices by organisation of the gate; one hidden part hides the sum."""
        hidden = np.isnan(counts) & self.present
        plain = np.where(np.isnan(counts), 0.0, counts)
        total = np.swapaxes(np.swapaxes(plain, -1, -2) @ self.members, -1, -2)
        holes = np.swapaxes(np.swapaxes(hidden.astype(np.float64), -1, -2) @ self.members, -1, -2)
        return np.where(holes > 0, np.nan, total)

    def _beyond(
        self, numerator: FloatArray, denominator: FloatArray, other: FloatArray, gate: Threshold
    ) -> NDArray[np.bool_]:
        """Whether each figure lies beyond its comparator, of the shape of `numerator`."""
        shape = np.broadcast_shapes(numerator.shape, denominator.shape)
        people = np.broadcast_to(denominator, shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = numerator / people - other[0] / other[1]
        below = gate.side == "below"
        if gate.confidence is None:
            past: NDArray[np.bool_] = np.less(gap, 0) if below else np.greater(gap, 0)
            return past
        beyond = np.zeros(shape, dtype=bool)
        for spot, card in enumerate(self.cards):
            some = np.flatnonzero(np.isfinite(gap[..., spot]).ravel())
            nothing = np.full(len(some), np.nan)
            theirs = [np.broadcast_to(each[:, spot], shape[:-1]).ravel()[some] for each in other]
            sides = Sides(
                numerator=np.broadcast_to(numerator, shape)[..., spot].ravel()[some],
                denominator=people[..., spot].ravel()[some],
                squares=nothing,
                other_numerator=theirs[0],
                other_denominator=theirs[1],
                other_squares=nothing,
                fixed=self.fixed,
            )
            _, found = difference_from(card, sides, gate.confidence)
            flat = np.zeros(int(np.prod(shape[:-1])), dtype=bool)
            flat[some] = found.upper < 0 if below else found.lower > 0
            beyond[..., spot] = flat.reshape(shape[:-1])
        return beyond


def leaf_arrays(drill: Drill) -> LeafArrays:
    """Return a drill as arrays.

    Raises
    ------
    OptionError
        When a measure is one whose counts chance alone cannot be drawn for, such as money.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="interval(0.95)",
    ...     within={"place": "planted_dudley"}, england="sum_of_practices")
    >>> leaf = leaf_arrays(found)
    >>> whom = leaf.found(leaf.numerator[None], leaf.denominator[None])[0]
    >>> {code for code, own in zip(leaf.practices, whom) if own} == found.found
    True
    """
    refuse_undrawable(drill.measures)
    ids = [card.id for card in drill.measures]
    counts = cast("DataFrame[Counts]", drill.counts)
    placed = drill.geo.placements(counts, to=drill.via, as_at=drill.options["as_at"])
    placed = placed[placed["status"] == "placed"]
    asked = drill.placed[drill.placed["status"] == "placed"]
    # Whoever shares an organisation of the gate with a practice in question is summed with it.
    placed = placed[placed["parent_code"].isin(asked["parent_code"])]
    codes = sorted(placed["org_code"].astype(str).unique())
    grid = pd.MultiIndex.from_product([codes, ids])
    rows = counts.set_index(
        pd.MultiIndex.from_arrays([counts["org_code"].astype(str), counts["measure"].astype(str)])
    )
    figures: dict[str, FloatArray] = {
        name: np.asarray(
            rows[name].astype("Float64").reindex(grid).to_numpy(np.float64, na_value=np.nan),
            dtype=np.float64,
        )
        for part in ("numerator", "denominator")
        for name in (part, f"{part}_low", f"{part}_high")
    }
    shape = (len(codes), len(ids))
    laid: dict[str, FloatArray] = {name: each.reshape(shape) for name, each in figures.items()}
    parents = sorted(placed["parent_code"].astype(str).unique())
    spread = drill.options["gate"]
    side: Any = drill.side
    return LeafArrays(
        practices=tuple(codes),
        cards=drill.measures,
        numerator=laid["numerator"],
        denominator=laid["denominator"],
        ranges=(
            np.stack([laid["numerator_low"], laid["numerator_high"]]),
            np.stack([laid["denominator_low"], laid["denominator_high"]]),
        ),
        present=grid.isin(rows.index).reshape(shape),
        publishing=tuple(
            Publishing.of(
                laid["numerator"][:, spot],
                laid["numerator_low"][:, spot],
                laid["numerator_high"][:, spot],
            )
            for spot in range(len(ids))
        ),
        members=_matrix(placed, codes, parents),
        asked=_matrix(asked, codes, parents),
        other=(_comparators(drill, "practice", codes), _comparators(drill, drill.via, parents)),
        fixed=drill.to == "england",
        gates=(
            threshold(drill.gates["practice"], side),
            None if spread is not None else threshold(drill.gates[drill.via], side),
        ),
        spread=None if spread is None else float(spread.confidence),
        least=needed(drill.options["rule"], len(ids)),
    )


def refuse_undrawable(cards: tuple[Measure, ...]) -> None:
    """Refuse measures whose counts are neither people out of people nor events.

    Raises
    ------
    OptionError
        Naming them.

    Examples
    --------
    >>> refuse_undrawable(())
    """
    odd = [
        card.id for card in cards if card.kind not in {"proportion", "rate"} or card.unit == "pence"
    ]
    if odd:
        message = (
            f"What chance alone would give can be drawn for people and events, and not for "
            f"{', '.join(odd)}. Leave it out of the rule."
        )
        raise OptionError(message)


def _matrix(placed: pd.DataFrame, codes: list[str], parents: list[str]) -> FloatArray:
    matrix = np.zeros((len(codes), len(parents)))
    rows = pd.Index(codes).get_indexer(pd.Index(placed["org_code"].astype(str)))
    columns = pd.Index(parents).get_indexer(pd.Index(placed["parent_code"].astype(str)))
    matrix[rows, columns] = 1.0
    return matrix


def _comparators(drill: Drill, level: str, codes: list[str]) -> FloatArray:
    """Return counts of what each unit was compared with, shape ``(2, units, measures)``."""
    table = drill.comparisons
    one = table[(table["org_level"] == level) & (table["confidence"] == table["confidence"].min())]
    grid = pd.MultiIndex.from_product([codes, [card.id for card in drill.measures]])
    rows = one.set_index(
        pd.MultiIndex.from_arrays([one["org_code"].astype(str), one["measure"].astype(str)])
    )
    return np.stack(
        [
            rows[name]
            .astype("Float64")
            .reindex(grid)
            .to_numpy(np.float64, na_value=np.nan)
            .reshape(len(codes), -1)
            for name in ("comparator_numerator", "comparator_denominator")
        ]
    )


def named_in(result: Drill | DrillSet, found: dict[int, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Return whom drills combined name, from whom each drill finds.

    Parameters
    ----------
    result
        A drill, or drills combined.
    found
        By the id of each drill, shape ``(S, P)``, over the same practices.

    Examples
    --------
    >>> import numpy as np
    >>> drill = object()
    >>> named_in(drill, {id(drill): np.array([[True, False]])})
    array([[ True, False]])
    """
    if id(result) in found:
        return found[id(result)]
    parts: Any = result
    left, right = (named_in(each, found) for each in (parts.left, parts.right))
    if parts.how == "and":
        return left & right
    return left | right if parts.how == "or" else left & ~right
