"""Checks of outpatients: spend that cannot be, swapped columns, and clinics booked elsewhere."""

from __future__ import annotations

import pytest

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.quality.booking import booked_apart
from phm_diabetes.quality.spending import unlikely_spend

ROW = {
    "dataset": "local",
    "definition": "d",
    "org_level": "place",
    "org_code": "north",
    "period_start": "2022-04-01",
    "period_end": "2023-03-31",
}
FIRST, FOLLOW_UP = (57_706_200, 3_200), (101_134_500, 9_600)


def spent(first, follow_up, **more):
    return phm.counts_from(
        [
            {**ROW, "measure": "dm.op_unit_cost", "visit": visit, "numerator": pence,
             "denominator": attended, **more}
            for visit, (pence, attended) in (("first", first), ("follow_up", follow_up))
        ]
    )  # fmt: skip


def rules(counts, *, cheapest=2_000, dearest=30_000):
    return unlikely_spend(counts, cheapest=cheapest, dearest=dearest)["rule"].tolist()


def test_the_figures_of_the_review_hang_together():
    assert rules(spent(FIRST, FOLLOW_UP)) == []


def test_swapped_rows_of_firsts_and_follow_ups_are_caught():
    assert rules(spent(FOLLOW_UP, FIRST)) == [
        "first dearer than follow-up",
        "more follow-ups than firsts",
    ]


def test_swapped_columns_of_spend_alone_are_caught_by_the_dearest_price():
    swapped = spent((FOLLOW_UP[0], FIRST[1]), (FIRST[0], FOLLOW_UP[1]))
    assert rules(swapped) == ["price within bounds"]


def test_swapped_columns_of_attendances_alone_are_caught():
    swapped = spent((FIRST[0], FOLLOW_UP[1]), (FOLLOW_UP[0], FIRST[1]))
    assert "first dearer than follow-up" in rules(swapped)


def test_pounds_taken_for_pence_are_caught():
    pounds = spent((FIRST[0] // 100, FIRST[1]), (FOLLOW_UP[0] // 100, FOLLOW_UP[1]))
    assert rules(pounds) == ["price within bounds"] * 2


def test_what_hidden_counts_leave_open_is_not_warned_of():
    hidden = spent(FOLLOW_UP, FIRST, numerator=None, denominator=None, numerator_high=10**9,
                   denominator_low=1, denominator_high=9_999)  # fmt: skip
    assert rules(hidden) == []


def test_the_organisation_is_named_and_no_figure_is_quoted():
    message = unlikely_spend(spent(FOLLOW_UP, FIRST), cheapest=2_000, dearest=30_000)["message"]
    assert message.str.startswith("place north: ").all()
    assert not message.str.contains("[0-9]").any()


@pytest.mark.parametrize("prices", [{"cheapest": 3, "dearest": 2}, {"cheapest": 0, "dearest": 2}])
def test_prices_out_of_order_are_refused(prices):
    with pytest.raises(OptionError, match="the lower one first"):
        unlikely_spend(spent(FIRST, FOLLOW_UP), **prices)


def booked(**split):
    return phm.counts_from(
        [
            {**ROW, "measure": "dm.op_attendances", "org_level": "trust", "org_code": trust,
             "treatment_function": function, "numerator": number}
            for trust, numbers in split.items()
            for function, number in zip(("307", "302"), numbers, strict=True)
        ]
    )  # fmt: skip


FUNCTIONS = {"own": ["307", "263"], "other": ["302", "252"]}


def test_a_trust_that_books_its_clinics_under_another_function_is_found():
    found = booked_apart(booked(Y9T=(9_000, 300), Y9U=(900, 1_100)), **FUNCTIONS)
    assert found["message"].str.contains("Y9U").tolist() == [True]
    assert found["severity"].tolist() == ["warning"]


def test_trusts_that_book_alike_are_not_warned_of():
    assert not len(booked_apart(booked(Y9T=(9_000, 300), Y9U=(900, 60)), **FUNCTIONS))


def test_a_trust_that_never_uses_the_function_is_found():
    found = booked_apart(booked(Y9T=(9_000, 300), Y9U=(0, 1_100)), **FUNCTIONS)
    assert found["message"].str.contains("Y9U").tolist() == [True]


def test_a_split_that_hidden_counts_leave_open_is_not_warned_of():
    table = booked(Y9T=(9_000, 300), Y9U=(5, 6))
    small = (table["org_code"] == "Y9U").to_numpy()
    table.loc[small, "numerator_low"] = 1
    table.loc[small, "numerator_high"] = 7
    table.loc[small & (table["treatment_function"] == "302").to_numpy(), "numerator_low"] = 1
    assert not len(booked_apart(table, **FUNCTIONS))


def test_counts_that_are_not_by_function_are_refused():
    with pytest.raises(OptionError, match="Tally with by="):
        booked_apart(booked(Y9T=(1, 2)).drop(columns="treatment_function")[:1], **FUNCTIONS)


def test_a_code_in_both_lists_is_refused():
    with pytest.raises(OptionError, match="302 stands in own= and in other="):
        booked_apart(booked(Y9T=(1, 2)), own=["307", "302"], other=["302"])
