"""England as the comparator: its published row, or the sum of practices where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import GeographyError, OptionError, UnlikeError
from phm_diabetes.outliers.comparators import (
    Comparators,
    code_where,
    counts_under,
    published_or_summed,
    published_rows,
    summed_rows,
)
from phm_diabetes.rolling_up import day_of
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from datetime import date

    from phm_diabetes.geography import Geography

__all__ = ["england_of"]

_SUM = "sum_of_practices"
_NEARLY_ALL = 0.9
_ABOUT = ["dataset", "measure", "definition", "period_end"]


def england_of(
    estimates: pd.DataFrame, geo: Geography | None, england: str | None, as_at: str | date
) -> Comparators:
    """Return England: its published rows, and, on request only, sums of the practices.

    Parameters
    ----------
    estimates
        Checked estimates.
    geo
        Tells whether the practices in the table are nearly all of England's; not needed.
    england
        ``None``, or ``"sum_of_practices"`` for what is not published.
    as_at
        The day on which to count England's practices.

    Raises
    ------
    OptionError
        When there is no published row and the sum was not asked for.
    UnlikeError
        When the practices summed are far from all of England's.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> england_of(phm.estimate(table), None, "sum_of_practices", "period_end").fixed
    True
    """
    if england not in {None, _SUM}:
        message = f"england= takes None or '{_SUM}', not '{england}'."
        raise OptionError(message)
    rows = counts_under(estimates)
    counts = published_rows(rows, "england")
    counts = counts.assign(comparator_code=pd.Categorical(["England"] * len(counts)))
    if england is None and counts.empty:
        message = (
            "The table has no published row for England, and England is not rebuilt from practices "
            f"unless you ask: pass england='{_SUM}'. Every output then says so."
        )
        raise OptionError(message)
    if england is not None:
        counts = published_or_summed(counts, _summed(rows, geo, as_at, done=counts))
    is_part = (estimates["org_level"] != "england").to_numpy(dtype=bool)
    return Comparators(
        counts=counts,
        code_of_row=code_where("England", is_part),
        member=np.zeros(len(estimates), dtype=bool),
        fixed=True,
        name="england",
        summed_level="practice",
    )


def _summed(
    rows: pd.DataFrame, geo: Geography | None, as_at: str | date, *, done: pd.DataFrame
) -> pd.DataFrame:
    practices = rows[rows["org_level"] == "practice"]
    if practices.empty and done.empty:
        message = (
            f"england='{_SUM}' needs the practices in the table: estimate them together with "
            "the other levels."
        )
        raise OptionError(message)
    if geo is not None:
        told = practices[[*_ABOUT, "org_code"]]
        _refuse_part_of_england(told[~told["measure"].isin(done["measure"])], geo, as_at)
    return summed_rows(practices, pd.Series("England", index=practices.index))


def _refuse_part_of_england(practices: pd.DataFrame, geo: Geography, as_at: str | date) -> None:
    """Refuse a sum of fewer than nine in ten of the practices that the geography has."""
    _, first = group_ids(practices, [*_ABOUT, "org_code"])
    for end, rows in practices.iloc[first].groupby("period_end"):
        day = day_of(as_at, pd.Timestamp(str(end)))
        everyone = _practices_of_england(geo, day)
        ids, about = group_ids(rows, _ABOUT)
        inside = np.bincount(ids, weights=rows["org_code"].isin(everyone))
        short = np.flatnonzero(inside < _NEARLY_ALL * len(everyone))
        if len(short):
            few = int(np.bincount(ids)[short[0]])
            what = "practice" if few == 1 else "practices"
            message = (
                f"england='{_SUM}' would call {few:,} {what} England, and the geography has "
                f"{len(everyone):,} on {day:%Y-%m-%d} ({rows['measure'].iloc[about[short[0]]]}). "
                "Estimate all of England's practices, and filter afterwards."
            )
            raise UnlikeError(message)


def _practices_of_england(geo: Geography, day: pd.Timestamp) -> frozenset[str]:
    """Return the practices that the geography places in England; nobody where it cannot tell."""
    try:
        placed = geo.parents("practice", "england", day).dropna()
    except GeographyError:
        return frozenset()
    return frozenset(placed["org_code"])
