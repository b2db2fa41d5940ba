"""Pricing: what activity cost at stated prices, of one year and on one basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, SchemaError, StatisticsError, UnlikeError, did_you_mean
from phm_diabetes.schemas.door import checked

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.prices import Prices

__all__ = ["priced"]

_BASIS = ("price_year", "price_type", "market_forces_factor")


def priced(
    activity: pd.DataFrame,
    prices: DataFrame[Prices],
    *,
    unpriced: Literal["raise", "leave_empty"] = "raise",
) -> pd.DataFrame:
    """Return activity with its unit price and cost, and the basis of both.

    Parameters
    ----------
    activity
        Columns ``treatment_function``, ``currency`` and ``activity`` [attendances]; ``setting``
        too, where the prices have one. Other columns are kept.
    prices
        Prices of one year, type and market forces factor, as ``local.prices`` or
        ``england.reference_costs`` give them. A price without a treatment function, or without
        a setting, is for any, where there is none of its own.
    unpriced
        ``"raise"`` refuses activity that has no price; ``"leave_empty"`` leaves its cost empty,
        so that it cannot be summed unnoticed as nothing.

    Returns
    -------
    DataFrame
        The activity, with ``unit_pence`` and ``cost_pence`` [pence], ``price_year``,
        ``price_type`` and ``market_forces_factor``.

    Raises
    ------
    StatisticsError
        When there are no prices, or activity has none.
    UnlikeError
        When prices are of several years, types or bases, or several fit.
    OptionError
        When `unpriced` is neither word.
    SchemaError
        When a table lacks a column.

    Examples
    --------
    >>> activity = pd.DataFrame(
    ...     {"treatment_function": ["307"], "currency": ["WF01A"], "activity": [3]})
    >>> prices = pd.DataFrame({"price_year": "2023-24", "price_type": "local",
    ...     "treatment_function": ["307"], "currency": ["WF01A"], "setting": "",
    ...     "unit_pence": [9950], "activity": pd.NA, "market_forces_factor": False,
    ...     "stated_in": "", "source": "a", "source_row": 2})
    >>> priced(activity, prices)["cost_pence"].tolist()
    [29850]
    """
    from phm_diabetes.schemas.prices import Prices

    if unpriced not in {"raise", "leave_empty"}:
        message = f"unpriced= takes 'raise' or 'leave_empty', not '{unpriced}'."
        raise OptionError(message)
    rows = _activity(activity)
    table = checked(Prices, prices, what="prices=")
    _refuse_mixed(table)
    unit = _unit_pence(rows, table)
    lacking = unit.isna().to_numpy()
    if lacking.any() and unpriced == "raise":
        left = int(rows["activity"].to_numpy()[lacking].sum())
        message = (
            f"{int(lacking.sum()):,} of {len(rows):,} rows ({left:,} attendances) have no price. "
            "Add theirs to the price table, or pass unpriced='leave_empty'; they never cost 0."
        )
        raise StatisticsError(message)
    basis = {name: table[name].iloc[0] for name in _BASIS}
    return activity.reset_index(drop=True).assign(
        unit_pence=unit, cost_pence=unit * rows["activity"], **basis
    )


def _activity(activity: pd.DataFrame) -> pd.DataFrame:
    for name in ("treatment_function", "currency", "activity"):
        if name not in activity:
            message = f"activity= has no column '{name}'." + did_you_mean(
                name, [str(each) for each in activity.columns]
            )
            raise SchemaError(message)
    rows = activity.reset_index(drop=True)
    numbers = pd.to_numeric(rows["activity"], errors="coerce")
    if numbers.isna().any() or (numbers % 1 != 0).any() or (numbers < 0).any():
        message = "Column 'activity' of activity= must hold whole numbers of 0 or more in each row."
        raise SchemaError(message)
    texts = {
        name: rows[name].astype(object).fillna("").astype(str)
        for name in ("treatment_function", "currency")
    }
    setting = (
        rows["setting"].astype(object).fillna("").astype(str)
        if "setting" in rows
        else pd.Series("", index=rows.index)
    )
    return pd.DataFrame({**texts, "setting": setting, "activity": numbers.astype("Int64")})


def _refuse_mixed(table: pd.DataFrame) -> None:
    if not len(table):
        message = (
            "There are no prices, and the library ships none. Fill in a price table "
            "(write_template('local.prices', ...)) or load england.reference_costs."
        )
        raise StatisticsError(message)
    for name in _BASIS:
        values = table[name].astype(object).where(table[name].notna(), "not stated")
        found = sorted({str(value) for value in values})
        if len(found) > 1:
            message = (
                f"prices= mixes {name.replace('_', ' ')}s ({', '.join(found)}). Keep those of one: "
                "pounds of two bases are never added up."
            )
            raise UnlikeError(message)


def _unit_pence(rows: pd.DataFrame, table: pd.DataFrame) -> pd.Series[Any]:
    """Price of each row: its own function and setting first, then those that stand for any."""
    unit = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    for any_function, any_setting in ((False, False), (False, True), (True, False), (True, True)):
        key = ["currency"]
        own = np.ones(len(table), dtype=bool)
        for name, is_any in (("treatment_function", any_function), ("setting", any_setting)):
            own &= (table[name] == "").to_numpy() == is_any
            key += [] if is_any else [name]
        held = table[own]
        if held.duplicated(key).any():
            raise UnlikeError(_several(key))
        found: NDArray[Any] = pd.MultiIndex.from_frame(held[key].astype(object)).get_indexer(
            pd.MultiIndex.from_frame(rows[key].astype(object))
        )
        prices = held["unit_pence"].astype("Int64").reset_index(drop=True)
        fill = unit.isna().to_numpy() & (found >= 0)
        unit[fill] = prices.iloc[found[fill]].array
    settings = table["setting"].ne("").any() and rows["setting"].eq("").all()
    if settings and unit.isna().all():
        message = (
            "Every price is for one setting and activity= has none. Add a column 'setting', or "
            f"keep the prices of one of {', '.join(sorted(set(table['setting'].astype(str))))} "
            "and clear theirs."
        )
        raise UnlikeError(message)
    return unit


def _several(key: list[str]) -> str:
    words = ", ".join(name.replace("_", " ") for name in key)
    return f"prices= holds more than one price for the same {words}. Keep the right one."
