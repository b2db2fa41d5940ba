"""Errors seen in published code on codes of attendance, made impossible by name."""

from __future__ import annotations

import pytest
from tests.unit.records.read_rows import read_rows
from tests.writers.hospital_records import planted

from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
from phm_diabetes.records.layouts.sus_icb_mart import SUS_ICB_MART
from phm_diabetes.records.layouts.sus_ncdr import SUS_NCDR
from phm_diabetes.records.layouts.sus_trust_csv import SUS_TRUST_CSV

PLANTED = {"5": 10, "6": 4, "3": 3, "7": 2, "2": 6, "4": 5, "0": 1, "9": 1}
any_layout = pytest.mark.parametrize(
    "layout",
    [ENGLAND_HES_OP, SUS_NCDR, SUS_ICB_MART, SUS_TRUST_CSV],
    ids=lambda layout: layout.name,
)


def attendances(layout):
    codes = [code for code, rows in PLANTED.items() for _ in range(rows)]
    words = read_rows(layout, planted(layout, *({"attendance": code} for code in codes)))
    return words["attendance"]


@any_layout
def test_a_cancellation_by_the_patient_is_no_missed_appointment(layout):
    """An ICB's published SQL counts ATTENDED 2 among those who did not attend."""
    assert attendances(layout).count("missed") == PLANTED["3"] + PLANTED["7"]
    assert attendances(layout).count("patient_cancelled") == PLANTED["2"]


@any_layout
def test_arriving_too_late_to_be_seen_is_a_missed_appointment(layout):
    """The same SQL leaves ATTENDED 7 out."""
    read = read_rows(layout, planted(layout, {"attendance": "7"}))
    assert read["attendance"] == ["missed"]


@any_layout
def test_arriving_late_and_being_seen_is_attended(layout):
    """Published research code counts ATTENDED 5 alone."""
    assert attendances(layout).count("attended") == PLANTED["5"] + PLANTED["6"]


@any_layout
def test_the_rate_of_missed_appointments_is_out_of_attended_and_missed_only(layout):
    words = attendances(layout)
    missed, attended = words.count("missed"), words.count("attended")
    assert (missed, missed + attended) == (5, 19)
    assert words.count("provider_cancelled") == PLANTED["4"]


@any_layout
def test_codes_are_told_by_their_text_not_by_their_position_or_number(layout):
    for text in ("5", " 5 ", "5.0"):
        read = read_rows(layout, planted(layout, {"attendance": text}))
        assert read["attendance"] == ["attended"]
    assert read_rows(layout, planted(layout, {"attendance": "05"}))["attendance"] == ["unknown"]
