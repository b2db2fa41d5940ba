"""What an estimate answers at the edges: each has a figure, or a named reason for none."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planted import card, counts, hidden, row

import phm_diabetes as phm

A, B = "Y99001", "Y99002"
SHARE = card()
RATE = card(id="copd.admissions", kind="rate", per=1000)


def one(numerator, denominator, measure=SHARE, **cells):
    table = counts(row(A, numerator, denominator, measure=measure.id, **cells))
    return phm.estimate(table, measures=[measure]).iloc[0]


@pytest.mark.parametrize("measure", [SHARE, RATE], ids=["proportion", "rate"])
def test_no_events_have_a_figure_of_nought_and_an_upper_bound_above_it(measure):
    found = one(0, 50, measure)
    assert (found["value"], found["lower"], found["reason"]) == (0, 0, "")
    assert found["upper"] > 0


@pytest.mark.parametrize("measure", [SHARE, RATE], ids=["proportion", "rate"])
def test_one_event_has_a_figure_and_an_interval_that_holds_it(measure):
    found = one(1, 50, measure)
    assert 0 < found["lower"] < found["value"] < found["upper"]


def test_all_of_the_denominator_has_a_figure_of_one_and_no_upper_bound_above_it():
    found = one(50, 50)
    assert (found["value"], found["upper"]) == (1, 1)
    assert found["lower"] < 1


def test_one_unit_alone_and_one_person_alone_have_figures():
    assert one(1, 1)["value"] == 1
    assert one(0, 1)["reason"] == ""


def test_a_rate_of_more_events_than_people_is_a_rate():
    assert one(60, 50, RATE)["value"] == 1200


def test_a_numerator_above_a_rounded_denominator_is_explained_and_not_called_wrong():
    found = one(10, 8, numerator_low=8, numerator_high=12, denominator_low=6, denominator_high=10)
    assert np.isnan(found["value"])
    assert "as rounding can make it" in found["reason"]
    assert (found["value_low"], found["value_high"]) == (0.8, 1)


def test_a_numerator_that_no_rounding_explains_has_no_bounds_either():
    found = one(10, 5, numerator_low=8, numerator_high=12, denominator_low=1, denominator_high=7)
    assert found["reason"] == "numerator above its denominator"
    assert np.isnan([found["value"], found["value_low"], found["value_high"]]).all()


def test_a_hidden_denominator_gives_what_the_figure_can_be():
    found = one(5, None, denominator_low=10, denominator_high=20)
    assert (found["value_low"], found["value_high"]) == (0.25, 0.5)
    assert "hidden" in found["reason"]


def test_nobody_who_may_be_there_still_bounds_a_proportion_by_all_of_them():
    found = one(1, 5, denominator_low=0, denominator_high=7)
    assert (found["value"], found["value_high"]) == (0.2, 1)


def test_every_odd_row_is_set_aside_with_its_own_reason_and_the_rest_computed():
    rows = {
        "nobody": row("Y99003", 0, 0),
        "above": row("Y99004", 11, 10),
        "no count": row("Y99005", None, 10),
        "no denominator": row("Y99006", 3, None),
        "hidden": hidden("Y99007", 1, 7, 10),
        "sound": row(A, 3, 10),
    }
    found = phm.estimate(counts(*rows.values()), measures=[SHARE])
    reasons = dict(zip(rows, found["reason"].astype(str), strict=True))
    assert found["value"].notna().tolist() == [name == "sound" for name in rows]
    assert len(set(reasons.values())) == len(rows)
    assert reasons["sound"] == ""


def test_repeat_events_without_squares_have_a_figure_no_interval_and_the_reason():
    visits = card(id="copd.visits", kind="rate", unit="events", per=100)
    found = one(30, 100, visits)
    assert found["value"] == 30
    assert np.isnan([found["lower"], found["upper"]]).all()
    assert "no sum of squares" in found["reason"]
