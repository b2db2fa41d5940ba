"""How far our statistics lie from the published tools' results: the worst of each golden test.

Run ``python benchmarks/agreement.py``. It runs ``tests/golden`` against ``../shared/oracles`` and
notes, beside every comparison of numbers that those tests make, how large the worst difference
was; a test without numbers compares words or flags, and they are the same. The figures in
``docs/methods/index.md`` are taken from its output.
"""

from __future__ import annotations

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
        """Return a Markdown table, a row a test."""
        heads = ("golden test", "numbers", "relative", "absolute, forgiven", "")
        rows = [heads, ("---",) * len(heads)]
        for test in sorted(self.outcome):
            worst, forgiven = (
                f"{known[test]:.0e}" if test in known else ""
                for known in (self.worst, self.forgiven)
            )
            rows.append((test, f"{self.compared[test]:,}", worst, forgiven, self.outcome[test]))
        return [f"| {' | '.join(cells)} |" for cells in rows]

    def _note(self, known: dict[str, float], away: FloatArray) -> None:
        known[self.test] = max(known[self.test], float(away.max(initial=0.0)))


def _short(nodeid: str) -> str:
    """Name a test by its file and its sentence."""
    path, _, name = nodeid.partition("::")
    return f"{Path(path).stem}::{name}"


def main() -> int:
    """Run the golden tests and print what they compared."""
    if not (ROOT.parent / "shared" / "oracles").is_dir():
        print("No agreement to measure: ../shared/oracles is not here.")
        return 0
    recorder = Recorder()
    np.testing.assert_allclose = recorder.allclose
    np.testing.assert_array_equal = recorder.equal
    given = [str(GOLDEN), "-q", "-p", "no:cacheprovider", "--no-header", "--tb=short"]
    code = pytest.main([*given, f"--rootdir={ROOT}"], plugins=[recorder])
    print(*recorder.lines(), sep="\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
