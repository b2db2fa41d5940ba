"""What must hold of every detector, whatever the counts."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planted import card, counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.outliers import (
    Detector,
    Funnel,
    PercentileBand,
    Recipe,
    RobustZ,
    TukeyFence,
    WorstDecile,
    all_of,
    any_of,
    false_discovery,
)

CARDS = (card(),)
NATURAL = Recipe(name="natural", model="multiplicative", scale="natural", extremes="keep")
BY_VALUE: list[Detector] = [
    RobustZ(threshold=2, measures=CARDS),
    TukeyFence(reach=1, measures=CARDS),
    PercentileBand(measures=CARDS),
    WorstDecile(measures=CARDS),
]
BY_CHANCE: list[Detector] = [
    Funnel(overdispersion="none", confidence=0.9, measures=CARDS),
    Funnel(overdispersion="none", confidence=0.9, method="ohid", measures=CARDS),
    Funnel(overdispersion=NATURAL, confidence=0.9, target=0.5, measures=CARDS),
]
EACH = pytest.mark.parametrize("detector", [*BY_VALUE, *BY_CHANCE], ids=str)
YEARS = [("2022-04-01", "2023-03-31"), ("2023-04-01", "2024-03-31")]

pairs = st.integers(5, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
units = st.lists(pairs, min_size=20, max_size=40)
few = settings(max_examples=8)


@cache
def template(year=0):
    start, end = YEARS[year]
    rows = [row(f"Y{place:05}", 1, 2, period_start=start, period_end=end) for place in range(40)]
    return phm.estimate(counts(*rows), measures=CARDS)


@cache
def without_a_figure():
    """Return a missing count, a hidden one and a remainder."""
    blank = [row("Y99901", None, 50), hidden("Y99902", 1, 7, 50), row("unmapped", 9, 50)]
    return phm.estimate(counts(*blank), measures=CARDS)


def table_of(pairs, year=0):
    """Return estimates of exact counts, many times faster than estimating them."""
    x, n = (pd.array([pair[part] for pair in pairs], dtype="Int64") for part in (0, 1))
    value = np.array([numerator / denominator for numerator, denominator in pairs])
    bounds = {f"numerator{end}": x for end in ("", "_low", "_high")}
    bounds |= {f"denominator{end}": n for end in ("", "_low", "_high")}
    values = {"value": value, "value_low": value, "value_high": value}
    return template(year).iloc[: len(pairs)].assign(**bounds, **values)


def answers(detector, table):
    flags = detector(table).set_index("org_code")
    shown = flags["flagged"].astype(object).where(flags["flagged"].notna(), None)
    return dict(zip(flags.index, zip(shown, flags["direction"], strict=True), strict=True))


@EACH
@given(units=units, seed=st.integers(0, 99))
@few
def test_the_order_of_rows_changes_nothing(detector, units, seed):
    table = table_of(units)
    shuffled = table.sample(frac=1, random_state=seed)
    assert answers(detector, table) == answers(detector, shuffled)


@pytest.mark.parametrize("detector", [*BY_VALUE, *BY_CHANCE[:2]], ids=str)
@given(units=units, leap=st.integers(1, 400))
@few
def test_moving_a_unit_further_out_never_unflags_it(detector, units, leap):
    before = answers(detector, table_of(units))
    flagged = [code for code, (told, _) in before.items() if told]
    for code in flagged[:1]:
        place, sign = int(code[1:]), 1 if before[code][1] == "high" else -1
        x, n = units[place]
        moved = [*units]
        moved[place] = (int(np.clip(x + sign * leap, 0, n)), n)
        assert answers(detector, table_of(moved))[code] == before[code]


@EACH
@given(units=units)
@few
def test_rows_without_a_figure_change_no_other_answer(detector, units):
    with_them = answers(detector, phm.stack([table_of(units), without_a_figure()]))
    assert all(with_them.pop(code) == (None, "") for code in without_a_figure()["org_code"])
    assert with_them == answers(detector, table_of(units))


@EACH
@given(units=units, others=units)
@few
def test_two_periods_in_one_table_are_the_two_apart(detector, units, others):
    tables = [table_of(units), table_of(others, year=1)]
    both = detector(phm.stack(tables))
    apart = pd.concat([detector(table) for table in tables], ignore_index=True)
    assert both["flagged"].equals(apart["flagged"])
    np.testing.assert_array_equal(both["score"], apart["score"])


@given(units=units)
@few
def test_a_higher_confidence_flags_no_other_units(units):
    low, high = (
        answers(Funnel(overdispersion="none", confidence=level, measures=CARDS), table_of(units))
        for level in (0.9, 0.998)
    )
    assert all(low[code] == told for code, told in high.items() if told[0])


@given(units=units)
@few
def test_over_dispersion_allowed_for_flags_no_other_units(units):
    plain = Funnel(overdispersion="none", method="ohid", target=0.5, measures=CARDS)
    widened = Funnel(overdispersion=NATURAL, target=0.5, measures=CARDS)
    chance, allowed = (answers(each, table_of(units)) for each in (plain, widened))
    assert all(chance[code] == told for code, told in allowed.items() if told[0])


@given(units=units)
@few
def test_false_discoveries_held_to_a_share_are_among_those_below_it(units):
    flags = Funnel(overdispersion="none", measures=CARDS)(table_of(units))
    fewer, fewest = (false_discovery(flags, method=method, share=0.1) for method in ("bh", "by"))
    assert (flags.loc[fewer["flagged"], "p_value"] <= 0.1).all()
    assert (fewer["flagged"] | ~fewest["flagged"]).all()


@given(units=units)
@few
def test_all_of_flags_no_more_than_each_and_any_of_no_less(units):
    table = table_of(units)
    one, other = BY_VALUE[0], BY_CHANCE[0]
    first, second = answers(one, table), answers(other, table)
    both, either = answers(all_of(one, other), table), answers(any_of(one, other), table)
    for code, told in both.items():
        assert not told[0] or (first[code][0] and second[code][0])
        assert bool(either[code][0]) == (first[code][0] or second[code][0])


@pytest.mark.parametrize("target", [0.3, 0.5])
def test_a_flag_that_holds_is_the_same_at_every_count_it_could_be(target):
    detector = Funnel(overdispersion="none", target=target, confidence=0.95, measures=CARDS)
    published = [to_fives(f"Y{place:05}", 5 * place, 100) for place in range(3, 20)]
    flags = detector(phm.estimate(counts(*published), measures=CARDS))
    holds = flags["rounding"] == "holds"
    assert holds.any()
    assert not holds.all()
    for more in range(-2, 3):
        for size in range(-2, 3):
            true = table_of([(5 * place + more, 100 + size) for place in range(3, 20)])
            same = detector(true)["flagged"] == flags["flagged"]
            assert same[holds].all()
