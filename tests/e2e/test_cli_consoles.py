"""Run for real, as on a laptop whose console knows few characters and whose folders have spaces."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.builders import FIVE_FAULTS, qof_csv, zip_bytes


def run_phm(*arguments: str, encoding: str, folder) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "phm_diabetes", *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "NHS Dudley – QOF files"
    made.mkdir()
    (made / "the faults ŵ.csv").write_bytes(FIVE_FAULTS)
    (made / "two.zip").write_bytes(zip_bytes({"a.csv": qof_csv(), "b – c.csv": qof_csv()}))
    return made


@pytest.mark.parametrize(
    ("encoding", "arrow"), [("cp1252", "›"), ("ascii", ">"), ("cp850", ">"), ("utf-8", "›")]
)
def test_a_report_is_printed_in_what_the_console_knows(encoding, arrow, folder):
    run = run_phm(
        "check", "the faults ŵ.csv", "--period", "2022-23", encoding=encoding, folder=folder
    )
    name = "the faults ŵ.csv" if encoding == "utf-8" else "the faults w.csv"
    assert run.returncode == 1
    assert run.stderr == b""
    assert f"error: {name} {arrow} row 3 {arrow} REGISTER is negative." in run.stdout.decode(
        encoding
    )


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_refusal_is_printed_in_what_the_console_knows(encoding, folder):
    run = run_phm("check", "keine ŵ ›.csv", encoding=encoding, folder=folder)
    assert run.returncode == 2
    arrow = "›" if encoding == "cp1252" else ">"
    assert run.stderr.decode(encoding).strip() == (
        f"Error: keine w {arrow}.csv cannot be read: there is no such file. Check the path."
    )


def test_an_argument_that_no_console_can_print_is_no_traceback(folder):
    run = run_phm("check", "two.zip", "--adapter", "▲", encoding="ascii", folder=folder)
    assert run.returncode == 2
    assert b"No adapter called 'better' is installed" in run.stderr
    assert b"Traceback" not in run.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_the_adapters_are_listed_on_any_console(encoding, folder):
    run = run_phm("adapters", encoding=encoding, folder=folder)
    assert run.returncode == 0
    assert "england.qof_prevalence 1" in run.stdout.decode(encoding)
