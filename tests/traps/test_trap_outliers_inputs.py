"""No function writes into what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.outliers.adjusted_funnel import adjusted_limits, adjusted_tails
from phm_diabetes.outliers.adjusted_p_values import benjamini_hochberg, benjamini_yekutieli
from phm_diabetes.outliers.attribute_charts import c_limits, p_limits, u_limits
from phm_diabetes.outliers.control_limits import moving_range_limits
from phm_diabetes.outliers.cumulative_sums import likelihood_cusum, tabular_cusum
from phm_diabetes.outliers.detectable_values import detectable_proportion, detectable_rate
from phm_diabetes.outliers.dispersion import trim, winsorise
from phm_diabetes.outliers.funnel_limits import proportion_limits, rate_limits
from phm_diabetes.outliers.funnel_tails import proportion_tails, rate_tails
from phm_diabetes.outliers.overdispersion import CQC, SHMI, estimate_overdispersion
from phm_diabetes.outliers.reliability_ratio import measure_reliability
from phm_diabetes.outliers.robust_scores import percentile_band, robust_z, tukey_fence
from phm_diabetes.outliers.run_chart import run_signals
from phm_diabetes.outliers.special_causes import find_special_causes
from phm_diabetes.outliers.variation import measure_variation
from phm_diabetes.outliers.worst_units import in_every_period, worst_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

X = [0, 3, 4, 5, 9, 2, 8, 7, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7]
N = [20] * len(X)
TWICE = estimate_overdispersion(X, N, kind="proportion", recipe=CQC, reference="twenty")

CALLS: dict[str, Callable[[ArrayLike, ArrayLike], object]] = {
    "estimate_overdispersion": lambda x, n: estimate_overdispersion(
        x, n, kind="rate", recipe=SHMI, reference="twenty"
    ),
    "adjusted_limits": lambda _, n: adjusted_limits(n, overdispersion=TWICE, centre=0.2),
    "adjusted_tails": lambda x, n: adjusted_tails(x, n, overdispersion=TWICE, centre=0.2),
    "proportion_limits": lambda _, n: proportion_limits(n, centre=0.2),
    "rate_limits": lambda _, n: rate_limits(n, centre=0.2),
    "proportion_tails": lambda x, n: proportion_tails(x, n, centre=0.2),
    "rate_tails": lambda x, n: rate_tails(x, n, centre=0.2, method="ohid"),
    "detectable_proportion": lambda _, n: detectable_proportion(n, centre=0.2),
    "detectable_rate": lambda _, n: detectable_rate(n, centre=0.2),
    "measure_variation": lambda x, n: measure_variation(x, n, kind="proportion"),
    "measure_reliability": lambda x, n: measure_reliability(x, n, kind="rate"),
    "winsorise": lambda x, _: winsorise(x),
    "trim": lambda x, _: trim(x),
    "robust_z": lambda x, _: robust_z(x),
    "tukey_fence": lambda x, _: tukey_fence(x),
    "percentile_band": lambda x, _: percentile_band(x),
    "worst_share": lambda x, _: worst_share(x, higher_is_worse=True),
    "in_every_period": lambda x, _: in_every_period(x, periods=2),
    "benjamini_hochberg": lambda x, _: benjamini_hochberg(np.asarray(x) / 10),
    "benjamini_yekutieli": lambda x, _: benjamini_yekutieli(np.asarray(x) / 10),
    "special_causes": lambda x, _: find_special_causes(x, moving_range_limits(x, rebase=[5])),
    "run_signals": lambda x, _: run_signals(x),
    "p_limits": lambda x, n: p_limits(x, n, laney="moving_range"),
    "u_limits": lambda x, n: u_limits(x, n, baseline=10),
    "c_limits": lambda x, _: c_limits(x),
    "tabular_cusum": lambda x, _: tabular_cusum(x),
    "likelihood_cusum": lambda x, n: likelihood_cusum(x, n, centre=0.2, kind="rate", ratio=2),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_array_that_cannot_be_written_to_is_enough(name: str) -> None:
    x, n = np.array(X, dtype=float), np.array(N, dtype=float)
    x.flags.writeable = n.flags.writeable = False
    CALLS[name](x, n)


@pytest.mark.parametrize("name", CALLS)
def test_a_callers_table_is_left_as_it_was(name: str) -> None:
    table = pd.DataFrame({"numerator": X, "denominator": N}, dtype="Int64")
    before = table.copy()
    CALLS[name](table["numerator"].astype("float64"), table["denominator"].astype("float64"))
    pd.testing.assert_frame_equal(table, before)
