"""The whole England run against the same sums written by hand with pandas, in one process.

Run it with ``python benchmarks/england.py`` from the project's root; it needs ``../shared``.
By hand: ``read_csv`` of the two files and one ``groupby`` a level, nothing checked.
Ours: load both files, roll up to every level, estimate, compare with England. Imports are left out.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

import phm_diabetes as phm

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "qof" / "raw_2022-23"
REGISTERS = FOLDER / "PREVALENCE_2223.csv"
MAPPING = FOLDER / "MAPPING_NHS_GEOGRAPHIES_2223.csv"
LEVELS = {
    "pcn": "PCN_ODS_CODE",
    "sub_icb": "SUB_ICB_ODS_CODE",
    "icb": "ICB_ODS_CODE",
    "region": "REGION_ODS_CODE",
    "england": "NAT_ONS_CODE",
}
Made = TypeVar("Made")
ROUNDS = 9
IMPORT_ROUNDS = 5


def by_hand() -> int:
    """Read and sum, and check nothing."""
    registers, mapping = pd.read_csv(REGISTERS), pd.read_csv(MAPPING)
    joined = registers.merge(mapping, on="PRACTICE_CODE")
    total = 0
    for column in LEVELS.values():
        sums = joined.groupby([column, "GROUP_CODE"])[["REGISTER", "PRACTICE_LIST_SIZE"]].sum()
        total = int(sums["REGISTER"].sum())
    return total


def ours(timings: dict[str, list[float]]) -> int:
    """Load, roll up, estimate and compare; note what each step takes."""

    def step(name: str, work: Callable[[], Made]) -> Made:
        start = time.perf_counter()
        made = work()
        timings.setdefault(name, []).append(time.perf_counter() - start)
        return made

    counts = step("load registers", lambda: phm.load(REGISTERS, adapter="england.qof_prevalence"))
    mapping = step("load geography", lambda: phm.load(MAPPING, adapter="england.qof_geography"))
    geo = step("build geography", lambda: phm.Geography.from_memberships(mapping))
    practices = counts.table
    levels = step(
        "roll up to 5 levels", lambda: geo.roll_up(practices, to=list(LEVELS), as_at="period_end")
    )
    everyone = phm.stack([practices, levels])
    estimates = step("estimate", lambda: phm.estimate(everyone))
    step(
        "compare",
        lambda: phm.compare(estimates, to="england", geo=geo, england="sum_of_practices"),
    )
    return int(levels.loc[levels["org_level"] == "england", "numerator"].sum())


def import_seconds(statement: str) -> float:
    """Return the median time of a fresh interpreter that runs one statement [seconds]."""
    spent = []
    for _ in range(IMPORT_ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)  # noqa: S603 - our own words
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def main() -> None:
    """Run both in turn and print medians, the ratio, and where the time goes."""
    if not REGISTERS.exists():
        print(f"skipped: {REGISTERS.name} is not at ../shared/data")
        return
    timings: dict[str, list[float]] = {}
    if by_hand() != ours(timings):
        sys.exit("The two do not agree, so there is nothing to time.")
    timings.clear()
    hand, own = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        by_hand()
        hand.append(time.perf_counter() - start)
        start = time.perf_counter()
        ours(timings)
        own.append(time.perf_counter() - start)
    ratios = [mine / theirs for mine, theirs in zip(own, hand, strict=True)]
    print(f"pandas {pd.__version__}, {ROUNDS} paired rounds, medians")
    print(f"by hand, nothing checked   {statistics.median(hand):7.3f} s")
    print(f"phm_diabetes               {statistics.median(own):7.3f} s")
    print(f"ratio, pair by pair        {statistics.median(ratios):7.2f}   (aim: at most 5)")
    for name, spent in timings.items():
        print(f"  {name:<24} {statistics.median(spent):7.3f} s")
    pandas, library = import_seconds("import pandas"), import_seconds("import pandas, phm_diabetes")
    nothing = import_seconds("pass")
    print(f"import pandas              {pandas - nothing:7.3f} s")
    print(f"import phm_diabetes, added {library - pandas:7.3f} s")


if __name__ == "__main__":
    main()
