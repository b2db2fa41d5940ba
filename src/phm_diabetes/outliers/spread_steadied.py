"""Steadiness of a spread: what the units' hidden and rounded counts could do to the flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.outliers.answers import CANNOT_TELL, HOLDS
from phm_diabetes.outliers.steady import DRAWS, ENOUGH, LIKELY_HOLDS, MAY_CHANGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.spread_groups import SpreadGroups

__all__ = ["spread_steadiness"]


def spread_steadiness(
    groups: SpreadGroups, side: NDArray[np.int8], confidence: float
) -> NDArray[np.int8]:
    """Return, for each organisation, the place of its word in ``ROUNDING_WORDS``.

    Parameters
    ----------
    groups
        The organisations and their units.
    side
        1 where flagged, 0 where not.
    confidence
        Two-sided.

    Returns
    -------
    ndarray of int8
        *holds* where every count inside is exact; *likely holds* where the flag is the same in at
        least 95% of draws; *may change* where in fewer; *cannot tell* where a unit has no figure.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.spread_groups import groups_of
    >>> groups = groups_of(
    ...     phm.estimate(phm.load(demo.registers(), period="2022-23").table), confidence=0.95,
    ...     geo=demo.england_geography(), within="pcn", of="practice", as_at="period_end",
    ...     measures=None,
    ... )
    >>> side = groups.sides(groups.chance_of(*groups.counts), 0.95)
    >>> set(spread_steadiness(groups, side, 0.95).tolist())
    {0}
    """
    units, group = groups.units, groups.group
    x, n = units.numerator_range, units.denominator_range
    exact = (x.low == x.high) & (n.low == n.high)
    told = np.isfinite(groups.counts[0]) & np.isfinite(x.high) & np.isfinite(n.high)
    size, inside = len(groups.table), group >= 0
    loose = np.bincount(group[inside], ~exact[inside], size) > 0
    blind = np.bincount(group[inside], ~told[inside], size) > 0
    words = np.where(blind, CANNOT_TELL, HOLDS).astype(np.int8)
    drawn = loose & ~blind
    if drawn.any():
        agree = np.zeros(size)
        whole = inside & (np.array(groups.kind)[np.maximum(group, 0)] == "proportion")
        place = _place_in_group(group)
        for draw in range(DRAWS):
            # A unit's draw goes by its place in its group, whatever else is in the table.
            uniform = _drawn(draw, place, np.random.Generator.random)
            normal = _drawn(draw, place, np.random.Generator.standard_normal)
            some_x, some_n = x.at(uniform[0], normal[0]), n.at(uniform[1], normal[1])
            some_x = np.where(whole, np.minimum(some_x, some_n), some_x)
            agree += groups.sides(groups.chance_of(some_x, some_n), confidence) == side
        words[drawn] = np.where(agree >= ENOUGH * DRAWS, LIKELY_HOLDS, MAY_CHANGE)[drawn]
    return words


def _place_in_group(group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the place of each unit among those of its group."""
    order = np.argsort(group, kind="stable")
    begins = np.searchsorted(group[order], group[order], side="left")
    place = np.empty(len(group), dtype=np.intp)
    place[order] = np.arange(len(group)) - begins
    return place


def _drawn(
    draw: int,
    place: NDArray[np.intp],
    sample: Callable[[np.random.Generator, int], FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Return draws for numerators and denominators by place; the first do not hang on how many."""
    count = int(place.max()) + 1
    one, other = (sample(np.random.default_rng((draw, part)), count) for part in (0, 1))
    return one[place], other[place]
