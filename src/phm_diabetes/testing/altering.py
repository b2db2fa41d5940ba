"""Alterings: the sample with rows moved, cells planted or a column gone, and where rows were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from attrs import evolve, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from phm_diabetes.adapters.sources import Source
    from phm_diabetes.testing.case import Body
    from phm_diabetes.testing.reading import Place

__all__ = ["Altered", "padded", "planted", "rearranged", "spread", "with_cells", "without_column"]


@frozen(kw_only=True, eq=False)
class Altered:
    """An altered source, and where each of its rows stood before.

    Examples
    --------
    >>> from phm_diabetes.adapters.sources import open_source
    >>> source = open_source(pd.DataFrame({"CODE": ["X1"]}))
    >>> Altered(source=source, origin={("", 3): ("", 2)}).origin["", 3]
    ('', 2)
    """

    source: Source
    origin: Mapping[Place, Place]


def with_cells(source: Source, cells: Mapping[str, Sequence[Sequence[str]]]) -> Source:
    """Return a source in which the sheets of those names hold other cells.

    Examples
    --------
    >>> from phm_diabetes.adapters.sources import open_source
    >>> source = open_source(pd.DataFrame({"CODE": ["X1"]}))
    >>> with_cells(source, {"": [["CODE"], ["X2"]]}).sheets[0].grid[0].tolist()
    ['CODE', 'X2']
    """
    changed = {name: pd.DataFrame([list(row) for row in rows]) for name, rows in cells.items()}
    sheets = tuple(
        evolve(
            sheet,
            grid=changed.get(sheet.name, sheet.grid),
            book={name: changed.get(name, grid) for name, grid in sheet.book.items()},
        )
        for sheet in source.sheets
    )
    return evolve(source, sheets=sheets)


def _grid(body: Body) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in body.sheet.grid.itertuples(index=False)]


def rearranged(source: Source, orders: Sequence[tuple[Body, Sequence[int]]]) -> Altered:
    """Return a source with only these rows below each header, in this order.

    Parameters
    ----------
    source
        The sample.
    orders
        Rows of each body, counted from 1; a row may stand twice.

    Examples
    --------
    >>> from phm_diabetes.adapters.sources import open_source
    >>> rearranged(open_source(pd.DataFrame({"CODE": ["X1"]})), []).origin
    {}
    """
    cells: dict[str, list[list[str]]] = {}
    origin: dict[Place, Place] = {}
    for body, rows in orders:
        grid, top, name = _grid(body), body.header.row, body.sheet.name
        cells[name] = [*grid[:top], *(grid[row - 1] for row in rows)]
        origin |= {(name, top + 1 + spot): (name, row) for spot, row in enumerate(rows)}
    return Altered(source=with_cells(source, cells), origin=origin)


def without_column(source: Source, body: Body, spot: int) -> Source:
    """Return a source without one column, counted from 0.

    Examples
    --------
    >>> from phm_diabetes.adapters.headers import Header
    >>> from phm_diabetes.adapters.sources import open_source
    >>> from phm_diabetes.testing.case import Body
    >>> source = open_source(pd.DataFrame({"CODE": ["X1"], "N": ["3"]}))
    >>> header = Header(row=1, texts=("CODE", "N"), likeness=1.0)
    >>> body = Body(sheet=source.sheets[0], header=header, rows=(2,), records=(2,))
    >>> without_column(source, body, 0).sheets[0].grid[0].tolist()
    ['N', '3']
    """
    cells = [[*row[:spot], *row[spot + 1 :]] for row in _grid(body)]
    return with_cells(source, {body.sheet.name: cells})


def planted(source: Source, body: Body, cells: Mapping[tuple[int, int], str]) -> Source:
    """Return a source with other texts in some cells, by row counted from 1 and column from 0.

    Examples
    --------
    >>> from phm_diabetes.adapters.headers import Header
    >>> from phm_diabetes.adapters.sources import open_source
    >>> from phm_diabetes.testing.case import Body
    >>> source = open_source(pd.DataFrame({"CODE": ["X1"], "N": ["3"]}))
    >>> header = Header(row=1, texts=("CODE", "N"), likeness=1.0)
    >>> body = Body(sheet=source.sheets[0], header=header, rows=(2,), records=(2,))
    >>> planted(source, body, {(2, 1): "*"}).sheets[0].grid[1].tolist()
    ['N', '*']
    """
    grid = _grid(body)
    for (row, spot), text in cells.items():
        grid[row - 1][spot] = text
    return with_cells(source, {body.sheet.name: grid})


def spread(width: int, rows: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
    """Yield cells of every column, no two of a batch in one row, so that one reading tries many.

    Parameters
    ----------
    width
        Number of columns.
    rows
        Rows to choose from.

    Examples
    --------
    >>> list(spread(3, [5, 6]))
    [[(5, 0), (6, 1)], [(5, 2)]]
    """
    for first in range(0, width, len(rows)):
        spots = range(first, min(first + len(rows), width))
        yield [(row, spot) for row, spot in zip(rows, spots, strict=False)]


def padded(source: Source, bodies: Sequence[Body], *, above: bool) -> Altered:
    """Return a source with blank rows, blank columns and white space that mean nothing.

    Parameters
    ----------
    source, bodies
        The sample.
    above
        Whether to put a blank row above the header too.

    Examples
    --------
    >>> from phm_diabetes.adapters.sources import open_source
    >>> padded(open_source(pd.DataFrame({"CODE": ["X1"]})), [], above=False).origin
    {}
    """
    cells: dict[str, list[list[str]]] = {}
    origin: dict[Place, Place] = {}
    for body in bodies:
        name, top = body.sheet.name, body.header.row
        # Files without a header are known by their number of columns.
        wider = 2 if top else 0
        spaced = [
            [*(f"  {cell}\u00a0" if cell else cell for cell in row), *[""] * wider]
            for row in _grid(body)
        ]
        blank = [""] * len(spaced[0])
        grid = [*([blank] if above else []), *spaced[:top]]
        for row in body.rows:
            grid += [spaced[row - 1], blank]
            origin[name, len(grid) - 1] = (name, row)
        cells[name] = [*grid, blank, blank]
    return Altered(source=with_cells(source, cells), origin=origin)
