"""Faults of other packages that users met with tables, and that must not happen here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.planted import card, counts, row

import phm_diabetes as phm
from phm_diabetes.metrics.changing import change
from phm_diabetes.metrics.inequalities import inequality
from phm_diabetes.metrics.opportunities import opportunity
from phm_diabetes.metrics.poisson_intervals import exact_poisson
from phm_diabetes.metrics.sharing import share_of
from phm_diabetes.metrics.standardised import standardise

CARD = card()
RATE = card(kind="rate", per=1000)
CARDS: dict[str, Any] = {"measures": [CARD]}
A, B = "Y99001", "Y99002"

PLAIN = counts(row(A, 0, 50), row(B, 12, 50))
BANDS = counts(
    *(
        row(code, x, 100, age_band=band)
        for code, xs in ((A, (0, 0, 12)), (B, (5, 10, 15)))
        for band, x in zip(("<40", "40-64", "65+"), xs, strict=True)
    )
)
FIFTHS = counts(
    *(
        row(code, x * scale, 100, imd_quintile=f"2019:{fifth}")
        for code, scale in ((A, 0), (B, 1))
        for fifth, x in enumerate((60, 55, 50, 45, 40), 1)
    )
)
YEARS = counts(
    *(
        row(code, x, 50, period_start=f"{year}-04-01", period_end=f"{year + 1}-03-31")
        for code, xs in ((A, (0, 3)), (B, (12, 15)))
        for year, x in zip((2021, 2022), xs, strict=True)
    )
)
VERBS = {
    "estimate": (PLAIN, lambda table: phm.estimate(table, **CARDS)),
    "standardise": (BANDS, lambda table: standardise(table, **CARDS)),
    "inequality": (
        FIFTHS,
        lambda table: inequality(
            table, method="gap", basis="people", quantiles="national", **CARDS
        ),
    ),
    "share_of": (PLAIN, lambda table: share_of(table, **CARDS)),
    "change": (YEARS, lambda table: change(phm.estimate(table, **CARDS))),
    "opportunity": (
        PLAIN,
        lambda table: opportunity(phm.estimate(table, **CARDS), to=0.5, **CARDS),
    ),
}
each_verb = pytest.mark.parametrize("name", VERBS)


@each_verb
def test_a_count_of_zero_does_not_reject_the_table(name):
    table, verb = VERBS[name]
    found = verb(table)
    assert set(found["org_code"]) == {A, B}
    assert found.loc[found["org_code"] == B, "value"].notna().all()


@each_verb
def test_the_area_stays_on_every_row_with_all_that_says_what_it_is(name):
    table, verb = VERBS[name]
    found = verb(table)
    for column in ("dataset", "measure", "org_level", "org_code", "period_end", "source"):
        assert found[column].notna().all()
        assert set(found[column].astype(object)) <= set(table[column].astype(object))


@each_verb
def test_the_table_handed_in_is_never_changed(name):
    table, verb = VERBS[name]
    before = table.copy(deep=True)
    verb(table)
    pd.testing.assert_frame_equal(table, before)


@each_verb
def test_an_index_of_ones_own_neither_joins_nor_loses_rows(name):
    table, verb = VERBS[name]
    other = table.set_axis([7] * len(table))
    pd.testing.assert_frame_equal(verb(other), verb(table))


def test_a_small_count_has_the_exact_interval_and_not_byars():
    found = phm.estimate(counts(row(A, 5, 1000)), measures=[RATE]).iloc[0]
    exact = [float(end) for end in exact_poisson(5)]
    assert [found["lower"], found["upper"]] == pytest.approx(exact)


def test_a_missing_count_costs_its_own_row_and_no_other():
    found = phm.estimate(counts(row(A, None, 50), row(B, 12, 50)), **CARDS)
    assert np.isnan(found["value"].iloc[0])
    assert found["value"].iloc[1] == 0.24


def test_one_area_alone_is_standardised():
    only = BANDS[(BANDS["org_code"] == B).to_numpy()]
    assert standardise(only, **CARDS)["org_code"].tolist() == [B]


def test_more_than_two_confidences_and_low_ones_are_allowed():
    levels = [0.5, 0.8, 0.95, 0.99, 0.998]
    assert phm.estimate(PLAIN, confidence=levels, **CARDS)["confidence"].unique().tolist() == levels
