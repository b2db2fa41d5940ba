"""Framing: used rows as a pandas table of canonical columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.records.checked import MISSING, Checked
from phm_diabetes.records.checking import Checker
from phm_diabetes.records.passes import PART_SHIFT
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.block_executor import BlockExecutor
    from phm_diabetes.records.columns import Column
    from phm_diabetes.records.vocabularies import Vocabulary

__all__ = ["as_frame", "column_of"]


def as_frame(
    executor: BlockExecutor, dropped: NDArray[np.int64], columns: Sequence[str], *, most: int
) -> pd.DataFrame:
    """Return the used rows' canonical columns: see `Executor`.

    Parameters
    ----------
    executor
        What reads.
    dropped
        Names, within a pass, of rows set aside as copies.
    columns, most
        As `Executor` takes them.

    Examples
    --------
    >>> as_frame.__name__
    'as_frame'
    """
    checker = Checker(executor.resolved, wanted=columns)
    blocks: list[tuple[Checked, NDArray[np.int64]]] = []
    lines: list[NDArray[np.int64]] = []
    before = last = ahead = held = 0
    for part, checked in executor.again(checker):
        if part != last:
            before, last = before + ahead, part
        ahead = checked.block.start + checked.block.rows + len(checked.block.gaps)
        names = (part << PART_SHIFT) + checked.block.start + np.arange(checked.block.rows)
        rows = np.flatnonzero(checked.used & ~np.isin(names, dropped))
        held += len(rows)
        if held > most:
            message = (
                f"{executor.source.file} has more than {most:,} rows that are used, too many for "
                "one table in memory. Count them with phm.tally, or raise most=."
            )
            raise OptionError(message)
        blocks.append((checked, rows))
        lines.append(checked.block.lines(rows) + before + 2)
    kinds = {column.name: column for column in executor.layout.columns}
    rows_of_file = np.concatenate(lines) if lines else np.zeros(0, dtype=np.int64)
    found: dict[str, Any] = {"source_row": rows_of_file}
    for name in columns:
        found[name] = column_of(name, kinds.get(name), blocks, checker.vocabularies)
    return pd.DataFrame(found)


def column_of(
    name: str,
    column: Column | None,
    blocks: Sequence[tuple[Checked, NDArray[np.int64]]],
    vocabularies: Mapping[str, Vocabulary],
) -> Any:  # noqa: ANN401 - an array of pandas
    """Return one canonical column of some rows of some blocks; a derived one has no `Column`.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Column
    >>> age = Column(name="age", sources=("AGE",), kind="integer")
    >>> len(column_of("age", age, [], {}))
    0
    """
    kind = "code" if column is None else column.kind
    if kind in {"code", "text"}:
        words = vocabularies[name].words
        parts = [np.asarray(checked.words[name])[rows] for checked, rows in blocks]
        texts = list(dict.fromkeys(word or "" for word in words))
        spots = {word: spot for spot, word in enumerate(texts)}
        places = np.array([spots[word or ""] for word in words], dtype=np.int64)
        return worded(places[_joined(parts, np.int64)], texts)
    if kind == "codes":
        return _joined_codes(name, blocks, vocabularies[name].words)
    if kind == "id":
        found: list[str | None] = []
        for checked, rows in blocks:
            texts_, missing = checked.ids[name]
            none = np.zeros(checked.block.rows, dtype=bool) if missing is None else missing
            pairs = zip(texts_.at(rows), none[rows].tolist(), strict=True)
            found += [None if absent else text for text, absent in pairs]
        return pd.Series(found, dtype=object)
    numbers = _joined(
        [np.asarray(checked.numbers[name])[rows] for checked, rows in blocks], np.int64
    )
    missing_ = numbers == MISSING
    if kind == "date":
        days = numbers.astype("datetime64[D]").astype("datetime64[s]")  # years to 9999
        days[missing_] = np.datetime64("NaT")
        return pd.Series(days)
    return pd.arrays.IntegerArray(np.where(missing_, 0, numbers), missing_)


def _joined(parts: Sequence[NDArray[Any]], kind: Any) -> NDArray[Any]:  # noqa: ANN401 - a dtype
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, dtype=kind)


def _joined_codes(
    name: str,
    blocks: Sequence[tuple[Checked, NDArray[np.int64]]],
    words: Sequence[str | None],
) -> pd.Series[str]:
    """Return the codes of every slot, in their order and without blanks, joined by spaces."""
    found: list[str] = []
    for checked, rows in blocks:
        slots = [np.asarray(slot)[rows].tolist() for slot in checked.slots[name]]
        if not slots:
            found += [""] * len(rows)
            continue
        for numbers in zip(*slots, strict=True):
            found.append(" ".join(word for number in numbers if (word := words[number])))
    return pd.Series(found, dtype=object)
