"""XmR limits, rules and assurance against NHSRplotthedots 0.2.2.

Deliberately otherwise: a series of equal values has its limits at its mean, and where there are no
limits it cannot be told whether the target will be met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.outliers.assurance import target_assurance
from phm_diabetes.outliers.control_limits import moving_range_limits
from phm_diabetes.outliers.spc_rules import one_side, trend
from phm_diabetes.outliers.special_causes import RULES, SpecialCauses, find_special_causes

if TYPE_CHECKING:
    from pathlib import Path

    from phm_diabetes.outliers.control_limits import ControlLimits

pytestmark = pytest.mark.method("xmr")

THEIR_RULES = (
    "Above UCL",
    "Below LCL",
    "7 Point Trend (Increasing)",
    "7 Point Trend (Decreasing)",
    "2 in 3 Above CL",
    "2 in 3 Below CL",
    "7 Points Above CL",
    "7 Points Below CL",
)
THEIR_WORDS = {"will": "consistent_pass", "won't": "consistent_fail"}
LAST_POINT = {
    ("increase", 1): "special_cause_improvement",
    ("increase", -1): "special_cause_concern",
    ("decrease", 1): "special_cause_concern",
    ("decrease", -1): "special_cause_improvement",
    ("neutral", 1): "special_cause_neutral_high",
    ("neutral", -1): "special_cause_neutral_low",
}


@pytest.fixture(scope="module")
def series(shared: Path) -> dict[str, np.ndarray]:
    table = pd.read_csv(shared / "oracles/spc_series_input.csv")
    return {str(name): part["value"].to_numpy() for name, part in table.groupby("series")}


@pytest.fixture(scope="module")
def limits(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "oracles/spc_xmr_limits_expected_ptd.csv")


def first_rule(causes: SpecialCauses) -> list[str]:
    """Return the rule that NHSRplotthedots names: the first that fired."""
    names = [THEIR_RULES[index] for index in causes.fired.argmax(axis=0)]
    return [
        name if flagged else "Common Cause"
        for name, flagged in zip(names, causes.flagged, strict=True)
    ]


def lines_agree(ours: ControlLimits, theirs: pd.DataFrame) -> None:
    for line, name in ((ours.centre, "mean"), (ours.lower, "lpl"), (ours.upper, "upl")):
        np.testing.assert_allclose(line, theirs[name], rtol=1e-9)


def test_the_rules_stand_in_the_order_in_which_plotthedots_names_them() -> None:
    assert len(RULES) == len(THEIR_RULES)


def test_mean_and_limits_of_every_series_are_plotthedots(
    series: dict[str, np.ndarray], limits: pd.DataFrame
) -> None:
    for row in limits.to_dict("records"):
        if row["series"] == "constant":
            continue
        ours = moving_range_limits(series[row["series"]], screen=bool(row["screen_outliers"]))
        np.testing.assert_allclose(
            [ours.centre[-1], ours.lower[-1], ours.upper[-1]],
            [row["mean"], row["lpl"], row["upl"]],
            rtol=1e-9,
        )


def test_the_rule_named_at_every_point_of_every_series_is_plotthedots(
    series: dict[str, np.ndarray], shared: Path
) -> None:
    points = pd.read_csv(shared / "oracles/spc_xmr_points_expected_ptd.csv")
    for (name, screened), theirs in points.groupby(["series", "screen_outliers"]):
        values = series[str(name)]
        causes = find_special_causes(values, moving_range_limits(values, screen=bool(screened)))
        assert first_rule(causes) == list(theirs["special_cause_type"]), name
        assert (causes.flagged == theirs["special_cause_flag"]).all()


def test_the_last_point_is_read_as_plotthedots_reads_it(
    series: dict[str, np.ndarray], limits: pd.DataFrame
) -> None:
    for row in limits.to_dict("records"):
        values = series[row["series"]]
        lines = moving_range_limits(values, screen=bool(row["screen_outliers"]))
        direction = int(find_special_causes(values, lines).direction[-1])
        ours = LAST_POINT.get((row["improvement_direction"], direction), "common_cause")
        assert ours == row["last_point_type"]


def test_the_assurance_of_a_target_is_plotthedots(
    series: dict[str, np.ndarray], limits: pd.DataFrame
) -> None:
    directed = limits[limits["improvement_direction"] != "neutral"]
    for row in directed.to_dict("records"):
        lines = moving_range_limits(series[row["series"]], screen=bool(row["screen_outliers"]))
        ours = target_assurance(
            lines.lower[-1:],
            lines.upper[-1:],
            target=row["target"],
            higher_is_better=row["improvement_direction"] == "increase",
        ).item()
        if row["series"] == "n1":
            assert ours == "cannot tell"
        else:
            assert THEIR_WORDS.get(ours, ours) == row["assurance_type"]


def test_a_rebased_series_is_plotthedots(shared: Path) -> None:
    theirs = pd.read_csv(shared / "oracles/spc_rebase_expected_ptd.csv")
    ours = moving_range_limits(theirs["value"], rebase=[12, 24])
    lines_agree(ours, theirs)
    causes = find_special_causes(theirs["value"], ours, rebase=[12, 24])
    assert first_rule(causes) == list(theirs["special_cause_type"])


def test_a_series_with_a_baseline_of_twelve_points_is_plotthedots(shared: Path) -> None:
    theirs = pd.read_csv(shared / "oracles/spc_fix12_expected_ptd.csv")
    ours = moving_range_limits(theirs["value"], baseline=12)
    lines_agree(ours, theirs)
    assert first_rule(find_special_causes(theirs["value"], ours)) == list(
        theirs["special_cause_type"]
    )


def test_runs_and_trends_end_where_plotthedots_sees_them_end(shared: Path) -> None:
    # Its vectors mark the seventh and later points of a pattern; we mark all of its points.
    vectors = pd.read_csv(shared / "oracles/spc_rule_vectors_ptd.csv")
    for row in vectors.to_dict("records"):
        values = [float(each) for each in row["input"].split(";")]
        ends = np.array([int(each) for each in row["result"].split(";")])
        rising = row["fn"] == "seven_point_trend"
        up, down = trend(values) if rising else one_side(values, 0.0)
        # On the mean's sides its vectors say that a run ends, not on which side.
        for marked, wanted in (
            ((up, ends > 0), (down, ends < 0)) if rising else ((up | down, ends != 0),)
        ):
            covered = np.zeros(len(values), dtype=bool)
            for end in np.flatnonzero(wanted):
                covered[end - 6 : end + 1] = True
            assert (marked == covered).all()
