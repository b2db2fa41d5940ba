"""Counts of people in the National Diabetes Audit, by age, sex, ethnicity and deprivation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_checks import percentages_disagree, whole_above
from phm_diabetes.adapters.nda_editions import edition_of
from phm_diabetes.adapters.nda_identity import identified
from phm_diabetes.adapters.nda_rounding import audit_counts
from phm_diabetes.adapters.nda_rows import Part, mapped_counts
from phm_diabetes.adapters.nda_subtypes import SUBTYPES
from phm_diabetes.disease_areas.nda_versions import nda_definition
from phm_diabetes.model.dimensions import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from phm_diabetes.adapters.base import Mapped
    from phm_diabetes.adapters.nda_editions import Edition
    from phm_diabetes.adapters.nda_tiers import PeopleColumn, PeopleGrid
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["imd_vintage", "mapped_people"]

_VINTAGE = re.compile(r"\b(?:IMD|IoD|deprivation)\D{0,20}(2015|2019|2025)\b", re.IGNORECASE)
_IMD = "imd_quintile"
_USUAL = "2019"
_FRONT_ROWS = 20


def imd_vintage(sheet: Sheet, edition: Edition) -> str | None:
    """Return the vintage of deprivation that a sheet names, else that of its edition.

    Parameters
    ----------
    sheet
        The sheet and its book.
    edition
        Of its figures.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.nda_editions import Edition
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.xlsx", name="", grid=pd.DataFrame([["By IMD 2025"]]))
    >>> imd_vintage(sheet, Edition(year=2025, window="12m"))
    '2025'
    """
    for grid in (sheet.grid, *sheet.book.values()):
        for cell in grid.iloc[:_FRONT_ROWS].to_numpy().ravel():
            match = _VINTAGE.search(str(cell))
            if match is not None:
                return match[1]
    return edition.imd_vintage


def mapped_people(
    grid: PeopleGrid,
    sheet: Sheet,
    *,
    period: Period | None,
    subtype: str | None = None,
    subtypes: Mapping[str, str] | None = None,
) -> Mapped:
    """Return the counts of every column of people.

    Parameters
    ----------
    grid
        The sheet, told apart.
    sheet
        The sheet, which may name the vintage of deprivation and the type of diabetes.
    period
        Audit of the sheet, where rows do not say it.
    subtype
        Type of diabetes, where the caller says it.
    subtypes
        Type of diabetes by measure, where the sheet holds several.

    Returns
    -------
    Mapped
        A share of a practice's list has the list as its denominator, for everybody only.

    Raises
    ------
    SourceLayoutError
        When neither sheet nor caller name the type.
    OptionError
        When neither names the audit.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.nda_tiers import people_grid
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> from phm_diabetes.model.periods import Period
    >>> sheet = Sheet(file="a.xlsx", name="Type 1 registrations", grid=pd.DataFrame(
    ...     [["GP code", "Number"], ["Y99001", "90"]]))
    >>> grid = people_grid(sheet, measures={}, default="dm.registrations", layout="the example")
    >>> found = mapped_people(grid, sheet, period=Period.audit("2025-26"))
    >>> found.tables["counts"][["numerator_low", "numerator_high"]].values.tolist()
    [[88, 92]]
    """
    block = grid.block
    spots = [each.number for each in grid.columns]
    rows, faults = identified(
        block.identity,
        block.headers,
        figures=np.asarray((block.body[spots] != "").to_numpy().any(axis=1), dtype=bool),
        sheet=sheet,
        period=period,
        subtype=SUBTYPES[1] if subtypes else subtype,
    )
    parts: list[Part] = []
    for each in dict.fromkeys(rows["period"]):
        index = rows.index[(rows["period"] == each).to_numpy()]
        found, more = _of_edition(grid, index, edition_of(each), sheet, subtypes or {})
        parts, faults = parts + found, faults + more
    return mapped_counts(parts, rows, faults=[*faults, *grid.faults], rows_read=len(block.body))


def _of_edition(
    grid: PeopleGrid,
    index: pd.Index[int],
    edition: Edition,
    sheet: Sheet,
    subtypes: Mapping[str, str],
) -> tuple[list[Part], list[Fault]]:
    body, rounded = grid.block.body.loc[index], np.full(len(index), edition.is_rounded)
    vintage = imd_vintage(sheet, edition)
    has_fifths = any(_IMD in each.levels for each in grid.columns)
    faults = [_unstated()] if vintage is None and has_fifths else []
    listed = None
    if grid.list_size is not None:
        listed, more = audit_counts(body[grid.list_size], "List size 17+", rounded=rounded)
        faults += more
    everyone: dict[str, pd.DataFrame] = {}
    parts = []
    for column in grid.columns:
        number, more = audit_counts(body[column.number], column.heading, rounded=rounded)
        faults += more
        if not column.levels:
            everyone[column.measure] = number
        whole = everyone.get(column.measure) if column.levels else listed
        if whole is not None:
            faults += _compared(column, body, number, whole)
        kept = (body[column.number] != "").to_numpy()
        of_list = listed is not None and not column.levels
        parts.append(
            Part(
                measure=column.measure,
                definition=nda_definition(column.measure, window=edition.window, year=edition.year),
                numerator=number[kept],
                denominator=listed[kept] if listed is not None and of_list else None,
                levels=_levels(column, vintage or _USUAL, subtypes),
            )
        )
    return parts, faults


def _compared(
    column: PeopleColumn, body: pd.DataFrame, number: pd.DataFrame, whole: pd.DataFrame
) -> list[Fault]:
    found = whole_above(number.index.to_numpy(), column.heading, number, whole)
    if column.percentage is not None:
        found += percentages_disagree(body[column.percentage], column.heading, number, whole)
    return found


def _levels(column: PeopleColumn, vintage: str, subtypes: Mapping[str, str]) -> dict[str, str]:
    """Write a fifth of deprivation with its vintage, and the type where the measure says it."""
    levels = {
        name: f"{vintage}:{level}" if name == _IMD and level != UNKNOWN else level
        for name, level in column.levels.items()
    }
    if column.measure in subtypes:
        levels["subtype"] = subtypes[column.measure]
    return levels


def _unstated() -> Fault:
    return Fault(
        rule="deprivation vintage",
        rows=np.array([], dtype=np.int64),
        message=f"nothing says which Index of Multiple Deprivation is meant: {_USUAL} is assumed",
        advice="Check the publisher's notes before comparing with another year.",
        severity="warning",
        sets_aside=False,
    )
