"""Many texts at once: money as pence, and which ids need a closer look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.records.columns import WHITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.records.blocks import Texts

__all__ = ["odd_ids", "pence"]

_LONGEST = 15
_POINT = ord(".")
_ZERO = ord("0")
_PLAIN_ENDS = np.ones(256, dtype=bool)
_PLAIN_ENDS[[ord(sign) for sign in WHITE if ord(sign) < 128]] = False  # noqa: PLR2004 - ASCII
_PLAIN_ENDS[[0xA0, 0xC2]] = False  # the two bytes of a space that does not break


def pence(texts: Texts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pounds as pence, and the rows that are not written plainly.

    Plain is ``140`` or ``140.5`` or ``140.50``: digits, and at most two after a point.

    Parameters
    ----------
    texts
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
    lengths = texts.lengths
    widest = min(int(lengths.max(initial=0)), _LONGEST)
    signs = np.ascontiguousarray(texts.matrix(widest).T) if (lengths <= widest).all() else None
    if signs is None:
        plain = lengths <= widest
        signs = np.ascontiguousarray(_cut(texts, plain, widest).T)
    else:
        plain = np.ones(len(lengths), dtype=bool)
    value = np.zeros(len(lengths), dtype=np.int64)
    after = np.full(len(lengths), -1, dtype=np.int64)  # digits after the point; -1 before it
    odd = ~plain | (lengths == 0)
    for place in range(widest):
        sign = signs[place]
        digit = sign - np.uint8(_ZERO)
        is_digit = digit < 10  # noqa: PLR2004 - unsigned: what is below zero is above nine
        value = np.where(is_digit, value * 10 + digit, value)
        after += is_digit & (after >= 0)
        point = sign == _POINT
        odd |= ~(is_digit | point | (sign == 0)) | (point & ((after >= 0) | (place == 0)))
        after = np.where(point, 0, after)
    odd |= after > 2  # noqa: PLR2004 - pence
    scale = np.array([100, 100, 10, 1], dtype=np.int64)
    return value * scale[np.clip(after, -1, 2) + 1], np.flatnonzero(odd)


def _cut(texts: Texts, plain: NDArray[np.bool_], width: int) -> NDArray[np.uint8]:
    """Return the bytes of the texts that are short enough, and nothing of the others."""
    signs = np.zeros((len(plain), width), dtype=np.uint8)
    for row in np.flatnonzero(plain).tolist():
        start, end = int(texts.offsets[row]), int(texts.offsets[row + 1])
        signs[row, : end - start] = texts.data[start:end]
    return signs


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
    starts, ends = texts.offsets[:-1], texts.offsets[1:]
    first = texts.data[np.minimum(starts, len(texts.data) - 1)]
    last = texts.data[np.maximum(ends - 1, 0)]
    odd = ~(_PLAIN_ENDS[first] & _PLAIN_ENDS[last])
    return np.flatnonzero(odd | (texts.lengths <= longest))
