"""The Index of Multiple Deprivation of small areas, by vintage."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault, matching, whole_numbers
from phm_diabetes.adapters.numbers import decimals
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.errors import OptionError
from phm_diabetes.model.areas import LSOA_2011, LSOA_2021
from phm_diabetes.model.periods import Period
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.schemas.words import repeated

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = ["Imd"]

_SCORE = "Index of Multiple Deprivation (IMD) Score"
_RANK = "Index of Multiple Deprivation (IMD) Rank"
_DECILE = "Index of Multiple Deprivation (IMD) Decile"
_COLUMNS = {
    "area": ("LSOA code (2011)", "LSOA code (2021)", "LSOA11CD", "LSOA21CD"),
    "score": (_SCORE, "IMD"),
    "rank": (_RANK, f"{_RANK} (where 1 is most deprived)"),
    "decile": (_DECILE, f"{_DECILE} (where 1 is most deprived 10% of LSOAs)"),
}
_NOT_READ = re.compile(
    r"LSOA name.*|Local Authority District.*|Income.*|Employment.*|Education.*|Health.*|Crime.*"
    r"|Barriers.*|Living Environment.*|Environment|Children and Young.*|Adult Skills.*|AdultSkills"
    r"|Geographical Barriers.*|Wider Barriers.*|Indoors.*|Outdoors.*|OutdoorSubDomain"
    r"|YouthSubDomain|IDACI|IDAOPI|Total population.*|Dependent Children.*|.*Population.*"
    r"|Older population.*|Working age population.*",
    re.IGNORECASE,
)


@frozen(kw_only=True)
class _Vintage:
    """One edition of the index."""

    year: int
    level: str
    areas: int
    districts: str


_VINTAGES = (
    _Vintage(year=2015, level=LSOA_2011, areas=32_844, districts="(2013)"),
    _Vintage(year=2019, level=LSOA_2011, areas=32_844, districts="(2019)"),
    _Vintage(year=2025, level=LSOA_2021, areas=33_755, districts="(2024)"),
)
_YEAR = re.compile(r"(?<!\d)(2015|2019|2025)(?!\d)")


class Imd(Adapter):
    r"""Reads the scores, ranks and tenths of small areas: IMD 2015, 2019 or 2025.

    Examples
    --------
    >>> import io
    >>> import phm_diabetes as phm
    >>> header = [
    ...     "LSOA code (2021)", "LSOA name (2021)", "Local Authority District code (2024)",
    ...     "Index of Multiple Deprivation (IMD) Score",
    ... ]
    >>> file = io.StringIO(f"{','.join(header)}\nE01000001,Planted 001A,E09999999,6.2\n")
    >>> phm.load(file, adapter="england.imd").table[["vintage", "score"]].values.tolist()
    [['2025', 6.2]]
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "imd"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the Index of Multiple Deprivation by lower-layer super output area, as MHCLG publishes "
        "it (File 1 or File 7), or with columns LSOA11CD or LSOA21CD and IMD; CSV, xlsx or Parquet."
    )
    description: ClassVar[str] = (
        "Score, rank and tenth of each area, 1 the most deprived. A vintage belongs to one census: "
        "IMD 2015 and 2019 to that of 2011, IMD 2025 to that of 2021. It describes areas: neither "
        "the people in them nor a practice."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(columns=(_COLUMNS["area"], _COLUMNS["score"])),
        Signature(columns=(_COLUMNS["area"], _COLUMNS["rank"], _COLUMNS["decile"])),
    )
    tables: ClassVar[tuple[str, ...]] = ("scores",)
    policy: ClassVar[Policy] = PUBLISHED

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the year of the index: from the districts' header, the caller, or the name.

        Raises
        ------
        OptionError
            When nothing says the vintage.
        """
        areas = {name.casefold() for name in _COLUMNS["area"]}
        if not areas & {header.casefold() for header in sheet.header()}:
            return None  # no index at all: to_table says which column is missing
        vintage = _vintage_of(sheet, label)
        return Period(start=date(vintage.year, 1, 1), end=date(vintage.year, 12, 31))

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn the index into scores, one row an area."""
        rows = sheet.rows(_COLUMNS, optional=("score", "rank", "decile"), layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        year = context.period.start.year if context.period is not None else None
        vintage = next((v for v in _VINTAGES if v.year == year), None) or _vintage_of(sheet, None)
        faults = matching(
            cells["area"],
            headers["area"],
            pattern=r"E01[0-9]{6}",
            what="the code of a lower-layer super output area of England",
            rule="area code",
        )
        figures, bad_figures = _figures(rows)
        faults += bad_figures
        faults += duplicates(sound(cells, faults), ["area"], "area")
        faults += _incomplete(len(cells), vintage)
        faults += extra_columns(rows, known=[h for h in rows.ignored if _NOT_READ.fullmatch(h)])
        table = pd.DataFrame(
            {
                "score_index": repeated("imd", len(cells)),
                "vintage": repeated(str(vintage.year), len(cells)),
                "org_level": repeated(vintage.level, len(cells)),
                "org_code": cells["area"].array,
                **{name: column.array for name, column in figures.items()},
                "source_row": cells.index,
            }
        )
        return Mapped(tables={"scores": table}, faults=faults, rows_read=len(cells))


def _vintage_of(sheet: Sheet, label: str | None) -> _Vintage:
    """Find the edition: headers tell, or else the caller, the sheet's name or the file's."""
    headers = [header.casefold() for header in sheet.header()]
    level = LSOA_2021 if {"lsoa21cd", "lsoa code (2021)"} & set(headers) else LSOA_2011
    fitting = [vintage for vintage in _VINTAGES if vintage.level == level]
    districts = [header for header in headers if header.startswith("local authority district")]
    told = [v for v in fitting if any(v.districts in header for header in districts)]
    if len(told) == 1 or len(fitting) == 1:
        return (told or fitting)[0]
    for text in (label or "", sheet.name, sheet.file):
        for match in _YEAR.finditer(text):
            named = [vintage for vintage in fitting if vintage.year == int(match[1])]
            if named:
                return named[0]
    years = " or ".join(f"period='{vintage.year}'" for vintage in fitting)
    message = f"{sheet.place} does not say which edition of the index it is. Pass {years}."
    raise OptionError(message)


def _figures(rows: Rows) -> tuple[dict[str, pd.Series[Any]], list[Fault]]:
    cells, headers = rows.cells, rows.headers
    none = pd.Series(pd.NA, index=cells.index, dtype="Int64")
    figures: dict[str, pd.Series[Any]] = {
        "score": pd.Series(np.nan, index=cells.index),
        "rank": none,
        "decile": none,
    }
    faults: list[Fault] = []
    if "score" in cells:
        figures["score"], bad = decimals(
            cells["score"], headers["score"], empty_allowed=False, least=0
        )
        faults += bad
    for name in ("rank", "decile"):
        if name in cells:
            figures[name], bad = whole_numbers(cells[name], headers[name])
            faults += bad + _beyond(figures[name], headers[name], 10 if name == "decile" else None)
    return figures, faults


def _beyond(values: pd.Series[Any], header: str, most: int | None) -> list[Fault]:
    outside = (values < 1) | (values > most if most is not None else False)
    rows = values.index.to_numpy()[outside.fillna(value=False).to_numpy(dtype=bool)]
    span = f"1 to {most}" if most is not None else "1 or more"
    fault = Fault(
        rule="range",
        rows=rows,
        column=header,
        message=f"is not within {span}",
        advice="Ask for the file again: 1 is the most deprived.",
    )
    return [fault] if len(rows) else []


def _incomplete(size: int, vintage: _Vintage) -> list[Fault]:
    if size == vintage.areas:
        return []
    return [
        Fault(
            rule="all areas",
            rows=np.array([], dtype=np.int64),
            message=f"has {size:,} of the {vintage.areas:,} areas of IMD {vintage.year}",
            advice="Nothing to do for part of England. Ranks and tenths are of all of it.",
            severity="info",
            sets_aside=False,
        )
    ]
