"""The same verbs on a COPD area that this test defines, with nothing of another disease loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from datetime import date

import pandas as pd

import phm_diabetes as phm
from phm_diabetes.outliers import Funnel, RobustZ, Spread


def card(name, words):
    return phm.Measure(
        id=name, name=words, numerator=f"People with a {words}",
        denominator="People on the COPD register", kind="proportion", unit="people",
        polarity="higher", source="planted", why="It finds who is getting worse.",
        reviewed=date(2026, 11, 1),
    )


NAMES = {"copd.review": "review", "copd.spirometry": "spirometry", "copd.vaccine": "vaccination"}
AREA = phm.DiseaseArea(
    id="copd", name="COPD", description="Reviews of COPD.",
    measures=tuple(card(name, words) for name, words in NAMES.items()),
)
CODES = [f"Y99{number:03}" for number in range(24)]
LOW = {0, 1, 2, 6}


def rows(dataset, shares):
    about = {"dataset": dataset, "period_start": "2022-04-01", "period_end": "2023-03-31"}
    table = [
        {**about, "measure": name, "definition": f"planted:{name}", "org_level": "practice",
         "org_code": code, "numerator": shares(name, spot), "denominator": 400}
        for name in NAMES for spot, code in enumerate(CODES)
    ]
    return table + [
        {**about, "measure": name, "definition": f"planted:{name}", "org_level": "england",
         "org_code": "E92000001", "numerator": 900_000, "denominator": 1_000_000}
        for name in NAMES
    ]


def of_care(name, spot):
    if name == "copd.vaccine":
        return 280 + spot % 3
    return 300 + spot % 3 if spot in LOW else 375


counts = phm.counts_from(rows("planted", of_care))
local = phm.counts_from(rows("scheme", lambda name, spot: 372))
geo = phm.Geography.from_memberships(pd.DataFrame([
    {"org_level": "practice", "org_code": code, "parent_level": level, "parent_code": parent,
     "start": "2022-04-01", "end": "2023-03-31", "source": "planted", "source_row": spot + 1}
    for spot, code in enumerate(CODES)
    for level, parent in {"pcn": f"U{spot // 6}", "place": "north"}.items()
]))
practices = counts[counts["org_level"] == "practice"]
estimates = phm.estimate(counts, measures=AREA)
phm.compare(estimates, to="england", measures=AREA)
lists = pd.DataFrame({"org_code": CODES, "list_size": range(4000, 4024)})
peers = phm.similar(5, lists)
beside = phm.compare(phm.estimate(practices, measures=AREA), to=peers, measures=AREA)
assert len(beside) == 72
for detector in (Funnel(overdispersion="none", measures=AREA), RobustZ(measures=AREA)):
    assert len(detector(phm.estimate(practices, measures=AREA))) == 72
asked = {"geo": geo, "rule": "all", "below": "point"}
care = phm.drill(counts, measures=[AREA["copd.review"], AREA["copd.spirometry"]], **asked)
other = phm.drill(counts, measures=[AREA["copd.review"]], gate=Spread(geo=geo, within="pcn"),
                  **asked)
print(str(care).splitlines()[0])
assert "Coverage: 24 of 24 practices known in a PCN have a figure." in str(care)
shortlist = phm.recurrent({"care": care, "reviews": other}, at_least=1).shortlist(3)
luck = phm.expected_by_luck(shortlist, simulations=50)
steady = phm.stability(shortlist, draws=2)
print(str(shortlist.beside(luck=luck, stability=steady)).splitlines()[0])
care.explain(CODES[0])
(care & other).explain(CODES[0])
held = phm.reconcile(
    counts, local, measure=AREA["copd.review"], geo=geo, within={"place": "north"},
    local_scheme="scheme",
)
print(held.explanations[0].family if held.explanations else held.grade)
str(held)
held.explain(CODES[0])
lost = phm.pathway(practices, measures=["copd.review", "copd.vaccine"],
                   bundle=["copd.review", "copd.spirometry"], cards=AREA)
print(str(lost).splitlines()[0])
loaded = sorted(
    name for name in sys.modules
    if name.startswith("phm_diabetes.")
    and ("diabet" in name.removeprefix("phm_diabetes.") or ".nda" in name or "foot_" in name)
)
print("loaded:", *loaded)
"""


@pytest.fixture(scope="module")
def said():
    run = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", SCRIPT],
        capture_output=True, check=False, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_the_drill_finds_the_practices_that_were_made_low(said):
    assert said[0].startswith(
        "1 PCN, and in it 3 practices, below England on all of copd.review, copd.spirometry"
    )


def test_a_shortlist_with_luck_and_stability_beside_it_is_made_of_them(said):
    assert "A list of whom to visit, not a ranking of quality." in said[1]


def test_nothing_of_another_disease_was_loaded(said):
    assert said[-1] == "loaded:"
