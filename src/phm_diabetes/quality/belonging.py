"""Belonging: memberships without a day, and members that moved between one day and another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from phm_diabetes.placing import active_at
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.memberships import Memberships

if TYPE_CHECKING:
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.schemas.problems import Problems

__all__ = ["moved_members", "undated_memberships"]

_PAIR = ["org_level", "org_code", "parent_level"]


def undated_memberships(memberships: DataFrame[Memberships]) -> DataFrame[Problems]:
    """Find memberships of which neither the first nor the last day is known.

    Parameters
    ----------
    memberships
        Any memberships.

    Examples
    --------
    >>> undated_memberships(pd.DataFrame({"org_level": "practice", "org_code": ["Y99001"],
    ...     "parent_level": "pcn", "parent_code": "U99001", "start": pd.NaT, "end": pd.NaT,
    ...     "source": "a", "source_row": 2}))["severity"].tolist()
    ['error']
    """
    table = checked(Memberships, memberships, what="memberships")
    undated = (table["start"].isna() & table["end"].isna()).to_numpy()
    return noted(
        table[undated],
        severity="error",
        rule="dated membership",
        column="start",
        message="is empty, and so is the last day: the membership holds for no known time",
        advice="Say from when: practices move, and a figure belongs to who had them then.",
    )


def moved_members(
    memberships: DataFrame[Memberships], *, then: str | date, now: str | date
) -> DataFrame[Problems]:
    """Find members that had another parent on one day than on another.

    A figure as at the end of its period and the same figure re-based to today differ by them:
    publish which of the two it is.

    Parameters
    ----------
    memberships
        Dated memberships.
    then, now
        The two days.

    Returns
    -------
    DataFrame[Problems]
        Info at the rows that hold on `now`.

    Examples
    --------
    >>> spells = pd.DataFrame({"org_level": "practice", "org_code": "Y99001",
    ...     "parent_level": "pcn", "parent_code": ["U99001", "U99002"], "source": "a",
    ...     "start": pd.to_datetime(["2019-07-01", "2023-07-01"]), "source_row": [2, 3],
    ...     "end": pd.to_datetime(["2023-06-30", None])})
    >>> moved_members(spells, then="2023-03-31", now="2024-03-31")["row"].tolist()
    [3]
    """
    table = checked(Memberships, memberships, what="memberships")
    held = [
        active_at(table, pd.Timestamp(day)).astype({**dict.fromkeys(_PAIR, object)})
        for day in (then, now)
    ]
    before = held[0].groupby(_PAIR)["parent_code"].agg(_parents)
    after = held[1].groupby(_PAIR)["parent_code"].agg(_parents)
    both = before.to_frame("then").join(after.rename("now"), how="inner")
    moved = both.index[(both["then"] != both["now"]).to_numpy()]
    rows = held[1][pd.MultiIndex.from_frame(held[1][_PAIR]).isin(moved)]
    return noted(
        rows,
        severity="info",
        rule="the same parent on both days",
        column="parent_code",
        message="was in another parent on the earlier day",
        advice="Say beside each total whose memberships it is by: period_end or today.",
    )


def _parents(codes: pd.Series[str]) -> tuple[str, ...]:
    return tuple(sorted(set(codes.dropna().astype(str))))
