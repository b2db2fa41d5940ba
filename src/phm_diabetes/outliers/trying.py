"""Trying: whom a result names under one reading, on the counts as published and as drawn."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.outliers.recurrent_found import Recurrent
from phm_diabetes.outliers.rule_arrays import named_in
from phm_diabetes.outliers.rules import needed
from phm_diabetes.outliers.shortlisting import Shortlist

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.outliers.rule_arrays import LeafArrays

    Bools = NDArray[np.bool_]

__all__ = ["Tried", "named_by", "tables_of"]


@frozen(kw_only=True, eq=False)
class Tried:
    """One drill under one reading: who is beyond on what, in every table of counts.

    Parameters
    ----------
    leaf
        The drill.
    beyond, gate_beyond
        Of practices, shape ``(S, P, M)``, and of organisations of the gate, ``(S, K, M)``.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.laid_rules import leaf_arrays
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="point", england="sum_of_practices")
    >>> leaf = leaf_arrays(found)
    >>> Tried.of(leaf, leaf.numerator[None], leaf.denominator[None]).beyond.shape[0]
    1
    """

    leaf: LeafArrays
    beyond: Bools
    gate_beyond: Bools

    @classmethod
    def of(cls, leaf: LeafArrays, numerator: FloatArray, denominator: FloatArray) -> Tried:
        """Return who is beyond, in tables of shape ``(S, P, M)``."""
        return cls(
            leaf=leaf,
            beyond=leaf.beyond(numerator, denominator),
            gate_beyond=leaf.gate_beyond(numerator, denominator),
        )


def tables_of(
    leaves: Sequence[LeafArrays], draws: int, seed: int
) -> list[tuple[FloatArray, FloatArray]]:
    """Return each drill's counts, as published and drawn; drawn only where any is not exact.

    Parameters
    ----------
    leaves
        The drills.
    draws
        How many tables are drawn.
    seed
        The same seed gives the same tables.

    Returns
    -------
    list of tuple of ndarray
        Numerators and denominators, shape ``(1 + S, P, M)``.

    Examples
    --------
    >>> tables_of([], 20, 0)
    []
    """
    exact = all(_is_exact(leaf) for leaf in leaves)
    return [_drawn(leaf, 0 if exact else draws, seed) for leaf in leaves]


def named_by(
    result: Any,  # noqa: ANN401 - any result
    drills: Sequence[Drill],
    tried: Sequence[Tried],
    *,
    gated: bool,
    left_out: str,
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield whom one variant names, on the published counts and on every draw.

    Parameters
    ----------
    result
        Drills combined, what recurs in them, or a shortlist.
    drills, tried
        The drills that it rests on, each under one reading.
    gated
        Whether the gate is kept.
    left_out
        Measure that is left out where it is not the only one; blank for none.

    Yields
    ------
    str, frozenset of str
        What the counts are, and the practices named.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.laid_rules import leaf_arrays
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="point", england="sum_of_practices")
    >>> leaf = leaf_arrays(found)
    >>> tried = Tried.of(leaf, leaf.numerator[None], leaf.denominator[None])
    >>> (_, codes), = named_by(found, [found], [tried], gated=True, left_out="")
    >>> codes == found.found
    True
    """
    practices = sorted({code for each in tried for code in each.leaf.practices})
    index = pd.Index(practices)
    found: dict[int, Bools] = {}
    number: dict[int, NDArray[np.int64]] = {}
    size = len(tried[0].beyond)
    for drill, each in zip(drills, tried, strict=True):
        leaf, ids = each.leaf, [card.id for card in each.leaf.cards]
        goes = left_out in ids and len(ids) > 1
        kept = [spot for spot, name in enumerate(ids) if not (goes and name == left_out)]
        rule = drill.options["rule"]
        least = needed(min(rule, len(kept)) if isinstance(rule, int) else rule, len(kept))
        spots = index.get_indexer(pd.Index(leaf.practices))
        own = np.zeros((size, len(practices)), dtype=bool)
        beyond = np.zeros((size, len(practices)), dtype=np.int64)
        own[:, spots] = leaf.named(
            each.beyond, each.gate_beyond if gated else None, kept=kept, least=least
        )
        beyond[:, spots] = each.beyond[..., kept].sum(-1)
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
