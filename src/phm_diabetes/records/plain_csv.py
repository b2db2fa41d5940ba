"""Blocks of a CSV file where pyarrow is not installed: Python reads it, at lower speed."""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import evolve

from phm_diabetes.errors import SourceReadError
from phm_diabetes.files import reach
from phm_diabetes.records.csv_files import CsvFile, hash_of
from phm_diabetes.records.frame_blocks import block_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phm_diabetes.records.blocks import Block

__all__ = ["PlainCsv"]

_ROWS = 50_000


class PlainCsv:
    r"""A file of text, read in one part.

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

    def parts(
        self, few: Sequence[str], many: Sequence[str], *, most: int
    ) -> Sequence[Iterator[Block]]:
        """Return the rows in blocks, in one part."""
        del most
        return (self._blocks(few, many),)

    def _blocks(self, few: Sequence[str], many: Sequence[str]) -> Iterator[Block]:
        width, start = len(self.headers), 0
        for rows in self._rows():
            whole = [row for row in rows if len(row) == width]
            table = pd.DataFrame(whole, columns=list(self.headers), dtype=object)
            wrong = [at for at, row in enumerate(rows) if len(row) != width]
            block = block_of(table, few, many, start=start)
            yield evolve(block, gaps=np.array(wrong, dtype=np.int64))
            start += len(rows)

    def _rows(self) -> Iterator[list[list[str]]]:
        """Yield records, some thousand at once; blank lines are none."""
        try:
            with reach(self._of.path).open(encoding=self._of.encoding, newline="") as opened:
                reader = csv.reader(opened, delimiter=self._of.separator, strict=True)
                next(reader, None)
                filled = (row for row in reader if row)
                while rows := list(islice(filled, _ROWS)):
                    yield rows
                return
        except UnicodeError:
            reason = (
                "it is not text of that encoding. Pass encoding='cp1252', or save it as 'CSV UTF-8'"
            )
        except (csv.Error, OSError):
            reason = "a quotation mark is out of place, or it is cut short. Save or copy it again"
        message = f"{self.file} cannot be read: {reason}."
        raise SourceReadError(message)
