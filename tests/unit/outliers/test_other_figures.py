"""What judges by counts refuses standardised figures and shares; what judges by value does not."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.errors import StatisticsError
from phm_diabetes.outliers import (
    Cusum,
    Funnel,
    ReferenceSet,
    RobustZ,
    Spread,
    detectable,
    reliability,
)

ROW = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level": "practice",
       "period_start": "2022-04-01", "period_end": "2023-03-31"}  # fmt: skip
BANDS = [
    {**ROW, "org_code": f"Y99{place:03}", "age_band": band, "numerator": 40 + 3 * place,
     "denominator": 1000}
    for place in range(12) for band in ("<40", "40+")
]  # fmt: skip
NONE = Funnel(overdispersion="none")
GEO = phm.Geography.from_memberships(
    pd.DataFrame(
        {
            "org_level": "practice",
            "org_code": [f"Y99{place:03}" for place in range(12)],
            "parent_level": "pcn",
            "parent_code": [f"U99{place // 6:03}" for place in range(12)],
            "start": pd.NaT,
            "end": pd.NaT,
            "source": "planted",
            "source_row": range(1, 13),
        }
    )
)


def standardised(rows=BANDS):
    return phm.standardise(phm.counts_from(rows))


def crude():
    return phm.estimate(phm.counts_from(BANDS))


@pytest.mark.parametrize(
    "judge",
    [
        NONE,
        NONE.limits,
        Funnel(overdispersion="SHMI"),
        Spread(geo=GEO, within="pcn"),
        Cusum(errors="chance", target=0.05),
        reliability,
        lambda table: detectable(table, funnel=NONE),
        lambda table: Funnel(
            overdispersion="none", reference=ReferenceSet(name="ours", estimates=table)
        )(crude()),
    ],
    ids=[
        *("funnel", "limits", "adjusted", "spread", "cusum", "reliability", "detectable"),
        "reference",
    ],
)
def test_what_divides_counts_refuses_a_standardised_figure(judge):
    with pytest.raises(StatisticsError, match=r"not the quotient of their own counts \(Dobson"):
        judge(standardised())


def test_what_goes_by_value_takes_a_standardised_figure():
    flags = RobustZ()(standardised())
    assert flags["flagged"].notna().all()
    assert set(flags["rounding"]) == {"holds"}


def test_rounding_of_a_standardised_figure_is_never_judged_by_its_crude_rate():
    hidden = [{**row, "numerator_low": 1, "numerator_high": 1000} for row in BANDS[:1]]
    flags = RobustZ()(standardised([{**hidden[0], "numerator": 40}, *BANDS[1:]]))
    words = flags.set_index("org_code")["rounding"]
    assert words["Y99000"] == "cannot tell"
    assert words["Y99001"] == "holds"
