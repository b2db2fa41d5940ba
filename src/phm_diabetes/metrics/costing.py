"""Costing: what one attendance cost on average, by mode, with the mix beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, UnlikeError
from phm_diabetes.metrics.stacking import floats_of
from phm_diabetes.model.dimensions import ALL, UNKNOWN
from phm_diabetes.plugins import measure_cards
from phm_diabetes.schemas.columns import IDENTITY, row_key
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.unit_costs import UnitCosts
from phm_diabetes.schemas.words import words_used
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.schemas.counts import Counts

__all__ = ["unit_costs"]

_KEPT = tuple(name for name in IDENTITY if name not in {"dataset", "basis", "as_at"})


def unit_costs(
    counts: DataFrame[Counts], *, by: Sequence[str] = ("medium",)
) -> DataFrame[UnitCosts]:
    """Return the average cost of an attendance by mode, with the mix beside it.

    A dearer average can be a dearer mix: read each mode's cost and share together. No interval is
    given, since a tariff is no sample. What has an unknown mode is left out, and counted.

    Parameters
    ----------
    counts
        Counts of one measure whose numerator is money [pence] and whose denominator is the
        attendances that have a cost, such as ``OP_UNIT_COST``, split by the dimensions of `by`.
    by
        Dimensions: ``"medium"``, and ``"visit"`` where first attendances and follow-ups are not
        priced alike.

    Returns
    -------
    DataFrame[UnitCosts]
        One row an organisation, period and mode.

    Raises
    ------
    OptionError
        When `by` names no dimension of the table, the measure is no money, or the counts have no
        attendances.
    UnlikeError
        When measures, or kinds, bases or years of price, are mixed.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "measure": "op.unit_cost", "definition": "d:national:2022-23",
    ...     "org_level": "place", "org_code": "north", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31"}
    >>> found = unit_costs(phm.counts_from([
    ...     {**row, "medium": "face_to_face", "numerator": 14_000_000, "denominator": 1000},
    ...     {**row, "medium": "remote", "numerator": 575_000, "denominator": 250},
    ...     {**row, "medium": "unknown", "numerator": 9_000, "denominator": 1}]))
    >>> found[["medium", "share", "unit_pence", "left_out"]].values.tolist()
    [['face_to_face', 0.8, 14000.0, 1], ['remote', 0.2, 2300.0, 1]]
    """
    by = [by] if isinstance(by, str) else list(by)
    table = choose(as_counts(counts, what="counts"), by)
    refuse_mixed_prices(table)
    _refuse_counts(table)
    if not table["denominator_high"].notna().any():
        message = (
            "counts= have no attendances in the denominator to divide by. Tally a measure of cost "
            "over attendances with a cost, such as OP_UNIT_COST."
        )
        raise OptionError(message)
    split = table[list(by)].astype(object)
    table = table[~(split == ALL).any(axis=1).to_numpy()].reset_index(drop=True)
    known = ~(table[list(by)].astype(object) == UNKNOWN).any(axis=1).to_numpy()
    ids, first = group_ids(table, [name for name in row_key(table) if name not in by])
    attended, pence = floats_of(table, "denominator"), floats_of(table, "numerator")
    all_known = _summed(attended, ids, len(first), known)[ids]
    left_out = _summed(attended, ids, len(first), ~known)[ids]
    with np.errstate(all="ignore"):
        share = np.where(all_known > 0, attended / all_known, np.nan)
        unit = np.where(attended > 0, pence / attended, np.nan)
    found = table[[*_KEPT, *by]].assign(
        attendances=table["denominator"],
        share=share,
        spend_pence=table["numerator"],
        unit_pence=unit,
        left_out=pd.array(left_out, dtype="Float64").astype("Int64"),
    )
    return checked(UnitCosts, found[known].reset_index(drop=True), what="The unit costs")


def refuse_mixed_prices(table: pd.DataFrame) -> None:
    """Refuse to add up money of two kinds, bases or years of price, or of two measures.

    Parameters
    ----------
    table
        Anything with the columns ``measure`` and ``definition``; a definition of money ends with
        kind, basis and year of its prices.

    Raises
    ------
    UnlikeError
        When it holds more than one measure or definition.

    Examples
    --------
    >>> refuse_mixed_prices(pd.DataFrame({"measure": ["a"], "definition": ["cost:2022-23"]}))
    """
    for name in ("measure", "definition"):
        found = words_used(table[name].astype("category"))
        if len(found) > 1:
            message = (
                f"The table mixes {name}s ({', '.join(found)}). Keep one of them: pounds of two "
                "kinds, bases or years of price are never added up."
            )
            raise UnlikeError(message)


def _refuse_counts(table: pd.DataFrame) -> None:
    """Refuse a measure whose card says that it counts people or events: they are no pence."""
    cards = measure_cards(None)
    for name in words_used(table["measure"].astype("category")):
        if name in cards and cards[name].unit != "pence":
            message = (
                f"{name} counts {cards[name].unit}, and a unit cost is money over attendances. "
                "Tally a measure of cost over attendances with a cost, such as OP_UNIT_COST."
            )
            raise OptionError(message)


def _summed(
    values: FloatArray, ids: NDArray[np.int64], groups: int, rows: NDArray[np.bool_]
) -> FloatArray:
    """Sum by group; a hidden part leaves the sum unknown."""
    found = np.bincount(ids[rows], weights=values[rows], minlength=groups)
    return found.astype(np.float64)
