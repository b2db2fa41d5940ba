"""Adapters that each break a law of privacy, as somebody's first adapter does."""

from __future__ import annotations

import logging
import warnings

from attrs import evolve
from tests.contract.honest import SAMPLE, Honest, breaks

from phm_diabetes.errors import PhmError, SourceDataError
from phm_diabetes.testing.privacy_laws import PrivacyLaws


def _first_bad_cell(sheet):
    """Return a cell that the adapter would not expect."""
    cells = [str(cell) for cell in sheet.grid.iloc[4:, 3]]
    return next((cell for cell in cells if cell not in {"*", ""} and not cell.isdigit()), "")


@breaks(PrivacyLaws.test_no_error_quotes_a_cell)
class LetsTheCastQuote(Honest):
    def to_table(self, sheet, context):
        for cell in sheet.grid.iloc[4:8, 3]:
            if cell != "*":
                int(cell)
        return super().to_table(sheet, context)


@breaks(PrivacyLaws.test_no_error_quotes_a_cell)
class QuotesInItsFault(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        bad = _first_bad_cell(sheet)
        return evolve(
            mapped,
            faults=[evolve(each, message=f"{each.message}: {bad}") for each in mapped.faults],
        )


@breaks(PrivacyLaws.test_no_error_quotes_a_cell)
class QuotesBehindItsError(Honest):
    def to_table(self, sheet, context):
        try:
            [float(cell) for cell in sheet.grid.iloc[4:8, 3] if cell != "*"]
        except ValueError as error:
            message = "A count is not a number."
            raise SourceDataError(message) from error
        return super().to_table(sheet, context)


@breaks(PrivacyLaws.test_no_error_quotes_a_cell)
class WarnsOfTheCell(Honest):
    def to_table(self, sheet, context):
        if bad := _first_bad_cell(sheet):
            warnings.warn(f"odd cell {bad}", stacklevel=1)
        return super().to_table(sheet, context)


@breaks(PrivacyLaws.test_no_error_quotes_a_cell)
class LogsTheCell(Honest):
    def to_table(self, sheet, context):
        logging.getLogger("north").debug("odd cell %s", _first_bad_cell(sheet))
        return super().to_table(sheet, context)


@breaks(PrivacyLaws.test_no_error_quotes_a_cell)
class PrintsTheCell(Honest):
    def to_table(self, sheet, context):
        print(_first_bad_cell(sheet))  # noqa: T201 - that is what is wrong with it
        return super().to_table(sheet, context)


@breaks(PrivacyLaws.test_no_error_quotes_a_cell)
class PutsTheCellOnItsError(Honest):
    def to_table(self, sheet, context):
        if bad := _first_bad_cell(sheet):
            error = PhmError("A count is not a number.")
            error.add_note(bad)
            raise error
        return super().to_table(sheet, context)


for _what in (b"943 476 5919", b"DY1 1HF"):
    breaks(
        PrivacyLaws.test_the_sample_is_synthetic,
        sample=SAMPLE.replace(b"Made-up Surgery", _what, 1),
    )(Honest)

breaks(
    PrivacyLaws.test_the_sample_is_synthetic,
    sample=SAMPLE.replace(b"Code,Name", b"Code,Date of birth").replace(
        b"Made-up Surgery", b"14/02/1961"
    ),
)(Honest)
