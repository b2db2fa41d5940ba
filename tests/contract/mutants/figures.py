"""Adapters that each break a law of its figures, as somebody's first adapter does."""

from __future__ import annotations

import pandas as pd
from attrs import evolve
from tests.contract.honest import Honest, breaks, with_table

from phm_diabetes.testing.figure_laws import FigureLaws


@breaks(FigureLaws.test_the_known_cells_come_out)
class SwapsNumeratorAndDenominator(Honest):
    measures = {"copd.register": ("listed", "copd"), "af.register": ("listed", "af")}


@breaks(FigureLaws.test_the_known_cells_come_out)
class TakesTheCalendarYear(Honest):
    def to_table(self, sheet, context):
        return with_table(
            super().to_table(sheet, context),
            lambda table: table.assign(
                period_start=table["period_start"] - pd.DateOffset(months=3),
                period_end=table["period_end"] - pd.DateOffset(months=3),
            ),
        )


@breaks(FigureLaws.test_the_known_cells_come_out)
class TakesRoundedForExact(Honest):
    rounding = None  # type: ignore[assignment]


@breaks(
    FigureLaws.test_the_known_cells_come_out,
    known=({"measure": "af.register", "period": "2023-24", "numerator": 150},),
)
class IsKnownInOneMeasureOnly(Honest):
    pass


def _hidden_as(**instead: object):
    """Return a change that reads a hidden count as something else."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        hidden = table["numerator"].isna() & (table["numerator_high"] == 7)
        return table.assign(
            **{name: table[name].mask(hidden, value) for name, value in instead.items()}
        )

    return change


@breaks(FigureLaws.test_a_hidden_number_is_a_range_and_never_zero)
class ReadsHiddenAsZero(Honest):
    def to_table(self, sheet, context):
        zero = _hidden_as(numerator=0, numerator_low=0, numerator_high=0)
        return with_table(super().to_table(sheet, context), zero)


@breaks(FigureLaws.test_a_hidden_number_is_a_range_and_never_zero)
class ReadsHiddenAsMissing(Honest):
    def to_table(self, sheet, context):
        missing = _hidden_as(numerator_low=0, numerator_high=pd.NA)
        return with_table(super().to_table(sheet, context), missing)


@breaks(FigureLaws.test_a_hidden_number_is_a_range_and_never_zero)
class ReadsHiddenAsANarrowerRange(Honest):
    def to_table(self, sheet, context):
        return with_table(super().to_table(sheet, context), _hidden_as(numerator_high=5))


@breaks(FigureLaws.test_a_hidden_number_is_a_range_and_never_zero)
class TakesADashForNobody(Honest):
    def to_table(self, sheet, context):
        grid = sheet.grid.astype(str).replace("-", "0")
        return super().to_table(evolve(sheet, grid=grid), context)
