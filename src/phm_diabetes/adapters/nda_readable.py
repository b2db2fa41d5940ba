"""Headers of views and exports, without what a database or a web page did to them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from attrs import evolve

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["readable"]


def readable(sheet: Sheet, *, header_row: int = 1) -> Sheet:
    """Return a sheet whose headers stand in capitals, without brackets and escaped signs.

    Parameters
    ----------
    sheet
        Any sheet.
    header_row
        Row of the headers, counted from 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> view = Sheet(file="a.csv", name="", grid=pd.DataFrame([["[BP_&lt;=140_80]", "Age"]]))
    >>> readable(view).header()
    ('BP_<=140_80', 'AGE')
    """
    grid = sheet.grid.astype(str)  # a column of categories takes no new text
    grid.iloc[header_row - 1] = [
        html.unescape(text).strip("[] ").upper() for text in sheet.header(header_row)
    ]
    return evolve(sheet, grid=grid)
