"""What a user's type checker refuses: a table of the wrong stage never reaches a verb unnoticed.

A case is a file in `cases/`. A line that mypy must refuse ends in `# expect: error-code`; every
other line must pass.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = sorted((Path(__file__).parent / "cases").glob("*.py"))
EXPECTED = re.compile(r"# expect: (?P<codes>[a-z-]+(?:, [a-z-]+)*)$")
REPORTED = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]$")


@pytest.fixture(scope="module")
def reported() -> dict[str, set[tuple[int, str]]]:
    """Run mypy once over every case; return line and code of its errors, by file name."""
    pytest.importorskip("mypy", reason="mypy is not installed")
    cache = ROOT / ".mypy_cache" / "cases"  # apart: the project's own run has other settings
    run = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--no-pretty", "--hide-error-context"),
            *("--follow-imports=silent", "--cache-dir", str(cache), *map(str, CASES)),
        ],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
    )
    assert run.returncode in {0, 1}, run.stdout + run.stderr
    found: dict[str, set[tuple[int, str]]] = {case.name: set() for case in CASES}
    for error in filter(None, map(REPORTED.fullmatch, run.stdout.splitlines())):
        found[Path(error["file"]).name].add((int(error["line"]), error["code"]))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_mypy_refuses_the_marked_lines_and_no_other(case, reported):
    lines = enumerate(case.read_text(encoding="utf-8").splitlines(), start=1)
    marked = [(number, EXPECTED.search(line)) for number, line in lines]
    expected = {
        (number, code) for number, hit in marked if hit for code in hit["codes"].split(", ")
    }
    assert reported[case.name] == expected
