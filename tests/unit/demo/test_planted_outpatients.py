"""The planted outpatients are the same everywhere, invented, and add up to what was planted."""

from __future__ import annotations

import hashlib

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.demo.outpatient_plants import practice_plans


def digest(table):
    return hashlib.sha256(table.to_csv(index=False, lineterminator="\n").encode()).hexdigest()


def test_the_rows_are_the_same_on_every_machine():
    assert digest(demo.appointments()).startswith("aaa1a44fb861")
    found = {name: digest(rows)[:12] for name, rows in demo.north_mersey_appointments().items()}
    assert found == {
        "liverpool.hes_op": "efb96c9bc9fd",
        "sefton.hes_op": "7fec2c8d01d2",
        "knowsley.hes_op": "362bb615da89",
    }


def test_whoever_changes_a_cell_changes_nobody_elses():
    table = demo.appointments()
    table.loc[:, "Core HRG"] = ""
    assert set(demo.appointments()["Core HRG"]) != {""}


def test_every_practice_is_a_planted_one_of_its_own_place():
    own = {each.code for each in demo.truth().practices if each.place == "planted_dudley"}
    assert set(demo.appointments()["GP Practice Code"]) == own | {"V81999"}
    place_of = {each.code: each.place for each in demo.truth().practices}
    sefton = demo.north_mersey_appointments()["sefton.hes_op"]
    assert set(sefton["GPPRAC"].map(place_of)) == {"planted_sefton"}


def test_plans_add_up_to_what_was_planted():
    truth, plans = demo.outpatients_truth(), practice_plans()
    assert sum(plan.first_face_to_face for plan in plans) == truth.first_face_to_face
    assert sum(plan.first_remote for plan in plans) == truth.first_remote
    assert sum(plan.follow_ups for plan in plans) == truth.follow_ups
    assert truth.first_face_to_face + truth.first_remote == truth.firsts
    assert all(
        plan.people <= plan.first_face_to_face + plan.first_remote + plan.follow_ups
        for plan in plans
    )


def test_registers_by_age_add_up_to_the_published_ones():
    published = phm.load(demo.registers(), adapter="england.qof_prevalence", period=demo.YEAR).table
    published = published[published["measure"] == "dm.register"].set_index("org_code")["numerator"]
    by_age = demo.registers_by_age().groupby("org_code", observed=True)["numerator"].sum()
    assert by_age.to_dict() == published.loc[list(by_age.index)].to_dict()
