"""Between-unit variance against R's metafor 3.8.1, on the trials of BCG vaccine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.outliers.heterogeneity import dersimonian_laird, q_profile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.method("spread", "reliability", "overdispersion")
def test_dersimonian_and_lairds_method_is_metafors(shared: Path) -> None:
    trials = pd.read_csv(shared / "oracles/dl_bcg_input.csv")
    table = pd.read_csv(shared / "oracles/dl_bcg_expected_metafor_r.csv")
    theirs = dict(zip(table["stat"], table["value"], strict=True))
    ours = dersimonian_laird(trials["yi"], trials["vi"])
    assert ours.n_units == theirs["k"]
    np.testing.assert_allclose(
        [ours.tau2, ours.q, 100 * ours.i_squared, ours.mean, ours.standard_error],
        [theirs[name] for name in ("tau2", "Q", "I2", "estimate", "se")],
        rtol=1e-9,
    )


@pytest.mark.method("spread")
def test_the_interval_of_the_variance_is_the_one_published_for_these_trials(shared: Path) -> None:
    trials = pd.read_csv(shared / "oracles/dl_bcg_input.csv")
    bounds = q_profile(trials["yi"], trials["vi"])
    # Printed to four decimals in metafor's manual.
    np.testing.assert_allclose([bounds.lower, bounds.upper], [0.1197, 1.1115], atol=5e-5)
