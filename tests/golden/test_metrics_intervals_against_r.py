"""Intervals against PHEindicatormethods 2.1.0 and R's own tests, to 1e-9 relative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.metrics.binomial_intervals import clopper_pearson, wilson
from phm_diabetes.metrics.poisson_intervals import byar, exact_poisson
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray


def agree(ours: FloatArray, theirs: ArrayLike) -> None:
    np.testing.assert_allclose(ours, np.asarray(theirs, dtype=float), rtol=1e-9, atol=1e-15)


@pytest.fixture(scope="module")
def binomial(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "oracles/wilson_grid_r.csv", skipinitialspace=True)


@pytest.fixture(scope="module")
def poisson(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "oracles/poisson_byar_exact_grid_r.csv", skipinitialspace=True)


@pytest.mark.method("wilson")
@pytest.mark.parametrize("theirs", ["phe", "r_proptest"])
def test_wilson_is_that_of_ohid_and_of_prop_test(binomial: pd.DataFrame, theirs: str) -> None:
    for confidence, grid in binomial.groupby("confidence"):
        ours = wilson(grid["x"], grid["n"], confidence=float(str(confidence)))
        agree(ours.lower, grid[f"lower_{theirs}"])
        agree(ours.upper, grid[f"upper_{theirs}"])


@pytest.mark.method("clopper-pearson")
def test_clopper_pearson_is_that_of_binom_test(binomial: pd.DataFrame) -> None:
    for confidence, grid in binomial.groupby("confidence"):
        ours = clopper_pearson(grid["x"], grid["n"], confidence=float(str(confidence)))
        agree(ours.lower, grid["lower_clopper_pearson"])
        agree(ours.upper, grid["upper_clopper_pearson"])


@pytest.mark.method("poisson-intervals")
def test_byar_is_that_of_ohid_but_for_the_lower_bound_of_no_events(poisson: pd.DataFrame) -> None:
    for confidence, grid in poisson.groupby("confidence"):
        ours = byar(grid["count"], confidence=float(str(confidence)))
        agree(ours.upper, grid["byar_upper_phe"])
        # OHID has none; we say 0, which is certain. Where Byar breaks down both have none.
        some = (grid["count"] > 0).to_numpy()
        agree(ours.lower[some], grid["byar_lower_phe"][some])
        assert (ours.lower[~some] == 0).all()


@pytest.mark.method("poisson-intervals")
@pytest.mark.parametrize("theirs", ["chisq", "poissontest"])
def test_the_exact_interval_is_that_of_r(poisson: pd.DataFrame, theirs: str) -> None:
    for confidence, grid in poisson.groupby("confidence"):
        ours = exact_poisson(grid["count"], confidence=float(str(confidence)))
        agree(ours.lower, grid[f"exact_lower_{theirs}"])
        agree(ours.upper, grid[f"exact_upper_{theirs}"])


@pytest.mark.method("poisson-intervals")
def test_epitools_byar_is_another_interval_and_is_not_matched(poisson: pd.DataFrame) -> None:
    grid = poisson[(poisson["confidence"] == 0.95) & (poisson["count"] == 5)]
    ours = byar(grid["count"]).lower
    assert abs(ours[0] - grid["epitools_byar_midP_lower"].iloc[0]) > 0.1


@pytest.mark.method("proportion")
def test_proportions_at_the_edges_are_those_of_ohid(shared: Path) -> None:
    edges = pd.read_csv(shared / "oracles/phe_proportion_edges_r.csv", skipinitialspace=True)
    ours = proportion(edges["x"], edges["n"], per=100, confidence=[0.95, 0.998])
    agree(ours.value, edges["value"])
    agree(ours.lower, edges[["lower95_0cl", "lower99_8cl"]].T)
    agree(ours.upper, edges[["upper95_0cl", "upper99_8cl"]].T)


@pytest.mark.method("crude-rate", "poisson-intervals")
def test_rates_switch_from_exact_to_byar_at_ten_events_as_ohids_do(shared: Path) -> None:
    rates = pd.read_csv(shared / "oracles/phe_rate_counts_0_25_r.csv", skipinitialspace=True)
    ours = crude_rate(rates["x"], rates["n"], per=100_000, confidence=[0.95, 0.998])
    agree(ours.value, rates["value"])
    agree(ours.lower, rates[["lower95_0cl", "lower99_8cl"]].T)
    agree(ours.upper, rates[["upper95_0cl", "upper99_8cl"]].T)
