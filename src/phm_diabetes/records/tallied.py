"""Tallied: recounted cells as the table that every executor answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.records.counted_rows import PERSON
from phm_diabetes.records.egress import HIDDEN, let_out
from phm_diabetes.records.measures import Distinct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.counted_rows import RowPacker
    from phm_diabetes.records.recounting import Recounter

__all__ = ["FIGURES", "empty_tally", "ranked_tally", "tally_table"]

FIGURES = ("numerator", "numerator_rows", "numerator_ss", "denominator", "denominator_rows")
"""Columns of figures, in their order."""


def tally_table(
    packer: RowPacker, recounted: Mapping[str, Sequence[Recounter]], egress: Policy
) -> pd.DataFrame:
    """Return the table of a tally: see `Executor`.

    Examples
    --------
    >>> tally_table.__name__
    'tally_table'
    """
    parts = []
    for place, counted in enumerate(recounted.get(PERSON, ())):
        others = {name: each[place] for name, each in recounted.items() if name != PERSON}
        cells, figures, squares = counted.sums.whole()
        values = {name: each.sums.whole()[1] for name, each in others.items()}
        span, codes, words = counted.cells_of(cells)
        spans = counted.grouping.spans
        identity = pd.DataFrame(
            {
                "level": counted.grouping.level,
                "org_code": pd.Series(codes, dtype=object),
                "period_start": pd.to_datetime([spans[each].start for each in span.tolist()]),
                "period_end": pd.to_datetime([spans[each].end for each in span.tolist()]),
                **{name: pd.Series(each, dtype=object) for name, each in words.items()},
            }
        )
        for number in range(len(packer.plan.measures)):
            some = _figures(packer, number, figures, squares, values, egress)
            kept = some.pop("kept")
            table = identity.assign(**some)[kept]
            table.insert(0, "measure", number)
            parts.append(table)
    filled = [part for part in parts if len(part)]
    return (
        ranked_tally(pd.concat(filled, ignore_index=True), packer.plan.by)
        if filled
        else (empty_tally(packer.plan.by))
    )


def _figures(
    packer: RowPacker,
    number: int,
    figures: NDArray[np.int64],
    squares: NDArray[np.float64],
    others: Mapping[str, NDArray[np.int64]],
    egress: Policy,
) -> dict[str, Any]:
    """Return the columns of figures of one measure, and which cells have any row of it."""
    found: dict[str, Any] = {
        name: pd.array([pd.NA] * len(figures), dtype="Int64") for name in FIGURES
    }
    kept = np.zeros(len(figures), dtype=bool)
    for at, (name, measure, side) in enumerate(packer.sides):
        if int(name[1:]) != number:
            continue
        held = figures
        if isinstance(side, Distinct) and side.column != PERSON:
            held = others[side.column]
        value, rows, people = held[:, 3 * at], figures[:, 3 * at + 1], figures[:, 3 * at + 2]
        shown, shown_rows, hidden = let_out(side, value, rows, people, egress)
        part = "numerator" if name[0] == "n" else "denominator"
        found[part] = pd.array(shown, dtype="Int64")
        found[f"{part}_rows"] = pd.array(shown_rows, dtype="Int64")
        if part == "numerator" and measure.clustered:
            whole = np.where(hidden, HIDDEN, np.rint(squares[:, at]))
            found["numerator_ss"] = pd.array(whole.astype(np.int64), dtype="Int64")
        kept |= rows > 0
    found["kept"] = kept
    return found


def ranked_tally(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the table in its order.

    Examples
    --------
    >>> ranked_tally(empty_tally(["sex"]), ["sex"]).columns.tolist()[:3]
    ['measure', 'level', 'org_code']
    """
    key = ["measure", "level", "org_code", "period_start", "period_end", *by]
    return table.sort_values(key, kind="stable")[[*key, *FIGURES]].reset_index(drop=True)


def empty_tally(by: Sequence[str]) -> pd.DataFrame:
    """Return the table without a cell.

    Examples
    --------
    >>> len(empty_tally([]))
    0
    """
    kinds: dict[str, Any] = {"measure": "int64", "level": object, "org_code": object}
    kinds |= dict.fromkeys(("period_start", "period_end"), "datetime64[s]")
    kinds |= dict.fromkeys(by, object)
    kinds |= dict.fromkeys(FIGURES, "Int64")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
