"""Laws of the table verbs: order and splitting change nothing, more is never less, ranges hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planted import card, rows_of

import phm_diabetes as phm
from phm_diabetes.metrics.changing import change
from phm_diabetes.metrics.inequalities import inequality
from phm_diabetes.metrics.opportunities import opportunity
from phm_diabetes.metrics.sharing import share_of
from phm_diabetes.metrics.standardised import standardise
from phm_diabetes.testing.strategies import exactly, planted_counts, shuffled

few = settings(max_examples=10)  # a verb checks its table at the door: that is what takes time
BOTH = [0.95, 0.998]
CARDS: dict[str, Any] = {"measures": [card()]}
AGES: list[dict[str, str]] = [{"age_band": band} for band in ("<40", "40-64", "65+")]
SEXES: list[dict[str, str]] = [{"sex": sex} for sex in ("female", "male", "unknown")]
FIFTHS: list[dict[str, str]] = [{"imd_quintile": f"2019:{fifth}"} for fifth in range(1, 6)]
YEARS: list[dict[str, str]] = [
    {"period_start": f"{year}-04-01", "period_end": f"{year + 1}-03-31"} for year in (2021, 2022)
]
TIGHT = 1e-9


def estimated(table):
    return phm.estimate(table, confidence=BOTH, **CARDS)


def standardised(table):
    return standardise(table, confidence=BOTH, **CARDS)


def gapped(table):
    return inequality(table, method="gap", basis="people", quantiles="national", **CARDS)


def shared(table):
    return share_of(table, confidence=BOTH, **CARDS)


def changed(table):
    return change(estimated(table))


def gained(table):
    return opportunity(estimated(table), to="best_quarter", **CARDS)


VERBS = [
    pytest.param(estimated, [{}], id="estimate"),
    pytest.param(standardised, AGES, id="standardise"),
    pytest.param(gapped, FIFTHS, id="inequality"),
    pytest.param(shared, [{}], id="share_of"),
    pytest.param(changed, YEARS, id="change"),
    pytest.param(gained, [{}], id="opportunity"),
]


def one_more(table: pd.DataFrame, row: int) -> pd.DataFrame:
    """Return the same exact counts with one more event in one row."""
    added = np.arange(len(table)) == row
    ends = ("numerator", "numerator_low", "numerator_high")
    return table.assign(**{end: table[end] + added.astype(int) for end in ends})


def never_less(after: pd.Series[float], before: pd.Series[float]) -> bool:
    """Whether no figure fell, of those there before and after."""
    known = after.notna().to_numpy() & before.notna().to_numpy()
    return bool((after[known] >= before[known] - TIGHT * before[known].abs()).all())


@pytest.mark.parametrize(("verb", "cells"), VERBS)
@few
@given(st.data())
def test_the_order_of_rows_changes_nothing(verb, cells, data):
    planted = data.draw(planted_counts(cells=cells))
    again = data.draw(shuffled(planted.table))
    assert rows_of(verb(again)) == rows_of(verb(planted.table))


@few
@given(planted_counts(cells=SEXES))
def test_people_split_by_sex_and_summed_have_the_same_figure(planted):
    summed, whole = estimated(planted.table), estimated(planted.truth)
    assert rows_of(summed[["org_code", "confidence"]]) == rows_of(whole[["org_code", "confidence"]])
    # None of a hidden number is none too, but how far its interval reaches is hidden.
    hidden = [
        summed[f"{part}_low"] != summed[f"{part}_high"] for part in ("numerator", "denominator")
    ]
    both = summed[~(hidden[0] | hidden[1])].merge(
        whole, on=["org_code", "confidence"], suffixes=("", "_true")
    )
    for name in ("value", "lower", "upper"):
        np.testing.assert_array_equal(both[name], both[f"{name}_true"])


@few
@given(planted_counts(cells=[age | sex for age in AGES for sex in SEXES[:2]], most_people=400))
def test_bands_split_by_sex_and_summed_have_the_same_standardised_rate(planted):
    parts = standardised(planted.table)
    by_band = planted.table.drop(columns="sex").groupby(["org_code", "age_band"], observed=True)
    ends = ["numerator_low", "numerator_high", "denominator_low", "denominator_high"]
    sums = by_band[ends].sum().reset_index()
    for part in ("numerator", "denominator"):
        values = by_band[part].agg(lambda counts: counts.sum(skipna=False)).array
        sums[part] = pd.array(values, dtype="Int64")
    about = planted.table.iloc[0][["dataset", "measure", "definition", "org_level",
                                   "period_start", "period_end"]]  # fmt: skip
    whole = standardised(phm.counts_from(sums.assign(**about.to_dict())))
    for name in ("value", "lower", "upper", "value_low", "value_high"):
        np.testing.assert_allclose(parts[name], whole[name], rtol=1e-12)


# Dobson's bounds may fall: an event in a band of great weight adds to the variance faster than to
# the rate, so that of a standardised rate only the figure itself obeys the law.
@pytest.mark.parametrize(
    ("verb", "cells", "names"),
    [
        pytest.param(estimated, [{}], ("value", "lower", "upper"), id="estimate"),
        pytest.param(standardised, AGES, ("value",), id="standardise"),
    ],
)
@few
@given(st.data())
def test_one_event_more_lowers_no_figure(verb, cells, names, data):
    planted = data.draw(planted_counts(cells=cells, hiding=[exactly], most_people=300))
    row = data.draw(st.integers(0, len(planted.table) - 1))
    before, after = verb(planted.table), verb(one_more(planted.table, row))
    for name in names:
        assert never_less(after[name], before[name])


@few
@given(planted_counts(hiding=[exactly]), st.data())
def test_one_event_more_raises_its_own_share_and_no_other(planted, data):
    row = data.draw(st.integers(0, len(planted.table) - 1))
    before, after = shared(planted.table), shared(one_more(planted.table, row))
    own = (before["org_code"] == planted.table["org_code"].iloc[row]).to_numpy()
    for name in ("value", "lower", "upper"):
        assert never_less(after[name][own], before[name][own])
        assert never_less(before[name][~own], after[name][~own])


@pytest.mark.parametrize(("verb", "cells"), VERBS[:2] + VERBS[3:4])
@few
@given(st.data())
def test_intervals_hold_their_figure_and_the_surer_one_is_wider(verb, cells, data):
    table = verb(data.draw(planted_counts(cells=cells, most_people=300)).table)
    known = table[table["lower"].notna()]
    slack = TIGHT * known["value"].abs()
    assert (known["lower"] <= known["value"] + slack).all()
    assert (known["value"] <= known["upper"] + slack).all()
    width = known.assign(width=known["upper"] - known["lower"]).pivot_table(
        index="org_code", columns="confidence", values="width", observed=True
    )
    if len(width):
        assert (width[0.998] >= width[0.95] - TIGHT).all()


@pytest.mark.parametrize(
    ("verb", "cells"),
    [VERBS[0], VERBS[1], VERBS[2], VERBS[3]],
    ids=["estimate", "standardise", "inequality", "share_of"],
)
@few
@given(st.data())
def test_the_range_of_a_figure_holds_the_truth_that_was_hidden(verb, cells, data):
    planted = data.draw(planted_counts(cells=cells, most_people=300))
    shown, true = verb(planted.table), verb(planted.truth)
    both = shown["value_low"].notna() & shown["value_high"].notna() & true["value"].notna()
    truth = true["value"][both]
    slack = TIGHT * (1 + truth.abs())
    assert (shown["value_low"][both] <= truth + slack).all()
    assert (truth <= shown["value_high"][both] + slack).all()


@few
@given(planted_counts(cells=YEARS))
def test_there_and_back_is_no_change(planted):
    table = estimated(planted.table)
    earlier, later = (
        phm.Period.financial_year(f"{year}-{year % 100 + 1}") for year in (2021, 2022)
    )
    there = change(table, earlier=earlier, later=later)
    back = change(table, earlier=later, later=earlier, allow_unlike="turned round")
    for ours, theirs in (("change", "change"), ("change_lower", "change_upper"),
                         ("change_low", "change_high")):  # fmt: skip
        np.testing.assert_allclose(there[ours], -back[theirs], atol=1e-12)


@few
@given(planted_counts(), st.floats(0, 1))
def test_a_gain_is_never_negative_and_never_more_than_everyone(planted, target):
    table = opportunity(estimated(planted.table), to=target, **CARDS)
    names = ["gain", "gain_lower", "gain_upper", "gain_low", "gain_high", "gain_of_parts"]
    assert (table[names].fillna(0) >= 0).all(axis=None)
    gains = table[table["gain"].notna()]
    assert (gains["gain"] <= gains["denominator"]).all()
    known = table[table["gain_of_parts"].notna()]
    assert (known["gain_of_whole"] <= known["gain_of_parts"] + TIGHT).all()
