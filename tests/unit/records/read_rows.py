"""Reads the rows of a table as the checker understands them, for tests of layouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.records.checked import MISSING
from phm_diabetes.records.checking import Checker
from phm_diabetes.records.faults import Heard
from phm_diabetes.records.frame_blocks import FrameSource
from phm_diabetes.records.resolving import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.records.layout import RecordLayout


@frozen(kw_only=True)
class Read:
    """Every row's words, numbers and ids, which of them are used, and what was heard."""

    rows: pd.DataFrame
    used: list[bool]
    heard: dict[tuple[str, str], int]
    person_kind: str

    def __getitem__(self, column: str) -> list[Any]:
        return self.rows[column].tolist()

    @property
    def rules(self) -> dict[str, int]:
        """Rows by rule, whatever the column."""
        found: dict[str, int] = {}
        for (rule, _), rows in self.heard.items():
            found[rule] = found.get(rule, 0) + rows
        return found


def read_rows(
    layout: RecordLayout,
    table: pd.DataFrame,
    *,
    options: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> Read:
    """Return what a table means by a layout, before copies are looked for."""
    source = FrameSource(table)
    resolved = resolve(layout, source.headers, file="planted", options=options, key=key)
    names = [each.name for each in (*layout.columns, *layout.derived)]
    checker, heard = Checker(resolved, names), Heard()
    frames: list[pd.DataFrame] = []
    used: list[bool] = []
    for block in source.parts(resolved.few, resolved.many, most=1)[0]:
        checked = checker.check(block, heard)
        used += checked.used.tolist()
        columns: dict[str, list[Any]] = {}
        for name, numbers in checked.words.items():
            words = checker.vocabularies[name].words
            columns[name] = [words[at] for at in numbers]
        for name, slots in checked.slots.items():
            words = checker.vocabularies[name].words
            columns[name] = [
                " ".join(word for at in row if (word := words[at]))
                for row in zip(*slots, strict=True)
            ] or [""] * block.rows
        for name, numbers in checked.numbers.items():
            columns[name] = [None if at == MISSING else int(at) for at in numbers]
        for name, (texts, missing) in checked.ids.items():
            gone = np.zeros(block.rows, dtype=bool) if missing is None else missing
            whole = texts.at(range(block.rows))
            columns[name] = [
                None if empty else text for text, empty in zip(whole, gone, strict=True)
            ]
        frames.append(pd.DataFrame(columns, dtype=object))
    return Read(
        rows=pd.concat(frames, ignore_index=True),
        used=used,
        heard={key: found.rows for key, found in heard.broken.items()},
        person_kind=resolved.person_kind,
    )
