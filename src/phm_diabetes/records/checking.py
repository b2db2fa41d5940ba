"""Checking: a block of a source becomes words, numbers and ids, and every row used or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.records.blocks import Amounts, Coded, Texts
from phm_diabetes.records.checked import FAULT_NUMBER, MISSING, Checked, heard_of, judged
from phm_diabetes.records.meanings import Meanings
from phm_diabetes.records.reading import reader_of
from phm_diabetes.records.texts import odd_ids, pence
from phm_diabetes.records.vocabularies import LookUp, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.blocks import Block
    from phm_diabetes.records.columns import Case, Column
    from phm_diabetes.records.faults import Heard
    from phm_diabetes.records.reading import Reader
    from phm_diabetes.records.resolving import Resolved

__all__ = ["Checker", "case_holds"]

_LAST_ASCII = 127  # up to here a byte is a character
_WORDS = ("code", "text", "codes")


class Checker:
    """The rules of a layout, ready for block after block; every distinct text is judged once.

    Parameters
    ----------
    resolved
        The layout and its headers.
    wanted
        Canonical columns whose values are asked for; the others are only checked.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.faults import Heard
    >>> from phm_diabetes.records.frame_blocks import block_of
    >>> from phm_diabetes.records.layout import RecordLayout
    >>> from phm_diabetes.records.resolving import resolve
    >>> import pandas as pd
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="review",
    ...     day="date", columns=(Column(name="review", sources=("ID",), kind="id"),
    ...                          Column(name="date", sources=("SEEN",), kind="date")))
    >>> table = pd.DataFrame({"ID": ["1", "2"], "SEEN": ["2023-04-01", "soon"]})
    >>> checker = Checker(resolve(layout, list(table), file="reviews.csv"), wanted=["date"])
    >>> checker.check(block_of(table, ["SEEN"], ["ID"], start=0), Heard()).used.tolist()
    [True, False]
    """

    def __init__(self, resolved: Resolved, wanted: Collection[str]) -> None:
        layout = resolved.layout
        rules = {name for rule in layout.rules for name in rule.of}
        derived = {name for made in layout.derived for name in made.of}
        self._wanted = set(wanted) | rules | derived
        self._resolved = resolved
        self.vocabularies: dict[str, Vocabulary] = {}
        self._few: list[Meanings] = []
        self._many: list[Column] = []
        self._absent: list[Column] = []
        self._readers: dict[str, Reader] = {}
        self._money_nulls: dict[str, NDArray[np.int64]] = {}
        self._longest_odd: dict[str, int] = {}
        for column in layout.columns:
            self._take(column)
        self._derived = [
            (made.name, sorted(made.of), self._derivation(made.name)) for made in layout.derived
        ]
        self._rules = [
            (rule, sorted(rule.of), self._rule(number)) for number, rule in enumerate(layout.rules)
        ]

    def _take(self, column: Column) -> None:
        resolved = self._resolved
        reader = reader_of(
            column, nulls=resolved.layout.nulls, options=resolved.options, key=resolved.key
        )
        self._readers[column.name] = reader
        if column.kind in _WORDS:
            self.vocabularies[column.name] = Vocabulary(_known_words(column, reader))
        headers = resolved.headers[column.name]
        if not headers or resolved.dropped(column):
            self._absent.append(column)
        elif column.kind in {"id", "money"}:
            self._many.append(column)
            nulls = sorted(resolved.layout.nulls | column.nulls | column.sentinels)
            if column.kind == "money":
                amounts, odd = pence(Texts.of(nulls))
                self._money_nulls[column.name] = np.delete(amounts, odd)
            else:
                longest = max((len(null.encode()) for null in nulls), default=0)
                self._longest_odd[column.name] = max(longest, column.once_within)
        else:
            vocabulary = self.vocabularies.get(column.name)
            wanted = column.name in self._wanted
            self._few += [
                Meanings(column, header, reader, vocabulary, wanted=wanted) for header in headers
            ]

    def _derivation(self, name: str) -> LookUp:
        layout = self._resolved.layout
        made = next(each for each in layout.derived if each.name == name)
        of = sorted(made.of)
        vocabulary = self.vocabularies[name] = Vocabulary(
            [*(case.then for case in made.cases if case.then[:1] != "="), made.otherwise]
        )

        def word(words: tuple[str | None, ...]) -> int:
            held = dict(zip(of, words, strict=True))
            for case in made.cases:
                if case_holds(case, held):
                    then = case.then
                    return vocabulary.number(held[then[1:]] if then[:1] == "=" else then)
            return vocabulary.number(made.otherwise)

        return LookUp([self.vocabularies[each] for each in of], word)

    def _rule(self, number: int) -> LookUp:
        rule = self._resolved.layout.rules[number]
        of = sorted(rule.of)

        def holds(words: tuple[str | None, ...]) -> int:
            held = dict(zip(of, words, strict=True))
            return int(any(case_holds(case, held) for case in rule.cases))

        return LookUp([self.vocabularies[each] for each in of], holds)

    def check(self, block: Block, heard: Heard) -> Checked:
        """Judge every row of a block; what is heard is counted by rule and header."""
        checked = Checked(block, np.ones(block.rows, dtype=bool))
        heard.add("number of cells", "", len(block.gaps), lambda: block.gaps + block.start)
        for column in self._absent:
            self._fill(column, checked)
        if not block.rows:
            return checked
        for few in self._few:
            few.read(checked, heard)
        for column in self._many:
            header = self._resolved.headers[column.name][0]
            cells = block.columns[header]
            if isinstance(cells, Coded):  # one header that serves two columns
                cells = Texts.of(cells.decoded())
            if column.kind == "money":
                self._read_money(column, header, cells, checked, heard)
            else:
                self._read_ids(column, header, cells, checked, heard)
        for name, of, look in self._derived:
            checked.words[name] = look([checked.words[each] for each in of])
        for rule, of, look in self._rules:
            holds = look([checked.words[each] for each in of]) > 0
            heard_of(heard, checked, rule.name, "", holds)
            if rule.sets_aside:
                checked.used &= ~holds
        return checked

    def _fill(self, column: Column, checked: Checked) -> None:
        """Give an absent column the word, or the missing number, of a blank cell."""
        rows = checked.block.rows
        if column.kind == "codes":
            checked.slots[column.name] = []
        elif column.kind in _WORDS:
            number = self.vocabularies[column.name].number(column.blank)
            checked.words[column.name] = np.broadcast_to(np.int32(number), (rows,))
        elif column.kind == "id":
            none = Texts(data=np.zeros(0, np.uint8), offsets=np.zeros(rows + 1, np.int64))
            checked.ids[column.name] = (none, np.ones(rows, dtype=bool))
        else:
            checked.numbers[column.name] = np.broadcast_to(np.int64(MISSING), (rows,))

    def _read_money(
        self, column: Column, header: str, cells: Texts | Amounts, checked: Checked, heard: Heard
    ) -> None:
        values, asked = pence(cells)
        nothing = self._money_nulls[column.name]
        if len(nothing):  # amounts that mean none was recorded
            asked = np.union1d(asked, np.flatnonzero(np.isin(values, nothing)))
        read = _read_each(self._readers[column.name], cells.at(asked))
        faults = np.zeros(checked.block.rows, dtype=np.int8)
        for bound, beyond in ((column.least, np.less), (column.most, np.greater)):
            if bound is not None:
                faults[beyond(values, int(bound))] = FAULT_NUMBER["out of range"]
        values[faults > 0] = MISSING
        values[asked] = [MISSING if value is None else value for value, _ in read]
        faults[asked] = [FAULT_NUMBER[rule] for _, rule in read]
        checked.numbers[column.name] = values
        judged(column, header, faults, checked, heard)

    def _read_ids(
        self, column: Column, header: str, cells: Texts | Amounts, checked: Checked, heard: Heard
    ) -> None:
        rows = checked.block.rows
        texts = cells if isinstance(cells, Texts) else Texts.of(cells.at(np.arange(rows)))
        longest = self._longest_odd[column.name]
        all_asked = _are_all_asked(column, texts)
        asked = np.arange(rows) if all_asked else odd_ids(texts, longest=longest)
        read = _read_each(self._readers[column.name], texts.at(asked))
        checked.ids[column.name] = _replaced(texts, asked, [value for value, _ in read])
        faults = np.zeros(rows, dtype=np.int8)
        faults[asked] = [FAULT_NUMBER[rule] for _, rule in read]
        judged(column, header, faults, checked, heard)


def case_holds(case: Case, held: Mapping[str, str | None]) -> bool:
    """Whether a case holds for the words of a row; a missing word is an empty one.

    Parameters
    ----------
    case
        The case.
    held
        Words by column, among them all of ``case.of``.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Case
    >>> case_holds(Case(when={"medium": {"", "98"}}, then="unknown"), {"medium": None})
    True
    """
    words = [held[name] or "" for name in case.differ]
    unlike = not words or (all(words) and words[0] != words[1])
    return unlike and all((held[name] or "") in fit for name, fit in case.when.items())


def _are_all_asked(column: Column, texts: Texts) -> bool:
    """Whether every id must be read by itself, rather than those that look odd."""
    by_rule = column.pattern or column.allowed or column.cut or column.identifiable
    if by_rule or (column.once and not column.once_within) or not texts.data.all():
        return True
    return bool(column.once) and int(texts.data.max(initial=0)) > _LAST_ASCII


def _known_words(column: Column, reader: Reader) -> list[str | None]:
    """Return the words that a column can have, as far as the layout lists them."""
    words: list[str | None] = [column.blank if column.kind != "codes" else ""]
    for code in column.codes:
        word, rule = reader(code)
        words += [] if rule or word is None else [str(word)]
    return words


def _read_each(reader: Reader, texts: Sequence[str]) -> list[tuple[Any, str]]:
    memory: dict[str, tuple[Any, str]] = {}
    for text in texts:
        if text not in memory:
            memory[text] = reader(text)
    return [memory[text] for text in texts]


def _replaced(
    texts: Texts, rows: NDArray[np.int64], values: Sequence[str | None]
) -> tuple[Texts, NDArray[np.bool_] | None]:
    """Return ids with those of some rows read otherwise, and where they are missing."""
    if not len(rows):
        return texts, None
    none = np.zeros(len(texts.offsets) - 1, dtype=bool)
    none[rows] = [value is None or value == "" for value in values]
    if texts.at(rows) != ["" if value is None else value for value in values]:
        whole = texts.at(range(len(none)))
        for row, value in zip(rows.tolist(), values, strict=True):
            whole[row] = value or ""
        texts = Texts.of(whole)
    return texts, none if none.any() else None
