"""Placing: which parent each organisation had on a day, by direct or chained membership."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import GeographyError
from phm_diabetes.model.levels import level_named
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["Steps", "active_at", "chain_between", "followed", "parents_at"]

_MOST_NAMED = 5


def active_at(memberships: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the memberships that hold on a day, both ends included.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame({"start": pd.to_datetime(["2020-04-01", None]),
    ...                        "end": pd.to_datetime(["2023-03-31", "2019-03-31"])})
    >>> len(active_at(spells, pd.Timestamp("2023-03-31")))
    1
    """
    begun = memberships["start"].isna() | (memberships["start"] <= day)
    lasting = memberships["end"].isna() | (memberships["end"] >= day)
    return memberships[begun & lasting]


def chain_between(pairs: Iterable[tuple[str, str]], child: str, parent: str) -> tuple[str, ...]:
    """Return the levels from child to parent along known memberships, the shortest way.

    Only levels that nest may stand between: a PCN or a Place never does.

    Raises
    ------
    GeographyError
        When no chain of memberships joins the two levels.

    Examples
    --------
    >>> chain_between([("practice", "sub_icb"), ("sub_icb", "icb")], "practice", "icb")
    ('practice', 'sub_icb', 'icb')
    """
    known = sorted(set(pairs))
    ways: list[tuple[str, ...]] = [(child,)]
    seen = {child}
    while ways:
        longer = []
        for way in ways:
            for low, high in known:
                if low != way[-1] or high in seen:
                    continue
                if high == parent:
                    return (*way, high)
                if level_named(high).nests:
                    longer.append((*way, high))
        seen |= {way[-1] for way in longer}
        ways = longer
    have = ", ".join(f"{low} → {high}" for low, high in known) or "none"
    message = (
        f"The geography has no memberships from {child} to {parent} (it has {have}). "
        "Load a source that holds them and pass it to Geography.from_memberships."
    )
    raise GeographyError(message)


class Steps:
    """Memberships of each pair of levels, apart, and what held on the days asked for.

    Parameters
    ----------
    memberships
        A Memberships table.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame({
    ...     "org_level": ["practice"], "org_code": ["X99001"], "parent_level": ["pcn"],
    ...     "parent_code": ["U99001"], "start": [pd.NaT], "end": [pd.NaT]})
    >>> Steps(spells).pairs
    (('practice', 'pcn'),)
    """

    def __init__(self, memberships: pd.DataFrame) -> None:
        pair, first = group_ids(memberships, ["org_level", "parent_level"])
        levels = memberships[["org_level", "parent_level"]].iloc[first]
        plain = memberships[["org_code", "parent_code", "start", "end"]].astype(
            {"org_code": object, "parent_code": object}
        )
        self._spells = {
            (str(low), str(high)): plain[pair == number]
            for number, (low, high) in enumerate(levels.itertuples(index=False))
        }
        self._active: dict[tuple[str, str, pd.Timestamp], pd.DataFrame] = {}
        self._known: dict[tuple[str, pd.Timestamp], NDArray[np.object_]] = {}

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Pairs of levels, member and parent."""
        return tuple(self._spells)

    def on(self, low: str, high: str, day: pd.Timestamp) -> pd.DataFrame:
        """Return the spells of a pair of levels that hold on a day."""
        asked = (low, high, day)
        if asked not in self._active:
            self._active[asked] = active_at(self._spells[low, high], day)
        return self._active[asked]

    def known(self, level: str, day: pd.Timestamp) -> NDArray[np.object_]:
        """Return the organisations of a level that had any membership on a day."""
        asked = (level, day)
        if asked not in self._known:
            codes = [
                self.on(low, high, day)["org_code"] for low, high in self.pairs if low == level
            ]
            whole = np.concatenate(codes) if codes else np.array([], dtype=object)
            self._known[asked] = pd.unique(whole)
        return self._known[asked]


def parents_at(
    steps: Steps,
    child: str,
    parent: str,
    day: pd.Timestamp,
    *,
    may_overlap: bool = False,
) -> pd.DataFrame:
    """Return the parents that every known organisation of a level had on a day.

    Parameters
    ----------
    steps
        Memberships of each pair of levels.
    child, parent
        Levels.
    day
        The day asked for.
    may_overlap
        Whether an organisation may have several parents of the level.

    Returns
    -------
    DataFrame
        ``org_code`` and ``parent_code``; the parent is empty for an organisation that
        is known on the day but belongs to none.

    Raises
    ------
    GeographyError
        When no chain of memberships joins the levels, or an organisation has two parents.

    Examples
    --------
    >>> import pandas as pd
    >>> spells = pd.DataFrame({
    ...     "org_level": ["practice"], "org_code": ["X99001"], "parent_level": ["pcn"],
    ...     "parent_code": ["U99001"], "start": [pd.NaT], "end": [pd.NaT]})
    >>> parents_at(Steps(spells), "practice", "pcn", pd.Timestamp("2023-03-31")).values.tolist()
    [['X99001', 'U99001']]
    """
    codes = steps.known(child, day)
    placed = pd.DataFrame({"org_code": codes, "parent_code": codes}, dtype=object)
    chain = (child,) if child == parent else chain_between(steps.pairs, child, parent)
    for low, high in pairwise(chain):
        spells = _after_handover(steps.on(low, high, day), day)
        if spells.empty and len(placed):
            message = (
                f"No membership from {low} to {high} holds on {day:%Y-%m-%d}. Load the geography "
                "of that year, or pass as_at= a day that it covers."
            )
            raise GeographyError(message)
        step = spells[["org_code", "parent_code"]]
        members = pd.Index(step["org_code"])
        if members.is_unique:  # the usual case, at a fifth of the cost of a merge
            above = np.array([*step["parent_code"], None], dtype=object)
            now = above[members.get_indexer(pd.Index(placed["parent_code"], dtype=object))]
            placed = pd.DataFrame(
                {"org_code": placed["org_code"], "parent_code": now}, dtype=object
            )
            continue
        step = step.dropna().drop_duplicates()
        if not may_overlap:
            _refuse_two_parents(step, low, high, day)
        step = step.rename(columns={"org_code": "parent_code", "parent_code": "next"})
        placed = placed.merge(step, on="parent_code", how="left")
        placed = placed[["org_code", "next"]].rename(columns={"next": "parent_code"})
    return placed


def _after_handover(spells: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Leave out a spell that ends on the day on which the member's next one begins."""
    begins = spells.loc[spells["start"] == day, "org_code"]
    if begins.empty:
        return spells
    return spells[~((spells["end"] == day) & spells["org_code"].isin(begins))]


def _refuse_two_parents(step: pd.DataFrame, low: str, high: str, day: pd.Timestamp) -> None:
    twice = sorted(step.loc[step["org_code"].duplicated(), "org_code"].unique())
    if twice:
        named = ", ".join(twice[:_MOST_NAMED]) + (" …" if len(twice) > _MOST_NAMED else "")
        message = (
            f"{len(twice):,} of the {level_named(low).plural} belong to two "
            f"{level_named(high).plural} on {day:%Y-%m-%d}: {named}. Pass the memberships of one "
            "source only, or, where members are shared on purpose, use Geography.with_groups."
        )
        raise GeographyError(message)


def followed(successors: pd.DataFrame, day: pd.Timestamp) -> dict[str, str]:
    """Return, for each organisation that had ended by a day, the one that stands for it then.

    Raises
    ------
    GeographyError
        When an organisation has two successors, or succeeds itself in the end.

    Examples
    --------
    >>> import pandas as pd
    >>> chain = pd.DataFrame({"predecessor": ["A", "B"], "successor": ["B", "C"],
    ...                       "date": pd.to_datetime(["2020-04-01", "2022-04-01"])})
    >>> followed(chain, pd.Timestamp("2021-03-31"))
    {'A': 'B'}
    >>> followed(chain, pd.Timestamp("2023-03-31"))
    {'A': 'C', 'B': 'C'}
    """
    past = successors[successors["date"] <= day].drop_duplicates(["predecessor", "successor"])
    twice = past["predecessor"].duplicated()
    if twice.any():
        message = (
            f"{int(twice.sum()):,} organisations have two successors by {day:%Y-%m-%d}. A count "
            "cannot be split between them: keep the one that took the list over."
        )
        raise GeographyError(message)
    after = dict(
        zip(past["predecessor"].astype(object), past["successor"].astype(object), strict=True)
    )
    final = {}
    for start in after:
        here, steps = start, 0
        while here in after:
            here, steps = after[here], steps + 1
            if steps > len(after):
                message = f"Organisation {start} succeeds itself in the table of successors."
                raise GeographyError(message)
        final[start] = here
    return final
