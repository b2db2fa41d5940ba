"""Spooling: rows of whole numbers kept apart by a hash, on disk where they are many."""

from __future__ import annotations

import mmap
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["Spool"]

_BUCKETS = 256
_SHIFT = np.uint64(64 - 8)  # the high bits of a hash choose the bucket
_MOST_BYTES = 4 << 20
_AT_ONCE = 1 << 17


class Spool:
    """Rows of whole numbers, added in any order and read back some buckets of hashes at a time.

    Several threads may add rows. The file has no name, holds no text, and vanishes with the spool;
    each lot of rows lies in it bucket by bucket.

    Parameters
    ----------
    most_bytes
        How much is held in memory before it goes to disk.

    Examples
    --------
    >>> spool = Spool(most_bytes=8)
    >>> spool.add(np.array([[5], [6]]), np.array([1, 1], dtype=np.uint64))
    >>> spool.add(np.array([[7, 1]]), np.array([1], dtype=np.uint64))
    >>> [rows.tolist() for rows in spool.groups()]
    [[[5, 0], [6, 0], [7, 1]]]
    """

    def __init__(self, *, most_bytes: int | None = None) -> None:
        self._most = _MOST_BYTES if most_bytes is None else most_bytes
        self._held: list[Ints] = []
        self._shapes: list[tuple[int, int]] = []
        self._ends: list[Ints] = []
        self._file: IO[bytes] | None = None
        self._bytes = 0
        self._lock = Lock()

    def add(self, rows: Ints, hashes: NDArray[np.uint64]) -> None:
        """Add rows, shape ``(n, any width)``, each to the bucket of its hash."""
        if not len(rows):
            return
        bucket = (hashes >> _SHIFT).astype(np.uint8)
        order = np.argsort(bucket, kind="stable")
        ranked = rows.take(order, axis=0)  # eight times as fast as rows[order]
        ends = np.concatenate([[0], np.cumsum(np.bincount(bucket, minlength=_BUCKETS))])
        with self._lock:
            self._shapes.append(ranked.shape)
            self._ends.append(ends)
            self._held.append(ranked)
            self._bytes += ranked.nbytes
            if self._bytes > self._most:
                self._write()

    def _write(self) -> None:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 - outlives this
        for rows in self._held:
            self._file.write(rows.data)
        self._held.clear()
        self._bytes = 0

    def groups(self) -> Iterator[Ints]:
        """Yield the rows, all of one bucket together and not too many at once.

        Narrower rows are filled up with zeros.
        """
        lots = self._lots()
        if not lots:
            return
        sizes = np.diff(np.sum(self._ends, axis=0))
        width = max(shape[1] for shape in self._shapes)
        first = count = 0
        for bucket, size in enumerate(sizes.tolist(), start=1):
            count += size
            if count and (count >= _AT_ONCE or bucket == _BUCKETS):
                yield self._of(lots, first, bucket, width)
                first, count = bucket, 0

    def _of(self, lots: list[Ints], first: int, after: int, width: int) -> Ints:
        """Return the rows of some buckets."""
        spans = [slice(ends[first], ends[after]) for ends in self._ends]
        if all(rows.shape[1] == width for rows in lots):
            return np.concatenate([rows[span] for rows, span in zip(lots, spans, strict=True)])
        found = np.zeros((sum(each.stop - each.start for each in spans), width), dtype=np.int64)
        at = 0
        for rows, span in zip(lots, spans, strict=True):
            end = at + span.stop - span.start
            found[at:end, : rows.shape[1]] = rows[span]
            at = end
        return found

    def _lots(self) -> list[Ints]:
        """Return every lot of rows; those in the file are not read before they are looked at."""
        if self._file is None:
            return self._held
        self._write()
        with self._file as file:  # the map keeps what it needs of it
            file.flush()
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        whole = np.frombuffer(mapped, dtype=np.int64)
        ends = np.cumsum([rows * width for rows, width in self._shapes])
        return [
            part.reshape(shape)
            for part, shape in zip(np.split(whole, ends[:-1]), self._shapes, strict=True)
        ]
