"""Steadiness: what a unit's own hidden and rounded counts could do to its flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from phm_diabetes.outliers.answers import CANNOT_TELL, HOLDS, NOT_KNOWN
from phm_diabetes.schemas.comparisons import ROUNDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.units import Units

    SideAt: TypeAlias = Callable[[FloatArray, FloatArray, NDArray[np.intp]], NDArray[np.int8]]

__all__ = ["DRAWS", "ENOUGH", "LIKELY_HOLDS", "MAY_CHANGE", "steadiness"]

LIKELY_HOLDS = ROUNDING_WORDS.index("likely holds")
MAY_CHANGE = ROUNDING_WORDS.index("may change")
DRAWS = 400
ENOUGH = 0.95


def steadiness(
    side_at: SideAt,
    card: Measure,
    units: Units,
    rows: NDArray[np.intp],
    side: NDArray[np.int8],
) -> NDArray[np.int8]:
    """Return, for each row, the place of its word in ``ROUNDING_WORDS``.

    Parameters
    ----------
    side_at : callable
        Takes numerators, denominators and positions among `rows`, and returns the side of each:
        it may only rise with the numerator and fall with the denominator. What the units are held
        against stays as published.
    card
        The measure.
    units
        All units.
    rows
        Those in question, shape ``(m,)``.
    side
        The side of each as published, shape ``(m,)``.

    Returns
    -------
    ndarray of int8
        *holds* where the side is the same at every corner of the hard bounds; *likely holds* where
        it is in at least 95% of draws; *may change* where in fewer; *cannot tell* where a bound is
        missing, or there is no side.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.units import units_of
    >>> from phm_diabetes.plugins import measure_cards
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> rows, side = np.arange(3), np.zeros(3, dtype=np.int8)
    >>> card = measure_cards()["copd.register"]
    >>> steadiness(lambda x, n, spot: side[spot], card, units_of(table), rows, side)
    array([0, 0, 0], dtype=int8)
    """
    x, n = units.numerator_range.rows(rows), units.denominator_range.rows(rows)
    exact = (x.low == x.high) & ((n.low == n.high) | (card.kind == "count"))
    finite = np.isfinite(x.low) & np.isfinite(x.high) & np.isfinite(n.low) & np.isfinite(n.high)
    told = side != NOT_KNOWN
    # Squares of hidden parts have no bounds.
    bounded = finite & (card.kind != "mean") & (card.unit == "people")
    words = np.where(told & exact, HOLDS, CANNOT_TELL).astype(np.int8)
    loose = np.flatnonzero(told & ~exact & bounded)
    if not len(loose):
        return words
    same = np.ones(len(loose), dtype=bool)
    for some_x, some_n in _corners(card, x.low, x.high, n.low, n.high):
        same &= side_at(some_x[loose], some_n[loose], loose) == side[loose]
    words[loose] = np.where(same, HOLDS, MAY_CHANGE)
    unsure = loose[~same]
    if len(unsure):
        chance = np.random.default_rng(0)  # the same draws for every row: its order cannot matter
        agree = np.zeros(len(unsure))
        x, n = x.rows(unsure), n.rows(unsure)
        for uniform, normal in zip(
            chance.random((DRAWS, 2)), chance.standard_normal((DRAWS, 2)), strict=True
        ):
            some_x, some_n = x.at(uniform[0], normal[0]), n.at(uniform[1], normal[1])
            if card.kind == "proportion":
                some_x = np.minimum(some_x, some_n)
            agree += side_at(some_x, some_n, unsure) == side[unsure]
        words[unsure[agree >= ENOUGH * DRAWS]] = LIKELY_HOLDS
    return words


def _corners(
    card: Measure,
    x_low: FloatArray,
    x_high: FloatArray,
    n_low: FloatArray,
    n_high: FloatArray,
) -> list[tuple[FloatArray, FloatArray]]:
    """Return the counts furthest low and furthest high; a proportion's numerator is inside."""
    if card.kind != "proportion":
        return [(x_low, n_high), (x_high, n_low)]
    most, least = np.minimum(x_high, n_high), np.maximum(n_low, x_low)
    return [(x_low, n_high), (np.minimum(most, least), least), (most, np.maximum(most, least))]
