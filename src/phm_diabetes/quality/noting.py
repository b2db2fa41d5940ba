"""Noting: what a check finds, as rows of the table of problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

__all__ = ["Severity", "noted", "nothing"]

Severity = Literal["error", "warning", "info"]
"""error: do not use the figures; warning: look before you do; info: know it when you read them."""


def nothing() -> DataFrame[Problems]:
    """Return a table of no problems.

    Examples
    --------
    >>> len(nothing())
    0
    """
    columns = Problems.to_schema().columns
    return checked(Problems, pd.DataFrame({name: pd.Series(dtype=object) for name in columns}))


def noted(
    rows: pd.DataFrame,
    *,
    severity: Severity,
    rule: str,
    message: str | Sequence[str],
    advice: str,
    column: str = "",
    counted: bool = False,
) -> DataFrame[Problems]:
    """Return one problem a row of a typed table; it quotes no figure.

    Parameters
    ----------
    rows
        The rows at fault, with ``source`` and ``source_row`` where the table has them. A row
        summed here stands in no file, so it is named by its organisation.
    severity, rule, advice
        As in `Problems`.
    message
        What is wrong; one sentence for all, or one a row.
    column
        Name of our column.
    counted
        Whether rows are reported together, as one problem a file and sheet with their number.

    Examples
    --------
    >>> rows = pd.DataFrame({"source": ["england.qof:0f0f#A"], "source_row": [7]})
    >>> noted(rows, severity="warning", rule="range", message="is odd", advice="Look.")[
    ...     ["file", "sheet", "row"]].values.tolist()
    [['england.qof:0f0f', 'A', 7]]
    """
    if not len(rows):
        return nothing()
    sources = rows["source"].astype(str) if "source" in rows else pd.Series("table", rows.index)
    parts = sources.str.partition("#")
    table = pd.DataFrame(
        {
            "severity": severity,
            "rule": rule,
            "file": parts[0].to_numpy(),
            "sheet": parts[2].to_numpy(),
            "row": _numbers(rows),
            "rows": 1,
            "column": column,
            "message": _words(rows, message),
            "advice": advice,
            "sets_aside": False,
        }
    )
    if counted:
        sizes = table.groupby(["file", "sheet"], sort=True).size().rename("rows").reset_index()
        first = table.drop_duplicates(["file", "sheet"]).drop(columns="rows")
        table = first.assign(row=None, message=message).merge(sizes, on=["file", "sheet"])
        table = table[list(Problems.to_schema().columns)]
    return checked(Problems, table, what="The list of problems")


def _numbers(rows: pd.DataFrame) -> Any:  # noqa: ANN401 - an array of pandas
    given = rows["source_row"].array if "source_row" in rows else [pd.NA] * len(rows)
    return pd.array(given, dtype="Int64")


def _words(rows: pd.DataFrame, message: str | Sequence[str]) -> NDArray[Any]:
    """Messages of the rows; a row that stands in no file is named by its organisation."""
    words = np.array([message] * len(rows) if isinstance(message, str) else message, dtype=object)
    nowhere = np.asarray(pd.isna(_numbers(rows)), dtype=bool)
    if not nowhere.any() or "org_code" not in rows:
        return words
    named = (rows["org_level"].astype(str) + " " + rows["org_code"].astype(str) + ": ").to_numpy()
    return np.where(nowhere, named.astype(object) + words, words)
