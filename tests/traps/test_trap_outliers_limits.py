"""Traps of funnels that users met in other packages."""

from __future__ import annotations

import numpy as np
import pytest

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.adjusted_funnel import adjusted_limits, adjusted_tails
from phm_diabetes.outliers.funnel_limits import proportion_limits, rate_limits
from phm_diabetes.outliers.funnel_tails import proportion_tails, rate_tails, significance
from phm_diabetes.outliers.overdispersion import (
    CQC,
    SHMI,
    Overdispersion,
    estimate_overdispersion,
)


def test_cqcs_limits_are_squared_back_from_the_root():
    chance = Overdispersion(
        recipe=CQC,
        reference="all trusts",
        kind="rate",
        centre=1.0,
        phi=1.0,
        tau2=0.0,
        n_units=50,
        n_kept=50,
        n_zero=0,
    )
    limits = adjusted_limits([100], overdispersion=chance, centre=1)
    np.testing.assert_allclose(limits.upper, (1 + 1.959964 / 20) ** 2, rtol=1e-6)
    # Left on the root the limit would be 1.098, and 115 of 100 expected would be flagged.
    tails = adjusted_tails([115], [100], overdispersion=chance, centre=1)
    assert significance(tails).tolist() == [0]


@pytest.mark.parametrize("recipe", [SHMI, CQC], ids=["shmi", "cqc"])
def test_one_count_of_none_does_not_make_the_spread_infinite_and_flag_nobody(recipe):
    random = np.random.default_rng(1)
    expected = random.uniform(50, 400, 40)
    observed = random.poisson(expected)
    observed[0], observed[1] = 0, 3 * expected[1]
    found = estimate_overdispersion(
        observed, expected, kind="rate", centre=1, recipe=recipe, reference="forty"
    )
    assert 1 <= found.phi < 5
    assert found.n_zero == 1
    tails = adjusted_tails(observed, expected, overdispersion=found, centre=1)
    assert significance(tails)[:2].tolist() == [-1, 1]


def test_the_limits_of_a_proportion_stay_between_none_and_all():
    for method in ("exact", "ohid"):
        limits = proportion_limits([1, 2, 5], centre=0.95, confidence=0.998, method=method)
        assert limits.upper.max() <= 1
        assert limits.lower.min() >= 0


def test_one_of_one_is_no_outlier():
    assert significance(proportion_tails([1], [1], centre=0.34), confidence=0.998).tolist() == [0]


def test_a_funnel_whose_units_all_have_everyone_is_no_error():
    tails = proportion_tails([50, 900], [50, 900], centre=1)
    assert significance(tails, confidence=[0.95, 0.998]).tolist() == [[0, 0], [0, 0]]


def test_a_count_of_none_does_not_spoil_the_table():
    sides = significance(rate_tails([0, 30, 8], [10, 10, 10], centre=1))
    assert sides.tolist() == [-1, 1, 0]


def test_a_percentage_for_a_centre_is_refused_not_drawn():
    with pytest.raises(OptionError, match=r"pass 0\.07 for 7%"):
        proportion_limits([100], centre=7)


def test_nothing_expected_gives_no_limit_and_no_warning():
    assert np.isnan(rate_limits([0], centre=1).upper).all()
    assert np.isnan(rate_tails([3], [0], centre=1).upper).all()
