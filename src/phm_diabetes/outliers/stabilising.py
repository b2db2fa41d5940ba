"""Stability: the same question asked in every way that it could as well have been asked."""

from __future__ import annotations

from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, PhmError
from phm_diabetes.outliers.drawn_rules import drills_of
from phm_diabetes.outliers.drilling import drill as drill_again
from phm_diabetes.outliers.recurrent_found import Recurrent
from phm_diabetes.outliers.rule_arrays import leaf_arrays, named_in
from phm_diabetes.outliers.shortlisting import Shortlist
from phm_diabetes.outliers.stability_found import Stability

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.drill_sets import DrillSet
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.outliers.rule_arrays import LeafArrays

    Bools = NDArray[np.bool_]

__all__ = ["stability"]

_READINGS = ("point", "interval(0.95)", "interval(0.998)")
_LEVELS = ("england", "icb", "place")
_GATED, _UNGATED = "as asked", "left out"


def stability(
    result: Drill | DrillSet | Recurrent | Shortlist,
    *,
    comparators: Sequence[str] | None = None,
    below: Sequence[str] = _READINGS,
    gates: Sequence[str] = (_GATED, _UNGATED),
    leave_out: bool = True,
    draws: int = 20,
    seed: int = 0,
) -> Stability:
    """Say in what share of the variants of a rule each practice is still named.

    Parameters
    ----------
    result
        A drill, drills combined, what recurs in them, or a shortlist: the rule and what it was
        asked of.
    comparators
        Levels to compare with; ``None`` for the result's own, and ICB, Place and England where
        these can be had. What cannot is listed, with the reason.
    below
        Readings of how far counts, at both gates.
    gates
        ``"as asked"`` and ``"left out"``, where practices that the gate hides are named too.
    leave_out
        Whether each measure is left out in turn, where a drill has several.
    draws
        How often rounded and hidden counts are drawn within their bounds, for every variant;
        none where all counts are exact.
    seed
        The same seed gives the same answer.

    Returns
    -------
    Stability
        Every variant has the same weight.

    Raises
    ------
    OptionError
        When the result rests on something else than drills, or an option has no value.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="interval(0.95)",
    ...     within={"place": "planted_dudley"}, england="sum_of_practices")
    >>> steady = phm.stability(found, comparators=["england"])
    >>> len(steady.variants), steady.table["share"].between(0, 1).all()
    (6, np.True_)
    """
    if not below or not gates or set(gates) - {_GATED, _UNGATED} or draws < 0:
        message = (
            f"below= takes readings such as 'point', gates= '{_GATED}' or '{_UNGATED}', and "
            "draws= a number from 0."
        )
        raise OptionError(message)
    drills = drills_of(result)
    levels = [drills[0].to, *(each for each in _LEVELS if each != drills[0].to)]
    asked = levels if comparators is None else list(comparators)
    variants: list[dict[str, Any]] = []
    named: list[frozenset[str]] = []
    skipped: list[str] = []
    for level in asked:
        again = _compared_with(drills, level, skipped, may_skip=comparators is None)
        if again is None:
            continue
        for how, gate in product(below, gates):
            for left_out, leaves in _left_out(drills, again, how, leave_out=leave_out):
                for words, codes in _named(
                    result, drills, leaves, gated=gate == _GATED, draws=draws, seed=seed
                ):
                    variants.append(
                        {
                            "comparator": level,
                            "below": how,
                            "gate": gate,
                            "left_out": left_out,
                            "counts": words,
                            "practices": len(codes),
                        }
                    )
                    named.append(codes)
    if not variants:
        message = f"No comparator could be tried: {'; '.join(skipped)}."
        raise OptionError(message)
    own = _codes(result)
    everyone = sorted(own.union(*named))
    table = pd.DataFrame(
        {
            "org_code": everyone,
            "named": [code in own for code in everyone],
            "share": [np.mean([code in each for each in named]) for code in everyone],
        }
    )
    table = table.sort_values(["named", "share", "org_code"], ascending=[False, False, True])
    return Stability(
        table=table.reset_index(drop=True),
        variants=pd.DataFrame(variants),
        skipped=tuple(skipped),
    )


def _codes(result: Any) -> frozenset[str]:  # noqa: ANN401 - any result
    return frozenset(result.codes if hasattr(result, "codes") else result.found)


def _compared_with(
    drills: Sequence[Drill], level: str, skipped: list[str], *, may_skip: bool
) -> list[LeafArrays] | None:
    """Ask every drill again with another comparator; nothing where one cannot be asked."""
    try:
        return [leaf_arrays(_again(each, level)) for each in drills]
    except PhmError as error:
        if not may_skip:
            raise
        skipped.append(f"{level} ({str(error).split('. ')[0].rstrip('.')})")
    return None


def _again(drill: Drill, level: str) -> Drill:
    if level == drill.to:
        return drill
    kept = drill.given["org_level"].isin(["practice", level])
    options = {**drill.options, "to": level}
    return drill_again(drill.given[kept], **options)  # type: ignore[arg-type]


def _left_out(
    drills: Sequence[Drill], leaves: Sequence[LeafArrays], how: str, *, leave_out: bool
) -> Iterator[tuple[str, list[LeafArrays]]]:
    read = [leaf.at(how) for leaf in leaves]
    yield "nothing", read
    if not leave_out:
        return
    several = {card.id: None for leaf in read if len(leaf.cards) > 1 for card in leaf.cards}
    for measure in several:
        fewer = []
        for drill, leaf in zip(drills, read, strict=True):
            ids = [card.id for card in leaf.cards]
            can_go = measure in ids and len(ids) > 1
            rule = drill.options["rule"]
            fewer.append(leaf.without(ids.index(measure), rule) if can_go else leaf)
        yield measure, fewer


def _named(
    result: Any,  # noqa: ANN401 - any result
    drills: Sequence[Drill],
    leaves: Sequence[LeafArrays],
    *,
    gated: bool,
    draws: int,
    seed: int,
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield whom one variant names, on the published counts and on every draw."""
    practices = sorted({code for leaf in leaves for code in leaf.practices})
    index = pd.Index(practices)
    found: dict[int, Bools] = {}
    number: dict[int, NDArray[np.int64]] = {}
    exact = all(_is_exact(leaf) for leaf in leaves)
    size = 1 + (0 if exact else draws)
    for drill, leaf in zip(drills, leaves, strict=True):
        numerator, denominator = _drawn(leaf, 0 if exact else draws, seed)
        spots = index.get_indexer(pd.Index(leaf.practices))
        own = np.zeros((size, len(practices)), dtype=bool)
        beyond = np.zeros((size, len(practices)), dtype=np.int64)
        whom = leaf.found if gated else leaf.found_without_gate
        own[:, spots] = whom(numerator, denominator)
        beyond[:, spots] = leaf.measures_beyond(numerator, denominator)
        found[id(drill)], number[id(drill)] = own, np.where(own, beyond, 0)
    masks = _of_result(result, found, number, practices)
    for spot in range(size):
        words = "as published" if spot == 0 else f"drawn within their bounds ({spot})"
        yield words, frozenset(index[masks[spot]])


def _is_exact(leaf: LeafArrays) -> bool:
    return all(bool(np.array_equal(low, high, equal_nan=True)) for low, high in leaf.ranges)


def _drawn(leaf: LeafArrays, draws: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return published counts, then counts drawn evenly within their bounds, ``(1 + S, P, M)``."""
    drawn = []
    for published, (low, high) in zip((leaf.numerator, leaf.denominator), leaf.ranges, strict=True):
        # One stream a measure: a measure of two drills is drawn once for both.
        shares = np.stack(
            [
                np.random.default_rng([seed, *card.id.encode()]).random((draws, len(published)))
                for card in leaf.cards
            ],
            axis=-1,
        )
        each = low + np.floor(shares * (high - low + 1))
        drawn.append(np.concatenate([published[None], np.where(low == high, low, each)]))
    numerator, denominator = drawn
    numerator[1:] = np.minimum(numerator[1:], denominator[1:])
    return numerator, denominator


def _of_result(
    result: Any,  # noqa: ANN401 - any result
    found: dict[int, Bools],
    number: dict[int, NDArray[np.int64]],
    practices: Sequence[str],
) -> Bools:
    parts = result.recurrent if isinstance(result, Shortlist) else result
    if not isinstance(parts, Recurrent):
        return named_in(parts, found)
    domains = np.stack(
        [
            reduce(np.logical_or, [named_in(one, found) for one in own])
            for own in parts.results.values()
        ]
    )
    inside: Bools = domains.sum(0) >= parts.at_least
    if not isinstance(result, Shortlist):
        return inside
    measures = np.stack(
        [
            np.where(domain, sum(number[id(leaf)] for one in own for leaf in one.leaves), 0)
            for domain, own in zip(domains, parts.results.values(), strict=True)
        ]
    ).sum(0)
    return _listed(result, inside, domains.sum(0), measures, practices)


def _listed(
    result: Shortlist,
    inside: Bools,
    domains: NDArray[np.int64],
    measures: NDArray[np.int64],
    practices: Sequence[str],
) -> Bools:
    """Return the first so many in the shortlist's order, with all that tie at the edge."""
    added, removed = (np.isin(practices, list(each)) for each in (result.added, result.removed))
    standing = np.where(inside & ~added & ~removed, domains * (measures.max() + 1) + measures, -1)
    place = min(result.size, standing.shape[1])
    edge = -np.sort(-standing, axis=1)[:, place - 1 : place]
    listed: Bools = ((standing >= np.maximum(edge, 0)) & (standing >= 0)) | added
    return listed
