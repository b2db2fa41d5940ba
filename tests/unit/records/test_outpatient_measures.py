"""The ready-made measures of outpatients count what their cards say, of whom they say."""

from __future__ import annotations

import pytest
from tests.writers.hospital_records import planted

import phm_diabetes as phm
from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.disease_areas.hospital_codes import CORE, CORE_PLUS_ENDO
from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
from phm_diabetes.records.outpatient_measures import (
    OP_ATTENDANCES,
    OP_DNA,
    OP_FIRST,
    OP_PEOPLE,
    OP_SPEND,
    OP_UNIT_COST,
    measures_of_outpatients,
)

SHOWN = {"egress": phm.Policy(name="planted"), "reason": "planted rows"}
CARDED = (OP_ATTENDANCES, OP_PEOPLE, OP_SPEND, OP_FIRST, OP_DNA)


def counted(measure, *changes):
    """Return numerator and denominator of all planted rows together."""
    records = phm.open_records(
        planted(ENGLAND_HES_OP, *changes),
        adapter="england.hes_op",
        options={
            "price_type": "local", "market_forces_factor": "excluded", "price_year": "2023-24"
        },
    )  # fmt: skip
    table = phm.tally(records, measures=measure, periods="2023-24", to="trust", **SHOWN)
    return int(table["numerator"].sum()), int(table["denominator"].fillna(0).sum())


@pytest.mark.parametrize("measure", CARDED, ids=lambda each: each.id)
@pytest.mark.parametrize("functions", [CORE, CORE_PLUS_ENDO], ids=lambda each: each.id)
def test_each_has_a_card_with_its_definition(measure, functions):
    own = {each.id: each.definition for each in measures_of_outpatients(functions)}
    assert own[measure.id] in {each.id for each in AREA[measure.id].definitions}


def test_the_ready_made_ones_are_of_the_core_functions():
    assert {each.definition.rpartition(":core:")[2] for each in (*CARDED, OP_UNIT_COST)} == {"1"}


def test_the_unit_cost_has_no_card_since_a_tariff_is_no_sample():
    assert OP_UNIT_COST.id not in AREA.ids


def test_those_under_17_and_those_of_no_known_age_are_in_none_held_against_the_register():
    ages = [{"age": age} for age in ("16", "17", "85", None)]
    assert counted(OP_ATTENDANCES, *ages)[0] == 2


def test_children_count_where_a_card_has_no_age():
    visits = [{"age": "9", "treatment_function": "263", "first_attendance": each} for each in "122"]
    assert counted(OP_FIRST, *visits) == (2, 1)


def test_only_what_was_attended_is_counted_and_paid_for():
    codes = [{"attendance": code, "cost_pence": "100.00"} for code in "2345670"]
    assert counted(OP_ATTENDANCES, *codes)[0] == 2
    assert counted(OP_SPEND, *codes)[0] == 20_000


def test_other_treatment_functions_are_not_counted():
    functions = [{"treatment_function": code} for code in ("307", "263", "302", "653")]
    assert counted(OP_ATTENDANCES, *functions)[0] == 2
    wide = measures_of_outpatients(CORE_PLUS_ENDO).attendances
    assert counted(wide, *functions)[0] == 3


def test_a_visit_without_a_cost_does_not_make_the_others_cheaper():
    costs = [{"cost_pence": cost} for cost in ("140.00", "160.00", None)]
    assert counted(OP_UNIT_COST, *costs) == (30_000, 2)


def test_another_specialty_has_ids_of_its_own():
    own = measures_of_outpatients(CORE, area="heart", youngest=18)
    assert {each.id.partition(".")[0] for each in own} == {"heart"}
