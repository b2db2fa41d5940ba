"""Blocks: some thousand rows of a source, each column as texts or as numbers of distinct texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Amounts", "Block", "Coded", "RecordSource", "Texts"]


@frozen(kw_only=True, eq=False)
class Coded:
    """A column of few texts: each distinct one once, and its number in every row.

    Parameters
    ----------
    codes
        Position in `texts`, shape ``(n,)``.
    texts
        The texts; one may stand twice.

    Examples
    --------
    >>> Coded(codes=np.array([0, 1, 0]), texts=["a", "b"]).decoded()
    ['a', 'b', 'a']
    """

    codes: NDArray[np.integer]
    texts: Sequence[str]

    def decoded(self) -> list[str]:
        """Return the text of every row."""
        texts = list(self.texts)
        return [str(texts[code]) for code in self.codes.tolist()]


@frozen(kw_only=True, eq=False)
class Texts:
    """A column of many texts, one after another as UTF-8.

    Parameters
    ----------
    data
        All bytes.
    offsets
        Where each text begins and ends, shape ``(n + 1,)``.

    Examples
    --------
    >>> Texts.of(["ab", "", "c"]).at([2, 0])
    ['c', 'ab']
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Return texts as bytes."""
        joined = "".join(texts)
        coded = joined.encode("utf-8", errors="surrogatepass")
        plain = len(coded) == len(joined)
        lengths = [
            len(text if plain else text.encode("utf-8", errors="surrogatepass")) for text in texts
        ]
        return cls(
            data=np.frombuffer(coded, dtype=np.uint8),
            offsets=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
        )

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Bytes of each text."""
        return np.diff(self.offsets)

    def at(self, rows: Sequence[int] | NDArray[np.int64]) -> list[str]:
        """Return the texts of some rows."""
        whole, ends = self.data, self.offsets
        return [
            whole[ends[row] : ends[row + 1]].tobytes().decode("utf-8", errors="replace")
            for row in rows
        ]

    def matrix(self, width: int) -> NDArray[np.uint8]:
        """Return the bytes of each text, padded with zeros, shape ``(n, width)``."""
        lengths, count = self.lengths, len(self.offsets) - 1
        padded = np.zeros((count, width), dtype=np.uint8)
        if not count:
            return padded
        first = int(lengths[0])
        if (lengths == first).all():
            start = int(self.offsets[0])
            padded[:, :first] = self.data[start : start + count * first].reshape(count, first)
            return padded
        shift = np.arange(count, dtype=np.int64) * width - self.offsets[:-1]
        start, end = int(self.offsets[0]), int(self.offsets[-1])
        padded.ravel()[np.repeat(shift, lengths) + np.arange(start, end)] = self.data[start:end]
        return padded


@frozen(kw_only=True, eq=False)
class Amounts:
    """A column that the source holds as numbers, which may be pounds.

    Parameters
    ----------
    pence
        A hundred times each number; without meaning where it is odd.
    odd
        Rows whose number is missing, negative, no whole number of pence, or too large to be told
        to the penny.
    at
        Gives the texts of some rows.

    Examples
    --------
    >>> cost = Amounts(pence=np.array([14050]), odd=np.array([], dtype=np.int64),
    ...                at=lambda rows: ["140.5" for _ in rows])
    >>> cost.at([0])
    ['140.5']
    """

    pence: NDArray[np.int64]
    odd: NDArray[np.int64]
    at: Callable[[Sequence[int] | NDArray[np.int64]], list[str]]


@frozen(kw_only=True, eq=False)
class Block:
    """Some rows of one part of a source.

    Parameters
    ----------
    columns
        By header.
    rows
        How many records; those of a wrong width are left out.
    start
        Records of the part before this block, those left out counted.
    gaps
        Positions, in the block's own lines, of records left out because they have a wrong number
        of cells, ascending.
    share
        What part of the source the block is; 0 where it is not known.

    Examples
    --------
    >>> Block(columns={}, rows=3, start=10, gaps=np.array([1])).lines([0, 1, 2]).tolist()
    [10, 12, 13]
    """

    columns: Mapping[str, Coded | Texts | Amounts]
    rows: int
    start: int
    gaps: NDArray[np.int64] = field(factory=lambda: np.array([], dtype=np.int64))
    share: float = 0.0

    def lines(self, rows: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the records' positions in the part, from 0."""
        asked = np.asarray(rows, dtype=np.int64)
        if not len(self.gaps):
            return asked + self.start
        before = self.gaps - np.arange(len(self.gaps))
        return asked + self.start + np.searchsorted(before, asked, side="right")


class RecordSource(Protocol):
    """What can be read in blocks.

    Examples
    --------
    >>> from phm_diabetes.records.frame_blocks import FrameSource
    >>> import pandas as pd
    >>> FrameSource(pd.DataFrame({"SEX": ["1"]})).headers
    ('SEX',)
    """

    @property
    def file(self) -> str:
        """Name without its folder."""
        ...

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers as the source writes them."""
        ...

    def sha256(self) -> str:
        """Return the hash of the source's bytes."""
        ...

    def parts(
        self, few: Sequence[str], many: Sequence[str], *, most: int
    ) -> Sequence[Iterator[Block]]:
        """Return the source's blocks in at most so many parts, in its order, each once.

        ``few`` are read as `Coded`, and ``many`` as `Texts` or, where they are numbers that money
        may be, as `Amounts`.
        """
        ...

    def release(self) -> None:
        """Give back the memory that reading kept, once the parts are read."""
        ...
