"""Ids as whole numbers: every byte of them, so that two ids are equal only where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.records.blocks import Texts

__all__ = ["TooNarrowError", "as_words", "mixed", "numbered"]

_BYTES = 8
_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xBF58476D1CE4E5B9)
_THIRD = np.uint64(0x94D049BB133111EB)


class TooNarrowError(Exception):
    """An id is longer than the words laid out for it; `width` would hold it.

    Examples
    --------
    >>> TooNarrowError(3).width
    3
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width


def as_words(texts: Texts, width: int) -> NDArray[np.uint64]:
    """Return the bytes of ids as whole numbers, padded with zeros.

    Parameters
    ----------
    texts
        The ids; none holds a zero byte.
    width
        Numbers an id, of eight bytes each.

    Returns
    -------
    ndarray of uint64, shape (n, width)

    Raises
    ------
    TooNarrowError
        When an id is longer.

    Examples
    --------
    >>> from phm_diabetes.records.blocks import Texts
    >>> words = as_words(Texts.of(["A1", "A1", "B"]), 1)
    >>> bool(words[0, 0] == words[1, 0]), bool(words[0, 0] == words[2, 0])
    (True, False)
    """
    longest = int(texts.lengths.max(initial=0))
    if longest > width * _BYTES:
        raise TooNarrowError(-(-longest // _BYTES))
    return texts.matrix(width * _BYTES).view(np.uint64)


def mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return one well-mixed number for each row of numbers; equal rows give equal numbers.

    The mixing is that of SplitMix64 (Steele, Lea and Flood 2014).

    Examples
    --------
    >>> import numpy as np
    >>> same = mixed(np.array([[1, 2], [1, 2]], dtype=np.uint64))
    >>> bool(same[0] == same[1])
    True
    """
    found = np.zeros(len(words), dtype=np.uint64)
    for place in range(words.shape[1]):
        found += words[:, place] + _FIRST
        found ^= found >> np.uint64(30)
        found *= _SECOND
        found ^= found >> np.uint64(27)
        found *= _THIRD
        found ^= found >> np.uint64(31)
    return found


def numbered(words: NDArray[np.uint64]) -> tuple[NDArray[np.int64], int]:
    """Give each distinct row a number, exactly.

    Returns
    -------
    numbers : ndarray of int64, shape (n,)
        Equal where, and only where, the rows are.
    count : int
        How many distinct rows there are.

    Examples
    --------
    >>> import numpy as np
    >>> numbers, count = numbered(np.array([[7, 1], [9, 1], [7, 1]], dtype=np.uint64))
    >>> bool(numbers[0] == numbers[2]), count
    (True, 2)
    """
    if not len(words):
        return np.zeros(0, dtype=np.int64), 0
    keys = words[:, 0] if words.shape[1] == 1 else mixed(words)
    order = np.argsort(keys)
    ranked = keys[order]
    differs = ranked[1:] != ranked[:-1]
    alike = np.flatnonzero(~differs)
    if words.shape[1] > 1 and (words[order[alike]] != words[order[alike + 1]]).any():
        # Two ids share a mixed number, so that copies of one may not stand together.
        order = np.lexsort(words.T)
        differs = (words[order[1:]] != words[order[:-1]]).any(axis=1)
    rank = np.concatenate([[0], np.cumsum(differs)]).astype(np.int64)
    numbers = np.empty(len(words), dtype=np.int64)
    numbers[order] = rank
    return numbers, int(rank[-1]) + 1
