"""Parents as comparators: the rest of the PCN, Place, ICB or region that a unit belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, UnlikeError
from phm_diabetes.model.levels import level_named
from phm_diabetes.outliers.comparators import (
    REMAINDERS,
    Comparators,
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

__all__ = ["parent_codes", "parents_of"]


def parents_of(
    estimates: pd.DataFrame, geo: Geography | None, to: str, as_at: str | date
) -> Comparators:
    """Return the parents at a level: published rows, otherwise the sums of their practices.

    Parameters
    ----------
    estimates
        Checked estimates.
    geo
        Who belongs to whom.
    to
        The level of the parents.
    as_at
        Whose memberships.

    Raises
    ------
    OptionError
        When no geography was given, or the table holds nothing that can be summed once.
    GeographyError
        When the geography has no memberships to the level.
    UnlikeError
        When rows were rolled up by the memberships of another day.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> parents_of(table, demo.england_geography(), "icb", "period_end").summed_level
    'practice'
    """
    if not (to.isidentifier() and to.islower()):
        message = (
            f"to= takes 'england', a level such as 'icb', or a list of codes; for one peer, write "
            f"to=['{to}']."
        )
        raise OptionError(message)
    if geo is None:
        message = (
            f"to='{to}' needs geo= a Geography, to know which {level_named(to).name} is whose."
        )
        raise OptionError(message)
    rows = counts_under(estimates)
    _refuse_other_days(rows, as_at)
    counts = published_rows(rows, to)
    level = _summed_level(rows, to, published=len(counts) > 0)
    base = rows[(rows["org_level"] == level) & ~rows["org_code"].isin(REMAINDERS)]
    codes = parent_codes(base, geo, to, as_at)
    inside = (codes != "").to_numpy()
    summed = summed_rows(base[inside], codes[inside].cat.remove_unused_categories())
    of_row = parent_codes(estimates, geo, to, as_at)
    return Comparators(
        counts=published_or_summed(counts, summed),
        code_of_row=of_row,
        member=(of_row != "").to_numpy(),
        fixed=False,
        name=to,
        summed_level=level,
    )


def _summed_level(rows: pd.DataFrame, to: str, *, published: bool) -> str:
    """Return the level whose rows are summed to the parents: practices, or the only one there."""
    levels = sorted(set(rows["org_level"].astype(str)) - {to, "england"})
    if "practice" in levels or not levels:
        return "practice"
    if len(levels) == 1:
        return levels[0]
    if published:
        return "practice"
    message = (
        f"to='{to}' needs the practices in the table: {' and '.join(levels)} overlap, and summing "
        "them would count people twice."
    )
    raise OptionError(message)


def _refuse_other_days(rows: pd.DataFrame, as_at: str | date) -> None:
    """Refuse roll-ups of another day: who was in them is not who is taken out of the parent."""
    days = rows.loc[rows["as_at"].notna(), ["period_end", "as_at"]].drop_duplicates()
    for end, used in days.itertuples(index=False):
        wanted = day_of(as_at, end)
        if used != wanted:
            message = (
                f"The table holds roll-ups as at {used:%Y-%m-%d}, and compare is asked for "
                f"memberships of {wanted:%Y-%m-%d}. Give both the same as_at=."
            )
            raise UnlikeError(message)


def parent_codes(table: pd.DataFrame, geo: Geography, to: str, as_at: str | date) -> pd.Series[Any]:
    """Return the code of each row's parent; blank for none, for several, and for the parents.

    Parameters
    ----------
    table
        Counts or estimates of any levels.
    geo
        Who belongs to whom.
    to
        The level of the parents.
    as_at
        Whose memberships.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> len(parent_codes(table, demo.england_geography(), "icb", "period_end")) == len(table)
    True
    """
    codes = np.full(len(table), "", dtype=object)
    for level in table["org_level"].astype(str).unique():
        if level in {to, "england"}:
            continue
        at_level = (table["org_level"] == level) & ~table["org_code"].isin(REMAINDERS)
        units = table[at_level]
        if units.empty:
            continue
        found = (
            geo.placements(units, to=to, as_at=as_at)
            if level == "practice"
            else _through_practices(units, geo, to, as_at)
        )
        placed = found[found["status"] == "placed"]
        parent = dict(
            zip(
                zip(placed["org_code"], placed["period_end"], strict=True),
                placed["parent_code"],
                strict=True,
            )
        )
        ids, first = group_ids(units, ["org_code", "period_end"])
        pairs = units.iloc[first]
        keys = zip(pairs["org_code"], pairs["period_end"], strict=True)
        of_pair = np.array([parent.get(key, "") for key in keys], dtype=object)
        codes[at_level.to_numpy()] = of_pair[ids]
    return pd.Series(codes, index=table.index).astype("category")


def _through_practices(
    units: pd.DataFrame, geo: Geography, to: str, as_at: str | date
) -> pd.DataFrame:
    """Parents of a PCN or Place: where all of its practices belong, or nobody."""
    level = str(units["org_level"].iloc[0])
    parts = []
    for end in units["period_end"].drop_duplicates():
        day = day_of(as_at, end)
        own = geo.parents("practice", level, day).dropna()
        above = geo.parents("practice", to, day).rename(columns={"parent_code": "above"})
        groups = own.merge(above, on="org_code", how="left").groupby("parent_code")["above"]
        # A member that no source places above says nothing: it may have closed before the year.
        single = groups.agg(["nunique", "first"])
        whole = single["nunique"] == 1
        parts.append(
            pd.DataFrame(
                {
                    "org_code": single.index.to_numpy(),
                    "period_end": end,
                    "parent_code": single["first"].to_numpy(),
                    "status": np.where(whole, "placed", "several"),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
