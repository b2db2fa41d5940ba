"""Laws of the figures: the known cells come out, and a hidden number is a range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phm_diabetes.adapters.kinds import period_in
from phm_diabetes.errors import PhmError
from phm_diabetes.model.periods import Period
from phm_diabetes.schemas.columns import VALUES
from phm_diabetes.testing.altering import planted, spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.testing.case import Body, Case
    from phm_diabetes.testing.reading import Line, Reading

__all__ = ["FigureLaws"]

_PARTS = ("numerator", "denominator")
_USUAL_SYMBOLS = ("*", "-", "c", "..", "<8")


class FigureLaws:
    """Laws of the figures.

    Examples
    --------
    >>> [name for name in vars(FigureLaws) if name.startswith("test_")][0]
    'test_the_known_cells_come_out'
    """

    def test_the_known_cells_come_out(self, case: Case) -> None:
        """Cells that a person read in the sample are in the table, for every measure."""
        main = case.adapter.tables[0]
        lines = [line for line in case.reading.lines if line.table == main]
        if not case.known:
            case.broken(
                "no known cell is given",
                hint="Read one for each measure in the sample, by eye, and write it in `known`",
            )
        for cell in case.known:
            _compare(case, _in_columns(case, cell), lines)
        if main != "counts":
            return
        untold = {line["measure"] for line in lines} - {cell.get("measure") for cell in case.known}
        if untold:
            case.broken(
                f"no known cell of {', '.join(sorted(untold))} is given",
                hint="Read one for each measure in the sample, by eye",
            )
        undated = [cell for cell in case.known if "period" not in cell]
        if undated:
            case.broken("a known cell has no period", hint="Such as period='2022-23'")
        ranged = getattr(case.adapter, "rounding", None) is not None
        if ranged and not any("numerator_low" in cell for cell in case.known):
            case.broken(
                "rounds, and no known cell says what range a figure stands for",
                hint="Give numerator_low and numerator_high of one",
            )

    def test_a_hidden_number_is_a_range_and_never_zero(self, case: Case) -> None:
        """Each declared symbol gives its range, and no symbol at all gives an exact count."""
        if "counts" not in case.adapter.tables:
            return
        for symbol in dict.fromkeys([*case.adapter.hidden, *_USUAL_SYMBOLS]):
            ranges = _where_planted(case, symbol)
            declared = case.adapter.hidden.get(symbol)
            exact = [each for each in ranges if each[0] is not None]
            if exact:
                case.broken(
                    f"reads the symbol '{symbol}' as a number",
                    hint="Declare it in `hidden`, or report the cell as a fault",
                )
            if declared is None:
                continue
            if not ranges:
                case.broken(
                    f"declares '{symbol}' hidden, and no count of the sample can hold it",
                    hint="Read counts with the symbols that are declared",
                )
            if any(each[1:] != tuple(declared) for each in ranges):
                case.broken(
                    f"reads '{symbol}' as another range than {declared[0]} to {declared[1]}",
                    hint="Leave the value empty, and fill _low and _high with the range",
                )


def _in_columns(case: Case, cell: Mapping[str, Any]) -> dict[str, Any]:
    """Write a known cell in the columns of the table."""
    columns = {name: value for name, value in cell.items() if name != "period"}
    if "period" in cell:
        label = cell["period"]
        period = label if isinstance(label, Period) else period_in(str(label))
        if period is None:
            case.broken(
                f"'{label}' is no period",
                hint="Write 2022-23, 2022-23 Q1 or 2023-01, or give a Period",
            )
        columns["period_start"] = period.start.isoformat()
        columns["period_end"] = period.end.isoformat()
    return columns


def _compare(case: Case, cell: Mapping[str, Any], lines: list[Line]) -> None:
    key = {name: value for name, value in cell.items() if name not in VALUES}
    found = [line for line in lines if all(line[name] == value for name, value in key.items())]
    said = ", ".join(f"{name} {value}" for name, value in key.items())
    if len(found) != 1:
        case.broken(
            f"has {len(found)} rows of the known cell {said}",
            hint="Give what tells it apart, and check measure, code and period",
        )
    for name in set(cell) - set(key):
        if found[0][name] != cell[name]:
            case.broken(
                f"has {name} {found[0][name]} where the known cell {said} has {cell[name]}",
                hint="Check which column is read, and how",
            )


def _where_planted(case: Case, symbol: str) -> list[tuple[Any, Any, Any]]:
    """Value and range wherever a symbol in place of a cell changes a figure."""
    ranges: list[tuple[Any, Any, Any]] = []
    counted = {line.place for line in case.reading.lines if line.table == "counts"}
    for body in case.bodies:
        if counted.isdisjoint((body.sheet.name, row) for row in body.records):
            continue
        hidden = {row: _hidden_in(case, (body.sheet.name, row)) for row in body.records}
        rows = [row for row in body.records if hidden[row] == min(hidden.values())]
        for cells in spread(body.sheet.grid.shape[1], rows):
            ranges += _planted_together(case, body, cells, symbol)
    return ranges


def _planted_together(
    case: Case, body: Body, cells: list[tuple[int, int]], symbol: str
) -> list[tuple[Any, Any, Any]]:
    found = case.read_or_refusal(planted(case.source, body, dict.fromkeys(cells, symbol)))
    if not isinstance(found, PhmError):
        return [
            each
            for row, _ in cells
            for each in _changed(case.reading, found, (body.sheet.name, row))
        ]
    if len(cells) == 1:
        return []
    return [each for cell in cells for each in _planted_together(case, body, [cell], symbol)]


def _hidden_in(case: Case, place: tuple[str, int]) -> int:
    lines = [line for line in case.reading.lines if line.place == place]
    return sum(line[part] is None for line in lines for part in _PARTS)


def _changed(before: Reading, after: Reading, place: tuple[str, int]) -> list[tuple[Any, Any, Any]]:
    was = {_identity(line): line for line in before.lines if line.place == place}
    changed = []
    for line in after.lines:
        old = was.get(_identity(line)) if line.place == place else None
        for part in _PARTS:
            cell = (line[part], line[f"{part}_low"], line[f"{part}_high"])
            if old is not None and cell != (
                old[part],
                old[f"{part}_low"],
                old[f"{part}_high"],
            ):
                changed.append(cell)
    return changed


def _identity(line: Line) -> tuple[Any, ...]:
    return (line.table, *(pair for pair in line.pairs if pair[0] not in VALUES))
