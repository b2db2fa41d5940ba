"""Expected by luck: the very rule, run on counts that chance alone would give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.planted import card, counts, geography, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.outliers import Spread
from phm_diabetes.outliers.chance_counts import Publishing, drawn_counts, latent_deviates
from phm_diabetes.outliers.drawn_rules import DrawnRules

CHECKS = tuple(card(id=f"copd.check{number}") for number in (1, 2, 3))
TARGET = card(id="copd.target")
CODES = [f"Y{number:05}" for number in range(1, 44)]
PCN_OF = {code: f"U{number % 6 + 1}" for number, code in enumerate(CODES)}
GEO = geography({code: {"pcn": pcn, "icb": "Q1", "place": "p1"} for code, pcn in PCN_OF.items()})


def lists(seed: int) -> np.ndarray:
    """Return list sizes: log-normal with median 403, at least 60."""
    drawn = np.exp(np.random.default_rng(seed).normal(np.log(403), 0.5, len(CODES)))
    return np.maximum(60, np.rint(drawn)).astype(int)


def table(shares, sizes, england, *, seed=0):
    """Return counts of every card at its own share, and England's published row."""
    random = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for each, share in shares.items():
        drawn = random.binomial(sizes, share)
        rows += [
            row(code, int(x), int(n), measure=each)
            for code, x, n in zip(CODES, drawn, sizes, strict=True)
        ]
        rows.append(
            row("E92000001", int(england[each] * 1_000_000), 1_000_000, measure=each,
                org_level="england")
        )  # fmt: skip
    return counts(*rows)


def drilled(given_counts, cards, **options):
    chosen: dict[str, Any] = {"geo": GEO, "rule": "all", "below": "point"} | options
    return phm.drill(given_counts, measures=list(cards), **chosen)


def alike(sizes):
    """Return the review's rule on practices that all stand at 89%, where England is at 90%."""
    rows = []
    for each in CHECKS:
        rows += [
            row(code, round(0.89 * int(size)), int(size), measure=each.id)
            for code, size in zip(CODES, sizes, strict=True)
        ]
        rows.append(row("E92000001", 900_000, 1_000_000, measure=each.id, org_level="england"))
    return drilled(counts(*rows), CHECKS)


def named_by_the_rule(shares, sizes, *, runs, seed):
    """Return how many practices the rule names on average, simulated without the library."""
    random = np.random.default_rng(seed)
    drawn = random.binomial(sizes[:, None], shares, (runs, len(sizes), len(CHECKS)))
    pcns = np.array([int(PCN_OF[code][1:]) - 1 for code in CODES])
    own = (drawn / sizes[:, None] < 0.9).all(-1)
    low = np.stack(
        [
            (drawn[:, pcns == pcn].sum(1) / sizes[pcns == pcn].sum() < 0.9).all(-1)
            for pcn in range(6)
        ],
        axis=-1,
    )
    return (own & low[:, pcns]).sum(-1)


def test_practices_alike_at_89_with_england_at_90_are_some_17_under_b_and_one_under_a():
    found: dict[str, list[float]] = {"a": [], "b": []}
    for seed in range(12):
        rules = DrawnRules.of(alike(lists(seed)))
        z = latent_deviates(
            np.random.default_rng(seed), (500, *rules.shape), groups=rules.groups, correlation=0
        )
        for null, truth in (("a", rules.comparator), ("b", rules.pooled)):
            drawn = [
                drawn_counts(
                    z[..., spot], rules.denominator[:, spot], truth[:, spot],
                    kind="proportion", whole=False,
                )
                for spot in range(len(CHECKS))
            ]  # fmt: skip
            (whom,) = rules.named(np.stack(drawn, axis=-1)).values()
            found[null].append(float(whom.sum(-1).mean()))
    # From one draw of lists to the next, (b) differs by 0.7.
    assert abs(float(np.mean(found["a"])) - 1) < 0.5
    assert abs(float(np.mean(found["b"])) - 17) < 1


def test_the_two_numbers_are_those_of_the_same_rule_simulated_apart():
    sizes, runs = lists(2), 4000
    luck = phm.expected_by_luck(alike(sizes), correlation=0.0, simulations=runs)
    expected = dict(zip(luck.table["null"], luck.table["expected"].astype(float), strict=True))
    for null, share in (("a", 0.90), ("b", 0.89)):
        apart = named_by_the_rule(share, sizes, runs=runs, seed=7)
        assert abs(expected[null] - apart.mean()) < 3 * np.sqrt(2 / runs) * apart.std() + 0.05
    assert "Where all are alike and below, (a) is small and (b) is not." in str(luck)


def test_each_place_is_pooled_apart_and_who_was_pooled_is_said():
    places = geography(
        {code: {"pcn": PCN_OF[code], "place": f"p{int(PCN_OF[code] > 'U3')}"} for code in CODES}
    )
    shares = [0.9 if PCN_OF[code] > "U3" else 0.5 for code in CODES]
    rows = [
        row(c, int(400 * p), 400, measure="copd.target") for c, p in zip(CODES, shares, strict=True)
    ]
    england = row("E92000001", 70_000, 100_000, measure="copd.target", org_level="england")
    found = drilled(counts(*rows, england), [TARGET], geo=places)
    assert DrawnRules.of(found).pooled.ravel().tolist() == shares
    luck = phm.expected_by_luck(found, simulations=20)
    assert "(b) every practice at the pooled value of its Place (2 pooled)." in str(luck)
    bare = drilled(
        counts(*rows, england), [TARGET], geo=geography({c: {"pcn": PCN_OF[c]} for c in CODES})
    )
    assert "of all in question, since none has a Place" in str(
        phm.expected_by_luck(bare, simulations=20)
    )


EXPECTED = {0.0: (1.3, 13.4, 0.4), 0.6: (5.2, 13.3, 1.6), 0.999: (12.8, 13.5, 4.0)}


@pytest.mark.parametrize(("correlation", "expected"), EXPECTED.items(), ids=str)
def test_the_reference_simulation_is_met_within_three_standard_errors(correlation, expected):
    england = {"copd.check1": 0.93, "copd.check2": 0.95, "copd.check3": 0.92, "copd.target": 0.36}
    sizes, runs = lists(11), 3000
    given_counts = table(england, sizes, england)
    care, target = drilled(given_counts, CHECKS), drilled(given_counts, [TARGET])
    rules = DrawnRules.of(care & target)
    z = latent_deviates(
        np.random.default_rng(5),
        (runs, *rules.shape),
        groups=rules.groups,
        correlation=correlation,
    )
    drawn = np.empty_like(z)
    for spot, kind in enumerate(rules.kinds):
        # The reference draws normal deviates, not whole counts.
        drawn[..., spot] = drawn_counts(
            z[..., spot],
            rules.denominator[:, spot],
            rules.comparator[:, spot],
            kind=kind,
            whole=False,
        )
    for whom, wanted in zip(rules.named(drawn).values(), expected, strict=True):
        each = whom.sum(-1)
        # The reference is itself 3,000 runs, and printed to one decimal place.
        error = np.sqrt(2) * each.std() / np.sqrt(runs)
        assert abs(each.mean() - wanted) < 3 * error + 0.05


@given(
    seed=st.integers(0, 10_000),
    below=st.sampled_from(["point", "interval(0.95)", "interval(0.998)"]),
    to=st.sampled_from(["england", "icb"]),
    rule=st.sampled_from(["all", "any", 2]),
    spread=st.booleans(),
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_rule_on_arrays_finds_whom_the_drill_finds(seed, below, to, rule, spread):
    random = np.random.default_rng(seed)
    rows = []
    for each in CHECKS[:2]:
        for code in CODES[:14]:
            size = int(random.integers(20, 90)) * 5
            count = int(random.binomial(size, random.choice([0.7, 0.8, 0.9]))) // 5 * 5
            if random.random() < 0.05:
                rows.append(hidden(code, 1, 7, size, measure=each.id))
            elif random.random() < 0.95:
                rows.append(to_fives(code, count, size, measure=each.id))
        if to == "england":
            rows.append(row("E92000001", 80_000, 100_000, measure=each.id, org_level="england"))
    gate = Spread(geo=GEO, within="pcn") if spread else None
    found = drilled(
        counts(*rows),
        CHECKS[:2],
        below={"practice": below} if spread else below,
        to=to,
        rule=rule,
        gate=gate,
    )
    rules = DrawnRules.of(found)
    (whom,) = rules.named(rules.observed).values()
    assert {code for code, own in zip(rules.practices, whom, strict=True) if own} == found.found


def test_counts_are_published_as_the_real_ones_are():
    rounded = Publishing.of(*(np.array(each, float) for each in ([5, 20], [1, 18], [7, 22])))
    assert (rounded.to, rounded.small, rounded.hides) == (5, (1, 7), False)
    assert rounded.published(np.array([0.0, 6.0, 8.0, 12.5])).tolist() == [0, 5, 10, 15]
    masked = Publishing.of(*(np.array(each, float) for each in ([np.nan, 9], [1, 9], [7, 9])))
    assert np.isnan(masked.published(np.array([0.0, 3.0, 9.0]))).tolist() == [False, True, False]


def test_the_same_seed_gives_the_same_answer_and_the_found_count_is_the_drills():
    given_counts = table({"copd.target": 0.5}, lists(3), {"copd.target": 0.5})
    found = drilled(given_counts, [TARGET])
    one, other = (phm.expected_by_luck(found, simulations=50, seed=9) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, other.table)
    assert set(one.table["found"]) == {len(found.found)}


def test_the_range_runs_from_independent_to_the_same_people_unless_people_are_given():
    names = [each.id for each in CHECKS]
    given_counts = table(dict.fromkeys(names, 0.9), lists(4), dict.fromkeys(names, 0.9))
    found = drilled(given_counts, CHECKS)
    said = phm.expected_by_luck(found, simulations=40).table["measures"].unique().tolist()
    assert said == ["independent", "the same people"]
    people = pd.DataFrame({name: [True, False] * 50 for name in names})
    table_of = phm.expected_by_luck(found, correlation=people, simulations=40).table
    assert table_of["measures"].unique().tolist() == ["correlation 1.00"]


def test_practices_that_differ_as_englands_do_are_a_third_null():
    given_counts = table({"copd.target": 0.5}, np.full(43, 4000), {"copd.target": 0.5})
    wide = counts(
        *(
            row(f"X{number:05}", 4 * share, 400, measure="copd.target")
            for number, share in enumerate(range(30, 70))
        )
    )
    found = drilled(given_counts, [TARGET], below="interval(0.95)")
    told = phm.expected_by_luck(found, spread=wide, simulations=200).table
    luck: Any = told.set_index("null")
    assert luck.loc["c", "expected"] > 3 * luck.loc["a", "expected"]


def test_what_recurs_is_drawn_as_the_rule_it_is():
    names = [each.id for each in CHECKS]
    given_counts = table(
        dict.fromkeys([*names, "copd.target"], 0.6),
        lists(6),
        dict.fromkeys([*names, "copd.target"], 0.6),
    )
    care, target = drilled(given_counts, CHECKS), drilled(given_counts, [TARGET])
    shortlist = phm.recurrent({"care": care, "targets": target}, at_least=2).shortlist(6)
    both = phm.expected_by_luck(care & target, simulations=100, correlation=0.5).table
    listed = phm.expected_by_luck(shortlist, simulations=100, correlation=0.5).table
    assert listed["rule"].unique()[-1] == "in at least 2 of 2 domains"
    pd.testing.assert_frame_equal(both.drop(columns="rule"), listed.drop(columns="rule"))


@pytest.mark.parametrize(
    ("options", "said"),
    [({"correlation": 1.5}, "from 0 to 1"), ({"simulations": 0}, "take a number")],
)
def test_options_outside_what_they_can_be_are_refused(options, said):
    names = [each.id for each in CHECKS]
    given_counts = table(dict.fromkeys(names, 0.9), lists(4), dict.fromkeys(names, 0.9))
    with pytest.raises(OptionError, match=said):
        phm.expected_by_luck(drilled(given_counts, CHECKS), **options)


def test_flags_of_a_detector_are_refused_since_they_do_not_say_how_they_were_made():
    with pytest.raises(OptionError, match="asked of a drill"):
        phm.expected_by_luck(pd.DataFrame())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "seeds", [60, pytest.param(1000, marks=pytest.mark.long)], ids=["some", "every"]
)
@pytest.mark.parametrize("null", ["a", "b"])
def test_under_each_null_the_number_found_lies_in_its_range(null, seeds):
    england = {"copd.check1": 0.93, "copd.check2": 0.95, "copd.target": 0.36}
    cards = [*CHECKS[:2], TARGET]
    below = 0.0 if null == "a" else 0.01
    sizes, inside = lists(8), 0
    truth = {name: share - below for name, share in england.items()}
    rules = DrawnRules.of(drilled(table(truth, sizes, england), cards, rule=2))
    random = np.random.default_rng(1)
    drawn = random.binomial(
        rules.denominator.astype(int), list(truth.values()), (seeds, *rules.shape)
    ).astype(float)
    (found,) = rules.named(drawn).values()
    for seed, observed in enumerate(found.sum(-1)):
        values = rules.comparator
        if null == "b":
            pooled = drawn[seed].sum(0) / rules.denominator.sum(0)
            values = np.broadcast_to(pooled, rules.shape)
        z = latent_deviates(
            np.random.default_rng(seed), (200, *rules.shape), groups=(0, 1, 2), correlation=0
        )
        again = np.stack(
            [
                drawn_counts(z[..., m], rules.denominator[:, m], values[:, m], kind="proportion")
                for m in range(3)
            ],
            axis=-1,
        )
        (whom,) = rules.named(again).values()
        lower, upper = np.percentile(whom.sum(-1), [2.5, 97.5], method="inverted_cdf")
        inside += lower <= observed <= upper
    assert inside >= 0.93 * seeds
