"""Banded counts: rows by band laid out as arrays, one row an organisation and one column a band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import DoubleCountError, StatisticsError
from phm_diabetes.metrics.squares import Square
from phm_diabetes.metrics.stacking import floats_of
from phm_diabetes.model.dimensions import ALL, UNKNOWN
from phm_diabetes.schemas.columns import row_key
from phm_diabetes.schemas.exactness import same_numbers
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.summing import sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["BandedCounts", "Block", "banded_counts"]

_COLUMNS = ("numerator", "denominator", "numerator_ss")
_BOUNDS = ("numerator_low", "numerator_high", "denominator_low", "denominator_high")


@frozen(kw_only=True, eq=False)
class Block:
    """Counts of one measure: shape (organisations, bands), NaN where there is no row.

    Parameters
    ----------
    about
        Measure, definition and, where asked for, period.
    groups
        Positions of the organisations in the table of totals.
    cells
        Levels of the dimensions standardised over, one row a band.
    counts
        ``numerator``, ``denominator``, ``numerator_ss`` and the four bounds.
    is_exact
        Whether bounds are the counts themselves, so that they need no sums of their own.

    Examples
    --------
    >>> Block(about={}, groups=np.array([0]), cells=pd.DataFrame(), counts={},
    ...       is_exact=True).counts
    {}
    """

    about: dict[str, object]
    groups: NDArray[np.intp]
    cells: pd.DataFrame
    counts: dict[str, FloatArray]
    is_exact: bool


@frozen(kw_only=True, eq=False)
class BandedCounts:
    """Totals of each organisation, and the parts that they are made of.

    Parameters
    ----------
    totals
        One row a key without the dimensions standardised over.
    parts
        Rows by band.
    ids
        Row of the totals to which each part belongs.
    over
        Dimensions standardised over.

    Examples
    --------
    >>> BandedCounts(totals=pd.DataFrame(), parts=pd.DataFrame(), ids=np.array([], dtype=int),
    ...              over=["age_band"]).over
    ['age_band']
    """

    totals: pd.DataFrame
    parts: pd.DataFrame
    ids: NDArray[np.int64]
    over: Sequence[str]

    def blocks(self, about: Sequence[str]) -> Iterator[Block]:
        """Yield the counts of each measure as arrays.

        Parameters
        ----------
        about
            Columns in which organisations share a standard.
        """
        kind, first = group_ids(self.totals, about)
        cell, one_row = group_ids(self.parts, self.over)
        cells = self.parts[list(self.over)].iloc[one_row].astype(str).reset_index(drop=True)
        square = Square(self.ids, cell, (len(self.totals), len(one_row)))
        is_exact = all(
            same_numbers(self.parts[name], self.parts[name.rpartition("_")[0]]) for name in _BOUNDS
        )
        laid = {
            name: square.laid(self.parts[name])
            for name in (_COLUMNS if is_exact else (*_COLUMNS, *_BOUNDS))
        }
        for spot, place in enumerate(first):
            groups = np.flatnonzero(kind == spot)
            own = square.cells_of(groups)
            yield Block(
                about={name: self.totals[name].iloc[place] for name in about},
                groups=groups,
                cells=cells if len(own) == len(cells) else cells.iloc[own].reset_index(drop=True),
                counts={name: square.part(values, groups, own) for name, values in laid.items()},
                is_exact=is_exact,
            )


def banded_counts(
    table: pd.DataFrame, over: Sequence[str], *, prefer_whole: bool, allow_unknown: bool
) -> BandedCounts:
    """Return the totals and the parts of counts that are split by band.

    Parameters
    ----------
    table
        Checked counts with the dimensions.
    over
        Dimensions standardised over.
    prefer_whole
        Take the totals from the row for all, where there is one; otherwise from the parts.
    allow_unknown
        Whether people of unknown age may stand aside.

    Raises
    ------
    StatisticsError
        When there are people of unknown level and they may not stand aside.
    DoubleCountError
        When an organisation has neither parts nor a row for all.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level":
    ...     "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31"}
    >>> found = banded_counts(counts_from([
    ...     {**row, "age_band": "<65", "numerator": 10, "denominator": 1000},
    ...     {**row, "age_band": "65+", "numerator": 30, "denominator": 500},
    ... ]), ["age_band"], prefer_whole=False, allow_unknown=False)
    >>> found.totals["numerator"].tolist()
    [40]
    >>> [block.counts["numerator"].sum(axis=1).tolist() for block in found.blocks(["measure"])]
    [[40.0]]
    """
    keys = [name for name in row_key(table) if name not in over]
    ids, first = group_ids(table, keys)
    kept: dict[str, Any] = {name: table[name].iloc[first].reset_index(drop=True) for name in keys}
    # Pandas 2 would copy columns that are only read.
    parts = pd.DataFrame({name: table[name] for name in (*over, *_COLUMNS, *_BOUNDS)}, copy=False)
    is_all = np.array([(table[name] == ALL).to_numpy() for name in over])
    unknown = np.array([(table[name] == UNKNOWN).to_numpy() for name in over])
    whole, part = is_all.all(axis=0), ~is_all.any(axis=0)
    aside = part & unknown.any(axis=0)
    known = part & ~aside
    if known.all():  # the commonest table: nothing stands aside, and nothing needs choosing
        totals = pd.DataFrame(kept | sums(table, ids, len(first)))
        return BandedCounts(totals=totals, parts=parts, ids=ids, over=over)
    held = aside & _holds_anyone(table) if aside.any() else aside
    if held.any() and not allow_unknown:
        message = (
            f"{int(held.sum()):,} rows are of unknown {' or '.join(over)}, and no standard says "
            "how many such people there are. Leave them out with allow_unknown='reason'."
        )
        raise StatisticsError(message)
    of_parts, of_whole, of_aside = (
        np.bincount(ids[rows], minlength=len(first)) > 0 for rows in (known, whole, held)
    )
    by_whole = of_whole & (~of_parts | (prefer_whole & ~of_aside))
    used = np.flatnonzero((whole & by_whole[ids]) | (known & ~by_whole[ids]))
    lone = int((~of_whole & ~of_parts).sum())
    if lone:
        message = (
            f"{lone:,} organisations have rows for some of {' and '.join(over)} together only, "
            "and neither parts nor a row for all. Supply one of the two, or filter them out."
        )
        raise DoubleCountError(message)
    totals = pd.DataFrame(kept | sums(table, ids[used], len(first), used))
    return BandedCounts(
        totals=totals, parts=parts.iloc[np.flatnonzero(known)], ids=ids[known], over=over
    )


def _holds_anyone(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether there may be an event or a person in a row."""
    held: NDArray[np.bool_] = np.any(
        [floats_of(table, f"{part}_high") != 0 for part in _COLUMNS[:2]], axis=0
    )
    return held
