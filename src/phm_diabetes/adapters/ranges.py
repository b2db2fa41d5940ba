"""Ranges: published counts as the least and most that they can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import field, frozen, validators

from phm_diabetes.adapters.cells import Fault, whole_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Rounding", "counted"]


def _pair(given: Sequence[int] | None) -> tuple[int, int] | None:
    return None if given is None else (int(given[0]), int(given[1]))


@frozen(kw_only=True)
class Rounding:
    """How a publisher rounds counts.

    Parameters
    ----------
    to
        Counts are rounded to the nearest multiple of this.
    small
        The least and most of the small counts that are all published as `to`, where there are
        such; 0 is then exact.

    Examples
    --------
    >>> Rounding(to=5, small=(1, 7)).to
    5
    """

    to: int = field(validator=[validators.instance_of(int), validators.ge(2)])
    small: tuple[int, int] | None = field(default=None, converter=_pair)


def counted(
    column: pd.Series[Any],
    header: str,
    *,
    hidden: Mapping[str, tuple[int, int]],
    missing: Sequence[str] = (),
    rounding: Rounding | None = None,
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read counts of which some are hidden, missing or rounded.

    Parameters
    ----------
    column
        Categories of text, indexed by row number.
    header
        The publisher's header, for messages.
    hidden
        The least and most that each symbol stands for.
    missing
        Symbols that say that there is no count; ``""`` for an empty cell.
    rounding
        What was done to every other count.

    Returns
    -------
    ranges : DataFrame of Int64
        ``value``, ``low`` and ``high``; no value where hidden, no high either where missing.
    faults : list of Fault

    Examples
    --------
    >>> column = pd.Series(["5", "10", "0", "*"], index=[2, 3, 4, 5]).astype("category")
    >>> ranges, _ = counted(column, "Seen", hidden={"*": (1, 7)}, rounding=Rounding(to=5))
    >>> ranges.loc[[3, 4, 5], ["low", "high"]].values.tolist()
    [[8, 12], [0, 0], [1, 7]]
    """
    symbols = [text in hidden or text in missing for text in column.cat.categories]
    is_symbol = np.array(symbols, dtype=bool)[column.cat.codes.to_numpy()]
    values, faults = whole_numbers(column[~is_symbol].cat.remove_unused_categories(), header)
    value = values.reindex(column.index)
    low, high = value.copy(), value.copy()
    if rounding is not None:
        plain = value.notna().to_numpy()
        bounds = _rounded(value[plain].to_numpy(np.int64), rounding, _masked(rounding, hidden))
        low[plain], high[plain] = bounds
        faults += _impossible(value, low, high, header, rounding)
    for symbol, (least, most) in hidden.items():
        stands = (column == symbol).to_numpy()
        low[stands], high[stands] = least, most
    low = low.fillna(0)
    return pd.DataFrame({"value": value, "low": low, "high": high}), faults


def _masked(
    rounding: Rounding, hidden: Mapping[str, tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Return the ranges that have a sign of their own, and so are never rounded to a multiple."""
    return (*hidden.values(), *([] if rounding.small is None else [rounding.small]))


def _rounded(
    value: NDArray[np.int64], rounding: Rounding, masked: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # Publishers send a half either way: an even multiple's bounds take in both.
    half = rounding.to // 2
    low, high = np.maximum(value - half, 0), value + half
    small_up_to = max((most for least, most in masked if least <= 1), default=0)
    if small_up_to:
        low, high = np.maximum(low, small_up_to + 1), np.where(value == 0, 0, high)
        low = np.where(value == 0, 0, low)
    if rounding.small is not None:
        least, most = rounding.small
        low = np.where(value == rounding.to, least, low)
        high = np.where(value == rounding.to, most, high)
    off = value % rounding.to != 0
    return np.where(off, value, low), np.where(off, value - 1, high)  # empty: cannot be


def _impossible(
    value: pd.Series[int],
    low: pd.Series[int],
    high: pd.Series[int],
    header: str,
    rounding: Rounding,
) -> list[Fault]:
    rows = value.index.to_numpy()[(low > high).fillna(value=False).to_numpy(dtype=bool)]
    if not len(rows):
        return []
    return [
        Fault(
            rule="rounding",
            rows=rows,
            column=header,
            message=f"is no count that rounding to the nearest {rounding.to} can give here",
            advice="Check whether the layout is still rounded and hidden as it is declared.",
        )
    ]
