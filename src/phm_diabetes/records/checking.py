"""Checking: a block of a source becomes words, numbers and ids, and every row used or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field

from phm_diabetes.records.blocks import Coded, Texts
from phm_diabetes.records.faults import RULES, Heard
from phm_diabetes.records.reading import reader_of
from phm_diabetes.records.texts import odd_ids, pence
from phm_diabetes.records.vocabularies import LookUp, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.blocks import Block
    from phm_diabetes.records.columns import Case, Column
    from phm_diabetes.records.reading import Reader
    from phm_diabetes.records.resolving import Resolved

    Ints = NDArray[np.integer[Any]]

__all__ = ["MISSING", "Checked", "Checker", "case_holds"]

MISSING = -(1 << 58)
"""Number that stands for a missing one."""

_FAULTS = ("", *RULES)
_FAULT_NUMBER = {rule: number for number, rule in enumerate(_FAULTS)}
_SHIFT = 4  # bits of a fault's number; there are fewer than 16
_LONGEST_MEMORY = 1 << 17
_LAST_ASCII = 127  # up to here a byte is a character
_WORDS = ("code", "text", "codes")


@define(eq=False)
class Checked:
    """What the rows of one block mean.

    Parameters
    ----------
    block
        The block.
    used
        Whether each row is used.
    words
        Number of the word in the column's vocabulary, by canonical column.
    slots
        The same for each slot of a column of several codes.
    numbers
        Days, pence and whole numbers; `MISSING` where there is none.
    ids
        Texts of ids, and where they are missing (``None``: nowhere).

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.records.frame_blocks import block_of
    >>> block = block_of(pd.DataFrame({"SITE": ["A"]}), ["SITE"], [], start=0)
    >>> Checked(block=block, used=np.array([True])).used.tolist()
    [True]
    """

    block: Block
    used: NDArray[np.bool_]
    words: dict[str, Ints] = field(factory=dict)
    slots: dict[str, list[Ints]] = field(factory=dict)
    numbers: dict[str, Ints] = field(factory=dict)
    ids: dict[str, tuple[Texts, NDArray[np.bool_] | None]] = field(factory=dict)


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
        self._few: list[_Few] = []
        self._many: list[Column] = []
        self._absent: list[Column] = []
        self._readers: dict[str, Reader] = {}
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
        else:
            vocabulary = self.vocabularies.get(column.name)
            wanted = column.name in self._wanted
            self._few += [_Few(column, header, reader, vocabulary, wanted) for header in headers]

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
            texts = block.columns[header]
            if isinstance(texts, Coded):  # one header that serves two columns
                texts = Texts.of(texts.decoded())
            self._read_many(column, header, texts, checked, heard)
        for name, of, look in self._derived:
            checked.words[name] = look([checked.words[each] for each in of])
        for rule, of, look in self._rules:
            holds = look([checked.words[each] for each in of]) > 0
            _hear(heard, checked, rule.name, "", holds)
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

    def _read_many(
        self, column: Column, header: str, texts: Texts, checked: Checked, heard: Heard
    ) -> None:
        reader, rows = self._readers[column.name], checked.block.rows
        if column.kind == "money":
            values, odd = pence(texts)
            bounds = column.least is not None or column.most is not None
            asked = np.arange(rows) if bounds else odd
            read = _read_each(reader, texts.at(asked))
            values[asked] = [MISSING if value is None else value for value, _ in read]
            checked.numbers[column.name] = values
        else:
            all_asked = self._are_all_asked(column, texts)
            longest = max(self._longest_null(column), column.once_within)
            asked = np.arange(rows) if all_asked else odd_ids(texts, longest=longest)
            read = _read_each(reader, texts.at(asked))
            checked.ids[column.name] = _replaced(texts, asked, [value for value, _ in read])
        faults = np.zeros(rows, dtype=np.int8)
        faults[asked] = [_FAULT_NUMBER[rule] for _, rule in read]
        _judge(column, header, faults, checked, heard)

    def _are_all_asked(self, column: Column, texts: Texts) -> bool:
        """Whether every id must be read by itself, rather than those that look odd."""
        by_rule = column.pattern or column.allowed or column.cut or column.identifiable
        if by_rule or (column.once and not column.once_within) or not texts.data.all():
            return True
        return bool(column.once) and int(texts.data.max(initial=0)) > _LAST_ASCII

    def _longest_null(self, column: Column) -> int:
        nulls = self._resolved.layout.nulls | column.nulls | column.sentinels
        return max((len(null.encode()) for null in nulls), default=0)


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


class _Few:
    """One source column of few texts, and what each of them was found to mean."""

    def __init__(
        self,
        column: Column,
        header: str,
        reader: Reader,
        vocabulary: Vocabulary | None,
        wanted: bool,  # noqa: FBT001 - private
    ) -> None:
        self._column, self._header, self._reader = column, header, reader
        self._vocabulary, self._wanted = vocabulary, wanted
        self._memory: dict[str, int] = {}

    def read(self, checked: Checked, heard: Heard) -> None:
        """Look up what every row means, and judge it."""
        column = self._column
        coded = checked.block.columns[self._header]
        if isinstance(coded, Texts):  # one header that serves two columns
            texts = coded.at(range(checked.block.rows))
            coded = Coded(codes=np.arange(len(texts)), texts=texts)
        packed = self._meanings(coded.texts)
        faults = packed & ((1 << _SHIFT) - 1)
        if self._wanted:
            values = packed >> _SHIFT
            if self._vocabulary is None:
                checked.numbers[column.name] = values[coded.codes]
            elif column.kind == "codes":
                numbers = values.astype(np.int32)[coded.codes]
                checked.slots.setdefault(column.name, []).append(numbers)
            else:
                checked.words[column.name] = values.astype(np.int32)[coded.codes]
        if faults.any():
            _judge(column, self._header, faults[coded.codes], checked, heard)

    def _meanings(self, texts: Sequence[str]) -> NDArray[np.int64]:
        known = self._memory.get
        found = [known(text) for text in texts]
        for place, each in enumerate(found):
            if each is None:
                found[place] = self._learned(texts[place])
        return np.array(found, dtype=np.int64)

    def _learned(self, text: str) -> int:
        value, rule = self._reader(text)
        if self._vocabulary is None:
            number = MISSING if value is None else int(value)
        elif self._wanted:
            number = self._vocabulary.number(None if value is None else str(value))
        else:
            number = 0
        packed = (number << _SHIFT) | _FAULT_NUMBER[rule]
        if len(self._memory) >= _LONGEST_MEMORY:
            self._memory.clear()
        self._memory[text] = packed
        return packed


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


def _judge(column: Column, header: str, faults: Ints, checked: Checked, heard: Heard) -> None:
    """Count each fault, and set the row aside where the column says so."""
    for number in np.unique(faults).tolist():
        if number:
            rule = _FAULTS[number]
            broken = faults == number
            _hear(heard, checked, rule, header, broken)
            aside = column.broken == "set_aside" or rule == "missing"
            if aside and rule != "id used once":
                checked.used &= ~broken


def _hear(heard: Heard, checked: Checked, rule: str, header: str, holds: NDArray[np.bool_]) -> None:
    rows = int(np.count_nonzero(holds))
    heard.add(
        rule, header, rows, lambda: checked.block.lines(np.flatnonzero(holds)[: heard.most_named])
    )
