"""Readings: what an adapter makes of a source, as plain lines that can be compared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import field, frozen

from phm_diabetes.loading import mapped_sheets
from phm_diabetes.schemas.completing import complete_counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.adapters.base import Adapter, Mapped
    from phm_diabetes.adapters.cells import Fault
    from phm_diabetes.adapters.sources import Source
    from phm_diabetes.model.periods import Period

__all__ = ["Line", "Reading", "read"]

Place = tuple[str, int]  # sheet and row of the file

_ELSEWHERE = ("source", "source_row")


@frozen(kw_only=True)
class Line:
    """One row of one table, as plain values.

    Parameters
    ----------
    table
        Name of the table.
    place
        Where it says that it came from.
    pairs
        Column and value, in the order of the columns' names; what is missing is ``None``.

    Examples
    --------
    >>> Line(table="counts", place=("", 2), pairs=(("numerator", 3),))["numerator"]
    3
    """

    table: str
    place: Place
    pairs: tuple[tuple[str, Any], ...]

    def __getitem__(self, column: str) -> Any:  # noqa: ANN401 - of whatever type the column is
        """Return the value of a column; ``None`` where the table has no such column."""
        return dict(self.pairs).get(column)


@frozen(kw_only=True)
class Reading:
    """What became of every row of a source.

    Parameters
    ----------
    lines
        Rows of the tables, those that a fault sets aside left out.
    used, aside
        Where the rows stand that a table holds, and those that a fault sets aside.
    faults
        Sheet and fault.
    rows_read
        As the adapter counts them.

    Examples
    --------
    >>> Reading(lines=(), used=frozenset(), aside=frozenset(), faults=(), rows_read=0).errors
    ()
    """

    lines: tuple[Line, ...]
    used: frozenset[Place]
    aside: frozenset[Place]
    faults: tuple[tuple[str, Fault], ...] = field(repr=False)
    rows_read: int

    @property
    def errors(self) -> tuple[tuple[str, Fault], ...]:
        """Faults for which a load stops."""
        return tuple(each for each in self.faults if each[1].severity == "error")

    def figures(self) -> Counter[tuple[str, tuple[tuple[str, Any], ...]]]:
        """Return the lines without where they came from, counted."""
        return Counter((line.table, line.pairs) for line in self.lines)

    def moved(self, origin: Mapping[Place, Place]) -> Reading:
        """Return the reading with each row where it stood before the source was altered."""
        return Reading(
            lines=tuple(
                Line(table=line.table, place=origin.get(line.place, line.place), pairs=line.pairs)
                for line in self.lines
            ),
            used=frozenset(origin.get(place, place) for place in self.used),
            aside=frozenset(origin.get(place, place) for place in self.aside),
            faults=self.faults,
            rows_read=self.rows_read,
        )


def read(adapter: Adapter, source: Source, *, period: str | Period | None = None) -> Reading:
    """Read a source as a load does, up to the point where tables are validated.

    Parameters
    ----------
    adapter
        Any adapter.
    source
        An opened source.
    period
        As :func:`phm_diabetes.load` takes it.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.adapters.sources import open_source
    >>> from phm_diabetes.loading import chosen_adapter
    >>> adapter = chosen_adapter("england.qof_prevalence")
    >>> read(adapter, open_source(demo.registers()), period="2022-23").errors
    ()
    """
    results = mapped_sheets(adapter, source, period=period)
    aside = frozenset(
        (sheet, int(row))
        for sheet, mapped in results
        for fault in mapped.faults
        if fault.sets_aside
        for row in fault.rows
    )
    lines = tuple(
        line
        for sheet, mapped in results
        for line in _lines(sheet, mapped)
        if line.place not in aside
    )
    joined = {(sheet, int(row)) for sheet, mapped in results for row in mapped.joined}
    return Reading(
        lines=lines,
        used=frozenset({line.place for line in lines} | joined),
        aside=aside,
        faults=tuple((sheet, fault) for sheet, mapped in results for fault in mapped.faults),
        rows_read=sum(mapped.rows_read for _, mapped in results),
    )


def _lines(sheet: str, mapped: Mapped) -> list[Line]:
    lines = []
    for table, frame in mapped.tables.items():
        full = complete_counts(frame) if table == "counts" else frame
        columns = sorted(str(name) for name in full.columns if name not in _ELSEWHERE)
        plain = {name: [_plain(value) for value in full[name].astype(object)] for name in columns}
        rows = full["source_row"].tolist()
        lines += [
            Line(
                table=table,
                place=(sheet, int(row)),
                pairs=tuple((name, plain[name][spot]) for name in columns),
            )
            for spot, row in enumerate(rows)
            if not pd.isna(row)  # what a header says belongs to no record
        ]
    return lines


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    """Turn a cell into what equals itself: no NaN, no NumPy type, no time without a name."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value
