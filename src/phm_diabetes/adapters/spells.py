"""Spells: rules for dated memberships, which may run backwards, overlap, or be out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["backwards", "overlaps", "still_open"]

_EARLIEST, _LATEST = -1_000_000, 1_000_000  # days; both beyond what a file can hold


def backwards(start: pd.Series[Any], end: pd.Series[Any], header: str) -> list[Fault]:
    """Find spells that end before they start.

    Parameters
    ----------
    start, end
        Days, indexed by row number; empty where open.
    header
        The publisher's header of the end.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2020-04-01"]), index=[7])
    >>> backwards(days, days - pd.Timedelta(days=1), "End Date")[0].rows.tolist()
    [7]
    """
    wrong = (end < start).to_numpy()
    if not wrong.any():
        return []
    return [
        Fault(
            rule="dates in order",
            rows=end.index.to_numpy()[wrong],
            column=header,
            message="ends before it starts",
            advice="Check the two dates with the publisher.",
        )
    ]


def overlaps(spells: pd.DataFrame, *, member: str, parent: str, what: str) -> list[Fault]:
    """Find spells that begin before the member's spell in another parent has ended.

    Parameters
    ----------
    spells
        Columns `member`, `parent`, ``start`` and ``end``, indexed by row number; an empty start
        lies before every day and an empty end after every day.
    member, parent
        Names of the columns.
    what
        What the parent is, for the message.

    Examples
    --------
    >>> spells = pd.DataFrame({"practice": ["A", "A"], "pcn": ["U1", "U2"],
    ...     "start": pd.to_datetime(["2019-07-01", "2022-07-01"]),
    ...     "end": pd.to_datetime(["2022-07-01", None])}, index=[2, 3])
    >>> overlaps(spells, member="practice", parent="pcn", what="PCN")[0].rows.tolist()
    [3]
    """
    table = pd.DataFrame(
        {
            "member": spells[member].astype(object).to_numpy(),
            "parent": spells[parent].astype(object).to_numpy(),
            "start": _days(spells["start"], empty=_EARLIEST),
            "end": _days(spells["end"], empty=_LATEST),
            "row": spells.index.to_numpy(),
        }
    ).sort_values(["member", "start", "row"], ignore_index=True)
    latest = table.groupby("member", sort=False)["end"].cummax()
    before = latest.groupby(table["member"], sort=False).shift(fill_value=_EARLIEST - 1)
    # Nearly every file has none: only members with some overlap are looked at one by one.
    members = table.loc[(table["start"] <= before).to_numpy(), "member"].unique()
    some = table[table["member"].isin(members)]
    rows = [row for _, group in some.groupby("member", sort=False) for row in _late(group)]
    if not rows:
        return []
    return [
        Fault(
            rule="one parent a day",
            rows=np.sort(np.array(rows, dtype=np.int64)),
            message=f"this membership begins before the one in another {what} has ended",
            advice="Used as published. On a day in both, a roll-up stops and says so.",
            severity="warning",
            sets_aside=False,
        )
    ]


def _days(column: pd.Series[Any], *, empty: int) -> NDArray[np.int64]:
    """Whole days since 1970, so that an empty day can lie before or after all others."""
    days = column.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(days), empty, days.astype(np.int64))


def _late(group: pd.DataFrame) -> Iterator[int]:
    """Rows that begin before an earlier spell of another parent ends, in one pass."""
    last: dict[str, int] = {}
    for parent, start, end, row in zip(
        group["parent"].to_list(),
        group["start"].to_list(),
        group["end"].to_list(),
        group["row"].to_list(),
        strict=True,
    ):
        if any(until >= start for other, until in last.items() if other != parent):
            yield row
        last[parent] = max(end, last.get(parent, end))


def still_open(start: pd.Series[Any], end: pd.Series[Any], header: str) -> list[Fault]:
    """Say how many spells are open, and how new the file is: it cannot know what ended since.

    Parameters
    ----------
    start, end
        Days, indexed by row number; empty where open.
    header
        The publisher's header of the end.

    Examples
    --------
    >>> start = pd.Series(pd.to_datetime(["2019-04-01"]), index=[1])
    >>> still_open(start, pd.Series([pd.NaT], index=[1]), "End Date")[0].message
    'is empty: the membership lasted when the file was made, whose newest date is 2019-04-01'
    """
    rows = end.index.to_numpy()[end.isna().to_numpy()]
    newest = pd.concat([start, end]).max()
    if not len(rows) or pd.isna(newest):
        return []
    return [
        Fault(
            rule="open when published",
            rows=rows,
            column=header,
            message=(
                "is empty: the membership lasted when the file was made, whose newest date is "
                f"{newest:%Y-%m-%d}"
            ),
            advice="For a much later day, load a newer edition: these may have ended since.",
            severity="info",
            sets_aside=False,
            counted=True,
        )
    ]
