"""Laws of the rows: none is lost, each stands alone, and their order says nothing."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from attrs import evolve

from phm_diabetes.errors import PhmError
from phm_diabetes.testing.altering import planted, rearranged, spread

if TYPE_CHECKING:
    from phm_diabetes.adapters.sources import Source
    from phm_diabetes.testing.altering import Altered
    from phm_diabetes.testing.case import Body, Case
    from phm_diabetes.testing.reading import Place, Reading

__all__ = ["RowLaws"]

_FEWEST_RECORDS = 3
_MOST_ALONE = 12
_NO_VALUE = "?? not a value ??"


class RowLaws:
    """Laws of the rows.

    Examples
    --------
    >>> [name for name in vars(RowLaws) if name.startswith("test_")][0]
    'test_no_source_row_is_lost'
    """

    def test_no_source_row_is_lost(self, case: Case) -> None:
        """Each row is used or reported, in the sample and when any of its cells is broken."""
        _account(case, case.reading, "")
        for body in case.bodies:
            names = _names(body)
            for cells in spread(len(names), body.records):
                for text in (_NO_VALUE, "", *case.adapter.hidden):
                    altered = planted(case.source, body, dict.fromkeys(cells, text))
                    found = case.read_or_refusal(altered)
                    if not isinstance(found, PhmError):
                        under = ", ".join(names[spot] for _, spot in cells)
                        _account(case, found, f" with broken cells under {under}")

    def test_the_order_of_records_does_not_matter(self, case: Case) -> None:
        """Records shuffled give the same table; the rows of one record keep their order."""
        shuffler = random.Random(0)  # noqa: S311 - the same shuffle every time
        orders, turned = [], []
        records = sum(len(case.units(body)) for body in case.bodies)
        if records < _FEWEST_RECORDS:
            case.broken(f"has a sample of {records} records", hint="Three tell more than one")
        for body in case.bodies:
            units = case.units(body)
            mixed = shuffler.sample(units, len(units))
            orders.append((body, [*_flat(mixed), *_rest(body)]))
            turned.append((body, [*_flat(units[::-1]), *_rest(body)]))
        for each in (orders, turned):
            found = _read(case, rearranged(case.source, each), "its records in another order")
            if found.figures() != case.reading.figures():
                case.broken(
                    "gives other figures when its records come in another order",
                    hint="Depend on no earlier row, or declare record_unit",
                )

    def test_a_record_alone_gives_what_it_gives_among_others(self, case: Case) -> None:
        """Each record by itself gives its own rows, with their places in the file."""
        everything = {(line.table, line.pairs) for line in case.reading.lines}
        for body in case.bodies:
            units = case.units(body)
            step = -(-len(units) // _MOST_ALONE)
            for unit in units[::step]:
                altered = rearranged(case.source, [(body, unit)])
                found = _read(case, altered, f"row {unit[0]} without the others")
                places = {(body.sheet.name, row) for row in unit}
                own = [line for line in case.reading.lines if line.place in places]
                alone = [line for line in found.lines if line.place[0] == body.sheet.name]
                strange = any((line.table, line.pairs) not in everything for line in alone)
                if strange or not set(own) <= set(alone):
                    case.broken(
                        f"makes of row {unit[0]} alone what it does not make of it among others",
                        hint="Read each record by itself, with its own row number, or declare "
                        "record_unit",
                    )

    def test_a_record_that_stands_twice_follows_the_rule(self, case: Case) -> None:
        """A copy of a record is refused, or changes nothing and is listed."""
        for body in case.bodies:
            unit = case.units(body)[0]
            rows = [*body.records, *unit, *_rest(body)]
            first = body.header.row + 1 + len(body.records)
            altered = rearranged(case.source, [(body, rows)])
            found = case.read_or_refusal(altered.source)
            places = {(body.sheet.name, first + spot) for spot in range(len(unit))}
            if _rule(case, body) == "refuse":
                _refused(case, found, places)
            else:
                _reported(case, found, places)

    def test_totals_and_notes_are_reported_together(self, case: Case) -> None:
        """Rows that are no records are counted under a reason each, and change nothing."""
        faults = [(sheet, fault) for sheet, fault in case.reading.faults if fault.sets_aside]
        if not case.footers:
            if case.reading.aside:
                case.broken(
                    f"sets aside {len(case.reading.aside)} rows of its own sample",
                    hint="If they are totals or notes, say footers = True",
                )
            return
        if not faults or not all(fault.counted for _, fault in faults):
            case.broken(
                "does not report the totals and notes of its sample under one counted reason",
                hint="Set them aside with a Fault that has counted=True",
            )
        without = [(body, body.records) for body in case.bodies]
        found = _read(case, rearranged(case.source, without), "its totals and notes taken off")
        if found.figures() != case.reading.figures():
            case.broken("lets totals or notes change a figure", hint="Leave them out altogether")

    def test_a_total_is_no_organisation(self, case: Case) -> None:
        """A row that says Total instead of a code is never counted as an organisation."""
        for body in case.bodies:
            row, spots = _coded(case, body)
            if not spots:
                continue  # codes are looked up by name
            for word in ("Total", "England"):
                rows = [*body.records, row, *_rest(body)]
                last = body.header.row + 1 + len(body.records)
                altered = rearranged(case.source, [(body, rows)])
                total = planted(
                    altered.source,
                    _same_place(body, altered.source),
                    {(last, spot): word for spot in spots},
                )
                found = case.read_or_refusal(total)
                if isinstance(found, PhmError):
                    continue
                # Where England is an organisation of the layout, it has a level of its own.
                own = _levels(case.reading, (body.sheet.name, row))
                if own & _levels(found, (body.sheet.name, last)):
                    case.broken(
                        f"counts a row that says {word} as an organisation",
                        hint="Check the form of the codes, and report what has another",
                    )


def _names(body: Body) -> list[str]:
    texts = body.header.texts or [""] * len(body.cells(1))
    return [f"'{text}'" if text else f"column {spot + 1}" for spot, text in enumerate(texts)]


def _flat(units: list[list[int]]) -> list[int]:
    return [row for unit in units for row in unit]


def _rest(body: Body) -> list[int]:
    return [row for row in body.rows if row not in body.records]


def _same_place(body: Body, source: Source) -> Body:
    sheet = next(each for each in source.sheets if each.name == body.sheet.name)
    return evolve(body, sheet=sheet)


def _read(case: Case, altered: Altered, what: str) -> Reading:
    """Read an altered sample that is as sound as the sample, with each row where it was."""
    found = case.read_or_refusal(altered.source)
    sound = "It is as sound as the sample"
    if isinstance(found, PhmError):
        case.broken(f"cannot read {what}: {found}", hint=sound)
    if found.errors:
        case.broken(f"finds errors in {what}: {found.errors[0][1].message}", hint=sound)
    return found.moved(altered.origin)


def _account(case: Case, found: Reading, when: str) -> None:
    there = {(body.sheet.name, row) for body in case.bodies for row in body.rows}
    strays = (found.used | found.aside) - there
    lost = there - found.used - found.aside
    if strays:
        case.broken(
            f"gives row {min(strays)[1]}{when}, where the sample has nothing",
            hint="Carry the index of Sheet.rows as source_row: it is the file's row number",
        )
    if lost:
        case.broken(
            f"neither uses nor reports row {min(lost)[1]}{when}",
            hint="Report what is not used with a Fault, which gives the reason",
        )
    if found.rows_read != len(there):
        case.broken(
            f"says that it read {found.rows_read} rows{when}; the sample has {len(there)}",
            hint="Count in rows_read every row below the header that is not blank",
        )
    both = found.used & found.aside
    if both:
        case.broken(f"both uses and sets aside row {min(both)[1]}{when}", hint="Do one of the two")


def _rule(case: Case, body: Body) -> str:
    """Return the rule on duplicates of the table that a sheet fills."""
    rule = case.adapter.duplicates
    if isinstance(rule, str):
        return rule
    filled = next(line.table for line in case.reading.lines if line.place[0] == body.sheet.name)
    return rule[filled]


def _refused(case: Case, found: Reading | PhmError, copies: set[Place]) -> None:
    if isinstance(found, PhmError):
        return
    named = {(sheet, int(row)) for sheet, fault in found.errors for row in fault.rows}
    if not copies <= named:
        case.broken(
            "takes a record that stands twice without an error",
            hint="Find duplicates with phm_diabetes.adapters.rules.duplicates, or say "
            "duplicates = 'report'",
        )


def _reported(case: Case, found: Reading | PhmError, copies: set[Place]) -> None:
    if isinstance(found, PhmError) or found.errors:
        case.broken(
            "says duplicates = 'report' and refuses a copy", hint="Report it as information"
        )
    if set(found.figures()) != set(case.reading.figures()):
        case.broken("lets a copy of a record change a figure", hint="Use the record once")
    if "counts" in case.adapter.tables and max(found.figures().values()) > 1:
        case.broken("counts a copy of a record again", hint="Use the record once")
    named = {(sheet, int(row)) for sheet, fault in found.faults for row in fault.rows}
    if not copies & named:
        case.broken("does not list a copy of a record", hint="Report it with a Fault")


def _levels(found: Reading, place: Place) -> set[str]:
    return {str(line["org_level"]) for line in found.lines if line.place == place}


def _coded(case: Case, body: Body) -> tuple[int, list[int]]:
    """Return a row of the body, and the columns in which the code of its organisation stands."""
    for row in body.records:
        codes = {
            line["org_code"]
            for line in case.reading.lines
            if line.place == (body.sheet.name, row) and line["org_code"]
        }
        spots = [spot for spot, cell in enumerate(body.cells(row)) if cell in codes]
        if spots:
            return row, spots
    return 0, []
