"""Breakdowns of the National Diabetes Audit's long table, as levels of dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_demographics import level_in
from phm_diabetes.adapters.nda_subtypes import subtype_in

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["broken_down"]

_TOKENS = {
    "england": None,
    "ccg": None,
    "organisation": None,
    "diabetestype": "subtype",
    "age": "age_band",
    "ethnicity": "ethnicity",
    "deprivation": "imd_quintile",
    "imd": None,
    "gender": "sex",
    "sex": "sex",
}
_VALUES = ("value_1", "value_2", "value_3")
_VINTAGE = "2019"


def broken_down(cells: pd.DataFrame, header: str) -> tuple[pd.Series[Any], list[Fault]]:
    """Return each row's levels, from the name of its breakdown and its values.

    Parameters
    ----------
    cells
        Text of ``field``, ``value_1``, ``value_2`` and ``value_3``, indexed by row number.
    header
        The publisher's header of the field.

    Returns
    -------
    levels : Series of tuple
        Pairs of dimension and level; empty for everybody, or where there is a fault.
    faults : list of Fault

    Examples
    --------
    >>> cells = pd.DataFrame({"field": ["CCG_DiabetesType_Age"], "value_1": ["TYPE 1"],
    ...     "value_2": ["Aged 40 to 64"], "value_3": [""]}, index=[2])
    >>> broken_down(cells, "BREAKDOWN_FIELD")[0].loc[2]
    (('subtype', 'type_1'), ('age_band', '40-64'))
    """
    rows = list(cells[["field", *_VALUES]].itertuples(index=False, name=None))
    known = {row: _levels(row[0], row[1:]) for row in dict.fromkeys(rows)}
    found = [known[row] for row in rows]
    levels = pd.Series([each or () for each in found], index=cells.index, dtype=object)
    unknown = cells.index.to_numpy()[np.array([each is None for each in found], dtype=bool)]
    fault = Fault(
        rule="breakdown",
        rows=unknown,
        column=header,
        message="names no breakdown that is known, or a level that is not",
        advice="Known: type, age, ethnicity, deprivation and gender, as the published code does.",
    )
    return levels, [fault] if len(unknown) else []


def _levels(field: str, values: Sequence[str]) -> tuple[tuple[str, str], ...] | None:
    tokens = [token.casefold() for token in field.split("_")]
    if any(token not in _TOKENS for token in tokens):
        return None
    dimensions = [name for name in map(_TOKENS.get, tokens) if name is not None]
    pairs = []
    for name, value in zip(dimensions, values, strict=False):
        level = subtype_in(value) if name == "subtype" else _level(name, value)
        if level is None:
            return None
        pairs.append((name, level))
    return tuple(pairs)


def _level(dimension: str, value: str) -> str | None:
    found = level_in(value, dimension=dimension)
    if found is None:
        return None
    is_fifth = dimension == "imd_quintile" and found[1].isdigit()
    return f"{_VINTAGE}:{found[1]}" if is_fifth else found[1]
