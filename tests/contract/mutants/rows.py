"""Adapters that each break a law of its rows, as somebody's first adapter does."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from tests.contract.honest import Honest, breaks, with_table

from phm_diabetes.adapters.table import Column
from phm_diabetes.testing.row_laws import RowLaws


@breaks(RowLaws.test_no_source_row_is_lost)
class DropsHiddenRows(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        return with_table(mapped, lambda table: table[table["source_row"] != 6])


@breaks(RowLaws.test_no_source_row_is_lost)
class DropsBrokenRowsWithoutAWord(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        errors = [fault for fault in mapped.faults if fault.severity == "error"]
        rows = np.unique([row for fault in errors for row in fault.rows])
        kept = [fault for fault in mapped.faults if fault.severity != "error"]
        found = with_table(mapped, lambda table: table[~table["source_row"].isin(rows)])
        return evolve(found, faults=kept, rows_read=mapped.rows_read - len(rows))


@breaks(RowLaws.test_no_source_row_is_lost)
class NumbersRowsFromTheHeader(Honest):
    def to_table(self, sheet, context):
        return with_table(
            super().to_table(sheet, context),
            lambda table: table.assign(source_row=table["source_row"] - 4),
        )


@breaks(RowLaws.test_a_record_alone_gives_what_it_gives_among_others)
class NumbersRowsBackwards(Honest):
    def to_table(self, sheet, context):
        return with_table(
            super().to_table(sheet, context),
            lambda table: table.assign(
                source_row=table["source_row"].max()
                + table["source_row"].min()
                - table["source_row"]
            ),
        )


@breaks(RowLaws.test_a_record_alone_gives_what_it_gives_among_others)
class MeasuresAgainstTheOthers(Honest):
    def to_table(self, sheet, context):
        return with_table(
            super().to_table(sheet, context),
            lambda table: table.assign(
                denominator=table["denominator"].max(),
                denominator_low=table["denominator_low"].max(),
                denominator_high=table["denominator_high"].max(),
            ),
        )


@breaks(RowLaws.test_the_order_of_records_does_not_matter)
class TakesTheYearOfTheFirstRow(Honest):
    def to_table(self, sheet, context):
        return with_table(
            super().to_table(sheet, context),
            lambda table: table.assign(
                definition="north:registers:" + str(table["period_start"].iloc[0].year)
            ),
        )


@breaks(RowLaws.test_a_record_that_stands_twice_follows_the_rule)
class KeepsTheLastOfTwo(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        twice = [fault for fault in mapped.faults if fault.rule == "duplicate"]
        kept = [fault for fault in mapped.faults if fault.rule != "duplicate"]
        first = [fault.rows.min() for fault in twice]
        found = with_table(mapped, lambda table: table[~table["source_row"].isin(first)])
        return evolve(found, faults=kept, rows_read=mapped.rows_read - len(first))


@breaks(RowLaws.test_a_record_that_stands_twice_follows_the_rule)
class RefusesWhatItSaysThatItReports(Honest):
    duplicates = "report"

    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        faults = [
            evolve(fault, severity="error") if fault.rule == "duplicate" else fault
            for fault in mapped.faults
        ]
        return evolve(mapped, faults=faults)


@breaks(RowLaws.test_a_record_that_stands_twice_follows_the_rule)
class ReportsWithoutAWord(Honest):
    duplicates = "report"

    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        return evolve(mapped, faults=[each for each in mapped.faults if each.rule != "duplicate"])


@breaks(RowLaws.test_totals_and_notes_are_reported_together)
class ReportsTotalsOneByOne(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        return evolve(mapped, faults=[evolve(each, counted=False) for each in mapped.faults])


@breaks(RowLaws.test_totals_and_notes_are_reported_together, footers=False)
class HidesThatItHasTotals(Honest):
    pass


@breaks(RowLaws.test_a_total_is_no_organisation)
class TakesEnglandForAPractice(Honest):
    columns = {
        **Honest.columns,
        "practice": Column(
            header="Practice / Code",
            kind="organisation",
            level="practice",
            to={code: code for code in ("Y99001", "Y99002", "Y99003", "England")},
        ),
    }
