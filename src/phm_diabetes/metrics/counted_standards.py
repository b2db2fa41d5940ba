"""Counted standards: an organisation's own counts, such as England's, to standardise to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import frozen

from phm_diabetes.counted_once import refuse_told_twice
from phm_diabetes.errors import (
    DefinitionMismatchError,
    OptionError,
    StatisticsError,
    UnlikeError,
    did_you_mean,
)
from phm_diabetes.metrics.reference_populations import ReferencePopulation
from phm_diabetes.metrics.standards import Standard, alike_but_for, banded_dimension
from phm_diabetes.model.dimensions import ALL, UNKNOWN
from phm_diabetes.model.levels import level_named
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.schemas.counts import Counts

__all__ = ["StandardCounts", "standard_counts"]


@frozen(kw_only=True, eq=False)
class StandardCounts:
    """The counts of one organisation, by measure, to standardise to.

    Parameters
    ----------
    rows
        Its parts, one row a measure, period and cell.
    name
        What outputs call it.

    Examples
    --------
    >>> import pandas as pd
    >>> StandardCounts(rows=pd.DataFrame({"period_end": ["a", "b"]}), name="England").has_periods
    True
    """

    rows: pd.DataFrame
    name: str

    @property
    def has_periods(self) -> bool:
        """Whether it is of several periods, so that each figure is held against its own."""
        return len(self.rows["period_end"].unique()) > 1

    def of(self, about: dict[str, object], cells: pd.DataFrame, *, with_events: bool) -> Standard:
        """Return the people and events in the cells of a table.

        Parameters
        ----------
        about
            Measure, definition and, where there are several, period.
        cells
            As for :func:`standard_people`.
        with_events
            Whether events are needed too.

        Raises
        ------
        StatisticsError
            When it has no counts of the measure, or of a cell, or they are hidden.
        DefinitionMismatchError
            When it has the measure under another definition.
        """
        rows = self._about(about)
        named = f"The standard, {self.name},"
        needed = ["denominator", "numerator"] if with_events else ["denominator"]
        if rows[needed].isna().any(axis=None):
            message = (
                f"{named} hides or lacks counts of {about['measure']}. A standard must be known "
                "in every band."
            )
            raise StatisticsError(message)
        people = self._in_cells(rows, "denominator", cells)
        events = self._in_cells(rows, "numerator", cells) if with_events else None
        return Standard(name=self.name, people=people, events=events)

    def _about(self, about: dict[str, object]) -> pd.DataFrame:
        rows = self.rows[self.rows["measure"] == about["measure"]]
        if not len(rows):
            known = sorted(self.rows["measure"].astype(str).unique())
            message = (
                f"The standard, {self.name}, has no counts of {about['measure']}."
                f"{did_you_mean(str(about['measure']), known)} Hand over its rows too."
            )
            raise StatisticsError(message)
        same = rows[rows["definition"] == about["definition"]]
        if not len(same):
            message = (
                f"{about['measure']} mixes definition {about['definition']} with "
                f"{rows['definition'].iloc[0]}, the standard's. Standardise to one of the same."
            )
            raise DefinitionMismatchError(message)
        for name in ("period_start", "period_end"):
            if name in about:
                same = same[same[name] == about[name]]
        if not len(same):
            message = (
                f"The standard, {self.name}, has {about['measure']} in several periods, and none "
                f"is that of the table. Keep the one period of the standard that is meant."
            )
            raise UnlikeError(message)
        return same

    def _in_cells(self, rows: pd.DataFrame, part: str, cells: pd.DataFrame) -> FloatArray:
        banded = banded_dimension(list(cells.columns))
        others = [str(name) for name in cells if name != banded]
        found = np.empty(len(cells))
        for spots in alike_but_for(cells, banded):
            own = rows
            for name in others:
                own = own[own[name] == cells[name].iloc[spots[0]]]
            bands = tuple(own[banded].astype(str))
            numbers = tuple(own[part].to_numpy(dtype=np.float64).tolist())
            held = ReferencePopulation(name=self.name, bands=bands, people=numbers, source="")
            found[spots] = held.people_in(cells[banded].iloc[spots].tolist())
        return found


def standard_counts(
    reference: DataFrame[Counts], over: Sequence[str], levels: dict[str, set[str]]
) -> StandardCounts:
    """Return the counts of a standard, ready to be looked up.

    Parameters
    ----------
    reference
        Rows of one organisation, in the bands standardised in or finer ones.
    over
        Dimensions standardised over.
    levels
        Levels of the other dimensions of the table that is standardised.

    Raises
    ------
    OptionError
        When the rows are of several organisations.
    UnlikeError
        When they are of a part of the people only, such as one sex.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level":
    ...     "england", "org_code": "England", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31"}
    >>> standard_counts(counts_from([
    ...     {**row, "age_band": "<65", "numerator": 10, "denominator": 1000},
    ...     {**row, "age_band": "65+", "numerator": 30, "denominator": 500},
    ... ]), ["age_band"], {}).name
    'England 2022-04-01 to 2023-03-31'
    """
    given = as_counts(reference, what="reference")
    rows = cast("pd.DataFrame", choose(given, [name for name in over if name in given]))
    absent = [name for name in over if name not in rows]
    if absent:
        message = f"reference= is not split by {', '.join(absent)}, which over= names."
        raise OptionError(message)
    for name in over:
        rows = rows[~rows[name].isin([ALL, UNKNOWN])]
    units = rows[["org_level", "org_code"]].astype(str).drop_duplicates()
    if len(units) != 1:
        message = (
            f"reference= holds {len(units):,} organisations with counts by {', '.join(over)}. "
            "Hand over the rows of one, for instance England's."
        )
        raise OptionError(message)
    for name in dimensions_of(rows):
        own = set(rows[name].astype(str).unique())
        if name not in over and own != levels.get(name, {ALL}):
            message = (
                f"reference= is of {name} {', '.join(sorted(own))}, and the counts are not. "
                "Hand over a standard of the same people."
            )
            raise UnlikeError(message)
    refuse_told_twice(rows)
    level, code = units.iloc[0]
    name = "England" if level == "england" else f"{level_named(level).name} {code}"
    starts, ends = rows["period_start"], rows["period_end"]
    if len(ends.unique()) == 1 and len(starts.unique()) == 1:
        name += f" {starts.iloc[0]:%Y-%m-%d} to {ends.iloc[0]:%Y-%m-%d}"
    return StandardCounts(rows=rows.reset_index(drop=True), name=name)
