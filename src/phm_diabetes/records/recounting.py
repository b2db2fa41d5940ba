"""Recounting: packed rows of one bucket of people, added up within every level and span."""

from __future__ import annotations

import math
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field, frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.model.levels import UNMAPPED
from phm_diabetes.records.id_words import numbered
from phm_diabetes.records.measures import Distinct, Total
from phm_diabetes.records.reading import day_number
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.records.counted_rows import RowPacker
    from phm_diabetes.records.plan import Grouping

    Ints = NDArray[np.int64]

__all__ = ["Recounter", "Sums", "people_of"]

_MOST = 1 << 62


@define(eq=False)
class Sums:
    """Figures by cell, added bucket after bucket, by any thread.

    Examples
    --------
    >>> sums = Sums(figures=1)
    >>> for cells in ([3, 5], [5, 9]):
    ...     sums.add(np.array(cells), np.ones((2, 1), dtype=np.int64), np.ones((2, 1)))
    >>> sums.whole()[0].tolist(), sums.whole()[1].ravel().tolist()
    ([3, 5, 9], [1, 2, 1])
    """

    figures: int
    _parts: list[tuple[Ints, Ints, NDArray[np.float64]]] = field(factory=list, init=False)
    _lock: Lock = field(factory=Lock, init=False)
    _rows: int = field(default=0, init=False)

    def add(self, cells: Ints, whole: Ints, squares: NDArray[np.float64]) -> None:
        """Add figures of some cells, each of which stands once, ascending."""
        with self._lock:
            self._parts.append((cells, whole, squares))
            self._rows += len(cells)
            if len(self._parts) > 1 and self._rows > 2 * len(self._parts[0][0]) + (1 << 18):
                self._parts = [self.whole()]
                self._rows = len(self._parts[0][0])

    def whole(self) -> tuple[Ints, Ints, NDArray[np.float64]]:
        """Return every cell once, ascending, with its figures and its squares."""
        if not self._parts:
            none = np.zeros((0, self.figures), dtype=np.int64)
            return np.zeros(0, dtype=np.int64), none, none.astype(np.float64)
        if len(self._parts) == 1:
            return self._parts[0]
        cells = np.concatenate([part[0] for part in self._parts])
        order = np.argsort(cells, kind="stable")
        starts = _starts(cells[order])
        return (
            cells[order][starts],
            np.add.reduceat(np.concatenate([part[1] for part in self._parts])[order], starts),
            np.add.reduceat(np.concatenate([part[2] for part in self._parts])[order], starts),
        )


def _starts(ranked: Ints) -> NDArray[np.int64]:
    """Return where each run of equal numbers begins."""
    return np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))


@frozen(eq=False)
class _Labels:
    """Words of one field, each once, and the spot of its word by packed number."""

    words: list[str]
    spots: Ints


def _labels(words: Sequence[str]) -> _Labels:
    known = {word: spot for spot, word in enumerate(sorted(set(words)))}
    return _Labels(list(known), np.array([known[word] for word in words], dtype=np.int64))


class Recounter:
    """Add up buckets for one grouping; made once all words are known.

    Parameters
    ----------
    packer
        What packed the rows.
    grouping
        Level and spans.

    Examples
    --------
    >>> Recounter.__name__
    'Recounter'
    """

    def __init__(self, packer: RowPacker, grouping: Grouping) -> None:
        self._packer, self.grouping = packer, grouping
        order = sorted(
            range(len(grouping.spans)),
            key=lambda each: (grouping.spans[each].start, grouping.spans[each].end),
        )
        self.spans = [grouping.spans[each] for each in order]
        self.dimensions = [_labels(packer.label_of(name)) for name in packer.plan.by]
        words = packer.vocabularies[grouping.column].words
        parents = [grouping.parents[each] if grouping.parents else None for each in order]
        codes = [
            [(word if held is None else held.get(word or "")) or UNMAPPED for word in words]
            for held in parents
        ]
        labels = _labels([code for each in codes for code in each])
        self.organisations = labels.words
        self._organisation = labels.spots.reshape(len(codes), len(words))
        sizes = [
            len(codes),
            len(self.organisations),
            *(len(each.words) for each in self.dimensions),
        ]
        if math.prod(sizes) >= _MOST:
            message = "The tally asks for too many cells to number. Leave a dimension out of by=."
            raise OptionError(message)
        self._layers = self._layered()
        self.sums = Sums(figures=3 * len(packer.sides))

    def _layered(self) -> list[Ints]:
        """Return layers of spans that do not overlap: span of each stretch of days, -1 for none."""
        bounds, spans = self._packer.bounds, self.spans
        layers: list[Ints] = []
        for number in range(len(spans)):
            first = np.searchsorted(bounds, day_number(spans[number].start), side="right")
            last = np.searchsorted(bounds, day_number(spans[number].end), side="right")
            free = (layer for layer in layers if (layer[first : last + 1] < 0).all())
            layer = next(free, None)
            if layer is None:
                layer = np.full(len(bounds) + 1, -1, dtype=np.int64)
                layers.append(layer)
            layer[first : last + 1] = number
        return layers

    def add(self, rows: Ints, people: Ints, count: int) -> None:
        """Add one bucket of packed rows.

        Parameters
        ----------
        rows
            As `RowPacker.pack` gives them.
        people
            Number of each row's person, below `count`; a row without one has its own.
        count
            How many there are.
        """
        packing = self._packer.packing
        stretch = packing.unpacked(rows, "stretch")
        word = packing.unpacked(rows, f"org {self.grouping.column}")
        for layer in self._layers:
            span = layer[stretch]
            inside = np.flatnonzero(span >= 0)
            if len(inside):
                cells = self._cells(rows[inside], span[inside], word[inside])
                self._add_up(rows[inside], cells, people[inside], count)

    def _cells(self, rows: Ints, span: Ints, word: Ints) -> Ints:
        found = self._organisation[span, word] * len(self.spans) + span
        for name, labels in zip(self._packer.plan.by, self.dimensions, strict=True):
            spots = labels.spots[self._packer.packing.unpacked(rows, name)]
            found = found * len(labels.words) + spots
        return found

    def _add_up(self, rows: Ints, cells: Ints, people: Ints, count: int) -> None:
        known = None
        if int(cells.max()) >= _MOST // count:
            known, cells = np.unique(cells, return_inverse=True)
        order = np.argsort(cells * count + people)
        rows, cells, people = rows[order], cells[order], people[order]
        person = _starts(cells * count + people)
        start = _starts(cells[person])
        packer = self._packer
        figures, squares = [], []
        for name, measure, side in packer.sides:
            flag = packer.packing.unpacked(rows, name)
            held = np.add.reduceat(flag, person)
            value = held
            if isinstance(side, Total):
                at = packer.packing.width + packer.totals.index(side.column)
                value = np.add.reduceat(np.where(flag > 0, rows[:, at], 0), person)
            once = (held > 0).astype(np.int64)
            if isinstance(side, Distinct):
                value = once
            figures += [np.add.reduceat(each, start) for each in (value, held, once)]
            asked = measure.clustered and name[0] == "n"
            square = value.astype(np.float64) ** 2  # exact to 9e15; whole numbers would overflow
            squares.append(np.add.reduceat(square, start) if asked else np.zeros(len(start)))
        some = np.column_stack(figures)
        kept = some[:, 1::3].any(axis=1)
        met = cells[person][start][kept]
        numbers = met if known is None else known[met]
        self.sums.add(numbers, some[kept], np.column_stack(squares)[kept])

    def cells_of(
        self, cells: Ints
    ) -> tuple[Ints, pd.Categorical[str], dict[str, pd.Categorical[str]]]:
        """Return span, organisation and dimension words of cells; their order is that of these."""
        found: dict[str, pd.Categorical[str]] = {}
        rest = cells
        pairs = list(zip(self._packer.plan.by, self.dimensions, strict=True))
        for name, labels in reversed(pairs):
            rest, spot = np.divmod(rest, len(labels.words))
            found[name] = worded(spot, labels.words)
        organisation, span = np.divmod(rest, max(1, len(self.spans)))
        codes = worded(organisation, self.organisations)
        return span, codes, {name: found[name] for name, _ in pairs}


def people_of(packer: RowPacker, rows: Ints) -> tuple[Ints, int]:
    """Give each person of a bucket a number; the ids stand in the last columns of the rows.

    Examples
    --------
    >>> people_of.__name__
    'people_of'
    """
    width = packer.packing.width + len(packer.totals) + 1  # after the row's name
    people, count = numbered(np.ascontiguousarray(rows[:, width:]).view(np.uint64))
    nobody = np.flatnonzero(packer.packing.unpacked(rows, "no person"))
    people[nobody] = count + np.arange(len(nobody))
    return people, count + len(nobody)
