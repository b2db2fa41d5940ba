"""The whole path on planted data, as a person would follow it, printed step by step."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.glyphs import printable, verdict_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.schemas.counts import Counts

__all__ = ["run"]

_MEASURES = {"dm.register": "Diabetes, 17+", "ndh.register": "Non-diabetic hyperglycaemia, 18+"}
_DRILLED = "dm.register"
_LEVELS = ("place", "icb", "england")
_AS_AT, _ENGLAND = "period_end", "sum_of_practices"
_WIDTH = 110


def run(echo: Callable[[str], object]) -> None:
    """Do the main job on the planted England, and say what is done.

    Parameters
    ----------
    echo
        Takes one line at a time, such as :func:`print`. It is given only what the console can
        show.

    Examples
    --------
    >>> lines = []
    >>> run(lines.append)
    >>> print(lines[0])
    Everything below is planted: invented practices, PCNs and Places, and invented figures.
    """

    def say(*lines: str) -> None:
        for line in lines:
            echo(printable(line))

    say("Everything below is planted: invented practices, PCNs and Places, and invented figures.")
    registers, geo = _loaded(say)
    counts = registers.table[registers.table["measure"].isin(_MEASURES)]
    _levels(say, counts, geo)
    drilled = phm.drill(
        counts,
        geo=geo,
        measures=[_DRILLED],
        rule="all",
        below="interval(0.95)",
        to="england",
        via="pcn",
        england=_ENGLAND,
        as_at=_AS_AT,
        extracts=[registers],
    )
    _findings(say, drilled)
    _working(say, drilled)
    _planted(say, drilled)
    say("", "A practice that stands out is a reason to look, not a judgement.")


def _loaded(say: Callable[..., None]) -> tuple[Extract, Geography]:
    say("", "1. Load files in the layouts that the NHS publishes", "")
    registers = phm.load(demo.registers(), adapter="england.qof_prevalence", period=demo.YEAR)
    others = (
        phm.load(demo.geography(), adapter="england.qof_geography", period=demo.YEAR),
        phm.load(demo.membership(), adapter="england.ods_membership"),
        phm.load(demo.practices(), adapter="england.ods_practices"),
    )
    for extract in (registers, *others):
        say(*_wrapped(str(extract.provenance)))
        for problem in _rows(extract.problems):
            about = f"{problem.column}: " if problem.column else ""
            say(*_wrapped(f"  {problem.severity}: {about}{problem.message}"))
    return registers, phm.Geography.from_memberships(*others, places=demo.PLACES)


def _levels(say: Callable[..., None], counts: DataFrame[Counts], geo: Geography) -> None:
    say("", "2. Add up, divide once, and compare")
    levels: list[Any] = [geo.roll_up(counts, to=level, as_at=_AS_AT) for level in _LEVELS]
    estimates = phm.estimate(pd.concat([counts, *levels], ignore_index=True))
    beside_england = phm.compare(estimates, to="england", geo=geo, england=_ENGLAND)
    beside_icb = phm.compare(estimates, to="icb", geo=geo)
    shown = beside_england.assign(beside_icb=beside_icb["verdict"])
    shown = shown[shown["org_level"].isin(_LEVELS)]
    names = {"unallocated": "In none of the four Places"}
    for level in _LEVELS:
        names |= geo.names(level)
    names = {code: name.replace("Integrated Care Board", "ICB") for code, name in names.items()}
    for measure, title in _MEASURES.items():
        heads = (title, "register", "list", "%", "95% interval", "than England", "than rest of ICB")
        rows = (
            (names[row.org_code], *_figures(row), _said(row.verdict), _said(row.beside_icb))
            for row in _rows(shown[shown["measure"] == measure])
        )
        say("", *_table(heads, rows))
    say("", f"  England is the sum of its {counts['org_code'].nunique():,} practices.")


def _findings(say: Callable[..., None], drilled: Drill) -> None:
    say("", "3. Drill: PCNs lower than England, and the practices in them", "")
    say(*_wrapped(str(drilled)))
    say("", *_organisations("PCN", drilled.gate))
    say("", *_organisations("Practice", drilled.table))
    say("", "  Hidden by the gate: lower than England, in a PCN that is not")
    say("", *_organisations("Practice", drilled.hidden))
    say("", "  Not gated: practices without a PCN")
    say("", *_organisations("Practice", drilled.not_gated))


def _organisations(head: str, rows: pd.DataFrame) -> list[str]:
    heads = (head, "code", "PCN", "register", "list", "%", "95% interval", "than England")
    found = (
        (row.name, row.org_code, row.via_code, *_figures(row), _said(row.verdict))
        for row in _rows(rows)
    )
    return _table(heads, found)


def _working(say: Callable[..., None], drilled: Drill) -> None:
    say("", "4. The working of the first finding, back to file and row", "")
    say(*_wrapped(drilled.explain(drilled.reading.found[0])))


def _planted(say: Callable[..., None], drilled: Drill) -> None:
    """Say how what was found agrees with what was planted."""
    planted, reading = demo.truth(), drilled.reading
    low = planted.low_practices(_DRILLED)
    young = {code for each in planted.of_kind("young list", _DRILLED) for code in each.practices}
    lower = {*reading.found, *reading.hidden, *reading.not_gated_beyond}
    say("", "5. What was planted, and what was found", "")
    say(
        f"  Made low: {len(low)} practices. Found: {len(low.intersection(reading.found))}; "
        f"hidden by the gate: {len(low.intersection(reading.hidden))}; "
        f"without a PCN: {len(low.intersection(reading.not_gated_beyond))}; "
        f"not to be told from England: {len(low - lower)}.",
        f"  Lower because few of their people are 50 or over: {len(young & lower)}. Nobody is "
        "missing from their registers,",
        "  and crude prevalence cannot tell the two apart.",
        f"  Lower by chance alone: {len(lower - low - young)}.",
    )


def _wrapped(text: str) -> list[str]:
    """Return lines that fit a console, each indented as it was."""
    lines = []
    for line in text.splitlines():
        margin = " " * (2 + len(line) - len(line.lstrip()))
        lines += wrap(line.strip(), _WIDTH, initial_indent=margin, subsequent_indent=f"{margin}  ")
    return lines


def _rows(table: pd.DataFrame) -> Iterable[Any]:
    return table.itertuples()


def _figures(row: Any) -> tuple[str, str, str, str]:  # noqa: ANN401 - a row as a named tuple
    return (
        f"{row.numerator:,}",
        f"{row.denominator:,}",
        f"{row.value:.2%}".rstrip("%"),
        f"{row.lower:.2%} to {row.upper:.2%}".replace("%", ""),
    )


def _said(verdict: str) -> str:
    return "" if verdict == "not compared" else verdict_text(verdict)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table: texts to the left, figures to the right."""
    cells = [tuple(heads), *(tuple(row) for row in rows)]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [all(map(_is_figure, column[1:])) for column in columns]
    lines = (
        "  ".join(
            cell.rjust(width) if figure else cell.ljust(width)
            for cell, width, figure in zip(row, widths, right, strict=True)
        )
        for row in cells
    )
    return [f"  {line}".rstrip() for line in lines]


def _is_figure(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").isdigit()
