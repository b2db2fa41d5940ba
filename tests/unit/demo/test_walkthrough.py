"""The walk through the planted England says what it does, on any console."""

from __future__ import annotations

import io
import re

import pytest

from phm_diabetes.demo.walkthrough import run


@pytest.fixture(scope="module")
def text():
    lines: list[str] = []
    run(lines.append)
    return "\n".join(lines)


def test_it_opens_by_saying_that_all_is_planted(text):
    assert text.splitlines()[0].startswith("Everything below is planted: invented")


def test_it_walks_from_the_files_to_the_working(text):
    steps = re.findall(r"^(\d)\. (\w+)", text, flags=re.MULTILINE)
    assert steps == [("1", "Load"), ("2", "Add"), ("3", "Drill"), ("4", "The"), ("5", "What")]


def test_it_names_each_file_with_its_hash_and_what_became_of_its_rows(text):
    for file in ("PREVALENCE_2223.csv", "MAPPING_NHS_GEOGRAPHIES_2223.csv", "epraccur.csv"):
        assert re.search(rf"{file} \(SHA-256 \w{{12}}.*\) read by england\.\w+", text)
    assert "6,300 rows read, 6,300 used, 0 reported" in " ".join(text.split())


def test_it_shows_the_four_places_their_icbs_and_england_with_intervals(text):
    for name in ("Dudley", "Liverpool", "Sefton", "Knowsley"):
        assert len(re.findall(rf"^  Planted {name} +[\d,]+ +[\d,]+ +\d", text, re.MULTILINE)) == 2
    assert "In none of the four Places" in text
    assert "England is the sum of its 300 practices." in text


def test_it_shows_the_gate_and_whom_it_leaves_out(text):
    assert "Hidden by the gate" in text
    assert "Not gated" in text
    assert "Crude prevalence: it moves with the age of the list" in text


def test_its_words_are_modest(text):
    for word in ("poor", "definite", "failing", "bad practice", "because of"):
        assert word not in text.casefold()


def test_it_can_be_printed_on_an_old_windows_console(monkeypatch):
    printed = io.BytesIO()
    console = io.TextIOWrapper(printed, encoding="cp1252", errors="strict")
    monkeypatch.setattr("sys.stdout", console)
    run(print)
    console.flush()
    shown = printed.getvalue().decode("cp1252")
    assert "95% interval" in shown
    assert "?" not in shown


def test_it_prints_the_same_every_time(text):
    again: list[str] = []
    run(again.append)
    assert "\n".join(again) == text
