"""Numbers: cells that hold a score, a price or a published figure rather than a count."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["decimals", "pence"]

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_MONEY = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d*)?(?:[eE][-+]?\d+)?")


def decimals(
    column: pd.Series[Any], header: str, *, empty_allowed: bool = True, least: float | None = None
) -> tuple[pd.Series[Any], list[Fault]]:
    """Read numbers written with a point.

    Parameters
    ----------
    column
        Categories of text, indexed by row number.
    header
        The publisher's header, for the message.
    empty_allowed
        Whether a blank is a missing figure rather than a fault.
    least
        The least that it can be; ``None`` for anything.

    Returns
    -------
    values : Series of float
        Empty where blank, or where there is a fault.
    faults : list of Fault

    Examples
    --------
    >>> column = pd.Series(["6.208", "-1.6", "x"], index=[2, 3, 4]).astype("category")
    >>> values, faults = decimals(column, "Score")
    >>> values.tolist()[:2], faults[0].rows.tolist()
    ([6.208, -1.6], [4])
    """

    def value(text: str) -> float:
        number = float(text) if _NUMBER.fullmatch(text) else np.nan
        return np.nan if least is not None and number < least else number

    what = "is not a number" if least is None else f"is not a number of {least:g} or more"
    advice = "Check that the column was not shifted or reformatted by a spreadsheet."
    return _read(column, header, value, what, advice, empty_allowed=empty_allowed)


def pence(
    column: pd.Series[Any], header: str, *, empty_allowed: bool = False
) -> tuple[pd.Series[Any], list[Fault]]:
    """Read pounds as whole pence, a half upwards.

    Parameters
    ----------
    column, header, empty_allowed
        As :func:`decimals`.

    Returns
    -------
    values : Series of Int64
        [pence]; empty where blank, or where there is a fault.
    faults : list of Fault

    Examples
    --------
    >>> column = pd.Series(["136.555", "£1,250", "n/a"], index=[2, 3, 4]).astype("category")
    >>> values, faults = pence(column, "Unit cost")
    >>> values.tolist()[:2], faults[0].message
    ([13656, 125000], 'is not a price in pounds')
    """

    def value(text: str) -> float:
        if not _MONEY.fullmatch(text):
            return np.nan
        pounds = Decimal(text.lstrip("£").strip().replace(",", ""))
        return float((pounds * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    advice = "Write pounds and pence with a point, such as 136.55."
    values, faults = _read(
        column, header, value, "is not a price in pounds", advice, empty_allowed=empty_allowed
    )
    return values.astype("Int64"), faults


def _read(
    column: pd.Series[Any],
    header: str,
    value: Callable[[str], float],
    what: str,
    advice: str,
    *,
    empty_allowed: bool,
) -> tuple[pd.Series[Any], list[Fault]]:
    texts = column.cat.categories.to_list()
    codes = column.cat.codes.to_numpy()
    numbers = np.array([value(text) for text in texts], dtype=np.float64)
    wrong = np.array(
        [
            np.isnan(number) and not (text == "" and empty_allowed)
            for text, number in zip(texts, numbers, strict=True)
        ],
        dtype=bool,
    )
    values = pd.Series(numbers[codes] if len(numbers) else np.empty(0), index=column.index)
    rows = column.index.to_numpy()[wrong[codes]] if len(wrong) else np.array([], dtype=np.int64)
    fault = Fault(rule="number", rows=rows, column=header, message=what, advice=advice)
    return values, [fault] if len(rows) else []
