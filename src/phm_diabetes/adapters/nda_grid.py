"""Sheets of the National Diabetes Audit whose measures are merged over their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from phm_diabetes.adapters.nda_blocks import Block, block_under, require, spread, unread
from phm_diabetes.adapters.nda_headers import measure_in, near_heading, part_in
from phm_diabetes.errors import SourceLayoutError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.adapters.cells import Fault
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["Group", "MeasureGrid", "measure_grid"]

_HEADER_WITHIN = 20
# A total is told from a practice by its code in the columns above: one of them must be there.
_IDENTITY = (
    ("Organisation code", ("organisation", "practice")),
    ("CCG code' or 'ICB code", ("practice", "pcn", "sub_icb", "icb", "region")),
)


@frozen(kw_only=True)
class Group:
    """The columns under one heading.

    Parameters
    ----------
    heading
        The publisher's words.
    measure
        Id of the measure.
    numerator, denominator, percentage
        Columns, counted from 0.

    Examples
    --------
    >>> Group(heading="BMI", measure="dm.cp.bmi", numerator=4, denominator=5).percentage
    """

    heading: str
    measure: str
    numerator: int
    denominator: int
    percentage: int | None = None


@frozen(kw_only=True, eq=False)
class MeasureGrid:
    """A sheet told apart into identity and measures.

    Parameters
    ----------
    block
        Rows and their identity.
    groups
        Measures, in the order of the sheet.
    faults
        Headers that could not be read.

    Examples
    --------
    >>> import pandas as pd
    >>> block = Block(identity=pd.DataFrame(), headers={}, body=pd.DataFrame({0: ["9"], 1: [""]}))
    >>> group = Group(heading="BMI", measure="dm.cp.bmi", numerator=0, denominator=1)
    >>> MeasureGrid(block=block, groups=(group,)).figures.tolist()
    [True]
    """

    block: Block
    groups: tuple[Group, ...]
    faults: tuple[Fault, ...] = field(default=())

    @property
    def body(self) -> pd.DataFrame:
        """Text of every column by number, indexed by row number."""
        return self.block.body

    @property
    def figures(self) -> NDArray[np.bool_]:
        """Whether each row has anything under a measure."""
        spots = [spot for each in self.groups for spot in (each.numerator, each.denominator)]
        return np.asarray((self.body[spots] != "").to_numpy().any(axis=1), dtype=bool)


def measure_grid(sheet: Sheet, *, layout: str) -> MeasureGrid:
    """Read a sheet whose measures are merged over numerator, denominator and percentage.

    Parameters
    ----------
    sheet
        The sheet.
    layout
        What reads it, for the message.

    Raises
    ------
    SourceLayoutError
        When the sheet has no row with numerator and denominator, lacks what tells its
        organisations apart, or has half a measure.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> grid = measure_grid(Sheet(file="a.xlsx", name="", grid=pd.DataFrame([
    ...     ["", "BMI", ""], ["GP code", "Numerator", "Denominator"],
    ...     ["Y99001", "90", "100"]])), layout="the example")
    >>> grid.groups[0].measure, grid.block.identity["practice"].tolist()
    ('dm.cp.bmi', ['Y99001'])
    """
    row = _header_row(sheet, layout)
    parts = [part_in(text) for text in sheet.header(row)]
    block = block_under(sheet, row, parts, layout=layout)
    require(block, _IDENTITY, sheet, layout=layout)
    groups, unknown = _groups(sheet, spread(sheet.header(row - 1), parts), parts)
    return MeasureGrid(block=block, groups=groups, faults=(*block.faults, *unknown))


def _header_row(sheet: Sheet, layout: str) -> int:
    for row in range(2, min(_HEADER_WITHIN, len(sheet.grid)) + 1):
        parts = {part_in(text) for text in sheet.header(row) if text}
        if {"numerator", "denominator"} <= parts:
            return row
    message = (
        f"{sheet.place} is not in the layout that {layout} reads: none of its first "
        f"{_HEADER_WITHIN} rows names a 'Numerator' and a 'Denominator' under each measure. Check "
        "that it is the sheet with care processes and treatment targets."
    )
    raise SourceLayoutError(message)


def _unpaired(sheet: Sheet, heading: str, counts: tuple[int, int]) -> str:
    """Say which half of a measure is missing, or stands twice."""
    names = zip(("Numerator", "Denominator"), counts, strict=True)
    wrong = [
        f"'{heading} / {name}' {'is missing' if count == 0 else 'stands twice'}"
        for name, count in names
        if count != 1
    ]
    return f"{sheet.place} cannot be read: {', '.join(wrong)}. Ask for the sheet as published."


def _groups(
    sheet: Sheet, headings: Sequence[str], parts: Sequence[str | None]
) -> tuple[tuple[Group, ...], list[Fault]]:
    held: dict[str, dict[str, list[int]]] = {}
    for spot, (heading, part) in enumerate(zip(headings, parts, strict=True)):
        if part and part != "ignored":
            held.setdefault(heading, {}).setdefault(part, []).append(spot)
    if "" in held:
        message = (
            f"{sheet.place} cannot be read: {len(held[''])} kinds of figures stand under no "
            "measure. The measure's name must stand over its 'Numerator'."
        )
        raise SourceLayoutError(message)
    groups: list[Group] = []
    unknown: list[Fault] = []
    for heading, columns in held.items():
        measure = measure_in(heading)
        counts = (len(columns.get("numerator", ())), len(columns.get("denominator", ())))
        if measure is None:
            message = "is no measure that is known, and its figures were not read"
            unknown.append(unread(heading, message, near_heading(heading)))
        elif counts != (1, 1):
            raise SourceLayoutError(_unpaired(sheet, heading, counts))
        elif measure != "dm.tt3" and any(each.measure == measure for each in groups):
            unknown.append(unread(heading, "is a measure that another heading is too"))
        else:
            groups.append(
                Group(
                    heading=heading,
                    measure=measure,
                    numerator=columns["numerator"][0],
                    denominator=columns["denominator"][0],
                    percentage=next(iter(columns.get("percentage", ())), None),
                )
            )
    return tuple(groups), unknown
