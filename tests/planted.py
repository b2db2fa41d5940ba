"""Small tables for tests: counts, memberships and cards, each with only what is asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import evolve

import phm_diabetes as phm
from phm_diabetes.extract import Extract
from phm_diabetes.model.provenance import Provenance
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.organisations import Organisations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

NO_PROBLEMS: Any = pd.DataFrame()
REVIEW = "copd.review"
FIVES = {5: (1, 7), 0: (0, 0)}


def card(**cells: Any) -> phm.Measure:
    """Return the card of a COPD review where higher is better; a keyword replaces a field."""
    fields: dict[str, Any] = {
        "id": REVIEW,
        "name": "COPD review",
        "numerator": "People reviewed",
        "denominator": "People on the register",
        "kind": "proportion",
        "unit": "people",
        "polarity": "higher",
        "source": "planted",
        "why": "It finds who is getting worse.",
        "reviewed": date(2026, 11, 1),
    }
    return phm.Measure(**(fields | cells))


def row(code: str, numerator: Any, denominator: Any, **cells: Any) -> dict[str, Any]:
    """Return one row of counts; a keyword adds or replaces a cell."""
    fields: dict[str, Any] = {
        "dataset": "planted",
        "measure": REVIEW,
        "definition": "planted:1",
        "org_level": "practice",
        "org_code": code,
        "period_start": "2022-04-01",
        "period_end": "2023-03-31",
        "numerator": numerator,
        "denominator": denominator,
    }
    return fields | cells


def hidden(code: str, low: int, high: int, denominator: int, **cells: Any) -> dict[str, Any]:
    """Return one row whose numerator was not published."""
    range_ = {"numerator_low": low, "numerator_high": high}
    return row(code, None, denominator, **range_, **cells)


def to_fives(code: str, numerator: int, denominator: int, **cells: Any) -> dict[str, Any]:
    """Return one row as the national audit rounds it: 5 stands for 1 to 7, 10 for 8 to 12."""
    parts = {"numerator": numerator, "denominator": denominator}
    ends = {name: FIVES.get(count, (count - 2, count + 2)) for name, count in parts.items()}
    bounds = {f"{name}_low": low for name, (low, _) in ends.items()}
    bounds |= {f"{name}_high": high for name, (_, high) in ends.items()}
    return row(code, numerator, denominator, **bounds, **cells)


def counts(*rows: dict[str, Any]) -> DataFrame[Counts]:
    """Return a Counts table; a row that states no bounds is exact."""
    return phm.counts_from(list(rows))


def memberships(
    parents: Mapping[str, Mapping[str, str | None]],
    *,
    level: str = "practice",
    start: str | None = "2022-04-01",
    end: str | None = "2023-03-31",
) -> pd.DataFrame:
    """Return memberships of each code in its parents, by level; `None` is known to be in none."""
    rows = [
        (code, parent_level, parent)
        for code, own in parents.items()
        for parent_level, parent in own.items()
    ]
    table = pd.DataFrame(rows, columns=["org_code", "parent_level", "parent_code"])
    days = pd.to_datetime(pd.Series([start, end]))
    return table.assign(
        org_level=level,
        start=days.repeat(len(table)).to_numpy()[: len(table)],
        end=days.repeat(len(table)).to_numpy()[len(table) :],
        source="planted",
        source_row=range(1, len(table) + 1),
    )


def facts(**settings: str) -> Extract:
    """Return an extract of prescribing settings."""
    table = pd.DataFrame(
        {
            "org_level": "practice",
            "org_code": list(settings),
            "attribute": "prescribing_setting",
            "value": list(settings.values()),
            "start": pd.NaT,
            "end": pd.NaT,
            "source": "planted",
            "source_row": pd.NA,
        }
    )
    origin = Provenance(
        file="planted",
        sha256="0" * 64,
        adapter="planted.facts",
        adapter_version="1",
        library_version="0",
    )
    return Extract(tables={"facts": table}, problems=NO_PROBLEMS, provenance=origin)


def geography(*tables: Any, **options: Any) -> phm.Geography:
    """Return a geography of memberships tables, or of mappings as `memberships` takes."""
    spells = [each if isinstance(each, pd.DataFrame) else memberships(each) for each in tables]
    return phm.Geography.from_memberships(*spells, **options)


def rows_of(table: pd.DataFrame, *left_out: str) -> list[tuple[Any, ...]]:
    """Return the rows as sorted tuples, so that tables are compared whatever their order."""
    cells = []
    for name in sorted(set(table.columns) - set(left_out)):
        values = table[name].to_numpy(dtype=object).copy()
        values[table[name].isna().to_numpy()] = None
        cells.append(values.tolist())
    return sorted(zip(*cells, strict=True), key=repr)


def names(of: Mapping[str, str]) -> DataFrame[Organisations]:
    """Return an Organisations table of practices by name."""
    table = pd.DataFrame(
        {
            "org_level": "practice",
            "org_code": list(of),
            "name": list(of.values()),
            "opened": pd.NaT,
            "closed": pd.NaT,
            "source": "planted",
            "source_row": range(1, len(of) + 1),
        }
    )
    return checked(Organisations, table)


def named_geography(of: Mapping[str, str], **options: Any) -> phm.Geography:
    """Return a geography of practices that it knows by name."""
    geo = geography({code: {"england": "E92000001"} for code in of}, **options)
    return evolve(geo, organisations=names(of))
