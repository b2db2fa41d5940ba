"""Tightening: ranges of members narrowed by the published total of exactly those members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.counted_once import refuse_mixed_levels, refuse_told_twice
from phm_diabetes.errors import DoubleCountError, OptionError
from phm_diabetes.model.levels import level_named
from phm_diabetes.narrowing import PARTS, Ends, ends_of, narrowed
from phm_diabetes.rolling_up import rolled_up
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.total_families import Families, cells_of

if TYPE_CHECKING:
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.rolling_up import Belonging
    from phm_diabetes.schemas.counts import Counts

__all__ = ["Tightened", "tighten"]


@frozen(kw_only=True, eq=False, repr=False)
class Tightened:
    """Counts whose ranges published totals narrowed, and what became of each total.

    Parameters
    ----------
    table
        The counts handed over, in their order, with the narrower ranges.
    sums
        Their roll-up to the level of the totals, whose ranges the totals narrow too.
    totals
        One row a published total and part (``numerator`` or ``denominator``): ``members`` at
        the date, ``narrowed`` ranges, and the ``reason`` why it was not used, empty where it was.

    Examples
    --------
    See :func:`tighten`.
    """

    table: DataFrame[Counts]
    sums: DataFrame[Counts]
    totals: pd.DataFrame

    def __str__(self) -> str:
        """How many ranges narrowed, and why totals were not used."""
        used = self.totals["reason"] == ""
        first = (
            f"{int(self.totals['narrowed'].sum()):,} ranges of members narrowed by "
            f"{int(used.sum()):,} of {len(used):,} published totals"
            + ("; sums are held inside those too." if used.any() else ".")
        )
        unused = self.totals.loc[~used, "reason"].value_counts()
        return "\n".join([first, *(f"{n:,} not used: {reason}." for reason, n in unused.items())])

    __repr__ = __str__


def tighten(
    counts: DataFrame[Counts],
    *,
    totals: DataFrame[Counts],
    geo: Belonging,
    as_at: str | date,
) -> Tightened:
    """Narrow ranges to what the published total of the same members leaves possible.

    A member's count is at most the most that the total can be less the least that the others
    can be, and at least the other way about. A total is used only where its members, at the
    date, are exactly the organisations in `counts`, each with a figure; otherwise the ranges
    stay, and the reason stands in `totals`.

    Parameters
    ----------
    counts
        Counts of one level, such as practices.
    totals
        Published counts of one level above, in the same cells.
    geo
        Who belongs to whom.
    as_at
        ``"period_end"``, ``"today"``, or a date.

    Returns
    -------
    Tightened
        A printed number outside its narrowed range is replaced by the nearest one inside, and
        a range of one number is that number.

    Raises
    ------
    OptionError
        When the totals are not published, or stand at the level of the counts.
    DoubleCountError
        When either table mixes levels or tells a figure twice, or the organisations of the
        level above share members.
    GeographyError
        When the geography does not know the levels or the day.

    Examples
    --------
    >>> import pandas as pd
    >>> import phm_diabetes as phm
    >>> spells = pd.DataFrame({"org_level": "practice", "org_code": ["Y99001", "Y99002"],
    ...     "parent_level": "pcn", "parent_code": "U99001", "start": pd.NaT, "end": pd.NaT,
    ...     "source": "by hand", "source_row": [2, 3]})
    >>> row = {"dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "period_start": "2022-04-01", "period_end": "2023-03-31", "denominator": 40}
    >>> hidden = {**row, "org_level": "practice", "numerator_low": 1, "numerator_high": 7}
    >>> found = phm.tighten(
    ...     phm.counts_from([{**hidden, "org_code": code, "numerator": None}
    ...                      for code in ("Y99001", "Y99002")]),
    ...     totals=phm.counts_from([{**row, "org_level": "pcn", "org_code": "U99001",
    ...                              "numerator": 12, "denominator": 80}]),
    ...     geo=phm.Geography.from_memberships(spells), as_at="period_end")
    >>> found.table[["numerator_low", "numerator_high"]].values.tolist()
    [[5, 7], [5, 7]]
    >>> found.sums["numerator"].tolist()
    [12]
    >>> print(found)
    2 ranges of members narrowed by 2 of 2 published totals; sums are held inside those too.
    """
    members, wholes = as_counts(counts, what="counts"), as_counts(totals, what="totals")
    level = _level_of_totals(members, wholes, geo)
    families = Families(members, wholes, level, geo, as_at)
    reasons = families.reasons()
    table, narrower = members, []
    for part in PARTS:
        low, high = families.ranges(part, used=reasons[part] == "")
        table, moved = narrowed(table, part, low, high)
        narrower.append(families.about(part, moved, reasons[part]))
    sums = rolled_up(geo, table, to=level, as_at=as_at)
    for part in PARTS:
        low, high = _of_sums(sums, wholes[reasons[part] == ""], part)
        sums, _ = narrowed(sums, part, low, high)
    return Tightened(table=table, sums=sums, totals=pd.concat(narrower, ignore_index=True))


def _level_of_totals(members: pd.DataFrame, wholes: pd.DataFrame, geo: Belonging) -> str:
    for table in (members, wholes):
        refuse_mixed_levels(table)
        refuse_told_twice(table)
    if not len(members) or not len(wholes):
        message = "counts and totals= must both hold rows."
        raise OptionError(message)
    level = str(wholes["org_level"].iloc[0])
    if level == str(members["org_level"].iloc[0]):
        message = (
            f"totals= holds {level_named(level).plural}, as counts does. Pass the published "
            "totals of the level above."
        )
        raise OptionError(message)
    if not (wholes["basis"] == "published").all():
        message = (
            "totals= holds sums made here, which know no more than their parts. Pass the rows that "
            "the source publishes."
        )
        raise OptionError(message)
    if level in geo.overlapping:
        message = f"The {level_named(level).plural} share members, so none of them is a sum apart."
        raise DoubleCountError(message)
    return level


def _of_sums(sums: pd.DataFrame, wholes: pd.DataFrame, part: str) -> Ends:
    """Return the range of each sum's published total; without bounds where none was used."""
    ids = cells_of((sums, wholes), (sums["org_code"].to_numpy(), wholes["org_code"].to_numpy()))
    low = np.full(int(ids.max(initial=0)) + 1, -np.inf)
    high = -low
    of_whole = ids[len(sums) :]
    low[of_whole], high[of_whole] = ends_of(wholes, part)
    return low[ids[: len(sums)]], high[ids[: len(sums)]]
