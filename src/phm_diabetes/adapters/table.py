"""The declarative adapter: a layout stated in some fifteen lines, and nothing else to write."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from phm_diabetes.adapters.asides import (
    footer_rows,
    larger_than_denominators,
    other_rows,
    repeated_rows,
    rows_without_facts,
)
from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.declared import Column, is_organisation
from phm_diabetes.adapters.filling import counts_table, facts_table, read_cells
from phm_diabetes.adapters.headers import find_header, under_one_header
from phm_diabetes.adapters.kinds import DATES, ORGANISATIONS, PERIODS
from phm_diabetes.adapters.layouts import FIELDS, refuse_unknown, refuse_wrong
from phm_diabetes.adapters.manifest import fields_of
from phm_diabetes.adapters.ranges import Rounding
from phm_diabetes.adapters.rules import extra_columns, sound
from phm_diabetes.errors import SourceLayoutError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from phm_diabetes.adapters.base import DuplicateRule
    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = ["Column", "Rounding", "TableAdapter"]


class TableAdapter(Adapter):
    """Reads one table a sheet, whose layout a subclass, or a TOML file, declares.

    What is declared is checked when the class is made, or the file is read; every field at
    fault is named.

    Attributes
    ----------
    columns
        What is read: a :class:`~phm_diabetes.adapters.declared.Column` by our name for it. One
        is the organisation; at most one a period, or two dates named ``period_start`` and
        ``period_end``; a category is a dimension of that name. Without a period, the caller or
        the file's name must say it.
    measures
        Names of the columns of numerator and denominator, by measure. None where a column says
        which measure a row is about; its counts are then named ``numerator`` and ``denominator``.
    definition
        Of every measure, or by measure: publisher, code and edition.
    sheet
        Regular expression of the sheets' whole names; ``None`` for any.
    header_within, header_rows
        The header is sought in the first so many rows, and takes so many of them.
    footers
        Regular expressions of the whole first cell of a total or note. Such rows are reported
        together; a row that names an organisation is never one.
    not_read
        Headers that the layout has and nobody needs.
    missing
        Symbols that say that there is no count; ``""`` for an empty cell.
    rounding
        How counts are rounded; those of the kind ``exact_count`` are not.

    Examples
    --------
    >>> class Reviews(TableAdapter):
    ...     place, dataset, version = "northshire", "reviews", "1"
    ...     layout = "the yearly return of reviews: one row a practice."
    ...     description = "Yearly reviews by practice, 1 to 7 hidden."
    ...     definition = "northshire:review:2023"
    ...     hidden = {"*": (1, 7)}
    ...     columns = {
    ...         "practice": Column(header="Practice", kind="ods_practice"),
    ...         "year": Column(header="Year", kind="nhs_year"),
    ...         "seen": Column(header="Reviewed", kind="count"),
    ...         "due": Column(header="Register", kind="count"),
    ...     }
    ...     measures = {"copd.review": ("seen", "due")}
    >>> import phm_diabetes as phm
    >>> frame = pd.DataFrame({"Practice": ["Y99001"], "Year": ["2022-23"], "Reviewed": ["*"],
    ...                       "Register": [40]})
    >>> phm.load(frame, adapter=Reviews).table["numerator_high"].tolist()
    [7]
    """

    columns: ClassVar[Mapping[str, Column]]
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    measures: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType({})
    definition: ClassVar[str | Mapping[str, str]] = ""
    sheet: ClassVar[str | None] = None
    header_within: ClassVar[int] = 1
    header_rows: ClassVar[int] = 1
    footers: ClassVar[tuple[str, ...]] = ()
    not_read: ClassVar[tuple[str, ...]] = ()
    missing: ClassVar[tuple[str, ...]] = ()
    rounding: ClassVar[Rounding | None] = None
    duplicates: ClassVar[DuplicateRule] = "refuse"

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - as Python hands them on
        """Check what a subclass declares, and work out how its sheets are recognised."""
        super().__init_subclass__(**kwargs)
        stated = [
            name
            for name, value in vars(cls).items()
            if not name.startswith("_") and not hasattr(value, "__get__")
        ]
        refuse_unknown(cls.__name__, stated)
        if not hasattr(cls, "columns"):
            return  # a base of several layouts
        fields = {name: getattr(cls, name, None) for name in FIELDS}
        refuse_wrong(cls.__name__, fields)
        for name, value in _worked_out(fields).items():
            setattr(cls, name, value)

    @classmethod
    def from_toml(cls, path: str | os.PathLike[str]) -> Self:
        """Return the adapter that a TOML file declares, in the words of the attributes.

        Raises
        ------
        SourceReadError
            When the file is missing or may not be read.
        OptionError
            When a field is wrong; each is named.
        """
        stated = fields_of(path)
        fields = {name: getattr(cls, name, None) for name in FIELDS} | stated
        refuse_wrong(Path(path).name, fields)
        adapter = cls()
        vars(adapter).update(stated | _worked_out(fields))
        return adapter

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn one sheet into counts or facts."""
        rows = self._rows(sheet)
        faults = footer_rows(sheet, rows, self.columns, self.footers)
        faults += other_rows(rows, self.columns)
        cells = sound(rows.cells, faults)
        read, wrong = read_cells(
            cells,
            rows,
            self.columns,
            hidden=self.hidden,
            missing=self.missing,
            rounding=self.rounding,
        )
        if context.period is not None and "period_start" not in read:
            read["period_start"] = pd.Timestamp(context.period.start)
            read["period_end"] = pd.Timestamp(context.period.end)
        good = sound(read, wrong)
        wrong += repeated_rows(
            good[[name for name in self._identity if name in good]],
            cells.loc[good.index],
            what=self._record,
            rule=self.duplicates,
        )
        if self.tables == ("facts",):
            good = sound(read, wrong)
            table = facts_table(good, level=self._level, attributes=self._named("category", "text"))
            wrong += rows_without_facts(good, table)
        else:
            table = counts_table(
                read,
                dataset=self.name,
                level=self._level,
                measures=self.measures,
                definition=self.definition,
                dimensions=self._named("category"),
            )
            wrong += larger_than_denominators(table)
        faults += wrong + extra_columns(rows, known=self.not_read)
        return Mapped(tables={self.tables[0]: table}, faults=faults, rows_read=len(rows.cells))

    def _rows(self, sheet: Sheet) -> Rows:
        (signature,) = self.signatures
        header = find_header(sheet, signature)
        if header.row == 0:
            message = (
                f"{sheet.place} is not in the layout that '{self.name}' reads: its sheets have "
                f"names like '{self.sheet}'. Rename the sheet, or load another."
            )
            raise SourceLayoutError(message)
        return under_one_header(sheet, header).rows(
            {name: column.header for name, column in self.columns.items()},
            header_row=header.row,
            optional=[name for name, column in self.columns.items() if column.optional],
            layout=f"'{self.name}'",
        )

    def _named(self, *kinds: str) -> list[str]:
        return [name for name, column in self.columns.items() if column.kind in kinds]

    @property
    def _organisation(self) -> str:
        return next(name for name, column in self.columns.items() if is_organisation(column))

    @property
    def _level(self) -> str:
        column = self.columns[self._organisation]
        return column.level or ORGANISATIONS[column.kind][0]

    @property
    def _identity(self) -> list[str]:
        """Columns, as read, that tell records apart."""
        told = ["org_code", "period_start", "period_end", "measure"]
        return told + ([] if self.tables == ("facts",) else self._named("category"))

    @property
    def _record(self) -> str:
        """What tells records apart, in words."""
        kinds = () if self.tables == ("facts",) else ("measure", "category")
        names = [self._organisation, *self._named(*PERIODS, *kinds)]
        return " and ".join(name.replace("_", " ") for name in names)


def _worked_out(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a declared layout is recognised, and whether it holds its period."""
    columns: Mapping[str, Column] = fields["columns"]
    signature = Signature(
        columns=tuple(column.header for column in columns.values() if not column.optional),
        header_rows=fields["header_rows"],
        within=fields["header_within"],
        sheet=fields["sheet"],
    )
    has_period = any(column.kind in {*PERIODS, *DATES} for column in columns.values())
    return {
        "signatures": (signature,),
        "needs_period": not has_period and tuple(fields["tables"]) == ("counts",),
    }
