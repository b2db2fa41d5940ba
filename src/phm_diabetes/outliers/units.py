"""Units: the figures of a table's rows as arrays, and why a row cannot be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import frozen

from phm_diabetes.metrics.dispatch import divides_its_counts
from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.outliers.comparators import REMAINDERS
from phm_diabetes.outliers.sides import CountRange

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["NO_FIGURE", "REMAINDER", "Units", "units_of"]

NO_FIGURE = "there is no figure"
REMAINDER = "the remainder of a roll-up is no organisation"


@frozen(kw_only=True, eq=False)
class Units:
    """Figures of the rows of a table, one element a row.

    Parameters
    ----------
    value
        The figure, in the measure's own scale; NaN where a row cannot be judged by it.
    numerator, denominator, squares
        Counts, and sum of squares a person; NaN where not known.
    numerator_range, denominator_range
        What the true counts can be.
    not_by_value
        Why a row has no figure to judge; ``""`` where it has one.
    not_among_peers
        Why a row cannot be judged by its place among others; ``""`` where it can. Of repeat
        events and money without each person's part nobody knows whether one person made them.
    not_by_chance
        Why a row cannot be judged by what chance would do to its counts; ``""`` where it can.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 9, "denominator": 90}
    >>> units = units_of(phm.estimate(phm.counts_from([row])))
    >>> units.value.tolist(), units.not_by_value.tolist()
    ([0.1], [''])
    """

    value: FloatArray
    numerator: FloatArray
    denominator: FloatArray
    squares: FloatArray
    numerator_range: CountRange
    denominator_range: CountRange
    not_by_value: NDArray[np.object_]
    not_among_peers: NDArray[np.object_]
    not_by_chance: NDArray[np.object_]


def units_of(table: pd.DataFrame) -> Units:
    """Return the figures of a table's rows as arrays.

    Parameters
    ----------
    table
        Checked estimates, shape ``(n, k)``.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> set(units_of(table).not_by_value)
    {''}
    """
    value = _floats(table, "value")
    reason = table["reason"].astype(object).to_numpy()
    remainder = table["org_code"].isin(REMAINDERS).to_numpy(dtype=bool)
    missing = ~np.isfinite(value)
    none = np.where(missing, np.where(reason == "", NO_FIGURE, reason), "")
    # No events at all is a figure like another: how events cluster is learnt from all units.
    by_chance = np.where(missing | (reason != Reason.NO_EVENTS.words), reason, "")
    by_chance = np.where(missing & (reason == ""), NO_FIGURE, by_chance)
    among = np.where(reason == Reason.SQUARES_MISSING.words, reason, none)
    own = divides_its_counts(table)
    return Units(
        value=np.where(remainder | missing, np.nan, value),
        numerator=_floats(table, "numerator"),
        denominator=_floats(table, "denominator"),
        squares=_floats(table, "numerator_ss"),
        numerator_range=_range(table, "numerator", own),
        denominator_range=_range(table, "denominator", own),
        not_by_value=np.where(remainder, REMAINDER, none),
        not_among_peers=np.where(remainder, REMAINDER, among),
        not_by_chance=np.where(remainder, REMAINDER, by_chance),
    )


def _floats(table: pd.DataFrame, name: str) -> FloatArray:
    return cast("FloatArray", table[name].to_numpy(dtype="float64", na_value=np.nan))


def _range(table: pd.DataFrame, part: str, own: NDArray[np.bool_]) -> CountRange:
    """Return what the counts can be; anything, where they are hidden and are not divided."""
    low, high, variance = (_floats(table, f"{part}_{end}") for end in ("low", "high", "variance"))
    known = own | (low == high)
    return CountRange(low=low, high=np.where(known, high, np.inf), variance=variance)
