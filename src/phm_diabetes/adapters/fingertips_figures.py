"""Fingertips figures: values, limits and counts, of which many are blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.adapters.numbers import decimals

if TYPE_CHECKING:
    from phm_diabetes.adapters.cells import Fault
    from phm_diabetes.adapters.sheets import Rows

__all__ = ["PUBLISHED_FIGURES", "figures_of", "multiplier"]

PUBLISHED_FIGURES = ("value", "lower_95", "upper_95", "lower_998", "upper_998")
"""What Fingertips works out; the rest are counts."""

_MULTIPLIERS = (1, 100, 1_000, 10_000, 100_000, 1_000_000)
_CLOSE = 5e-3  # values are rounded by some indicators
_ROUNDED_TO_ONE_PLACE = 0.06
_MOST_APART = 0.02


def figures_of(rows: Rows) -> tuple[pd.DataFrame, list[Fault]]:
    """Read values and limits, and counts where they are whole numbers.

    Returns
    -------
    figures : DataFrame
        The five published figures as float, ``count`` and ``denominator`` as Int64, and
        ``modelled``: whether a count is there and is no whole number.
    faults : list of Fault

    Examples
    --------
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> names = ("value", "lower_95", "upper_95", "lower_998", "upper_998", "count", "denominator")
    >>> grid = pd.DataFrame([names, ("5.0", "", "", "", "", "20.0", "400")])
    >>> rows = Sheet(file="a.csv", name="", grid=grid).rows({name: (name,) for name in names})
    >>> figures_of(rows)[0][["value", "count"]].values.tolist()
    [[5.0, 20]]
    """
    figures: dict[str, pd.Series[Any]] = {}
    faults: list[Fault] = []
    modelled = pd.Series(data=False, index=rows.cells.index)
    for name in PUBLISHED_FIGURES:
        figures[name], bad = decimals(rows.cells[name], rows.headers[name])
        faults += bad
    for name in ("count", "denominator"):
        numbers, bad = decimals(rows.cells[name], rows.headers[name], least=0)
        faults += bad
        broken = numbers.notna() & (numbers % 1 != 0)
        modelled |= broken
        figures[name] = numbers.mask(broken).astype("Int64")
    return pd.DataFrame({**figures, "modelled": modelled}), faults


def multiplier(value: pd.Series[Any], count: pd.Series[Any], of: pd.Series[Any]) -> int | None:
    """Return what a value is per: 100 for a percentage; ``None`` where counts do not give it.

    Parameters
    ----------
    value
        Published figures of one indicator.
    count, of
        Its counts and denominators, on the same rows.

    Examples
    --------
    >>> value, count, of = (pd.Series([x]) for x in (5.0, 20, 400))
    >>> multiplier(value, count, of), multiplier(value * 1.3, count, of)
    (100, None)
    """
    whole = pd.DataFrame({"value": value, "count": count, "of": of}).dropna()
    whole = whole[(whole["count"] > 0) & (whole["of"] > 0)].astype("float64")
    if not len(whole):
        return None
    crude = whole["count"] / whole["of"]
    for times in _MULTIPLIERS:
        apart = (whole["value"] / (crude * times) - 1).abs() > _CLOSE
        # A value of one decimal can be far from its count over a small denominator.
        apart &= (whole["value"] - crude * times).abs() > _ROUNDED_TO_ONE_PLACE
        if apart.mean() <= _MOST_APART:
            return times
    return None
