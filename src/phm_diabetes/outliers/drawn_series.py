"""Steadiness of a series: what its hidden and rounded counts could do to the flag of each point."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from phm_diabetes.outliers.answers import CANNOT_TELL, HOLDS, NOT_KNOWN
from phm_diabetes.outliers.sides import CountRange
from phm_diabetes.outliers.steady import DRAWS, ENOUGH, LIKELY_HOLDS, MAY_CHANGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.units import Units

    SidesOf: TypeAlias = Callable[[FloatArray, FloatArray], NDArray[np.int8]]

__all__ = ["drawn_steadiness"]


def drawn_steadiness(
    sides_of: SidesOf,
    card: Measure,
    units: Units,
    rows: NDArray[np.intp],
    side: NDArray[np.int8],
) -> NDArray[np.int8]:
    """Return, for each point of each series, the place of its word in ``ROUNDING_WORDS``.

    A point's flag hangs on every other point of its series, so the corners are too many to visit.

    Parameters
    ----------
    sides_of : callable
        Takes numerators and denominators of series, shape ``(s, t)``, and returns their sides.
    card
        The measure.
    units
        All units.
    rows
        Their positions, shape ``(s, t)``; -1 where there is none.
    side
        As published, shape ``(s, t)``.

    Returns
    -------
    ndarray of int8
        *holds* where every count of the series is exact; *likely holds* where the side is the same
        in at least 95% of draws; *may change* where in fewer; *cannot tell* where a bound is
        missing, or there is no side.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.units import units_of
    >>> from phm_diabetes.plugins import measure_cards
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> card, rows = measure_cards()["copd.register"], np.array([[0, -1]])
    >>> side = np.array([[0, NOT_KNOWN]], dtype=np.int8)
    >>> drawn_steadiness(lambda x, n: side, card, units_of(table), rows, side)
    array([[0, 3]], dtype=int8)
    """
    x, n = (_laid(each, rows) for each in (units.numerator_range, units.denominator_range))
    absent = (side == NOT_KNOWN) | (rows < 0)
    exact = (x.low == x.high) & ((n.low == n.high) | (card.kind == "count"))
    finite = np.isfinite(x.low) & np.isfinite(x.high)
    if card.kind != "count":
        finite &= np.isfinite(n.low) & np.isfinite(n.high)
    bounded = (absent | exact | (finite & (card.kind != "mean"))).all(axis=1)
    firm = (absent | exact).all(axis=1)
    words = np.full(rows.shape, CANNOT_TELL, dtype=np.int8)
    words[firm] = HOLDS
    loose = np.flatnonzero(bounded & ~firm)
    if len(loose):
        x, n = x.rows(loose), n.rows(loose)
        chance = np.random.default_rng(0)  # the same draws for every series
        agree = np.zeros(x.low.shape)
        size = rows.shape[1]
        for _ in range(DRAWS):
            uniform, normal = chance.random((2, size)), chance.standard_normal((2, size))
            some_x, some_n = x.at(uniform[0], normal[0]), n.at(uniform[1], normal[1])
            if card.kind == "proportion":
                some_x = np.minimum(some_x, some_n)
            agree += sides_of(some_x, some_n) == side[loose]
        words[loose] = np.where(agree >= ENOUGH * DRAWS, LIKELY_HOLDS, MAY_CHANGE)
    words[absent] = CANNOT_TELL
    return words


def _laid(counts: CountRange, rows: NDArray[np.intp]) -> CountRange:
    """Lay ranges out as the series lie; NaN where there is no row."""
    there = rows >= 0
    return CountRange(
        low=np.where(there, counts.low[rows], np.nan),
        high=np.where(there, counts.high[rows], np.nan),
        variance=np.where(there, counts.variance[rows], np.nan),
    )
