"""Families: which rows of a table are the members of a published total, and whether all are."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from phm_diabetes.model.dimensions import ALL
from phm_diabetes.narrowing import PARTS, Ends, ends_of, room
from phm_diabetes.placing import followed
from phm_diabetes.rolling_up import placements
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import repeated, stack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.rolling_up import Belonging
    from phm_diabetes.schemas.counts import Counts

__all__ = ["Families", "cells_of"]

_CELL = ("dataset", "measure", "definition", "period_start", "period_end")


def cells_of(
    tables: Sequence[pd.DataFrame], codes: Sequence[Sequence[str] | NDArray[np.object_]]
) -> NDArray[np.int64]:
    """Give each cell and organisation one number, the same in all tables.

    Parameters
    ----------
    tables
        Counts; an absent dimension is all.
    codes
        Organisation of each row of each table.

    Returns
    -------
    ndarray of int64
        Of the rows of the first table, then of the next.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 5, "denominator": 40}
    >>> plain, by_sex = counts_from([row]), counts_from([{**row, "sex": "all"}])
    >>> cells_of([plain, by_sex], [["U99001"], ["U99001"]]).tolist()
    [0, 0]
    """
    dimensions = sorted({name for table in tables for name in dimensions_of(table)})
    parts = []
    for table, code in zip(tables, codes, strict=True):
        absent = {name: repeated(ALL, len(table)) for name in dimensions if name not in table}
        part = table.assign(**absent)[[*_CELL, *dimensions]]
        parts.append(part.assign(code=pd.Categorical([str(each) for each in code])))
    return group_ids(stack(parts), [*_CELL, *dimensions, "code"])[0]


class Families:
    """Published totals, and which rows of the counts are the members of each.

    Parameters
    ----------
    members, wholes
        Checked counts: of the organisations, and the published totals above them.
    level
        Level of the totals.
    geo
        Who belongs to whom.
    as_at
        ``"period_end"``, ``"today"``, or a date.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> geo = demo.england_geography()
    >>> icbs = geo.roll_up(table, to="icb", as_at="period_end")
    >>> found = Families(table, icbs, "icb", geo, "period_end")
    >>> bool((found.present() == found.known()).all())
    True
    """

    def __init__(
        self,
        members: pd.DataFrame,
        wholes: pd.DataFrame,
        level: str,
        geo: Belonging,
        as_at: str | date,
    ) -> None:
        self.members, self.wholes = members, wholes
        self._level, self._geo = level, geo
        placed = placements(geo, cast("DataFrame[Counts]", members), to=level, as_at=as_at)
        self._days = dict(zip(placed["period_end"], placed["as_at"], strict=True))
        own = members[["org_code", "period_end"]].astype({"org_code": object})
        own = own.merge(placed, on=["org_code", "period_end"], how="left", validate="m:1")
        self._astray = (own["status"] != "placed").to_numpy()
        self._own = own
        ids = cells_of(
            (members, wholes), (own["parent_code"].to_numpy(), wholes["org_code"].to_numpy())
        )
        self.of_member, self.of_whole = ids[: len(members)], ids[len(members) :]
        self._groups = int(ids.max()) + 1
        blank = [[""] * len(table) for table in (members, wholes)]
        cell = cells_of((members, wholes), blank)
        self._cell, self._cell_of_whole = cell[: len(members)], cell[len(members) :]

    def _sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        summed = np.bincount(self.of_member, weights=values, minlength=self._groups)
        return summed.astype(np.float64)

    def known(self) -> NDArray[np.int64]:
        """Return how many members each total's organisation had at the date."""
        child = str(self.members["org_level"].iloc[0])
        sizes: dict[object, pd.Series[int]] = {}
        for end, day in self._days.items():
            parents = self._geo.parents(child, self._level, day)
            sizes[end] = parents.groupby("parent_code")["org_code"].nunique()
        ends, codes = self.wholes["period_end"], self.wholes["org_code"].astype(object)
        found = [
            int(sizes[end].get(code, 0)) if end in sizes else 0
            for end, code in zip(ends, codes, strict=True)
        ]
        return np.array(found, dtype=np.int64)

    def present(self) -> NDArray[np.int64]:
        """Return how many of them have a row, be it that of whom they succeed."""
        now = self._own["org_code"].to_numpy(copy=True)
        for end, day in self._days.items():
            final = followed(self._geo.successors, day)
            if final:
                rows = (self._own["period_end"] == end).to_numpy()
                now[rows] = [final.get(code, code) for code in now[rows]]
        once = pd.DataFrame({"id": self.of_member, "now": now}).drop_duplicates()
        return np.bincount(once["id"], minlength=self._groups)[self.of_whole]

    def reasons(self) -> dict[str, NDArray[np.object_]]:
        """Return why each total is not used, by part; empty where it is."""
        astray = np.bincount(self._cell[self._astray], minlength=self._cell_of_whole.max() + 1)
        known, present = self.known(), self.present()
        shared = [
            (present == 0, "none of its members has a row"),
            (present < known, "a member has no row"),
            (astray[self._cell_of_whole] > 0, "an organisation of the counts is placed nowhere"),
        ]
        found: dict[str, NDArray[np.object_]] = {}
        against = np.zeros(len(self.wholes), dtype=bool)
        for part in PARTS:
            low, high = ends_of(self.members, part)
            least, most = (self._sums(each)[self.of_whole] for each in (low, high))
            total_low, total_high = ends_of(self.wholes, part)
            open_end = np.isinf(most)
            untold = np.isinf(total_high)
            apart = ~open_end & ~untold & ((least > total_high) | (most < total_low))
            checks = [
                *shared,
                (open_end, f"a member has no {part}"),
                (untold, f"it has no {part}"),
                (apart, f"its {part} contradicts its members"),
            ]
            against |= apart & (present == known)
            found[part] = np.select([hit for hit, _ in checks], [why for _, why in checks], "")
        for part, reason in found.items():
            other = "denominator" if part == "numerator" else "numerator"
            broken = against & (reason == "")
            found[part] = np.where(broken, f"its {other} contradicts its members", reason)
        return found

    def ranges(self, part: str, *, used: NDArray[np.bool_]) -> Ends:
        """Return what each member can be, by the totals that are used."""
        total_low = np.full(self._groups, -np.inf)
        total_high = np.full(self._groups, np.inf)
        low, high = ends_of(self.wholes[used], part)
        total_low[self.of_whole[used]], total_high[self.of_whole[used]] = low, high
        own_low, own_high = ends_of(self.members, part)
        return room(self.of_member, (own_low, own_high), (total_low, total_high))

    def about(
        self, part: str, moved: NDArray[np.bool_], reason: NDArray[np.object_]
    ) -> pd.DataFrame:
        """Return one row a total: what became of it."""
        told = ["org_level", "org_code", *_CELL, *dimensions_of(self.wholes)]
        narrower = np.bincount(self.of_member[moved], minlength=self._groups)
        return self.wholes[told].assign(
            part=part, members=self.known(), narrowed=narrower[self.of_whole], reason=reason
        )
