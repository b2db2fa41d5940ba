"""How far our statistics lie from the published tools' results: the worst of each golden test.

Run ``python benchmarks/agreement.py``. It runs ``tests/golden`` against ``../shared/oracles`` and
notes, beside every comparison of numbers that those tests make, how large the worst difference
was; a test without numbers compares words or flags, and they are the same. The figures in
``docs/methods/index.md`` are taken from its output. ``--write`` writes them into
``docs/reference/agreement.md``, and ``--check`` fails where that page no longer says the same.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
PAGE = ROOT / "docs" / "reference" / "agreement.md"
MARK = "<!-- written by benchmarks/agreement.py -->\n"
SLACK = 10  # another processor's last digits


class Recorder:
    """Notes the worst difference of every array comparison that a test makes."""

    def __init__(self) -> None:
        self.test = ""
        self.worst: dict[str, float] = defaultdict(float)
        self.forgiven: dict[str, float] = defaultdict(float)
        self.compared: dict[str, int] = defaultdict(int)
        self.outcome: dict[str, str] = {}
        self._allclose = np.testing.assert_allclose
        self._equal = np.testing.assert_array_equal

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
        forgiven = away <= options.get("atol", 0.0)
        self._note(self.worst, np.where(forgiven, 0.0, away / size))
        self._note(self.forgiven, np.where(forgiven, away, 0.0))
        self.compared[self.test] += int(known.sum())
        self._allclose(actual, desired, **options)

    def equal(self, actual: ArrayLike, desired: ArrayLike) -> None:
        """Compare as NumPy does, and note how many numbers were compared."""
        self.compared[self.test] += int(np.asarray(actual).size)
        self._equal(actual, desired)

    def lines(self) -> list[str]:
        """Return a Markdown table, a row a test; its cases are taken together."""
        heads = ("golden test", "numbers", "relative", "absolute, forgiven", "")
        rows = [heads, ("---",) * len(heads)]
        cases: dict[str, list[str]] = defaultdict(list)
        for test in sorted(self.outcome):
            cases[test.partition("[")[0]].append(test)
        for name, tests in cases.items():
            worst, forgiven = (
                f"{max(known[test] for test in tests):.0e}" if tests[0] in known else ""
                for known in (self.worst, self.forgiven)
            )
            compared = sum(self.compared[test] for test in tests)
            ends = ", ".join(sorted({self.outcome[test] for test in tests}))
            module, _, sentence = name.removeprefix("test_").partition("::test_")
            words = f"{module}: {sentence}".replace("_", " ")
            rows.append((words, f"{compared:,}" if compared else "", worst, forgiven, ends))
        return [f"| {' | '.join(cells)} |" for cells in rows]

    def _note(self, known: dict[str, float], away: FloatArray) -> None:
        known[self.test] = max(known[self.test], float(away.max(initial=0.0)))


def _short(nodeid: str) -> str:
    """Name a test by its file and its sentence."""
    path, _, name = nodeid.partition("::")
    return f"{Path(path).stem}::{name}"


def stale(published: list[str], found: list[str]) -> list[str]:
    """Return the rows that a page lacks, or that lie further off than it says."""
    known = {row.split(" | ")[0]: row for row in published if row.startswith("| ")}
    return [row for row in found if not _as_published(known.get(row.split(" | ")[0]), row)]


def _as_published(said: str | None, row: str) -> bool:
    if said is None:
        return False
    numbers = re.compile(r"\d+e[+-]\d+")
    old, new = ([float(each) for each in numbers.findall(cells)] for cells in (said, row))
    return numbers.sub("", said) == numbers.sub("", row) and all(
        now <= SLACK * max(then, np.finfo(float).eps) for then, now in zip(old, new, strict=True)
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
    np.testing.assert_allclose = recorder.allclose
    np.testing.assert_array_equal = recorder.equal
    given = [str(GOLDEN), "-q", "-p", "no:cacheprovider", "--no-header", "--tb=short"]
    code = pytest.main([*given, f"--rootdir={ROOT}"], plugins=[recorder])
    lines = recorder.lines()
    print(*lines, sep="\n")
    before, mark, published = PAGE.read_text(encoding="utf-8").partition(MARK)
    if asked.write:
        PAGE.write_text(before + mark + "\n".join(["", *lines, ""]), encoding="utf-8")
    if asked.check and (away := stale(published.splitlines(), lines)):
        print("Stale rows of docs/reference/agreement.md; run with --write:", *away, sep="\n")
        return 1
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
