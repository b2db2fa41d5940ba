"""Over-dispersion against FunnelPlotR 0.6.0 and controlchartspy 0.1.3.

Deliberately otherwise: FunnelPlotR draws CQC's limits on the root and forgets to square them,
rounds normal deviates to 1.959964 and 3.090232, and folds an arcsine limit back that passes 100%.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from attrs import evolve

from phm_diabetes.errors import StatisticsError
from phm_diabetes.outliers.adjusted_funnel import adjusted_limits, adjusted_tails
from phm_diabetes.outliers.dispersion import dispersion_ratio, trim, winsorise
from phm_diabetes.outliers.funnel_tails import significance
from phm_diabetes.outliers.heterogeneity import between_variance
from phm_diabetes.outliers.overdispersion import (
    CQC,
    SHMI,
    Overdispersion,
    Recipe,
    estimate_overdispersion,
)
from phm_diabetes.outliers.scales import distance_from_centre, in_errors, standard_error

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.method("overdispersion")

ARCSINE = Recipe(name="proportions", model="additive", scale="arcsine")
CASES: dict[str, dict[str, Any]] = {
    # FunnelPlotR rounds the expected counts of the first case to two decimals, as the SHMI does.
    "medpar_SR_SHMI": {"recipe": SHMI, "counts": ("los", "prds"), "decimals": 2},
    "medpar_SR_SHMI_noround": {"recipe": SHMI, "counts": ("los", "prds")},
    "medpar_SR_SHMI_trim05": {
        "recipe": evolve(SHMI, share=0.05),
        "counts": ("los", "prds"),
        "decimals": 2,
    },
    "medpar_SR_CQC": {"recipe": CQC, "counts": ("los", "prds")},
    "medpar_SR_CQC_trim05": {"recipe": evolve(CQC, share=0.05), "counts": ("los", "prds")},
    "medpar_PR_died": {"recipe": ARCSINE, "counts": ("died", "n")},
    "ae_PR": {"recipe": ARCSINE, "counts": ("breaches", "attendances")},
}
# The confidences whose normal deviates FunnelPlotR's rounded ones are.
Z95, Z998 = 1.959964, 3.090232


def confidence_of(z: float) -> float:
    from scipy.special import ndtr

    return float(1 - 2 * ndtr(-z))


@pytest.fixture(scope="module")
def units(shared: Path) -> dict[str, pd.DataFrame]:
    medpar = pd.read_csv(shared / "oracles/funnel_medpar_input.csv", dtype={"provnum": "str"})
    trusts = pd.read_csv(shared / "oracles/funnel_ae_2018_19_input.csv")
    return {
        "medpar": medpar.rename(columns={"provnum": "group"}),
        "ae": trusts.rename(columns={"org_code": "group"}),
    }


@pytest.fixture(scope="module")
def theirs(shared: Path) -> pd.DataFrame:
    path = shared / "oracles/funnel_overdispersion_expected_funnelplotr.csv"
    return pd.read_csv(path).set_index("case")


def found(case: str, units: dict[str, pd.DataFrame]) -> Overdispersion:
    """Estimate the case's over-dispersion as FunnelPlotR is told to."""
    given = CASES[case]
    table = units[case.split("_", maxsplit=1)[0]]
    numerator, denominator = (table[name] for name in given["counts"])
    kind = "rate" if "_SR_" in case else "proportion"
    return estimate_overdispersion(
        numerator,
        denominator.round(given["decimals"]) if "decimals" in given else denominator,
        kind="rate" if kind == "rate" else "proportion",
        centre=1.0 if kind == "rate" else None,
        recipe=given["recipe"],
        reference="the published providers",
    )


@pytest.mark.parametrize("case", CASES)
def test_phi_and_tau_squared_are_funnelplotrs(
    case: str, units: dict[str, pd.DataFrame], theirs: pd.DataFrame
) -> None:
    ours = found(case, units)
    np.testing.assert_allclose(
        [ours.phi, ours.tau2], theirs.loc[case, ["phi", "tau2"]].astype(float), rtol=1e-9
    )


@pytest.mark.parametrize("case", ["unit_SR_SHMI", "unit_SR_CQC"])
def test_six_units_give_funnelplotrs_figures_and_are_refused(
    case: str, shared: Path, theirs: pd.DataFrame
) -> None:
    table = pd.read_csv(shared / "oracles/funnel_funnelplotr_unit_input.csv")
    recipe = SHMI if case.endswith("SHMI") else CQC
    given: dict[str, Any] = {"centre": 1, "kind": "rate", "scale": recipe.scale}
    error = standard_error(table["denom"], **given)
    score = in_errors(distance_from_centre(table["num"], table["denom"], **given), error)
    held = trim(score) if recipe is SHMI else winsorise(score)
    phi = dispersion_ratio(held)
    kept = ~np.isnan(held)
    tau2 = between_variance(phi * kept.sum(), np.square(error[kept]))
    np.testing.assert_allclose(
        [phi, tau2], theirs.loc[case, ["phi", "tau2"]].astype(float), rtol=1e-9
    )
    with pytest.raises(StatisticsError, match="needs 20 units, and 6 of six units"):
        estimate_overdispersion(
            table["num"], table["denom"], kind="rate", recipe=recipe, reference="six units"
        )


@pytest.mark.parametrize("case", CASES)
def test_every_providers_score_is_funnelplotrs(
    case: str, units: dict[str, pd.DataFrame], shared: Path
) -> None:
    points = providers_of(case, shared)
    ours = found(case, units)
    given: dict[str, Any] = {"centre": ours.centre, "kind": ours.kind, "scale": ours.recipe.scale}
    distance = distance_from_centre(points["numerator"], points["denominator"], **given)
    score = in_errors(distance, standard_error(points["denominator"], **given))
    np.testing.assert_allclose(score, points["Uzscore"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_every_widened_limit_is_funnelplotrs_once_cqcs_are_squared_back(
    case: str, units: dict[str, pd.DataFrame], shared: Path
) -> None:
    points = providers_of(case, shared)
    ours = found(case, units)
    for z, level in ((Z95, "95"), (Z998, "99")):
        limits = adjusted_limits(
            points["denominator"],
            overdispersion=ours,
            centre=ours.centre,
            confidence=confidence_of(z),
        )
        low, high = points[f"OD{level}LCL"], points[f"OD{level}UCL"]
        if ours.recipe.scale == "square_root":
            low, high = low.clip(lower=0) ** 2, high**2
        np.testing.assert_allclose(limits.lower, low, rtol=1e-9, atol=1e-15)
        folded = limits.upper == 1
        assert (points["denominator"][folded] < 10).all()
        np.testing.assert_allclose(limits.upper[~folded], high[~folded], rtol=1e-9)


@pytest.mark.parametrize("level", [95, 99])
@pytest.mark.parametrize("case", ["medpar_SR_SHMI", "medpar_PR_died", "ae_PR"])
def test_the_units_beyond_the_widened_limits_are_funnelplotrs(
    case: str, level: int, units: dict[str, pd.DataFrame], shared: Path
) -> None:
    points = providers_of(case, shared)
    listed = pd.read_csv(shared / "oracles/funnel_outliers_expected_funnelplotr.csv").set_index(
        ["case", "limit", "adjusted"]
    )["outlier"]
    ours = found(case, units)
    tails = adjusted_tails(
        points["numerator"], points["denominator"], overdispersion=ours, centre=ours.centre
    )
    beyond = significance(tails, confidence=0.95 if level == 95 else 0.998) != 0
    theirs = points["group"].isin(listed.fillna("").loc[(case, level, True)].split(";"))
    # One death of one patient lies beyond its limit only because that is folded back from 100%.
    alone = (points["denominator"] == 1) & (points["numerator"] == 1)
    assert (beyond[~alone] == theirs[~alone]).all()
    assert not beyond[alone].any()


@pytest.mark.parametrize("adjusted", ["no", "yes"])
@pytest.mark.parametrize("case", ["medpar_PR_died", "ae_PR"])
def test_the_limits_of_a_proportion_are_controlchartspys(
    case: str, adjusted: str, units: dict[str, pd.DataFrame], shared: Path
) -> None:
    path = shared / "oracles/funnel_points_expected_controlchartspy.csv"
    table = pd.read_csv(path, skipinitialspace=True)
    points = table[(table["case"] == case) & (table["od_adjust"] == adjusted)]
    ours = found(case, units)
    if adjusted == "no":
        ours = evolve(ours, tau2=0.0)
    for confidence, level in ((0.95, "95"), (0.998, "99")):
        limits = adjusted_limits(
            points["denominator"], overdispersion=ours, centre=ours.centre, confidence=confidence
        )
        np.testing.assert_allclose(100 * limits.lower, points[f"ll{level}"], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(100 * limits.upper, points[f"ul{level}"], rtol=1e-9)


def providers_of(case: str, shared: Path) -> pd.DataFrame:
    path = shared / "oracles/funnel_points_expected_funnelplotr.csv"
    points = pd.read_csv(path, skipinitialspace=True, dtype={"group": "str"})
    return points[points["case"] == case].reset_index(drop=True)
