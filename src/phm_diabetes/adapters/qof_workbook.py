"""The QOF's published workbooks by CCG or practice: a sheet a group, its header in layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault, matching, whole_numbers
from phm_diabetes.adapters.codes import GP_PRACTICE, ICB, SUB_ICB, malformed
from phm_diabetes.adapters.qof_figures import (
    SheetFigures,
    group_facts,
    indicator_list,
    listed_people,
)
from phm_diabetes.adapters.qof_points import POINTS_PATTERN
from phm_diabetes.adapters.qof_sheets import SIGNATURE, QofSheet, qof_sheet
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.errors import OptionError
from phm_diabetes.model.periods import Period
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = ["QofWorkbook"]

_CODES = {"practice": GP_PRACTICE, "sub_icb": SUB_ICB, "icb": ICB}
_NOT_GIVEN = (":", "z", "")
"""Symbols of the title sheet: not available, and not applicable."""


class QofWorkbook(Adapter):
    """Reads ``qof-<year>-prev-ach-exc-<level>.xlsx``, every group's sheet of it.

    Examples
    --------
    >>> from phm_diabetes.plugins import ADAPTERS, load_plugin
    >>> load_plugin(ADAPTERS, "england.qof_workbook").tables[0]
    'counts'
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "qof_workbook"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the QOF's workbook of prevalence, achievement and exceptions by CCG or practice: a sheet "
        "a group, with year or indicator merged over Numerator, Denominator, Exceptions …"
    )
    description: ClassVar[str] = (
        "Registers, and numerator, denominator and people left out of every indicator, by CCG "
        "(which stand at the level sub_icb, as in the geography of those years) or by practice. "
        "Published unrounded; a denominator is published without those left out. The columns of "
        "the year before, put into the year's CCGs by the publisher, are not read."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (SIGNATURE,)
    tables: ClassVar[tuple[str, ...]] = ("counts", "indicators", "facts", "population")
    policy: ClassVar[Policy] = PUBLISHED

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the year that the sheet says it covers.

        Raises
        ------
        OptionError
            When the caller says another.
        """
        covered = Period.financial_year(qof_sheet(sheet).year)
        if label is not None and Period.financial_year(label) != covered:
            message = f"{sheet.place} covers {covered}, not {label}. Leave period= out."
            raise OptionError(message)
        return covered

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - the sheet says its year
        """Turn a group's sheet into counts, one row an organisation and indicator."""
        found = qof_sheet(sheet)
        wanted = {column.header: (column.header,) for column in found.columns}
        rows = found.sheet.rows(
            {"code": (found.code,), **wanted}, header_row=found.row, layout=f"'{self.name}'"
        )
        faults = _notes(rows)
        faults += malformed(
            sound(rows.cells, faults)["code"], rows.headers["code"], _CODES[found.level]
        )
        numbers, broken = _numbers(sound(rows.cells, faults), found)
        faults += broken
        faults += duplicates(sound(rows.cells, faults), ["code"], "organisation")
        used = sound(rows.cells, faults)
        figures = SheetFigures(
            found=found,
            codes=used["code"].cat.remove_unused_categories(),
            numbers=numbers.loc[used.index],
            points=used,
        )
        faults += _disagreeing(figures) + extra_columns(rows, known=(*found.known, *wanted))
        tables = {
            "counts": figures.counts(),
            "indicators": indicator_list(figures),
            "facts": group_facts(figures),
        }
        if figures.register is None:
            tables["population"] = listed_people(figures)
        return Mapped(tables=tables, faults=faults, rows_read=len(rows.cells))


def _notes(rows: Rows) -> list[Fault]:
    """Rows that name no organisation and hold no figure: footnotes and the copyright."""
    blank = np.ones(len(rows.cells), dtype=bool)
    for column in rows.cells:
        blank &= (rows.cells[column] == "").to_numpy()
    note = Fault(
        rule="note",
        rows=rows.cells.index.to_numpy()[blank],
        message="is a note under the table",
        advice="Nothing to do, but to read it.",
        severity="info",
        counted=True,
    )
    return [note] if blank.any() else []


def _numbers(cells: pd.DataFrame, found: QofSheet) -> tuple[pd.DataFrame, list[Fault]]:
    """Every column of people as whole numbers; a figure that is not given is missing."""
    values: dict[str, pd.Series[Any]] = {}
    faults: list[Fault] = []
    for column in found.columns:
        own = cells[column.header]
        missing = own.isin(_NOT_GIVEN).to_numpy()
        if column.kind == "points":
            faults += matching(
                own[~missing], column.header, pattern=POINTS_PATTERN, what="a number of points"
            )
            continue
        given = own.astype(object).mask(missing, "").astype("category")
        values[column.header], wrong = whole_numbers(given, column.header, empty_allowed=True)
        faults += wrong
        if missing.any():
            faults.append(_not_given(cells.index.to_numpy()[missing], column.header))
    return pd.DataFrame(values, index=cells.index), faults


def _not_given(rows: Any, header: str) -> Fault:  # noqa: ANN401 - row numbers
    return Fault(
        rule="not given",
        rows=rows,
        column=header,
        message="is not given",
        advice="It is missing, and not zero.",
        severity="info",
        sets_aside=False,
    )


def _disagreeing(figures: SheetFigures) -> list[Fault]:
    """Compare the denominator with the publisher's own sum of it and those left out."""
    faults = []
    for code in figures.found.indicators:
        denominator, excluded, everyone = (
            figures.people(code, kind) for kind in ("denominator", "excluded", "everyone")
        )
        if denominator is None or excluded is None or everyone is None:
            continue
        wrong = (denominator + excluded != everyone).fillna(value=False).to_numpy(dtype=bool)
        if wrong.any():
            header = figures.found.column(code, "everyone")
            faults.append(
                Fault(
                    rule="denominator plus those left out",
                    rows=figures.codes.index.to_numpy()[wrong],
                    column=header.header if header else "",
                    message="is not the sum of the denominator and those left out",
                    advice="Used as published. Ask whether the denominator is net of them.",
                    severity="warning",
                    sets_aside=False,
                )
            )
    return faults
