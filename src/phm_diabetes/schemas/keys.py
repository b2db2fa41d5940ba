"""Row keys as integers: the one way rows are grouped, matched and tested for duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.schemas.repeats import repeats_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["are_distinct", "group_ids", "ranked"]

_WIDE = 2**62
_NARROW = 2**31
"""Keys below this are packed in 32 bits, at half the cost."""
_TABLE = 8
"""Keys of at most so many times as many values as rows are ranked in a table, not by hashing."""


def _codes(column: pd.Series[Any]) -> tuple[NDArray[Any], int]:
    """Integer codes that sort as the values do; missing values share the highest code.

    Where there is but one value, one code stands for all rows.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        words: Any = column.array
        categories, codes = words.categories, words.codes
        holes = bool(len(codes)) and int(codes.min()) < 0
        if len(categories) == 1 and not holes:
            return np.zeros(1, dtype=np.int64), 1
        size = len(categories) + holes
        if not holes and categories.is_monotonic_increasing:
            return codes, size
        rank = np.arange(len(categories) + 1)  # the last is for code -1, a missing value
        if not categories.is_monotonic_increasing:
            in_order = np.argsort(categories.to_numpy(dtype=object), kind="stable")
            rank[in_order] = np.arange(len(categories))
        return rank[codes], size
    if _is_one_value(column):
        return np.zeros(1, dtype=np.int64), 1
    codes, uniques = pd.factorize(column, sort=True)
    return np.where(codes < 0, len(uniques), codes).astype(np.int64), len(uniques) + 1


def _is_one_value(column: pd.Series[Any]) -> bool:
    values = column.to_numpy()
    if len(values) and values.dtype.kind == "M":  # days as whole numbers, a missing one as another
        numbers = values.view(np.int64)
        return bool((numbers == numbers[0]).all())
    missing = column.isna()
    return bool(missing.all() or (not missing.any() and (column == column.iloc[0]).all()))


def group_ids(
    frame: pd.DataFrame, columns: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each row the number of its group, in the sorted order of the groups' keys.

    Parameters
    ----------
    frame
        Any table with the columns, shape ``(n, k)``.
    columns
        Key columns; missing values are equal to one another.

    Returns
    -------
    ids : ndarray of int64, shape (n,)
        Group of each row, from 0; independent of the order of rows.
    first : ndarray of int64, shape (g,)
        Position of one row of each group.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"level": ["b", "a", "b"], "year": [1, 1, 1]})
    >>> group_ids(table, ["level", "year"])[0].tolist()
    [1, 0, 1]
    """
    return ranked(*_numbered(frame, columns))


def are_distinct(frame: pd.DataFrame, columns: Sequence[str]) -> bool:
    """Whether no two rows share a key, which is asked faster than the groups are numbered.

    Parameters
    ----------
    frame, columns
        As for :func:`group_ids`.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"level": ["b", "a", "b"], "year": [1, 1, 1]})
    >>> are_distinct(table, ["level", "year"]), are_distinct(table[:2], ["level"])
    (False, True)
    """
    if _ascend(frame, columns):
        return True
    words = [name for name in columns if isinstance(frame[name].dtype, pd.CategoricalDtype)]
    # Rows that differ in their words differ, and days then need not be read.
    return _are_distinct(frame, words) or (
        len(words) < len(columns) and _are_distinct(frame, columns)
    )


def _ascend(frame: pd.DataFrame, columns: Sequence[str]) -> bool:
    """Whether each row comes after the one before by its words and days, as a tally's rows do.

    Then none stands twice, and no key is made. Any order of a column's words will do.
    """
    alike = np.ones(max(len(frame) - 1, 0), dtype=bool)
    for name in columns:
        values: Any = frame[name].array
        if isinstance(values, pd.Categorical):
            codes = values.codes
        elif values.dtype.kind == "M":
            codes = frame[name].to_numpy().view(np.int64)
        else:
            continue
        if (alike & (codes[1:] < codes[:-1])).any():
            return False
        alike &= codes[1:] == codes[:-1]
    return not alike.any()


def _are_distinct(frame: pd.DataFrame, columns: Sequence[str]) -> bool:
    keys, width = _numbered(frame, columns)
    if width < len(keys):
        return False
    if width > _TABLE * len(keys):
        return len(pd.unique(keys)) == len(keys)
    seen = np.zeros(width, dtype=bool)
    seen[keys.astype(np.int64, copy=False)] = True
    return int(np.count_nonzero(seen)) == len(keys)


def _numbered(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[NDArray[Any], int]:
    """Give each row the number of its key, and one more than the highest that there can be."""
    total: NDArray[Any] = np.zeros(len(frame), dtype=np.int32)
    width = 1
    for name in columns:
        codes, size = _codes(frame[name])
        if size == 1:
            continue
        # Columns that go together, as a measure and its definition do, leave most keys unused.
        if 1 < width <= _TABLE * len(frame) < width * size or width * size >= _WIDE:
            total, first = ranked(total, width)
            width = len(first)
        kind = np.int32 if width * size < _NARROW else np.int64
        if width == 1:
            total = codes.astype(kind)
        else:
            total = total.astype(kind, copy=False)
            total *= size
            total += codes
        width *= size
    return total, width


def ranked(
    keys: NDArray[Any], width: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rank of each key among the distinct ones, and the first row of each.

    Parameters
    ----------
    keys
        Whole numbers, shape ``(n,)``.
    width
        One more than the highest that a key can be, where none is below 0 and it is known.

    Examples
    --------
    >>> [each.tolist() for each in ranked(np.array([30, 10, 30]))]
    [[1, 0, 1], [1, 0]]
    """
    repeats = repeats_of(keys)
    if repeats is not None:
        ids, first = ranked(keys[repeats.heads], width)
        return repeats.spread(ids), repeats.heads[first]
    if width is not None and width <= _TABLE * len(keys):
        keys = keys.astype(np.int64, copy=False)
        kind = np.int32 if len(keys) < _NARROW else np.int64  # half the memory of a wide table
        place: NDArray[Any] = np.full(width, -1, dtype=kind)
        place[keys[::-1]] = np.arange(len(keys) - 1, -1, -1, dtype=kind)
        there = place >= 0
        first = place[there].astype(np.int64)
        place[there] = np.arange(len(first), dtype=kind)
        return place[keys].astype(np.int64), first
    # Hashing, then sorting the few distinct keys, is several times faster than np.unique.
    codes, uniques = pd.factorize(keys)
    order = np.argsort(uniques)
    rank = np.empty(len(uniques), dtype=np.int64)
    rank[order] = np.arange(len(uniques))
    first = np.empty(len(uniques), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(keys) - 1, -1, -1)
    return rank[codes], first[order]
