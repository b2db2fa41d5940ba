"""Summing: how counts are added up, so that hidden parts stay ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from phm_diabetes.counted_once import refuse_incomplete_parts
from phm_diabetes.errors import DoubleCountError, OptionError, did_you_mean
from phm_diabetes.group_sums import GroupSums
from phm_diabetes.model.dimensions import ALL, dimension_named
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.exactness import same_numbers
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import repeated, worded, words_used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["add_up", "choose", "sums"]

_INTEGERS = (
    "numerator",
    "numerator_low",
    "numerator_high",
    "denominator",
    "denominator_low",
    "denominator_high",
    "excluded",
)
_REALS = ("numerator_variance", "denominator_variance", "numerator_ss")


def _joined_sources(
    source: pd.Series[Any], ids: NDArray[np.int64], groups: int
) -> pd.Categorical[str]:
    """Join the sources of each group's parts by ' + ' where there is more than one."""
    known = [str(word) for word in source.cat.categories]
    if len(known) == 1:
        return repeated(known[0], groups)
    pairs = pd.DataFrame({"id": ids, "source": source.cat.codes.to_numpy()}).drop_duplicates()
    parts: list[set[str]] = [set() for _ in range(groups)]
    for group, code in pairs.itertuples(index=False):
        parts[group] |= set(known[code].split(" + "))
    joined = [" + ".join(sorted(each)) for each in parts]
    words = sorted(set(joined))
    return worded([words.index(each) for each in joined], words)


def add_up(counts: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Add rows up by key: values, hard bounds and rounding variance, each in its own way.

    Parameters
    ----------
    counts
        Checked counts, shape ``(n, k)``.
    keys
        Columns that stay.

    Returns
    -------
    DataFrame
        One row a key, sorted by key, whatever the order of rows. A sum with a hidden part has
        no value and keeps its range; with a missing part it has no upper bound.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "NDA", "measure": "copd.review", "definition": "d", "org_level":
    ...     "practice", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = counts_from([
    ...     {**row, "org_code": "X99001", "numerator": 20, "denominator": 40},
    ...     {**row, "org_code": "X99002", "numerator": None, "numerator_low": 1,
    ...      "numerator_high": 7, "denominator": 30},
    ... ])
    >>> add_up(table, ["measure"])[
    ...     ["numerator", "numerator_low", "numerator_high", "denominator"]].values.tolist()
    [[<NA>, 21, 27, 70]]
    """
    return _added(counts, keys, *group_ids(counts, keys))


def _added(
    counts: pd.DataFrame,
    keys: Sequence[str],
    ids: NDArray[np.int64],
    first: NDArray[np.int64],
) -> pd.DataFrame:
    kept = {name: counts[name].array[first] for name in keys}
    return pd.DataFrame(kept | sums(counts, ids, len(first)))


def sums(
    counts: pd.DataFrame,
    ids: NDArray[np.int64],
    groups: int,
    rows: NDArray[np.int64] | None = None,
) -> dict[str, Any]:
    """Return the figures and sources of each group, one array a column.

    Parameters
    ----------
    counts
        Checked counts, shape ``(n, k)``.
    ids
        Group of each row, from 0, shape ``(n,)`` or that of `rows`.
    groups
        How many groups.
    rows
        Which rows, where some stand in several groups or in none; ``None`` for each once.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "QOF", "measure": "copd.register", "definition": "d", "org_level":
    ...     "practice", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = counts_from([{**row, "org_code": "Y99001", "numerator": 3},
    ...                      {**row, "org_code": "Y99002", "numerator": 4}])
    >>> sums(table, np.array([0, 0]), 1)["numerator"].tolist()
    [7]
    """
    found: dict[str, Any] = {}
    added = GroupSums(ids, groups)
    for name in _INTEGERS:
        twin = name.removesuffix("_low").removesuffix("_high")
        if twin != name and same_numbers(counts[name], counts[twin]):
            found[name] = found[twin].copy()  # exact counts: both bounds are the value
        else:
            values = counts[name].array
            found[name] = added.of_integers(values if rows is None else values[rows])
    for name in _REALS:
        numbers = counts[name].to_numpy(dtype="float64")
        found[name] = added.of_reals(numbers if rows is None else numbers[rows])
    source = counts["source"] if rows is None else counts["source"].iloc[rows]
    found["source"] = _joined_sources(source, ids, groups)
    nothing = np.zeros(groups, dtype=np.int64)
    found["source_row"] = pd.arrays.IntegerArray(nothing, np.ones(groups, dtype=bool))
    return found


def choose(counts: DataFrame[Counts], by: Sequence[str] = ()) -> DataFrame[Counts]:
    """Return one row an organisation, measure, period and level of the chosen dimensions.

    For a dimension not in `by`, the row for all is used where there is one, otherwise
    exhaustive parts are summed.

    Parameters
    ----------
    counts
        Checked counts.
    by
        Dimensions to keep; one may be named without a list.

    Returns
    -------
    DataFrame[Counts]

    Raises
    ------
    OptionError
        When `by` names a column that is not a dimension of the table.
    DoubleCountError
        When parts overlap or are not all there, when some organisations have a row for all and
        others only parts, or when a subtype was not chosen.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.review", "definition": "d", "org_level":
    ...     "practice", "org_code": "X99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "denominator": 40}
    >>> table = counts_from([{**row, "sex": "male", "numerator": 10},
    ...                      {**row, "sex": "female", "numerator": 20}])
    >>> choose(table)["numerator"].tolist()
    [30]
    """
    dimensions = dimensions_of(counts)
    by = [by] if isinstance(by, str) else by
    for name in by:
        if name not in dimensions:
            message = (
                f"by= names '{name}', which is not a dimension of the table "
                f"(dimensions: {', '.join(dimensions) or 'none'})." + did_you_mean(name, dimensions)
            )
            raise OptionError(message)
    chosen = counts
    for name in dimensions:
        if name not in by:
            chosen = _without(chosen, name)
    return chosen


def _without(counts: DataFrame[Counts], name: str) -> DataFrame[Counts]:
    """Remove one dimension: by its row for all, or by summing exhaustive parts."""
    levels = counts[name]
    present = words_used(levels)
    if len(present) == 1 and present[0] != ALL:
        return counts  # chosen beforehand: the rows go on saying so
    if len(present) <= 1:
        return counts.drop(columns=name)
    if not dimension_named(name).additive:
        message = (
            f"The table holds {name} {', '.join(present)}, and these are never "
            f"summed silently. Filter {name} first, or add '{name}' to by=."
        )
        raise DoubleCountError(message)
    rest = [each for each in row_key(counts) if each != name]
    ids, first = group_ids(counts, rest)
    if ALL not in present:
        refuse_incomplete_parts(counts, ids, first, name)
        return cast("DataFrame[Counts]", _added(counts, rest, ids, first))
    is_all = (levels == ALL).to_numpy()
    has_all = np.bincount(ids[is_all], minlength=len(first))[ids] > 0
    parts = counts[~has_all]
    if len(parts):
        message = (
            f"{len(parts):,} rows mix {name}='{ALL}' with its parts: some organisations have one, "
            f"some only the other. Filter {name} first, or add '{name}' to by=."
        )
        raise DoubleCountError(message)
    return counts[is_all].drop(columns=name).reset_index(drop=True)
