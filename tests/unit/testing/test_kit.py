"""The kit takes a sample in any form, knows what is personal, and says what it found."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from tests.contract.honest import SAMPLE, HonestContract

from phm_diabetes.adapters.sheets import Sheet
from phm_diabetes.testing.people import is_nhs_number, personal


def contract_of(**fields):
    made: type[Any] = type("Contract", (HonestContract,), fields)
    return made


def found(*cells):
    sheet = Sheet(file="a.csv", name="", grid=pd.DataFrame([[cell] for cell in cells]))
    return [what for _, _, what in personal(sheet)]


@pytest.mark.parametrize("text", ["9434765919", "943 476 5919", "943-476-5919", "no 9434765919."])
def test_an_nhs_number_is_found_however_it_is_written(text):
    assert found(text) == ["a valid NHS number"]


@pytest.mark.parametrize("text", ["9434765918", "9990000018", "94347659190", "0.9434765919"])
def test_other_digits_are_no_nhs_number(text):
    assert found(text) == []


def test_a_check_digit_of_ten_is_never_valid():
    assert not any(is_nhs_number(f"100000001{digit}") for digit in range(10))


@pytest.mark.parametrize("text", ["DY1 1HF", "l1 8jq", "SW1A2AA", "at L69 3BX"])
def test_a_postcode_is_found(text):
    assert found(text) == ["a postcode"]


@pytest.mark.parametrize("text", ["ZZ99 3CZ", "Y99001", "E01000001", "WF01A", "QE1", "2019:1"])
def test_codes_are_no_postcodes(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "day", ["1961-02-14", "14/02/1961", "19610214", "14 Feb 1961", "14FEB1961"]
)
def test_a_date_under_a_word_for_birth_is_found(day):
    assert found("DATE_OF_BIRTH", day) == ["a date of birth"]
    assert found("Open date", day) == []
    assert found("Year of birth", "1961") == []


@pytest.mark.parametrize(
    "sample",
    [SAMPLE, staticmethod(lambda: SAMPLE), lambda _: SAMPLE, lambda: SAMPLE],
    ids=["bytes", "static", "method", "function"],
)
def test_a_sample_may_be_a_value_or_a_function(sample):
    contract = contract_of(sample=sample)
    assert len(contract.as_case().reading.lines) == 8


def test_a_sample_may_be_a_path_or_a_frame(tmp_path):
    path = tmp_path / "sample.csv"
    path.write_bytes(SAMPLE)
    for sample in (path, str(path), pd.read_csv(path, header=None, dtype=str)):
        contract = contract_of(sample=sample)
        assert len(contract.as_case().reading.lines) == 8


@pytest.mark.long
@pytest.mark.slow
def test_a_publishers_fault_is_expected_and_counted_and_must_stay_one(tmp_path):
    path = tmp_path / "test_third_party.py"
    path.write_text(
        textwrap.dedent("""
            from tests.contract.honest import Honest, HonestContract

            class Mute(Honest):
                description = "Says nothing."

            class TestMute(HonestContract):
                adapter = Mute
                xfails = {
                    "test_it_says_what_it_reads": "the publisher says nothing",
                    "test_it_pickles": "the publisher wraps it",
                }
            """),
        encoding="utf-8",
    )
    options = ["-p", "phm_diabetes.testing.plugin", "-p", "no:cacheprovider", "-c", os.devnull]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-k", "says_what or pickles", str(path)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert "north.registers: 2 laws, 1 broken, 1 broken by the publisher" in ran.stdout
    assert "[XPASS(strict)] the publisher wraps it" in ran.stdout
    assert ran.returncode == 1


@pytest.mark.parametrize("xfails", [{"test_it_pickels": "typing"}, {"test_it_pickles": " "}])
def test_an_expected_failure_needs_a_law_and_a_reason(xfails, pytestconfig):
    hooks = pytestconfig.pluginmanager.get_plugin("phm_diabetes contracts")
    item = SimpleNamespace(cls=contract_of(xfails=xfails), name="test_it_pickles")
    if hooks is None:
        pytest.skip("the plug-in is not installed: pip install --editable . again")
    with pytest.raises(pytest.UsageError, match="is no law of the contract, or has no reason"):
        hooks.pytest_collection_modifyitems([item])
