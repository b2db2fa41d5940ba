"""Exact funnels against clinical-qikit 0.5.0, which interpolates Spiegelhalter's quantiles.

Deliberately otherwise: interpolation draws the upper limit up to one event lower than the exact
tail does, so that the chance of being flagged high may be many times what the limit promises. Lower
limits flag the same units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.outliers.detectable_values import detectable_rate
from phm_diabetes.outliers.dispersion import dispersion_ratio, winsorise
from phm_diabetes.outliers.funnel_tails import proportion_tails, rate_tails, significance
from phm_diabetes.outliers.heterogeneity import between_variance
from phm_diabetes.outliers.scales import distance_from_centre, in_errors, standard_error

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def providers(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "oracles/funnel_medpar_input.csv", dtype={"provnum": "str"})


@pytest.fixture(scope="module")
def points(shared: Path) -> pd.DataFrame:
    path = shared / "oracles/funnel_points_expected_qikit.csv"
    return pd.read_csv(path, skipinitialspace=True, dtype={"group": "str"})


@pytest.mark.method("funnel")
@pytest.mark.parametrize(("confidence", "level"), [(0.95, "95"), (0.998, "998")])
def test_an_exact_ratio_is_low_where_qikits_limit_says_so_and_high_no_more_often(
    providers: pd.DataFrame, points: pd.DataFrame, confidence: float, level: str
) -> None:
    theirs = points[(points["chart"] == "oe") & (points["cl_arg"] == 1)]
    both = providers.merge(theirs, left_on="provnum", right_on="group", validate="1:1")
    tails = rate_tails(both["los"], both["prds"], centre=1)
    ours = significance(tails, confidence=confidence)
    assert ((ours < 0) == (both["y"] < both[f"lcl{level}"] * (1 - 1e-9))).all()
    assert not ((ours > 0) & ~(both["y"] > both[f"ucl{level}"])).any()


@pytest.mark.method("funnel")
@pytest.mark.parametrize(("confidence", "level"), [(0.95, "95"), (0.998, "998")])
def test_an_exact_proportion_is_low_where_qikits_limit_says_so_and_high_no_more_often(
    providers: pd.DataFrame, points: pd.DataFrame, confidence: float, level: str
) -> None:
    theirs = points[(points["case"] == "medpar_PR_died") & (points["chart"] == "p")]
    both = providers.drop(columns="n").assign(size=providers["n"])
    both = both.merge(theirs, left_on="provnum", right_on="group", validate="1:1")
    centre = both["died"].sum() / both["size"].sum()
    tails = proportion_tails(both["died"], both["size"], centre=centre)
    ours = significance(tails, confidence=confidence)
    assert ((ours < 0) == (both["y"] < both[f"lcl{level}"])).all()
    assert not ((ours > 0) & ~(both["y"] > both[f"ucl{level}"])).any()
    # One death of one patient passes its 99.8% limit, though a third of patients die.
    alone = (both["size"] == 1) & (both["died"] == 1)
    assert (both["y"] > both[f"ucl{level}"])[alone].all()
    assert (ours[alone] == 0).all()


@pytest.mark.method("overdispersion")
def test_spread_on_the_natural_scale_is_qikits(providers: pd.DataFrame, shared: Path) -> None:
    summary = pd.read_csv(shared / "oracles/funnel_summary_expected_qikit.csv")
    theirs = summary[(summary["case"] == "medpar_SR") & (summary["cl_arg"] == 1)].iloc[0]
    distance = distance_from_centre(
        providers["los"], providers["prds"], centre=1, kind="rate", scale="natural"
    )
    error = standard_error(providers["prds"], centre=1, kind="rate", scale="natural")
    phi = dispersion_ratio(winsorise(in_errors(distance, error), share=0.1))
    tau = np.sqrt(between_variance(phi * len(providers), np.square(error)))
    np.testing.assert_allclose(phi, float(theirs["dispersion_phi"]), rtol=1e-9)
    np.testing.assert_allclose(tau, float(theirs["dispersion_tau"]), rtol=1e-9)


@pytest.mark.method("detectable-difference")
def test_the_smallest_ratio_to_be_seen_is_qikits_but_for_one_event(
    providers: pd.DataFrame, shared: Path
) -> None:
    summary = pd.read_csv(shared / "oracles/funnel_summary_expected_qikit.csv")
    theirs = float(summary["min_detectable_oe_median"].iloc[0])
    ours = detectable_rate(providers["prds"], centre=1, confidence=0.998, power=0.8).upper
    assert theirs < np.median(ours) < theirs * 1.01
