"""Laws of adding up: nothing hidden becomes nothing, nothing is lost, and order says nothing."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.planted import geography, memberships, rows_of

from phm_diabetes.summing import choose
from phm_diabetes.testing.strategies import (
    groupings,
    planted_counts,
    shuffled,
    starred,
    to_fives,
)

few = settings(max_examples=20)
BOUNDED = [f"{part}_{end}" for part in ("numerator", "denominator") for end in ("low", "high")]


@st.composite
def planted_groups(draw, **options):
    """Draw counts, and the PCN of some of their practices."""
    planted = draw(planted_counts(**options))
    return planted, draw(groupings(planted.codes))


@lru_cache(maxsize=8)
def pcns_among(groups):
    return geography({code: {"pcn": group} for code, group in groups})


def pcns_of(groups):
    return pcns_among(tuple(groups.items()))


def rolled(groups, table):
    return pcns_of(groups).roll_up(table, to="pcn", as_at="period_end")


def aligned(groups, planted) -> pd.DataFrame:
    """Return sums of the published counts beside sums of the true ones."""
    published, true = (rolled(groups, table) for table in (planted.table, planted.truth))
    parts = true[["org_code", "numerator", "denominator"]]
    return published.merge(parts, on="org_code", suffixes=("", "_true"), validate="1:1")


@few
@given(planted_groups(hiding=[starred]))
def test_a_roll_up_of_a_suppressed_count_never_gives_zero_nor_any_value(drawn):
    planted, groups = drawn
    placed = pcns_of(groups).placements(planted.table, to="pcn", as_at="period_end")
    parents = planted.table.merge(placed[["org_code", "parent_code"]], on="org_code")
    for _, whole in rolled(groups, planted.table).iterrows():
        parts = parents[parents["parent_code"] == whole["org_code"]]
        hidden = int(parts["numerator"].isna().sum())
        assert (whole["numerator"] is pd.NA) == (hidden > 0)
        assert whole["numerator_low"] >= hidden


@few
@given(planted_groups())
def test_hard_bounds_always_hold_the_truth_that_was_hidden(drawn):
    planted, groups = drawn
    both = aligned(groups, planted)
    for part in ("numerator", "denominator"):
        true = both[f"{part}_true"]
        assert (both[f"{part}_low"] <= true).all()
        assert (true <= both[f"{part}_high"]).all()


@few
@given(planted_groups(hiding=[to_fives]))
def test_a_rounded_sum_lies_within_its_own_bounds(drawn):
    planted, groups = drawn
    sums = rolled(groups, planted.table)
    assert (sums["numerator"] >= sums["numerator_low"]).all()
    assert (sums["numerator"] <= sums["numerator_high"]).all()


@few
@given(planted_groups(measures=("copd.review", "copd.flu")))
def test_parts_and_remainders_equal_the_whole(drawn):
    planted, groups = drawn
    sums = rolled(groups, planted.table)
    for measure, whole in planted.table.groupby("measure", observed=True):
        parts = sums[sums["measure"] == measure]
        for column in BOUNDED:
            assert parts[column].sum() == whole[column].sum()
        for column in ("numerator_variance", "denominator_variance"):
            np.testing.assert_allclose(parts[column].sum(), whole[column].sum(), rtol=1e-12)
        for column in ("numerator", "denominator"):
            assert parts[column].isna().any() == whole[column].isna().any()
            if whole[column].notna().all():
                assert parts[column].sum() == whole[column].sum()


@few
@given(st.data(), planted_groups())
def test_the_order_of_rows_never_matters_to_a_roll_up(data, drawn):
    planted, groups = drawn
    again = rolled(groups, data.draw(shuffled(planted.table)))
    assert rows_of(again) == rows_of(rolled(groups, planted.table))


@few
@given(planted_counts(), st.data())
def test_two_steps_up_are_one(planted, data):
    below = data.draw(groupings(planted.codes, prefix="9"))
    above = data.draw(groupings(["9001", "9002", "9003"], prefix="Q"))
    assume(any(above.get(group or "") for group in below.values()))
    geo = geography(
        {code: {"sub_icb": group} for code, group in below.items()},
        memberships({code: {"icb": group} for code, group in above.items()}, level="sub_icb"),
        memberships(
            {"9001": {"icb": None}, "9002": {"icb": None}, "9003": {"icb": None}}, level="sub_icb"
        ),
    )
    half_way = geo.roll_up(planted.table, to="sub_icb", as_at="period_end")
    in_two = geo.roll_up(half_way, to="icb", as_at="period_end")
    in_one = geo.roll_up(planted.table, to="icb", as_at="period_end")
    assert rows_of(in_two) == rows_of(in_one)


@few
@given(planted_counts(cells=({"sex": "female"}, {"sex": "male"}, {"sex": "unknown"})))
def test_parts_of_a_dimension_equal_the_whole(planted):
    wholes, true = choose(planted.table), choose(planted.truth)
    parts = planted.table.groupby("org_code", observed=True)
    for column in BOUNDED:
        assert wholes.set_index("org_code")[column].to_dict() == parts[column].sum().to_dict()
    assert (wholes["numerator_low"] <= true["numerator"]).all()
    assert (true["numerator"] <= wholes["numerator_high"]).all()


@few
@given(planted_counts(cells=({"sex": "female"}, {"sex": "male"})), st.data())
def test_summing_first_and_rolling_up_after_is_the_same(planted, data):
    groups = data.draw(groupings(planted.codes))
    before = rolled(groups, choose(planted.table))
    after = choose(rolled(groups, planted.table))
    assert rows_of(before, "source") == rows_of(after, "source")
