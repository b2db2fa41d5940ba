"""Comparators: whom each unit is compared with, and their counts, published or summed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.counted_once import refuse_told_twice
from phm_diabetes.errors import OptionError
from phm_diabetes.model.levels import UNALLOCATED, UNMAPPED
from phm_diabetes.schemas.columns import IDENTITY, VALUES, dimensions_of, row_key
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import worded
from phm_diabetes.summing import add_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "REMAINDERS",
    "Comparators",
    "code_where",
    "counts_under",
    "peers_of",
    "published_or_summed",
    "published_rows",
    "summed_once",
    "summed_rows",
    "unit_key",
]

REMAINDERS = (UNALLOCATED, UNMAPPED)


@frozen(kw_only=True, eq=False)
class Comparators:
    """Counts to compare with, and which of them each unit belongs to.

    Parameters
    ----------
    counts
        One row a comparator and key, with ``units``, how many were summed, and ``basis``.
    code_of_row
        Code of each unit's comparator; blank where it has none.
    member
        Whether each unit's own counts are in its comparator, and are to be taken out of it.
    fixed
        Whether they are taken as known, and keep the unit.
    name
        What ``comparator`` says.
    summed_level
        Level of the units that were summed.
    said
        What more the caveat says of similar practices that were summed.
    notes
        What must be said beside each row, blank for nothing; ``None`` for nothing at all.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> peers_of(phm.estimate(table), ["Y99001", "Y99002"]).name
    'peers'
    """

    counts: pd.DataFrame
    code_of_row: pd.Series[Any]
    member: NDArray[np.bool_]
    fixed: bool
    name: str
    summed_level: str
    said: str = ""
    notes: NDArray[np.object_] | None = None


def unit_key(table: pd.DataFrame) -> list[str]:
    """Return the columns in which a unit and its comparator must agree.

    Examples
    --------
    >>> unit_key(pd.DataFrame(columns=["measure", "org_code", "sex", "numerator"]))[-1]
    'sex'
    """
    left_out = {"org_level", "org_code", "basis", "as_at", "source"}
    return [name for name in IDENTITY if name not in left_out] + list(dimensions_of(table))


def counts_under(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the counts under estimates: each once, whatever the number of confidences.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> counts = phm.load(demo.registers(), period="2022-23").table
    >>> len(counts_under(phm.estimate(counts, confidence=[0.95, 0.998]))) == len(counts)
    True
    """
    key = [name for name in row_key(estimates) if name != "confidence"]
    names = [*IDENTITY, *dimensions_of(estimates), *VALUES]
    if len(estimates["confidence"].unique()) <= 1:
        return estimates[names]
    _, first = group_ids(estimates, key)
    return estimates.iloc[np.sort(first)][names]


def summed_rows(rows: pd.DataFrame, codes: pd.Series[Any]) -> pd.DataFrame:
    """Return sums by comparator and key, with ``units``, how many rows each is of.

    Raises
    ------
    DoubleCountError
        When a figure is there twice.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> counts = phm.load(demo.registers(), period="2022-23").table
    >>> sums = summed_rows(counts, pd.Series("everyone", index=counts.index))
    >>> int(sums["units"].sum()) == len(counts)
    True
    """
    refuse_told_twice(rows)
    return summed_once(rows, codes)


def summed_once(rows: pd.DataFrame, codes: pd.Series[Any]) -> pd.DataFrame:
    """Return sums as :func:`summed_rows`, where one row may be in the sums of several comparators.

    Parameters
    ----------
    rows
        Counts, each figure once a comparator, as the caller has made sure.
    codes
        Code of each row's comparator, in the order of `rows`.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> counts = phm.load(demo.registers(), period="2022-23").table.iloc[[0, 0]]
    >>> len(summed_once(counts, pd.Series(["one", "other"])))
    2
    """
    keyed = rows.assign(comparator_code=pd.Categorical(codes))
    keys = ["comparator_code", *unit_key(rows)]
    ids, _ = group_ids(keyed, keys)
    units = pd.array(np.bincount(ids), dtype="Int64")
    return add_up(keyed, keys).assign(units=units, basis="rolled_up")


def published_rows(rows: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the published rows of a level, in the order of their keys.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> len(published_rows(phm.load(demo.registers(), period="2022-23").table, "england"))
    0
    """
    own = rows[(rows["org_level"] == level) & (rows["basis"] == "published")]
    _, first = group_ids(own, ["org_code", *unit_key(own)])
    units = pd.array([pd.NA] * len(first), dtype="Int64")
    own = own.iloc[first].reset_index(drop=True)
    return own.assign(comparator_code=own["org_code"], units=units, basis="published")


def published_or_summed(published: pd.DataFrame, summed: pd.DataFrame) -> pd.DataFrame:
    """Return the published rows, and sums for what is not published under any definition.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> counts = phm.load(demo.registers(), period="2022-23").table
    >>> sums = summed_rows(counts, pd.Series("everyone", index=counts.index))
    >>> published_or_summed(published_rows(counts, "england"), sums)["basis"].unique().tolist()
    ['rolled_up']
    """
    if published.empty or summed.empty:
        return summed if published.empty else published
    about = unit_key(summed.drop(columns="units"))
    key = ["comparator_code", *(name for name in about if name != "definition")]
    both = pd.concat([published[list(summed.columns)], summed], ignore_index=True)
    ids, _ = group_ids(both, key)
    known = np.isin(ids, ids[: len(published)])
    known[: len(published)] = False
    return both[~known].reset_index(drop=True)


def code_where(code: str, wanted: NDArray[np.bool_]) -> pd.Series[Any]:
    """Return one code where it is wanted, and a blank elsewhere.

    Examples
    --------
    >>> code_where("England", np.array([True, False])).tolist()
    ['England', '']
    """
    return pd.Series(worded(wanted, ["", code]))


def peers_of(estimates: pd.DataFrame, peers: Sequence[str]) -> Comparators:
    """Return named peers, summed; a unit that is one of them is to be left out.

    Raises
    ------
    OptionError
        When no peer is named, one is not in the table, or they are of two levels.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> found = peers_of(table, ["Y99001", "Y99002"])
    >>> sorted(table.loc[found.member, "org_code"].unique())
    ['Y99001', 'Y99002']
    """
    rows = counts_under(estimates)
    chosen = rows[rows["org_code"].isin(list(peers))]
    absent = sorted(set(peers) - set(chosen["org_code"].astype(object)))
    if not peers:
        message = "to= names no peers. Give codes that are in the table."
        raise OptionError(message)
    if absent:
        message = f"{len(absent)} of the peers are not in the table: {', '.join(absent[:5])}."
        raise OptionError(message)
    levels = sorted(chosen["org_level"].astype(str).unique())
    if len(levels) > 1:
        message = f"Peers are of one level; these are of {', '.join(levels)}."
        raise OptionError(message)
    alike = (estimates["org_level"] == levels[0]).to_numpy(dtype=bool)
    return Comparators(
        counts=summed_rows(chosen, pd.Series("peers", index=chosen.index)),
        code_of_row=code_where("peers", alike),
        member=alike & estimates["org_code"].isin(list(peers)).to_numpy(),
        fixed=False,
        name="peers",
        summed_level=levels[0],
    )
