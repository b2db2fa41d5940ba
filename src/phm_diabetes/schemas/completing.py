"""Counts tables from the columns that carry news: bounds, variances and constants are filled in."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import SchemaError
from phm_diabetes.schemas.columns import IDENTITY
from phm_diabetes.schemas.counts import Counts, as_counts
from phm_diabetes.schemas.door import rows_in_words
from phm_diabetes.schemas.words import repeated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

__all__ = ["complete_counts", "counts_from"]

_DAYS = ("period_start", "period_end", "as_at")


def counts_from(rows: pd.DataFrame | Sequence[dict[str, Any]]) -> DataFrame[Counts]:
    """Build a Counts table from the columns that carry news; the rest is filled in.

    A value without bounds is exact; an empty value without bounds is missing. ``basis`` is
    ``published`` and ``source`` is ``not stated`` unless given.

    Parameters
    ----------
    rows
        A DataFrame, or a list of dictionaries.

    Returns
    -------
    DataFrame[Counts]

    Raises
    ------
    SchemaError
        As :func:`as_counts`.

    Examples
    --------
    >>> table = counts_from([{
    ...     "dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "org_level": "practice", "org_code": "X99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 5, "numerator_low": 1,
    ...     "numerator_high": 7, "denominator": 40,
    ... }])
    >>> table["numerator_variance"].tolist()
    [4.0]
    """
    given = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    return as_counts(complete_counts(given), what="The table")


def complete_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the columns, and fill the gaps in bounds, that can be derived; no value is changed.

    Examples
    --------
    >>> import pandas as pd
    >>> complete_counts(pd.DataFrame({"numerator": [3]}))["numerator_low"].tolist()
    [3]
    """
    full = frame.assign(**_constants(frame), **_days(frame), **_words(frame))
    for part in ("numerator", "denominator"):
        full = full.assign(**_bounds(full, part))
    return full


def _constants(frame: pd.DataFrame) -> dict[str, Any]:
    """Columns that say nothing new, where they are absent."""
    size, index = len(frame), frame.index
    constants: dict[str, Any] = {
        "basis": repeated("published", size),
        "source": repeated("not stated", size),
        "as_at": pd.Series(pd.NaT, index=index, dtype="datetime64[ns]"),
        "numerator_ss": pd.Series(np.nan, index=index, dtype="float64"),
    }
    for name in ("numerator", "denominator", "excluded", "source_row"):
        constants[name] = pd.Series(pd.NA, index=index, dtype="Int64")
    added = {name: column for name, column in constants.items() if name not in frame}
    if "source_row" in frame and pd.api.types.is_integer_dtype(frame["source_row"]):
        added["source_row"] = frame["source_row"].astype("Int64")
    return added


def _days(frame: pd.DataFrame) -> dict[str, pd.Series[pd.Timestamp]]:
    """Days in the schema's own unit, so that nothing is converted again."""
    found: dict[str, pd.Series[pd.Timestamp]] = {}
    for name in _DAYS:
        days = frame.get(name)
        if days is not None and _is_text(days):
            with suppress(ValueError):  # the schema says what is wrong with it
                days = pd.to_datetime(days, format="%Y-%m-%d")
        if days is not None and pd.api.types.is_datetime64_dtype(days):
            found[name] = days.astype("datetime64[ns]")
    return found


def _words(frame: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """Identity columns that hold texts, as categories: the schema then has nothing to convert."""
    return {
        name: frame[name].astype("category")
        for name in IDENTITY
        if name in frame and name not in _DAYS and _is_text(frame[name])
    }


def _is_text(column: pd.Series[Any]) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return False
    return pd.api.types.infer_dtype(column, skipna=False) == "string"


def _bounds(full: pd.DataFrame, part: str) -> dict[str, Any]:
    """Make a count whole numbers, and fill in the bounds and variance that are not given."""
    value = _whole(full[part])
    low, high = (_given_or(full, f"{part}_{end}", value) for end in ("low", "high"))
    low = _filled(low, 0)
    found: dict[str, Any] = {part: value, f"{part}_low": low, f"{part}_high": high}
    if f"{part}_variance" not in full:
        # Discrete uniform over the whole numbers from low to high.
        width = high.to_numpy("float64", na_value=np.nan) + 1
        width -= low.to_numpy("float64", na_value=np.nan)
        width *= width
        width -= 1
        width /= 12
        found[f"{part}_variance"] = width
    return found


def _given_or(full: pd.DataFrame, name: str, otherwise: pd.Series[Any]) -> pd.Series[Any]:
    if name not in full:
        return otherwise
    return _filled(_whole(full[name]), otherwise)


def _filled(column: pd.Series[Any], by: pd.Series[Any] | int) -> pd.Series[Any]:
    """Return a column without gaps; the very same cells where it has none."""
    return column.fillna(by) if column.isna().any() else column


def _whole(column: pd.Series[Any]) -> pd.Series[Any]:
    try:
        return column.astype("Int64")
    except (TypeError, ValueError):
        numbers = pd.to_numeric(column, errors="coerce")
    # Raised outside the handler: the error of pandas quotes the cell.
    broken = np.flatnonzero(column.notna() & ~(numbers % 1 == 0))
    message = (
        f"The table is not Counts: column '{column.name}' does not hold whole numbers: "
        f"{rows_in_words(broken.tolist())}."
    )
    raise SchemaError(message)
