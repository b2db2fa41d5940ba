"""What comes off an engine as the tables that files give: few cells, or the rows asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.records.egress import refuse_squares
from phm_diabetes.records.tallied import FIGURES
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.plan import Grouping, Plan

__all__ = ["as_words", "canonical_column", "tally_tables"]


def tally_tables(plan: Plan, grouping: Grouping, cells: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the table of each measure from the columns of all of them.

    Parameters
    ----------
    plan, grouping
        What was asked.
    cells
        As `EngineCounter.cells` gives them.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> from phm_diabetes.records.measures import RecordMeasure, Rows
    >>> from phm_diabetes.records.plan import Grouping, Plan
    >>> year = Period.financial_year("2023-24")
    >>> grouping = Grouping(level="practice", column="practice", spans=(year,))
    >>> plan = Plan(measures=(RecordMeasure(id="op.n", definition="x:1", numerator=Rows()),),
    ...             by=("visit",), groupings=(grouping,))
    >>> cells = pd.DataFrame({
    ...     "_span": [0], "_org": ["Y99001"], "_by0": ["first"], "any_n0": [True],
    ...     "value_n0": [40], "rows_n0": [40], "squares_n0": [95.0]})
    >>> (table,) = tally_tables(plan, grouping, cells)
    >>> table[["org_code", "visit", "numerator", "numerator_ss"]].values.tolist()
    [['Y99001', 'first', 40, 95]]
    """
    spans = [grouping.spans[at] for at in cells["_span"]]
    identity = pd.DataFrame(
        {
            "level": grouping.level,
            "org_code": cells["_org"].astype(object),
            "period_start": np.array([span.start for span in spans], dtype="datetime64[s]"),
            "period_end": np.array([span.end for span in spans], dtype="datetime64[s]"),
            **{name: cells[f"_by{at}"].astype(object) for at, name in enumerate(plan.by)},
        }
    )
    tables = []
    for number in range(len(plan.measures)):
        kept = np.zeros(len(cells), dtype=bool)
        nothing = pd.array([pd.NA] * len(cells), dtype="Int64")
        table = identity.assign(**dict.fromkeys(FIGURES, nothing))
        for side, part in ((f"n{number}", "numerator"), (f"d{number}", "denominator")):
            if f"any_{side}" in cells:
                kept |= cells[f"any_{side}"].to_numpy(dtype=bool)
                table[part] = _whole(cells[f"value_{side}"].to_numpy())
                table[f"{part}_rows"] = _whole(cells[f"rows_{side}"].to_numpy())
            if f"squares_{side}" in cells:
                squares = cells[f"squares_{side}"].to_numpy(np.float64)
                refuse_squares(squares)
                table[f"{part}_ss"] = _whole(np.rint(squares))
        table.insert(0, "measure", number)
        tables.append(table[kept])
    return tables


def _whole(figures: NDArray[Any]) -> Any:  # noqa: ANN401 - an array of pandas
    return pd.array(figures.astype(np.int64), dtype="Int64")


def canonical_column(kind: str, cells: Sequence[Sequence[Any]], rows: int) -> Any:  # noqa: ANN401 - an array of pandas
    """Return one canonical column, of the kind that files give it.

    Parameters
    ----------
    kind
        Of the column.
    cells
        Its cells; of kind ``"codes"``, those of each slot.
    rows
        How many.

    Examples
    --------
    >>> list(canonical_column("codes", [["X09", "X10"], [None, "E11"]], 2))
    ['X09', 'X10 E11']
    """
    if kind == "codes":
        joined = [" ".join(word for word in slots if word) for slots in zip(*cells, strict=True)]
        return pd.Series(joined or [""] * rows, dtype=object)
    first = list(cells[0])
    if kind == "id":
        return pd.Series([cell or None for cell in first], dtype=object)
    if kind in {"code", "text"}:
        return as_words([cell or "" for cell in first])
    if kind == "date":
        none = np.iinfo(np.int64).min
        days = np.array([none if cell is None else cell for cell in first], dtype=np.int64)
        return pd.Series(days.astype("datetime64[D]").astype("datetime64[s]"))
    missing = np.array([cell is None for cell in first], dtype=bool)
    numbers = np.array([cell or 0 for cell in first], dtype=np.int64)
    return pd.arrays.IntegerArray(numbers, missing)


def as_words(cells: Sequence[str] | pd.Series[Any]) -> pd.Categorical[str]:
    """Return few words as categories, in their order.

    Examples
    --------
    >>> list(as_words(["no", "yes", "no"]).categories)
    ['no', 'yes']
    """
    words = sorted(set(cells))
    spots = {word: spot for spot, word in enumerate(words)}
    return worded(np.array([spots[cell] for cell in cells], dtype=np.int64), words)
