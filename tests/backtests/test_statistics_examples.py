"""The two examples of the statistics run on the real published files, and print whole counts."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
PAGE = (ROOT / "docs" / "how-to" / "published-files.md").read_text(encoding="utf-8")
PLACES = ("Knowsley", "Liverpool", "South Sefton", "Southport and Formby")


def printed(name, capsys, monkeypatch):
    """Return what an example prints when it is run without a file."""
    monkeypatch.setattr("sys.argv", [f"{name}.py"])
    found = runpy.run_path(str(ROOT / "examples" / f"{name}.py"))
    return capsys.readouterr().out, found


@pytest.mark.slow
@pytest.mark.skipif(
    not (DATA / "qof" / "raw_2022-23" / "PREVALENCE_2223.csv").exists(),
    reason="../shared/data has no QOF 2022-23",
)
def test_ten_lines_lead_from_counts_to_a_funnel_and_its_false_discoveries(capsys, monkeypatch):
    out, found = printed("funnel_and_false_discovery", capsys, monkeypatch)
    totals = found["totals"]
    assert totals["practices"] > 130_000
    assert totals["beyond_with_shmi"] < totals["beyond_by_chance"] < totals["practices"]
    assert 0 < totals["false_discovery_by"] < totals["false_discovery_bh"]
    assert "absorb poor care that is shared" in out
    assert not re.search(r"\b[A-Z]\d{5}\b", out), "an example names a practice"
    assert [name for name, total in totals.items() if f"{total:,}" not in PAGE] == []


@pytest.mark.skipif(
    not (DATA / "nda" / "fingertips_nda_subicb_icb.csv").exists(),
    reason="../shared/data has no Fingertips file",
)
def test_a_chart_of_each_merseyside_sub_icb_names_the_rule_at_each_point(capsys, monkeypatch):
    out, found = printed("xmr_series", capsys, monkeypatch)
    flags = found["flags"]
    assert set(flags["place"]) == set(PLACES)
    assert flags.groupby("place").size().min() >= 12
    assert flags.loc[flags["flagged"], "rule"].ne("").all()
    assert flags["lower_limit"].lt(flags["upper_limit"]).all()
    assert [place for place in PLACES if f"{place}: mean" not in out] == []
    assert f"Of the {len(flags)} yearly points" in PAGE
    assert f"all {int(flags['flagged'].sum())} have a special cause" in PAGE
