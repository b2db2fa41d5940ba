"""Counted once: a sum that would count people twice, or leave some out, is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import DoubleCountError
from phm_diabetes.model.dimensions import ALL, dimension_named
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import words_used

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "refuse_incomplete_parts",
    "refuse_mixed_levels",
    "refuse_told_twice",
    "refuse_uneven_parts",
]

_BITS = 62
"""How many levels of a dimension one mask of 64 bits holds."""


def refuse_uneven_parts(counts: pd.DataFrame) -> None:
    """Refuse organisations of which some have a row for all, and some only parts.

    Raises
    ------
    DoubleCountError
        When a sum over the organisations would leave some of them out.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "org_level": "practice", "period_start": "2022-04-01", "period_end": "2023-03-31",
    ...     "numerator": 5, "denominator": 40}
    >>> refuse_uneven_parts(counts_from([{**row, "org_code": "X99001", "sex": "all"},
    ...                                  {**row, "org_code": "X99002", "sex": "female"}]))
    Traceback (most recent call last):
    phm_diabetes.errors.DoubleCountError: 1 rows mix sex='all' with its parts: some organisations \
have both, some only one. Filter sex first, or add 'sex' to by=.
    """
    for name in dimensions_of(counts):
        is_all = (counts[name] == ALL).to_numpy()
        if is_all.all() or not is_all.any():
            continue
        rest = [each for each in row_key(counts) if each != name]
        ids, first = group_ids(counts, rest)
        patterns = pd.DataFrame(
            {
                "about": group_ids(counts.iloc[first], [r for r in rest if r != "org_code"])[0],
                "all": np.bincount(ids[is_all], minlength=len(first)) > 0,
                "parts": np.bincount(ids[~is_all], minlength=len(first)) > 0,
            }
        ).drop_duplicates()
        if patterns["about"].duplicated().any():
            message = (
                f"{int(is_all.sum()):,} rows mix {name}='{ALL}' with its parts: some organisations "
                f"have both, some only one. Filter {name} first, or add '{name}' to by=."
            )
            raise DoubleCountError(message)


def refuse_mixed_levels(counts: pd.DataFrame) -> None:
    """Refuse a table of more than one level of organisation, or of groups that share members.

    Raises
    ------
    DoubleCountError
        When summing the rows would count the same people twice.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "period_start": "2022-04-01", "period_end": "2023-03-31", "numerator": 5,
    ...     "denominator": 40}
    >>> refuse_mixed_levels(counts_from([{**row, "org_level": "practice", "org_code": "X99001"},
    ...                                  {**row, "org_level": "pcn", "org_code": "U99001"}]))
    Traceback (most recent call last):
    phm_diabetes.errors.DoubleCountError: The table holds rows of 2 levels (pcn, practice); adding \
them up would count the same people more than once. Keep one level first, for instance \
counts[counts['org_level'] == 'pcn'].
    """
    levels = words_used(counts["org_level"])
    if len(levels) > 1:
        message = (
            f"The table holds rows of {len(levels)} levels ({', '.join(levels)}); adding them up "
            "would count the same people more than once. Keep one level first, for instance "
            f"counts[counts['org_level'] == '{levels[0]}']."
        )
        raise DoubleCountError(message)
    overlapping = int((counts["basis"] == "overlapping").sum())
    if overlapping:
        message = (
            f"{overlapping:,} rows are groups that share members, so their sum counts some people "
            "twice. Add up the practices instead."
        )
        raise DoubleCountError(message)


def refuse_told_twice(counts: pd.DataFrame) -> None:
    """Refuse one figure of an organisation in two rows: published and rolled up, or of two days.

    Raises
    ------
    DoubleCountError
        When a sum would hold both.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> refuse_told_twice(counts_from([{
    ...     "dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "org_level": "practice", "org_code": "X99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 5, "denominator": 40,
    ... }]))
    """
    key = [name for name in row_key(counts) if name not in {"basis", "as_at"}]
    ids, first = group_ids(counts, key)
    if len(first) < len(ids):
        message = (
            f"{len(ids) - len(first):,} rows give a figure that another row gives too, so a sum "
            "would count it twice. Keep one basis and one as_at first."
        )
        raise DoubleCountError(message)


def refuse_incomplete_parts(
    counts: pd.DataFrame, ids: NDArray[np.int64], first: NDArray[np.int64], name: str
) -> None:
    """Refuse to sum the parts of a dimension where they overlap or may not be all of them.

    Parameters
    ----------
    counts
        Checked counts without a row for all, shape ``(n, k)``.
    ids, first
        Group of each row, from 0, whose parts would be summed, and one row of each group, as
        :func:`~phm_diabetes.schemas.keys.group_ids` gives them.
    name
        The dimension.

    Raises
    ------
    DoubleCountError
        When the parts of some group overlap, or are not known to be all of them.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "org_level": "practice", "org_code": "X99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 5, "denominator": 40}
    >>> halves = counts_from([{**row, "sex": "female"}, {**row, "sex": "male"}])
    >>> refuse_incomplete_parts(halves, np.array([0, 0]), np.array([0]), "sex")
    """
    dimension = dimension_named(name)
    codes = counts[name].cat.codes.to_numpy(dtype=np.int64)
    words = [str(word) for word in counts[name].cat.categories]
    rules = ["dataset", "measure", "definition"]
    about, _ = group_ids(counts[rules].iloc[first], rules)
    held = {"about": about}
    for start in range(0, len(words), _BITS):
        here = (codes >= start) & (codes < start + _BITS)
        mask = np.zeros(len(first), dtype=np.int64)
        np.bitwise_or.at(mask, ids[here], np.left_shift(1, codes[here] - start))
        held[f"levels from {start}"] = mask
    table = pd.DataFrame(held)
    pattern, example = group_ids(table, list(held))
    sets = [
        frozenset(
            word for spot, word in enumerate(words) if row[1 + spot // _BITS] >> (spot % _BITS) & 1
        )
        for row in table.iloc[example].itertuples(index=False)
    ]
    is_broken = np.array([not dimension.is_exhaustive(set(each)) for each in sets])
    if not is_broken.any() and dimension.bands:
        # Nobody tells the first age of a measure, so it must be the same for everyone.
        ages = pd.Series([dimension.first_age(set(each)) for each in sets])
        is_broken = (ages.groupby(about[example]).transform("nunique") > 1).to_numpy()
    if is_broken.any():
        least = min(sorted(each) for each, bad in zip(sets, is_broken, strict=True) if bad)
        message = (
            f"{name} is not in by=, and in {int(is_broken[pattern].sum()):,} groups its parts "
            f"({', '.join(least)}) overlap, do not start where the others do, or are not known to "
            f"be all of them. Add '{name}' to by=, or supply a row for '{ALL}'."
        )
        raise DoubleCountError(message)
