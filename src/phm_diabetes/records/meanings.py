"""Meanings: what each text of a column of few texts was found to mean, judged once."""

from __future__ import annotations

from threading import get_ident
from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.records.blocks import Coded
from phm_diabetes.records.checked import FAULT_NUMBER, MISSING, Checked, judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.columns import Column
    from phm_diabetes.records.faults import Heard
    from phm_diabetes.records.reading import Reader
    from phm_diabetes.records.vocabularies import Vocabulary

__all__ = ["Meanings"]

_SHIFT = 4  # bits of a fault's number; a number of 17 digits leaves them room in 64
_LONGEST_MEMORY = 1 << 17


class Meanings:
    """One source column of few texts, and what each of them was found to mean.

    Parameters
    ----------
    column, header
        What is read.
    reader
        Says what a text means.
    vocabulary
        Where words get their numbers; ``None`` for a column of numbers or days.
    wanted
        Whether the values are asked for; the texts are judged either way.

    Examples
    --------
    >>> from phm_diabetes.records.blocks import Block
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.faults import Heard
    >>> from phm_diabetes.records.reading import reader_of
    >>> age = Column(name="age", sources=("AGE",), kind="integer", most=120)
    >>> block = Block(columns={"AGE": Coded(codes=np.array([0, 1, 0]), texts=["59", "x"])},
    ...               rows=3, start=0)
    >>> checked = Checked(block, np.ones(3, dtype=bool))
    >>> Meanings(age, "AGE", reader_of(age), None, wanted=True).read(checked, Heard())
    >>> checked.numbers["age"].tolist()[0], checked.used.tolist()
    (59, [True, False, True])
    """

    def __init__(
        self,
        column: Column,
        header: str,
        reader: Reader,
        vocabulary: Vocabulary | None,
        *,
        wanted: bool,
    ) -> None:
        self._column, self._header, self._reader = column, header, reader
        self._vocabulary, self._wanted = vocabulary, wanted
        self._memory: dict[str, int] = {}
        self._last: dict[int, tuple[Sequence[str], NDArray[np.int64]]] = {}

    def read(self, checked: Checked, heard: Heard) -> None:
        """Look up what every row means, and judge it."""
        column = self._column
        coded = checked.block.columns[self._header]
        if not isinstance(coded, Coded):  # one header that serves two columns
            texts = coded.at(np.arange(checked.block.rows))
            coded = Coded(codes=np.arange(len(texts)), texts=texts)
        packed = self._meanings(coded.texts)
        if self._wanted:
            values = packed >> _SHIFT
            if self._vocabulary is None:
                checked.numbers[column.name] = values.take(coded.codes)
            else:
                numbers = values.astype(np.int32).take(coded.codes)
                if column.kind == "codes":
                    checked.slots.setdefault(column.name, []).append(numbers)
                else:
                    checked.words[column.name] = numbers
        faults = packed & ((1 << _SHIFT) - 1)
        if faults.any():
            judged(column, self._header, faults.take(coded.codes), checked, heard)

    def _meanings(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return what texts mean; blocks of one part that share their texts ask once."""
        last = self._last.get(get_ident())
        if last is not None and last[0] is texts:
            return last[1]
        known = list(map(self._memory.get, texts))
        meanings = [
            self._learned(text) if each is None else each
            for text, each in zip(texts, known, strict=True)
        ]
        found = np.array(meanings, dtype=np.int64)
        self._last[get_ident()] = (texts, found)
        return found

    def _learned(self, text: str) -> int:
        value, rule = self._reader(text)
        if self._vocabulary is None:
            number = MISSING if value is None else int(value)
        elif self._wanted:
            number = self._vocabulary.number(None if value is None else str(value))
        else:
            number = 0
        packed = (number << _SHIFT) | FAULT_NUMBER[rule]
        if len(self._memory) >= _LONGEST_MEMORY:
            self._memory.clear()
        self._memory[text] = packed
        return packed
