"""Blocks of a sheet under several rows of headers: identities, merged headings and the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import field, frozen

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_headers import identifier_in
from phm_diabetes.errors import SourceLayoutError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["Block", "block_under", "require", "spread", "unread"]


@frozen(kw_only=True, eq=False)
class Block:
    """The rows under a header, with the columns that say what each is about.

    Parameters
    ----------
    identity
        Text by role, such as ``year`` or ``organisation``; indexed by row number, padding left
        out.
    headers
        The publisher's header of each role.
    body
        Text of every column by number, rows as in `identity`.
    faults
        Columns that could not be read.

    Examples
    --------
    >>> Block(identity=pd.DataFrame(), headers={"practice": "GP code"}, body=pd.DataFrame()).faults
    ()
    """

    identity: pd.DataFrame = field(repr=False)
    headers: Mapping[str, str]
    body: pd.DataFrame = field(repr=False)
    faults: tuple[Fault, ...] = ()


def block_under(sheet: Sheet, row: int, parts: Sequence[str | None], *, layout: str) -> Block:
    """Return the rows under a header, and their identity.

    Parameters
    ----------
    sheet
        The sheet.
    row
        Last row of the header, counted from 1.
    parts
        What each column of figures holds; ``None`` for the others.
    layout
        What reads it, for the message.

    Raises
    ------
    SourceLayoutError
        When two columns say the same of a row.

    Examples
    --------
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.xlsx", name="", grid=pd.DataFrame([
    ...     ["GP code", "Number"], ["Y99001", "90"], ["", ""]]))
    >>> block_under(sheet, 1, [None, "numerator"], layout="the example").identity.to_dict()
    {'practice': {2: 'Y99001'}}
    """
    lowest = [low or high for low, high in zip(*_two_rows(sheet, row), strict=True)]
    body = _body(sheet.grid, row)
    found: dict[str, int] = {}
    faults = []
    for spot, (part, header) in enumerate(zip(parts, lowest, strict=True)):
        role = identifier_in(header) if header and not part else None
        if role in found and role != "name":
            message = (
                f"{sheet.place} is not in the layout that {layout} reads: '{header}' says what "
                "another column says. Keep one of them."
            )
            raise SourceLayoutError(message)
        if role:
            found[role] = spot
        elif header and not part:
            faults.append(unread(header, "names no part of an organisation and no measure"))
    bare = [spot for spot, part in enumerate(parts) if not part and not lowest[spot]]
    faults += _unheaded(body, bare)
    return Block(
        identity=pd.DataFrame({role: body[spot] for role, spot in found.items()}),
        headers={role: lowest[spot] for role, spot in found.items()},
        body=body,
        faults=tuple(faults),
    )


def _two_rows(sheet: Sheet, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts of a row and of the one above, into which a header may be merged."""
    low = sheet.header(row)
    return low, sheet.header(row - 1) or ("",) * len(low)


def _body(grid: pd.DataFrame, row: int) -> pd.DataFrame:
    below = grid.iloc[row:]
    texts = pd.DataFrame(
        {spot: below[spot].astype(str).str.strip().to_numpy() for spot in below.columns},
        index=pd.RangeIndex(row + 1, row + 1 + len(below)),
    )
    return texts[np.asarray((texts != "").to_numpy().any(axis=1), dtype=bool)]


def _unheaded(body: pd.DataFrame, spots: Sequence[int]) -> list[Fault]:
    rows = body.index.to_numpy()[(body[list(spots)] != "").to_numpy().any(axis=1)]
    if not len(rows):
        return []
    return [
        Fault(
            rule="unheaded column",
            rows=rows,
            message="has something under no header, which was not read",
            advice="Nothing to do, unless it was meant to count.",
            severity="warning",
            sets_aside=False,
            counted=True,
        )
    ]


def require(
    block: Block, wanted: Sequence[tuple[str, tuple[str, ...]]], sheet: Sheet, *, layout: str
) -> None:
    """Refuse a sheet without the columns that tell its organisations apart.

    Parameters
    ----------
    block
        The sheet.
    wanted
        Headers as they usually stand, each with the roles of which one will do.
    sheet, layout
        For the message.

    Raises
    ------
    SourceLayoutError
        Naming every missing column.

    Examples
    --------
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.xlsx", name="", grid=pd.DataFrame([["Year"], ["2021_22"]]))
    >>> block = block_under(sheet, 1, [None], layout="the example")
    >>> require(block, [("Audit year", ("year",))], sheet, layout="the example")
    """
    missing = [f"'{header}'" for header, roles in wanted if not set(roles) & set(block.identity)]
    if missing:
        message = (
            f"{sheet.place} is not in the layout that {layout} reads. Missing, so that rows cannot "
            f"be told apart: {', '.join(missing)}."
        )
        raise SourceLayoutError(message)


def spread(above: Sequence[str], parts: Sequence[str | None]) -> list[str]:
    """Spread each merged heading over the columns below it, and never over an identity.

    Examples
    --------
    >>> spread(["Title", "BMI", "", "Smoking"], [None, "numerator", "denominator", "numerator"])
    ['', 'BMI', 'BMI', 'Smoking']
    """
    headings, heading = [], ""
    for text, part in zip(above, parts, strict=True):
        heading = (text or heading) if part else ""
        headings.append(heading)
    return headings


def unread(header: str, message: str, question: str = "") -> Fault:
    """Return the fault of a header that could not be read, as a question where one is near.

    Examples
    --------
    >>> unread("Foo", "is no measure").severity
    'error'
    """
    return Fault(
        rule="unknown column",
        rows=np.array([], dtype=np.int64),
        column=header,
        message=message,
        advice=(
            f"Check the header.{question} With problems='report' the other columns are read "
            "without it."
        ),
        sets_aside=False,
    )
