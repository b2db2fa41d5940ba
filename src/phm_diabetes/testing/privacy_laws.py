"""Laws of privacy: no error quotes a cell, and a sample is nobody's record."""

from __future__ import annotations

import io
import logging
import pickle
import re
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

from phm_diabetes.errors import PhmError
from phm_diabetes.loading import load
from phm_diabetes.testing.altering import planted, spread
from phm_diabetes.testing.forms import in_form
from phm_diabetes.testing.people import personal

if TYPE_CHECKING:
    from phm_diabetes.adapters.sources import Source
    from phm_diabetes.testing.case import Body, Case

__all__ = ["PrivacyLaws"]

_SECRETS = ("ZEBEDEE 999 000 0018", "-9990000018", "9990000.018")
_MARKS = ("ZEBEDEE", "9990000018", "9990000.018")


class PrivacyLaws:
    """Laws of privacy.

    Examples
    --------
    >>> [name for name in vars(PrivacyLaws) if name.startswith("test_")][0]
    'test_no_error_quotes_a_cell'
    """

    def test_no_error_quotes_a_cell(self, case: Case) -> None:
        """A planted value is in no error, problem, warning, log or print, nor kept unseen."""
        for body in case.bodies:
            width = body.sheet.grid.shape[1]
            for secret in _SECRETS:
                for cells in spread(width, body.records):
                    _try(case, body, cells, secret)
            everywhere = {(body.records[0], spot): _SECRETS[0] for spot in range(width)}
            said = _loaded(case, planted(case.source, body, everywhere))
            if said:
                case.broken(f"lets a cell out in {said}", hint="Name row and column")

    def test_the_sample_is_synthetic(self, case: Case) -> None:
        """No cell is an NHS number outside the test range, a postcode or a date of birth."""
        for sheet in case.source.sheets:
            for row, column, what in personal(sheet):
                case.broken(
                    f"has {what} in its sample, row {row}, column {column}",
                    hint="Make the sample up: NHS numbers from 999, no postcodes but ZZ99, no "
                    "dates of birth",
                )


def _try(case: Case, body: Body, cells: list[tuple[int, int]], secret: str) -> None:
    """Plant a value in several rows; one by one where an error may hide another."""
    said, refused = _said(case, planted(case.source, body, dict.fromkeys(cells, secret)))
    if (said or refused) and len(cells) > 1:
        for cell in cells:
            _try(case, body, [cell], secret)
    elif said:
        spot = cells[0][1]
        header = body.header.texts[spot] if body.header.texts else f"column {spot + 1}"
        case.broken(
            f"lets a cell under '{header}' out in {said}",
            hint="Name row and column; raise outside `except`, or `from None`",
        )


def _holds(text: str) -> bool:
    bare = re.sub(r"[\s,_]", "", text)
    return any(mark in bare for mark in _MARKS)


def _chain(error: BaseException | None) -> str:
    """Return all that an error and those behind it say."""
    told = []
    while error is not None:
        told += [str(error), repr(error), repr(error.args), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return " ".join(told)


def _said(case: Case, source: Source) -> tuple[str, bool]:
    """Say where a planted value came out, blank where nowhere, and whether it was refused."""
    heard, log = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    kept = problems = raised = ""
    warned: list[warnings.WarningMessage] = []
    try:
        with (
            redirect_stdout(heard),
            redirect_stderr(heard),
            warnings.catch_warnings(record=True) as caught,
        ):
            warned = caught
            warnings.simplefilter("always")
            found = case.read(source)
            told = [fault for _, fault in found.faults]
            problems = " ".join(
                f"{each.rule} {each.column} {each.message} {each.advice}" for each in told
            )
            if found.errors:
                kept = " ".join(str(line.pairs) for line in found.lines)
    except Exception as error:  # noqa: BLE001 - whatever is raised must not quote the cell
        raised = _chain(error)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    places = {
        "an error": raised,
        "a problem": problems,
        "a table, though its row is set aside": kept,
        "what it prints": heard.getvalue(),
        "a log": log.getvalue(),
        "a warning": " ".join(str(each.message) for each in warned),
    }
    return next((place for place, text in places.items() if _holds(text)), ""), bool(raised)


def _loaded(case: Case, source: Source) -> str:
    """Say where a whole load lets a planted value out; blank where nowhere."""
    form = "frame" if len(source.sheets) == 1 else "xlsx"
    for rule in ("raise", "report"):
        made = in_form(source, form, labelled=False)
        try:
            extract = load(made, adapter=case.adapter, period=case.covered, problems=rule)
        except PhmError as error:
            if _holds(_chain(error)) or b"ZEBEDEE" in pickle.dumps(error):
                return "the error of a load"
        else:
            if _holds(repr(extract)) or _holds(extract.problems.to_csv()):
                return "the problems of a load"
            if rule == "report" and b"ZEBEDEE" in pickle.dumps(extract):
                return "an extract, though its row is set aside"
    return ""
