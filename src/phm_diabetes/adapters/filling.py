"""Filling: the rows of a declared layout, read by kind and set out as a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault, coded, dates
from phm_diabetes.adapters.codes import malformed
from phm_diabetes.adapters.declared import is_organisation
from phm_diabetes.adapters.kinds import COUNTS, DATES, ORGANISATIONS, PERIODS, spans
from phm_diabetes.adapters.ranges import counted
from phm_diabetes.adapters.tables import stacked
from phm_diabetes.model.dimensions import ALL, UNKNOWN, dimension_named
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.adapters.declared import Column
    from phm_diabetes.adapters.ranges import Rounding
    from phm_diabetes.adapters.sheets import Rows

__all__ = ["counts_table", "facts_table", "read_cells", "read_organisation"]

_UK_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def read_cells(
    cells: pd.DataFrame,
    rows: Rows,
    columns: Mapping[str, Column],
    *,
    hidden: Mapping[str, tuple[int, int]],
    missing: Sequence[str],
    rounding: Rounding | None,
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read every column by its kind.

    Parameters
    ----------
    cells
        The rows to read, indexed by row number.
    rows
        Where they stand, for the publisher's headers.
    columns
        What each holds.
    hidden, missing, rounding
        As :func:`phm_diabetes.adapters.ranges.counted`.

    Returns
    -------
    read : DataFrame
        ``org_code``, ``measure``, ``period_start`` and ``period_end`` where there are such; a
        category or a text under its column's name; and three columns a count.
    faults : list of Fault

    Examples
    --------
    >>> from phm_diabetes.adapters.declared import Column
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.csv", name="", grid=pd.DataFrame([["Code", "N"], ["Y99001", "*"]]))
    >>> columns = {"practice": Column(header="Code", kind="ods_practice"),
    ...            "seen": Column(header="N", kind="count")}
    >>> rows = sheet.rows({name: column.header for name, column in columns.items()})
    >>> read, faults = read_cells(rows.cells, rows, columns, hidden={"*": (1, 7)}, missing=(),
    ...                           rounding=None)
    >>> int(read["seen high"].loc[2])
    7
    """
    read: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, column in columns.items():
        if name not in cells:
            read[name] = repeated(ALL, len(cells))
            continue
        text, header = cells[name], rows.headers[name]
        if is_organisation(column):
            read["org_code"], found = read_organisation(text, header, column)
        elif column.kind in PERIODS:
            read["period_start"], read["period_end"], found = spans(text, header, kind=column.kind)
        elif column.kind in DATES:
            read[name], found = dates(_iso(text, column), header, empty_allowed=False)
        elif column.kind in COUNTS:
            exact = column.kind == "exact_count"
            ranges, found = counted(
                text,
                header,
                hidden=hidden,
                missing=missing,
                rounding=None if exact else rounding,
            )
            read |= {name: ranges["value"], f"{name} low": ranges["low"]}
            read[f"{name} high"] = ranges["high"]
        elif column.kind == "text":
            read[name], found = text, []
        elif column.kind == "measure":
            read["measure"], found = coded(text, header, to=column.to, what="measure")
        else:
            read[name], found = _category(text, header, name, column)
        faults += found
    return pd.DataFrame(read, index=cells.index), faults


def read_organisation(
    text: pd.Series[Any], header: str, column: Column
) -> tuple[pd.Series[Any], list[Fault]]:
    """Read the codes of organisations, or the words that stand for them.

    Examples
    --------
    >>> from phm_diabetes.adapters.declared import Column
    >>> text = pd.Series(["U99001", "Total"], index=[2, 3]).astype("category")
    >>> read_organisation(text, "PCN", Column(header="PCN", kind="ods_pcn"))[1][0].rows.tolist()
    [3]
    """
    if column.kind == "organisation":
        what = f"{(column.level or '').replace('_', ' ')} name"
        return coded(text, header, to=column.to, what=what, rule="organisation code")
    _, form = ORGANISATIONS[column.kind]
    return text, malformed(text, header, form)


def _category(
    text: pd.Series[Any], header: str, name: str, column: Column
) -> tuple[pd.Series[Any], list[Fault]]:
    levels = dimension_named(name).levels
    # Without words of its own a category is as published, but of a dimension that has levels.
    known = (*levels, ALL) if levels else tuple(text.cat.categories)
    to = column.to or {each: each for each in known}
    return coded(text, header, to={"": UNKNOWN, **to}, what=name.replace("_", " "))


def _iso(text: pd.Series[Any], column: Column) -> pd.Series[Any]:
    """Turn 31/03/2023 into 2023-03-31; what a workbook holds as a date is in that form already."""
    if column.kind != "uk_date":
        return text

    def iso(day: str) -> str:
        match = _UK_DATE.fullmatch(day)
        return day if match is None else f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"

    return text.astype(object).map(iso).astype("category")


def counts_table(
    read: pd.DataFrame,
    *,
    dataset: str,
    level: str,
    measures: Mapping[str, Sequence[str]],
    definition: str | Mapping[str, str],
    dimensions: Sequence[str],
) -> pd.DataFrame:
    """Set counts out, one row a measure and row read.

    Parameters
    ----------
    read
        As :func:`read_cells` gives it, with both ends of the period.
    dataset, level
        What every row says of itself.
    measures
        Columns of numerator and denominator by measure; none where ``read`` has a measure.
    definition
        Of every measure, or by measure.
    dimensions
        Columns that are dimensions.

    Examples
    --------
    >>> read = pd.DataFrame({"org_code": ["Y99001"], "period_start": pd.Timestamp("2022-04-01"),
    ...     "period_end": pd.Timestamp("2023-03-31"), "a": 3, "a low": 3, "a high": 3}, index=[2])
    >>> counts_table(read, dataset="north.reviews", level="practice", definition="north:1",
    ...     measures={"copd.review": ("a",)}, dimensions=())["numerator"].tolist()
    [3]
    """
    alike = {
        "dataset": repeated(dataset, len(read)),
        "org_level": repeated(level, len(read)),
        **{name: read[name].array for name in ("org_code", "period_start", "period_end")},
        **{name: read[name].array for name in dimensions},
        "source_row": read.index,
    }
    if not measures:
        own = read["measure"]
        to = {each: _defined(definition, each) for each in own.cat.categories}
        named = {"measure": own.array, "definition": own.astype(object).map(to).array}
        counts = [name for name in ("numerator", "denominator") if name in read]
        return pd.DataFrame({**alike, **named, **_pair(read, counts)})
    ids = list(measures)
    blocks = []
    for spot, (measure, pair) in enumerate(measures.items()):
        named = {
            "measure": worded(np.full(len(read), spot), ids),
            "definition": repeated(_defined(definition, measure), len(read)),
        }
        blocks.append(pd.DataFrame({**alike, **named, **_pair(read, pair)}))
    return stacked(blocks)


def _defined(definition: str | Mapping[str, str], measure: str) -> str:
    return definition if isinstance(definition, str) else definition[measure]


def _pair(read: pd.DataFrame, pair: Sequence[str]) -> dict[str, Any]:
    """Value and bounds of the numerator and of the denominator, which may not be published."""
    columns: dict[str, Any] = {}
    for part, name in zip(("numerator", "denominator"), (*pair, None), strict=False):
        if name is None:
            none = pd.array([pd.NA] * len(read), dtype="Int64")
            columns |= {
                part: none,
                f"{part}_low": pd.array([0] * len(read), dtype="Int64"),
                f"{part}_high": none,
            }
        else:
            columns |= {part: read[name].array, f"{part}_low": read[f"{name} low"].array}
            columns[f"{part}_high"] = read[f"{name} high"].array
    return columns


def facts_table(read: pd.DataFrame, *, level: str, attributes: Sequence[str]) -> pd.DataFrame:
    """Set facts out, one row an attribute and row read; a blank says nothing.

    Examples
    --------
    >>> read = pd.DataFrame({"org_code": ["Y99001"], "system": ["Planted"]}, index=[2])
    >>> facts_table(read, level="practice", attributes=["system"])["value"].tolist()
    ['Planted']
    """
    blocks = []
    for name in attributes:
        value = read[name].astype(object)
        told = read[(value.notna() & (value != "") & (value != UNKNOWN)).to_numpy(dtype=bool)]
        blocks.append(
            pd.DataFrame(
                {
                    "org_level": repeated(level, len(told)),
                    "org_code": told["org_code"].astype(object).array,
                    "attribute": repeated(name, len(told)),
                    "value": told[name].astype(str).to_numpy(dtype=object),
                    "start": told["period_start"].array if "period_start" in told else pd.NaT,
                    "end": told["period_end"].array if "period_end" in told else pd.NaT,
                    "source_row": told.index,
                }
            )
        )
    return stacked(blocks)
