"""Adapters that each break a law of what it is, as somebody's first adapter does."""

from __future__ import annotations

import pandas as pd
from attrs import evolve
from tests.contract.honest import Honest, breaks, with_table

from phm_diabetes.testing.identity_laws import IdentityLaws


@breaks(IdentityLaws.test_it_says_what_it_reads)
class SaysNothing(Honest):
    description = "Registers."


@breaks(IdentityLaws.test_it_says_what_it_reads)
class HasNoRuleOnDuplicates(Honest):
    input_forms = ("csv", "parchment")


@breaks(IdentityLaws.test_it_is_found_by_its_name_and_by_its_headers, installed=True)
class HasNoEntryPoint(Honest):
    pass


@breaks(IdentityLaws.test_its_tables_meet_their_schemas)
class WritesMeasuresItsOwnWay(Honest):
    def to_table(self, sheet, context):
        return with_table(
            super().to_table(sheet, context),
            lambda table: table.assign(measure=table["measure"].astype(str).str.upper()),
        )


@breaks(IdentityLaws.test_its_tables_meet_their_schemas)
class GivesAnotherTableThanItDeclares(Honest):
    def to_table(self, sheet, context):
        mapped = super().to_table(sheet, context)
        return evolve(mapped, tables={**mapped.tables, "facts": pd.DataFrame({"source_row": []})})


@breaks(IdentityLaws.test_it_pickles)
class HoldsALambda(Honest):
    def __init__(self):
        self._clean = lambda text: text
