"""Meeting: which rows of a table of records meet the conditions of a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.records.selecting import word_holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.measures import Where

__all__ = ["columns_asked", "meets"]


def columns_asked(*conditions: Sequence[Where]) -> list[str]:
    """Return the columns that conditions ask of, each once.

    Examples
    --------
    >>> from phm_diabetes.records.measures import Where
    >>> columns_asked([Where(column="age", least=17)], [Where(column="age", most=64)])
    ['age']
    """
    return list(dict.fromkeys(each.column for some in conditions for each in some))


def meets(rows: pd.DataFrame, conditions: Sequence[Where]) -> NDArray[np.bool_]:
    """Return for every row whether all conditions hold, as a tally judges them.

    Parameters
    ----------
    rows
        As :meth:`~phm_diabetes.records.opened.Records.frame` gives them, shape ``(n, k)``.
    conditions
        As a measure states them.

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> from phm_diabetes.records.measures import Where
    >>> rows = pd.DataFrame({"visit": ["first", ""], "age": pd.array([70, None], dtype="Int64")})
    >>> meets(rows, [Where(column="age", least=17)]).tolist()
    [True, False]
    >>> meets(rows, [Where(column="visit", isin=["first"], negated=True)]).tolist()
    [False, True]
    """
    found = np.ones(len(rows), dtype=bool)
    for each in conditions:
        found &= _holds(rows[each.column], each) != each.negated
    return found


def _holds(column: pd.Series[Any], condition: Where) -> NDArray[np.bool_]:
    if condition.least is not None or condition.most is not None:
        numbers = _numbers(column)
        low = -np.inf if condition.least is None else condition.least
        high = np.inf if condition.most is None else condition.most
        with np.errstate(invalid="ignore"):
            inside: NDArray[np.bool_] = (numbers >= low) & (numbers <= high)
        return inside
    # Each distinct text is judged once; the codes of several slots are joined by spaces.
    spots, texts = pd.factorize(column.astype(object), use_na_sentinel=True)
    fits = [any(word_holds(condition, word) for word in str(text).split(" ")) for text in texts]
    known: NDArray[np.bool_] = np.array([*fits, False], dtype=bool)
    return np.asarray(known[spots])


def _numbers(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Return whole numbers, and days since 1970; missing ones are NaN."""
    if column.dtype.kind == "M":
        days = column.to_numpy().astype("datetime64[D]")
        return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))
    return column.to_numpy(dtype=np.float64, na_value=np.nan)
