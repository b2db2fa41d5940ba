"""Recounting: packed rows of one bucket of people, added up within every level and span."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.model.levels import UNMAPPED
from phm_diabetes.records.cell_sums import CellSums, run_starts, run_sums
from phm_diabetes.records.counted_rows import PERSON
from phm_diabetes.records.id_words import numbered, ordered
from phm_diabetes.records.measures import Distinct, Total
from phm_diabetes.records.reading import day_number
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.records.counted_rows import RowPacker
    from phm_diabetes.records.measures import Counted
    from phm_diabetes.records.plan import Grouping

    Ints = NDArray[np.int64]

__all__ = ["Recounter", "people_of"]

_MOST = 1 << 62


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
        self._size = math.prod(sizes)
        self._layers = self._layered()
        self._asked = [
            name for name, measure, _ in packer.sides if name[0] == "n" and measure.clustered
        ]
        others = [f"{name} {each}" for name, _, side in packer.sides for each in _figures(side)]
        self._sums = CellSums(
            self._size,
            whole=["rows", "people", *others],
            fractions=[f"{name} squares" for name in self._asked],
        )

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
            span = layer.take(stretch)
            inside = span >= 0
            if inside.all():
                self._add_up(rows, self._cells(rows, span, word), people, count)
            elif inside.any():
                at = np.flatnonzero(inside)
                some = rows.take(at, axis=0)
                cells = self._cells(some, span.take(at), word.take(at))
                self._add_up(some, cells, people.take(at), count)

    def _cells(self, rows: Ints, span: Ints, word: Ints) -> Ints:
        words = self._organisation.shape[1]
        found = self._organisation.take(span * words + word) * len(self.spans) + span
        for name, labels in zip(self._packer.plan.by, self.dimensions, strict=True):
            spots = labels.spots.take(self._packer.packing.unpacked(rows, name))
            found = found * len(labels.words) + spots
        return found

    def _add_up(self, rows: Ints, cells: Ints, people: Ints, count: int) -> None:
        known, most, bits = None, self._size, count.bit_length()
        if int(cells.max()) >= _MOST >> bits:
            known, cells = np.unique(cells, return_inverse=True)
            most = len(known)
        order, key = ordered((cells << bits) | people, most << bits)
        person = run_starts(key)
        cell = (key.take(person) >> np.uint64(bits)).astype(np.int64)
        start = run_starts(cell)
        whole = np.diff(person, append=len(order))
        figures: dict[str, NDArray[Any]] = {
            "rows": run_sums(whole, start),
            "people": np.diff(start, append=len(cell)),
        }
        for name, _, side in self._packer.sides:
            held = whole
            flag = self._packer.packing.unpacked(rows, name)
            if not flag.all():
                held = run_sums(flag.take(order), person)
                figures[f"{name} rows"] = run_sums(whole - held, start)
                figures[f"{name} people"] = run_sums(held == 0, start)
            value: NDArray[Any] = held
            if isinstance(side, Distinct):
                value = held > 0
            elif isinstance(side, Total):
                place = self._packer.totals.index(side.column)
                amounts = rows[:, self._packer.packing.width + place]
                counted = amounts if held is whole else np.where(flag > 0, amounts, 0)
                value = run_sums(counted.take(order), person)
            if "value" in _figures(side):
                figures[f"{name} value"] = run_sums(value, start)
            if name in self._asked:
                # Exact to 9e15; the squares of whole pence would overflow whole numbers.
                square = value.astype(np.float64) ** 2
                figures[f"{name} squares"] = np.add.reduceat(square, start)
        met = cell[start]
        self._sums.add(met if known is None else known[met], figures)

    def total(self) -> tuple[Ints, dict[str, NDArray[Any]]]:
        """Return every cell that has a row, ascending, with the figures of every side, once.

        Most sides count every row, so that only what a side leaves out was added up.
        """
        cells, figures = self._sums.total()
        for name, _, _ in self._packer.sides:
            for each in ("rows", "people"):
                figures[f"{name} {each}"] = figures[each] - figures[f"{name} {each}"]
        return cells, figures

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


def _figures(side: Counted) -> tuple[str, ...]:
    """Return what is added up of a side: what it leaves out, and a value that is neither of all."""
    other = isinstance(side, Total) or (isinstance(side, Distinct) and side.column != PERSON)
    return ("rows", "people", "value") if other else ("rows", "people")


def people_of(packer: RowPacker, rows: Ints) -> tuple[Ints, int]:
    """Give each person of a bucket a number; the ids stand in the last columns of the rows.

    Examples
    --------
    >>> people_of.__name__
    'people_of'
    """
    width = packer.packing.width + len(packer.totals) + 1  # after the row's name
    people, count = numbered(rows[:, width:].copy().view(np.uint64))
    nobody = np.flatnonzero(packer.packing.unpacked(rows, "no person"))
    people[nobody] = count + np.arange(len(nobody))
    return people, count + len(nobody)
