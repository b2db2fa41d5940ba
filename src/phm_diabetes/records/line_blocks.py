"""Blocks of text without quotation marks: a separator ends a cell, and a line break a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.records.blocks import Block, Coded, Texts
from phm_diabetes.records.frame_blocks import factorised
from phm_diabetes.records.texts import windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["block_of_lines"]

_BREAKS = (ord("\n"), ord("\r"))
_WORD = 8
_LONGEST = 8 * _WORD  # bytes of a text that is told from others by whole numbers
_NO_TEXT = 0xFF  # a byte that stands nowhere in UTF-8

_FILLED = np.zeros((_WORD + 1, _WORD), dtype=np.uint8)
for _length in range(_WORD):
    _FILLED[_length, _length:] = _NO_TEXT
_FILLED_WORDS: NDArray[np.uint64] = _FILLED.view(np.uint64).ravel()
"""By bytes of a text in a word of eight: what fills the others."""


def block_of_lines(
    lines: bytes,
    headers: Sequence[str],
    few: Sequence[str],
    many: Sequence[str],
    *,
    separator: str,
    start: int,
) -> Block:
    r"""Return one block of lines of text, read as Python's csv module reads them.

    Parameters
    ----------
    lines
        Whole lines of UTF-8 without a quotation mark; a line break is ``\n``, ``\r\n`` or ``\r``,
        and a blank line is no record.
    headers
        Of all columns, in their order.
    few, many
        Headers to be read as `Coded`, and as `Texts`.
    separator
        Between cells: one character of ASCII.
    start
        Records of the part before these.

    Raises
    ------
    UnicodeError
        When the bytes are not UTF-8.

    Examples
    --------
    >>> block = block_of_lines(
    ...     b"1,59\r\n2\n\n1,60", ["SEX", "AGE"], ["SEX"], ["AGE"], separator=",", start=0
    ... )
    >>> block.columns["SEX"].decoded(), block.columns["AGE"].at([0, 1]), block.gaps.tolist()
    (['1', '1'], ['59', '60'], [1])
    """
    lines.decode("utf-8")
    # What is added ends the last line, and lets every text be read up to its longest.
    broken = lines.endswith((b"\n", b"\r"))
    added = bytes(_LONGEST) if broken else b"\n" + bytes(_LONGEST)
    signs = np.frombuffer(lines + added, dtype=np.uint8)
    begins, ends, gaps = _records(signs, len(headers), ord(separator))
    columns: dict[str, Coded | Texts] = {}
    for name in (*few, *many):
        place = headers.index(name)
        first = ends[place - 1] + 1 if place else begins
        columns[name] = (_coded if name in few else _texts)(signs, first, ends[place] - first)
    return Block(columns=columns, rows=len(begins), start=start, gaps=gaps)


def _records(signs: NDArray[np.uint8], width: int, separator: int) -> tuple[Ints, Ints, Ints]:
    """Return where records begin, where the cells of each column end, and what is no record."""
    ends_cell = signs == separator
    for sign in _BREAKS:
        ends_cell |= signs == sign
    ends = np.flatnonzero(ends_cell)
    last = np.flatnonzero(signs[ends] != separator)
    begins = np.concatenate([[0], ends[last[:-1]] + 1])
    cells = np.diff(last, prepend=-1)
    blank = (cells == 1) & (ends[last] == begins)  # and what is between \r and \n
    wrong = (cells != width) & ~blank
    left_out = wrong | blank
    if left_out.any():
        begins, ends = begins[~left_out], ends[np.repeat(~left_out, cells)]
    columns = np.ascontiguousarray(ends.reshape(-1, width).T)
    return begins, columns, np.flatnonzero(wrong[~blank])


def _texts(signs: NDArray[np.uint8], begins: Ints, lengths: Ints) -> Texts:
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    longest = int(lengths.max(initial=0))
    if longest and (lengths == longest).all():  # as ids mostly are
        return Texts(data=windows(signs, begins, longest), offsets=offsets)
    places = np.repeat(begins - offsets[:-1], lengths) + np.arange(offsets[-1])
    return Texts(data=signs[places], offsets=offsets)


def _coded(signs: NDArray[np.uint8], begins: Ints, lengths: Ints) -> Coded:
    """Return texts by number, told apart by eight bytes at once."""
    longest = int(lengths.max(initial=0))
    if longest > _LONGEST:
        return factorised(pd.Series(_decoded(signs, begins, lengths), dtype=object))
    codes = np.zeros(len(begins), dtype=np.int64)
    for place in range(0, longest, _WORD):
        words = windows(signs, begins + place, _WORD).view(np.uint64)
        words |= _FILLED_WORDS[np.clip(lengths - place, 0, _WORD)]
        more, known = pd.factorize(words)
        codes = pd.factorize(codes * len(known) + more)[0] if place else more
    # Codes are given in the order in which texts are met: a new one is above all before.
    first = np.flatnonzero(np.diff(np.maximum.accumulate(codes), prepend=-1))
    return Coded(codes=codes, texts=_decoded(signs, begins[first], lengths[first]))


def _decoded(signs: NDArray[np.uint8], begins: Ints, lengths: Ints) -> list[str]:
    ended = _texts(signs, begins, lengths + 1)
    ended.data[ended.offsets[1:] - 1] = _BREAKS[0]  # which stands in no text
    return ended.data.tobytes().decode("utf-8").split("\n")[:-1]
