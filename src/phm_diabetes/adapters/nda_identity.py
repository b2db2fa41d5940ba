"""Identity of the National Diabetes Audit's rows: organisation, type of diabetes and audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_levels import organisations_in
from phm_diabetes.adapters.nda_periods import audit_of_row
from phm_diabetes.adapters.nda_subtypes import subtype_in, subtype_of_sheet
from phm_diabetes.adapters.rules import duplicates, sound
from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["identified"]

_KEYS = ["level", "code", "subtype", "period"]


def identified(
    cells: pd.DataFrame,
    headers: Mapping[str, str],
    *,
    figures: NDArray[np.bool_],
    sheet: Sheet,
    period: Period | None,
    subtype: str | None = None,
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return what each row that can be used is about, and the others as faults.

    Parameters
    ----------
    cells, headers
        Text by role, and the publisher's header of each.
    figures
        Whether a row holds any figure.
    sheet
        Where the rows stand, which names the type of diabetes where no column does.
    period
        Audit of the sheet, where it is known.
    subtype
        What the caller says of the type.

    Returns
    -------
    rows : DataFrame
        ``level``, ``code``, ``subtype`` and ``period``, indexed by row number.
    faults : list of Fault

    Raises
    ------
    SourceLayoutError
        When neither rows nor sheet nor caller name the type.
    OptionError
        When none of them names the audit.

    Examples
    --------
    >>> import numpy as np
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> cells = pd.DataFrame({"year": ["2019_20"], "organisation": ["Y99001"]}, index=[4])
    >>> sheet = Sheet(file="a.xlsx", name="Type 1 CP_TT", grid=pd.DataFrame([[""]]))
    >>> rows, _ = identified(cells, {}, figures=np.array([True]), sheet=sheet, period=None)
    >>> rows.loc[4, ["level", "subtype"]].tolist()
    ['practice', 'type_1']
    """
    found = organisations_in(cells, headers, figures)
    faults = [*found.faults, *_notes(cells.index[found.is_note])]
    cells = sound(cells, faults)
    periods, unread = _periods(cells, headers, sheet, period)
    if "type" in cells:
        types, untyped = _mapped(cells["type"], headers["type"], subtype_in, "diabetes type")
    else:
        types, untyped = pd.Series(subtype_of_sheet(sheet, subtype), index=cells.index), []
    faults += [*unread, *untyped]
    rows = pd.DataFrame(
        {"level": found.level, "code": found.code, "subtype": types, "period": periods}
    )
    rows = sound(rows, faults)
    keys = rows.assign(period=rows["period"].astype(str)).astype(object)
    faults += duplicates(keys, _KEYS, "organisation, audit year and type of diabetes")
    return sound(rows, faults), faults


def _notes(index: pd.Index[int]) -> list[Fault]:
    if not len(index):
        return []
    return [
        Fault(
            rule="note",
            rows=index.to_numpy(),
            message="is a note or a footer",
            advice="Nothing to do: the rows are listed here and not used.",
            severity="info",
            counted=True,
        )
    ]


def _periods(
    cells: pd.DataFrame, headers: Mapping[str, str], sheet: Sheet, period: Period | None
) -> tuple[pd.Series[Any], list[Fault]]:
    if "year" in cells:
        return _mapped(
            cells["year"],
            headers.get("year", ""),
            lambda label: audit_of_row(label, period) if label else period,
            "audit year, such as 2019_20",
        )
    if period is None:
        message = (
            f"{sheet.place} does not say which audit it covers, or not the months of a year whose "
            "window is not public. Pass period= the year, for instance period='2021-22' or "
            "period='2021-22 Q1', or period=Period.audit('2024-25', months=15)."
        )
        raise OptionError(message)
    return pd.Series([period] * len(cells), index=cells.index, dtype=object), []


def _mapped(
    column: pd.Series[Any], header: str, read: Callable[[str], Any], what: str
) -> tuple[pd.Series[Any], list[Fault]]:
    """Read each distinct text once; ``None`` is a fault."""
    known = {text: read(text) for text in column.unique()}
    values = pd.Series([known[text] for text in column], index=column.index, dtype=object)
    rows = column.index.to_numpy()[values.isna().to_numpy(dtype=bool)]
    fault = Fault(
        rule=what.split(",", maxsplit=1)[0],
        rows=rows,
        column=header,
        message=f"names no {what}",
        advice="Check that the column was not shifted, cut or reformatted by a spreadsheet.",
    )
    return values, [fault] if len(rows) else []
