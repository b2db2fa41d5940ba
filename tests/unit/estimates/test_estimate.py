"""Estimate: counts are summed first and divided once; a row without a figure says why."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planted import card, counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import (
    DoubleCountError,
    MeasureNotFoundError,
    OptionError,
    SchemaError,
)

A, B = "Y99001", "Y99002"
CARD = card()


def estimated(*rows, **options):
    return phm.estimate(counts(*rows), measures=options.pop("measures", [CARD]), **options)


def test_a_figure_is_the_quotient_of_the_counts_with_its_wilson_interval():
    only = estimated(row(A, 5, 10)).iloc[0]
    assert only["value"] == 0.5
    assert [round(only[end], 4) for end in ("lower", "upper")] == [0.2366, 0.7634]
    assert (only["method"], only["confidence"], only["reason"]) == ("Wilson", 0.95, "")


def test_counts_are_summed_before_they_are_divided():
    rows = [row(A, 1, 2, sex="female"), row(A, 0, 98, sex="male")]
    assert estimated(*rows)["value"].tolist() == [0.01]


def test_several_confidences_give_a_row_each():
    both = estimated(row(A, 5, 10), row(B, 6, 10), confidence=[0.998, 0.95])
    assert both.groupby("confidence").size().to_dict() == {0.95: 2, 0.998: 2}


@pytest.mark.parametrize("confidence", [95, 0, 1, -0.5, float("nan"), [], [0.95, 95]])
def test_a_confidence_outside_nought_to_one_is_refused(confidence):
    with pytest.raises(OptionError, match=r"0\.95 for 95%"):
        estimated(row(A, 5, 10), confidence=confidence)


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        (None, 40, "count is missing"),
        (5, None, "denominator"),
        (0, 0, "denominator"),
        (41, 40, "above its denominator"),
    ],
    ids=["no numerator", "no denominator", "nobody", "above"],
)
def test_a_row_that_cannot_be_divided_keeps_its_counts_and_says_why(numerator, denominator, words):
    table = estimated(row(A, numerator, denominator), row(B, 5, 40))
    odd, even = (table[table["org_code"] == code].iloc[0] for code in (A, B))
    assert np.isnan([odd["value"], odd["lower"], odd["upper"]]).all()
    assert words in odd["reason"]
    assert even["value"] == 0.125
    assert even["reason"] == ""


def test_a_hidden_count_gives_no_figure_but_what_it_can_be():
    only = estimated(hidden(A, 1, 7, 40)).iloc[0]
    assert np.isnan(only["value"])
    assert (only["value_low"], only["value_high"]) == (1 / 40, 7 / 40)
    assert "hidden" in only["reason"]


def test_a_missing_count_is_not_called_hidden_and_has_no_bounds():
    only = estimated(row(A, None, 40)).iloc[0]
    assert np.isnan(only["value_high"])
    assert "hidden" not in only["reason"]


def test_a_rounded_figure_says_what_it_can_be_and_never_passes_the_whole():
    only = estimated(to_fives(A, 5, 10)).iloc[0]
    assert only["value"] == 0.5
    assert (only["value_low"], only["value_high"]) == (1 / 12, 7 / 8)
    assert estimated(to_fives(A, 10, 10)).iloc[0]["value_high"] == 1


def test_a_measure_without_a_card_is_refused_with_the_nearest():
    with pytest.raises(MeasureNotFoundError, match=r"copd\.reviews.*Did you mean 'copd\.review'"):
        estimated(row(A, 5, 10, measure="copd.reviews"))


def test_a_subtype_must_be_chosen():
    rows = [row(A, 5, 10, subtype="type_1"), row(A, 6, 20, subtype="type_2_and_other")]
    with pytest.raises(DoubleCountError, match="subtype"):
        estimated(*rows)
    assert len(estimated(*rows, by=["subtype"])) == 2


def test_a_rate_is_per_as_many_as_its_card_says():
    rate = card(id="copd.admissions", kind="rate", unit="people", per=1000)
    only = estimated(row(A, 12, 4000, measure=rate.id), measures=[rate]).iloc[0]
    assert only["value"] == 3
    assert only["method"] == "OHID Poisson"
    assert (only["value_low"], only["value_high"]) == (3, 3)


def test_money_and_repeat_events_need_the_sum_of_squares():
    cost = card(id="copd.cost", kind="mean", unit="pence", polarity="neither")
    table = estimated(
        row(A, 1000, 10, measure=cost.id, numerator_ss=200_000.0),
        row(B, 1000, 10, measure=cost.id),
        measures=[cost],
    )
    with_squares, without = (row for _, row in table.iterrows())
    assert with_squares["method"] == "Student's t"
    assert with_squares["lower"] < 100 < with_squares["upper"]
    assert np.isnan(without["lower"])
    assert without["reason"] != ""


def test_measures_of_different_kinds_stand_in_one_table():
    rate = card(id="copd.admissions", kind="rate", per=100)
    table = estimated(row(A, 5, 10), row(A, 5, 10, measure=rate.id), measures=[CARD, rate])
    assert dict(zip(table["measure"].astype(str), table["value"], strict=True)) == {
        CARD.id: 0.5,
        rate.id: 50,
    }


def test_installed_areas_are_used_where_no_measures_are_given():
    table = phm.estimate(counts(row(A, 5, 10, measure="copd.register")))
    assert table["value"].tolist() == [0.5]


def test_identity_and_source_stay_on_every_row():
    table = estimated(row(A, 5, 10, source="planted:1", source_row=7, sex="all"))
    only = table.iloc[0]
    assert (only["source"], only["source_row"], only["org_code"]) == ("planted:1", 7, A)


def test_no_row_in_gives_no_row_out():
    assert len(phm.estimate(counts(row(A, 5, 10)).head(0), measures=[CARD])) == 0


def test_a_table_that_is_not_counts_is_refused_at_the_door():
    with pytest.raises(SchemaError, match="counts is not Counts: column 'numerator' is missing"):
        phm.estimate(counts(row(A, 5, 10)).drop(columns="numerator"))
