"""Funnel limits and significance against PHEindicatormethods 2.1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.outliers.funnel_limits import proportion_limits, rate_limits
from phm_diabetes.outliers.funnel_scores import proportion_scores, sides_of_scores
from phm_diabetes.outliers.funnel_tails import proportion_tails, rate_tails, significance

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.method("funnel")

PHE = ["Low (0.001)", "Low (0.025)", "Not significant", "High (0.025)", "High (0.001)"]
LEVELS = {"2s": 0.95, "3s": 0.998}


@pytest.mark.parametrize("level", LEVELS)
def test_ohid_limits_of_a_proportion_are_phes_held_to_what_a_proportion_can_be(
    shared: Path, level: str
) -> None:
    grid = pd.read_csv(shared / "oracles/funnel_limits_proportion_pointwise_phe_r.csv")
    limits = proportion_limits(grid["n"], centre=grid["p"], confidence=LEVELS[level], method="ohid")
    # PHE's own algebra is worth 2.5e-13; its table, too, holds a percentage to 0 to 100.
    for ours, side in ((limits.lower, "lower"), (limits.upper, "upper")):
        theirs = grid[f"{side}_{level}"].clip(0, 1)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=5e-13)


@pytest.mark.parametrize("level", LEVELS)
def test_exact_limits_of_a_rate_pass_through_the_points_of_the_chi_squared_form(
    shared: Path, level: str
) -> None:
    # SciPy 1.13 inverts the Poisson tail to 3e-11, the newest to 1e-14.
    assert_limits_pass_through(points_of(shared, "chisq", level), level, rtol=1e-10)


@pytest.mark.parametrize("level", LEVELS)
def test_exact_limits_of_a_rate_pass_close_by_the_points_that_phe_finds_by_halving(
    shared: Path, level: str
) -> None:
    # PHE's points are within 4e-6 where the count is one.
    assert_limits_pass_through(points_of(shared, "exp", level), level, rtol=1e-5)


def points_of(shared: Path, source: str, level: str) -> dict[str, pd.DataFrame]:
    grid = pd.read_csv(shared / "oracles/funnel_limits_poisson_pointwise_phe_r.csv")
    return {
        side: pd.DataFrame({"expected": grid[f"{source}_{side}_{level}"], "observed": grid["obs"]})
        for side in ("lower", "upper")
    }


def assert_limits_pass_through(points: dict[str, pd.DataFrame], level: str, *, rtol: float) -> None:
    for side, point in points.items():
        limits = rate_limits(point["expected"], centre=1, confidence=LEVELS[level])
        ours = getattr(limits, side) * point["expected"]
        np.testing.assert_allclose(ours, point["observed"], rtol=rtol, atol=0)


def test_a_ratio_is_significant_where_phes_interval_leaves_out_one(shared: Path) -> None:
    grid = pd.read_csv(shared / "oracles/funnel_ratio_significance_phe_r.csv")
    tails = rate_tails(grid["obs"], grid["expected"], centre=1, method="ohid")
    for confidence, low, high in ((0.95, "l95", "h95"), (0.998, "l998", "h998")):
        theirs = (grid[low] > 1).astype(int) - (grid[high] < 1).astype(int)
        assert (significance(tails, confidence=confidence) == theirs).all()


def test_every_trust_has_the_significance_that_phe_gives_its_proportion(shared: Path) -> None:
    trusts = pd.read_csv(shared / "oracles/funnel_ae_significance_phe_r.csv")
    centre = trusts["breaches"].sum() / trusts["attendances"].sum()
    counts, both = (trusts["breaches"], trusts["attendances"]), [0.95, 0.998]
    tails = proportion_tails(*counts, centre=centre, method="ohid")
    assert _as_phe(significance(tails, confidence=both)) == list(trusts["significance"])
    sides = sides_of_scores(proportion_scores(*counts, centre=centre), confidence=both)
    assert _as_phe(sides) == list(trusts["significance"])


@pytest.mark.parametrize("method", ["exact", "ohid"])
def test_every_provider_has_the_significance_that_phe_gives_its_ratio(
    shared: Path, method: str
) -> None:
    providers = pd.read_csv(shared / "oracles/funnel_medpar_significance_phe_r.csv")
    tails = rate_tails(
        providers["los"],
        providers["prds"],
        centre=1,
        method="exact" if method == "exact" else "ohid",
    )
    ours = _as_phe(significance(tails, confidence=[0.95, 0.998]))
    assert ours == list(providers["significance"])


def _as_phe(sides: np.ndarray) -> list[str]:
    return [PHE[2 + int(level)] for level in sides.sum(axis=0)]
