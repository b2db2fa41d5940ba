"""The funnel on tables: targets, references, over-dispersion, scales, and why there is no flag."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from tests.planted import card, counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, UnlikeError
from phm_diabetes.outliers import SHMI, Funnel, Recipe, ReferenceSet
from phm_diabetes.outliers.funnel_tails import proportion_tails, rate_tails, significance
from phm_diabetes.outliers.overdispersion import estimate_overdispersion

CARD = card()
RATE = card(kind="rate", per=1000)
EVENTS = card(kind="rate", per=1000, unit="events")
SIZES = [(47, 100), (60, 100), (40, 100), (52, 100), (88, 100), (45, 100)]


def practices(pairs, **cells):
    return [row(f"Y99{place:03}", *pair, **cells) for place, pair in enumerate(pairs)]


def spread_out(size=60, level="practice", **cells):
    chance = np.random.default_rng(3)
    shares = np.clip(chance.normal(0.5, 0.08, size), 0, 1)
    pairs = [(int(chance.binomial(400, share)), 400) for share in shares]
    return practices(pairs, org_level=level, **cells)


def estimated(rows, of=CARD, **options):
    return phm.estimate(counts(*rows), measures=[of], **options)


def funnel(of=CARD, **settings: Any):
    usual: dict[str, Any] = {"overdispersion": "none", "measures": [of]}
    return Funnel(**(usual | settings))


def test_what_is_done_about_over_dispersion_has_to_be_chosen():
    with pytest.raises(TypeError, match="overdispersion"):
        Funnel()  # type: ignore[call-arg]
    with pytest.raises(OptionError, match="Did you mean 'SHMI'"):
        Funnel(overdispersion="SHIM")


def test_a_flag_is_what_the_exact_tails_say():
    flags = funnel(confidence=0.95)(estimated(practices(SIZES)))
    x, n = np.array(SIZES).T
    tails = proportion_tails(x, n, centre=x.sum() / n.sum())
    side = significance(tails, confidence=0.95)
    assert flags["flagged"].tolist() == (side != 0).tolist()
    assert flags["direction"].tolist() == [{-1: "low", 0: "", 1: "high"}[each] for each in side]
    np.testing.assert_allclose(flags["score"], tails.score)
    np.testing.assert_allclose(flags["p_value"], tails.two_sided)


def test_a_flag_says_which_limit_it_lies_beyond_and_no_more():
    flags = funnel()(estimated(practices(SIZES)))
    assert flags["why"].tolist()[4] == "special cause to look into: above the upper 99.8% limit"
    assert set(flags["why"].tolist()) - {flags["why"].tolist()[4]} == {""}


def test_a_rate_is_held_to_poisson_limits_on_its_own_scale():
    flags = funnel(RATE, target=470)(estimated(practices(SIZES), RATE))
    tails = rate_tails(np.array(SIZES)[:, 0], 100, centre=0.47)
    np.testing.assert_allclose(flags["score"], tails.score)


def test_a_ratio_of_observed_to_expected_is_held_to_one():
    ratio = card(kind="ratio")
    flags = funnel(ratio, target=1)(estimated(practices([(30, 10), (11, 10)]), ratio))
    assert flags["flagged"].tolist() == [True, False]


def test_a_target_on_another_scale_is_refused():
    with pytest.raises(OptionError, match=r"scale of the value column"):
        funnel(target=56)(estimated(practices(SIZES)))


def test_england_s_published_row_can_be_the_target():
    england = row("England", 450_000, 1_000_000, org_level="england")
    table = estimated([*practices(SIZES), england])
    flags = funnel(target="england")(table)
    tails = proportion_tails(np.array(SIZES)[:, 0], 100, centre=0.45)
    np.testing.assert_allclose(flags["score"][:6], tails.score)
    without = funnel(target="england")(estimated(practices(SIZES)))
    assert without["flagged"].isna().all()
    assert set(without["why"]) == {"the table has no published row for England to be held against"}


def test_another_word_for_a_target_is_refused():
    with pytest.raises(OptionError, match="'england'"):
        funnel(target="London")(estimated(practices(SIZES)))


def test_targets_may_be_one_a_measure():
    flags = funnel(target={"other.measure": 0.5})(estimated(practices(SIZES)))
    assert flags["flagged"].isna().all()
    assert set(flags["why"]) == {"no target was given for this measure"}


def test_results_with_and_without_over_dispersion_stand_side_by_side():
    table = estimated(spread_out())
    plain, widened = funnel()(table), funnel(overdispersion="CQC")(table)
    assert widened["flagged_unadjusted"].tolist() == plain["flagged"].tolist()
    assert widened["score_unadjusted"].tolist() == plain["score"].tolist()
    assert widened["flagged"].sum() < plain["flagged"].sum()
    assert plain["flagged_unadjusted"].isna().all()


def test_the_output_says_what_widened_limits_also_absorb():
    flags = funnel(overdispersion="SHMI")(estimated(spread_out()))
    assert flags["caveat"].str.contains("also absorb poor care that is shared").all()
    assert flags["caveat"].str.contains("the 60 practices in the table").all()
    assert not funnel()(estimated(spread_out()))["caveat"].str.contains("absorb").any()


def test_over_dispersion_is_not_estimated_from_fewer_than_20_units():
    flags = funnel(overdispersion="SHMI")(estimated(spread_out(19)))
    assert flags["flagged"].isna().all()
    assert flags["why"].str.contains("needs 20 units").all()
    assert flags["flagged_unadjusted"].notna().all()


def test_a_reference_set_lends_its_target_and_over_dispersion_to_a_few():
    england = ReferenceSet(name="England's practices", estimates=estimated(spread_out()))
    few = estimated(practices(SIZES))
    flags = funnel(overdispersion="SHMI", reference=england)(few)
    assert flags["flagged"].notna().all()
    assert flags["caveat"].str.contains("England's practices \\(60 units").all()
    lines = funnel(overdispersion="SHMI", reference=england).limits(few)
    everyone = england.estimates
    pooled = everyone["numerator"].sum() / everyone["denominator"].sum()
    np.testing.assert_allclose(lines["target"], pooled)


def test_a_reference_set_is_of_units_of_one_level():
    both = [*spread_out(30), *spread_out(3, level="pcn")]
    with pytest.raises(OptionError, match="holds pcn and practice"):
        ReferenceSet(name="mixed", estimates=estimated(both))


def test_a_reference_set_of_other_figures_tells_nothing():
    other = ReferenceSet(name="Another year", estimates=estimated(spread_out()))
    later = practices(SIZES, period_start="2023-04-01", period_end="2024-03-31")
    flags = funnel(overdispersion="SHMI", reference=other)(estimated(later))
    assert flags["flagged"].isna().all()
    assert flags["why"].str.contains("no such figures").all()


def test_a_reference_set_by_another_dimension_is_refused():
    by_sex = ReferenceSet(name="By sex", estimates=estimated(spread_out(sex="female"), by=["sex"]))
    with pytest.raises(UnlikeError, match="is by sex, and the estimates are by no dimension"):
        funnel(reference=by_sex)(estimated(practices(SIZES)))


def test_a_recipe_of_ones_own_is_named_in_the_output():
    ours = Recipe(name="ours", model="additive", scale="arcsine")
    flags = funnel(overdispersion=ours)(estimated(spread_out()))
    assert flags["detector"].str.contains("ours: additive, arcsine scale").all()
    x, n = (flags[name].to_numpy(float) for name in ("numerator", "denominator"))
    found = estimate_overdispersion(
        x, n, kind="proportion", recipe=ours, reference="the 60 practices in the table"
    )
    assert flags["caveat"].str.contains(str(found), regex=False).all()
    assert "SHMI" in str(funnel(overdispersion=SHMI))


def test_a_level_and_a_period_have_funnels_of_their_own():
    later = practices(SIZES, period_start="2023-04-01", period_end="2024-03-31")
    pcns = practices([(900, 1000), (910, 1000)], org_level="pcn")
    alone = funnel()(estimated(practices(SIZES)))
    together = funnel()(estimated([*practices(SIZES), *later, *pcns]))
    own = (together["org_level"] == "practice") & (together["period_end"] == "2023-03-31")
    assert together.loc[own, "score"].tolist() == alone["score"].tolist()


def test_a_unit_alone_has_nothing_to_be_held_against():
    flags = funnel()(estimated(practices(SIZES[:1])))
    assert flags["why"].tolist() == ["no other unit of its level to be held against"]
    assert funnel(target=0.5)(estimated(practices(SIZES[:1])))["flagged"].notna().all()


def test_repeat_events_without_their_squares_are_not_flagged_and_say_why():
    flags = funnel(EVENTS)(estimated(practices(SIZES), EVENTS))
    assert flags["flagged"].isna().all()
    assert set(flags["why"]) == {"no sum of squares per person: an interval would be too narrow"}


def test_repeat_events_with_their_squares_have_wider_limits():
    rows = [
        {**each, "numerator_ss": 4.0 * each["numerator"]} for each in practices([*SIZES, (0, 100)])
    ]
    rows[-1]["numerator_ss"] = 0.0
    table = estimated(rows, EVENTS)
    flags = funnel(EVENTS, target=500)(table)
    assert flags["flagged"].notna().all()
    tails = rate_tails(np.array([*SIZES, (0, 100)])[:, 0] / 4, 25, centre=0.5)
    np.testing.assert_allclose(flags["score"], tails.score)
    assert flags["caveat"].str.contains("design effect, 4.00").all()


@pytest.mark.parametrize(("kind", "words"), [("mean", "this is a mean"), ("count", "plain count")])
def test_a_kind_that_chance_says_nothing_of_is_not_flagged(kind, words):
    of = card(kind=kind)
    rows = [{**each, "numerator_ss": 1e6} for each in practices(SIZES)]
    flags = funnel(of)(estimated(rows, of))
    assert flags["flagged"].isna().all()
    assert flags["why"].str.contains(words).all()


def test_hidden_missing_and_impossible_rows_are_set_aside_with_their_reason():
    rows = [*practices(SIZES), hidden("Y99101", 1, 7, 90), row("Y99102", None, 90)]
    rows += [row("Y99103", 12, 10), row("unallocated", 90, 100)]
    flags = funnel()(estimated(rows)).set_index("org_code")
    assert flags["flagged"].isna().sum() == 4
    assert flags.loc["Y99101", "why"] == "count is hidden: see value_low and value_high"
    assert flags.loc["Y99103", "why"] == "numerator above its denominator"
    assert flags.loc["unallocated", "why"] == "the remainder of a roll-up is no organisation"
    assert (flags.loc[flags["flagged"].isna(), "rounding"] == "cannot tell").all()
    np.testing.assert_allclose(
        flags["score"].dropna().sort_values(),
        funnel()(estimated(practices(SIZES)))["score"].sort_values(),
    )


def test_rounding_says_what_the_counts_behind_a_published_five_could_do():
    rows = [to_fives(f"Y99{count:03}", count, 100) for count in (50, 95, 70)]
    flags = funnel(target=0.5, confidence=0.9999)(estimated(rows))
    assert flags["rounding"].tolist() == ["holds", "holds", "may change"]


def test_rounding_likely_holds_where_few_of_the_counts_would_change_it():
    wide = row("Y99001", 71, 100, numerator_low=65, numerator_high=100)
    flags = funnel(target=0.5, confidence=0.998)(estimated([wide]))
    assert flags["rounding"].tolist() == ["likely holds"]
    assert flags["flagged"].tolist() == [True]


def test_the_limits_of_a_chart_are_those_that_flag():
    table = estimated(spread_out())
    detector = funnel(overdispersion="CQC")
    lines, flags = detector.limits(table), detector(table)
    outside = (flags["value"] < lines["lower_limit"]) | (flags["value"] > lines["upper_limit"])
    assert outside.tolist() == flags["flagged"].tolist()
    beyond = (flags["value"] < lines["lower_unadjusted"]) | (
        flags["value"] > lines["upper_unadjusted"]
    )
    assert beyond.tolist() == flags["flagged_unadjusted"].tolist()


def test_limits_are_empty_where_nothing_can_be_told():
    lines = funnel(EVENTS).limits(estimated(practices(SIZES), EVENTS))
    assert lines.isna().all(axis=None)


def test_a_funnel_is_an_equal_of_one_with_the_same_settings():
    assert funnel() == funnel()
    assert evolve(funnel(), confidence=0.95) != funnel()


def test_an_empty_table_has_no_flags():
    flags = funnel()(estimated(practices(SIZES)).iloc[:0])
    assert len(flags) == 0
    assert isinstance(flags, pd.DataFrame)
