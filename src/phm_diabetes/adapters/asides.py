"""Asides: rows of a declared layout that are no records of their own, or say what others say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.declared import is_organisation
from phm_diabetes.adapters.filling import read_organisation
from phm_diabetes.adapters.rules import duplicates
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from phm_diabetes.adapters.declared import Column
    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = [
    "footer_rows",
    "larger_than_denominators",
    "other_rows",
    "repeated_rows",
    "rows_without_facts",
]


def footer_rows(
    sheet: Sheet, rows: Rows, columns: Mapping[str, Column], patterns: Sequence[str]
) -> list[Fault]:
    """Find totals and notes: rows that name no organisation and begin as a footer does.

    Parameters
    ----------
    sheet, rows
        Where they stand.
    columns
        What each column holds.
    patterns
        Regular expressions of the whole first cell that is not blank, case ignored.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.declared import Column
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.csv", name="", grid=pd.DataFrame([["PCN"], ["U99001"], ["Total"]]))
    >>> columns = {"pcn": Column(header="PCN", kind="ods_pcn")}
    >>> footer_rows(sheet, sheet.rows({"pcn": ["PCN"]}), columns, ["total"])[0].rows.tolist()
    [3]
    """
    if not patterns:
        return []
    name = next(name for name, each in columns.items() if is_organisation(each))
    _, unnamed = read_organisation(rows.cells[name], rows.headers[name], columns[name])
    form = re.compile("|".join(f"(?:{each})" for each in patterns), re.IGNORECASE)
    found = [
        row
        for fault in unnamed
        for row in fault.rows.tolist()
        if form.fullmatch(_first_text(sheet.grid.iloc[row - 1].to_list()))
    ]
    return _together(
        found,
        rule="footer",
        message="is a total or a note, and no organisation's own row",
        advice="Nothing to do: totals are worked out from the rows that are kept.",
    )


def _first_text(cells: list[Any]) -> str:
    texts = (str(cell).strip() for cell in cells)
    return next((text for text in texts if text), "")


def other_rows(rows: Rows, columns: Mapping[str, Column]) -> list[Fault]:
    """Find rows about what the layout leaves out, by columns whose ``others`` are reported.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.declared import Column
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.csv", name="", grid=pd.DataFrame([["Code"], ["I1"], ["I2"]]))
    >>> kept = Column(header="Code", kind="measure", to={"I1": "copd.review"}, others="report")
    >>> other_rows(sheet.rows({"measure": ["Code"]}), {"measure": kept})[0].rows.tolist()
    [3]
    """
    faults: list[Fault] = []
    for name, column in columns.items():
        if column.others != "report" or name not in rows.cells:
            continue
        known = rows.cells[name].isin([*column.to]).to_numpy(dtype=bool)
        faults += _together(
            rows.cells.index.to_numpy()[~known],
            rule="left out",
            column=rows.headers[name],
            message="is none of those that the layout keeps",
            advice="Nothing to do, unless a row of these was meant to count.",
        )
    return faults


def _together(rows: Any, **words: Any) -> list[Fault]:  # noqa: ANN401 - passed on to Fault
    """Report rows as one counted reason."""
    return [Fault(rows=rows, severity="info", counted=True, **words)] if len(rows) else []


def repeated_rows(
    identity: pd.DataFrame, cells: pd.DataFrame, *, what: str, rule: str
) -> list[Fault]:
    """Find rows about the same record.

    Parameters
    ----------
    identity
        What tells records apart, as it was read, indexed by row number.
    cells
        Everything that was read, as text.
    what
        What tells records apart, in words.
    rule
        ``"refuse"``, or ``"report"`` where rows that say the very same are used once.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"practice": ["A", "B", "A"], "n": ["1", "2", "1"]}, index=[2, 3, 4])
    >>> [(fault.severity, fault.rows.tolist()) for fault in repeated_rows(
    ...     rows[["practice"]], rows, what="practice", rule="report")]
    [('info', [4])]
    """
    if rule == "refuse" or not len(cells):
        return duplicates(identity, list(identity.columns), what)
    ids, _ = group_ids(cells, list(cells.columns))
    _, first = np.unique(ids, return_index=True)
    copy = np.ones(len(cells), dtype=bool)
    copy[first] = False
    faults = duplicates(identity[~copy], list(identity.columns), what)
    if copy.any():
        faults.append(
            Fault(
                rule="duplicate",
                rows=cells.index.to_numpy()[copy],
                message="says the same as an earlier row",
                advice="Nothing to do: it counts once.",
                severity="info",
            )
        )
    return faults


def larger_than_denominators(table: pd.DataFrame) -> list[Fault]:
    """Find counts that are larger than what they are out of, whatever hiding or rounding did.

    Examples
    --------
    >>> import pandas as pd
    >>> larger_than_denominators(pd.DataFrame(
    ...     {"numerator_low": [8], "denominator_high": [7], "source_row": [2]}))[0].rows.tolist()
    [2]
    """
    above = (table["numerator_low"] > table["denominator_high"]).fillna(value=False)
    rows = np.unique(table.loc[above.to_numpy(dtype=bool), "source_row"].to_numpy(np.int64))
    if not len(rows):
        return []
    return [
        Fault(
            rule="numerator within denominator",
            rows=rows,
            message="has a numerator that is larger than its denominator",
            advice="Used as published. Check that the two columns were not swapped.",
            severity="warning",
            sets_aside=False,
        )
    ]


def rows_without_facts(read: pd.DataFrame, facts: pd.DataFrame) -> list[Fault]:
    """Find rows that name an organisation and say nothing about it.

    Examples
    --------
    >>> import pandas as pd
    >>> facts = pd.DataFrame({"source_row": [2]})
    >>> rows_without_facts(pd.DataFrame(index=[2, 3]), facts)[0].rows.tolist()
    [3]
    """
    told = np.isin(read.index.to_numpy(), facts["source_row"].to_numpy())
    return _together(
        read.index.to_numpy()[~told],
        rule="says nothing",
        message="has no fact about its organisation",
        advice="Nothing to do: an empty cell is not known, and is not shown.",
    )
