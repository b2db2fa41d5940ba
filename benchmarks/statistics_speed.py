"""How fast the statistics are, beside phstatsmethods, bare NumPy and pandas, in one run.

Run ``python benchmarks/statistics_speed.py`` after ``pip install PHStatsMethods==0.1.16``; without
that package its columns are left out and the script says so. Both sides get the same figures, and
the answers must agree before anything is timed. The peer runs on the first rows of the table and
its time is scaled up, which is said beside it; ``--full`` runs it on all of them.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
import warnings
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen
from scipy.special import chdtri, ndtri

import phm_diabetes as phm
from phm_diabetes.disease_areas.qof_registers import GROUPS, register_card
from phm_diabetes.metrics.direct import dsr
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate
from phm_diabetes.metrics.reference_populations import ESP2013
from phm_diabetes.metrics.standardised import standardise
from phm_diabetes.outliers.funnel_scores import proportion_scores, sides_of_scores
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.words import stack, worded

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.intervals import Interval
    from phm_diabetes.schemas.counts import Counts

    Numbers = NDArray[Any]
    Three = tuple[Numbers, Numbers, Numbers]

ROUNDS = 7
PEER_ROUNDS = 3
BOTH = [0.95, 0.998]
Z = -ndtri((1 - np.array(BOTH)) / 2)[:, np.newaxis]
SHARES = [register_card(group) for group in list(GROUPS)[:20]]
RATES = [
    phm.Measure(
        id=f"planted.rate{number}", name="Events", numerator="Events", denominator="People",
        kind="rate", unit="people", polarity="lower", per=100_000, source="planted",
        why="To be timed.", reviewed=SHARES[0].reviewed,
    )
    for number in range(20)
]  # fmt: skip
KEYS = ["dataset", "measure", "definition", "org_level", "org_code", "period_start", "period_end",
        "basis"]  # fmt: skip
SUMS = ["numerator", "denominator"]
WORDS = {-1: "Low", 0: "Not", 1: "High"}


@frozen(kw_only=True)
class Case:
    """One row of the report: what is timed, on how many rows, and against what."""

    name: str
    rows: int
    array: Callable[[], Any]
    bare: Callable[[], Any]
    verb: Callable[[], Any] | None = None
    counts: Any = None
    by_hand: Callable[[], Any] | None = None
    peer: Callable[[Any, int], pd.DataFrame]
    agrees: Callable[[pd.DataFrame, int], None]
    peer_rows: int


def seconds(*works: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """Return the median time of each, taken in turn so that a busy moment hits them alike."""
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for held, work in zip(spent, works, strict=True):
            start = time.perf_counter()
            work()
            held.append(time.perf_counter() - start)
    return [median(held) for held in spent]


def quietly(work: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return what the peer makes, without what it prints."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return work()


def counts_of(
    cards: list[phm.Measure], numerator: Numbers, denominator: Numbers, **cells: object
) -> DataFrame[Counts]:
    """Return a Counts table: measure by measure, as many organisations as fill it."""
    rows = np.arange(len(numerator))
    each = len(numerator) // len(cards)
    codes = [f"Y{number:05}" for number in range(each)]
    return phm.counts_from(
        pd.DataFrame(
            {
                "dataset": "planted",
                "measure": worded(rows // each, [card.id for card in cards]),
                "definition": "planted:1",
                "org_level": "practice",
                "org_code": worded(rows % each, codes),
                "period_start": pd.Timestamp("2022-04-01"),
                "period_end": pd.Timestamp("2023-03-31"),
                "numerator": numerator,
                "denominator": denominator,
                **cells,
            }
        )
    )


def close(ours: Three, theirs: pd.DataFrame, rows: int, *, both: bool) -> None:
    """Refuse to time what does not agree."""
    value, lower, upper = ours
    np.testing.assert_allclose(value[:rows], theirs["Value"], rtol=1e-9)
    for spot, ends in enumerate(("95", "99_8") if both else ("95",)):
        for bounds, end in ((lower, "lower"), (upper, "upper")):
            name = f"{end}_{ends}_ci" if both else f"{end}_ci"
            found = theirs[name if name in theirs else f"{end}_{ends}_ci"]
            np.testing.assert_allclose(np.atleast_2d(bounds)[spot, :rows], found, rtol=1e-9)


def wilson_in_numpy(x: Numbers, n: Numbers) -> Three:
    """Return Wilson's interval as a textbook writes it."""
    p, z2 = x / n, Z * Z
    half = Z * np.sqrt(z2 + 4 * x * (1 - p))
    return p, (2 * x + z2 - half) / (2 * (n + z2)), (2 * x + z2 + half) / (2 * (n + z2))


def byar(x: Numbers, z: Numbers) -> tuple[Numbers, Numbers]:
    """Return Byar's interval of a count as a textbook writes it."""
    y = x + 1
    lower = x * (1 - 1 / (9 * x) - z / (3 * np.sqrt(x))) ** 3
    return lower, y * (1 - 1 / (9 * y) + z / (3 * np.sqrt(y))) ** 3


def rates_in_numpy(x: Numbers, n: Numbers) -> Three:
    """Return rates with the exact interval under 10 events, Byar's from 10, written plainly."""
    lower, upper = byar(x, Z)
    few = np.flatnonzero(x < 10)  # noqa: PLR2004 - the rule's own number
    tail = (1 - np.array(BOTH)[:, np.newaxis]) / 2
    lower[:, few] = chdtri(2 * x[few], 1 - tail) / 2
    upper[:, few] = chdtri(2 * x[few] + 2, tail) / 2
    return x / n * 1e5, lower / n * 1e5, upper / n * 1e5


def dsr_in_numpy(x: Numbers, n: Numbers, weight: Numbers) -> Three:
    """Return Dobson's interval with Byar's of the total, written plainly."""
    each, total = weight / weight.sum() / n, x.sum(axis=1)
    value, variance = (x * each).sum(axis=1), (x * each * each).sum(axis=1)
    lower, upper = byar(total, Z[0, 0])
    stretch = np.sqrt(variance / total)
    return value, value + stretch * (lower - total), value + stretch * (upper - total)


def by_hand(
    counts: DataFrame[Counts], keys: list[str], array: Callable[[], object]
) -> Callable[[], None]:
    """Return a groupby-sum on the same keys, and the array function after it."""

    def work() -> None:
        counts.groupby(keys, observed=True, sort=False)[SUMS].sum()
        array()

    return work


def proportions(random: np.random.Generator) -> list[Case]:
    """7,000 practices by 20 measures at two confidences, whole, and by sex to be summed."""
    n = random.integers(20, 5000, 140_000)
    x = random.binomial(n, 0.4)
    counts = counts_of(SHARES, x, n)
    women_x, women_n = x // 2, n // 2
    split = stack(
        [counts_of(SHARES, women_x, women_n, sex="female"),
         counts_of(SHARES, x - women_x, n - women_n, sex="male")]
    )  # fmt: skip
    frame = pd.DataFrame({"area": np.arange(len(x)), "x": x, "n": n})
    halves = pd.DataFrame(
        {"area": np.tile(np.arange(len(x)), 2), "x": np.concatenate([women_x, x - women_x]),
         "n": np.concatenate([women_n, n - women_n])}
    )  # fmt: skip

    def array() -> Interval:
        return proportion(x, n, confidence=BOTH)

    def agrees(theirs: pd.DataFrame, rows: int) -> None:
        close(array(), theirs, rows, both=True)

    options: dict[str, Any] = {"measures": SHARES, "confidence": BOTH}
    return [
        Case(
            name="proportions x 2 confidences", rows=len(x), array=array,
            bare=lambda: wilson_in_numpy(x, n), verb=lambda: phm.estimate(counts, **options),
            by_hand=by_hand(counts, KEYS, array),
            counts=counts, agrees=agrees, peer_rows=14_000,
            peer=lambda peer, rows: peer.ph_proportion(frame[:rows], "x", "n", confidence=BOTH),
        ),
        Case(
            name="the same, summed over sex", rows=len(x), array=array,
            bare=lambda: wilson_in_numpy(x, n), verb=lambda: phm.estimate(split, **options),
            by_hand=by_hand(split, KEYS, array),
            counts=split, agrees=agrees, peer_rows=14_000,
            peer=lambda peer, rows: peer.ph_proportion(
                halves[halves["area"] < rows].reset_index(drop=True), "x", "n", "area",
                confidence=BOTH,
            ),
        ),
    ]  # fmt: skip


def rates(random: np.random.Generator) -> list[Case]:
    """7,000 practices by 20 measures, some under 10 events; none at 0, which the peer refuses."""
    n = random.integers(500, 20_000, 140_000)
    x = np.maximum(random.poisson(n * 0.005), 1)
    counts = counts_of(RATES, x, n)
    frame = pd.DataFrame({"x": x, "n": n})

    def array() -> Interval:
        return crude_rate(x, n, per=100_000, confidence=BOTH)

    return [
        Case(
            name="rates x 2 confidences", rows=len(x), array=array,
            bare=lambda: rates_in_numpy(x, n),
            verb=lambda: phm.estimate(counts, measures=RATES, confidence=BOTH),
            by_hand=by_hand(counts, KEYS, array),
            counts=counts, peer_rows=5000,
            peer=lambda peer, rows: peer.ph_rate(frame[:rows], "x", "n", confidence=BOTH),
            agrees=lambda theirs, rows: close(array(), theirs, rows, both=True),
        )
    ]  # fmt: skip


def standardised(random: np.random.Generator, groups: int) -> list[Case]:
    """Direct rates of many groups in 19 bands, whose rows lie band by band, or in no order."""
    bands = list(ESP2013.bands)
    n = random.integers(200, 3000, (groups, len(bands)))
    x = random.poisson(n * 0.01)
    weight = ESP2013.people_in(bands)
    counts = stack(
        [counts_of(RATES, x[:, spot], n[:, spot], age_band=band) for spot, band in enumerate(bands)]
    )
    frame = pd.DataFrame(
        {"area": np.repeat(np.arange(groups), len(bands)), "x": x.ravel(), "n": n.ravel(),
         "weight": np.tile(weight, groups)}
    )  # fmt: skip

    def array() -> Interval:
        return dsr(x, n, weight)

    shuffled = counts.sample(frac=1, random_state=1).reset_index(drop=True)

    def case(name: str, table: DataFrame[Counts]) -> Case:
        return Case(
            name=name, rows=groups, array=array,
            bare=lambda: dsr_in_numpy(x, n, weight),
            verb=lambda: standardise(table, measures=RATES),
            by_hand=by_hand(table, KEYS, array),
            counts=table, peer_rows=1000,
            peer=lambda peer, rows: peer.ph_dsr(
                frame[: rows * len(bands)], "x", "n", "weight", "area", euro_standard_pops=False
            ),
            agrees=lambda theirs, rows: close(array(), theirs, rows, both=False),
        )  # fmt: skip

    return [
        case(f"DSR of {groups:,} groups x 19 bands", counts),
        case("the same, rows in no order", shuffled),
    ]


def funnels(random: np.random.Generator) -> list[Case]:
    """Return on which side of a funnel's limits 7,000 units lie."""
    n = random.integers(20, 5000, 7000)
    x = random.binomial(n, random.beta(40, 60, 7000))
    centre = x.sum() / n.sum()
    frame = pd.DataFrame({"x": x, "n": n})

    def array() -> NDArray[np.int8]:
        return sides_of_scores(proportion_scores(x, n, centre=centre), confidence=BOTH)

    def bare() -> NDArray[np.int8]:
        half = Z * np.sqrt(centre * (1 - centre) / n)
        above, below = x / n > centre + half, x / n < centre - half
        side: NDArray[np.int8] = above.astype(np.int8) - below.astype(np.int8)
        return side

    def agrees(theirs: pd.DataFrame, rows: int) -> None:
        outer = theirs["significance"].str.contains("0.001", regex=False)
        words = theirs["significance"].str.split(" ").str[0]
        for sides, wanted in zip(array(), (words, words.where(outer, "Not")), strict=True):
            np.testing.assert_array_equal([WORDS[int(side)] for side in sides[:rows]], wanted)

    return [
        Case(
            name="funnel significance of 7,000", rows=len(x), array=array, bare=bare,
            peer_rows=len(x), agrees=agrees,
            peer=lambda peer, _: peer.assign_funnel_significance(
                frame.copy(), "x", "proportion", "n"
            ),
        )
    ]  # fmt: skip


def report(case: Case, peer: ModuleType | None, *, full: bool) -> None:
    """Time one case and print it."""
    rows = case.rows if full else min(case.peer_rows, case.rows)
    beside, array_faster, verb_faster = "", float("nan"), float("nan")
    if peer is not None:

        def theirs() -> pd.DataFrame:
            return quietly(lambda: case.peer(peer, rows))

        case.agrees(theirs(), rows)
        verb_or_array = case.verb or case.array
        times = 1 if rows == case.rows else PEER_ROUNDS  # a whole table is long enough for once
        spent, own, verb = seconds(theirs, case.array, verb_or_array, rounds=times)
        scaled = spent * case.rows / rows
        array_faster, verb_faster = scaled / own, scaled / verb
        beside = f"   phstatsmethods {spent:.2f} s for {rows:,}: {scaled:.1f} s"
        beside += " (scaled)" if rows < case.rows else ""
    print(f"{case.name}{beside}")
    array, bare = seconds(case.array, case.bare)
    print(
        f"  array {array * 1e3:8.2f} ms   {array / bare:5.2f}x bare NumPy (aim 3)"
        f"   {array_faster:8,.0f}x faster (aim 500)"
    )
    if case.verb and case.by_hand:
        verb, hand, door = seconds(case.verb, case.by_hand, lambda: as_counts(case.counts))
        print(
            f"  verb  {verb * 1e3:8.2f} ms   {verb / hand:5.2f}x by hand    (aim 2)"
            f"   {verb_faster:8,.0f}x faster (aim 100)   of it the check at the door"
            f" {door * 1e3:.0f} ms"
        )


def main() -> None:
    """Run every case and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="run the peer on the whole table")
    full = parser.parse_args().full
    try:
        peer = import_module("PHStatsMethods")
    except ImportError:
        peer = None
        print("PHStatsMethods is not installed: no comparison with it. pip install PHStatsMethods")
    print(f"pandas {pd.__version__}, numpy {np.__version__}, medians of {ROUNDS} rounds")
    random = np.random.default_rng(1)
    for case in (*proportions(random), *rates(random), *funnels(random)):
        report(case, peer, full=full)
    for case in standardised(random, 100_000):
        report(case, peer, full=full)


if __name__ == "__main__":
    main()
