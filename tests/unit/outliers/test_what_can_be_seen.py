"""What a unit could have shown, how units would spread by chance, and how reliable a measure is."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.outliers.chance_spread import expected_range, expected_standard_deviation
from phm_diabetes.outliers.detectable_values import (
    detectable_adjusted,
    detectable_proportion,
    detectable_rate,
)
from phm_diabetes.outliers.funnel_tails import proportion_tails, rate_tails, significance
from phm_diabetes.outliers.overdispersion import CQC, Overdispersion
from phm_diabetes.outliers.reliability_ratio import (
    measure_reliability,
    size_needed,
    spearman_brown,
    unit_reliability,
)
from phm_diabetes.outliers.variation import measure_variation

FOUND = Overdispersion(
    recipe=CQC,
    reference="fifty",
    kind="rate",
    centre=1.0,
    phi=2.0,
    tau2=0.01,
    n_units=50,
    n_kept=50,
    n_zero=0,
)


@given(n=st.integers(1, 300), p=st.floats(0.01, 0.99), power=st.floats(0.5, 0.99))
def test_a_true_proportion_at_the_edge_is_flagged_with_the_power_asked_for(n, p, power):
    edges = detectable_proportion([n], centre=p, power=power)
    flagged = significance(proportion_tails(np.arange(n + 1), n, centre=p))
    for edge, side in ((edges.lower[0], -1), (edges.upper[0], 1)):
        if np.isnan(edge):
            assert not (flagged == side).any()
            continue
        chance = np.diff(proportion_tails(np.arange(n + 1), n, centre=edge).lower, prepend=0)
        np.testing.assert_allclose(chance[flagged == side].sum(), power, rtol=1e-6)


@given(expected=st.floats(0.1, 200), power=st.floats(0.5, 0.99))
def test_a_true_rate_at_the_edge_is_flagged_with_the_power_asked_for(expected, power):
    edges = detectable_rate([expected], centre=1, power=power)
    counts = np.arange(int(4 * expected) + 60)
    flagged = significance(rate_tails(counts, expected, centre=1))
    for edge, side in ((edges.lower[0], -1), (edges.upper[0], 1)):
        if np.isnan(edge):
            assert side == -1
            assert not (flagged == side).any()
            continue
        least = counts[flagged == side]
        tails = rate_tails(least, expected, centre=edge)
        seen = tails.lower.max() if side == -1 else tails.upper.max()
        np.testing.assert_allclose(seen, power, rtol=1e-6)


def test_a_larger_unit_shows_a_smaller_difference():
    edges = detectable_proportion([100, 1000, 10_000], centre=0.07)
    assert (np.diff(edges.upper) < 0).all()
    assert (np.diff(edges.lower) > 0).all()


def test_several_confidences_give_a_row_each():
    edges = detectable_rate([30, 300], centre=1, confidence=[0.95, 0.998])
    assert edges.upper.shape == (2, 2)
    assert (edges.upper[1] > edges.upper[0]).all()


def test_over_dispersion_hides_differences_even_of_the_largest():
    edges = detectable_adjusted([100, 10**9], overdispersion=FOUND, centre=1)
    chance = detectable_adjusted([100, 10**9], overdispersion=evolve(FOUND, tau2=0.0), centre=1)
    assert (edges.upper > chance.upper).all()
    np.testing.assert_allclose(edges.upper[1], (1 + 1.959964 * 0.1) ** 2, rtol=1e-3)


def test_what_no_value_could_show_is_not_given():
    edges = detectable_adjusted([1, 400], overdispersion=FOUND, centre=1)
    assert np.isnan(edges.lower).tolist() == [True, False]


def test_a_power_below_one_half_is_refused():
    for power in (0.2, 1, 80):
        with pytest.raises(OptionError, match=r"from 0\.5 to below 1"):
            detectable_proportion([10], centre=0.5, power=power)
        with pytest.raises(OptionError, match=r"from 0\.5 to below 1"):
            detectable_adjusted([10], overdispersion=FOUND, centre=1, power=power)


@pytest.mark.parametrize(
    ("kind", "centre", "sizes"),
    [("proportion", 0.6, [50] * 6), ("proportion", 0.02, [40, 900, 12]), ("rate", 1, [3, 10, 40])],
)
def test_the_spread_by_chance_is_that_of_simulation(kind, centre, sizes):
    random = np.random.default_rng(1)
    size = np.array(sizes)
    shape = (100_000, len(sizes))
    if kind == "proportion":
        values = random.binomial(size, centre, shape) / size
    else:
        values = random.poisson(size * centre, shape) / size
    np.testing.assert_allclose(
        expected_range(size, centre=centre, kind=kind), np.ptp(values, axis=1).mean(), rtol=0.01
    )
    np.testing.assert_allclose(
        expected_standard_deviation(size, centre=centre, kind=kind),
        np.sqrt(values.var(axis=1, ddof=1).mean()),
        rtol=0.01,
    )


def test_units_without_a_denominator_have_no_spread():
    with pytest.raises(StatisticsError, match="No unit has a denominator"):
        expected_range([0], centre=0.5, kind="proportion")


def test_variation_by_chance_alone_is_told_as_such():
    random = np.random.default_rng(5)
    size = random.integers(300, 900, 40)
    found = measure_variation(random.binomial(size, 0.6), size, kind="proportion")
    assert found.p_value > 0.05
    assert found.tau2_lower == 0
    assert 0.7 < (found.highest - found.lowest) / found.expected_range < 1.4


def test_planted_variation_is_found():
    random = np.random.default_rng(6)
    size = random.integers(300, 900, 2000)
    true = random.normal(0.6, 0.05, 2000)
    found = measure_variation(random.binomial(size, true), size, kind="proportion")
    np.testing.assert_allclose(found.tau, 0.05, rtol=0.06)
    assert found.tau2_lower < 0.05**2 < found.tau2_upper


def test_units_all_at_none_or_all_do_not_vary():
    for numerator in (0, 10):
        found = measure_variation([numerator] * 3, 10, kind="proportion")
        assert (found.tau2, found.p_value, found.expected_range) == (0, 1, 0)


def test_one_unit_does_not_vary():
    for measure in (measure_variation, measure_reliability):
        with pytest.raises(StatisticsError, match="1 of 3 units have a value"):
            measure([1, np.nan, 5], [10, 10, 4], kind="proportion")


@pytest.mark.parametrize("planted", [0.02, 0.05])
def test_a_planted_reliability_is_found(planted):
    random = np.random.default_rng(7)
    size = random.integers(100, 600, 1500)
    x = random.binomial(size, np.clip(random.normal(0.6, planted, 1500), 0, 1))
    true = planted**2 / (planted**2 + np.mean(0.24 / size))
    found = measure_reliability(x, size, kind="proportion")
    np.testing.assert_allclose(found.value, true, atol=0.05)
    assert ("do not rank" in str(found)) == (not found.may_be_ranked)


def test_a_measure_without_any_real_difference_is_not_ranked():
    found = measure_reliability([5, 5, 5], [10, 10, 10], kind="proportion")
    assert found.value == 0
    assert str(found).endswith("no size would, since no real difference was found.")
    assert measure_reliability([0, 0], [10, 10], kind="rate").n_reliable == 0


@given(r=st.floats(0.01, 0.99), n=st.floats(1, 1e6), target=st.floats(0.1, 0.9))
def test_a_unit_of_the_size_needed_has_the_reliability_wanted(r, n, target):
    times = size_needed(r, n, target=target) / n
    np.testing.assert_allclose(spearman_brown(r, times), target, rtol=1e-9)


def test_reliability_is_a_share():
    assert unit_reliability([0.0, 1.0, 0.0], [1.0, 1.0, 0.0])[:2].tolist() == [0, 0.5]
    with pytest.raises(OptionError, match=r"such as 0\.7"):
        size_needed(0.5, 10, target=70)
