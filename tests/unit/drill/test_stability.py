"""Stability: a strong outlier stays in every reasonable variant, a borderline one in some."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.planted import card, counts, geography, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.outliers.laid_rules import leaf_arrays

CHECKS = tuple(card(id=f"copd.check{number}") for number in (1, 2, 3))
CODES = [f"Y{number:05}" for number in range(1, 25)]
GEO = geography(
    {
        code: {"pcn": f"U{number // 6}", "icb": "Q1" if number < 12 else "Q2", "place": "p1"}
        for number, code in enumerate(CODES)
    }
)
STRONG, EDGE, PARTNER = CODES[0], CODES[6], CODES[7]


def table(**shares):
    """Return three checks of every practice at 90% but for those named, and England at 90%."""
    rows = []
    for number, each in enumerate(CHECKS):
        for spot, code in enumerate(CODES):
            # Alternately a little above and below, so that nobody is the average by chance.
            share = shares.get(code, 0.9 + 0.004 * (-1) ** (spot + number))
            rows.append(to_fives(code, 5 * round(share * 400 / 5), 400, measure=each.id))
        rows.append(row("E92000001", 90_000, 100_000, measure=each.id, org_level="england"))
    return counts(*rows)


def drilled(given, **options):
    return phm.drill(
        given, geo=GEO, measures=list(CHECKS), rule="all", below="interval(0.95)", **options
    )


def test_a_strong_outlier_stays_in_at_least_95_in_100_variants():
    found = drilled(table(**{STRONG: 0.5, CODES[1]: 0.75}))
    assert STRONG in found.found
    assert phm.stability(found).share_of(STRONG) >= 0.95


def test_a_borderline_practice_stays_in_some_variants_and_not_in_others():
    # Below by the 95% interval, and not by that of 99.8%.
    found = drilled(table(**{EDGE: 0.86, PARTNER: 0.86}))
    assert found.found == {EDGE, PARTNER}
    assert 0.2 <= phm.stability(found).share_of(EDGE) <= 0.8


def test_where_practices_are_alike_nobody_stays():
    steady = phm.stability(drilled(table()))
    assert not steady.table["named"].any()
    assert (steady.table["share"] < 0.5).all()


def test_every_variant_is_listed_with_what_was_changed():
    steady = phm.stability(drilled(table(**{STRONG: 0.5})), draws=2)
    variants = steady.variants
    # Comparators, readings (two of them with three kinds of interval), gates, measures left out
    # or none, and counts as published or drawn.
    assert len(variants) == 3 * (1 + 2 * 3) * 2 * (1 + len(CHECKS)) * 3
    assert set(variants.loc[variants["below"] == "point", "method"]) == {""}
    assert set(variants["method"]) == {"", "as estimated", "exact", "over-dispersed"}
    assert not variants.drop(columns="practices").duplicated().any()
    assert set(variants["comparator"]) == {"england", "icb", "place"}
    assert variants["practices"].min() >= 1


def exactly(count, others=360):
    """Return one check: 400 people a practice, `count` of them in the first six, England at 90%."""
    rows = [
        row(code, count if spot < 6 else others, 400, measure=CHECKS[0].id)
        for spot, code in enumerate(CODES)
    ]
    england = row("E92000001", 90_000, 100_000, measure=CHECKS[0].id, org_level="england")
    return phm.drill(
        counts(*rows, england), geo=GEO, measures=[CHECKS[0]], rule="all", below="interval(0.95)"
    )


def test_an_exact_interval_can_hold_england_where_wilsons_does_not():
    # Of 400, 348 has an upper limit of 89.9% by Wilson, and of 90.1% by Clopper and Pearson.
    steady = phm.stability(
        exactly(348), comparators=["england"], below=["interval(0.95)"], gates=["as asked"],
        methods=["as estimated", "exact"],
    )  # fmt: skip
    named = dict(zip(steady.variants["method"], steady.variants["practices"], strict=True))
    assert named == {"as estimated": 6, "exact": 0}


def test_over_dispersion_widens_intervals_by_the_root_of_phi():
    found = exactly(330)
    # Six of 24 stand at z = -5, too many to be pulled in, so phi is 6 x 25 / 24.
    leaf = leaf_arrays(found).at("interval(0.95)", "over-dispersed")
    assert leaf.widening[0] ** 2 == pytest.approx(6.25)
    steady = phm.stability(
        found, comparators=["england"], below=["interval(0.95)"], gates=["as asked"]
    )
    named = dict(zip(steady.variants["method"], steady.variants["practices"], strict=True))
    # 7.5 points below England, give or take 4 by chance, and 10 once that is widened.
    assert named == {"as estimated": 6, "exact": 6, "over-dispersed": 0}


def test_over_dispersion_can_be_learnt_from_englands_practices():
    # England's practices differ by chance alone, so nothing is widened.
    random = np.random.default_rng(2)
    england = counts(
        *(
            row(f"E{number:05}", int(random.binomial(400, 0.9)), 400, measure=CHECKS[0].id)
            for number in range(400)
        )
    )
    options: Any = {
        "comparators": ["england"], "below": ["interval(0.95)"], "gates": ["as asked"],
        "methods": ["over-dispersed"],
    }  # fmt: skip
    assert phm.stability(exactly(330), **options).variants["practices"].tolist() == [0]
    wide = phm.stability(exactly(330), spread=england, **options)
    assert wide.variants["practices"].tolist() == [6]
    with pytest.raises(OptionError, match="holds no practice's counts of copd"):
        phm.stability(exactly(330), spread=counts(row("E00001", 9, 10)), **options)


def test_over_dispersion_that_cannot_be_learnt_is_listed_with_the_reason():
    few = CODES[:12]
    rows = [row(code, 300 if spot < 6 else 360, 400) for spot, code in enumerate(few)]
    england = row("E92000001", 90_000, 100_000, org_level="england")
    found = phm.drill(counts(*rows, england), geo=GEO, measures=[card()], rule="all", below="point")
    steady = phm.stability(found, comparators=["england"])
    assert steady.skipped == (
        "over-dispersed (Over-dispersion needs 20 units, and 12 of the practices have a value)",
    )
    with pytest.raises(StatisticsError):
        phm.stability(found, comparators=["england"], methods=["over-dispersed"])


def test_similar_practices_can_be_among_the_comparators():
    attributes = pd.DataFrame({"org_code": CODES, "list_size": range(len(CODES))})
    peers = phm.similar(4, attributes)
    found = drilled(table(**{STRONG: 0.5}))
    steady = phm.stability(found, comparators=["england", peers], draws=0)
    assert set(steady.variants["comparator"]) == {"england", "similar(4) by list_size"}
    practices = table(**{STRONG: 0.5})
    practices = practices[practices["org_level"] == "practice"]
    again = phm.stability(drilled(practices, to=peers), draws=0)
    assert set(again.variants["comparator"]) == {"similar", "icb", "place"}
    assert [each.split(" ")[0] for each in again.skipped] == ["england"]
    assert again.share_of(STRONG) > 0.95


def test_the_variant_that_was_asked_gives_the_answer_that_was_given():
    found = drilled(table(**{STRONG: 0.5, CODES[1]: 0.7, EDGE: 0.8}))
    same = phm.stability(
        found, comparators=["england"], below=["interval(0.95)"], gates=["as asked"],
        leave_out=False, draws=0,
    )  # fmt: skip
    assert set(same.table.loc[same.table["share"] == 1, "org_code"]) == found.found


def test_exact_counts_are_not_drawn():
    rows = [row(code, 300 if code == STRONG else 360, 400) for code in CODES]
    england = row("E92000001", 90_000, 100_000, org_level="england")
    found = phm.drill(counts(*rows, england), geo=GEO, measures=[card()], rule="all", below="point")
    assert set(phm.stability(found).variants["counts"]) == {"as published"}


def test_a_comparator_that_cannot_be_had_is_listed_with_the_reason():
    geo = geography({code: {"pcn": f"U{number // 6}"} for number, code in enumerate(CODES)})
    found = phm.drill(
        table(**{STRONG: 0.5}), geo=geo, measures=list(CHECKS), rule="all", below="point"
    )
    steady = phm.stability(found, draws=0)
    assert [each.split(" ")[0] for each in steady.skipped] == ["icb", "place"]
    with pytest.raises(phm.errors.GeographyError):
        phm.stability(found, comparators=["icb"])


def test_a_shortlist_has_luck_and_stability_beside_it():
    given = table(**{STRONG: 0.5, CODES[1]: 0.7, EDGE: 0.7, PARTNER: 0.8})
    care = drilled(given)
    one = phm.drill(given, geo=GEO, measures=[CHECKS[0]], rule="all", below="point")
    shortlist = phm.recurrent({"care": care, "one": one}, at_least=1).shortlist(2)
    steady = phm.stability(shortlist, draws=1)
    luck = phm.expected_by_luck(shortlist, simulations=20)
    beside = shortlist.beside(luck=luck, stability=steady)
    assert beside.table["stability"].tolist() == [steady.share_of(c) for c in shortlist.codes]
    said = str(beside)
    assert "of variants." in said
    assert "Only (b) bears on which practice to visit" in said
    assert len(steady.variants["practices"].unique()) > 1


def test_options_without_a_value_are_refused():
    found = drilled(table(**{STRONG: 0.5}))
    with pytest.raises(OptionError, match="below= takes readings"):
        phm.stability(found, below=[])


def test_the_same_seed_gives_the_same_shares():
    found = drilled(table(**{EDGE: 0.86, PARTNER: 0.86}))
    one, other = (phm.stability(found, draws=3, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, other.table)
    assert np.isfinite(one.table["share"]).all()
