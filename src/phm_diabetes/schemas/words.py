"""Words as categories: how columns of few texts are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    Table = TypeVar("Table", bound=pd.DataFrame)

__all__ = ["repeated", "stack", "worded", "words_used"]

_AT_ONCE = 2**16


def worded(places: ArrayLike, words: Sequence[str]) -> pd.Categorical[str]:
    """Return the word at each place; -1 is a missing one.

    Parameters
    ----------
    places
        Whole numbers, shape ``(n,)``.
    words
        Distinct words.

    Examples
    --------
    >>> list(worded([1, 0], ["no", "yes"]))
    ['yes', 'no']
    """
    return pd.Categorical.from_codes(
        np.asarray(places, dtype=np.int64), categories=pd.Index(list(words), dtype=str)
    )


def repeated(word: str, size: int) -> pd.Categorical[str]:
    """Return one word in every row.

    Examples
    --------
    >>> len(repeated("practice", 3))
    3
    """
    return worded(np.zeros(size, dtype=np.int64), [word])


def words_used(column: pd.Series[Any]) -> list[str]:
    """Return the distinct words of a column of categories that stand in some row, sorted.

    Examples
    --------
    >>> words_used(pd.Series(worded([1, 1], ["no", "yes"])))
    ['yes']
    """
    codes, words = column.cat.codes.to_numpy(), column.cat.categories
    used = np.zeros(len(words) + 1, dtype=bool)  # the last is for code -1, a missing word
    for start in range(0, len(codes), _AT_ONCE):
        used[codes[start : start + _AT_ONCE]] = True
        if used[:-1].all():  # mostly seen among the first rows
            break
    return sorted(str(word) for word in words[used[:-1]])


def stack(tables: Sequence[Table]) -> Table:
    """Return tables of the same columns one under another, categories kept as categories.

    ``pandas.concat`` would turn categories that differ into plain text.

    Examples
    --------
    >>> parts = [pd.DataFrame({"level": repeated(word, 1)}) for word in ("pcn", "icb")]
    >>> stack(parts)["level"].dtype.name
    'category'
    """
    if len(tables) == 1:
        return tables[0]
    first = tables[0]
    joined = {
        name: _joined([table[name] for table in tables])
        if isinstance(first[name].dtype, pd.CategoricalDtype)
        else pd.concat([table[name] for table in tables], ignore_index=True).array
        for name in first.columns
    }
    return cast("Table", pd.DataFrame(joined))


def _joined(columns: Sequence[pd.Series[Any]]) -> pd.Categorical[str]:
    own = [column.astype("category").cat for column in columns]
    known = [[str(word) for word in each.categories.tolist()] for each in own]
    words = sorted(set().union(*known))
    place = {word: spot for spot, word in enumerate(words)}
    codes = []
    for each, mine in zip(own, known, strict=True):
        # The last one is for code -1, a missing word.
        moved = np.array([*(place[word] for word in mine), -1], dtype=np.int64)
        codes.append(moved[each.codes.to_numpy()])
    return worded(np.concatenate(codes), words)
