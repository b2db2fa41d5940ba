"""Ids as whole numbers: every byte of them, so that two ids are equal only where they are."""

from __future__ import annotations

from hashlib import sha512
from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.records.blocks import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["as_words", "mixed", "numbered", "ordered"]

_BYTES = 8
_BITS = 64
_LONGEST = 256
_LOW_BITS = (1 << _BITS) - 1
_FIRST = 0x9E3779B97F4A7C15
_NEXT = 0xD1342543DE82EF95
_SECOND = 0xBF58476D1CE4E5B9
_THIRD = 0x94D049BB133111EB


def as_words(texts: Texts, least: int) -> NDArray[np.uint64]:
    """Return the bytes of ids as whole numbers, padded with zeros.

    Parameters
    ----------
    texts
        The ids; none holds a zero byte.
    least
        Numbers an id, of eight bytes each; more where an id is longer. One of more than 256 bytes
        is told apart by its SHA-512.

    Returns
    -------
    ndarray of uint64, shape (n, width)

    Examples
    --------
    >>> from phm_diabetes.records.blocks import Texts
    >>> words = as_words(Texts.of(["A1", "A1", "B"]), 1)
    >>> bool(words[0, 0] == words[1, 0]), bool(words[0, 0] == words[2, 0])
    (True, False)
    """
    longest = int(texts.lengths.max(initial=0))
    if longest > _LONGEST:  # one such cell would make every row of the block as wide
        texts = _shortened(texts)
        longest = int(texts.lengths.max(initial=0))
    width = max(least, -(-longest // _BYTES))
    return texts.matrix(width * _BYTES).view(np.uint64)


def _shortened(texts: Texts) -> Texts:
    """Put the hash of every long text in its place."""
    ends, lengths, parts, after = texts.offsets, texts.lengths.copy(), [], 0
    for row in np.flatnonzero(lengths > _LONGEST).tolist():
        told = sha512(texts.data[ends[row] : ends[row + 1]].tobytes()).hexdigest().encode()
        parts += [texts.data[ends[after] : ends[row]].tobytes(), told]
        lengths[row], after = len(told), row + 1
    parts.append(texts.data[ends[after] : ends[-1]].tobytes())
    return Texts(
        data=np.frombuffer(b"".join(parts), dtype=np.uint8),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
    )


def mixed(columns: Sequence[NDArray[np.uint64]] | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return one well-mixed number for each row of some columns; equal rows give equal numbers.

    Columns of zeros after the others change nothing, so that narrow ids and wide ones compare.

    A sum of products with odd numbers (multilinear hashing: Lemire and Kaser 2014), then the last
    step of SplitMix64 (Steele, Lea and Flood 2014).

    Examples
    --------
    >>> import numpy as np
    >>> same = mixed(np.array([[1, 1], [2, 2]], dtype=np.uint64))
    >>> bool(same[0] == same[1])
    True
    """
    found = np.zeros(len(columns[0]), dtype=np.uint64)
    factor = _FIRST
    for column in columns:
        found += column * np.uint64(factor)
        factor = (factor * _NEXT) & _LOW_BITS  # odd times odd stays odd
    for shift, factor in ((30, _SECOND), (27, _THIRD)):
        found ^= found >> np.uint64(shift)
        found *= np.uint64(factor)
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
    spare = _BITS - len(words).bit_length()
    order, ranked = ordered(mixed(words.T) >> np.uint64(_BITS - spare), 1 << spare)
    differs = _differs(words.take(order, axis=0))
    if (differs != (ranked[1:] != ranked[:-1])).any():  # two ids share what is left of their hashes
        order = np.lexsort(words.T)
        differs = _differs(words.take(order, axis=0))
    rank = np.concatenate([[0], np.cumsum(differs)]).astype(np.int64)
    numbers = np.empty(len(words), dtype=np.int64)
    numbers[order] = rank
    return numbers, int(rank[-1]) + 1


def _differs(ranked: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return whether each row but the first is unlike the one before it."""
    found = np.zeros(len(ranked) - 1, dtype=bool)
    for column in ranked.T:
        found |= column[1:] != column[:-1]
    return found


def ordered(numbers: NDArray[Any], most: int) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Rank whole numbers from zero; with their rows in their low bits one plain sort does both.

    Parameters
    ----------
    numbers
        What is ranked.
    most
        They are all below this.

    Returns
    -------
    order : ndarray of int64
        Rows in ascending order of their numbers.
    ranked : ndarray of uint64
        The numbers in that order.

    Examples
    --------
    >>> import numpy as np
    >>> order, ranked = ordered(np.array([5, 3, 5]), 6)
    >>> order.tolist(), ranked.tolist()
    ([1, 0, 2], [3, 5, 5])
    """
    plain = numbers.astype(np.uint64, copy=False)
    bits = len(plain).bit_length()
    if (most - 1).bit_length() + bits > _BITS:
        order = np.argsort(plain, kind="stable")
        return order, plain.take(order)
    ranked = np.sort((plain << np.uint64(bits)) | np.arange(len(plain), dtype=np.uint64))
    low = np.uint64((1 << bits) - 1)
    return (ranked & low).astype(np.int64), ranked >> np.uint64(bits)
