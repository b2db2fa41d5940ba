"""Pairing: the same organisations in two sources, side by side, with what hidden counts allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.metrics.differences import newcombe
from phm_diabetes.metrics.proportions import proportion

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["PAIRED", "paired"]

PAIRED = (
    *("org_level", "org_code"),
    *("a_value", "a_lower", "a_upper", "b_value", "b_lower", "b_upper"),
    *("difference", "difference_lower", "difference_upper"),
    *("difference_least", "difference_most", "denominator_ratio"),
)
"""Columns of a table of two sources; figures are percentages, differences percentage points."""

_COUNTS = (
    *("numerator", "numerator_low", "numerator_high"),
    *("denominator", "denominator_low", "denominator_high"),
)


def paired(
    a: pd.DataFrame, b: pd.DataFrame, *, confidence: float = 0.95
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the organisations of both tables side by side, and the counts they rest on.

    Parameters
    ----------
    a, b
        Counts of one measure, level and period each, one row an organisation.
    confidence
        Of the intervals.

    Returns
    -------
    tuple of DataFrame
        `PAIRED` columns, and each source's counts with the suffixes ``_a`` and ``_b``; one row an
        organisation that stands in both. A hidden count gives no value, and a range.

    Notes
    -----
    The difference is `a` less `b`. Its interval is Newcombe's, which takes the two as independent;
    two sources of the same people are not, so it is wider than need be.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> about = {"dataset": "d", "measure": "copd.review", "definition": "d:1",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "denominator": 100}
    >>> table, _ = paired(phm.counts_from([about | {"numerator": 60}]),
    ...                   phm.counts_from([about | {"numerator": 80}]))
    >>> float(table["difference"].iloc[0].round(6))
    -20.0
    """
    who = ["org_level", "org_code"]
    both = _plain(a, who).merge(_plain(b, who), on=who, suffixes=("_a", "_b"))
    both = both.sort_values(who, ignore_index=True)
    number = {name: _floats(both[name]) for name in both.columns if name not in who}
    tops = [number[f"numerator_{side}"] for side in "ab"]
    bottoms = [number[f"denominator_{side}"] for side in "ab"]
    found: dict[str, Any] = {}
    for side, top, bottom in zip("ab", tops, bottoms, strict=True):
        value = proportion(top, bottom, confidence=confidence)
        for name, values in zip(("value", "lower", "upper"), value, strict=True):
            found[f"{side}_{name}"] = 100 * values
    gap = newcombe(tops[0], bottoms[0], tops[1], bottoms[1], confidence=confidence)
    for name, values in zip(("", "_lower", "_upper"), gap, strict=True):
        found[f"difference{name}"] = 100 * values
    (a_least, a_most), (b_least, b_most) = (_ends(number, side) for side in "ab")
    found["difference_least"], found["difference_most"] = a_least - b_most, a_most - b_least
    with np.errstate(divide="ignore", invalid="ignore"):
        found["denominator_ratio"] = np.where(bottoms[1] > 0, bottoms[0] / bottoms[1], np.nan)
    return both[who].assign(**found)[list(PAIRED)], both


def _plain(counts: pd.DataFrame, who: list[str]) -> pd.DataFrame:
    return counts[[*who, *_COUNTS]].astype(dict.fromkeys(who, object))


def _floats(column: pd.Series[Any]) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _ends(
    number: dict[str, NDArray[np.float64]], side: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and most percentage, whatever is hidden; without an upper end anything is possible."""
    with np.errstate(divide="ignore", invalid="ignore"):
        least = number[f"numerator_low_{side}"] / number[f"denominator_high_{side}"]
        most = number[f"numerator_high_{side}"] / number[f"denominator_low_{side}"]
    return (
        100 * np.clip(np.nan_to_num(least, nan=0.0), 0, 1),
        100 * np.clip(np.nan_to_num(most, nan=1.0), 0, 1),
    )
