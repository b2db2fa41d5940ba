"""Copies: which rows are the same record as another, judged exactly, whatever the file's size."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field

from phm_diabetes.records.blocks import Coded
from phm_diabetes.records.checked import MISSING
from phm_diabetes.records.columns import WHITE
from phm_diabetes.records.faults import MOST_NAMED
from phm_diabetes.records.id_words import mixed
from phm_diabetes.records.passes import in_threads
from phm_diabetes.records.spooling import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.checked import Checked
    from phm_diabetes.records.layout import Duplicates, RecordLayout
    from phm_diabetes.records.resolving import Resolved
    from phm_diabetes.records.vocabularies import Vocabulary

    Ints = NDArray[np.int64]

__all__ = ["Copied", "CopyFinder", "key_columns"]

_AT_ONCE = 300_000


def key_columns(layout: RecordLayout) -> set[str]:
    """Return the canonical columns that any rule of copies looks at.

    Examples
    --------
    >>> key_columns.__name__
    'key_columns'
    """
    return {name for rule in layout.duplicates for name in rule.key}


@define(eq=False)
class Copied:
    """The copies that one rule found, beyond the row kept of each record.

    Examples
    --------
    >>> from phm_diabetes.records.layout import Duplicates
    >>> Copied(Duplicates(name="record key", key=("id",))).rows
    0
    """

    rule: Duplicates
    rows: int = 0
    first: list[int] = field(factory=list)


class CopyFinder:
    """Notes of every used row a hash of its keys, and looks again at those that meet.

    Parameters
    ----------
    resolved
        The layout and its headers.
    vocabularies
        Words by column.
    most_named
        Rows that are named of each rule.

    Examples
    --------
    >>> CopyFinder.__name__
    'CopyFinder'
    """

    def __init__(
        self,
        resolved: Resolved,
        vocabularies: Mapping[str, Vocabulary],
        most_named: int = MOST_NAMED,
    ) -> None:
        self._resolved, self._vocabularies = resolved, vocabularies
        self._rules, self._most_named = resolved.layout.duplicates, most_named
        self._spools = [Spool() for _ in self._rules]
        self._hashes: dict[str, NDArray[np.uint64]] = {}

    def note(
        self, checked: Checked, rows: Ints, id_hashes: Mapping[str, NDArray[np.uint64]]
    ) -> None:
        """Note the rows of a block.

        Parameters
        ----------
        checked
            The block.
        rows
            Name of each row within the pass.
        id_hashes
            A hash of the id in every row, by column of ids.
        """
        hashes: dict[str, tuple[NDArray[np.uint64], NDArray[np.bool_]]] = {}
        for rule, spool in zip(self._rules, self._spools, strict=True):
            for name in rule.key:
                if name not in hashes:
                    hashes[name] = self._hashed(checked, name, id_hashes)
            kept = checked.used.copy()
            for name in rule.key:
                kept &= hashes[name][1]
            key = mixed([hashes[name][0] for name in rule.key])
            noted = np.column_stack([key.view(np.int64), rows])
            if not kept.all():
                at = np.flatnonzero(kept)
                noted, key = noted.take(at, axis=0), key.take(at)
            spool.add(noted, key)

    def _hashed(
        self, checked: Checked, name: str, id_hashes: Mapping[str, NDArray[np.uint64]]
    ) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Return a hash of the column's value in every row, and whether it has one."""
        if name in checked.numbers:
            numbers = np.ascontiguousarray(checked.numbers[name], dtype=np.int64)
            return numbers.view(np.uint64), numbers != MISSING
        if name in checked.ids:
            missing = checked.ids[name][1]
            held = np.ones(checked.block.rows, dtype=bool) if missing is None else ~missing
            return id_hashes[name], held
        words = self._vocabularies[name].words
        known = self._hashes.get(name, np.zeros(0, dtype=np.uint64))
        if len(known) < len(words):
            more = [_hash_of(word or "") for word in words[len(known) :]]
            known = np.concatenate([known, np.array(more, dtype=np.uint64)])
            self._hashes[name] = known
        has = np.array([word is not None and word != "" for word in words], dtype=bool)
        spots = checked.words[name]
        return known.take(spots), has.take(spots)

    def copies(
        self, again: Callable[[], Iterator[tuple[Checked, Ints, Ints]]]
    ) -> tuple[Ints, list[Copied]]:
        """Return the rows set aside as copies, ascending, and what each rule found.

        Parameters
        ----------
        again
            Reads the source once more: each block checked, the name of each of its rows within
            the pass, and its row of the file.
        """
        dropped = np.zeros(0, dtype=np.int64)
        found: list[Copied] = []
        for rule, spool in zip(self._rules, self._spools, strict=True):
            copied = Copied(rule)
            gone: list[int] = []
            for candidates in _meeting(spool):
                asked = np.setdiff1d(candidates, dropped)
                gone += self._judge(rule, asked, again, copied)
            if rule.sets_aside:
                dropped = np.union1d(dropped, np.array(gone, dtype=np.int64))
            if copied.rows:
                copied.first.sort()
                found.append(copied)
        return dropped, found

    def _judge(
        self,
        rule: Duplicates,
        asked: Ints,
        again: Callable[[], Iterator[tuple[Checked, Ints, Ints]]],
        copied: Copied,
    ) -> list[int]:
        """Read the candidates, and return all but the one kept of each key."""
        groups: dict[tuple[Any, ...], list[tuple[int, str, int, int]]] = defaultdict(list)
        for checked, names, lines in again():
            at = np.flatnonzero(np.isin(names, asked, assume_unique=True))
            if not len(at):
                continue
            keys = zip(*(self._values(checked, name, at) for name in rule.key), strict=True)
            cells = zip(*self._cells(checked, at), strict=True)
            for key, row, name, line in zip(keys, cells, names[at], lines[at], strict=True):
                filled = sum(1 for cell in row if cell.strip(WHITE))
                groups[key].append((-filled, "\x1f".join(row), int(name), int(line)))
        gone: list[int] = []
        for rows in groups.values():
            beyond = sorted(rows)[1:]
            gone += [name for _, _, name, _ in beyond]
            copied.rows += len(beyond)
            copied.first += [line for *_, line in beyond]
        copied.first = sorted(copied.first)[: self._most_named]
        return gone

    def _values(self, checked: Checked, name: str, at: Ints) -> Sequence[Any]:
        if name in checked.numbers:
            return list(np.asarray(checked.numbers[name])[at].tolist())
        if name in checked.ids:
            return checked.ids[name][0].at(at)
        words = self._vocabularies[name].words
        return [words[number] for number in np.asarray(checked.words[name])[at].tolist()]

    def _cells(self, checked: Checked, at: Ints) -> list[list[str]]:
        found: list[list[str]] = []
        resolved = self._resolved
        headers = dict.fromkeys(
            header
            for column in resolved.layout.columns
            if not resolved.dropped(column)
            for header in resolved.headers[column.name]
        )
        for header in headers:
            cells = checked.block.columns[header]
            if isinstance(cells, Coded):
                found.append(Coded(codes=cells.codes[at], texts=cells.texts).decoded())
            else:
                found.append(cells.at(at))
        return found


def _meeting(spool: Spool) -> Iterator[Ints]:
    """Yield the rows whose hashes meet, not too many at once."""
    held: list[Ints] = []

    def look(rows: Ints) -> None:
        hashes = rows[:, 0].copy()
        ranked = np.sort(hashes)
        met = ranked[1:][ranked[1:] == ranked[:-1]]
        if len(met):
            held.append(rows[np.isin(hashes, met), 1])

    in_threads(spool.groups(), look)
    lot: list[Ints] = []
    for each in held:  # rows that meet lie in one of these
        lot.append(each)
        if sum(map(len, lot)) > _AT_ONCE:
            yield np.sort(np.concatenate(lot))
            lot = []
    if lot:
        yield np.sort(np.concatenate(lot))


def _hash_of(word: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    )
