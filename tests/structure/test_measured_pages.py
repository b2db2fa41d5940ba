"""Pages that commands write still say what the commands find."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "reference"
ORACLES = ROOT.parent / "shared" / "oracles"


def script(name):
    """Return one of the benchmarks as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(text):
    return [line for line in text.splitlines() if line.startswith("| ")]


def test_every_golden_test_has_its_row_on_the_page_of_agreement():
    page = (PAGES / "agreement.md").read_text(encoding="utf-8")
    said = {row.split(" | ")[0].removeprefix("| ") for row in rows(page)} - {"golden test", "---"}
    written = set()
    for path in (ROOT / "tests" / "golden").glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = f"{path.stem.removeprefix('test_')}: {node.name.removeprefix('test_')}"
                written.add(words.replace("_", " "))
    assert said == written


def test_a_page_of_agreement_is_stale_by_more_than_a_decade_a_count_an_outcome_or_a_row():
    stale = script("agreement").stale
    page = ["| a | 10 | below 1e-12 |  | passed |"]
    assert stale(page, ["| a | 10 | below 1e-12 |  | passed |"]) == []
    assert stale(page, ["| a | 10 | below 1e-11 |  | passed |"]) == []
    for row in (
        "| a | 10 | below 1e-10 |  | passed |",
        "| a | 10 | below 1e-12 | below 1e-12 | passed |",
        "| a | 9 | below 1e-12 |  | passed |",
        "| a | 10 | below 1e-12 |  | failed |",
    ):
        assert stale(page, [row]) == [row]
    assert stale(page, []) == page
    assert stale([], page) == page


def test_a_bound_is_the_next_power_of_ten_and_never_so_close_that_a_build_could_pass_it():
    bound = script("agreement").bound
    given = (0.0, 8e-16, 1e-13, 1e-12, 2e-7, 0.02)
    told = ["below 1e-12", "below 1e-12", "below 1e-12", "below 1e-11", "below 1e-6", "below 1e-1"]
    assert [bound(worst) for worst in given] == told


@pytest.mark.slow
@pytest.mark.skipif(not ORACLES.is_dir(), reason="../shared/oracles is not here")
def test_the_page_of_agreement_holds_what_the_golden_tests_find():
    command = [sys.executable, str(ROOT / "benchmarks" / "agreement.py"), "--check"]
    found = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert found.returncode == 0, found.stdout[-3000:]


def test_the_page_of_calibration_holds_the_coverage_that_its_command_sums():
    page = rows((PAGES / "calibration.md").read_text(encoding="utf-8"))
    calibration, printed = script("calibration"), io.StringIO()
    with contextlib.redirect_stdout(printed):
        calibration.coverage_of_one_count()
        calibration.coverage_of_two_counts()
    summed = rows(printed.getvalue())
    assert len(summed) > 15
    assert [row for row in summed if row not in page] == []


def test_the_page_of_calibration_has_every_table_that_its_command_prints():
    page = (PAGES / "calibration.md").read_text(encoding="utf-8")
    source = (ROOT / "benchmarks" / "calibration.py").read_text(encoding="utf-8")
    assert page.count("\n### ") == len(re.findall(r"^    show\(", source, re.MULTILINE))
