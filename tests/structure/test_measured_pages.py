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

from phm_diabetes import outliers

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "reference"
METHODS = ROOT / "docs" / "methods"
METHOD = re.compile(r"\]\((?:\.\./methods/)?([\w-]+)\.md\)")
BOUND = re.compile(r"(?:below|within) (1e-\d+)")
NOT_MATCHED = {
    "edge_cases": "what other packages do with odd counts: the faults in tests/traps",
    "sdc_rounding": "rounding of outputs, which is no statistic",
    "sii_prevalence_input": "counts without results beside them",
    "spc_peer_flags": "five packages that disagree; one of them is matched point by point",
}
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
    page = ["| a | wilson | 10 | below 1e-12 |  | passed |"]
    assert stale(page, ["| a | wilson | 10 | below 1e-12 |  | passed |"]) == []
    assert stale(page, ["| a | wilson | 10 | below 1e-11 |  | passed |"]) == []
    for row in (
        "| a | wilson | 10 | below 1e-10 |  | passed |",
        "| a | byar | 10 | below 1e-12 |  | passed |",
        "| a | wilson | 10 | below 1e-12 | below 1e-12 | passed |",
        "| a | wilson | 9 | below 1e-12 |  | passed |",
        "| a | wilson | 10 | below 1e-12 |  | failed |",
    ):
        assert stale(page, [row]) == [row]
    assert stale(page, []) == page
    assert stale([], page) == page


def test_a_bound_is_the_next_power_of_ten_and_never_so_close_that_a_build_could_pass_it():
    bound = script("agreement").bound
    given = (0.0, 8e-16, 1e-13, 1e-12, 2e-7, 0.02)
    told = ["below 1e-11"] * 4 + ["below 1e-6", "below 1e-1"]
    assert [bound(worst) for worst in given] == told


def bounds_by_method():
    """Return the bounds that the page of agreement has for each method's page."""
    found: dict[str, set[str]] = {}
    for row in rows((PAGES / "agreement.md").read_text(encoding="utf-8")):
        _, pages, _, *differences, _ = row.strip("| ").split(" | ")
        for page in METHOD.findall(pages):
            found.setdefault(page, set()).update(BOUND.findall(" ".join(differences)))
    return found


def test_every_golden_test_says_which_method_it_checks():
    page = rows((PAGES / "agreement.md").read_text(encoding="utf-8"))[2:]
    assert [row for row in page if not METHOD.search(row)] == []
    assert [name for name in bounds_by_method() if not (METHODS / f"{name}.md").is_file()] == []


def test_the_table_of_methods_has_the_bounds_that_were_found():
    found: dict[str, set[str]] = bounds_by_method()
    told: dict[str, set[str]] = {}
    for row in rows((METHODS / "index.md").read_text(encoding="utf-8")):
        for page in METHOD.findall(row):
            told.setdefault(page, set()).update(BOUND.findall(row))
    assert {page: bounds for page, bounds in told.items() if bounds} == {
        page: bounds for page, bounds in found.items() if bounds
    }


def test_a_method_has_no_other_bound_on_its_own_page_than_was_found():
    found = bounds_by_method()
    for page in METHODS.glob("*.md"):
        if page.stem != "index":
            said = set(BOUND.findall(page.read_text(encoding="utf-8")))
            assert said <= found.get(page.stem, set()), page.stem


def test_every_fault_of_a_peer_is_a_test_that_is_there():
    page = (METHODS / "index.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    traps = {
        name
        for path in (ROOT / "tests" / "traps").glob("test_trap_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 20
    assert named - traps == set()


@pytest.mark.skipif(not ORACLES.is_dir(), reason="../shared/oracles is not here")
def test_every_file_of_references_is_met_by_a_golden_test_or_set_aside():
    golden = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "golden").glob("test_*.py")
    )
    unmet = {path.stem for path in ORACLES.glob("*.csv") if path.stem not in golden}
    assert unmet == set(NOT_MATCHED)


@pytest.mark.long  # it runs the golden tests, which `make test` runs too
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
    assert page.count("\n## ") == len(re.findall(r"^    show\(", source, re.MULTILINE))


def test_every_detector_has_its_false_alarms_on_the_page_of_calibration():
    page = (PAGES / "calibration.md").read_text(encoding="utf-8")
    public = {name: getattr(outliers, name) for name in outliers.__all__}
    detectors = {
        name
        for name, each in public.items()
        if isinstance(each, type) and "__call__" in vars(each) and each is not outliers.Detector
    }
    assert len(detectors) >= 9
    assert {name for name in detectors if name not in page} == set()
