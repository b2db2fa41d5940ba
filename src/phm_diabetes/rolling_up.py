"""Rolling up: counts added along dated memberships, with the remainders beside them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import pandas as pd

from phm_diabetes.counted_once import refuse_mixed_levels, refuse_told_twice, refuse_uneven_parts
from phm_diabetes.errors import GeographyError, OptionError
from phm_diabetes.model.levels import UNALLOCATED, UNMAPPED, level_named
from phm_diabetes.placing import followed
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import Counts, as_counts
from phm_diabetes.schemas.keys import group_ids, ranked
from phm_diabetes.schemas.words import repeated, stack, worded
from phm_diabetes.summing import sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.successors import Successors


__all__ = ["PLACEMENT", "Belonging", "day_of", "placements", "rolled_up"]

PLACEMENT = (
    "org_level",
    "org_code",
    "period_end",
    "as_at",
    "parent_level",
    "parent_code",
    "status",
)
"""Columns of a table of placements."""

_PAIR = ["org_code", "period_end"]
_CARRIED = ("dataset", "measure", "definition", "period_start", "period_end")


class Belonging(Protocol):
    """What rolling up asks of a geography.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> geo: Belonging = demo.england_geography()
    >>> sorted(geo.overlapping)
    []
    """

    @property
    def successors(self) -> DataFrame[Successors]:
        """Who took over whom."""
        ...

    @property
    def overlapping(self) -> frozenset[str]:
        """Levels whose organisations share members."""
        ...

    def parents(self, child: str, parent: str, day: pd.Timestamp) -> pd.DataFrame:
        """Return the parents of every known organisation of a level on a day."""
        ...

    def span(self) -> str:
        """Return the days covered, in words."""
        ...


def placements(geo: Belonging, counts: pd.DataFrame, *, to: str, as_at: str | date) -> pd.DataFrame:
    """Say where each organisation of a table belongs: see :meth:`Geography.placements`.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> found = placements(demo.england_geography(), table, to="icb", as_at="period_end")
    >>> found["status"].unique().tolist()
    ['placed']
    """
    refuse_mixed_levels(counts)
    _, first = group_ids(counts, _PAIR)
    return _placed(geo, counts.iloc[first], to, as_at)[list(PLACEMENT)]


def rolled_up(
    geo: Belonging, counts: object, *, to: str | Sequence[str], as_at: str | date
) -> DataFrame[Counts]:
    """Add counts up to other levels: see :meth:`Geography.roll_up`.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> icbs = rolled_up(demo.england_geography(), table, to="icb", as_at="period_end")
    >>> int(icbs["numerator"].sum()) == int(table["numerator"].sum())
    True
    """
    table = as_counts(counts, what="counts")
    refuse_mixed_levels(table)
    refuse_told_twice(table)
    refuse_uneven_parts(table)
    pair, first = group_ids(table, _PAIR)
    pairs = table.iloc[first]
    cells = _Cells(table)
    parts = [
        _at_level(geo, cells, pair, _placed(geo, pairs, level, as_at), level)
        for level in ([to] if isinstance(to, str) else to)
    ]
    return cast("DataFrame[Counts]", stack(parts)[list(table.columns)])


class _Cells:
    """Counts and the cell of each row: its measure, period and level of every dimension."""

    def __init__(self, counts: DataFrame[Counts]) -> None:
        self.counts = counts
        self.keys = [*_CARRIED, *dimensions_of(counts)]
        self.ids, self.first = group_ids(counts, self.keys)


def _at_level(
    geo: Belonging, cells: _Cells, pair: NDArray[np.int64], places: pd.DataFrame, level: str
) -> pd.DataFrame:
    """Sum every parent of a level and cell, sorted by parent and then by cell."""
    rows, chosen = _expanded(pair, places["pair"].to_numpy())
    parents, names = pd.factorize(places["parent_code"], sort=True)
    ids, first = ranked(
        parents[chosen] * len(cells.first) + cells.ids[rows], len(names) * len(cells.first)
    )
    once = len(rows) == len(pair)
    kept = cells.counts[cells.keys].iloc[rows[first]].reset_index(drop=True)
    basis = "overlapping" if level in geo.overlapping else "rolled_up"
    return kept.assign(
        org_level=repeated(level, len(first)),
        org_code=worded(parents[chosen[first]], [str(name) for name in names]),
        as_at=places["as_at"].array[chosen[first]],
        basis=repeated(basis, len(first)),
        **sums(cells.counts, ids, len(first), None if once else rows),
    )


def _placed(geo: Belonging, pairs: pd.DataFrame, to: str, as_at: str | date) -> pd.DataFrame:
    """Placements of organisations and period ends, with ``pair``, the place of each in `pairs`."""
    numbered = pairs[["org_level", *_PAIR]].assign(pair=np.arange(len(pairs)))
    parts = [
        _placed_on(geo, group, to, day_of(as_at, cast("pd.Timestamp", end)))
        for end, group in numbered.groupby("period_end", sort=True)
    ]
    if parts:
        return pd.concat(parts, ignore_index=True)
    return pd.DataFrame({name: pd.Series(dtype=object) for name in (*PLACEMENT, "pair")})


def _placed_on(geo: Belonging, pairs: pd.DataFrame, to: str, day: pd.Timestamp) -> pd.DataFrame:
    level = str(pairs["org_level"].iloc[0])
    codes = pairs["org_code"].astype(object)
    final = followed(geo.successors, day)
    now = pd.Index([final.get(code, code) for code in codes] if final else codes, dtype=object)
    parents = geo.parents(level, to, day)
    known, found = _with_parents(pairs.assign(org_code=codes, as_at=day), now, parents)
    remainder = found["org_code"].isin((UNALLOCATED, UNMAPPED))
    absent = ~known & ~remainder
    if absent.any() and (absent | remainder).all():
        raise GeographyError(_nobody_known(geo, level, int(absent.sum()), day))
    orphan = found["parent_code"].isna() & ~absent
    status = np.select(
        [remainder, absent, orphan], [found["org_code"], UNMAPPED, UNALLOCATED], "placed"
    )
    return found.assign(
        parent_level=to,
        parent_code=found["parent_code"].where(status == "placed", status.astype(object)),
        status=status,
    )


def _with_parents(
    pairs: pd.DataFrame, now: pd.Index[str], parents: pd.DataFrame
) -> tuple[NDArray[np.bool_], pd.DataFrame]:
    """Whether each organisation is known, and its parent; one with two parents stands twice."""
    codes = pd.Index(parents["org_code"])
    if codes.is_unique:  # the usual case, at a tenth of the cost of a merge
        spot = codes.get_indexer(now)
        parent = np.array([*parents["parent_code"], None], dtype=object)[spot]
        return spot >= 0, pairs.assign(parent_code=pd.Series(parent, pairs.index, dtype=object))
    merged = pairs.assign(now=now).merge(
        parents.rename(columns={"org_code": "now"}), on="now", how="left", indicator=True
    )
    return (merged["_merge"] == "both").to_numpy(), merged.drop(columns="_merge")


def _expanded(
    pair: NDArray[np.int64], of_place: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and placement of every (row, parent); a row with two parents stands twice."""
    order = np.argsort(of_place, kind="stable")
    everyone = np.arange(pair.max(initial=-1) + 1)
    starts = np.searchsorted(of_place[order], everyone, side="left")
    parents = np.searchsorted(of_place[order], everyone, side="right") - starts
    repeats = parents[pair]
    rows = np.repeat(np.arange(len(pair)), repeats)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return rows, order[starts[pair[rows]] + within]


def _nobody_known(geo: Belonging, level: str, count: int, day: pd.Timestamp) -> str:
    return (
        f"None of the {count:,} {level_named(level).plural} is in the geography on "
        f"{day:%Y-%m-%d}: its memberships cover {geo.span()}. Load the geography of that "
        "year, or pass as_at= a day that it covers."
    )


def day_of(as_at: str | date, period_end: pd.Timestamp) -> pd.Timestamp:
    """Return the day whose memberships are meant.

    Parameters
    ----------
    as_at
        ``"period_end"``, ``"today"``, or a date.
    period_end
        Last day of the period in question.

    Raises
    ------
    OptionError
        When `as_at` is none of these.

    Examples
    --------
    >>> day_of("2023-03-31", pd.Timestamp("2024-03-31"))
    Timestamp('2023-03-31 00:00:00')
    """
    if as_at == "period_end":
        return period_end
    if as_at == "today":
        as_at = date.today()  # noqa: DTZ011 - memberships change by local day
    with suppress(ValueError, TypeError):
        day = as_at if isinstance(as_at, date) else date.fromisoformat(as_at)
        return pd.Timestamp(day.year, day.month, day.day).as_unit("ns")  # as the tables have it
    message = f"as_at= takes 'period_end', 'today' or a date, not {as_at!r}."
    raise OptionError(message)
