"""What must hold of every interval, whatever the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phm_diabetes.metrics.binomial_intervals import clopper_pearson, wilson
from phm_diabetes.metrics.clustered import compound_poisson_rate, person_clustered_rate
from phm_diabetes.metrics.differences import newcombe, rate_difference
from phm_diabetes.metrics.direct import dsr
from phm_diabetes.metrics.poisson_intervals import byar, exact_poisson, ohid_poisson
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate
from phm_diabetes.metrics.relative_rates import proportion_ratio, rate_ratio
from phm_diabetes.metrics.shares import share

LEVELS = [0.5, 0.9, 0.95, 0.998]
CLOSE = 1e-9

pairs = st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
counts = st.integers(0, 10**7)
people = st.integers(1, 10**7)
unit_events = st.lists(st.integers(0, 40), min_size=1, max_size=30)


def holds(value, lower, upper):
    slack = CLOSE * np.maximum(1, np.abs(value))
    return bool(np.all((lower <= value + slack) & (value - slack <= upper)))


def nested(lower, upper):
    """Each higher confidence is at least as wide, wherever there is an interval."""
    down, up = np.diff(lower, axis=0), np.diff(upper, axis=0)
    return bool(np.all(~(down > CLOSE)) and np.all(~(up < -CLOSE)))


@pytest.mark.parametrize("method", [wilson, clopper_pearson])
@given(pair=pairs)
def test_an_interval_of_a_proportion_holds_it_and_stays_within_nought_to_one(method, pair):
    lower, upper = method(*pair, confidence=LEVELS)
    assert holds(pair[0] / pair[1], lower, upper)
    assert (lower >= 0).all()
    assert (upper <= 1).all()
    assert nested(lower, upper)


@pytest.mark.parametrize("method", [wilson, clopper_pearson])
@given(n=st.integers(2, 5000))
def test_more_people_of_the_same_number_raise_both_bounds(method, n):
    lower, upper = method(np.linspace(0, n, 50).round(), n)
    assert (np.diff(lower) >= -CLOSE).all()
    assert (np.diff(upper) >= -CLOSE).all()


@pytest.mark.parametrize("method", [byar, exact_poisson, ohid_poisson])
@given(count=counts)
def test_an_interval_of_a_count_holds_it_and_nests(method, count):
    lower, upper = method(count, confidence=LEVELS)
    known = ~np.isnan(lower)
    assert holds(count, lower[known], upper[known])
    assert nested(lower, upper)
    assert (upper > 0).all()


@given(count=st.integers(0, 10**6))
def test_one_event_more_raises_both_bounds_of_a_count_even_where_the_method_switches(count):
    lower, upper = ohid_poisson([count, count + 1])
    assert lower[1] > lower[0]
    assert upper[1] > upper[0]


@given(first=pairs, second=pairs)
def test_differences_of_proportions_hold_their_value_and_turn_round_with_the_units(first, second):
    value, lower, upper = newcombe(*first, *second, confidence=LEVELS)
    assert holds(value, lower, upper)
    assert nested(lower, upper)
    assert (lower >= -1 - CLOSE).all()
    assert (upper <= 1 + CLOSE).all()
    turned = newcombe(*second, *first, confidence=LEVELS)
    np.testing.assert_allclose(turned.lower, -upper, atol=1e-12)


@given(x1=counts, n1=people, x2=st.integers(1, 10**7), n2=people)
def test_comparisons_of_rates_hold_their_value_and_nest(x1, n1, x2, n2):
    for found in (
        rate_difference(x1, n1, x2, n2, per=1, confidence=LEVELS),
        rate_ratio(x1, n1, x2, n2, confidence=LEVELS),
    ):
        assert holds(found.value, found.lower, found.upper)
        assert nested(found.lower / (1 + abs(found.value)), found.upper / (1 + abs(found.value)))


@given(first=pairs, second=pairs)
def test_a_ratio_of_proportions_holds_its_value_or_has_none(first, second):
    value, lower, upper = proportion_ratio(*first, *second)
    if second[0] == 0:
        assert np.isnan([value, lower, upper]).all()
    else:
        assert lower <= value <= upper


@given(rows=st.lists(pairs, min_size=1, max_size=20), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(rows, seed):
    x, n = np.array(rows).T
    order = np.random.default_rng(seed).permutation(len(rows))
    for verb in (proportion, lambda x, n: crude_rate(x, n, per=1000)):
        for whole, shuffled in zip(verb(x, n), verb(x[order], n[order]), strict=True):
            np.testing.assert_array_equal(whole[order], shuffled)


@given(events=unit_events, cut=st.integers(0, 30), others=st.integers(2, 50))
def test_people_split_in_two_groups_and_summed_again_give_the_same(events, cut, others):
    first, second = np.array(events[:cut], dtype=float), np.array(events[cut:], dtype=float)
    both = np.array(events, dtype=float)
    n = len(events) + others
    for verb in (compound_poisson_rate, person_clustered_rate):
        summed = verb(first.sum() + second.sum(), (first**2).sum() + (second**2).sum(), n, per=1)
        np.testing.assert_array_equal(summed, verb(both.sum(), (both**2).sum(), n, per=1))


@given(events=unit_events, others=st.integers(2, 50))
def test_an_interval_clustered_by_person_holds_its_value(events, others):
    x = np.array(events, dtype=float)
    n = len(events) + others
    for verb in (compound_poisson_rate, person_clustered_rate):
        value, lower, upper = verb(x.sum(), (x**2).sum(), n, per=1, confidence=LEVELS)
        if x.sum() > 0:
            assert holds(value, lower[~np.isnan(lower)], upper[~np.isnan(lower)])
        else:
            assert np.isnan(lower).all()


@given(groups=st.lists(st.integers(0, 10**5), min_size=2, max_size=12).filter(any))
def test_shares_add_up_to_one_and_their_intervals_hold_them(groups):
    value, lower, upper = share(groups, confidence=LEVELS)
    assert value.sum() == pytest.approx(1)
    assert holds(value, lower, upper)
    assert nested(lower, upper)
    assert (lower >= 0).all()
    assert (upper <= 1).all()


bands = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 10**5), st.integers(1, 10**4)),
    min_size=2, max_size=19,
)  # fmt: skip


@given(rows=bands)
def test_a_standardised_rate_is_held_by_its_interval_and_no_order_of_bands_matters(rows):
    x, n, standard = np.array(rows, dtype=float).T
    found = dsr(x, n, standard, confidence=[0.95, 0.998])
    if x.sum() < 10:
        assert np.isnan(found.value)
        return
    assert holds(found.value, found.lower, found.upper)
    assert nested(found.lower, found.upper)
    turned = dsr(x[::-1], n[::-1], standard[::-1], confidence=[0.95, 0.998])
    for ours, theirs in zip(found, turned, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@given(rows=bands, cut=st.integers(1, 499))
def test_a_band_split_in_two_of_the_same_rate_leaves_a_standardised_rate_as_it_was(rows, cut):
    x, n, standard = np.array(rows, dtype=float).T
    portion = cut / 500

    def halves(numbers):
        return np.concatenate(([numbers[0] * portion, numbers[0] * (1 - portion)], numbers[1:]))

    whole, parts = dsr(x, n, standard), dsr(halves(x), halves(n), halves(standard))
    np.testing.assert_allclose(parts.value, whole.value, rtol=1e-9)
    np.testing.assert_allclose(parts.upper, whole.upper, rtol=1e-9)
