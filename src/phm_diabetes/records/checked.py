"""Checked rows: what the rows of one block mean, and which of them are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define, field

from phm_diabetes.records.faults import RULES, Heard

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.records.blocks import Block, Texts
    from phm_diabetes.records.columns import Column

    Ints = NDArray[np.integer[Any]]

__all__ = ["FAULT_NUMBER", "MISSING", "Checked", "heard_of", "judged"]

MISSING = -(1 << 58)
"""Number that stands for a missing one."""

_FAULTS = ("", *RULES)

FAULT_NUMBER = {rule: number for number, rule in enumerate(_FAULTS)}
"""Number of each rule that a cell can break; 0 is none. There are fewer than 16."""


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


def judged(column: Column, header: str, faults: Ints, checked: Checked, heard: Heard) -> None:
    """Count each fault, and set the row aside where the column says so.

    Parameters
    ----------
    column, header
        What was read.
    faults
        `FAULT_NUMBER` of every row.
    checked
        The block; rows of it are set aside.
    heard
        Told how many rows break which rule.

    Examples
    --------
    >>> from phm_diabetes.records.blocks import Block
    >>> from phm_diabetes.records.columns import Column
    >>> checked = Checked(Block(columns={}, rows=2, start=0), np.array([True, True]))
    >>> faults = np.array([0, FAULT_NUMBER["date"]])
    >>> seen = Column(name="date", sources=("SEEN",), kind="date")
    >>> judged(seen, "SEEN", faults, checked, Heard())
    >>> checked.used.tolist()
    [True, False]
    """
    if not faults.any():
        return
    for number in np.flatnonzero(np.bincount(faults)).tolist():
        if number:
            rule = _FAULTS[number]
            broken = faults == number
            heard_of(heard, checked, rule, header, broken)
            aside = column.broken == "set_aside" or rule == "missing"
            if aside and rule != "id used once":
                checked.used &= ~broken


def heard_of(
    heard: Heard, checked: Checked, rule: str, header: str, holds: NDArray[np.bool_]
) -> None:
    """Tell how many rows of a block break a rule, and which first.

    Examples
    --------
    >>> from phm_diabetes.records.blocks import Block
    >>> heard, holds = Heard(), np.array([False, True])
    >>> heard_of(heard, Checked(Block(columns={}, rows=2, start=0), ~holds), "money", "COST", holds)
    >>> heard.broken["money", "COST"].rows
    1
    """
    rows = int(np.count_nonzero(holds))
    heard.add(
        rule, header, rows, lambda: checked.block.lines(np.flatnonzero(holds)[: heard.most_named])
    )
