"""What every executor must answer, row by row in plain Python and as slowly as it likes."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
from attrs import define, evolve, field, frozen

from phm_diabetes.records.checking import case_holds
from phm_diabetes.records.columns import WHITE
from phm_diabetes.records.faults import Broken, finding_of
from phm_diabetes.records.measures import Distinct, Total
from phm_diabetes.records.plan import AGE_BAND, WEEKDAY
from phm_diabetes.records.reading import day_number, reader_of
from phm_diabetes.records.resolving import resolve
from phm_diabetes.records.survey import Finding, Survey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.model.periods import Period
    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.columns import Column
    from phm_diabetes.records.layout import Duplicates, RecordLayout
    from phm_diabetes.records.measures import Counted, RecordMeasure, Where
    from phm_diabetes.records.plan import Grouping, Plan

    Values = dict[str, object]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORDS = ("code", "text")
HIDDEN = -1


@frozen(kw_only=True, eq=False)
class Table:
    """A source of a few rows: texts by header, `None` where the cell is missing."""

    layout: RecordLayout
    headers: tuple[str, ...]
    rows: tuple[Mapping[str, str | None], ...] = field(converter=tuple)
    options: Mapping[str, str] = field(factory=dict)
    key: bytes | None = None

    def pandas(self) -> pd.DataFrame:
        """Return the source as a table of texts."""
        columns = {name: [row[name] for row in self.rows] for name in self.headers}
        return pd.DataFrame(columns, columns=list(self.headers), dtype=object)


@define(eq=False)
class _Side:
    """The rows of one side of one measure in one cell."""

    rows: int = 0
    total: int = 0
    ids: set[str] = field(factory=set)
    parts: Counter[str] = field(factory=Counter)
    loose: list[int] = field(factory=list)

    @property
    def people(self) -> int:
        return len(self.parts) + len(self.loose)

    @property
    def squares(self) -> int:
        return sum(part**2 for part in [*self.parts.values(), *self.loose])


def _missing(value: object) -> bool:
    return value is None or value == ""


class Oracle:
    """The third executor, against which the two real ones are held."""

    def __init__(self, table: Table) -> None:
        self._table, self._layout = table, table.layout
        self._resolved = resolve(
            table.layout, table.headers, file="rows", options=table.options, key=table.key
        )
        self._findings: dict[tuple[str, str], Finding] = {}
        self._values: list[Values] = []
        self._used: list[bool] = []
        for row in table.rows:
            self._read(row)
        for duplicates in table.layout.duplicates:
            self._compare(duplicates)

    def _read(self, row: Mapping[str, str | None]) -> None:
        values: Values = {}
        used = True
        for column in self._layout.columns:
            value, whole = self._cells(column, row)
            values[column.name] = value
            used = used and whole
        for made in self._layout.derived:
            held = {name: values[name] for name in made.of}
            word = next((case.then for case in made.cases if case_holds(case, held)), None)
            word = made.otherwise if word is None else word
            values[made.name] = held[word[1:]] if word[:1] == "=" else word
        for rule in self._layout.rules:
            if any(case_holds(case, values) for case in rule.cases):
                used = used and not rule.sets_aside
                self._found(
                    Finding(
                        rule=rule.name, column="", rows=1, message=rule.message,
                        advice=rule.advice, severity=rule.severity, sets_aside=rule.sets_aside,
                    )
                )  # fmt: skip
        self._values.append(values)
        self._used.append(used)

    def _cells(self, column: Column, row: Mapping[str, str | None]) -> tuple[object, bool]:
        headers = self._resolved.headers[column.name]
        if not headers or self._resolved.dropped(column):
            absent = column.blank if column.kind in _WORDS else None
            return (() if column.kind == "codes" else absent), True
        reader = reader_of(
            column, nulls=self._layout.nulls, options=self._table.options, key=self._table.key
        )
        read, whole = [], True
        for header in headers:
            value, rule = reader(row[header] or "")
            read.append(value)
            if rule:
                aside = rule == "missing" or column.broken == "set_aside"
                whole = whole and (rule == "id used once" or not aside)
                self._found(finding_of(rule, header, Broken(rows=1), sets_aside=aside))
        return (tuple(read) if column.kind == "codes" else read[0]), whole

    def _found(self, one: Finding) -> None:
        key = (one.rule, one.column)
        known = self._findings.get(key)
        rows = one.rows + (known.rows if known else 0)
        self._findings[key] = Finding(
            rule=one.rule, column=one.column, rows=rows, message=one.message, advice=one.advice,
            severity=one.severity, sets_aside=one.sets_aside,
        )  # fmt: skip

    def _compare(self, duplicates: Duplicates) -> None:
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for at, values in enumerate(self._values):
            key = tuple(values[name] for name in duplicates.key)
            if self._used[at] and not any(_missing(each) for each in key):
                groups[key].append(at)
        copies = 0
        for group in groups.values():
            fullest_first = sorted(group, key=self._fullness)
            copies += len(group) - 1
            if duplicates.sets_aside:
                for at in fullest_first[1:]:
                    self._used[at] = False
        if copies:
            self._found(
                Finding(
                    rule=duplicates.name, column="", rows=copies, message="", advice="",
                    severity="", sets_aside=duplicates.sets_aside,
                )
            )  # fmt: skip

    def _fullness(self, at: int) -> tuple[int, str]:
        row = self._table.rows[at]
        headers = dict.fromkeys(
            header
            for column in self._layout.columns
            if not self._resolved.dropped(column)
            for header in self._resolved.headers[column.name]
        )
        texts = [row[header] or "" for header in headers]
        return -sum(bool(text.strip(WHITE)) for text in texts), "\x1f".join(texts)

    def survey(self) -> Survey:
        """Return rows read and used, and findings by rule and header."""
        return Survey(
            rows_read=len(self._used),
            rows_used=sum(self._used),
            findings=tuple(self._findings.values()),
        )

    def frame(self, columns: Sequence[str]) -> list[tuple[object, ...]]:
        """Return the used rows' values, the row of the file first; days and pence as numbers."""
        return [
            (at + 2, *(values[name] for name in columns))
            for at, values in enumerate(self._values)
            if self._used[at]
        ]

    def tally(self, plan: Plan, *, egress: Policy) -> pd.DataFrame:
        """Return the cells, counted one row at a time."""
        rows: list[dict[str, object]] = []
        for number, measure in enumerate(plan.measures):
            for grouping in plan.groupings:
                for at, span in enumerate(grouping.spans):
                    cells = self._cells_of(plan, measure, grouping, at)
                    rows += [
                        {
                            "measure": number,
                            "level": grouping.level,
                            "org_code": cell[0],
                            "period_start": span.start,
                            "period_end": span.end,
                            **dict(zip(plan.by, cell[1:], strict=True)),
                            **_shown(measure, *sides, egress=egress),
                        }
                        for cell, sides in cells.items()
                    ]
        names = [
            "measure", "level", "org_code", "period_start", "period_end", *plan.by, "numerator",
            "numerator_rows", "numerator_ss", "denominator", "denominator_rows",
        ]  # fmt: skip
        order = ["measure", "level", "org_code", "period_start", "period_end", *plan.by]
        found = pd.DataFrame(rows, columns=names)
        return found.sort_values(order, ignore_index=True)

    def _cells_of(
        self, plan: Plan, measure: RecordMeasure, grouping: Grouping, at: int
    ) -> dict[tuple[str, ...], tuple[_Side, _Side]]:
        cells: dict[tuple[str, ...], tuple[_Side, _Side]] = {}
        for used, values in zip(self._used, self._values, strict=True):
            if not used or not _within(values[self._layout.day], grouping.spans[at]):
                continue
            cell = (
                _organisation(values[grouping.column], grouping, at),
                *(self._dimension(name, values, plan) for name in plan.by),
            )
            sides = cells.get(cell, (_Side(), _Side()))
            for side, counted in zip(sides, (measure.numerator, measure.denominator), strict=True):
                if counted is not None and _all_hold(measure.where + counted.where, values):
                    _count(side, counted, values)
            if any(side.rows for side in sides):
                cells[cell] = sides
        return cells

    def _dimension(self, name: str, values: Values, plan: Plan) -> str:
        if name == AGE_BAND:
            return _band(values["age"], plan.bands)
        if name == WEEKDAY:
            day = values[self._layout.day]
            return _DAYS[(date(1970, 1, 1) + timedelta(days=day)).weekday()]
        word = values[name]
        return "unknown" if _missing(word) else str(word)


def _within(day: object, span: Period) -> bool:
    return day is not None and day_number(span.start) <= day <= day_number(span.end)


def _organisation(word: object, grouping: Grouping, at: int) -> str:
    if _missing(word):
        return "unmapped"
    if grouping.parents is None:
        return str(word)
    return grouping.parents[at].get(str(word), "unmapped")


def _band(age: object, bands: Sequence[str]) -> str:
    for band in bands:
        low, _, high = band.rstrip("+").partition("-")
        top = int(high) if high else int(low) if not band.endswith("+") else 10**9
        if age is not None and int(low) <= age <= top:
            return band
    return "unknown"


def _all_hold(wheres: Sequence[Where], values: Values) -> bool:
    return all(_holds(where, values[where.column]) for where in wheres)


def _holds(where: Where, value: object) -> bool:
    cells = value if isinstance(value, tuple) else (value,)
    return any(_fits(where, cell) for cell in cells) != where.negated


def _fits(where: Where, cell: object) -> bool:
    if _missing(cell):
        return False
    if isinstance(cell, str):
        return cell in where.isin or cell.startswith(where.starts)
    return (where.least is None or where.least <= cell) and (
        where.most is None or cell <= where.most
    )


def _count(side: _Side, counted: Counted, values: Values) -> None:
    """Add a row to a side, if it has a value there: rows are counted only with one."""
    part = 1
    if isinstance(counted, Total):
        if values[counted.column] is None:
            return
        part = values[counted.column]
    if isinstance(counted, Distinct):
        if _missing(values[counted.column]):
            return
        side.ids.add(values[counted.column])
    side.rows += 1
    side.total += part
    person = values.get("person")
    if _missing(person):
        side.loose.append(part)
    else:
        side.parts[str(person)] += part


def _shown(
    measure: RecordMeasure, top: _Side, bottom: _Side, *, egress: Policy
) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, side, counted in (
        ("numerator", top, measure.numerator),
        ("denominator", bottom, measure.denominator),
    ):
        figures: dict[str, object] = {name: None, f"{name}_rows": None}
        if counted is not None:
            figure = len(side.ids) if isinstance(counted, Distinct) else side.total
            if not isinstance(counted, Total):
                figure = _rounded(figure, egress)
            figures = {name: figure, f"{name}_rows": _rounded(side.rows, egress)}
        if name == "numerator":
            squares = side.squares
            if not isinstance(counted, Total):  # one row a person: it is their number
                squares = _rounded(squares, egress)
            figures["numerator_ss"] = squares if measure.clustered else None
        if 0 < min(side.rows, side.people) <= egress.hide_up_to:
            figures = {key: None if old is None else HIDDEN for key, old in figures.items()}
        shown |= figures
    return shown


def _rounded(count: int, policy: Policy) -> int:
    return int(evolve(policy, hide_up_to=0).show(count).replace(",", ""))
