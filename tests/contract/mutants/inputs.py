"""Adapters that each break a law of its input, as somebody's first adapter does."""

from __future__ import annotations

from itertools import count

import pandas as pd
from attrs import evolve
from tests.contract.honest import SAMPLE, Honest, breaks, with_table

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.errors import SourceLayoutError
from phm_diabetes.testing.input_laws import InputLaws


@breaks(InputLaws.test_every_input_form_gives_the_same)
class DependsOnTheNameOfTheFile(Honest):
    def to_table(self, sheet, context):
        year = "2023" if sheet.file.endswith(".xlsx") else "2022"
        return with_table(
            super().to_table(sheet, context),
            lambda table: table.assign(definition=f"north:registers:{year}"),
        )


@breaks(InputLaws.test_every_input_form_gives_the_same, sample=SAMPLE.replace(b"5210", b"5210.0"))
class ReadsNumbersAsText(Honest):
    def to_table(self, sheet, context):
        has_point = sheet.grid.isin(["5210.0"]).to_numpy().any()
        return with_table(
            super().to_table(sheet, context),
            lambda table: table.assign(definition="north:points" if has_point else "north:plain"),
        )


@breaks(InputLaws.test_it_reads_twice_alike)
class DependsOnWhenItIsRead(Honest):
    _times = count()

    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        return with_table(
            mapped, lambda table: table.assign(definition=f"north:{next(self._times)}")
        )


@breaks(InputLaws.test_reading_changes_nothing)
class CleansTheSheetInPlace(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        sheet.grid[0] = ""
        return mapped


@breaks(InputLaws.test_reading_changes_nothing)
class RemembersTheLastFile(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        self._last = mapped.rows_read
        return mapped


@breaks(InputLaws.test_padding_is_harmless)
class TakesBlankRowsForBrokenOnes(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        filled = (sheet.grid.map(str.strip) != "").any(axis=1).to_numpy()
        blank = [row + 1 for row in range(4, len(filled)) if not filled[row]]
        fault = Fault(rule="blank", rows=blank, message="is blank", advice="Fill it in.")
        return evolve(mapped, faults=[*mapped.faults, *([fault] if blank else [])])


@breaks(InputLaws.test_padding_is_harmless)
class CountsRowsThatAreNotBlank(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        order = {row: 5 + spot for spot, row in enumerate(sorted(set(_rows(mapped))))}
        return with_table(
            mapped, lambda table: table.assign(source_row=table["source_row"].map(order))
        )


def _rows(mapped):
    return mapped.tables["counts"]["source_row"].tolist()


@breaks(InputLaws.test_a_merged_header_counts_for_every_column_it_spans)
class ReadsOnlyTheMergedCell(Honest):
    def to_table(self, sheet, context):
        if str(sheet.grid.iloc[2, 4]) == "COPD":
            message = "The header is not merged."
            raise SourceLayoutError(message)
        return super().to_table(sheet, context)


@breaks(InputLaws.test_a_merged_header_counts_for_every_column_it_spans, merged_headers=False)
class HidesThatItsHeaderIsMerged(Honest):
    pass


@breaks(InputLaws.test_each_needed_column_is_missed)
class DoesWithoutAColumn(Honest):
    def to_table(self, sheet, context):
        if "Atrial fibrillation" in sheet.grid.to_numpy():
            return super().to_table(sheet, context)
        grid = sheet.grid.copy()
        grid[grid.shape[1]] = ["", "", "Atrial fibrillation", "Register", *["0"] * (len(grid) - 4)]
        return super().to_table(evolve(sheet, grid=grid), context)


@breaks(InputLaws.test_each_needed_column_is_missed)
class FailsWithAKeyError(Honest):
    def to_table(self, sheet, context):
        try:
            return super().to_table(sheet, context)
        except SourceLayoutError:
            pass
        raise KeyError


@breaks(InputLaws.test_each_needed_column_is_missed)
class DoesNotSayWhichColumnIsMissing(Honest):
    def to_table(self, sheet, context):
        try:
            return super().to_table(sheet, context)
        except SourceLayoutError:
            message = "The file has another layout."
        raise SourceLayoutError(message)


@breaks(InputLaws.test_an_empty_file_is_an_error)
class AddsATotalOfItsOwn(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        own = {
            "dataset": "north",
            "measure": "copd.register",
            "definition": "north:1",
            "org_level": "england",
            "org_code": "E92000001",
            "numerator": 1,
            "denominator": 1,
            "period_start": pd.Timestamp("2022-04-01"),
            "period_end": pd.Timestamp("2023-03-31"),
            "source_row": 4,
        }
        table = pd.DataFrame([*mapped.tables["counts"].to_dict("records"), own])
        return evolve(mapped, tables={"counts": table}, rows_read=mapped.rows_read + 1)
