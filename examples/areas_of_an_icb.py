"""Cheshire and Merseyside's sub-ICB locations beside all that report, indicator by indicator.

Run ``python examples/areas_of_an_icb.py [fingertips_nda_subicb_icb.csv]``. Without a file it looks
in ``../shared/data``. The file has no row for England, and not every area reports every year, so
each area is compared with the others that do: so many of 106 areas, not England.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import phm_diabetes as phm

SHARED = Path(__file__).parents[2] / "shared" / "data" / "nda"
FILE = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "fingertips_nda_subicb_icb.csv"
# ONS codes of the sub-ICB locations of Cheshire and Merseyside ICB (E54000008), July 2022.
OWN: tuple[str, ...] = (
    "E38000068",
    "E38000091",
    "E38000101",
    "E38000161",
    "E38000170",
    "E38000172",
)
OWN += ("E38000194", "E38000208", "E38000233")

extract = phm.load(FILE, adapter="fingertips.nda", problems="report")
counts = extract.table
areas = sorted(counts["org_code"].astype(str).unique())
beside = phm.compare(phm.estimate(counts, by=["age_band", "subtype"]), to=areas)
beside["year"] = beside["period_start"].dt.year
ours = beside[beside["org_code"].isin(OWN)]
compared = ours[ours["verdict"] != "not compared"]


def told(rows: pd.DataFrame) -> pd.Series:
    """Return how many of the ICB's areas stand on each side of the others that report."""
    words = rows["verdict"].value_counts()
    return pd.Series(
        {
            "reporting": f"{rows['comparator_units'].max()} of {len(areas)} areas",
            "own": len(rows),
            "better or higher": int(words.get("better", 0) + words.get("higher", 0)),
            "similar": int(words.get("similar", 0)),
            "worse or lower": int(words.get("worse", 0) + words.get("lower", 0)),
            "turned by rounding": int(rows["rounding"].isin(["may change", "cannot tell"]).sum()),
        }
    )


def why_not(rows: pd.DataFrame) -> str:
    """Return why a measure and year is not compared."""
    reasons = sorted({str(reason) for reason in rows["reason"]} - {""})
    return "; ".join(reasons) or "a count, which only grows with the area: see share_of"


summary = compared.groupby(["measure", "year"], observed=True)[list(ours.columns)].apply(told)
print(f"Areas of Cheshire and Merseyside beside the others that report, {FILE.name}\n")
print(summary.to_string())

refused = ours[ours["verdict"] == "not compared"]
reasons = refused.groupby(["measure", "year"], observed=True)[list(ours.columns)].apply(why_not)
years_of = reasons.reset_index(name="why").groupby(["measure", "why"], observed=True)
print("\nNot compared:")
for (measure, why), years in years_of["year"]:
    print(f"  {measure}, {years.min()} to {years.max()} ({len(years)} in all): {why}")
without = extract.problems[extract.problems["rule"] == "no count"]["rows"].sum()
print(f"  {without:,} rows of the file have no Count and Denominator: a figure alone is refused.")
print(
    "\nThe pooled areas are those that report in the year, the area itself left out: not England."
)
print(
    "Type 2 and other, except the register and foot disease. Two areas of one ICB share services,"
)
print("and many comparisons find something: read the differences before the words.")
