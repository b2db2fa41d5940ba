"""Rules that hold for rows rather than cells: no duplicates, one parent, no unexplained columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from phm_diabetes.adapters.sheets import Rows

__all__ = ["disagreements", "duplicates", "extra_columns", "sound", "spellings"]


def sound(cells: pd.DataFrame, faults: Sequence[Fault]) -> pd.DataFrame:
    """Return the rows that no fault sets aside, so that one slip is reported once.

    Parameters
    ----------
    cells
        Rows, indexed by row number.
    faults
        What was found so far.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"practice": ["A", "B", "A"]}, index=[2, 3, 4])
    >>> sound(cells, duplicates(cells, ["practice"], "practice")).index.tolist()
    [3]
    """
    aside = [fault.rows for fault in faults if fault.sets_aside]
    return cells[~np.isin(cells.index.to_numpy(), np.concatenate(aside))] if aside else cells


def duplicates(
    cells: pd.DataFrame, key: Sequence[str], what: str, *, harmless: bool = False
) -> list[Fault]:
    """Find rows that share a key: all copies, since none is known to be the right one.

    Parameters
    ----------
    cells
        Rows, indexed by row number.
    key
        Columns that must tell rows apart.
    what
        What the key is, for the message.
    harmless
        Whether the key is all that the rows say, so that the copies can be used.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"practice": ["A", "B", "A"]}, index=[2, 3, 4]).astype("category")
    >>> duplicates(cells, ["practice"], "practice")[0].rows.tolist()
    [2, 4]
    """
    ids, _ = group_ids(cells, key)
    copies = np.bincount(ids)[ids] > 1 if len(ids) else np.array([], dtype=bool)
    if not copies.any():
        return []
    if harmless:
        advice = "Nothing to do: the rows say the same, and it holds once."
    else:
        advice = "Keep the right row; the library does not choose, and never adds them up."
    return [
        Fault(
            rule="duplicate",
            rows=cells.index.to_numpy()[copies],
            message=f"the same {what} stands on more than one row",
            advice=advice,
            severity="warning" if harmless else "error",
            sets_aside=not harmless,
        )
    ]


def disagreements(
    cells: pd.DataFrame, member: str, parent: str, *, header: str, what: str
) -> list[Fault]:
    """Find rows that put a member in another parent than most of its rows do.

    Parameters
    ----------
    cells
        Rows, indexed by row number.
    member, parent
        Columns; every member must have one parent.
    header
        The publisher's header of the parent.
    what
        What the member and its parent are, for the message.

    Returns
    -------
    list of Fault
        The rows of the minority; all rows of a member that has no majority.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"ccg": ["A", "A", "A"], "stp": ["Q", "R", "Q"]}, index=[2, 3, 4])
    >>> disagreements(cells, "ccg", "stp", header="STP", what="CCG in an STP")[0].rows.tolist()
    [3]
    """
    pairs, first = group_ids(cells, [member, parent])
    members, _ = group_ids(cells, [member])
    size, owner = np.bincount(pairs, minlength=len(first)), members[first]
    most = np.zeros(len(first), dtype=np.int64)
    np.maximum.at(most, owner, size)
    leads = size == most[owner]
    alone = np.bincount(owner[leads], minlength=len(first))[owner] == 1
    odd = ~(leads & alone)[pairs]
    if not odd.any():
        return []
    return [
        Fault(
            rule="one parent",
            rows=cells.index.to_numpy()[odd],
            column=header,
            message=f"contradicts other rows about the same {what}",
            advice="Each has one parent in a year: correct the code, or ask for the file again.",
        )
    ]


def spellings(cells: pd.DataFrame, code: str, name: str, *, header: str) -> list[Fault]:
    """Find rows whose organisation is named otherwise on an earlier row, which counts.

    Parameters
    ----------
    cells
        Rows, indexed by row number; a blank name contradicts none.
    code, name
        Columns.
    header
        The publisher's header of the name.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"pcn": ["A", "A"], "name": ["North", "Nth"]}, index=[2, 3])
    >>> spellings(cells, "pcn", "name", header="PCN_NAME")[0].rows.tolist()
    [3]
    """
    named = cells[(cells[name] != "").to_numpy()]
    names, _ = group_ids(named, [name])
    ids, first = group_ids(named, [code])
    other = names != names[first][ids]
    if not other.any():
        return []
    return [
        Fault(
            rule="one name",
            rows=named.index.to_numpy()[other],
            column=header,
            message="names an organisation otherwise than an earlier row does",
            advice="The first name is used; codes decide what belongs together.",
            severity="warning",
            sets_aside=False,
        )
    ]


def extra_columns(rows: Rows, *, known: Sequence[str] = ()) -> list[Fault]:
    """Report headers that the layout does not have, and rows with a cell under no header.

    Cells under a header that is not the layout's are not read. A row that is wider than the
    header is set aside: a comma inside a number or a name has moved its cells.

    Parameters
    ----------
    rows
        What was read.
    known
        Headers that the layout has and the adapter leaves out.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.csv", name="", grid=pd.DataFrame([["Code", "Town", "Note"]]))
    >>> rows = sheet.rows({"code": ("Code",)})
    >>> [fault.column for fault in extra_columns(rows, known=("Town",))]
    ['Note']
    """
    expected = {" ".join(header.split()).casefold() for header in known}
    wider = Fault(
        rule="wider than the header",
        rows=rows.unheaded,
        message="the row has more cells than the header",
        advice="A comma inside a number or a name moves the rest: put the cell in quotation marks.",
    )
    return [wider] * bool(len(rows.unheaded)) + [
        Fault(
            rule="unknown column",
            rows=np.array([], dtype=np.int64),
            column=header,
            message="is no part of the layout and was not read",
            advice="Nothing to do, unless it was meant to count.",
            severity="warning",
            sets_aside=False,
        )
        for header in rows.ignored
        if header.casefold() not in expected
    ]
