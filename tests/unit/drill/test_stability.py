"""Stability: a strong outlier stays in every reasonable variant, a borderline one in some."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.planted import card, counts, geography, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import OptionError

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
    assert 0.2 < phm.stability(found, gates=["left out"]).share_of(EDGE) < 0.8


def test_where_practices_are_alike_nobody_stays():
    steady = phm.stability(drilled(table()))
    assert not steady.table["named"].any()
    assert (steady.table["share"] < 0.5).all()


def test_every_variant_is_listed_with_what_was_changed():
    steady = phm.stability(drilled(table(**{STRONG: 0.5})), draws=2)
    variants = steady.variants
    # Comparators, readings, gates, measures left out or none, and counts as published or drawn.
    assert len(variants) == 3 * 3 * 2 * (1 + len(CHECKS)) * 3
    assert not variants.drop(columns="practices").duplicated().any()
    assert set(variants["comparator"]) == {"england", "icb", "place"}
    assert variants["practices"].min() >= 1


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
