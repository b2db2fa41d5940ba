"""Opportunity: extra people at a target, never negative, and whether the parts add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.planted import card, counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, UnlikeError
from phm_diabetes.metrics.extra_people import best_quarter
from phm_diabetes.metrics.opportunities import opportunity
from phm_diabetes.metrics.standardised import standardise

SHARE = card()
CODES = [f"Y9900{number}" for number in range(1, 9)]


def practices(*numerators, denominator=100, **cells):
    return [row(code, x, denominator, **cells) for code, x in zip(CODES, numerators, strict=False)]


def estimates(*rows, measure=SHARE, **options):
    return phm.estimate(counts(*rows), measures=[measure], **options)


def gained(*rows, to: str | float = 0.75, measure=SHARE, **options):
    return opportunity(estimates(*rows, measure=measure, **options), to=to, measures=[measure])


def test_the_gain_is_the_people_short_of_the_target_and_never_negative():
    table = gained(*practices(60, 90))
    assert table["gain"].tolist() == pytest.approx([15, 0])
    assert (table["gain_lower"] <= table["gain"]).all()
    assert (table["gain_upper"] >= table["gain"]).all()
    assert table["target_from"].unique().tolist() == ["target of 0.75"]


def test_where_lower_is_better_the_gain_is_people_spared():
    spared = card(polarity="lower")
    assert gained(*practices(60, 90), to=0.5, measure=spared)["gain"].tolist() == pytest.approx(
        [10, 40]
    )


def test_parts_add_up_only_where_none_is_past_the_target():
    short = gained(*practices(60, 70))
    assert short["gain_of_parts"].tolist() == pytest.approx([20, 20])
    assert short["adds_up"].tolist() == [True, True]
    past = gained(*practices(60, 90))
    assert past[["gain_of_parts", "gain_of_whole"]].iloc[0].tolist() == pytest.approx([15, 0])
    assert past["adds_up"].tolist() == [False, False]


def test_the_best_quarter_is_of_the_units_of_one_level_and_says_how_many():
    rows = [*practices(50, 60, 70, 80, 90), row("U99001", 10, 100, org_level="pcn")]
    table = gained(*rows, to="best_quarter").set_index("org_code")
    best = best_quarter([0.5, 0.6, 0.7, 0.8, 0.9], higher_is_better=True)
    assert table.loc[CODES[0], "target"] == best
    assert table.loc[CODES[0], "target_from"] == "best quarter of 5 practices"
    assert "fewer than 4 units" in table["gain_reason"]["U99001"]


def test_the_comparator_is_the_target_of_its_comparison():
    rows = [*practices(60, 90), row("England", 7000, 10_000, org_level="england")]
    table = phm.compare(estimates(*rows), to="england", measures=[SHARE])
    found = opportunity(table, to="comparator", measures=[SHARE]).set_index("org_code")
    assert found.loc[CODES[0], "gain"] == pytest.approx(10)
    assert found.loc[CODES[0], "target"] == pytest.approx(0.7)
    assert found.loc[CODES[0], "target_from"] == "England"
    assert not found.loc[CODES[0], "adds_up"]
    assert found.loc["England", "gain_reason"] == "no target"


def test_targets_that_leave_each_unit_out_have_no_whole():
    table = phm.compare(estimates(*practices(60, 70, 80)), to=CODES[:3], measures=[SHARE])
    found = opportunity(table, to="comparator", measures=[SHARE])
    assert found["gain_of_whole"].isna().all()
    assert found["adds_up"].tolist() == [False] * 3


def test_rounded_and_hidden_counts_leave_a_range_of_people():
    rows = [to_fives(CODES[0], 60, 100), hidden(CODES[1], 1, 7, 100)]
    table = gained(*rows)
    assert table["gain_low"].tolist() == pytest.approx([0.75 * 98 - 62, 75 - 7])
    assert table["gain_high"].tolist() == pytest.approx([0.75 * 102 - 58, 75 - 1])
    assert table["gain_reason"].iloc[1] == "count is hidden: see gain_low and gain_high"
    assert table["adds_up"].isna().all()  # a sum with a hidden part is not known


def test_remainders_counts_and_undirected_measures_have_no_gain_and_say_why():
    rows = [*practices(60), row("unmapped", 10, 100)]
    assert gained(*rows)["gain_reason"].tolist() == [
        "",
        "a remainder of a roll-up is no organisation",
    ]
    for other, words in (
        (card(polarity="neither"), "neither higher nor lower"),
        (card(kind="rate"), "not a proportion of people"),
        (card(unit="events"), "not a proportion of people"),
    ):
        only = gained(*practices(60), measure=other).iloc[0]
        assert np.isnan(only["gain"])
        assert words in only["gain_reason"]


def test_a_standardised_figure_has_no_gain():
    rows = [row(CODES[0], x, 100, age_band=band) for band, x in (("<40", 30), ("40+", 60))]
    table = standardise(counts(*rows), measures=[SHARE])
    found = opportunity(table, to=0.75, measures=[SHARE])
    assert found["gain_reason"].tolist() == ["the figure is not the quotient of its counts"]


def test_each_period_and_confidence_is_a_whole_of_its_own():
    rows = [
        *practices(60, 70),
        *practices(50, 60, period_start="2021-04-01", period_end="2022-03-31"),
    ]
    table = gained(*rows, confidence=[0.95, 0.998])
    parts = table.groupby(["period_end", "confidence"])["gain_of_parts"].first()
    assert parts.tolist() == pytest.approx([40, 40, 20, 20])
    wide = table.set_index("confidence")["gain_upper"]
    assert wide[0.998].max() > wide[0.95].max()


def test_the_rows_keep_their_order_and_their_columns():
    table = estimates(*practices(60, 90, 70))
    shuffled = table.iloc[[2, 0, 1]].reset_index(drop=True)
    found = opportunity(shuffled, to=0.75, measures=[SHARE])
    pd.testing.assert_frame_equal(found[list(table.columns)], shuffled)


def test_a_target_in_another_scale_or_word_is_refused():
    with pytest.raises(OptionError, match=r"to= is 75, and copd\.review is a share from 0 to 1"):
        gained(*practices(60), to=75)
    with pytest.raises(OptionError, match="Did you mean 'best_quarter'"):
        gained(*practices(60), to="best quarter")
    with pytest.raises(UnlikeError, match="no comparator"):
        gained(*practices(60), to="comparator")
