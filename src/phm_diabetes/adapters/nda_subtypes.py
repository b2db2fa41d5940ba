"""Types of diabetes in the National Diabetes Audit: from sheets, titles and columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phm_diabetes.errors import OptionError, SourceLayoutError
from phm_diabetes.model.dimensions import ALL

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["SUBTYPES", "subtype_in", "subtype_of_sheet"]

SUBTYPES = ("type_1", "type_2_and_other")
"""Levels of the dimension subtype: whoever is not recorded as type 1 is type 2 and other."""

_TITLE_ROWS = 8


def subtype_in(text: str) -> str | None:
    """Return the type of diabetes that a text names, ``all`` for both, or ``None``.

    Examples
    --------
    >>> subtype_in("Type 2 and other CP_TT"), subtype_in("TYPE 1"), subtype_in("England")
    ('type_2_and_other', 'type_1', None)
    """
    words = " ".join(text.replace("_", " ").split()).casefold()
    one, two = (
        re.search(rf"\b(?:type ?|t|and ){number}\b", words) is not None for number in (1, 2)
    )
    if one and two:
        return ALL
    if one or two:
        return SUBTYPES[0] if one else SUBTYPES[1]
    return ALL if words in {"all", "all diabetes", "all types"} else None


def subtype_of_sheet(sheet: Sheet, given: str | None) -> str:
    """Return the type of diabetes that a whole sheet is about.

    Parameters
    ----------
    sheet
        The sheet: its name says most, then its title.
    given
        What the caller says.

    Raises
    ------
    SourceLayoutError
        When nothing says it.
    OptionError
        When the caller names no type.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.xlsx", name="Type 1 CP_TT", grid=pd.DataFrame([[""]]))
    >>> subtype_of_sheet(sheet, None)
    'type_1'
    """
    if given is not None:
        if given not in SUBTYPES:
            message = f"subtype= takes {' or '.join(map(repr, SUBTYPES))}, not '{given}'."
            raise OptionError(message)
        return given
    titles = (str(cell) for cell in sheet.grid.iloc[:_TITLE_ROWS, 0] if cell)
    for text in (sheet.name, *titles, sheet.file):
        found = subtype_in(text)
        if found is not None and found != ALL:
            return found
    message = (
        f"{sheet.place} does not say which type of diabetes it is about. Load the whole workbook, "
        "or pass the adapter with subtype='type_1' or subtype='type_2_and_other'."
    )
    raise SourceLayoutError(message)
