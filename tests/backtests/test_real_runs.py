"""Whole rules run on published files: how many stand out, beside luck and reliability, never who.

The examples print aggregates of a Place or an ICB; the figures here are what they print.
"""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pandas as pd
import pytest

from phm_diabetes.adapters.nda_indicators import INDICATORS

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
FINGERTIPS = DATA / "nda" / "fingertips_nda_subicb_icb.csv"
PRACTICES = {"Dudley": 43, "Liverpool": 85, "Sefton": 45, "Knowsley": 25}
FOUND = {
    "dm.register": {
        "below": {"Dudley": 0, "Liverpool": 13, "Sefton": 0, "Knowsley": 0},
        "above": {"Dudley": 27, "Liverpool": 19, "Sefton": 11, "Knowsley": 15},
    },
    "ndh.register": {
        "below": {"Dudley": 39, "Liverpool": 3, "Sefton": 0, "Knowsley": 4},
        "above": {"Dudley": 0, "Liverpool": 58, "Sefton": 28, "Knowsley": 13},
    },
}
PRACTICE_CODE = re.compile(r"\b[A-HJ-NPVYU]\d{5}\b")


@pytest.fixture
def printed(capsys, monkeypatch):
    """Return what an example prints when it is run without a file, and what it left."""

    def run(name):
        monkeypatch.setattr("sys.argv", [f"{name}.py"])
        found = runpy.run_path(str(ROOT / "examples" / f"{name}.py"))
        return capsys.readouterr().out, found

    return run


@pytest.mark.slow
@pytest.mark.skipif(
    not (DATA / "qof" / "raw_2022-23" / "PREVALENCE_2223.csv").exists(),
    reason="../shared/data has no QOF 2022-23",
)
@pytest.mark.long
def test_practices_found_by_place_on_the_registers_stand_beside_luck_and_reliability(printed):
    out, left = printed("registers_by_place")
    summary = left["summary"].set_index(["measure", "side", "Place"]).sort_index()
    for measure, sides in FOUND.items():
        for side, places in sides.items():
            rows = summary.loc[(measure, side)]
            assert rows["found"].to_dict() == places
            assert rows["practices"].to_dict() == PRACTICES
    by_luck = {null: summary[f"by luck ({null})"].str.split().str[0].astype(float) for null in "ab"}
    assert (by_luck["a"] < 1).all(), "few of practices that are all as England lie beyond it twice"
    # A Place that lies beyond as a whole: who is found says little of who differs in it.
    assert by_luck["b"]["ndh.register", "below", "Dudley"] >= 39
    # Both sides of one Place: its practices differ from one another.
    assert by_luck["b"]["dm.register", "above", "Liverpool"] < 1
    assert summary["reliability"].between(0.7, 1).all()
    assert (
        summary.groupby(["measure", "Place"])["not gated"].first().xs("Dudley", level=1).eq(2).all()
    )
    page = (ROOT / "docs" / "how-to" / "published-files.md").read_text(encoding="utf-8")
    for (measure, side, place), row in summary.iterrows():
        assert f"| `{measure}` | {place} | {row['practices']} | {side} | {row['found']} |" in page
    assert "Crude prevalence selects nobody" in out
    assert not PRACTICE_CODE.search(out), "an example names a practice or a PCN"


@pytest.fixture
def areas(printed):
    if not FINGERTIPS.exists():
        pytest.skip("../shared/data has no Fingertips file")
    return printed("areas_of_an_icb")


def test_each_area_is_compared_with_those_that_report_and_never_with_england(areas):
    out, left = areas
    summary = left["summary"]
    reporting = summary["reporting"].str.extract(r"^(\d+) of 106 areas$")[0].astype(int)
    assert reporting.notna().all()
    assert reporting.between(65, 106).all()
    assert (reporting[summary.index.get_level_values("measure") != "dm.register"] <= 100).all()
    sides = summary[["better or higher", "similar", "worse or lower"]].sum(axis=1)
    assert (sides == summary["own"]).all()
    assert set(left["beside"]["comparator"]) == {"peers"}
    assert "not England" in out
    assert not PRACTICE_CODE.search(out)


def test_every_indicator_and_year_with_counts_is_compared_or_refused_with_its_reason(areas):
    _, left = areas
    raw = pd.read_csv(FINGERTIPS, dtype=str)
    counted = raw[raw["Count"].notna() & raw["Denominator"].notna()]
    numbers = counted["IndicatorID"].map(lambda number: INDICATORS[number].measure)
    wanted = set(zip(numbers, counted["TimeperiodSortable"].str[:4].astype(int), strict=True))
    compared = set(left["summary"].index)
    refused = set(left["reasons"].index)
    assert wanted == {(str(measure), int(year)) for measure, year in compared | refused}
    assert not compared & refused
    assert (left["reasons"] != "").all()


def test_indicators_without_counts_are_refused_and_events_have_no_verdict(areas):
    out, left = areas
    assert "2,089 rows of the file have no Count and Denominator" in out
    reasons = left["reasons"]
    for measure in ("dm.foot.major_amputations", "dm.foot.minor_amputations"):
        assert set(reasons.loc[measure]) == {
            "no sum of squares per person: an interval would be too narrow"
        }
    assert set(reasons.loc["dm.foot.spells"].loc[2011:2013]) == {"denominator is missing"}


def test_targets_among_the_measured_stand_high_where_the_care_processes_stand_low(areas):
    _, left = areas
    last = left["summary"].xs(2020, level="year")
    assert last.loc["dm.cp8", "worse or lower"] == 9
    assert last.loc["dm.tt3", "better or higher"] == 6
