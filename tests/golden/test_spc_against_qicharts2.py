"""Control charts against qicharts2 0.8.1, on Montgomery's data and on the series of the XmR.

Deliberately otherwise: a screened series of equal values has its limits at its mean, and a run
chart without a point off its line counts no runs, where R has NA.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.outliers.attribute_charts import c_limits, p_limits, u_limits
from phm_diabetes.outliers.control_limits import MONTGOMERY, moving_range_limits
from phm_diabetes.outliers.run_chart import run_signals
from phm_diabetes.outliers.spc_rules import beyond_limits

if TYPE_CHECKING:
    from pathlib import Path

    from phm_diabetes.outliers.control_limits import ControlLimits


def agree(ours: ControlLimits, theirs: pd.DataFrame) -> None:
    for line, name in ((ours.centre, "cl"), (ours.lower, "lcl"), (ours.upper, "ucl")):
        np.testing.assert_allclose(line, theirs[name], rtol=1e-9, atol=1e-15)
    if "sigma.signal" in theirs:
        outside = beyond_limits(theirs["y"], ours.lower, ours.upper) != 0
        assert (outside == theirs["sigma.signal"]).all()


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "oracles"


@pytest.mark.method("xmr")
def test_a_chart_of_single_values_held_at_its_first_twenty(folder: Path) -> None:
    data = pd.read_csv(folder / "montgomery_6_07_input.csv")
    ours = moving_range_limits(data["cost"], baseline=20, screen=False, width=MONTGOMERY)
    agree(ours, pd.read_csv(folder / "montgomery_6_07_ichart_freeze20_qicharts2.csv"))


@pytest.mark.method("attribute-charts")
def test_a_chart_of_proportions(folder: Path) -> None:
    data = pd.read_csv(folder / "montgomery_7_04_input.csv")
    ours = p_limits(data["count"], data["size"])
    agree(ours, pd.read_csv(folder / "montgomery_7_04_pchart_qicharts2.csv"))


@pytest.mark.method("attribute-charts")
def test_a_chart_of_counts(folder: Path) -> None:
    data = pd.read_csv(folder / "montgomery_7_08_input.csv")
    agree(c_limits(data["count"]), pd.read_csv(folder / "montgomery_7_08_cchart_qicharts2.csv"))


@pytest.mark.method("attribute-charts")
def test_a_chart_of_rates(folder: Path) -> None:
    data = pd.read_csv(folder / "montgomery_7_10_input.csv")
    ours = u_limits(data["count"], data["size"])
    agree(ours, pd.read_csv(folder / "montgomery_7_10_uchart_qicharts2.csv"))


@pytest.mark.method("attribute-charts")
def test_laneys_chart_of_proportions_of_trusts(folder: Path) -> None:
    data = pd.read_csv(folder / "funnel_ae_2018_19_input.csv")
    ours = p_limits(data["breaches"], data["attendances"], laney="standard_deviation")
    agree(ours, pd.read_csv(folder / "funnel_ae_laney_pprime_qicharts2.csv"))


@pytest.mark.method("xmr")
def test_limits_of_every_series(folder: Path) -> None:
    theirs = pd.read_csv(folder / "spc_limits_expected_qicharts2.csv")
    series = pd.read_csv(folder / "spc_series_input.csv")
    for row in theirs[theirs["chart"] == "i"].to_dict("records"):
        if row["series"] == "constant" and row["mr_screened"]:
            continue
        values = series.loc[series["series"] == row["series"], "value"]
        ours = moving_range_limits(values, screen=bool(row["mr_screened"]), width=MONTGOMERY)
        np.testing.assert_allclose(
            [ours.centre[0], ours.lower[0], ours.upper[0]],
            [row["cl"], row["lcl"], row["ucl"]],
            rtol=1e-9,
        )
        assert (beyond_limits(values, ours.lower, ours.upper) != 0).sum() == row["n_sigma_signal"]


@pytest.mark.method("run-chart")
def test_anhojs_rules_on_every_series(folder: Path) -> None:
    theirs = pd.read_csv(folder / "spc_limits_expected_qicharts2.csv")
    series = pd.read_csv(folder / "spc_series_input.csv")
    for row in theirs.to_dict("records"):
        values = series.loc[series["series"] == row["series"], "value"]
        centre = None if row["chart"] == "run" else float(values.mean())
        ours = run_signals(values, centre=centre)
        np.testing.assert_allclose(ours.centre, row["cl"], rtol=1e-9)
        assert ours.useful == row["n_useful"]
        assert ours.signal == row["runs_signal"]
        if ours.useful:
            found = (ours.longest_run, ours.longest_run_limit, ours.crossings, ours.crossings_limit)
            assert found == (
                row["longest_run"],
                row["longest_run_max"],
                row["n_crossings"],
                row["n_crossings_min"],
            )
