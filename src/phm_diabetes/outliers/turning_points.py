"""Turning points: how many more or fewer in a numerator would give another verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.outliers.differing import difference_from
from phm_diabetes.outliers.sides import Sides

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from phm_diabetes.model.measures import Measure

__all__ = ["other_verdicts"]

_MOST = {"rate": 100}


def other_verdicts(row: pd.Series[Any], card: Measure) -> str:
    """Say how many more or fewer in the numerator would give another verdict.

    The denominator and the comparator are held. Blank for what is not compared, is hidden, or is
    neither people out of people nor events.

    Parameters
    ----------
    row
        Of Comparisons.
    card
        Its measure.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> table = table[(table["measure"] == "copd.register") & (table["confidence"] == 0.95)]
    >>> row = phm.compare(table, to="england", england="sum_of_practices").iloc[0]
    >>> print(other_verdicts(row, register_card("COPD")).split(" ")[0].isalpha())
    True
    """
    drawable = card.kind in {"proportion", "rate"} and card.unit != "pence"
    figures = row[["numerator", "denominator", "comparator_numerator", "comparator_denominator"]]
    if not drawable or row["verdict"] == "not compared" or figures.isna().any():
        return ""
    count, people, *other = (int(each) for each in figures)

    def gap(numerator: int) -> tuple[float, float]:
        nothing = np.array([np.nan])
        sides = Sides(
            numerator=np.array([float(numerator)]), denominator=np.array([float(people)]),
            squares=nothing, other_numerator=np.array([float(other[0])]),
            other_denominator=np.array([float(other[1])]), other_squares=nothing,
            fixed=str(row["comparator"]) == "england",
        )  # fmt: skip
        _, found = difference_from(card, sides, float(row["confidence"]))
        return float(found.lower[0]), float(found.upper[0])

    top = people if card.kind == "proportion" else _MOST["rate"] * (count + 1)
    # The least count that is no longer low, and the least that is high.
    level = _least(lambda numerator: gap(numerator)[1] >= 0, top)
    high = _least(lambda numerator: gap(numerator)[0] > 0, top)
    if count < level:
        return _said(level - count, "more", "similar") if level <= top else ""
    if count >= high:
        return _said(count - high + 1, "fewer", "similar") if high > 0 else ""
    below, above = _words(card)
    ways = []
    if level > 0:
        ways.append(_said(count - level + 1, "fewer", below))
    if high <= top:
        ways.append(_said(high - count, "more", above))
    return ", or ".join(ways)


def _least(holds: Callable[[int], bool], top: int) -> int:
    """Return the least count from which something holds; one above the top where it never does."""
    low, high = 0, top + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _words(card: Measure) -> tuple[str, str]:
    if not card.is_directed:
        return "lower", "higher"
    return ("worse", "better") if card.polarity == "higher" else ("better", "worse")


def _said(number: int, way: str, verdict: str) -> str:
    return f"{verdict} with {number:,} {way} in the numerator"
