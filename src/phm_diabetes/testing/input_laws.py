"""Laws of the input: any form, any padding, twice, and nothing missing or changed."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.adapters.sources import open_source
from phm_diabetes.errors import OptionError, PhmError, SourceDataError, SourceLayoutError
from phm_diabetes.loading import load
from phm_diabetes.testing.altering import padded, planted, rearranged, without_column
from phm_diabetes.testing.forms import can_be_written, in_form
from phm_diabetes.testing.reading import read

if TYPE_CHECKING:
    from phm_diabetes.testing.case import Body, Case
    from phm_diabetes.testing.reading import Reading

__all__ = ["InputLaws"]

_QUOTED = re.compile(r"'([^']+)'")


class InputLaws:
    """Laws of the input.

    Examples
    --------
    >>> [name for name in vars(InputLaws) if name.startswith("test_")][0]
    'test_every_input_form_gives_the_same'
    """

    def test_every_input_form_gives_the_same(self, case: Case) -> None:
        """CSV, workbook, zip, open file and DataFrame give the same rows and figures."""
        labelled = case.bodies[0].header.row == 1
        for form in case.adapter.input_forms:
            if not can_be_written(case.source, form):
                continue
            made = in_form(case.source, form, labelled=labelled, sheet=_sheet_name(case))
            try:
                found = read(case.adapter, open_source(made), period=case.covered)
            except PhmError as error:
                why = str(error)
                case.broken(f"cannot read its sample as {form}: {why}", hint="See input_forms")
            if _placed(found) != _placed(case.reading):
                case.broken(
                    f"gives other figures when the sample comes as {form}",
                    hint="Read text as phm_diabetes.adapters.cells does, or leave the form out "
                    "of input_forms",
                )

    def test_it_reads_twice_alike(self, case: Case) -> None:
        """Two loads of the same bytes give the same tables, problems and provenance."""
        again = load(case.sample(), adapter=case.adapter, period=case.period)
        first = case.extract
        same = (
            list(first.tables) == list(again.tables)
            and all(first.tables[name].equals(again.tables[name]) for name in first.tables)
            and first.problems.equals(again.problems)
            and first.provenance == again.provenance
        )
        if not same:
            case.broken(
                "reads the same sample otherwise the second time",
                hint="Keep no state, and depend on no clock and no order of a set",
            )

    def test_reading_changes_nothing(self, case: Case) -> None:
        """Reading changes neither the sheet, nor a DataFrame handed over, nor the adapter."""
        before = _state(case.adapter)
        given = case.sample()
        frame = given.copy(deep=True) if isinstance(given, pd.DataFrame) else None
        load(given, adapter=case.adapter, period=case.period)
        opened = open_source(case.sample())
        grids = [sheet.grid.copy(deep=True) for sheet in opened.sheets]
        case.read_or_refusal(opened)
        if not all(
            grid.equals(sheet.grid) for grid, sheet in zip(grids, opened.sheets, strict=True)
        ):
            case.broken("changes the sheet that it reads", hint="Work on a copy")
        if frame is not None and not frame.equals(given):
            case.broken("changes the DataFrame that it is given", hint="Work on a copy")
        one = [(body, case.units(body)[0]) for body in case.bodies]
        case.read_or_refusal(rearranged(case.source, one).source)
        again = case.read_or_refusal(case.source)
        if isinstance(again, PhmError) or _placed(again) != _placed(case.reading):
            case.broken("reads otherwise after another file", hint="Keep no state between files")
        if _state(case.adapter) != before:
            case.broken("changes its own attributes when it reads", hint="Keep no state on it")

    def test_padding_is_harmless(self, case: Case) -> None:
        """Blank rows, blank columns and white space around cells change nothing."""
        movable = all(
            signature.within is not None and body.header.row < signature.within
            for signature in case.adapter.signatures
            for body in case.bodies
        )
        altered = padded(case.source, case.bodies, above=movable)
        found = case.read_or_refusal(altered.source)
        if isinstance(found, PhmError):
            case.broken(f"cannot read a padded sample: {found}", hint="Strip cells, skip blanks")
        if found.errors or _placed(found.moved(altered.origin)) != _placed(case.reading):
            case.broken(
                "gives other figures, or other row numbers, from a padded sample",
                hint="Strip cells, leave blank rows out, and keep the file's row numbers",
            )

    def test_a_merged_header_counts_for_every_column_it_spans(self, case: Case) -> None:
        """A header of several rows reads the same merged and written out."""
        for body in case.bodies:
            rows = [sign.header_rows for sign in case.adapter.signatures]
            deep = max(rows) if body.header.row else 1
            if case.merged_headers != (deep > 1):
                case.broken(
                    f"has a header of {deep} row{'s' if deep > 1 else ''}",
                    hint=f"Say merged_headers = {deep > 1}",
                )
            spread = _written_out(body, deep)
            if case.merged_headers and not spread:
                case.broken("has no merged cell in its sample's header", hint="Give one that has")
            found = case.read_or_refusal(planted(case.source, body, spread))
            if isinstance(found, PhmError) or _placed(found) != _placed(case.reading):
                case.broken(
                    "reads a merged header otherwise when it is written out",
                    hint="Find it with phm_diabetes.adapters.headers",
                )

    def test_each_needed_column_is_missed(self, case: Case) -> None:
        """Without a column the file is refused by the column's name, or nothing changes."""
        missed = 0
        for body in case.bodies:
            for spot in range(body.sheet.grid.shape[1]):
                header = body.header.texts[spot] if body.header.texts else ""
                if header in case.optional_columns:
                    continue
                found = case.read_or_refusal(without_column(case.source, body, spot))
                where = f"'{header}'" if header else f"column {spot + 1}"
                if isinstance(found, PhmError):
                    _names_the_column(case, body, found, where)
                    missed += 1
                elif _lacks_a_table(case.reading, found):
                    missed += 1  # a load warns of a table that no sheet gives
                elif found.figures() != case.reading.figures():
                    case.broken(
                        f"reads a file without {where} and gives other figures",
                        hint="Ask Sheet.rows for the column, or name it in optional_columns",
                    )
        if not missed:
            case.broken("misses no column at all", hint="Ask Sheet.rows for what is needed")

    def test_an_empty_file_is_an_error(self, case: Case) -> None:
        """A file with a header and no rows, or with blank rows, is refused."""
        form = next(each for each in case.adapter.input_forms if can_be_written(case.source, each))
        empty = rearranged(case.source, [(body, []) for body in case.bodies]).source
        made = in_form(empty, form, labelled=False, sheet=_sheet_name(case))
        try:
            load(made, adapter=case.adapter, period=case.covered)
        except PhmError:
            return
        case.broken("accepts a file without a row", hint="Count no rows where there are none")


def _placed(found: Reading) -> Counter[Any]:
    """Lines with their row, but not their sheet, which has another name in another form."""
    return Counter((line.table, line.place[1], line.pairs) for line in found.lines)


def _sheet_name(case: Case) -> str:
    for signature in case.adapter.signatures:
        if signature.sheet and re.fullmatch(signature.sheet, signature.sheet):
            return signature.sheet
    return "Sheet1"


def _state(adapter: object) -> dict[str, str]:
    """Every attribute as text, of the adapter and of its class."""
    stated = {name: value for name, value in vars(type(adapter)).items() if name[:2] != "__"}
    return {name: repr(value) for name, value in {**stated, **vars(adapter)}.items()}


def _written_out(body: Body, deep: int) -> dict[tuple[int, int], str]:
    """Return what the cells under a merged one would hold, were it not merged."""
    spread: dict[tuple[int, int], str] = {}
    for row in range(body.header.row - deep + 1, body.header.row):
        above, below = body.cells(row), body.cells(row + 1)
        group = ""
        for spot, (top, bottom) in enumerate(zip(above, below, strict=True)):
            if top:
                group = top if bottom else ""
            elif group and bottom:
                spread[row, spot] = group
    return spread


def _lacks_a_table(before: Reading, after: Reading) -> bool:
    """Whether whole tables are gone, and nothing else has changed."""
    held = {line.table for line in after.lines}
    kept = Counter((line.table, line.pairs) for line in before.lines if line.table in held)
    return held < {line.table for line in before.lines} and kept == after.figures()


def _names_the_column(case: Case, body: Body, error: PhmError, where: str) -> None:
    if isinstance(error, OptionError) and "Pass " in str(error):
        return  # what the column would say is asked of the caller
    if not isinstance(error, SourceLayoutError | SourceDataError):
        case.broken(
            f"refuses a file without {where} with {type(error).__name__}",
            hint="Let Sheet.rows raise SourceLayoutError",
        )
    still = {" ".join(text.split()).casefold() for text in body.header.texts}
    still.discard(where.strip("'").casefold())
    named = {text.casefold() for text in _QUOTED.findall(str(error))}
    own = {case.adapter.name, body.sheet.name}
    if body.header.texts and not named - still - own:
        case.broken(
            f"refuses a file without {where} and does not say which column is missing",
            hint="Let Sheet.rows raise SourceLayoutError, which names it",
        )
