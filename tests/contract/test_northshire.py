"""The example of a third party's adapter keeps the contract, as a class and as a manifest."""

from __future__ import annotations

import runpy
from pathlib import Path

import phm_diabetes as phm
from phm_diabetes.testing import AdapterContract

EXAMPLE = Path(__file__).parents[2] / "examples" / "northshire"
SAMPLE = EXAMPLE / "tests" / "sample.csv"


class TestManifest(AdapterContract):
    adapter = EXAMPLE / "registers.toml"
    sample = SAMPLE
    installed = False
    footers = merged_headers = True
    known = (
        {
            "measure": "copd.register",
            "org_code": "Y99002",
            "period": "2024-25 Q1",
            "numerator": None,
            "numerator_low": 1,
            "numerator_high": 7,
            "denominator": 1804,
        },
        {"measure": "af.register", "org_code": "Y99001", "period": "2024-25 Q2", "numerator": 150},
    )


def test_the_class_and_the_manifest_give_the_same_table():
    written = runpy.run_path(str(EXAMPLE / "src" / "northshire" / "registers.py"))
    one = phm.load(SAMPLE, adapter=written["NorthshireRegisters"])
    other = phm.load(SAMPLE, adapter=EXAMPLE / "registers.toml")
    assert one.table.equals(other.table)
    assert one.problems.equals(other.problems)


def test_the_adapter_and_its_test_are_as_short_as_promised():
    def lines(*parts):
        return len((EXAMPLE.joinpath(*parts)).read_text(encoding="utf-8").splitlines())

    assert lines("src", "northshire", "registers.py") <= 40
    assert lines("tests", "test_registers.py") <= 15
