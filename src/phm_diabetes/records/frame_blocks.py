"""Blocks of a pandas table, and of records that Python reads where pyarrow is not installed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import evolve

from phm_diabetes.records.blocks import Block, Coded, Texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


__all__ = ["FrameSource", "block_of", "cell_text", "factorised"]

_ROWS = 100_000


_ENDS_AT_NUL = int(pd.__version__.partition(".")[0]) < 3  # noqa: PLR2004 - pandas 3
"""Whether pandas takes ``a`` and ``a`` with a zero byte after it for one text, as pandas 2 does."""


def cell_text(cell: object) -> str:
    """Return a cell as its text; a missing one is empty.

    Examples
    --------
    >>> [cell_text(cell) for cell in (None, 5.0, pd.Timestamp("2023-04-01"), True, "05")]
    ['', '5.0', '2023-04-01 00:00:00', 'True', '05']
    """
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:  # noqa: PLR0124 - NaN
        return ""
    return str(cell)


def factorised(column: pd.Series[Any]) -> Coded:
    """Return a column by number, each distinct cell once; a missing one is an empty text.

    Examples
    --------
    >>> factorised(pd.Series(["A", None, "A"])).decoded()
    ['A', '', 'A']
    """
    if _ENDS_AT_NUL and any("\0" in cell for cell in column if isinstance(cell, str)):
        known: dict[str, int] = {}
        numbers = [known.setdefault(cell_text(cell), len(known)) for cell in column]
        return Coded(codes=np.array(numbers, dtype=np.int64), texts=list(known))
    codes, uniques = pd.factorize(column, use_na_sentinel=True)
    texts = [cell_text(cell) for cell in uniques]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(texts), codes)
        texts.append("")
    return Coded(codes=codes, texts=texts)


def block_of(table: pd.DataFrame, few: Sequence[str], many: Sequence[str], *, start: int) -> Block:
    """Return one block of a table's columns.

    Examples
    --------
    >>> block = block_of(pd.DataFrame({"SEX": ["1", None]}), ["SEX"], [], start=0)
    >>> block.columns["SEX"].decoded()
    ['1', '']
    """
    columns: dict[str, Coded | Texts] = {}
    for name in few:
        columns[name] = factorised(table[name])
    for name in many:
        cells = table[name].to_list()
        plain = all(type(cell) is str for cell in cells)
        columns[name] = Texts.of(cells if plain else [cell_text(cell) for cell in cells])
    return Block(columns=columns, rows=len(table), start=start)


class FrameSource:
    """A pandas table as a source of records.

    Parameters
    ----------
    table
        Any table; its labels are the headers.
    file
        What messages call it.

    Examples
    --------
    >>> source = FrameSource(pd.DataFrame({"SEX": ["1", "2"]}))
    >>> [block.rows for block in source.parts(["SEX"], [], most=2)[0]]
    [2]
    """

    def __init__(self, table: pd.DataFrame, file: str = "DataFrame") -> None:
        self._file = file
        self._table = table.set_axis([str(name) for name in table.columns], axis=1)

    @property
    def file(self) -> str:
        """Name of the source."""
        return self._file

    @property
    def headers(self) -> tuple[str, ...]:
        """The table's labels."""
        return tuple(self._table.columns)

    def sha256(self) -> str:
        """Return the hash of the table's CSV form."""
        return hashlib.sha256(self._table.to_csv(index=False).encode("utf-8")).hexdigest()

    def release(self) -> None:
        """Do nothing: no memory is kept."""

    def parts(
        self, few: Sequence[str], many: Sequence[str], *, most: int
    ) -> Sequence[Iterator[Block]]:
        """Return the rows in blocks, in one part."""
        del most  # factorising holds the interpreter: a second thread would only wait
        return (self._blocks(few, many),)

    def _blocks(self, few: Sequence[str], many: Sequence[str]) -> Iterator[Block]:
        for start in range(0, len(self._table), _ROWS):
            rows = self._table.iloc[start : start + _ROWS]
            share = len(rows) / len(self._table)
            yield evolve(block_of(rows, few, many, start=start), share=share)
