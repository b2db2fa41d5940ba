"""Detectors made of detectors, and what is asked of many flags at once."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from tests.planted import card, counts, geography, row

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.outliers import (
    Funnel,
    Recipe,
    RobustZ,
    Spread,
    TukeyFence,
    all_of,
    any_of,
    at_least,
    detectable,
    false_discovery,
    reliability,
    within,
)
from phm_diabetes.outliers.adjusted_p_values import benjamini_hochberg, benjamini_yekutieli
from phm_diabetes.outliers.answers import unanswered
from phm_diabetes.outliers.detectable_values import detectable_adjusted, detectable_proportion
from phm_diabetes.outliers.reliability_ratio import measure_reliability
from phm_diabetes.outliers.variation import measure_variation

CARD = card()
CHANCE = np.random.default_rng(2)
SHARES = np.clip(CHANCE.normal(0.5, 0.1, 60), 0, 1)
COUNTS = [int(each) for each in CHANCE.binomial(300, SHARES)]
CODES = [f"Y99{place:03}" for place in range(60)]
GEO = geography({code: {"pcn": f"U99{place % 12:03}"} for place, code in enumerate(CODES)})


def estimated(rows=None, of=CARD, **options):
    rows = (
        [row(code, count, 300) for code, count in zip(CODES, COUNTS, strict=True)]
        if rows is None
        else rows
    )
    return phm.estimate(counts(*rows), measures=[of], **options)


def funnel(**settings: Any):
    usual: dict[str, Any] = {"overdispersion": "none", "measures": [CARD]}
    return Funnel(**(usual | settings))


@attrs.frozen
class Says:
    """Answers what it is told to: 1 high, -1 low, 0 no, 2 cannot tell; and a word on rounding."""

    sides: tuple[int, ...]
    rounding: int = 0

    def __call__(self, estimates):
        sides = np.array(self.sides, dtype=np.int8)
        answers = unanswered(len(estimates), np.full(len(estimates), "no idea", dtype=object))
        answers.put(np.arange(len(sides)), side=sides, rounding=self.rounding)
        told = np.where(sides == 2, "no idea", f"special cause to look into: {self}")
        answers.put(np.arange(len(sides)), why=told)
        return answers.as_flags(estimates, self)

    def __str__(self):
        return f"says {self.sides[0]}"


def said(detector, size):
    flags = detector(estimated([row(code, 150, 300) for code in CODES[:size]]))
    shown = flags["flagged"].astype(object).where(flags["flagged"].notna(), None)
    return list(zip(shown, flags["direction"], strict=True))


def test_any_of_flags_what_one_flags_and_is_open_only_where_one_could():
    one, other = Says((1, 0, 0, -1, 2)), Says((0, 0, 2, 1, 1))
    assert said(any_of(one, other), 5) == [
        (True, "high"),
        (False, ""),
        (None, ""),
        (True, ""),
        (True, "high"),
    ]


def test_all_of_flags_what_all_flag_on_one_side():
    one, other = Says((1, 1, 2, -1, 1, 0)), Says((1, 0, 1, 1, 2, 2))
    assert said(all_of(one, other), 6) == [
        (True, "high"),
        (False, ""),
        (None, ""),
        (False, ""),
        (None, ""),
        (False, ""),
    ]


def test_at_least_counts_the_flags_of_one_side():
    three = Says((1, 1, 1)), Says((1, -1, 2)), Says((-1, 1, 1))
    assert said(at_least(2, *three), 3) == [(True, "high")] * 3
    flags = at_least(2, *three)(estimated([row(code, 150, 300) for code in CODES[:3]]))
    assert flags["score"].tolist() == [2, 2, 2]
    assert set(flags["threshold"]) == {2}


def test_the_reasons_of_all_that_fired_are_joined_once():
    flags = any_of(Says((1,)), Says((1,), rounding=2), Says((0,)))(
        estimated([row(CODES[0], 150, 300)])
    )
    assert flags["why"].tolist() == ["special cause to look into: says 1"]


def test_what_a_sure_flag_settles_an_unsure_one_cannot_unsettle():
    table = estimated([row(CODES[0], 150, 300)])
    sure, unsure = Says((1,)), Says((1,), rounding=2)
    assert any_of(sure, unsure)(table)["rounding"].tolist() == ["holds"]
    assert all_of(sure, unsure)(table)["rounding"].tolist() == ["may change"]


def test_more_detectors_than_there_are_cannot_be_asked_for():
    with pytest.raises(OptionError, match="3 of 2 detectors"):
        at_least(3, Says((1,)), Says((1,)))
    with pytest.raises(OptionError, match="0 of 0 detectors"):
        all_of()


def test_detectors_that_answer_for_other_rows_are_not_combined():
    with pytest.raises(OptionError, match="answer for different rows"):
        any_of(funnel(), Spread(geo=GEO, within="pcn", measures=[CARD]))(estimated())


def test_any_of_two_is_their_union_and_all_of_their_intersection():
    table = estimated()
    one, other = RobustZ(threshold=1.5, measures=[CARD]), funnel(confidence=0.95)
    first, second = one(table)["flagged"], other(table)["flagged"]
    assert any_of(one, other)(table)["flagged"].tolist() == (first | second).tolist()
    assert all_of(one, other)(table)["flagged"].tolist() == (first & second).tolist()


def test_within_judges_the_units_of_each_parent_apart():
    by_pcn = within(funnel(), geo=GEO, level="pcn")(estimated())
    own = GEO.parents("practice", "pcn", pd.Timestamp("2023-03-31"))
    inside = own.loc[own["parent_code"] == "U99003", "org_code"]
    rows = [
        row(code, count, 300)
        for code, count in zip(CODES, COUNTS, strict=True)
        if code in set(inside)
    ]
    alone = funnel()(estimated(rows)).set_index("org_code")["score"]
    together = by_pcn.set_index("org_code")["score"]
    assert together[alone.index].tolist() == alone.tolist()
    assert "within" not in by_pcn


def test_within_leaves_a_unit_without_a_parent_untold():
    rows = [row("Y99901", 150, 300), *(row(code, 150, 300) for code in CODES[:30])]
    flags = within(funnel(), geo=GEO, level="pcn")(estimated(rows)).set_index("org_code")
    assert flags.loc["Y99901", "flagged"] is pd.NA
    assert flags.loc["Y99901", "why"] == "it belongs to no PCN"


def test_within_keeps_a_target_that_was_given_and_can_stand_inside_another():
    table = estimated()
    given = funnel(target=0.5)
    assert (
        within(given, geo=GEO, level="pcn")(table)["score"].tolist()
        == given(table)["score"].tolist()
    )
    twice = within(within(funnel(), geo=GEO, level="pcn"), geo=GEO, level="pcn")(table)
    assert (
        twice["score"].tolist() == within(funnel(), geo=GEO, level="pcn")(table)["score"].tolist()
    )


def test_within_is_not_asked_of_what_sums_its_rows():
    spread = Spread(geo=GEO, within="pcn", measures=[CARD])
    with pytest.raises(OptionError, match="answers for other rows"):
        within(spread, geo=GEO, level="pcn")(estimated())


@pytest.mark.parametrize(
    ("method", "adjusted"), [("bh", benjamini_hochberg), ("by", benjamini_yekutieli)]
)
def test_false_discoveries_are_held_as_the_arrays_hold_them(method, adjusted):
    flags = funnel(confidence=0.95)(estimated())
    fewer = false_discovery(flags, method=method, share=0.05)
    assert fewer["flagged"].tolist() == (adjusted(flags["p_value"]) <= 0.05).tolist()
    assert (fewer["score"].abs() > fewer["threshold"]).tolist() == fewer["flagged"].tolist()
    assert (
        fewer["direction"][fewer["flagged"]].tolist()
        == flags["direction"][fewer["flagged"]].tolist()
    )


def test_false_discoveries_are_counted_across_units_and_measures():
    other = card(id="asthma.review", name="Asthma review")
    rows = [row(code, count, 300) for code, count in zip(CODES, COUNTS, strict=True)]
    more = [row(code, 150, 300, measure=other.id) for code in CODES]
    one, both = (
        phm.estimate(counts(*each), measures=[CARD, other]) for each in (rows, rows + more)
    )
    detector = funnel(measures=[CARD, other])
    alone, together = false_discovery(detector(one)), false_discovery(detector(both))
    assert together["threshold"].iloc[0] > alone["threshold"].iloc[0]
    assert "120 figures" in together["detector"].iloc[0]


def test_a_row_without_a_p_value_is_no_discovery():
    rows = [row(code, count, 300) for code, count in zip(CODES, COUNTS, strict=True)]
    fewer = false_discovery(funnel()(estimated([*rows, row("Y99901", None, 300)])))
    last = fewer[fewer["org_code"] == "Y99901"].iloc[0]
    assert last["flagged"] is pd.NA
    assert last["why"] == "count is missing"


def test_flags_without_any_p_value_have_no_false_discoveries_to_count():
    flags = RobustZ(measures=[CARD])(estimated())
    with pytest.raises(OptionError, match="No row has a p-value"):
        false_discovery(flags)
    with pytest.raises(OptionError, match="'bh' or 'by'"):
        false_discovery(funnel()(estimated()), method="holm")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="share that may be false"):
        false_discovery(funnel()(estimated()), share=5)


def test_a_pcn_spreads_as_the_arrays_say():
    spread = Spread(geo=GEO, within="pcn", measures=[CARD])
    flags, table = spread(estimated()), spread.variation(estimated())
    assert flags["org_code"].tolist() == table["org_code"].tolist()
    inside = [place for place in range(60) if place % 12 == 3]
    found = measure_variation([COUNTS[place] for place in inside], 300, kind="proportion")
    own = table.set_index("org_code").loc["U99003"]
    np.testing.assert_allclose(own["tau2"], found.tau2)
    np.testing.assert_allclose(own["expected_range"], found.expected_range)
    assert table.loc[table["org_code"] == "U99003", "n_units"].tolist() == [5]
    p_values = flags.loc[flags["org_code"] == "U99003", "p_value"]
    np.testing.assert_allclose(p_values, found.p_value, rtol=1e-9)


def test_a_spread_is_flagged_where_the_interval_of_tau_lies_above_zero():
    spread = Spread(geo=GEO, within="pcn", measures=[CARD])
    flags, table = spread(estimated()), spread.variation(estimated())
    assert flags["flagged"].tolist() == (table["tau2_lower"] > 0).tolist()
    assert (flags["score"] > flags["threshold"]).tolist() == flags["flagged"].tolist()
    assert 0 < flags["flagged"].sum() < len(flags)


def test_a_spread_is_on_the_scale_of_the_value():
    rate = card(kind="rate", per=1000)
    spread = Spread(geo=GEO, within="pcn", measures=[rate])
    table = spread.variation(estimated(of=rate))
    plain = Spread(geo=GEO, within="pcn", measures=[card(kind="rate")]).variation(
        estimated(of=card(kind="rate"))
    )
    np.testing.assert_allclose(table["highest"], 1000 * plain["highest"])
    np.testing.assert_allclose(table["tau2"], 1e6 * plain["tau2"])


def test_a_pcn_with_one_practice_or_a_hidden_one_says_so():
    geo = geography(
        {
            "Y99001": {"pcn": "U99001"},
            "Y99002": {"pcn": "U99001"},
            "Y99003": {"pcn": "U99002"},
            "Y99004": {"pcn": "U99001"},
        }
    )
    rows = [
        row("Y99001", 30, 300),
        row("Y99002", 250, 300),
        row("Y99003", 30, 300),
        row("Y99004", None, 300),
    ]
    flags = Spread(geo=geo, within="pcn", measures=[CARD])(estimated(rows)).set_index("org_code")
    assert flags.loc["U99002", "why"] == "fewer than 2 practices with a figure"
    assert bool(flags.loc["U99001", "flagged"])
    assert flags.loc["U99001", "caveat"] == "1 of 3 practices have no figure."
    assert flags.loc["U99001", "rounding"] == "cannot tell"


def test_spread_needs_the_units_that_differ():
    with pytest.raises(OptionError, match="hold no practices"):
        Spread(geo=GEO, within="pcn", measures=[CARD])(
            estimated([row("U99001", 30, 300, org_level="pcn")])
        )


def test_spread_of_repeat_events_needs_their_squares():
    events = card(kind="rate", unit="events")
    spread = Spread(geo=GEO, within="pcn", measures=[events])
    flags = spread(estimated(of=events))
    assert set(flags["why"]) == {"no sum of squares per person: an interval would be too narrow"}
    assert set(spread.variation(estimated(of=events))["reason"]) == set(flags["why"])


def test_what_a_unit_could_have_shown_is_what_the_arrays_say():
    found = detectable(estimated(), funnel=funnel(target=0.5), power=0.9)
    edges = detectable_proportion([300], centre=0.5, confidence=0.998, power=0.9)
    np.testing.assert_allclose(found["detectable_low"], edges.lower[0])
    np.testing.assert_allclose(found["detectable_high"], edges.upper[0])
    assert set(found["target"]) == {0.5}


def test_over_dispersion_hides_what_a_unit_could_have_shown():
    plain = detectable(estimated(), funnel=funnel())
    widened = detectable(estimated(), funnel=funnel(overdispersion="CQC"))
    assert (widened["detectable_high"] > plain["detectable_high"]).all()
    assert detectable_adjusted.__name__ == "detectable_adjusted"


def test_a_rate_s_detectable_values_are_on_its_own_scale():
    rate = card(kind="rate", per=1000)
    found = detectable(estimated(of=rate), funnel=funnel(measures=[rate], target=500))
    assert (found["detectable_high"] > 500).all()


def test_reliability_is_that_of_the_arrays_and_says_whether_to_rank():
    table = reliability(estimated(), measures=[CARD])
    found = measure_reliability(COUNTS, 300, kind="proportion")
    assert table["reliability"].tolist() == [found.value]
    assert table["words"].tolist() == [str(found)]
    assert bool(table["may_be_ranked"].iloc[0]) is found.may_be_ranked


def test_chance_alone_may_not_be_ranked():
    same = [row(code, 150, 300) for code in CODES]
    table = reliability(estimated(same), measures=[CARD])
    assert not bool(table["may_be_ranked"].iloc[0])
    assert "do not rank" in table["words"].iloc[0]


def test_reliability_says_why_there_is_none():
    events = card(kind="rate", unit="events")
    table = reliability(estimated(of=events), measures=[events])
    assert table["may_be_ranked"].isna().all()
    assert table["words"].tolist() == [
        "no sum of squares per person: an interval would be too narrow"
    ]
    one = reliability(estimated([row(CODES[0], 150, 300)]), measures=[CARD])
    assert one["words"].str.contains("between units").all()


def test_estimates_at_two_confidences_are_ranked_once():
    assert len(reliability(estimated(confidence=[0.95, 0.998]), measures=[CARD])) == 1


def test_recipes_are_named_by_what_they_do():
    ours = Recipe(name="plain", model="multiplicative", scale="natural", extremes="keep")
    assert "plain: multiplicative, natural scale, keep the extremes" in str(
        funnel(overdispersion=ours)
    )
    assert str(TukeyFence(reach=3)) == "TukeyFence: 3 interquartile ranges beyond the quartiles"


def test_a_detector_can_be_named_without_loading_scipy():
    program = (
        "import sys; from phm_diabetes.outliers import Funnel; Funnel(overdispersion='none'); "
        "print('scipy' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8"
    )
    assert run.stdout.strip() == "False"
