"""Matched people: where the people of each row's organisation, level and period stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import DoubleCountError, UnlikeError
from phm_diabetes.model.levels import UNALLOCATED, UNMAPPED
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.keys import are_distinct, group_ids
from phm_diabetes.schemas.words import stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["people_of_rows", "with_absent"]

_WHEN = ("org_level", "period_start", "period_end")
_REMAINDERS = (UNALLOCATED, UNMAPPED)


def people_of_rows(
    table: DataFrame[Counts], people: DataFrame[Counts], shared: Sequence[str]
) -> NDArray[np.intp]:
    """Return the row of the people for each row of counts, shape ``(n,)``; -1 where there is none.

    The remainders of a roll-up have none: in two sources they hold different organisations.

    Parameters
    ----------
    table
        Checked counts, shape ``(n, k)``.
    people
        Checked counts of the people.
    shared
        Dimensions that both have.

    Raises
    ------
    DoubleCountError
        When `people` hold an organisation more than once.
    UnlikeError
        When they are of other levels, periods, organisations or days of membership.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "org_level": "practice", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "definition": "d", "numerator": 3}
    >>> register = phm.counts_from([
    ...     {**row, "measure": "register", "org_code": code} for code in ("Y99001", "Y99002")])
    >>> seen = phm.counts_from([
    ...     {**row, "measure": "seen", "org_code": code} for code in ("Y99002", "Y99003")])
    >>> people_of_rows(seen, register, []).tolist()
    [1, -1]
    """
    key = [*_WHEN, "org_code", *shared]
    _refuse_several(people, key)
    spot = _spots(table, people, key)
    spot = np.where(table["org_code"].isin(_REMAINDERS).to_numpy(dtype=bool), -1, spot)
    _refuse_elsewhere(table, people, spot)
    _refuse_other_days(table, people, spot)
    return spot


def with_absent(
    table: DataFrame[Counts], people: DataFrame[Counts], shared: Sequence[str]
) -> DataFrame[Counts]:
    """Add the organisations of the people that have no row, with nothing counted.

    Parameters
    ----------
    table
        Checked counts, shape ``(n, k)``.
    people
        Checked counts of the people, one row an organisation, period and level of `shared`.
    shared
        Dimensions that both have.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "org_level": "practice", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "definition": "d"}
    >>> seen = phm.counts_from([{**row, "measure": "seen", "org_code": "Y99001", "numerator": 3}])
    >>> register = phm.counts_from([
    ...     {**row, "measure": "register", "org_code": code, "numerator": 240}
    ...     for code in ("Y99001", "Y99002")])
    >>> with_absent(seen, register, [])[["org_code", "numerator"]].values.tolist()
    [['Y99001', 3], ['Y99002', 0]]
    """
    other = [name for name in dimensions_of(table) if name not in shared]
    kinds = ["dataset", "measure", "definition", *_WHEN, *other]
    mine, theirs = ["org_code", *shared], ["basis", "as_at"]
    patterns = table.iloc[group_ids(table, kinds)[1]].drop(columns=[*mine, *theirs])
    known = people[~people["org_code"].isin(_REMAINDERS).to_numpy()]
    wanted = known[[*_WHEN, *mine, *theirs]].astype(object)
    all_of_them = patterns.astype(dict.fromkeys(_WHEN, object)).merge(wanted, on=list(_WHEN))
    nothing = pd.array([0] * len(all_of_them), dtype="Int64")
    zero = dict.fromkeys(("numerator", "numerator_low", "numerator_high"), nothing)
    filled = as_counts(
        all_of_them.assign(
            **zero,
            numerator_variance=0.0,
            numerator_ss=0.0,
            source_row=pd.array([pd.NA] * len(nothing), dtype="Int64"),
        )[list(table.columns)],
        what="The counts",
    )
    gone = _spots(filled, table, [*kinds, *mine]) < 0
    return stack([table, filled[gone].reset_index(drop=True)])


def _spots(table: pd.DataFrame, people: pd.DataFrame, key: Sequence[str]) -> NDArray[np.intp]:
    """Return the row of `people` that has the key of each row; -1 where there is none."""
    ids, first = group_ids(stack([table[list(key)], people[list(key)]]), key)
    own, theirs = ids[: len(table)], ids[len(table) :]
    spot = np.full(len(first), -1, dtype=np.intp)
    spot[theirs] = np.arange(len(theirs))
    return spot[own]


def _refuse_several(people: pd.DataFrame, key: Sequence[str]) -> None:
    if not are_distinct(people, key):
        message = (
            "people= hold an organisation more than once, of different days of membership or "
            "datasets. Keep one of them."
        )
        raise DoubleCountError(message)


def _refuse_elsewhere(table: pd.DataFrame, people: pd.DataFrame, spot: NDArray[np.intp]) -> None:
    """Refuse levels and periods of which nobody is told."""
    told = set(people[list(_WHEN)].astype(object).itertuples(index=False, name=None))
    when = table[list(_WHEN)].astype(object).drop_duplicates()
    for level, start, end in when.itertuples(index=False, name=None):
        if (level, start, end) not in told:
            message = (
                f"people= say nothing of {level} level from {start:%Y-%m-%d} to {end:%Y-%m-%d}. "
                "Roll them up to that level (Geography.roll_up), and load those of the same period."
            )
            raise UnlikeError(message)
    if len(table) and (spot < 0).all():
        message = (
            "No organisation of counts= is in people=. Check that both have the same codes, and "
            "that the people of the right area were handed over."
        )
        raise UnlikeError(message)


def _refuse_other_days(table: pd.DataFrame, people: pd.DataFrame, spot: NDArray[np.intp]) -> None:
    there = spot >= 0
    own = table["as_at"].to_numpy()[there]
    theirs = people["as_at"].to_numpy()[spot[there]]
    apart = ~np.isnat(own) & ~np.isnat(theirs) & (own != theirs)
    if apart.any():
        message = (
            f"{int(apart.sum()):,} organisations have the members of one day in counts= and of "
            "another in people=. Pass the same as_at= to both."
        )
        raise UnlikeError(message)
