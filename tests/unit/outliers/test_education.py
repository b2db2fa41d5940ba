"""Structured education: offered, then attended, by the audit's rule of 12 months."""

from __future__ import annotations

import io

import pytest
from tests.writers.nda_pipelines import pipeline_2020_21
from tests.writers.nda_truth import GROUPS, SUBTYPES, organisations, people

import phm_diabetes as phm
from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.errors import UnlikeError

STEPS = ["dm.education.offered", "dm.education.attended"]


@pytest.fixture(scope="module")
def counts():
    file = io.BytesIO(pipeline_2020_21())
    file.name = "final_table_202021_E3.csv"
    table = phm.load(file).table
    of_everyone = (table[list(GROUPS)] == "all").all(axis=1)
    return table[table["measure"].isin(STEPS) & of_everyone]


def test_the_rule_of_12_months_stands_in_the_cards():
    for name in STEPS:
        card = AREA[name]
        assert "within 12 months (fewer than 366 days) of diagnosis" in card.numerator
        assert "calendar year before" in card.denominator
        assert all("fewer than 366 days" in each.words for each in card.definitions)


def test_planted_rates_come_back_for_every_organisation_and_type(counts):
    figures = phm.estimate(counts, by=["subtype"])
    key = ["org_level", "org_code", "subtype", "measure"]
    values = {tuple(map(str, row[:4])): row[4] for row in figures[[*key, "value"]].to_numpy()}
    planted = {}
    for level, code, members in organisations():
        for subtype in SUBTYPES.values():
            whole = sum(people(each, subtype) for each in members)
            if whole // 9:
                for name, part in zip(STEPS, (11, 40), strict=True):
                    planted[level, code, subtype, name] = (whole // part) / (whole // 9)
    read = values.keys() & planted.keys()
    assert len(read) > 10
    assert {each: values[each] for each in read} == pytest.approx(
        {each: planted[each] for each in read}
    )


def test_nobody_attends_who_was_not_offered(counts):
    wide = counts[counts["org_level"] == "practice"].pivot_table(
        index=["org_code", "subtype"], columns="measure", values="numerator", observed=True
    )
    assert len(wide) > 3
    assert (wide[STEPS[0]] >= wide[STEPS[1]]).all()


def test_the_two_are_steps_of_one_pathway(counts):
    england = counts[(counts["org_level"] == "england") & (counts["subtype"] == "type_1")]
    found = phm.pathway(england, measures=STEPS)
    lost = found.table.set_index("measure").loc[STEPS[1], "lost"]
    numerators = england.set_index("measure")["numerator"]
    assert lost == numerators[STEPS[0]] - numerators[STEPS[1]]
    assert "Most are lost at: Structured education attended" in str(found)


def test_more_attending_than_offered_is_refused(counts):
    england = counts[(counts["org_level"] == "england") & (counts["subtype"] == "type_1")]
    other = {STEPS[0]: STEPS[1], STEPS[1]: STEPS[0]}
    swapped = england.assign(measure=england["measure"].astype(str).map(other))
    with pytest.raises(UnlikeError, match=r"dm\.education\.attended"):
        phm.pathway(swapped, measures=STEPS)
