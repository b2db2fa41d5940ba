"""Rules as arrays: whom a drill would find in many tables of counts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from attrs import evolve, frozen

from phm_diabetes.outliers.differing import difference_from
from phm_diabetes.outliers.overdispersion import Recipe, estimate_overdispersion
from phm_diabetes.outliers.rules import threshold
from phm_diabetes.outliers.sides import Sides
from phm_diabetes.outliers.spread_groups import spread_p_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.chance_counts import Publishing
    from phm_diabetes.outliers.drill_sets import DrillSet
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.outliers.rules import Threshold

    Method: TypeAlias = Literal["as estimated", "exact", "over-dispersed"]

__all__ = ["METHODS", "LeafArrays", "named_in"]

METHODS: tuple[Method, ...] = ("as estimated", "exact", "over-dispersed")
"""Intervals of practices: as `compare` has them, exact, or widened by over-dispersion."""
_WIDER = Recipe(name="stability", model="multiplicative", scale="natural")


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
    exact
        Whether intervals are exact.
    widening
        By what practices' intervals are wider than chance has them, one a measure.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="point", england="sum_of_practices")
    >>> from phm_diabetes.outliers.laid_rules import leaf_arrays
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
    exact: bool = False
    widening: tuple[float, ...] = ()

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
        return self.named(self.beyond(numerator, people), self.gate_beyond(numerator, people))

    def beyond(self, numerator: FloatArray, denominator: FloatArray) -> NDArray[np.bool_]:
        """Return on which measures each practice lies beyond, shape ``(S, P, M)``."""
        return self._beyond(
            numerator, denominator, self.other[0], self.gates[0], widening=self.widening
        )

    def gate_beyond(self, numerator: FloatArray, denominator: FloatArray) -> NDArray[np.bool_]:
        """Return on which measures each organisation of the gate is beyond, ``(S, K, M)``."""
        gate = self.gates[1]
        if gate is None:
            chance = spread_p_values(
                numerator, np.broadcast_to(denominator, numerator.shape), self.members, self._kinds
            )
            differ: NDArray[np.bool_] = chance < (1 - (self.spread or 0.0)) / 2
            return differ
        events, people = self._summed(numerator), self._summed(denominator)
        return self._beyond(events, people, self.other[1], gate)

    def named(
        self,
        beyond: NDArray[np.bool_],
        gate_beyond: NDArray[np.bool_] | None,
        *,
        kept: Sequence[int] | None = None,
        least: int | None = None,
    ) -> NDArray[np.bool_]:
        """Return whom the drill finds, shape ``(S, P)``.

        Parameters
        ----------
        beyond, gate_beyond
            As the methods of that name give them; ``None`` for no gate.
        kept
            Places of the measures that count; all unless given.
        least
            On how many of them; as asked unless given.
        """
        places = list(range(len(self.cards)) if kept is None else kept)
        needed_on = self.least if least is None else least
        asked = self.asked.T
        if gate_beyond is None:
            through = (asked > 0).any(axis=0)
        else:
            passing = gate_beyond[..., places].sum(-1) >= needed_on
            through = passing.astype(np.float64) @ asked > 0
        whom: NDArray[np.bool_] = (beyond[..., places].sum(-1) >= needed_on) & through
        return whom

    def at(
        self,
        text: str,
        method: Method = "as estimated",
        *,
        learnt_from: Mapping[str, tuple[FloatArray, FloatArray]] | None = None,
    ) -> LeafArrays:
        """Return the drill with another reading of how far counts, and other intervals.

        Parameters
        ----------
        text
            How far counts, at both gates.
        method
            Intervals; those of the gate are never widened, since it has too few organisations
            to learn from.
        learnt_from
            Numerators and denominators, by measure, of the practices from which over-dispersion
            is learnt; the drill's own unless given.

        Raises
        ------
        StatisticsError
            When there are too few practices to learn over-dispersion from.
        """
        read = threshold(text, self.gates[0].side)
        return evolve(
            self,
            gates=(read, None if self.gates[1] is None else read),
            exact=method == "exact",
            widening=self._learnt(learnt_from) if method == "over-dispersed" else (),
        )

    def _learnt(
        self, others: Mapping[str, tuple[FloatArray, FloatArray]] | None
    ) -> tuple[float, ...]:
        """Root of the over-dispersion of each measure, about a comparator that is known."""
        found = []
        for spot, card in enumerate(self.cards):
            theirs = self.other[0][:, :, spot]
            centre = float(theirs[0, 0] / theirs[1, 0]) if self.fixed else None
            own = (self.numerator[:, spot], self.denominator[:, spot])
            numerator, denominator = own if others is None else others[card.id]
            learnt = estimate_overdispersion(
                numerator,
                denominator,
                kind="proportion" if card.kind == "proportion" else "rate",
                recipe=_WIDER,
                reference="the practices",
                centre=centre,
            )
            found.append(float(np.sqrt(learnt.phi)))
        return tuple(found)

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
        self,
        numerator: FloatArray,
        denominator: FloatArray,
        other: FloatArray,
        gate: Threshold,
        *,
        widening: Sequence[float] = (),
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
            _, found = difference_from(card, sides, gate.confidence, exact=self.exact)
            end = found.upper if below else found.lower
            if widening:
                end = found.value + widening[spot] * (end - found.value)
            flat = np.zeros(int(np.prod(shape[:-1])), dtype=bool)
            flat[some] = end < 0 if below else end > 0
            beyond[..., spot] = flat.reshape(shape[:-1])
        return beyond


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
