"""Rounding: what hidden and rounded counts could do to a verdict."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.outliers.differing import standing
from phm_diabetes.schemas.comparisons import ROUNDING_WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.sides import CountRange, Ranges, Sides

__all__ = ["rounding_words"]

_HOLDS, _LIKELY, _MAY_CHANGE, _CANNOT_TELL = range(len(ROUNDING_WORDS))
_DRAWS = 400
_ENOUGH = 0.95
_ROWS_AT_ONCE = 20_000
_COUNTS = 4


def rounding_words(
    card: Measure,
    sides: Sides,
    ranges: Ranges,
    confidence: float,
    verdict: NDArray[np.int8],
    *,
    seed: int = 0,
) -> NDArray[np.int8]:
    """Return, for each row, the place of its word in ``ROUNDING_WORDS``.

    Parameters
    ----------
    card
        The measure.
    sides
        Counts as published.
    ranges
        Hard bounds of the four counts.
    confidence
        Two-sided confidence of the verdict.
    verdict
        The side on which each unit stands, as published.
    seed
        Of the draws, so that the same table always gets the same words.

    Returns
    -------
    ndarray of int8
        *holds* where the verdict is the same at every corner of the hard bounds; *likely holds*
        where it is in at least 95% of draws; *may change* where in fewer; *cannot tell* where a
        bound is missing or there is no verdict.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> from phm_diabetes.outliers.sides import CountRange, Ranges, Sides
    >>> def exactly(count):
    ...     return CountRange(low=np.array([count]), high=np.array([count]), variance=np.zeros(1))
    >>> sides = Sides(
    ...     numerator=np.array([40.0]), denominator=np.array([100.0]), squares=np.array([np.nan]),
    ...     other_numerator=np.array([500.0]), other_denominator=np.array([1000.0]),
    ...     other_squares=np.array([np.nan]), fixed=True,
    ... )
    >>> ranges = Ranges(
    ...     numerator=CountRange(
    ...         low=np.array([38.0]), high=np.array([42.0]), variance=np.array([2.0])
    ...     ),
    ...     denominator=exactly(100.0), other_numerator=exactly(500.0),
    ...     other_denominator=exactly(1000.0),
    ... )
    >>> found = rounding_words(register_card("COPD"), sides, ranges, 0.95, np.array([-1]))
    >>> ROUNDING_WORDS[found[0]]
    'may change'
    """
    words = np.full(len(verdict), _HOLDS, dtype=np.int8)
    bounded = np.ones(len(verdict), dtype=bool)
    exact = np.ones(len(verdict), dtype=bool)
    for each in ranges.parts:
        bounded &= np.isfinite(each.low) & np.isfinite(each.high)
        exact &= each.low == each.high
    words[~bounded | (verdict == 2)] = _CANNOT_TELL  # noqa: PLR2004 - standing's own code
    if card.kind == "mean" or card.unit != "people":
        words[~exact] = _CANNOT_TELL  # squares of hidden parts have no bounds
    loose = np.flatnonzero((words == _HOLDS) & ~exact)
    if not len(loose):
        return words
    chances = _chances(seed)
    for start in range(0, len(loose), _ROWS_AT_ONCE):
        rows = loose[start : start + _ROWS_AT_ONCE]
        some = ranges.rows(rows).parts
        words[rows] = _words(card, sides.rows(rows), some, confidence, verdict[rows], chances)
    return words


def _chances(seed: int) -> list[tuple[FloatArray, FloatArray]]:
    """Uniform and normal draws for each of the four counts, the same for every row.

    Shared draws make a row's word depend on its own counts alone, never on the order of rows.
    """
    generator = np.random.default_rng(seed)
    return [(generator.random(_DRAWS), generator.standard_normal(_DRAWS)) for _ in range(_COUNTS)]


def _words(
    card: Measure,
    sides: Sides,
    ranges: tuple[CountRange, ...],
    confidence: float,
    verdict: NDArray[np.int8],
    chances: list[tuple[FloatArray, FloatArray]],
) -> NDArray[np.int8]:
    same = np.ones(len(verdict), dtype=bool)
    for unit, other in product(_corners(card, *ranges[:2]), _corners(card, *ranges[2:])):
        same &= _verdicts(card, sides, [*unit, *other], confidence) == verdict
    words = np.where(same, _HOLDS, _MAY_CHANGE).astype(np.int8)
    unsure = np.flatnonzero(~same)
    if len(unsure):
        agree = np.zeros(len(unsure))
        at_once = max(1, _ROWS_AT_ONCE // len(unsure))
        for start in range(0, _DRAWS, at_once):
            draws = np.arange(start, min(start + at_once, _DRAWS))
            rows = np.tile(unsure, len(draws))
            of_row = np.repeat(draws, len(unsure))
            counts = [
                each.rows(rows).at(uniform[of_row], normal[of_row])
                for each, (uniform, normal) in zip(ranges, chances, strict=True)
            ]
            hit = _verdicts(card, sides.rows(rows), counts, confidence) == verdict[rows]
            agree += hit.reshape(len(draws), len(unsure)).sum(axis=0)
        words[unsure[agree >= _ENOUGH * _DRAWS]] = _LIKELY
    return words


def _corners(
    card: Measure, numerator: CountRange, denominator: CountRange
) -> list[tuple[FloatArray, FloatArray]]:
    """Corners of all that the two counts of one side can be together.

    Each end of a sampling interval, of one figure or of a difference, only rises with the
    numerator and only falls with the denominator, so between the corners it takes no value
    beyond theirs. A proportion's numerator is part of its denominator, which cuts one corner
    into two.
    """
    if (numerator.low == numerator.high).all() and (denominator.low == denominator.high).all():
        return [(numerator.low, denominator.low)]
    if card.kind != "proportion":
        return list(product((numerator.low, numerator.high), (denominator.low, denominator.high)))
    most = np.minimum(numerator.high, denominator.high)
    least = np.maximum(denominator.low, numerator.low)
    corners = [
        (numerator.low, least),
        (numerator.low, denominator.high),
        (most, denominator.high),
        (np.minimum(most, least), least),
    ]
    if (most > least).any():
        corners.append((most, np.maximum(most, least)))
    return corners


def _verdicts(
    card: Measure, sides: Sides, counts: list[FloatArray], confidence: float
) -> NDArray[np.int8]:
    """Verdicts at other counts; a proportion never passes its denominator."""
    numerator, denominator, other_numerator, other_denominator = counts
    if card.kind == "proportion":
        numerator = np.minimum(numerator, denominator)
        other_numerator = np.minimum(other_numerator, other_denominator)
    moved = sides.with_counts(numerator, denominator, (other_numerator, other_denominator))
    return standing(card, moved, confidence)
