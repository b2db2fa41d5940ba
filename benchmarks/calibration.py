"""Calibration: how often each interval holds the truth, and each detector flags by chance alone.

Run it with ``python benchmarks/calibration.py`` from the project's root. It prints Markdown tables
and needs no data; ``--write`` writes them into ``docs/reference/calibration.md`` too. Every table
says what it should show. Coverage of counts is summed over their whole distributions where it can
be; the rest is drawn with fixed seeds, so that a second run prints the same figures.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import gammaln, xlog1py, xlogy

import phm_diabetes as phm
from phm_diabetes.metrics.binomial_intervals import clopper_pearson, wilson
from phm_diabetes.metrics.clustered import (
    clustered_proportion,
    compound_poisson_rate,
    person_clustered_rate,
)
from phm_diabetes.metrics.differences import newcombe, rate_difference
from phm_diabetes.metrics.direct import dsr
from phm_diabetes.metrics.gradient import from_scale, to_scale
from phm_diabetes.metrics.means import mean
from phm_diabetes.metrics.poisson_intervals import byar, exact_poisson, ohid_poisson
from phm_diabetes.metrics.relative_rates import proportion_ratio, rate_ratio
from phm_diabetes.metrics.shares import share
from phm_diabetes.metrics.slope import relative_index, slope_index
from phm_diabetes.outliers import (
    BelowBenchmark,
    Cusum,
    Funnel,
    PercentileBand,
    Recipe,
    RobustZ,
    Spread,
    TukeyFence,
    WorstDecile,
    XmR,
    false_discovery,
)
from phm_diabetes.outliers.heterogeneity import q_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Literal, TypeAlias

    from pandera.typing import DataFrame

    from phm_diabetes.outliers import Detector
    from phm_diabetes.schemas.estimates import Estimates

    Flagging: TypeAlias = Callable[[DataFrame[Estimates]], pd.DataFrame]

CARD = phm.Measure(
    id="copd.review",
    name="COPD review",
    numerator="People reviewed",
    denominator="People on the register",
    kind="proportion",
    unit="people",
    polarity="higher",
    source="drawn at random",
    why="Nothing differs here but by chance.",
    reviewed=date(2026, 11, 1),
)
CARDS = (CARD,)
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "calibration.md"
MARK = "<!-- written by benchmarks/calibration.py -->\n"
TRUE = 0.6
UNITS = 100
SIZES = (30, 100, 1000)
SPREADS = (0.0, 0.05, 0.1)
REPEATS = 40
DRAWS = 4000
REPETITIONS = 2000
ARCSINE = Recipe(name="additive arcsine", model="additive", scale="arcsine")
NATURAL = Recipe(name="multiplicative", model="multiplicative", scale="natural")


def binomial(n: int, p: float) -> np.ndarray:
    """Return the probabilities of 0 to n."""
    x = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return np.exp(ways + xlogy(x, p) + xlog1py(n - x, -p))


def poisson(expected: float) -> np.ndarray:
    """Return the probabilities of 0 to a count that is never reached."""
    x = np.arange(int(expected + 12 * np.sqrt(expected) + 20))
    return np.exp(xlogy(x, expected) - expected - gammaln(x + 1))


def held(bounds: Sequence[np.ndarray], truth: float, weight: np.ndarray | None = None) -> float:
    """Return the share of intervals, such as (lower, upper), that hold the truth."""
    lower, upper = bounds[-2:]
    known = ~np.isnan(lower) & ~np.isnan(upper)
    weights = np.ones(lower.shape) if weight is None else weight
    inside = (lower <= truth) & (truth <= upper)
    return float(weights[known & inside].sum() / weights[known].sum())


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a Markdown table."""
    print(f"\n## {title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in rows:
        cells = [f"{each:.3f}" if isinstance(each, float) else str(each) for each in row]
        print("| " + " | ".join(cells) + " |")


def coverage_of_one_count() -> None:
    """Print the coverage of intervals of one count, summed over its distribution."""
    shares = (0.02, 0.1, 0.5)
    rows = [
        [name, n, *(held(method(np.arange(n + 1), n), p, binomial(n, p)) for p in shares)]
        for name, method in (("Wilson", wilson), ("Clopper-Pearson", clopper_pearson))
        for n in (20, 100, 1000)
    ]
    show(
        "95% intervals of a proportion (0.95; Clopper-Pearson never less)",
        ["interval", "people", *(f"true share {p:g}" for p in shares)],
        rows,
    )
    expected = (2, 5, 10, 50)
    methods = (("Byar", byar), ("exact Poisson", exact_poisson), ("OHID Poisson", ohid_poisson))
    show(
        "95% intervals of a count of events (0.95; exact never less)",
        ["interval", *(f"{each} expected" for each in expected)],
        [
            [name, *(held(method(np.arange(len(w))), e, w) for e in expected for w in [poisson(e)])]
            for name, method in methods
        ],
    )


def coverage_of_two_counts() -> None:
    """Print the coverage of differences and ratios, summed over both distributions."""
    rows = []
    for p, q in ((0.5, 0.5), (0.1, 0.2), (0.02, 0.05)):
        weight = np.outer(binomial(60, p), binomial(100, q))
        counts = np.arange(61)[:, None], 60, np.arange(101)[None, :], 100
        gap, ratio = newcombe(*counts), proportion_ratio(*counts)
        rows.append([f"{p:g} and {q:g}", held(gap, p - q, weight), held(ratio, p / q, weight)])
    show(
        "95% intervals of two proportions, of 60 and 100 people (0.95)",
        ["true shares", "difference (Newcombe)", "ratio"],
        rows,
    )
    rows = []
    for one, other in ((5.0, 5.0), (20.0, 10.0), (3.0, 30.0)):
        first, second = poisson(one), poisson(other)
        counts = np.arange(len(first))[:, None], 1000, np.arange(len(second))[None, :], 1000
        weight = np.outer(first, second)
        gap, ratio = rate_difference(*counts, per=1), rate_ratio(*counts)
        truth = (one - other) / 1000
        rows.append(
            [f"{one:g} and {other:g}", held(gap, truth, weight), held(ratio, one / other, weight)]
        )
    show(
        "95% intervals of two rates (0.95; the exact ratio never less)",
        ["expected events", "difference", "ratio"],
        rows,
    )


def coverage_of_sums() -> None:
    """Print the coverage of intervals that rest on more than a count, by simulation."""
    chance = np.random.default_rng(1)
    rows: list[list[object]] = []
    for people in (10, 100):
        drawn = chance.lognormal(0, 0.6, (DRAWS, people))
        found = mean(drawn.sum(1), np.square(drawn).sum(1), people)
        rows.append([f"mean of {people} skewed values (t)", held(found, np.exp(0.18))])
    groups = np.array([0.5, 0.3, 0.15, 0.05])
    found = share(chance.multinomial(200, groups, DRAWS))
    every = ((found.lower <= groups) & (groups <= found.upper)).all(1)
    rows.append(["shares of 200 in 4 groups, all at once", float(every.mean())])
    for people in (200, 2000):
        each = chance.geometric(0.4, (DRAWS, people)) * chance.binomial(1, 0.2, (DRAWS, people))
        total, squares = each.sum(1), np.square(each).sum(1)
        rate = 0.2 / 0.4
        compound = compound_poisson_rate(total, squares, people, per=1)
        clustered = person_clustered_rate(total, squares, people)
        plain = ohid_poisson(total)
        rows += [
            [f"repeat events of {people} people: compound Poisson", held(compound, rate)],
            [f"repeat events of {people} people: clustered by person", held(clustered, rate)],
            [
                f"repeat events of {people} people: Poisson, as if all were independent",
                held((plain.lower / people, plain.upper / people), rate),
            ],
        ]
    visits = 1 + chance.poisson(2.0, (DRAWS, 300))
    missed = chance.binomial(visits, chance.beta(1, 4, (DRAWS, 300)))
    found = clustered_proportion(missed.sum(1), np.square(missed).sum(1), visits.sum(1))
    rows.append(["share of 300 people's visits missed, clustered", held(found, 0.2)])
    standard, expected = np.array([3000, 2500, 1500, 500]), np.array([2.0, 5.0, 8.0, 6.0])
    population = np.array([4000, 3000, 1500, 500])
    found = dsr(chance.poisson(expected, (DRAWS, 4)), population, standard, per=1)
    truth = float((standard * expected / population).sum() / standard.sum())
    rows.append(["directly standardised rate, 21 events in 4 bands", held(found, truth)])
    errors = np.array([1.0, 1.2, 0.8, 1.0, 1.5])
    line = np.linspace(70, 80, 5)
    drawn = line + errors * chance.standard_normal((DRAWS, 5))
    alike = np.full(5, 100)
    slope = slope_index(drawn, alike, errors, kind="mean", only_if_linear=False)
    relative = relative_index(drawn, alike, errors, kind="mean", only_if_linear=False)
    rows += [
        ["slope index of 5 groups' means", held(slope, 12.5)],
        ["relative index of 5 groups' means", held(relative, 81.25 / 68.75)],
    ]
    for real in (0.0, 0.02):
        variance = chance.uniform(0.01, 0.04, 30)
        values = chance.normal(0, np.sqrt(real + variance), (400, 30))
        bounds = [q_profile(each, variance) for each in values]
        ends = [np.array([getattr(each, end) for each in bounds]) for end in ("lower", "upper")]
        rows.append([f"τ² of 30 units, truly {real:g} (Q-profile)", held(ends, real)])
    rows += coverage_of_gradients()
    show("95% intervals of sums, by simulation (0.95)", ["interval", "coverage"], rows)


def coverage_of_gradients() -> list[list[object]]:
    """Return the coverage of indices whose intervals are drawn, of groups that lie on a line."""
    chance = np.random.default_rng(3)
    alike, errors = np.full(5, 100), np.full(5, 0.05)
    kinds: tuple[tuple[Literal["rate", "proportion"], np.ndarray], ...] = (
        ("rate", np.linspace(50, 70, 5)),
        ("proportion", np.linspace(0.5, 0.7, 5)),
    )
    rows: list[list[object]] = []
    for kind, line in kinds:
        noise = errors * chance.standard_normal((DRAWS, 5))
        drawn = from_scale(to_scale(line, kind) + noise, kind)
        step = line[1] - line[0]
        low, high = line[0] - step / 2, line[-1] + step / 2  # groups stand at their middles
        for name, verb, truth in (
            ("slope", slope_index, high - low),
            ("relative", relative_index, high / low),
        ):
            found = verb(
                drawn, alike, errors, kind=kind, only_if_linear=False, repetitions=REPETITIONS
            )
            rows.append([f"{name} index of 5 groups' {kind}s (drawn)", held(found, truth)])
    return rows


def drawn_table(size: int, spread: float, periods: int = 1) -> DataFrame[Estimates]:
    """Return estimates of many sets of units, alike but for chance and over-dispersion.

    Each set is a cell of a made-up dimension, so that one table is as many tables.
    """
    chance = np.random.default_rng(7)
    shape = (REPEATS, UNITS)
    true = np.clip(chance.normal(TRUE, spread, shape) if spread else np.full(shape, TRUE), 0, 1)
    sizes = chance.integers(size // 2, 3 * size // 2, shape)
    place = np.arange(REPEATS * UNITS)
    parts = []
    for year in range(periods):
        start = pd.Timestamp(2001 + year, 4, 1)
        parts.append(
            pd.DataFrame(
                {
                    "dataset": "drawn",
                    "measure": CARD.id,
                    "definition": "drawn:1",
                    "org_level": "practice",
                    "org_code": [f"Y{each:05}" for each in place % UNITS],
                    "period_start": start,
                    "period_end": start + pd.DateOffset(years=1, days=-1),
                    "numerator": chance.binomial(sizes, true).ravel(),
                    "denominator": sizes.ravel(),
                    "drawn": [f"set {each}" for each in place // UNITS],
                }
            )
        )
    counts = phm.counts_from(pd.concat(parts, ignore_index=True))
    return phm.estimate(counts, by=["drawn"], measures=CARDS)


def rate_of(flags: pd.DataFrame) -> float:
    """Return the share of the rows told that are flagged."""
    told = flags["flagged"].dropna()
    return float(told.mean()) if len(told) else float("nan")


def alarms_of_units() -> None:
    """Print how many units each detector flags when none differs, or all do a little."""

    def by_england(by: Literal["interval", "point"]) -> Flagging:
        detector = BelowBenchmark(by=by, measures=CARDS)
        return lambda table: detector(
            phm.compare(table, to="england", england="sum_of_practices", measures=CARDS)
        )

    none = Funnel(overdispersion="none", confidence=0.95, measures=CARDS)

    def funnel(**settings: object) -> Detector:
        return Funnel(**({"overdispersion": "none", "measures": CARDS} | settings))  # type: ignore[arg-type]

    detectors: dict[str, Flagging] = {
        "Funnel 95%, exact (at most 0.050)": none,
        "Funnel 95%, OHID (0.050)": funnel(confidence=0.95, method="ohid"),
        "Funnel 99.8%, exact (at most 0.002)": funnel(),
        "Funnel 99.8%, SHMI (0.002)": funnel(overdispersion="SHMI"),
        "Funnel 99.8%, CQC (0.002)": funnel(overdispersion="CQC"),
        "Funnel 99.8%, additive arcsine (0.002)": funnel(overdispersion=ARCSINE),
        "Funnel 99.8%, multiplicative (0.002)": funnel(overdispersion=NATURAL),
        "Funnel, false discoveries 5%": lambda table: false_discovery(none(table)),
        "RobustZ 3.5 (0.0005 if normal)": RobustZ(measures=CARDS),
        "TukeyFence 1.5 (0.007 if normal)": TukeyFence(measures=CARDS),
        "PercentileBand 90% (0.100 by design)": PercentileBand(measures=CARDS),
        "WorstDecile (0.100 by design)": WorstDecile(measures=CARDS),
        "BelowBenchmark by interval (0.025)": by_england("interval"),
        "BelowBenchmark by point (0.5)": by_england("point"),
    }
    tables = {(s, w): drawn_table(s, w) for w in SPREADS for s in SIZES}
    show(
        f"Share of units flagged, {REPEATS} sets of {UNITS} units whose true share is {TRUE:g} "
        f"give or take the spread",
        ["detector (what it should be at spread 0)"]
        + [f"list {s}, spread {w:g}" for s, w in ((s, w) for w in SPREADS for s in SIZES)],
        [
            [name, *(rate_of(one(each)) for each in tables.values())]
            for name, one in detectors.items()
        ],
    )


def alarms_of_series() -> None:
    """Print how often each detector of series flags when nothing changes."""
    rows = []
    for periods in (12, 24):
        for size in SIZES:
            table = drawn_table(size, 0.0, periods)
            worst = WorstDecile(persistent=3, measures=CARDS)(table)
            found: dict[str, pd.DataFrame] = {
                "XmR": XmR(measures=CARDS)(table),
                "XmR, first 12 as baseline": XmR(baseline=12, measures=CARDS)(table),
                "Cusum by chance, target known": Cusum(
                    errors="chance", target=TRUE, measures=CARDS
                )(table),
                "Cusum by moving range, target known": Cusum(
                    errors="moving_range", target=TRUE, measures=CARDS
                )(table),
                "WorstDecile, 3 in a row (0.001)": worst,
            }
            for name, flags in found.items():
                every = flags.groupby(["drawn", "org_code"], observed=True)["flagged"].any()
                rows.append([name, periods, size, rate_of(flags), float(every.mean())])
    rows.sort(key=lambda row: (str(row[0]), row[1], row[2]))
    show(
        f"Series in which nothing changes: {REPEATS * UNITS:,} of each",
        ["detector", "points", "list", "points flagged", "series with any flag"],
        rows,
    )


def alarms_of_pcns() -> None:
    """Print how often Spread flags PCNs of five practices."""
    codes = [f"Y{each:05}" for each in range(UNITS)]
    spells = pd.DataFrame(
        {
            "org_level": "practice",
            "org_code": codes,
            "parent_level": "pcn",
            "parent_code": [f"U{each // 5:05}" for each in range(UNITS)],
            "start": pd.NaT,
            "end": pd.NaT,
            "source": "drawn",
            "source_row": range(1, UNITS + 1),
        }
    )
    spread = Spread(geo=phm.Geography.from_memberships(spells), within="pcn", measures=CARDS)
    rows = [
        [size, *(rate_of(spread(drawn_table(size, wide))) for wide in SPREADS)] for size in SIZES
    ]
    show(
        f"Share of {REPEATS * UNITS // 5:,} PCNs of 5 practices that Spread flags (0.025 at 0)",
        ["list", *(f"spread {each:g}" for each in SPREADS)],
        rows,
    )


def main() -> None:
    """Print every table, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the page")
    asked = parser.parse_args()
    start = time.perf_counter()
    held_back = io.StringIO()
    with contextlib.redirect_stdout(held_back):
        for each in (
            coverage_of_one_count,
            coverage_of_two_counts,
            coverage_of_sums,
            alarms_of_units,
            alarms_of_series,
            alarms_of_pcns,
        ):
            each()
    tables = held_back.getvalue()
    print("# Calibration under no difference", tables, sep="\n")
    if asked.write:
        before, mark, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
        PAGE.write_text(before + mark + tables, encoding="utf-8")
    print(f"\nTook {time.perf_counter() - start:.0f} s.")


if __name__ == "__main__":
    main()
