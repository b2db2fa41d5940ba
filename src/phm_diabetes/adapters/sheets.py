"""Sheets: any input as text, cell by cell, with the row numbers a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import field, frozen

from phm_diabetes.errors import SourceLayoutError, did_you_mean
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Rows", "Sheet"]


def _plain(header: str) -> str:
    """Return a header as it is matched: white space folded, case ignored."""
    return " ".join(header.split()).casefold()


@frozen(kw_only=True, eq=False)
class Rows:
    """The rows of a sheet under its header, with the columns an adapter asked for.

    Parameters
    ----------
    cells
        Text as categories, stripped, one column a wanted name; the index is the file's row
        number, counted from 1.
    headers
        The publisher's header of each wanted column.
    ignored
        Headers that no wanted column claimed.
    unheaded
        Rows with something under no header, as when a comma inside a number shifts a row.
    blank
        How many wholly blank rows were left out as padding.

    Examples
    --------
    >>> grid = pd.DataFrame([["Code", "N"], ["X1", "3"], ["", ""]])
    >>> Sheet(file="a.csv", name="", grid=grid).rows({"code": ("CODE",)})
    Rows(headers={'code': 'Code'}, ignored=('N',), unheaded=array([], dtype=int64), blank=1)
    """

    cells: pd.DataFrame = field(repr=False)
    headers: Mapping[str, str]
    ignored: tuple[str, ...]
    unheaded: NDArray[np.int64]
    blank: int


@frozen(kw_only=True, eq=False)
class Sheet:
    """One sheet, or one CSV file, as text.

    Parameters
    ----------
    file
        File name, without its folder.
    name
        Sheet, or member of a zip; blank where the file is one sheet.
    grid
        Every cell as text, blank where empty, from the first row of the file; the columns are
        numbered from 0.
    book
        The grid of every sheet of the same file, by name: a workbook keeps its title, and with it
        the period, on a sheet of its own.

    Examples
    --------
    >>> import pandas as pd
    >>> sheet = Sheet(file="a.csv", name="", grid=pd.DataFrame([["Code", "N"], ["X1", "3"]]))
    >>> sheet.rows({"code": ("CODE",), "count": ("N", "n")}).cells["count"].tolist()
    ['3']
    """

    file: str
    name: str
    grid: pd.DataFrame = field(repr=False)
    book: Mapping[str, pd.DataFrame] = field(factory=dict, repr=False)

    @property
    def place(self) -> str:
        """File › sheet, as messages write it."""
        return f"{self.file} › '{self.name}'" if self.name else self.file

    def header(self, row: int = 1) -> tuple[str, ...]:
        """Return the texts of a row, counted from 1; empty where the sheet is shorter."""
        if not 1 <= row <= len(self.grid):
            return ()
        return tuple(" ".join(str(text).split()) for text in self.grid.iloc[row - 1])

    def rows(
        self,
        columns: Mapping[str, Sequence[str]],
        *,
        header_row: int = 1,
        optional: Sequence[str] = (),
        layout: str = "this layout",
    ) -> Rows:
        """Return the wanted columns, found by their headers and never by their position.

        Parameters
        ----------
        columns
            The publisher's words for each wanted column; any one of them will do.
        header_row
            Row of the headers, counted from 1.
        optional
            Wanted columns that may be absent.
        layout
            What reads it, for the message.

        Raises
        ------
        SourceLayoutError
            Naming every missing column with its near miss, or a column that stands twice.
        """
        headers = self.header(header_row)
        at = {
            name: [
                spot
                for spot, text in enumerate(headers)
                if _plain(text) in {_plain(word) for word in words}
            ]
            for name, words in columns.items()
        }
        claimed = {spot for spots in at.values() for spot in spots}
        ignored = tuple(text for spot, text in enumerate(headers) if spot not in claimed and text)
        missing = [name for name, spots in at.items() if not spots and name not in optional]
        twice = [name for name, spots in at.items() if len(spots) > 1]
        if missing or twice:
            faults = [f"column '{columns[name][0]}' is missing" for name in missing]
            faults += [f"column '{columns[name][0]}' stands twice" for name in twice]
            near = [did_you_mean(columns[name][0], ignored) for name in missing]
            count = f"{len(faults)} column{'s' if len(faults) > 1 else ''} wrong"
            message = (
                f"{self.place} is not in the layout that {layout} reads: {count}: "
                f"{'; '.join(faults)}.{''.join(near)}"
            )
            raise SourceLayoutError(message)
        found = {name: spots[0] for name, spots in at.items() if spots}
        return self._below(
            header_row, found, {n: headers[spot] for n, spot in found.items()}, ignored
        )

    def numbered(
        self, columns: Mapping[str, int], *, width: int, layout: str = "this layout"
    ) -> Rows:
        """Return columns by number, counted from 0, of a file published without a header.

        Parameters
        ----------
        columns
            Number of each wanted column.
        width
            How many columns the layout has: with more or fewer, numbers mean nothing.
        layout
            What reads it, for the message.

        Raises
        ------
        SourceLayoutError
            When the file has another number of columns.
        """
        if self.grid.shape[1] != width:
            message = (
                f"{self.place} is not in the layout that {layout} reads: it has "
                f"{self.grid.shape[1]} columns and not {width}. Ask for the file as published, "
                "without a header and with every column."
            )
            raise SourceLayoutError(message)
        return self._below(0, dict(columns), {n: f"column {s + 1}" for n, s in columns.items()}, ())

    def _below(
        self,
        header_row: int,
        found: Mapping[str, int],
        headers: Mapping[str, str],
        ignored: tuple[str, ...],
    ) -> Rows:
        body = self.grid.iloc[header_row:]
        body.index = pd.RangeIndex(header_row + 1, header_row + 1 + len(body))
        cells = {name: _stripped(body[spot]) for name, spot in found.items()}
        blank = pd.Series(data=True, index=body.index)
        for text in cells.values():
            blank &= text == ""
        if blank.any():
            for spot in range(self.grid.shape[1]):
                blank &= body[spot].str.strip() == ""
        frame = pd.DataFrame(cells, index=body.index)
        kept = frame[~blank] if blank.any() else frame
        return Rows(
            cells=kept,
            headers=headers,
            ignored=ignored,
            unheaded=self._unheaded(body, header_row),
            blank=int(blank.sum()),
        )

    def _unheaded(self, body: pd.DataFrame, header_row: int) -> NDArray[np.int64]:
        found = np.zeros(len(body), dtype=bool)
        for spot, text in enumerate(self.header(header_row)):
            if not text:
                found |= (body[spot].str.strip() != "").to_numpy(dtype=bool)
        return body.index.to_numpy(dtype=np.int64)[found]


def _stripped(column: pd.Series[str]) -> pd.Series[Any]:
    """Text as categories in their order, white space stripped once for each distinct text."""
    codes, texts = pd.factorize(column.to_numpy(dtype=object))
    bare = [str(text).strip() for text in texts]
    words = sorted(set(bare))
    place = {word: spot for spot, word in enumerate(words)}
    spots = np.array([place[text] for text in bare], dtype=np.int64)
    return pd.Series(worded(spots[codes], words), index=column.index)
