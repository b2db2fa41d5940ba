"""Ten lines from a table of counts to a funnel and a false-discovery list.

Run ``python examples/funnel_and_false_discovery.py [PREVALENCE_2223.csv]``. Without a file it looks
in ``../shared/data``. It prints how many practices, and never which.
"""

from __future__ import annotations

import sys
from pathlib import Path

import phm_diabetes as phm
from phm_diabetes.outliers import Funnel, detectable, false_discovery, reliability

SHARED = Path(__file__).parents[2] / "shared" / "data" / "qof" / "raw_2022-23"
FILE = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "PREVALENCE_2223.csv"

counts = phm.load(FILE, adapter="england.qof_prevalence", period="2022-23").table
estimates = phm.estimate(counts)
funnel = Funnel(overdispersion="SHMI")
flags = funnel(estimates)
fewer = false_discovery(flags, share=0.05)
strict = false_discovery(flags, method="by", share=0.05)
seen = detectable(estimates, funnel=funnel, power=0.8)
ranked = reliability(estimates)

# From here on it only prints.
print(flags["detector"].iloc[0], end="\n\n")
summary = (
    flags.assign(
        by_chance=flags["flagged_unadjusted"],
        shmi=flags["flagged"],
        bh=fewer["flagged"],
        by=strict["flagged"],
        could_show=seen["detectable_high"] / seen["target"],
    )
    .groupby("measure", observed=True)
    .agg(
        practices=("value", "count"),
        beyond_by_chance=("by_chance", "sum"),
        beyond_with_shmi=("shmi", "sum"),
        false_discovery_bh=("bh", "sum"),
        false_discovery_by=("by", "sum"),
        median_detectable_ratio=("could_show", "median"),
    )
)
summary["reliability"] = ranked.set_index("measure")["reliability"]
print(summary.round(2).to_string())
totals = {name: int(summary[name].sum()) for name in summary.columns[:5]}
print(f"\nOf {totals['practices']:,} figures, {totals['beyond_by_chance']:,} lie beyond 99.8%")
print(f"limits set by chance alone, {totals['beyond_with_shmi']:,} with over-dispersion allowed")
print(f"for, and {totals['false_discovery_bh']:,} ({totals['false_discovery_by']:,} whatever the")
print("dependence) once no more than 5% of the flags may be false.")
print("\n" + str(flags.loc[flags["measure"] == "dm.register", "caveat"].iloc[0]))
