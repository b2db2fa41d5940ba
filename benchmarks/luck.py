"""How long it takes to say what luck alone would find: 43 practices, 6 PCNs, 4 measures.

Run ``python benchmarks/luck.py``. The rule is that of the review: low on three checks in PCNs low
on them, low on the targets in PCNs low on these, and both; 2,000 simulations under two nulls and
at both ends of the correlation, each number found being checked against the drills first.
"""

from __future__ import annotations

import time
from datetime import date
from statistics import median

import numpy as np
import pandas as pd

import phm_diabetes as phm
from phm_diabetes.outliers.drawn_rules import DrawnRules

ROUNDS = 5
ENGLAND = {"planted.a": 0.93, "planted.b": 0.95, "planted.c": 0.92, "planted.d": 0.36}
PERIOD = {"period_start": "2022-04-01", "period_end": "2023-03-31"}


def cards() -> list[phm.Measure]:
    """Return the four cards."""
    return [
        phm.Measure(
            id=name, name=name, numerator="People seen", denominator="People due",
            kind="proportion", unit="people", polarity="higher", source="planted",
            why="To be timed.", reviewed=date(2026, 11, 1),
        )
        for name in ENGLAND
    ]  # fmt: skip


def main() -> None:
    """Time the simulation, and print it."""
    random = np.random.default_rng(0)
    codes = [f"Y{number:05}" for number in range(1, 44)]
    sizes = np.maximum(60, np.rint(np.exp(random.normal(np.log(403), 0.5, 43)))).astype(int)
    about = {"dataset": "planted", "definition": "planted:1", **PERIOD}
    rows = [
        {**about, "measure": name, "org_level": "practice", "org_code": code,
         "numerator": int(random.binomial(size, share)), "denominator": int(size)}
        for name, share in ENGLAND.items()
        for code, size in zip(codes, sizes, strict=True)
    ] + [
        {**about, "measure": name, "org_level": "england", "org_code": "E92000001",
         "numerator": int(share * 1_000_000), "denominator": 1_000_000}
        for name, share in ENGLAND.items()
    ]  # fmt: skip
    spells = phm.Geography.from_memberships(
        memberships_of({code: f"U{number % 6}" for number, code in enumerate(codes)})
    )
    counts = phm.counts_from(rows)
    a, b, c, d = cards()
    care, targets = (
        phm.drill(counts, geo=spells, measures=some, rule="all", below="point")
        for some in ([a, b, c], [d])
    )
    both = care & targets
    rules = DrawnRules.of(both)
    found = [int(own.sum()) for own in rules.named(rules.observed).values()]
    assert found == [len(care.found), len(targets.found), len(both.found)]  # noqa: S101 - checked
    spent = []
    luck = phm.expected_by_luck(both, simulations=2000)
    for _ in range(ROUNDS):
        start = time.perf_counter()
        phm.expected_by_luck(both, simulations=2000)
        spent.append(time.perf_counter() - start)
    runs = len(luck.table.drop_duplicates(["null", "measures"]))
    print(f"2,000 simulations x {runs} (nulls and correlations): {median(spent):.2f} s (aim 2)")
    print(luck)


def memberships_of(pcns: dict[str, str]) -> pd.DataFrame:
    """Return a Memberships table of practices in PCNs."""
    return pd.DataFrame(
        {
            "org_level": "practice", "org_code": list(pcns), "parent_level": "pcn",
            "parent_code": list(pcns.values()), "start": pd.NaT, "end": pd.NaT,
            "source": "planted", "source_row": range(1, len(pcns) + 1),
        }
    )  # fmt: skip


if __name__ == "__main__":
    main()
