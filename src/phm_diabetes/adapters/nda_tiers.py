"""Sheets of the National Diabetes Audit that count people under tiers of headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import field, frozen

from phm_diabetes.adapters.nda_blocks import Block, block_under, require, spread, unread
from phm_diabetes.adapters.nda_demographics import dimension_in, is_total, level_in
from phm_diabetes.adapters.nda_headers import identifier_in, part_in
from phm_diabetes.errors import SourceLayoutError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.adapters.cells import Fault
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["PeopleColumn", "PeopleGrid", "people_grid"]

_HEADER_WITHIN = 20
_TIERS = 3
_LIST = re.compile(r".*\b(list|registered (patients|population))\b.*17.*", re.IGNORECASE)


@frozen(kw_only=True)
class PeopleColumn:
    """A column that counts people.

    Parameters
    ----------
    heading
        The publisher's words, all tiers of them.
    measure
        What is counted.
    levels
        Level of the one dimension that the column is a part of; empty for everybody.
    number, percentage
        Columns, counted from 0.

    Examples
    --------
    >>> PeopleColumn(heading="All", measure="dm.registrations", number=4).levels
    {}
    """

    heading: str
    measure: str
    number: int
    percentage: int | None = None
    levels: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True, eq=False)
class PeopleGrid:
    """A sheet that counts people.

    Parameters
    ----------
    block
        Rows and their identity.
    columns
        Counts, in the order of the sheet.
    list_size
        Column of the practice's list aged 17 and over, where there is one.
    faults
        Headers that could not be read.

    Examples
    --------
    >>> import pandas as pd
    >>> block = Block(identity=pd.DataFrame(), headers={}, body=pd.DataFrame())
    >>> PeopleGrid(block=block, columns=()).list_size
    """

    block: Block
    columns: tuple[PeopleColumn, ...]
    list_size: int | None = None
    faults: tuple[Fault, ...] = ()


def people_grid(
    sheet: Sheet,
    *,
    measures: Mapping[str, str],
    default: str | None,
    wanted: Sequence[tuple[str, tuple[str, ...]]] = (),
    layout: str,
) -> PeopleGrid:
    """Read a sheet whose columns are a number and a percentage under tiers of headings.

    Parameters
    ----------
    sheet
        The sheet.
    measures
        What is counted, by a regular expression that a tier holds.
    default
        What is counted where no tier says it; ``None`` where one must.
    wanted
        Headers that must be there, each with the roles of which one will do.
    layout
        What reads it, for the message.

    Raises
    ------
    SourceLayoutError
        When no row names an organisation's code and a number, or a header is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> grid = people_grid(Sheet(file="a.xlsx", name="", grid=pd.DataFrame([
    ...     ["", "All", "", "Aged under 40", ""], ["GP code", "Number", "%", "Number", "%"],
    ...     ["Y99001", "90", "", "5", "5.6"]])), measures={}, default="dm.registrations",
    ...     layout="the example")
    >>> [dict(each.levels) for each in grid.columns]
    [{}, {'age_band': '<40'}]
    """
    row = _header_row(sheet, layout)
    lowest = sheet.header(row)
    lists = [spot for spot, text in enumerate(lowest) if _LIST.match(text)]
    parts = ["list" if spot in lists else part_in(text) for spot, text in enumerate(lowest)]
    block = block_under(sheet, row, parts, layout=layout)
    require(block, wanted, sheet, layout=layout)
    tiers = [spread(sheet.header(above), parts) for above in range(max(1, row - _TIERS), row)]
    columns: list[PeopleColumn] = []
    faults = list(block.faults)
    for spot, part in enumerate(parts):
        if part != "numerator":
            continue
        texts = [tier[spot] for tier in tiers if tier[spot]]
        heading = " / ".join(texts) or lowest[spot]
        found = _told(texts, measures, default)
        if found is None or any((each.measure, each.levels) == found for each in columns):
            why = "is no group of people that is known" if found is None else "stands twice"
            faults.append(unread(heading, f"{why}, and was not read"))
            continue
        share = spot + 1 if parts[spot + 1 : spot + 2] == ["percentage"] else None
        columns.append(
            PeopleColumn(
                heading=heading, measure=found[0], levels=found[1], number=spot, percentage=share
            )
        )
    return PeopleGrid(
        block=block,
        columns=tuple(columns),
        list_size=lists[0] if lists else None,
        faults=tuple(faults),
    )


def _header_row(sheet: Sheet, layout: str) -> int:
    for row in range(1, min(_HEADER_WITHIN, len(sheet.grid)) + 1):
        texts = [text for text in sheet.header(row) if text]
        if any(part_in(text) == "numerator" for text in texts) and any(map(identifier_in, texts)):
            return row
    message = (
        f"{sheet.place} is not in the layout that {layout} reads: none of its first "
        f"{_HEADER_WITHIN} rows names the code of an organisation beside a 'Number'."
    )
    raise SourceLayoutError(message)


def _told(
    tiers: Sequence[str], measures: Mapping[str, str], default: str | None
) -> tuple[str, dict[str, str]] | None:
    """Return what a column counts, and of whom: each tier says a part of it."""
    measure, dimension = default, None
    levels: dict[str, str] = {}
    for text in tiers:
        named = next((name for known, name in measures.items() if re.search(known, text)), None)
        level = level_in(text, dimension=dimension)
        if named is not None:
            measure = named
        elif level is not None:
            levels = {level[0]: level[1]}
        elif dimension_in(text) is not None:
            dimension = dimension_in(text)
        elif not is_total(text):
            return None
    if measure is None or (dimension is not None and not levels):
        return None
    return measure, levels
