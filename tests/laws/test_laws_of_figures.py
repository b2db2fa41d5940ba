"""Laws of figures and verdicts: intervals hold, confidences nest, and `holds` never lies."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planted import card, geography, rows_of

import phm_diabetes as phm
from phm_diabetes.testing.strategies import (
    Published,
    exactly,
    groupings,
    planted_counts,
    shuffled,
    starred,
    to_fives,
)

few = settings(max_examples=15)
fewer = settings(max_examples=6)
CARD = card()


@frozen
class Within:
    """A publisher who prints the true count and admits to be off by so much either way."""

    below: int
    above: int

    def __call__(self, truth: int, /) -> Published:
        return Published(truth, max(truth - self.below, 0), truth + self.above)


LOOSELY = [Within(below, above) for below in (0, 1, 4, 9) for above in (0, 2, 6)]


def estimated(table, **options):
    return phm.estimate(table, measures=[CARD], **options)


@few
@given(planted_counts(most_practices=20, most_people=5000))
def test_an_interval_holds_its_figure(planted):
    some = estimated(planted.truth).dropna(subset="value")
    assert ((some["lower"] <= some["value"]) & (some["value"] <= some["upper"])).all()
    assert ((some["lower"] >= 0) & (some["upper"] <= 1)).all()


@few
@given(planted_counts(most_practices=20))
def test_a_wider_confidence_holds_the_narrower(planted):
    table = estimated(planted.truth, confidence=[0.8, 0.95, 0.998])
    by_level = [part.dropna(subset="value") for _, part in table.groupby("confidence")]
    for inner, outer in pairwise(by_level):
        assert (outer["lower"].to_numpy() <= inner["lower"].to_numpy() + 1e-12).all()
        assert (outer["upper"].to_numpy() >= inner["upper"].to_numpy() - 1e-12).all()


@few
@given(planted_counts(hiding=[exactly, to_fives, starred, *LOOSELY], most_practices=12))
def test_the_least_and_most_a_figure_can_be_hold_the_true_one(planted):
    published, true = estimated(planted.table), estimated(planted.truth)
    known = true["value"].notna() & published["value_high"].notna()
    assert (published["value_low"] <= true["value"] + 1e-12)[known].all()
    assert (true["value"] <= published["value_high"] + 1e-12)[known].all()


@few
@given(planted_counts(hiding=[starred]))
def test_a_suppressed_numerator_never_becomes_a_figure(planted):
    found = estimated(planted.table)
    assert found.loc[planted.table["numerator"].isna().to_numpy(), "value"].isna().all()


@few
@given(st.data(), planted_counts(cells=({"sex": "female"}, {"sex": "male"})))
def test_the_order_of_rows_never_matters_to_an_estimate(data, planted):
    again = estimated(data.draw(shuffled(planted.table)), confidence=[0.95, 0.998])
    assert rows_of(again) == rows_of(estimated(planted.table, confidence=[0.95, 0.998]))


@fewer
@given(planted_counts(hiding=[exactly, to_fives, *LOOSELY], most_practices=12), st.data())
def test_a_verdict_that_holds_is_the_verdict_of_the_true_counts(planted, data):
    codes = planted.codes
    geo = geography({code: {"icb": group} for code, group in data.draw(groupings(codes)).items()})
    asked: tuple[dict[str, Any], ...] = (
        {"to": "england", "england": "sum_of_practices"},
        {"to": "icb", "geo": geo},
        {"to": list(codes[:2])},
    )
    for options in asked:
        published, true = (
            phm.compare(estimated(table), measures=[CARD], **options)
            for table in (planted.table, planted.truth)
        )
        holds = (published["rounding"] == "holds").to_numpy()
        assert (published["verdict"].to_numpy() == true["verdict"].to_numpy())[holds].all()
        told = published["verdict"] != "not compared"
        assert (published["rounding"] == "cannot tell").to_numpy()[~told].all()


@few
@given(planted_counts(hiding=[exactly]), st.data())
def test_exact_counts_always_hold(planted, data):
    codes = planted.codes
    geo = geography({code: {"icb": group} for code, group in data.draw(groupings(codes)).items()})
    found = phm.compare(estimated(planted.table), to="icb", geo=geo, measures=[CARD])
    assert set(found.loc[found["verdict"] != "not compared", "rounding"]) <= {"holds"}


@fewer
@given(st.data(), planted_counts(hiding=[exactly, to_fives, *LOOSELY]))
def test_the_order_of_rows_never_matters_to_a_comparison(data, planted):
    codes = planted.codes
    groups = data.draw(groupings(codes))
    geo = geography({code: {"icb": group, "pcn": group} for code, group in groups.items()})

    def compared(table):
        both = [table, geo.roll_up(table, to="pcn", as_at="period_end")]
        figures = estimated(pd.concat(both, ignore_index=True))
        return phm.compare(figures, to="icb", geo=geo, measures=[CARD])

    again = compared(data.draw(shuffled(planted.table)))
    assert rows_of(again) == rows_of(compared(planted.table))


@fewer
@given(planted_counts(hiding=[exactly], most_practices=8), st.data())
def test_a_unit_and_the_rest_make_up_the_parent(planted, data):
    codes = planted.codes
    geo = geography({code: {"icb": group} for code, group in data.draw(groupings(codes)).items()})
    found = phm.compare(estimated(planted.table), to="icb", geo=geo, measures=[CARD])
    icbs = geo.roll_up(planted.table, to="icb", as_at="period_end").set_index("org_code")
    for _, unit in found[found["comparator_code"] != ""].iterrows():
        whole = icbs.loc[unit["comparator_code"]]
        for part in ("numerator", "denominator"):
            assert unit[part] + unit[f"comparator_{part}"] == whole[part]


@fewer
@given(st.data(), planted_counts(hiding=[exactly, to_fives], most_practices=10))
def test_the_order_of_rows_never_matters_to_a_drill(data, planted):
    codes = planted.codes
    groups = data.draw(groupings(codes))
    geo = geography({code: {"pcn": group} for code, group in groups.items()})

    def drilled(table):
        return phm.drill(
            table, geo=geo, measures=[CARD], rule="all", below="point", england="sum_of_practices"
        )

    once, again = drilled(planted.table), drilled(data.draw(shuffled(planted.table)))
    assert once.reading == again.reading
    assert str(once) == str(again)
    pd.testing.assert_frame_equal(
        once.table, again.table, check_categorical=False, check_index_type=False
    )


@fewer
@given(planted_counts(hiding=[exactly, to_fives], most_practices=10), st.data())
def test_a_drill_lists_everyone_beyond_exactly_once(planted, data):
    codes = planted.codes
    geo = geography({code: {"pcn": group} for code, group in data.draw(groupings(codes)).items()})
    found = phm.drill(
        planted.table,
        geo=geo,
        measures=[CARD],
        rule="all",
        below="point",
        england="sum_of_practices",
    )
    compared = found.comparisons
    of_practice = compared["org_level"] == "practice"
    least = compared["confidence"] == compared["confidence"].min()
    below = compared.loc[of_practice & least & (compared["difference"] < 0), "org_code"]
    listed = [*found.reading.found, *found.reading.hidden, *found.reading.not_gated_beyond]
    assert sorted(listed) == sorted(below)
    assert np.isfinite(found.table["value"]).all()
