"""Rows of Fingertips' indicators that can be used, and why the others cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_indicators import INDICATORS
from phm_diabetes.adapters.rules import duplicates, sound

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["checked_rows"]

_AREA = r"n?E38[0-9]{6}"
_TIME = r"20[0-9]{2}0000"
_FIGURES = ["value", "count", "denominator"]


def checked_rows(
    cells: pd.DataFrame, headers: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the rows that hold counts, each once, and report the others.

    An indicator of people aged 12 and over stands twice in some years, under 12+ and under all
    ages, with the same figures: the first is kept.

    Parameters
    ----------
    cells
        Text of ``number``, ``name``, ``area``, ``sex``, ``age``, ``value``, ``count``,
        ``denominator`` and ``time``, indexed by row number.
    headers
        The publisher's header of each.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"number": "92831", "name": INDICATORS["92831"].name, "area": "nE38000001",
    ...        "sex": "Persons", "value": "90", "count": "9", "denominator": "10",
    ...        "time": "20140000"}
    >>> cells = pd.DataFrame([{**row, "age": "All ages"}, {**row, "age": "12+ yrs"}], index=[2, 3])
    >>> kept, faults = checked_rows(cells, {name: name for name in cells})
    >>> kept.index.tolist(), faults[0].rule, faults[0].rows.tolist()
    ([3], 'age label', [2])
    """
    faults = _strangers(cells, headers)
    kept = sound(cells, faults)
    faults += _without_counts(kept, headers)
    kept = sound(kept, faults)
    faults += _labelled_twice(kept, headers)
    kept = sound(kept, faults)
    faults += duplicates(kept, ["number", "area", "time"], "indicator, area and year")
    return sound(kept, faults), faults


def _strangers(cells: pd.DataFrame, headers: Mapping[str, str]) -> list[Fault]:
    known = cells["number"].isin(INDICATORS)
    names = cells["number"].map({number: one.name for number, one in INDICATORS.items()})
    rules = (
        ("indicator", "number", known, "is no indicator that is known"),
        ("indicator", "name", ~known | (cells["name"] == names), "is not the indicator's name"),
        ("organisation code", "area", _matches(cells["area"], _AREA), "is no sub-ICB location"),
        ("sex", "sex", cells["sex"] == "Persons", "is not 'Persons'"),
        ("period", "time", _matches(cells["time"], _TIME), "is no year written 20210000"),
    )
    found = []
    for rule, name, holds, message in rules:
        rows = cells.index.to_numpy()[~holds.to_numpy(dtype=bool)]
        if len(rows):
            advice = "Check that the columns were not shifted, and what the publisher has changed."
            found.append(
                Fault(rule=rule, rows=rows, column=headers[name], message=message, advice=advice)
            )
    return found


def _matches(column: pd.Series[str], pattern: str) -> pd.Series[bool]:
    return column.str.fullmatch(pattern)


def _ages(cells: pd.DataFrame) -> pd.Series[str]:
    return cells["number"].map({number: one.age for number, one in INDICATORS.items()})


def _without_counts(cells: pd.DataFrame, headers: Mapping[str, str]) -> list[Fault]:
    empty = (cells["count"] == "") & (cells["denominator"] == "")
    mislabelled = empty & (cells["age"] != _ages(cells)) & (cells["age"] != "All ages")
    return [
        *_counted(
            cells.index.to_numpy()[mislabelled.to_numpy(dtype=bool)],
            headers["age"],
            "age label",
            "labels a figure without counts with the ages of another indicator",
        ),
        *_counted(
            cells.index.to_numpy()[(empty & ~mislabelled).to_numpy(dtype=bool)],
            headers["count"],
            "no count",
            "is empty, and so is the denominator: a figure alone is never added up",
        ),
    ]


def _labelled_twice(cells: pd.DataFrame, headers: Mapping[str, str]) -> list[Fault]:
    own = (cells["age"] == _ages(cells)).to_numpy(dtype=bool)
    keys = ["number", "area", "time"]
    figures = cells.loc[own, [*keys, *_FIGURES]].drop_duplicates(keys)
    others = cells.loc[~own, [*keys, *_FIGURES]].reset_index(names="row")
    twins = others.merge(figures, on=keys, how="left", suffixes=("", "_own"), indicator=True)
    same = np.logical_and.reduce([twins[name] == twins[f"{name}_own"] for name in _FIGURES])
    alone = (twins["_merge"] == "left_only").to_numpy(dtype=bool)
    rows = twins["row"].to_numpy(dtype=np.int64)
    stray = Fault(
        rule="age label",
        rows=rows[~same],
        column=headers["age"],
        message="is not the label of the ages that the indicator counts",
        advice="The label that it should have stands on no row that says the same.",
    )
    return [
        *_counted(
            rows[same & ~alone],
            headers["age"],
            "age label",
            "repeats the figures that stand under the label of the ages counted",
        ),
        *([stray] if len(stray.rows) else []),
    ]


def _counted(rows: np.ndarray, header: str, rule: str, message: str) -> list[Fault]:
    if not len(rows):
        return []
    return [
        Fault(
            rule=rule,
            rows=rows,
            column=header,
            message=message,
            advice="Nothing to do: the rows are listed here and not used.",
            severity="info",
            counted=True,
        )
    ]
