"""Many texts at once: money as pence, and which ids need a closer look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.records.blocks import Amounts
from phm_diabetes.records.columns import WHITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.records.blocks import Texts

__all__ = ["odd_ids", "pence", "windows"]

_BYTES = 8
_POINT = ord(".")
_ZERO = ord("0")
_ZEROS = np.uint64(0x3030303030303030)
_ABOVE_NINE = np.uint64(0x4646464646464646)  # which lifts a byte above "9" to its high bit
_HIGH_BITS = np.uint64(0x8080808080808080)
_OWN_BYTES = np.array(
    [(1 << 64) - (1 << 8 * (_BYTES - length)) for length in range(_BYTES + 1)], dtype=np.uint64
)
_PLAIN_ENDS = np.ones(256, dtype=bool)
_PLAIN_ENDS[[ord(sign) for sign in WHITE if ord(sign) < 128]] = False  # noqa: PLR2004 - ASCII
_PLAIN_ENDS[[0xA0, 0xC2]] = False  # the two bytes of a space that does not break


def pence(cells: Texts | Amounts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pounds as pence, and the rows that are not written plainly.

    Plain is ``140`` or ``140.5`` or ``140.50``: at most eight signs, and two digits after a point.

    Parameters
    ----------
    cells
        Of money.

    Returns
    -------
    values : ndarray of int64
        Pence; without meaning in the rows returned.
    rows : ndarray of int64
        Rows to be read one by one.

    Examples
    --------
    >>> from phm_diabetes.records.blocks import Texts
    >>> values, rows = pence(Texts.of(["140.5", "23", "£1,000", ""]))
    >>> values[:2].tolist(), rows.tolist()
    ([14050, 2300], [2, 3])
    """
    if isinstance(cells, Amounts):
        return cells.pence.copy(), cells.odd
    lengths = cells.lengths
    words = _endings(cells)
    values = np.zeros(len(lengths), dtype=np.int64)
    left = (lengths > 0) & (lengths <= _BYTES)
    odd = ~left
    for decimals in (2, 1, 0):
        here = left
        if decimals:
            sign = (words >> np.uint64(8 * (_BYTES - 1 - decimals))) & np.uint64(0xFF)
            here = left & (sign == _POINT) & (lengths > 1 + decimals)
            left = left & ~here
        if here.all():
            values, misfits = _whole_numbers(_without_point(words, decimals))
            return values * 10 ** (2 - decimals), np.flatnonzero(misfits)
        rows = np.flatnonzero(here)
        pounds, odd[rows] = _whole_numbers(_without_point(words[rows], decimals))
        values[rows] = pounds * 10 ** (2 - decimals)
    return values, np.flatnonzero(odd)


def windows(signs: NDArray[np.uint8], begins: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """Return so many bytes from each place on, one after another.

    Examples
    --------
    >>> windows(np.arange(5, dtype=np.uint8), np.array([3, 0]), 2).tolist()
    [3, 4, 0, 1]
    """
    every: NDArray[Any] = np.ndarray(
        (len(signs) - width + 1,), dtype=f"V{width}", buffer=signs, strides=(1,)
    )
    return every[begins].view(np.uint8)


def _endings(texts: Texts) -> NDArray[np.uint64]:
    """Return the last eight bytes of every text as a number, shorter ones led by zeros."""
    start, end = int(texts.offsets[0]), int(texts.offsets[-1])
    led = np.zeros(end - start + _BYTES, dtype=np.uint8)
    led[_BYTES:] = texts.data[start:end]
    own = _OWN_BYTES[np.minimum(texts.lengths, _BYTES)]
    endings = windows(led, texts.offsets[1:] - start, _BYTES).view("<u8")
    return (endings & own) | (_ZEROS & ~own)


def _without_point(words: NDArray[np.uint64], decimals: int) -> NDArray[np.uint64]:
    """Return eight digits of which the point, so many bytes from the end, is taken out."""
    if not decimals:
        return words
    before = np.uint64((1 << 8 * (_BYTES - 1 - decimals)) - 1)
    after = np.uint64(((1 << 8 * decimals) - 1) << 8 * (_BYTES - decimals))
    return ((words & before) << np.uint64(8)) | (words & after) | np.uint64(_ZERO)


def _whole_numbers(words: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the numbers that eight digits write, and where any of the eight is no digit.

    All eight at once, in the bytes of one whole number: pairs, then fours, then the eight.
    """
    odd = ((words + _ABOVE_NINE) | (words - _ZEROS)) & _HIGH_BITS
    found = words - _ZEROS
    found = found * np.uint64(10) + (found >> np.uint64(8))
    pairs = np.uint64(0x000000FF000000FF)
    found = (
        (found & pairs) * np.uint64(100 + (1_000_000 << 32))
        + ((found >> np.uint64(16)) & pairs) * np.uint64(1 + (10_000 << 32))
    ) >> np.uint64(32)
    return found.astype(np.int64), odd != 0


def odd_ids(texts: Texts, *, longest: int) -> NDArray[np.int64]:
    """Return the rows whose id may be blank, or has white space at an end.

    Parameters
    ----------
    texts
        Of ids.
    longest
        Bytes of the longest text that must be looked at, as one that means nothing was recorded.

    Examples
    --------
    >>> from phm_diabetes.records.blocks import Texts
    >>> odd_ids(Texts.of(["9434765919", " 123456", "", "&"]), longest=1).tolist()
    [1, 2, 3]
    """
    if not len(texts.data):
        return np.arange(len(texts.offsets) - 1)
    lengths = texts.lengths
    width = int(lengths[0])
    if width and (lengths == width).all():  # as most ids are: no text need be looked for
        start = int(texts.offsets[0])
        rows = texts.data[start : start + width * len(lengths)].reshape(-1, width)
        first, last = rows[:, 0], rows[:, -1]
    else:
        first = texts.data[np.minimum(texts.offsets[:-1], len(texts.data) - 1)]
        last = texts.data[np.maximum(texts.offsets[1:] - 1, 0)]
    odd = ~(_PLAIN_ENDS[first] & _PLAIN_ENDS[last])
    return np.flatnonzero(odd | (lengths <= longest))
