"""How far our statistics lie from the published tools' results: the worst of each golden test.

Run ``python benchmarks/agreement.py``. It runs ``tests/golden`` against ``../shared/oracles`` and
notes, beside every comparison of numbers that those tests make, how large the worst difference
was, as a bound by decade; a test without numbers compares words or flags, and they are the same.
``--write`` writes the bounds into ``docs/reference/agreement.md``. ``--check`` fails where a
difference lies more than a decade over that page's bound, a row or a number is missing, or a test
does not pass.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
PAGE = ROOT / "docs" / "reference" / "agreement.md"
BOUND = re.compile(r"below 1e(-?\d+)")
MARK = "<!-- written by benchmarks/agreement.py -->\n"
# Last digits move with the builds of NumPy, SciPy and pandas: no bound is closer than this, and one
# is passed only by more than a decade. The oldest SciPy that is allowed inverts tails to 3e-11.
CLOSEST = -11
SLACK = 1


class Recorder:
    """Notes the worst difference of every array comparison that a test makes."""

    def __init__(self) -> None:
        self.test = ""
        self.worst: dict[str, float] = defaultdict(float)
        self.forgiven: dict[str, float] = defaultdict(float)
        self.compared: dict[str, int] = defaultdict(int)
        self.outcome: dict[str, str] = {}
        self.pages: dict[str, tuple[str, ...]] = {}
        self._allclose: Callable[..., None] = np.testing.assert_allclose
        self._equal: Callable[..., None] = np.testing.assert_array_equal

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Remember which pages of the methods a test says that it checks."""
        mark = item.get_closest_marker("method")
        self.pages[_short(item.nodeid)] = mark.args if mark else ()

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Remember which test is running."""
        self.test = _short(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember how the test ended."""
        if report.when == "call" or report.skipped:
            self.outcome[_short(report.nodeid)] = report.outcome

    def allclose(self, actual: ArrayLike, desired: ArrayLike, **options: float) -> None:
        """Compare as NumPy does, and note by how much the two differ."""
        ours, theirs = np.broadcast_arrays(
            np.asarray(actual, dtype=np.float64), np.asarray(desired, dtype=np.float64)
        )
        known = np.isfinite(ours) & np.isfinite(theirs)
        away = np.abs(ours[known] - theirs[known])
        size = np.where(theirs[known] == 0, 1.0, np.abs(theirs[known]))
        # Near zero a difference is forgiven as an absolute one, and is no relative one.
        near = options.get("atol", 0.0)
        forgiven = away <= near
        self._note(self.worst, np.where(forgiven, 0.0, away / size))
        if near:
            self._note(self.forgiven, np.where(forgiven, away, 0.0))
        self.compared[self.test] += int(known.sum())
        self._allclose(actual, desired, **options)

    def equal(self, actual: ArrayLike, desired: ArrayLike) -> None:
        """Compare as NumPy does, and note how many numbers were compared."""
        self.compared[self.test] += int(np.asarray(actual).size)
        self._equal(actual, desired)

    def lines(self) -> list[str]:
        """Return a Markdown table, a row a test; its cases are taken together."""
        heads = ("golden test", "method", "numbers", "relative", "absolute, forgiven", "")
        rows = [heads, ("---",) * len(heads)]
        cases: dict[str, list[str]] = defaultdict(list)
        for test in sorted(self.outcome):
            cases[test.partition("[")[0]].append(test)
        for name, tests in cases.items():
            worst, forgiven = (
                bound(max(known[test] for test in tests)) if tests[0] in known else ""
                for known in (self.worst, self.forgiven)
            )
            compared = sum(self.compared[test] for test in tests)
            ends = ", ".join(sorted({self.outcome[test] for test in tests}))
            module, _, sentence = name.removeprefix("test_").partition("::test_")
            words = f"{module}: {sentence}".replace("_", " ")
            pages = ", ".join(f"[{page}](../methods/{page}.md)" for page in self.pages[tests[0]])
            numbers = f"{compared:,}" if compared else ""
            rows.append((words, pages, numbers, worst, forgiven, ends))
        return [f"| {' | '.join(cells)} |" for cells in rows]

    def _note(self, known: dict[str, float], away: FloatArray) -> None:
        known[self.test] = max(known[self.test], float(away.max(initial=0.0)))


def _short(nodeid: str) -> str:
    """Name a test by its file and its sentence."""
    path, _, name = nodeid.partition("::")
    return f"{Path(path).stem}::{name}"


def bound(worst: float) -> str:
    """Say below which power of ten a difference lies."""
    decade = CLOSEST if worst == 0 else max(CLOSEST, math.floor(math.log10(worst)) + 1)
    return f"below 1e{decade:d}"


def stale(published: list[str], found: list[str]) -> list[str]:
    """Return the rows that a page lacks, has too many, or that lie further off than it says."""
    said, now = ({_named(row): row for row in rows} for rows in (published, found))
    gone = [row for name, row in said.items() if name not in now]
    return gone + [row for name, row in now.items() if not _as_published(said.get(name), row)]


def _rows(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith("| ")]


def _named(row: str) -> str:
    return row.partition(" | ")[0]


def _as_published(said: str | None, row: str) -> bool:
    if said is None:
        return False
    old, new = ([int(decade) for decade in BOUND.findall(cells)] for cells in (said, row))
    return BOUND.sub("bound", said) == BOUND.sub("bound", row) and all(
        now <= then + SLACK for then, now in zip(old, new, strict=True)
    )


def main() -> int:
    """Run the golden tests and print, write or check what they compared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the page")
    parser.add_argument("--check", action="store_true", help="fail where the page is stale")
    asked = parser.parse_args()
    if not (ROOT.parent / "shared" / "oracles").is_dir():
        print("No agreement to measure: ../shared/oracles is not here.")
        return 0
    recorder = Recorder()
    given = [str(GOLDEN), "-q", "-p", "no:cacheprovider", "--no-header", "--tb=short"]
    with (
        mock.patch.object(np.testing, "assert_allclose", recorder.allclose),
        mock.patch.object(np.testing, "assert_array_equal", recorder.equal),
    ):
        code = pytest.main([*given, f"--rootdir={ROOT}"], plugins=[recorder])
    lines = recorder.lines()
    print(*lines, sep="\n")
    before, mark, published = PAGE.read_text(encoding="utf-8").partition(MARK)
    if asked.write:
        PAGE.write_text(before + mark + "\n".join(["", *lines, ""]), encoding="utf-8")
    if asked.check and (away := stale(_rows(published), lines)):
        print("Stale rows of docs/reference/agreement.md; run with --write:", *away, sep="\n")
        return 1
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
