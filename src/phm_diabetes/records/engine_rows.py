"""Rows on an engine: every cell read, columns derived, rules asked, copies found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
from attrs import frozen

from phm_diabetes.records.block_executor import copy_finding
from phm_diabetes.records.copies import Copied
from phm_diabetes.records.engine_cells import FAULTS, CellExpressions
from phm_diabetes.records.engine_copies import RANKS, USED, compared, ranked_by
from phm_diabetes.records.engine_steps import first_of, never, taken, whole
from phm_diabetes.records.engine_texts import as_texts
from phm_diabetes.records.faults import Broken, finding_of
from phm_diabetes.records.survey import Finding, Survey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phm_diabetes.records.columns import Case, Column
    from phm_diabetes.records.engine_frames import Engine
    from phm_diabetes.records.resolving import Resolved

    Frame = nw.LazyFrame[Any]

__all__ = ["EngineRows", "read_rows", "slots_of"]

_WORDS = ("code", "text", "id")


@frozen(kw_only=True, eq=False)
class EngineRows:
    """The rows of a source as an engine reads them; nothing is computed yet.

    Parameters
    ----------
    engine, resolved
        Where they lie, and how they are read.
    frame
        Canonical columns, each a text, or a whole number (days, pence) of 64 bits; the slots of
        a column of several codes, as :func:`slots_of` names them; `USED`; and what the survey
        adds up.
    cells
        How each cell was read, fault by fault.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.engine_frames import opened_frame
    >>> from phm_diabetes.records.layout import RecordLayout
    >>> from phm_diabetes.records.resolving import resolve
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="review",
    ...     day="date", columns=(Column(name="review", sources=("ID",), kind="id"),
    ...                          Column(name="date", sources=("SEEN",), kind="date")))
    >>> engine = opened_frame(pl.DataFrame({"ID": ["1", "2"], "SEEN": ["2023-04-01", "soon"]}))
    >>> rows = read_rows(engine, resolve(layout, engine.headers, file="a frame"))
    >>> survey = rows.survey()
    >>> survey.rows_used, [(each.rule, each.rows) for each in survey.findings]
    (1, [('date', 1)])
    """

    engine: Engine
    resolved: Resolved
    frame: Frame
    cells: tuple[tuple[CellExpressions, str], ...]

    def survey(self) -> Survey:
        """Count rows used and reported, by rule, in one query."""
        layout = self.resolved.layout
        asked: list[tuple[str, nw.Expr]] = [("_rows", whole(1)), ("_kept", nw.col(USED))]
        broken = [(cells, header, rule) for cells, header in self.cells for rule in cells.rules()]
        asked += [
            (f"_broken{at}", nw.col(cells.fault) == FAULTS.index(rule))
            for at, (cells, _, rule) in enumerate(broken)
        ]
        asked += [(f"_held{at}", nw.col(f"_rule{at}")) for at in range(len(layout.rules))]
        asked += [(f"_copied{at}", nw.col(f"_copy{at}")) for at in range(len(layout.duplicates))]
        ones = self.frame.select(**{name: held.cast(nw.Int64) for name, held in asked})
        sums = ones.select(*(nw.col(name).sum() for name, _ in asked))
        row = self.engine.rows(sums.select(*(nw.col(name).cast(nw.Int64) for name, _ in asked)))[0]
        counts = iter([count or 0 for count in row])
        read, used = next(counts), next(counts)
        found: dict[tuple[str, str], Finding] = {}
        for cells, header, rule in broken:
            rows = next(counts) + (found[rule, header].rows if (rule, header) in found else 0)
            aside = cells.column.broken == "set_aside" or rule == "missing"
            found[rule, header] = finding_of(rule, header, Broken(rows=rows), sets_aside=aside)
        findings = [each for each in found.values() if each.rows]
        findings += [
            Finding(
                rule=rule.name, column="", rows=rows, message=rule.message, advice=rule.advice,
                severity=rule.severity, sets_aside=rule.sets_aside,
            )
            for rule, rows in zip(layout.rules, counts, strict=False)
            if rows
        ]  # fmt: skip
        findings += [
            copy_finding(Copied(rule, rows=rows))
            for rule, rows in zip(layout.duplicates, counts, strict=True)
            if rows
        ]
        return Survey(rows_read=read, rows_used=used, findings=tuple(findings))


def slots_of(resolved: Resolved, column: Column) -> list[str]:
    """Return the names of the columns that hold the codes of a column of several.

    Examples
    --------
    >>> from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC
    >>> from phm_diabetes.records.resolving import Resolved
    >>> (column,) = [each for each in ENGLAND_HES_APC.columns if each.name == "procedures"]
    >>> resolved = Resolved(layout=ENGLAND_HES_APC,
    ...                     headers={"procedures": ("OPERTN_4_01", "OPERTN_4_02")})
    >>> slots_of(resolved, column)
    ['_slot_procedures_0', '_slot_procedures_1']
    """
    return [f"_slot_{column.name}_{at}" for at in range(len(resolved.headers[column.name]))]


def read_rows(engine: Engine, resolved: Resolved) -> EngineRows:
    """Read every row by expressions alone.

    Parameters
    ----------
    engine
        The frame.
    resolved
        The layout and its headers.

    Raises
    ------
    OptionError
        When the layout has a pattern that engines read in different ways.
    SourceLayoutError
        When a column that is read holds lists or the like.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import polars as pl
    >>> table = pl.LazyFrame({
    ...     "ATTENDKEY": ["1", "1"], "APPTDATE": ["2023-05-02"] * 2, "ATTENDED": ["5"] * 2,
    ...     "FIRSTATT": ["1"] * 2, "TRETSPEF": ["307"] * 2, "PROCODET": ["RNA00"] * 2,
    ...     "GPPRAC": ["Y99001", ""]})
    >>> survey = phm.open_records(table, adapter="england.hes_op").survey()
    >>> survey.rows_read, survey.rows_used, survey.findings[0].rule
    (2, 1, 'same record')
    """
    layout = resolved.layout
    places = {header: f"c{at}" for at, header in reversed([*enumerate(engine.headers)])}
    used_headers = _headers(resolved)
    frame = as_texts(engine, [(header, places[header]) for header in used_headers])
    cells: list[tuple[CellExpressions, str]] = []
    for column in layout.columns:
        if resolved.dropped(column):
            continue
        names = slots_of(resolved, column) if column.kind == "codes" else [column.name]
        for name, header in zip(names, resolved.headers[column.name], strict=False):
            one = CellExpressions(
                column=column, nulls=layout.nulls, options=resolved.options,
                text=places[header], value=name, fault=f"_fault{len(cells)}",
            )  # fmt: skip
            cells.append((one, header))
    if layout.duplicates:
        frame = frame.with_columns(**ranked_by([places[header] for header in used_headers]))
    frame = taken(frame, [one.steps() for one, _ in cells])
    kept = [name for one, _ in cells for name in (one.value, one.fault)]
    kept += RANKS if layout.duplicates else ()
    frame = _with(frame.select(*kept), _absent(resolved))
    for made in layout.derived:
        cases = [(_holds(case), _then(case.then)) for case in made.cases]
        frame = frame.with_columns(**{made.name: first_of(cases, nw.lit(made.otherwise))})
    frame = _judged(frame, resolved, [one for one, _ in cells])
    frame = compared(frame, resolved)
    return EngineRows(engine=engine, resolved=resolved, frame=frame, cells=tuple(cells))


def _with(frame: Frame, made: dict[str, nw.Expr]) -> Frame:
    """Add columns, if there are any to add."""
    return frame.with_columns(**made) if made else frame


def _headers(resolved: Resolved) -> list[str]:
    """Return the headers that are read, in the order of the layout's columns."""
    found = [
        header
        for column in resolved.layout.columns
        if not resolved.dropped(column)
        for header in resolved.headers[column.name]
    ]
    return list(dict.fromkeys(found))


def _absent(resolved: Resolved) -> dict[str, nw.Expr]:
    """Return columns that the source has not, or that are dropped."""
    found: dict[str, nw.Expr] = {}
    for column in resolved.layout.columns:
        if resolved.headers[column.name] and not resolved.dropped(column):
            continue
        if column.kind in _WORDS:
            found[column.name] = nw.lit(None if column.kind == "id" else column.blank, nw.String)
        elif column.kind != "codes":
            found[column.name] = whole(None)
    return found


def _holds(case: Case) -> nw.Expr:
    found = ~never()
    for name, words in case.when.items():
        found &= nw.col(name).fill_null(nw.lit("")).is_in(sorted(words))
    if case.differ:
        one, other = (nw.col(name).fill_null(nw.lit("")) for name in case.differ)
        found &= (one != "") & (other != "") & (one != other)
    return found


def _then(word: str) -> nw.Expr:
    return nw.col(word[1:]) if word[:1] == "=" else nw.lit(word)


def _judged(frame: Frame, resolved: Resolved, cells: Sequence[CellExpressions]) -> Frame:
    """Add which rules hold, and which rows neither a cell nor a rule sets aside."""
    used = ~never()
    for one in cells:
        for rule in one.rules():
            if rule == "missing" or (one.column.broken == "set_aside" and rule != "id used once"):
                used &= nw.col(one.fault) != FAULTS.index(rule)
    rules: dict[str, nw.Expr] = {}
    for at, stated in enumerate(resolved.layout.rules):
        held = never()
        for case in stated.cases:
            held |= _holds(case)
        rules[f"_rule{at}"] = held
        if stated.sets_aside:
            used &= ~nw.col(f"_rule{at}")
    return _with(_with(frame, rules), {USED: used})
