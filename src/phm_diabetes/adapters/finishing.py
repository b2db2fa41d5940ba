"""Finishing: tables validated, problems listed, and every source row used or reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.listing import problem_lines
from phm_diabetes.adapters.tables import stacked
from phm_diabetes.errors import SourceDataError
from phm_diabetes.extract import Extract
from phm_diabetes.model.provenance import Provenance
from phm_diabetes.plugins import library_version
from phm_diabetes.schemas.completing import complete_counts
from phm_diabetes.schemas.counts import Counts, as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.facts import Facts
from phm_diabetes.schemas.indicators import Indicators
from phm_diabetes.schemas.memberships import Memberships
from phm_diabetes.schemas.organisations import Organisations
from phm_diabetes.schemas.population import Population
from phm_diabetes.schemas.prices import Prices
from phm_diabetes.schemas.problems import Problems
from phm_diabetes.schemas.published import Published
from phm_diabetes.schemas.records import RECORD_TABLES, record_schema
from phm_diabetes.schemas.scores import Scores
from phm_diabetes.schemas.words import repeated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.adapters.base import Adapter, Mapped
    from phm_diabetes.adapters.sources import Source

__all__ = ["finish"]

_SCHEMAS: dict[str, Any] = {
    **{name: record_schema(name) for name in RECORD_TABLES},
    "memberships": Memberships,
    "organisations": Organisations,
    "facts": Facts,
    "indicators": Indicators,
    "population": Population,
    "prices": Prices,
    "published": Published,
    "scores": Scores,
}
_MOST_LISTED = 20


def finish(
    adapter: Adapter,
    source: Source,
    results: Sequence[tuple[str, Mapped]],
    *,
    raise_errors: bool,
) -> Extract:
    """Validate what an adapter made of each sheet, and account for every row.

    Raises
    ------
    SourceDataError
        When there are no rows, or `raise_errors` and some are broken, or rows went missing.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> origin = phm.load(demo.registers()).provenance  # the last that load does is to finish
    >>> origin.rows_used + origin.rows_reported == origin.rows_read
    True
    """
    problems = _problems(adapter, source, results)
    errors = problems[problems["severity"] == "error"]
    if raise_errors and len(errors):
        raise SourceDataError(_message(source.file, errors), problems)
    read = sum(mapped.rows_read for _, mapped in results)
    if read == 0:
        message = f"{source.file} has a header and no rows below it. Ask for the file again."
        raise SourceDataError(message, problems)
    many = len(results) > 1
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in adapter.tables}
    used = reported = 0
    for name, mapped in results:
        aside = _set_aside(mapped.faults)
        source_id = f"{adapter.name}:{source.sha256[:12]}" + (f"#{name}" if many else "")
        kept_rows: list[NDArray[np.int64]] = []
        for table_name, table in mapped.tables.items():
            kept = _kept(table, aside)
            kept_rows.append(kept["source_row"].dropna().to_numpy(dtype=np.int64))
            parts[table_name].append(kept.assign(source=repeated(source_id, len(kept))))
        seen = pd.unique(np.concatenate([*kept_rows, mapped.joined]))
        used += len(seen)
        reported += len(aside)
        lost = mapped.rows_read - len(seen) - len(aside)
        if lost:
            message = (
                f"Adapter '{adapter.name}' neither used nor reported {lost:,} rows of "
                f"{source.file}. This is a fault of the adapter: report it to its author."
            )
            raise SourceDataError(message, problems)
    if used == 0:
        message = f"{_message(source.file, problems)}\nNo row of {source.file} can be used."
        raise SourceDataError(message, problems)
    return Extract(
        tables={name: _validated(name, tables, source.file) for name, tables in parts.items()},
        problems=problems,
        provenance=Provenance(
            file=source.file,
            sha256=source.sha256,
            adapter=adapter.name,
            adapter_version=adapter.version,
            library_version=library_version(),
            sheets=tuple(name for name, _ in results if name),
            rows_read=read,
            rows_used=used,
            rows_reported=reported,
            policy=adapter.policy,
        ),
    )


def _set_aside(faults: Sequence[Fault]) -> NDArray[np.int64]:
    rows = [fault.rows for fault in faults if fault.sets_aside]
    return np.unique(np.concatenate(rows)) if rows else np.array([], dtype=np.int64)


def _kept(table: pd.DataFrame, aside: NDArray[np.int64]) -> pd.DataFrame:
    if not len(aside):
        return table
    kept = table[~table["source_row"].isin(aside)]
    coded = kept.select_dtypes("category").columns
    # A category that no row has would still hold the text of a cell set aside.
    return kept.assign(**{name: kept[name].cat.remove_unused_categories() for name in coded})


def _validated(name: str, tables: list[pd.DataFrame], file: str) -> pd.DataFrame:
    whole = _stacked(name, tables)
    what = f"{name} of {file}"
    if name == "counts":
        return as_counts(complete_counts(whole.reset_index(drop=True)), what=what)
    return checked(_SCHEMAS[name], whole, what=what)


def _stacked(name: str, tables: list[pd.DataFrame]) -> pd.DataFrame:
    if not tables:
        columns = (Counts if name == "counts" else _SCHEMAS[name]).to_schema().columns
        return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
    # A sheet of which no row is left has lost its types.
    filled = [table for table in tables if len(table)] or tables[:1]
    if len(filled) == 1:
        return filled[0]
    alike = all(list(table.columns) == list(filled[0].columns) for table in filled)
    return stacked(filled) if alike else pd.concat(filled, ignore_index=True)


def _absent(adapter: Adapter, results: Sequence[tuple[str, Mapped]]) -> list[Fault]:
    """List the tables that the adapter has and none of the sheets gave."""
    held = {table for _, mapped in results for table in mapped.tables}
    return [
        Fault(
            rule="absent table",
            rows=np.array([], dtype=np.int64),
            message=f"no sheet that holds the {table} was found",
            advice=f"Nothing to do if they are not needed. The layout is {adapter.layout}",
            severity="warning" if table == adapter.tables[0] else "info",
            sets_aside=False,
        )
        for table in adapter.tables
        if table not in held
    ]


def _not_read(source: Source, read: set[str]) -> list[tuple[str, Fault]]:
    """List the sheets that the adapter did not read."""
    return [
        (
            sheet.name,
            Fault(
                rule="sheet not read",
                rows=np.arange(1, len(sheet.grid) + 1),
                message="was not read: it does not have the headers of the layout",
                advice="Nothing to do, unless it was meant to count.",
                severity="info",
                sets_aside=False,
                counted=True,
            ),
        )
        for sheet in source.sheets
        if sheet.name not in read
    ]


def _problems(
    adapter: Adapter, source: Source, results: Sequence[tuple[str, Mapped]]
) -> DataFrame[Problems]:
    file, read = source.file, {name for name, _ in results}
    parts = [_listed(fault, file, sheet) for sheet, mapped in results for fault in mapped.faults]
    parts += [_listed(fault, file, sheet) for sheet, fault in _not_read(source, read)]
    parts += [_listed(fault, file, "") for fault in _absent(adapter, results)]
    columns = list(Problems.to_schema().columns)
    stacked = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    order = stacked.sort_values(["sheet", "row", "column"], kind="stable") if parts else stacked
    return checked(Problems, order[columns], what="The list of problems")


def _listed(fault: Fault, file: str, sheet: str) -> pd.DataFrame:
    alone = not fault.counted and len(fault.rows) > 0
    return pd.DataFrame(
        {
            "severity": fault.severity,
            "rule": fault.rule,
            "file": file,
            "sheet": sheet,
            "row": pd.array(fault.rows if alone else [pd.NA], dtype="Int64"),
            "rows": 1 if alone else len(fault.rows),
            "column": fault.column,
            "message": fault.message,
            "advice": fault.advice,
            "sets_aside": fault.sets_aside,
        }
    )


def _message(file: str, problems: pd.DataFrame) -> str:
    head = f"{file} has {len(problems):,} problem{'s' if len(problems) != 1 else ''}:"
    lines = problem_lines(problems, most=_MOST_LISTED)
    return "\n".join([head, *(f"  {line}" for line in lines), "Every row is in .problems."])
