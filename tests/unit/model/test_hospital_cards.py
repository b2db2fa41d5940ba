"""Cards of hospital care say what is counted, by which codes, and never by a code too many."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.disease_areas import hospital_codes as codes
from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.errors import DefinitionMismatchError

OUTPATIENTS = ("op_attendances", "op_dna", "op_spend", "op_first", "op_people")
ADMISSIONS = ("adm_emergency", "adm_dka", "adm_hypoglycaemia", "bed_days")
AMPUTATIONS = ("foot.major_amputations", "foot.major_amputations_narrow", "foot.minor_amputations")
CARDS = [AREA[f"dm.{name}"] for name in (*OUTPATIENTS, *ADMISSIONS, *AMPUTATIONS)]
LISTS = [getattr(codes, name) for name in codes.__all__ if name != "CodeList"]
ROW = {
    "dataset": "planted",
    "org_level": "place",
    "period_start": "2022-04-01",
    "period_end": "2023-03-31",
}


def figure(measure, numerator, denominator, squares=None, definition=None):
    card = AREA[f"dm.{measure}"]
    row = {
        **ROW,
        "measure": card.id,
        "org_code": "planted_place",
        "definition": definition or card.definitions[-1].id,
        "numerator": numerator,
        "denominator": denominator,
        "numerator_ss": squares,
    }
    return phm.estimate(phm.counts_from([row])).iloc[0]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_card_is_whole(card):
    assert card.numerator != card.denominator
    assert card.definitions
    assert len({each.id for each in card.definitions}) == len(card.definitions)
    assert all(each.source for each in card.definitions)
    assert len(card.caveats) >= 3
    assert card.why.endswith(".")


@pytest.mark.parametrize("codelist", LISTS, ids=lambda each: each.id)
def test_no_code_stands_twice_nor_begins_another_of_its_list(codelist):
    assert len(set(codelist.codes)) == len(codelist.codes)
    assert all("." not in each for each in codelist.codes)
    if codelist.beginnings:
        pairs = [(a, b) for a in codelist.codes for b in codelist.codes if a != b]
        assert not [pair for pair in pairs if pair[1].startswith(pair[0])]


def test_a_stump_is_no_amputation_and_a_foot_is_no_leg():
    assert not any(
        code.startswith("X12") for each in (codes.MAJOR_BROAD, codes.MINOR) for code in each.codes
    )
    assert not set(codes.MINOR.codes) & {"X09"}
    assert all(code.startswith(codes.MAJOR_BROAD.codes) for code in codes.MAJOR_NARROW.codes)


def test_anticoagulation_is_no_diabetes_clinic():
    functions = {*codes.CORE_PLUS_ENDO.codes, *codes.RELATED.codes}
    assert "324" not in functions
    assert set(codes.CORE.codes) == {"307", "263"}


def test_diabetes_of_pregnancy_and_coma_are_in_no_list_of_diagnoses():
    diagnoses = (*codes.DIABETES.codes, *codes.KETOACIDOSIS.codes, *codes.HYPOGLYCAEMIA.codes)
    assert not [code for code in diagnoses if code.startswith("O24")]
    assert not [code for code in codes.KETOACIDOSIS.codes if code[3] == "0"]


def test_a_definition_quotes_its_list_and_version():
    assert [each.id for each in AREA["dm.op_dna"].definitions] == [
        "hes:ATTENDED{3,7}/{3,5,6,7}:core:1",
        "hes:ATTENDED{3,7}/{3,5,6,7}:core_plus_endo:1",
    ]
    for card, codelist in (
        ("dm.foot.major_amputations", codes.MAJOR_BROAD),
        ("dm.foot.major_amputations_narrow", codes.MAJOR_NARROW),
        ("dm.foot.minor_amputations", codes.MINOR),
    ):
        last = AREA[card].definitions[-1]
        assert last.id == f"hes:{codelist.label}"
        assert codelist.listed in last.words


def test_cancelled_appointments_are_in_no_rule_of_what_was_missed():
    card = AREA["dm.op_dna"]
    for words in (card.numerator, card.denominator):
        assert not {"2", "4"} & set(words.replace(",", " ").replace(")", " ").split())


def test_events_have_an_interval_only_with_each_persons_count():
    alone = figure("op_attendances", 300, 2_000)
    assert alone["value"] == 150
    assert pd.isna(alone["lower"])
    known = figure("op_attendances", 300, 2_000, squares=900.0)
    assert known["lower"] < 150 < known["upper"]


def test_follow_ups_without_a_first_attendance_have_no_ratio():
    assert figure("op_first", 300, 100)["value"] == 3
    none = figure("op_first", 300, 0)
    assert pd.isna(none["value"])
    assert none["reason"]


def test_people_seen_can_pass_the_register_and_have_the_interval_of_a_rate():
    found = figure("op_people", 210, 200)
    assert found["value"] == pytest.approx(1.05)
    assert found["method"] == "OHID Poisson"


def test_spend_is_per_1_000_people_in_pence():
    assert figure("op_spend", 158_840_700, 22_800)["value"] == pytest.approx(6_966_697, abs=1)


@pytest.mark.parametrize("name", AMPUTATIONS)
def test_amputations_never_select_a_practice(name):
    assert not AREA[f"dm.{name}"].feeds_shortlist


def test_sets_of_treatment_functions_are_never_compared_by_accident():
    core, wider = AREA["dm.op_dna"].definitions
    rows = [
        {
            **ROW,
            "measure": "dm.op_dna",
            "definition": each.id,
            "org_level": level,
            "org_code": code,
            "numerator": 10,
            "denominator": 100,
        }
        for each, level, code in (
            (core, "place", "planted_place"),
            (wider, "england", "E92000001"),
        )
    ]
    with pytest.raises(DefinitionMismatchError, match="core_plus_endo"):
        phm.compare(phm.estimate(phm.counts_from(rows)), to="england")
