"""Local schemes' workbooks: read by a small manifest, since no two Places lay theirs out alike."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd
from attrs import evolve

from phm_diabetes.adapters.asides import (
    footer_rows,
    larger_than_denominators,
    repeated_rows,
)
from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.codes import malformed
from phm_diabetes.adapters.declared import Column
from phm_diabetes.adapters.filling import counts_table, read_cells
from phm_diabetes.adapters.headers import find_header, is_named, under_one_header
from phm_diabetes.adapters.kinds import ORGANISATIONS
from phm_diabetes.adapters.practice_names import codes_by_name, plain_name, resolved
from phm_diabetes.adapters.rules import extra_columns, sound
from phm_diabetes.adapters.scheme_manifest import scheme_of
from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from phm_diabetes.adapters.schemes import LocalIndicator, Scheme
    from phm_diabetes.adapters.sheets import Rows, Sheet
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import DiseaseArea

__all__ = ["LocalScheme"]

_PARTS = ("numerator", "denominator", "exclusions")
_ADVICE = (
    "Its layout is not public, so that a manifest says what stands where: write one with "
    "phm.write_template('dudley.dqof', 'dqof.toml'), fill it in, and pass adapter='dqof.toml'."
)


class LocalScheme(Adapter):
    r"""Reads the workbooks of a Place's own scheme, as its manifest describes them.

    Practices are named by code, or by the names that a geography knows. A row is one practice
    with columns for each indicator, or one practice and one indicator.

    Attributes
    ----------
    scheme
        What the manifest says; ``None`` before there is one.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import phm_diabetes as phm
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "scheme.csv"
    ...     _ = path.write_text("id,description,numerator,denominator\nNQ1,People seen.,Seen,Due")
    ...     adapter = LocalScheme.from_manifest(
    ...         path, place="north", dataset="lqof", title="North's scheme", edition="2024",
    ...         reviewed="2026-11-01", practice_header="Code", practices="code")
    >>> frame = pd.DataFrame({"Code": ["Y99001"], "Seen": [12], "Due": ["#N/A"]})
    >>> extract = phm.load(frame, adapter=adapter, period="2024-25")
    >>> extract.table[["measure", "numerator", "denominator"]].values.tolist()
    [['lqof.nq1', 12, <NA>]]
    """

    layout: ClassVar[str] = f"a local scheme's workbook. {_ADVICE}"
    description: ClassVar[str] = "Indicators of a local scheme by practice."
    version: ClassVar[str] = "1"
    signatures: ClassVar[tuple[Signature, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    needs_period: ClassVar[bool] = True
    hidden: ClassVar[Mapping[str, tuple[int, int]]] = MappingProxyType({})
    place: ClassVar[str] = "local"
    dataset: ClassVar[str] = "scheme"

    def __init__(self, scheme: Scheme | None = None, geo: Geography | None = None) -> None:
        self.scheme = scheme
        self._geo = geo
        if scheme is not None:
            vars(self).update(
                place=scheme.place,
                dataset=scheme.dataset,
                hidden=scheme.hidden,
                layout=f"{scheme.title}, as its manifest describes it.",
                description=f"Indicators of {scheme.title} (edition {scheme.edition}) by practice.",
                signatures=_signatures(scheme),
                needs_period=not scheme.period_header,
            )

    @classmethod
    def from_manifest(cls, path: str | os.PathLike[str], **layout: Any) -> Self:  # noqa: ANN401
        """Return the adapter that a manifest describes.

        Parameters
        ----------
        path
            A TOML file, or a CSV with a row an indicator.
        **layout
            Fields of the scheme, which a CSV cannot hold.

        Raises
        ------
        SourceReadError
            When the file cannot be read.
        OptionError
            Listing everything that is wrong in it.
        """
        return cls(scheme_of(path, **layout))

    @property
    def area(self) -> DiseaseArea:
        """The cards of its measures, as ``measures=`` takes them."""
        return self._described.area

    def placed_in(self, geo: Geography) -> Self:
        """Return the adapter with the geography whose practices the sheets name."""
        return type(self)(self.scheme, geo)

    def claims(self, sheet: Sheet) -> bool:
        """Whether the manifest names the sheet."""
        return any(each.sheet and is_named(sheet, each) for each in self.signatures)

    @property
    def _described(self) -> Scheme:
        if self.scheme is None:
            message = f"'{self.name}' has no manifest. {_ADVICE}"
            raise OptionError(message)
        return self.scheme

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn one sheet into counts, one row a practice and indicator."""
        scheme = self._described
        rows, shown = self._rows(sheet, scheme)
        columns = _columns(scheme, shown, rows)
        codes, unnamed = self._practices(rows, scheme, context)
        named = Column(
            header="practice",
            kind="organisation",
            level="practice",
            to=dict.fromkeys(_known_texts(rows.cells["practice"], unnamed), "known"),
        )
        faults = footer_rows(sheet, rows, {"practice": named}, scheme.footers)
        faults += [each for each in _beside(unnamed, faults) if len(each.rows)]
        cells = sound(rows.cells, faults)
        read, wrong = read_cells(
            cells,
            rows,
            columns,
            hidden=scheme.hidden,
            missing=scheme.missing,
            rounding=scheme.rounding,
        )
        read["org_code"] = codes.loc[read.index].array
        if "period_start" not in read:
            assert context.period is not None  # noqa: S101 - needs_period sees to it
            read["period_start"] = pd.Timestamp(context.period.start)
            read["period_end"] = pd.Timestamp(context.period.end)
        good = sound(read, wrong)
        told = [each for each in ("org_code", "period_start", "measure") if each in good]
        wrong += repeated_rows(
            good[told], cells.loc[good.index], what="practice and indicator", rule="refuse"
        )
        table = _long(read, scheme) if scheme.is_long else _wide(read, scheme, shown)
        table, past = _in_force(table, scheme)
        faults += wrong + past + larger_than_denominators(table)
        faults += extra_columns(rows, known=self._claimed(scheme))
        return Mapped(tables={"counts": table}, faults=faults, rows_read=len(rows.cells))

    def _claimed(self, scheme: Scheme) -> list[str]:
        """Headers of indicators that stand on other sheets, and may be repeated here."""
        return [getattr(each, part) for each in scheme.indicators for part in _PARTS]

    def _rows(self, sheet: Sheet, scheme: Scheme) -> tuple[Rows, tuple[LocalIndicator, ...]]:
        found = [(find_header(sheet, each), each) for each in _signatures(scheme)]
        header, signature = max(
            found, key=lambda pair: (pair[0].likeness, is_named(sheet, pair[1]))
        )
        shown = tuple(
            each
            for each in scheme.indicators
            if scheme.is_long or (each.sheet or scheme.sheet) == signature.sheet
        )
        wanted: dict[str, Sequence[str]] = {"practice": scheme.practice_header}
        if scheme.period_header:
            wanted["year"] = (scheme.period_header,)
        if scheme.is_long:
            wanted["indicator"] = (scheme.indicator_header,)
            wanted |= {part: (getattr(scheme, f"{part}_header"),) for part in _PARTS}
        else:
            for each in shown:
                wanted |= {_column(each, part): (getattr(each, part),) for part in _PARTS}
        wanted = {name: words for name, words in wanted.items() if words != ("",)}
        rows = under_one_header(sheet, header).rows(
            wanted, header_row=header.row, layout=f"'{self.name}'"
        )
        return rows, shown

    def _practices(
        self, rows: Rows, scheme: Scheme, context: Context
    ) -> tuple[pd.Series[Any], list[Fault]]:
        text, header = rows.cells["practice"], rows.headers["practice"]
        if scheme.practices == "code":
            return text, malformed(text, header, ORGANISATIONS["ods_practice"][1])
        if self._geo is None:
            message = (
                f"'{self.name}' names its practices, and only a geography says which they are. "
                "Pass geo=phm.Geography.from_memberships(…), with england.ods_practices in it."
            )
            raise OptionError(message)
        end = pd.Timestamp.today() if context.period is None else context.period.end
        return resolved(text, header, codes_by_name(self._geo, scheme.place, pd.Timestamp(end)))


def _signatures(scheme: Scheme) -> tuple[Signature, ...]:
    """One for each kind of sheet."""
    common: dict[str, Any] = {
        "header_rows": scheme.header_rows,
        "within": scheme.header_within,
    }
    first = (scheme.practice_header, *((scheme.period_header,) if scheme.period_header else ()))
    if scheme.is_long:
        figures = [getattr(scheme, f"{part}_header") for part in _PARTS]
        own = (scheme.indicator_header, *(each for each in figures if each))
        return (Signature(columns=(*first, *own), sheet=scheme.sheet, **common),)
    by_sheet: dict[str | None, list[str]] = {}
    for each in scheme.indicators:
        own_headers = by_sheet.setdefault(each.sheet or scheme.sheet, [])
        own_headers += [getattr(each, part) for part in _PARTS if getattr(each, part)]
    return tuple(
        Signature(columns=(*first, *dict.fromkeys(headers)), sheet=sheet, **common)
        for sheet, headers in by_sheet.items()
    )


def _column(indicator: LocalIndicator, part: str) -> str:
    return f"{indicator.id} {part}"


def _columns(scheme: Scheme, shown: Sequence[LocalIndicator], rows: Rows) -> dict[str, Column]:
    """Return what each column holds, but for the practices'."""
    columns: dict[str, Column] = {}
    if scheme.period_header:
        columns["year"] = Column(header=scheme.period_header, kind="nhs_year")
    if scheme.is_long:
        to = {each.id: scheme.measure_of(each) for each in scheme.indicators}
        columns["indicator"] = Column(header=scheme.indicator_header, kind="measure", to=to)
        names = list(_PARTS)
    else:
        names = [_column(each, part) for each in shown for part in _PARTS]
    held = [name for name in names if name in rows.cells]
    return columns | {name: Column(header=rows.headers[name], kind="count") for name in held}


def _known_texts(text: pd.Series[Any], unnamed: Sequence[Fault]) -> list[str]:
    bad = np.concatenate([np.array([], dtype=np.int64), *(each.rows for each in unnamed)])
    known = text[~np.isin(text.index.to_numpy(), bad)]
    return [str(each) for each in known.unique() if plain_name(str(each))]


def _beside(faults: Sequence[Fault], others: Sequence[Fault]) -> list[Fault]:
    """Faults without the rows that others set aside already."""
    aside = np.concatenate([np.array([], dtype=np.int64), *(each.rows for each in others)])
    return [evolve(each, rows=np.setdiff1d(each.rows, aside)) for each in faults]


def _wide(read: pd.DataFrame, scheme: Scheme, shown: Sequence[LocalIndicator]) -> pd.DataFrame:
    table = counts_table(
        read,
        dataset=scheme.dataset.upper(),
        level="practice",
        measures={
            scheme.measure_of(each): tuple(_column(each, part) for part in _PARTS[:2])
            for each in shown
        },
        definition={scheme.measure_of(each): scheme.definition_of(each) for each in shown},
        dimensions=(),
    )
    left_out = [_left_out(read, _column(each, "exclusions")) for each in shown]
    return table.assign(excluded=pd.concat(left_out).array)


def _long(read: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    table = counts_table(
        read,
        dataset=scheme.dataset.upper(),
        level="practice",
        measures={},
        definition={
            scheme.measure_of(each): scheme.definition_of(each) for each in scheme.indicators
        },
        dimensions=(),
    )
    return table.assign(excluded=_left_out(read, "exclusions").array)


def _left_out(read: pd.DataFrame, name: str) -> pd.Series[Any]:
    """People left out of the denominator: a plain count, or none where hidden or not given."""
    return read[name] if name in read else pd.Series(pd.NA, index=read.index, dtype="Int64")


def _in_force(table: pd.DataFrame, scheme: Scheme) -> tuple[pd.DataFrame, list[Fault]]:
    """Leave out figures of indicators that were not in force in their period."""
    rules = {scheme.measure_of(each): each for each in scheme.indicators}
    told = table[["measure", "period_start", "period_end"]].drop_duplicates()
    past = [
        (str(measure), start, end)
        for measure, start, end in told.itertuples(index=False)
        if not pd.isna(measure) and not rules[str(measure)].in_force(start.date(), end.date())
    ]
    if not past:
        return table, []
    keys = pd.MultiIndex.from_frame(table[["measure", "period_start", "period_end"]])
    out = keys.isin(past)
    kept = table[~out].reset_index(drop=True)
    lost = np.setdiff1d(table.loc[out, "source_row"], kept["source_row"])
    names = ", ".join(sorted({rules[measure].id for measure, _, _ in past}))
    words: dict[str, Any] = {
        "rule": "indicator not in force",
        "message": f"holds figures of {names}, not in force in the period",
        "advice": "They are left out. Correct the days in the manifest, if they are wrong.",
        "severity": "warning",
        "counted": True,
    }
    faults = [Fault(rows=lost, **words)]
    if not len(lost):
        faults = [Fault(rows=[], sets_aside=False, **words)]
    return kept, faults
