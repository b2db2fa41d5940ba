"""A Place's adapter: a national layout, narrowed to the practices of one Place on a day."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped
from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.recognition import adapter_in
from phm_diabetes.errors import GeographyError, OptionError
from phm_diabetes.model.levels import level_named
from phm_diabetes.plugins import ADAPTERS, load_plugin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.periods import Period
    from phm_diabetes.model.places import Place

__all__ = ["PlaceAdapter"]

_BORROWED = (
    *("signatures", "tables", "policy", "needs_period", "hidden", "record_unit"),
    *("duplicates", "input_forms", "layout"),
)


class PlaceAdapter(Adapter):
    """Base of the adapters that read a national layout and keep one Place.

    A practice is kept when the geography has it in the Place on the last day of its figures.
    A PCN is kept when any of the Place's practices is in it, and so is any larger organisation
    that holds one of them, with England: they are what the Place is compared with. Every other
    row is left out as one counted reason. A row that names no organisation is kept.

    Parameters
    ----------
    geo
        Who is in the Place; :func:`phm_diabetes.load` takes it too.
    national
        The national adapter, where it needs settings of its own.

    Attributes
    ----------
    layout_of
        Name of the national adapter.
    of
        The Place.
    comparability
        What must be known before its figures are compared; blank where nothing.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> class PlantedSefton(PlaceAdapter):
    ...     place, dataset, version = "planted", "sefton", "1"
    ...     description = "Registers of Planted Sefton."
    ...     layout_of = "england.qof_prevalence"
    ...     of = next(each for each in demo.PLACES if each.code == "planted_sefton")
    >>> extract = phm.load(
    ...     demo.registers(), adapter=PlantedSefton, geo=demo.england_geography(), period="2022-23"
    ... )
    >>> extract.table["org_code"].nunique()
    30
    >>> extract.problems["message"].tolist()[-1]
    'is about an organisation outside Planted Sefton'
    """

    layout_of: ClassVar[str | None]
    of: ClassVar[Place]
    comparability: ClassVar[str] = ""

    def __init__(self, geo: Geography | None = None, *, national: Adapter | None = None) -> None:
        if self.layout_of is None:
            message = f"'{self.name}' does not say whose layout it borrows: set layout_of."
            raise OptionError(message)
        self._national = national or adapter_in(load_plugin(ADAPTERS, self.layout_of))
        self._geo = geo
        vars(self).update({name: getattr(self._national, name) for name in _BORROWED})

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by what it was made of."""
        return partial(type(self), national=self._national), (self._geo,)

    def placed_in(self, geo: Geography) -> Self:
        """Return the adapter with the memberships that say which practices are the Place's."""
        return type(self)(geo, national=self._national)

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the period of a sheet, as the national layout has it."""
        return self._national.period_of(sheet, label)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn a sheet into tables, and leave out the rows about organisations elsewhere."""
        geo = self._geo
        if geo is None:
            message = (
                f"'{self.name}' keeps the practices of {self.of.name}, and only a geography says "
                f"which these are. Pass geo=phm.Geography.from_memberships(…, "
                f"places=[phm.{self.of.code.upper()}])."
            )
            raise OptionError(message)
        mapped = self._national.to_table(sheet, context)
        tables: dict[str, pd.DataFrame] = {}
        left: list[NDArray[np.int64]] = [np.array([], dtype=np.int64)]
        elsewhere: set[str] = set()
        for name, table in mapped.tables.items():
            inside = self._inside(table, geo, context)
            if not inside.all():
                elsewhere |= {str(code) for code in table.loc[~inside, "org_code"]}
            left.append(table["source_row"].to_numpy(dtype=np.int64)[~inside])
            tables[name] = table[inside].reset_index(drop=True)
        joined, parted = _parted(sheet, mapped.joined, elsewhere)
        kept = [table["source_row"].to_numpy(dtype=np.int64) for table in tables.values()]
        out = np.setdiff1d(np.concatenate([*left, parted]), np.concatenate([joined, *kept]))
        return Mapped(
            tables=tables,
            faults=[*mapped.faults, *self._outside(out), *self._caution(tables)],
            rows_read=mapped.rows_read,
            joined=joined,
        )

    def _outside(self, rows: NDArray[np.int64]) -> list[Fault]:
        if not len(rows):
            return []
        return [
            Fault(
                rule="outside the Place",
                rows=rows,
                message=f"is about an organisation outside {self.of.name}",
                advice=f"Nothing to do: load it with '{self.layout_of}' to have every row.",
                severity="info",
                counted=True,
            )
        ]

    def _caution(self, tables: Mapping[str, pd.DataFrame]) -> list[Fault]:
        if not self.comparability or tables.get("counts") is None or tables["counts"].empty:
            return []
        return [
            Fault(
                rule="comparability",
                rows=np.array([], dtype=np.int64),
                message=self.comparability,
                advice="Compare registers with that in mind; compare care by the national audit.",
                severity="warning",
                sets_aside=False,
                counted=True,
            )
        ]

    def _inside(self, table: pd.DataFrame, geo: Geography, context: Context) -> NDArray[np.bool_]:
        """Whether each row is about the Place, or about what holds or makes up the Place."""
        if not {"org_level", "org_code"} <= set(table.columns):
            return np.ones(len(table), dtype=bool)
        inside = np.zeros(len(table), dtype=bool)
        levels = table["org_level"].astype(object).to_numpy()
        codes = table["org_code"].astype(object)
        days = self._days(table, context)
        for day in sorted(set(days)):
            members = self._members(geo, pd.Timestamp(day))
            for level in set(levels[days == day]):
                own = (levels == level) & (days == day)
                kept = self._kept(geo, str(level), pd.Timestamp(day), members, codes)
                inside[own] = codes[own].isin(kept).to_numpy(dtype=bool)
        return inside

    @staticmethod
    def _days(table: pd.DataFrame, context: Context) -> NDArray[np.datetime64]:
        if "period_end" in table:
            return table["period_end"].to_numpy(dtype="datetime64[ns]")
        if context.period is None:
            message = "The layout does not say which day it is about. Pass period=."
            raise OptionError(message)
        return np.full(len(table), pd.Timestamp(context.period.end), dtype="datetime64[ns]")

    def _members(self, geo: Geography, day: pd.Timestamp) -> frozenset[str]:
        try:
            placed = geo.parents("practice", "place", day)
        except GeographyError:  # it has no Place at all
            placed = pd.DataFrame({"org_code": [], "parent_code": []})
        members = frozenset(placed.loc[placed["parent_code"] == self.of.code, "org_code"])
        if not members:
            message = (
                f"The geography has no practice in {self.of.name} on {day:%Y-%m-%d}. Build it with "
                f"places=[phm.{self.of.code.upper()}], from memberships of that day."
            )
            raise GeographyError(message)
        return members

    @staticmethod
    def _kept(
        geo: Geography,
        level: str,
        day: pd.Timestamp,
        members: frozenset[str],
        codes: pd.Series[str],
    ) -> frozenset[str]:
        if level == "practice":
            return members
        if level == "england":
            return frozenset(codes)
        try:
            placed = geo.parents("practice", level_named(level).code, day)
        except GeographyError:  # it knows nothing of the level, so nothing can be told apart
            return frozenset()
        return frozenset(placed.loc[placed["org_code"].isin(members), "parent_code"].dropna())


def _parted(
    sheet: Sheet, joined: NDArray[np.int64], elsewhere: set[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Part rows used in another row's record by whether they name an organisation elsewhere."""
    if not len(joined) or not elsewhere:
        return joined, np.array([], dtype=np.int64)
    cells = sheet.grid.iloc[joined - 1]
    out = cells.isin(elsewhere).any(axis=1).to_numpy(dtype=bool)
    return joined[~out], joined[out]
