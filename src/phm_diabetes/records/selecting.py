"""Selecting: which rows of a checked block the conditions of a measure hold for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError, did_you_mean
from phm_diabetes.records.checked import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.checked import Checked
    from phm_diabetes.records.layout import RecordLayout
    from phm_diabetes.records.measures import Where
    from phm_diabetes.records.vocabularies import Vocabulary

__all__ = ["refuse_conditions", "selected", "word_holds"]

_NUMBERS = ("integer", "money", "date")


def refuse_conditions(layout: RecordLayout, conditions: Sequence[Where]) -> None:
    """Refuse conditions that a layout cannot answer.

    Raises
    ------
    OptionError
        When a column is unknown, is an id, or words are asked of numbers or bounds of words.

    Examples
    --------
    >>> refuse_conditions.__name__
    'refuse_conditions'
    """
    kinds = {column.name: str(column.kind) for column in layout.columns}
    kinds |= {made.name: "code" for made in layout.derived}
    for each in conditions:
        kind = kinds.get(each.column)
        if kind is None:
            message = (
                f"'{layout.name}' has no column '{each.column}'."
                f"{did_you_mean(each.column, kinds)} It has {', '.join(kinds)}."
            )
            raise OptionError(message)
        bounded = each.least is not None or each.most is not None
        if kind == "id" or bounded != (kind in _NUMBERS):
            takes = {"id": "no condition"}.get(kind, "bounds" if kind in _NUMBERS else "words")
            message = f"A condition on '{each.column}' of '{layout.name}' takes {takes}."
            raise OptionError(message)


def word_holds(condition: Where, word: str | None) -> bool:
    """Whether a word fits, before ``negated`` is looked at; a missing word never does.

    Examples
    --------
    >>> from phm_diabetes.records.measures import Where
    >>> [word_holds(Where(column="code", starts=["E1"]), word) for word in ("E119", None)]
    [True, False]
    """
    if word is None or word == "":
        return False
    return word in condition.isin or any(word.startswith(each) for each in condition.starts)


def selected(
    checked: Checked, conditions: Sequence[Where], vocabularies: Mapping[str, Vocabulary]
) -> NDArray[np.bool_]:
    """Return for every row whether all conditions hold.

    Parameters
    ----------
    checked
        The block.
    conditions
        As a measure states them.
    vocabularies
        Words by column.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.records.checked import Checked
    >>> from phm_diabetes.records.frame_blocks import block_of
    >>> from phm_diabetes.records.measures import Where
    >>> from phm_diabetes.records.vocabularies import Vocabulary
    >>> block = block_of(pd.DataFrame({"SEX": ["1", "2"]}), ["SEX"], [], start=0)
    >>> checked = Checked(block, np.ones(2, dtype=bool), words={"sex": np.array([0, 1])})
    >>> selected(checked, [Where(column="sex", isin=["male"])],
    ...          {"sex": Vocabulary(["male", "female"])}).tolist()
    [True, False]
    """
    found = np.ones(checked.block.rows, dtype=bool)
    for each in conditions:
        found &= _holds(checked, each, vocabularies) != each.negated
    return found


def _holds(
    checked: Checked, condition: Where, vocabularies: Mapping[str, Vocabulary]
) -> NDArray[np.bool_]:
    name = condition.column
    if name in checked.numbers:
        numbers = checked.numbers[name]
        inside: NDArray[np.bool_] = numbers != MISSING
        if condition.least is not None:
            inside = inside & (numbers >= condition.least)
        if condition.most is not None:
            inside = inside & (numbers <= condition.most)
        return inside
    fits = np.array([word_holds(condition, word) for word in vocabularies[name].words], dtype=bool)
    if name in checked.words:
        return np.asarray(fits[checked.words[name]])
    found = np.zeros(checked.block.rows, dtype=bool)
    for slot in checked.slots[name]:
        found |= fits[slot]
    return found
