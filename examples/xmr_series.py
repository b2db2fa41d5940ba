"""XmR charts of the yearly register prevalence of Merseyside's four sub-ICB locations.

Run ``python examples/xmr_series.py [fingertips_nda_subicb_icb.csv]``. Without a file it looks in
``../shared/data``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import phm_diabetes as phm
from phm_diabetes.outliers import XmR

SHARED = Path(__file__).parents[2] / "shared" / "data" / "nda"
FILE = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "fingertips_nda_subicb_icb.csv"
MERSEYSIDE = {
    "E38000091": "Knowsley",
    "E38000101": "Liverpool",
    "E38000161": "South Sefton",
    "E38000170": "Southport and Formby",
}

counts = phm.load(FILE, adapter="fingertips.nda").table
chosen = (counts["measure"] == "dm.register") & counts["org_code"].isin(list(MERSEYSIDE))
estimates = phm.estimate(counts[chosen])
chart = XmR()
flags = chart(estimates).join(chart.limits(estimates))
early = XmR(baseline=7)(estimates)

print(chart)
flags["place"] = flags["org_code"].astype(object).map(MERSEYSIDE)
flags["year"] = flags["period_start"].dt.year
flags["rule"] = flags["why"].str.removeprefix("special cause to look into: ")
for place, series in flags.sort_values("year").groupby("place"):
    mean, low, high = (100 * series[["centre", "lower_limit", "upper_limit"]].iloc[0]).round(2)
    print(f"\n{place}: mean {mean}%, process limits {low}% to {high}%")
    shown = series.assign(percent=100 * series["value"])[["year", "percent", "rule"]]
    print(shown.round(2).to_string(index=False))
print(f"\nPoints with special cause: {int(flags['flagged'].sum())} of {len(flags)}; limits held at")
print(f"the first 7 years: {int(early['flagged'].sum())}. {early['caveat'].iloc[0]}")
print("A register that grows year by year leaves any limits drawn from its mean: ask why it grows.")
