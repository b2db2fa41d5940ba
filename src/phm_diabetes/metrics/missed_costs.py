"""Missed costs: what missed appointments would have been priced at, had they been attended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, UnlikeError
from phm_diabetes.metrics.costing import refuse_mixed_prices
from phm_diabetes.metrics.stacking import floats_of
from phm_diabetes.model.dimensions import ALL
from phm_diabetes.schemas.columns import IDENTITY, dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.missed_costs import MissedCosts
from phm_diabetes.schemas.unit_costs import UnitCosts
from phm_diabetes.schemas.words import words_used
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.schemas.counts import Counts

__all__ = ["NOT_SPENT", "cost_of_missed"]

NOT_SPENT = (
    "What they would have been priced at, had they been attended: most contracts pay nothing for "
    "a missed appointment, so this is clinic time at tariff, and no cash."
)
"""What is said beside every such figure."""

_KEPT = tuple(name for name in IDENTITY if name not in {"dataset", "basis", "as_at"})
_WHEN = ["period_start", "period_end"]


def cost_of_missed(
    counts: DataFrame[Counts],
    costs: DataFrame[UnitCosts],
    *,
    by: Sequence[str] = ("visit", "medium"),
) -> DataFrame[MissedCosts]:
    """Price missed appointments at what the same kind costs where it is attended.

    Parameters
    ----------
    counts
        Counts of missed appointments by the dimensions of `by`, such as ``OP_DNA``; the numerator
        is priced.
    costs
        Unit costs by the same dimensions, of one organisation, such as the Place, whose prices
        then hold for all: a practice's own would rest on few.
    by
        Dimensions by which prices differ.

    Returns
    -------
    DataFrame[MissedCosts]
        One row an organisation and period. Kinds without a price are counted in ``unpriced`` and
        never cost 0.

    Raises
    ------
    OptionError
        When `costs` are of several organisations, or not by the dimensions of `by`.
    UnlikeError
        When price years, or measures, are mixed, or costs are of no period of the counts.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "org_level": "place", "org_code": "north", "period_start":
    ...     "2022-04-01", "period_end": "2023-03-31", "medium": "face_to_face"}
    >>> costs = phm.unit_costs(phm.counts_from([{**row, "measure": "op.unit_cost", "definition":
    ...     "d:national:2022-23", "numerator": 14_000_000, "denominator": 1000}]))
    >>> missed = phm.counts_from([{**row, "measure": "dm.op_dna", "definition": "e",
    ...     "numerator": 90, "denominator": 1090}])
    >>> found = cost_of_missed(missed, costs, by=["medium"])
    >>> int(found["cost_pence"].iloc[0]) / 100
    12600.0
    """
    table = choose(as_counts(counts, what="counts"), by)
    held = checked(UnitCosts, costs, what="costs=")
    refuse_mixed_prices(held)
    _refuse(table, held, by)
    table = table[~(table[list(by)].astype(object) == ALL).any(axis=1).to_numpy()]
    key = [*_WHEN, *by]
    prices = held[[*key, "unit_pence"]].astype(dict.fromkeys(key, object))
    rows = table.reset_index(drop=True)
    unit = (
        rows[key]
        .astype(object)
        .merge(prices, on=key, how="left", validate="many_to_one")["unit_pence"]
        .to_numpy(dtype="float64")
    )
    others = [name for name in dimensions_of(rows) if name not in by]
    kept = [*_KEPT, *others]
    ids, first = group_ids(rows, [name for name in kept if name != "source"])
    number = floats_of(rows, "numerator")
    known = np.isfinite(unit)
    priced, cost, unpriced = (
        _whole(_summed(values, ids, len(first), some))
        for values, some in ((number, known), (number * unit, known), (number, ~known))
    )
    found = rows.iloc[first][kept].reset_index(drop=True)
    return checked(
        MissedCosts,
        found.assign(
            priced=priced,
            unpriced=unpriced,
            cost_pence=cost,
            prices=str(held["definition"].iloc[0]),
            reading=NOT_SPENT,
        ),
        what="The costs",
    )


def _refuse(table: pd.DataFrame, held: pd.DataFrame, by: Sequence[str]) -> None:
    lacking = [name for name in by if name not in held]
    if lacking:
        message = f"costs= are not by {', '.join(lacking)}. Pass by= to unit_costs as well."
        raise OptionError(message)
    whose = held[["org_level", "org_code"]].astype(str).drop_duplicates()
    if len(whose) > 1:
        message = (
            f"costs= are of {len(whose):,} organisations. Keep one whose prices hold for all, such "
            "as the Place's."
        )
        raise OptionError(message)
    several = [name for name in ("measure", "definition") if len(words_used(table[name])) > 1]
    if several:
        message = f"counts= mix {several[0]}s. Keep the missed appointments of one."
        raise UnlikeError(message)
    periods = set(held[_WHEN].itertuples(index=False, name=None))
    if not periods >= set(table[_WHEN].itertuples(index=False, name=None)):
        message = "counts= are of a period of which costs= has no prices. Tally both for the same."
        raise UnlikeError(message)


def _summed(
    values: FloatArray, ids: NDArray[np.int64], groups: int, rows: NDArray[np.bool_]
) -> FloatArray:
    found = np.bincount(ids[rows], weights=values[rows], minlength=groups)
    return found.astype(np.float64)


def _whole(values: FloatArray) -> pd.arrays.IntegerArray:
    empty = np.isnan(values)
    return pd.arrays.IntegerArray(np.where(empty, 0, np.round(values)).astype(np.int64), empty)
