"""Withholding: figures of rare events that would be noise, or could point at a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.model.dimensions import ALL, UNKNOWN
from phm_diabetes.model.measures import FEWEST_EVENTS
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.metrics.stacking import Figures
    from phm_diabetes.model.measures import Measure

    Flags = NDArray[np.bool_]

__all__ = ["MOST_GROUPS", "has_too_few", "is_withheld", "withhold_rare"]

MOST_GROUPS = 3
"""Groups, besides the unknown, into which an organisation smaller than an ICB may be split."""

_WIDE = ("icb", "region", "england")
_NO_FIGURE = (Reason.NONE, Reason.SQUARES_MISSING, Reason.NO_EVENTS, Reason.COUNT_HIDDEN)


_WITHHELD = frozenset(
    each.words
    for each in (
        Reason.TOO_FEW_EVENTS,
        Reason.GROUP_TOO_SMALL,
        Reason.LEVEL_TOO_SMALL,
        Reason.TOO_MANY_GROUPS,
    )
)


def is_withheld(table: pd.DataFrame) -> Flags:
    """Return which estimates were taken away, so that their counts are not divided elsewhere.

    Parameters
    ----------
    table
        Estimates, shape ``(n, k)``.

    Examples
    --------
    >>> import pandas as pd
    >>> is_withheld(pd.DataFrame({"reason": ["", "fewer than 10 events"]})).tolist()
    [False, True]
    """
    return table["reason"].isin(_WITHHELD).to_numpy(dtype=bool)


def has_too_few(counts: pd.DataFrame) -> Flags:
    """Return which rows have fewer events than a figure of rare ones takes, whatever is hidden.

    Examples
    --------
    >>> import pandas as pd
    >>> has_too_few(pd.DataFrame({"numerator_high": pd.array([7, 10, None], "Int64")})).tolist()
    [True, False, False]
    """
    most = counts["numerator_high"].to_numpy(dtype="float64", na_value=np.inf)
    return np.asarray(most < FEWEST_EVENTS)


def withhold_rare(table: pd.DataFrame, cards: Mapping[str, Measure], figures: Figures) -> None:
    """Take away figures of rare events that are not to be given, and say why.

    None is given of a practice, or of fewer than 10 events. Below an ICB there may be at most
    three groups besides the unknown, each with 10 events, or none of them has a figure.

    Parameters
    ----------
    table
        Checked counts, shape ``(n, k)``.
    cards
        The card of each measure in it.
    figures
        One element a row of the table; changed in place.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "HES", "measure": "dm.foot.major_amputations", "definition":
    ...     "hes:major_broad:1", "org_level": "icb", "period_start": "2017-04-01", "period_end":
    ...     "2020-03-31", "denominator": 100_000}
    >>> found = phm.estimate(phm.counts_from([
    ...     {**row, "org_code": "QYY", "numerator": 9, "numerator_ss": 9},
    ...     {**row, "org_code": "QZZ", "numerator": 10, "numerator_ss": 10}]))
    >>> found[["value", "reason"]].values.tolist()
    [[nan, 'fewer than 10 events'], [1.0, '']]
    """
    names = [name for name, card in cards.items() if card.rare]
    rare = table["measure"].isin(names).to_numpy(dtype=bool)
    if not rare.any():
        return
    few = rare & has_too_few(table)
    _take(figures, few, Reason.TOO_FEW_EVENTS)
    level = table["org_level"].astype(object)
    narrow = rare & ~level.isin(_WIDE).to_numpy(dtype=bool)
    part, known = _parts(table)
    if (narrow & part).any():
        whole = [name for name in row_key(table) if name not in dimensions_of(table)]
        ids, first = group_ids(table, whole)
        groups = np.bincount(ids[part & known], minlength=len(first))
        # A group whose events are hidden is not known to have enough of them.
        told = table["numerator"].to_numpy(dtype="float64", na_value=np.nan) >= FEWEST_EVENTS
        thin = np.bincount(ids[part & known & ~told], minlength=len(first)) > 0
        _take(figures, narrow & part & (groups > MOST_GROUPS)[ids], Reason.TOO_MANY_GROUPS)
        _take(figures, narrow & part & known & ~few & thin[ids], Reason.GROUP_TOO_SMALL)
    _take(figures, rare & (level == "practice").to_numpy(dtype=bool), Reason.LEVEL_TOO_SMALL)


def _parts(table: pd.DataFrame) -> tuple[Flags, Flags]:
    """Whether each row is a part of a whole, and whether it is known which."""
    part = np.zeros(len(table), dtype=bool)
    known = np.ones(len(table), dtype=bool)
    for name in dimensions_of(table):
        levels = table[name].astype(object)
        part |= (levels != ALL).to_numpy(dtype=bool)
        known &= (levels != UNKNOWN).to_numpy(dtype=bool)
    return part, known


def _take(figures: Figures, rows: Flags, reason: Reason) -> None:
    given = rows & (np.isin(figures.reason, _NO_FIGURE) | np.isfinite(figures.value))
    figures.reason[given] = reason
    figures.value[rows], figures.low[rows], figures.high[rows] = np.nan, np.nan, np.nan
    figures.lower[:, rows], figures.upper[:, rows] = np.nan, np.nan
