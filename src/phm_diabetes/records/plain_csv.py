"""Blocks of a CSV file where pyarrow is not installed: numpy and Python read it."""

from __future__ import annotations

import csv
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import evolve

from phm_diabetes.errors import SourceReadError
from phm_diabetes.files import reach
from phm_diabetes.records.csv_files import CsvFile, hash_of
from phm_diabetes.records.frame_blocks import block_of
from phm_diabetes.records.line_blocks import block_of_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import BufferedReader

    from phm_diabetes.records.blocks import Block

__all__ = ["PlainCsv"]

_BYTES = 1 << 22
_ROWS = 50_000


class PlainCsv:
    r"""A file of text, cut in parts at line breaks where that is safe.

    Without a quotation mark every separator ends a cell, and numpy finds all of a chunk at once;
    with one, or in another encoding than UTF-8, Python's csv module reads it in one part, at lower
    speed.

    Parameters
    ----------
    csv_file
        What is known of it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from phm_diabetes.records.csv_files import look_at_csv
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "op.csv"
    ...     _ = path.write_bytes(b"SEX,AGE\n1,59\n2\n1,60\n")
    ...     block = next(PlainCsv(look_at_csv(path)).parts(["SEX"], [], most=1)[0])
    >>> block.rows, block.gaps.tolist()
    (2, [1])
    """

    def __init__(self, csv_file: CsvFile) -> None:
        self._of = csv_file

    @property
    def file(self) -> str:
        """Name without its folder."""
        return self._of.path.name

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers as the file writes them."""
        return self._of.headers

    def sha256(self) -> str:
        """Return the hash of the file's bytes."""
        return hash_of(self._of.path)

    def release(self) -> None:
        """Do nothing: no memory is kept."""

    def parts(
        self, few: Sequence[str], many: Sequence[str], *, most: int
    ) -> Sequence[Iterator[Block]]:
        """Return the blocks in at most so many parts."""
        if not self._of.plain:
            return (self._or_refuse(self._records(few, many)),)
        body, size = self._of.body, self._of.size
        count = max(1, min(most, (size - body) // _BYTES))
        cuts = [body + (size - body) * number // count for number in range(count + 1)]
        return tuple(
            self._or_refuse(self._lines(start, end, few, many)) for start, end in pairwise(cuts)
        )

    def _lines(
        self, start: int, end: int, few: Sequence[str], many: Sequence[str]
    ) -> Iterator[Block]:
        """Yield the blocks of the lines that begin between two bytes."""
        records, held = 0, b""
        with reach(self._of.path).open("rb") as opened:
            end = self._line_after(end, opened)
            opened.seek(self._line_after(start, opened))
            while chunk := opened.read(min(_BYTES, end - opened.tell())):
                held += chunk
                last = opened.tell() >= end
                cut = len(held) if last else 1 + max(held.rfind(b"\n"), held.rfind(b"\r"))
                block = block_of_lines(
                    held[:cut], self.headers, few, many, separator=self._of.separator, start=records
                )
                yield evolve(block, share=cut / self._of.size)
                held = held[cut:]
                records += block.rows + len(block.gaps)

    def _line_after(self, place: int, opened: BufferedReader) -> int:
        """Return where the next line begins: there, at the first record and the end."""
        if place in {self._of.body, self._of.size}:
            return place
        opened.seek(place)
        while (line := opened.readline(_BYTES)) and not line.endswith(b"\n"):
            pass
        return opened.tell()

    def _records(self, few: Sequence[str], many: Sequence[str]) -> Iterator[Block]:
        """Yield the blocks of a file as Python reads it, record by record."""
        width, start = len(self.headers), 0
        with reach(self._of.path).open(encoding=self._of.encoding, newline="") as opened:
            reader = csv.reader(opened, delimiter=self._of.separator, strict=True)
            next(reader, None)
            filled = (row for row in reader if row)  # a blank line is no record
            while rows := list(islice(filled, _ROWS)):
                whole = [row for row in rows if len(row) == width]
                table = pd.DataFrame(whole, columns=list(self.headers), dtype=object)
                wrong = [at for at, row in enumerate(rows) if len(row) != width]
                block = block_of(table, few, many, start=start)
                yield evolve(block, gaps=np.array(wrong, dtype=np.int64))
                start += len(rows)

    def _or_refuse(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """Yield blocks, and say what is wrong without the cell that it is wrong with."""
        try:
            yield from blocks
        except UnicodeError:
            reason = (
                "it is not text of that encoding. Pass encoding='cp1252', or save it as 'CSV UTF-8'"
            )
        except (csv.Error, OSError):
            reason = "a quotation mark is out of place, or it is cut short. Save or copy it again"
        else:
            return
        message = f"{self.file} cannot be read: {reason}."
        raise SourceReadError(message)
