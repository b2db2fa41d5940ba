"""Readings: who lies beyond the comparator, under one pair of gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from phm_diabetes.outliers.rules import Threshold

__all__ = ["Reading", "reading_of"]


@frozen(kw_only=True)
class Reading:
    """Who lies beyond, under one pair of gates; codes, sorted.

    Parameters
    ----------
    parents
        PCNs (or other organisations of the gate) beyond the comparator.
    found
        Practices beyond it, in one of these.
    hidden
        Practices beyond it, in none of these: what the gate hides.
    not_gated
        All practices without an organisation at the gate.
    not_gated_beyond
        Those of them beyond the comparator.
    undecided, parents_undecided
        Practices, and organisations of the gate, that are not beyond, but could be: a figure is
        missing or hidden.

    Examples
    --------
    >>> Reading(parents=("U99001",), found=("Y99001", "Y99002"), hidden=(), not_gated=(),
    ...         not_gated_beyond=()).counts
    (1, 2)
    """

    parents: tuple[str, ...]
    found: tuple[str, ...]
    hidden: tuple[str, ...]
    not_gated: tuple[str, ...]
    not_gated_beyond: tuple[str, ...]
    undecided: tuple[str, ...] = ()
    parents_undecided: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[int, int]:
        """How many at the gate, and how many practices in them."""
        return len(self.parents), len(self.found)


def reading_of(
    comparisons: pd.DataFrame,
    placed: pd.DataFrame,
    gates: Mapping[str, Threshold],
    *,
    least: int,
    measures: int,
    passing: tuple[frozenset[str], frozenset[str]] | None = None,
) -> Reading:
    """Read comparisons under a pair of gates.

    Parameters
    ----------
    comparisons
        Both levels, one row a measure and confidence.
    placed
        ``org_code``, ``parent_code`` and ``status`` of each practice in question; a practice in
        two organisations of the gate stands twice.
    gates
        How far counts: at the gate, and then for practices.
    least
        On how many measures an organisation must lie beyond.
    measures
        How many measures there are.
    passing
        Organisations that pass another kind of gate, and those that it cannot tell of; ``None``
        for a gate of the figures themselves.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.rules import threshold
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="point", england="sum_of_practices",
    ... )
    >>> gates = {level: threshold("point", "above") for level in ("pcn", "practice")}
    >>> reading_of(found.comparisons, found.placed, gates, least=1, measures=1) == found.reading
    True
    """
    if passing is None:
        via = next(level for level in gates if level != "practice")
        passing = _beyond(comparisons, via, gates[via], least, measures)
    parents, unsure_parents = passing
    practices, unsure = _beyond(comparisons, "practice", gates["practice"], least, measures)
    inside = placed[placed["status"] == "placed"]
    nobody = placed.loc[placed["status"] != "placed", "org_code"]
    in_question = set(inside["parent_code"])
    beyond = inside[inside["org_code"].isin(practices)]
    found = set(beyond.loc[beyond["parent_code"].isin(parents), "org_code"])
    return Reading(
        parents=tuple(sorted(parents & in_question)),
        found=tuple(sorted(found)),
        hidden=tuple(sorted(set(beyond["org_code"]) - found)),
        not_gated=tuple(sorted(nobody)),
        not_gated_beyond=tuple(sorted(set(nobody) & practices)),
        undecided=tuple(sorted(set(placed["org_code"]) & unsure)),
        parents_undecided=tuple(sorted(in_question & unsure_parents)),
    )


def _beyond(
    comparisons: pd.DataFrame, level: str, gate: Threshold, least: int, measures: int
) -> tuple[frozenset[str], frozenset[str]]:
    """Organisations of a level beyond on enough measures, and those that missing figures keep."""
    confidence = gate.confidence or comparisons["confidence"].min()
    rows = comparisons[
        (comparisons["org_level"] == level) & (comparisons["confidence"] == confidence)
    ]
    codes = rows["org_code"].astype(object)
    passed = gate.passed(rows).groupby(codes).sum()
    known = (rows["verdict"] != "not compared").groupby(codes).sum()
    could = passed + measures - known
    beyond = frozenset(passed.index[passed >= least])
    return beyond, frozenset(could.index[could >= least]) - beyond
