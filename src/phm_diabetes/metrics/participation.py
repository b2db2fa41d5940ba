"""Participation: how many of an organisation's practices a figure holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from phm_diabetes.counted_once import refuse_mixed_levels
from phm_diabetes.rolling_up import day_of
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.schemas.counts import Counts

__all__ = ["FALL", "coverage"]

FALL = 0.1
"""Share of the organisations there before, from which a loss is called out."""
_ABOUT = ["dataset", "measure", "definition", "period_start", "period_end"]


def coverage(
    counts: DataFrame[Counts],
    *,
    geo: Geography,
    to: str,
    as_at: str | date = "period_end",
) -> pd.DataFrame:
    """Say whose figures are there, of all that the geography knows; who is absent is not zero.

    Parameters
    ----------
    counts
        Counts of one level, such as practices.
    geo
        Who belongs to whom. With the QOF's own geography, those that took part; with dated
        memberships, everybody who was open.
    to
        The level of the organisations, such as ``"icb"``.
    as_at
        Whose memberships: ``"period_end"``, ``"today"``, or a date.

    Returns
    -------
    DataFrame
        One row an organisation, measure and period: ``known``, how many belong to it;
        ``present``, of how many there is a figure; ``share`` of the two [proportion];
        ``present_before``, in the period before; ``fell``, whether a tenth of the organisations
        or more went missing since, and ``absent``, the codes of those without a figure.

    Raises
    ------
    DoubleCountError
        When the counts are of several levels.
    GeographyError
        When no chain of memberships joins the levels.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> gone = table["org_code"].iloc[0]
    >>> some = coverage(table[table["org_code"] != gone], geo=demo.england_geography(),
    ...                 to="england")
    >>> bool((some["known"] - some["present"] == 1).all())
    True
    """
    table = as_counts(counts, what="counts")
    refuse_mixed_levels(table)
    told = table[table["numerator_high"].notna() | table["denominator_high"].notna()]
    parts = [
        _covered(group, geo, to, day_of(as_at, cast("pd.Timestamp", end)))
        for end, group in told.groupby("period_end", sort=True)
    ]
    columns = [*_ABOUT, "org_level", "org_code", "as_at", "known", "present"]
    columns += ["share", "present_before", "fell", "absent"]
    if not parts:
        return pd.DataFrame(columns=columns)
    found = pd.concat(parts, ignore_index=True)
    return _over_time(found)[columns]


def _over_time(found: pd.DataFrame) -> pd.DataFrame:
    """Add the share, and how many were there in the period before, whatever its definition."""
    who = ["dataset", "measure", "org_level", "org_code"]
    ordered = found.sort_values("period_end", kind="stable")
    before = ordered.groupby(who, observed=True)[["present", "known"]].shift(1)
    before = before.reindex(found.index)
    share = found["present"] / found["known"].where(found["known"] > 0)
    # Practices merge, so the known are fewer too: only what those do not account for is a fall.
    lost = (before["present"] - found["present"]) - (before["known"] - found["known"]).clip(lower=0)
    fell = lost >= FALL * before["present"]
    return found.assign(
        share=share,
        present_before=before["present"].astype("Int64"),
        fell=(fell & (lost > 0)).astype("boolean").where(before["present"].notna()),
    )


def _covered(group: pd.DataFrame, geo: Geography, to: str, day: pd.Timestamp) -> pd.DataFrame:
    level = str(group["org_level"].iloc[0])
    parents = geo.parents(level, to, day).dropna(subset=["parent_code"])
    members = {
        str(parent): set(own["org_code"].astype(str))
        for parent, own in parents.groupby("parent_code", observed=True)
    }
    rows = []
    for about, own in group.groupby(_ABOUT, observed=True, sort=True):
        there = set(own["org_code"].astype(str))
        rows += [
            {
                **dict(zip(_ABOUT, about, strict=True)),
                "org_level": to,
                "org_code": parent,
                "as_at": day,
                "known": len(known),
                "present": len(known & there),
                "absent": tuple(sorted(known - there)),
            }
            for parent, known in members.items()
        ]
    return pd.DataFrame(rows)
