"""Over-dispersion: estimating it, and the funnel it widens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.outliers.adjusted_funnel import (
    adjusted_error,
    adjusted_limits,
    adjusted_tails,
)
from phm_diabetes.outliers.dispersion import dispersion_ratio, trim, winsorise
from phm_diabetes.outliers.funnel_tails import significance
from phm_diabetes.outliers.heterogeneity import between_variance, dersimonian_laird, q_profile
from phm_diabetes.outliers.overdispersion import (
    CQC,
    SHMI,
    Overdispersion,
    Recipe,
    estimate_overdispersion,
)
from phm_diabetes.outliers.scales import from_scale, standard_error, to_scale

if TYPE_CHECKING:
    from phm_diabetes.outliers.overdispersion import Model
    from phm_diabetes.outliers.scales import Kind, Scale

PROPORTION_SCALES = ["natural", "log", "square_root", "arcsine"]
RATE_SCALES = ["natural", "log", "square_root"]
MODELS = ["additive", "multiplicative"]
BOTH = [0.95, 0.998]


def overdispersion(
    kind: Kind = "rate", scale: Scale = "log", model: Model = "additive", centre: float = 1
) -> Overdispersion:
    return Overdispersion(
        recipe=Recipe(name="test", model=model, scale=scale),
        reference="fifty",
        kind=kind,
        centre=centre,
        phi=2.5,
        tau2=0.002,
        n_units=50,
        n_kept=50,
        n_zero=0,
    )


def practices(seed=0, n=60, spread=0.02):
    random = np.random.default_rng(seed)
    size = random.integers(200, 9000, n)
    true = np.clip(random.normal(0.2, spread, n), 0.01, 0.99)
    return random.binomial(size, true), size


@pytest.mark.parametrize("scale", PROPORTION_SCALES)
def test_a_scale_turns_back(scale):
    values = np.array([0.01, 0.5, 0.99])
    np.testing.assert_allclose(from_scale(to_scale(values, scale), scale), values)


@pytest.mark.parametrize("scale", PROPORTION_SCALES)
def test_a_standard_error_is_that_of_simulated_proportions(scale):
    random = np.random.default_rng(1)
    values = random.binomial(3000, 0.3, 20_000) / 3000
    error = standard_error([3000], centre=0.3, kind="proportion", scale=scale)
    np.testing.assert_allclose(error, to_scale(values, scale).std(), rtol=0.02)


@pytest.mark.parametrize("scale", RATE_SCALES)
def test_a_standard_error_is_that_of_simulated_rates(scale):
    random = np.random.default_rng(1)
    values = random.poisson(0.2 * 5000, 20_000) / 5000
    error = standard_error([5000], centre=0.2, kind="rate", scale=scale)
    np.testing.assert_allclose(error, to_scale(values, scale).std(), rtol=0.02)


def test_a_rate_has_no_arcsine():
    with pytest.raises(OptionError, match="may exceed 1"):
        standard_error([5], centre=0.2, kind="rate", scale="arcsine")


def test_unknown_kinds_and_scales_are_refused():
    with pytest.raises(OptionError, match="Pass one of proportion, rate"):
        standard_error([5], centre=0.2, kind="mean", scale="log")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="Pass one of natural"):
        to_scale([5], "logit")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scale"):
        Recipe(name="x", model="additive", scale="logit")  # type: ignore[arg-type]


@given(seed=st.integers(0, 10**6))
@pytest.mark.parametrize("recipe", [SHMI, CQC], ids=["shmi", "cqc"])
def test_the_order_of_the_units_changes_nothing(recipe, seed):
    x, size = practices(seed % 50)
    order = np.random.default_rng(seed).permutation(len(x))
    first, second = (
        estimate_overdispersion(a, b, kind="proportion", recipe=recipe, reference="sixty")
        for a, b in ((x, size), (x[order], size[order]))
    )
    np.testing.assert_allclose([first.phi, first.tau2], [second.phi, second.tau2], rtol=1e-9)


@given(seed=st.integers(0, 10**6), scale=st.sampled_from(PROPORTION_SCALES))
def test_phi_is_never_below_one_nor_tau_squared_below_nought(seed, scale):
    x, size = practices(seed, n=25, spread=0)
    recipe = Recipe(name="plain", model="additive", scale=scale, extremes="keep")
    found = estimate_overdispersion(x, size, kind="proportion", recipe=recipe, reference="these")
    assert found.phi >= 1
    assert found.tau2 >= 0


def test_a_planted_spread_is_found():
    x, size = practices(3, n=4000, spread=0.03)
    recipe = Recipe(name="plain", model="additive", scale="natural", extremes="keep")
    found = estimate_overdispersion(x, size, kind="proportion", recipe=recipe, reference="many")
    np.testing.assert_allclose(np.sqrt(found.tau2), 0.03, rtol=0.05)


def test_fewer_than_twenty_units_are_refused_and_the_reference_is_named():
    x, size = practices(n=20)
    estimate_overdispersion(x, size, kind="proportion", recipe=CQC, reference="a Place")
    size[0] = 0
    with pytest.raises(StatisticsError, match="needs 20 units, and 19 of a Place"):
        estimate_overdispersion(x, size, kind="proportion", recipe=CQC, reference="a Place")


def test_no_unit_at_all_is_refused():
    with pytest.raises(StatisticsError, match="No unit has both"):
        estimate_overdispersion([1], [0], kind="rate", recipe=CQC, reference="none")


def test_it_says_how_it_was_found_and_what_it_hides():
    x, size = practices()
    found = estimate_overdispersion(x, size, kind="proportion", recipe=CQC, reference="England")
    assert str(found).startswith(
        "Over-dispersion of England (60 units; CQC: additive, square root scale, winsorise 10%"
    )
    assert "absorb poor care that is shared" in found.caveat
    kept = Recipe(name="all", model="additive", scale="log", extremes="keep")
    assert str(kept) == "all: additive, log scale, keep the extremes"


def test_units_that_all_have_none_differ_by_nothing():
    for recipe in (SHMI, CQC):
        found = estimate_overdispersion(
            [0] * 20, 100, kind="proportion", recipe=recipe, reference="twenty"
        )
        assert (found.phi, found.tau2, found.n_zero) == (1, 0, 20)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("scale", RATE_SCALES)
@given(expected=st.floats(0.05, 500))
def test_a_rate_further_out_is_never_unflagged(scale, model, expected):
    found = overdispersion("rate", scale, model)
    counts = np.arange(int(expected * 3) + 40)
    tails = adjusted_tails(counts, expected, overdispersion=found, centre=1)
    sides = significance(tails, confidence=BOTH)
    assert (np.diff(sides, axis=1) >= 0).all()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("scale", PROPORTION_SCALES)
@given(n=st.integers(1, 400), p=st.floats(0.01, 0.99))
def test_a_proportion_is_flagged_where_it_lies_outside_the_widened_limits(scale, model, n, p):
    found = overdispersion("proportion", scale, model, centre=p)
    counts = np.arange(n + 1)
    sides = significance(adjusted_tails(counts, n, overdispersion=found, centre=p))
    limits = adjusted_limits(n, overdispersion=found, centre=p)
    values = counts / n
    drawn = (values > limits.upper).astype(int) - (values < limits.lower)
    on_a_limit = np.isclose(values, limits.lower) | np.isclose(values, limits.upper)
    assert (sides == drawn)[~on_a_limit].all()


@given(n=st.integers(1, 10**6), scale=st.sampled_from(PROPORTION_SCALES))
@pytest.mark.parametrize("model", MODELS)
def test_widened_limits_are_never_closer_than_chance_alone_would_draw_them(model, n, scale):
    wide = overdispersion("proportion", scale, model, centre=0.3)
    chance = evolve(wide, phi=1.0, tau2=0.0)
    ours, theirs = (
        adjusted_limits([n], overdispersion=each, centre=0.3, confidence=BOTH)
        for each in (wide, chance)
    )
    assert (ours.lower <= theirs.lower).all()
    assert (ours.upper >= theirs.upper).all()
    assert (ours.lower[1] <= ours.lower[0]).all()


def test_a_multiplicative_model_widens_all_alike_and_an_additive_one_the_large_most():
    sizes = np.array([100.0, 10_000.0])
    chance = standard_error(sizes, centre=1, kind="rate", scale="log")
    alike, large = (
        adjusted_error(sizes, overdispersion=each, centre=1) / chance
        for each in (overdispersion(model="multiplicative"), overdispersion(model="additive"))
    )
    np.testing.assert_allclose(alike, np.sqrt(2.5))
    assert 1 < large[0] < large[1]


@pytest.mark.parametrize("scale", RATE_SCALES)
def test_a_centre_of_none_leaves_no_room_for_chance_on_any_scale(scale):
    found = evolve(overdispersion("rate", scale, centre=0.0), tau2=0.0, phi=1.0)
    sides = significance(adjusted_tails([0, 3], [10, 10], overdispersion=found, centre=0))
    assert sides[0] == 0
    limits = adjusted_limits([10], overdispersion=found, centre=0)
    assert limits.lower.tolist() == [0]
    if scale != "square_root":  # its standard error does not depend on the centre
        assert sides[1] == 1
        assert limits.upper.tolist() == [0]


def test_a_missing_unit_has_no_limit_and_no_tail():
    found = overdispersion()
    limits = adjusted_limits([0, np.nan, 50], overdispersion=found, centre=1)
    assert np.isnan(limits.lower).tolist() == np.isnan(limits.upper).tolist() == [True, True, False]
    tails = adjusted_tails([1, np.nan, 50], [0, 5, 50], overdispersion=found, centre=1)
    assert np.isnan(tails.lower).tolist() == [True, True, False]


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=60))
def test_holding_extremes_in_never_raises_the_spread(scores):
    whole = dispersion_ratio(scores)
    assert dispersion_ratio(winsorise(np.array(scores) - np.median(scores))) <= dispersion_ratio(
        np.array(scores) - np.median(scores)
    ) * (1 + 1e-9)
    assert dispersion_ratio(winsorise(scores, share=0)) == whole
    assert dispersion_ratio(trim(scores, share=0)) == whole


def test_missing_scores_stay_missing_and_count_for_nothing():
    assert np.isnan(winsorise([np.nan, np.nan])).all()
    assert np.isnan(trim([np.nan, 1, 2, 3], share=0.25)).tolist() == [True, False, False, True]


def test_a_share_of_half_or_more_is_refused():
    with pytest.raises(OptionError, match=r"pass 0\.1 for 10%"):
        winsorise([1], share=10)
    with pytest.raises(OptionError, match=r"below 0\.5"):
        trim([1], share=0.5)


def test_an_infinite_score_is_refused():
    with pytest.raises(StatisticsError, match="one unit's is infinite"):
        dispersion_ratio([1, np.inf])


def test_one_unit_has_no_variance_with_itself():
    assert between_variance(5, [0.1]) == 0
    with pytest.raises(StatisticsError, match="1 of 2 units have a value and a variance"):
        dersimonian_laird([0.1, 0.2], [0.1, 0])


def test_units_closer_together_than_chance_have_no_variance_between_them():
    found = dersimonian_laird([0.5, 0.5, 0.5], [0.01, 0.02, 0.03])
    assert (found.tau2, found.i_squared, found.q) == (0, 0, 0)
    bounds = q_profile([0.5, 0.5, 0.5], [0.01, 0.02, 0.03])
    assert bounds.lower == bounds.upper == 0


@given(seed=st.integers(0, 10**6))
def test_an_interval_of_a_higher_confidence_is_wider(seed):
    random = np.random.default_rng(seed)
    variance = random.uniform(0.01, 0.1, 8)
    values = random.normal(0, 1, 8) * np.sqrt(variance + 0.05)
    narrow, wide = (q_profile(values, variance, confidence=each) for each in (0.8, 0.95))
    assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper
