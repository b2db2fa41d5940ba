"""The publisher's long table reads, unrounded, with every breakdown and structured education."""

from __future__ import annotations

import io

import pytest
from tests.writers.nda_pipelines import PIPELINE, pipeline_2020_21
from tests.writers.nda_truth import GROUPS, organisations, people, reached, split

import phm_diabetes as phm


def opened(data, name="final_table_202021_E3.csv"):
    file = io.BytesIO(data)
    file.name = name
    return file


@pytest.fixture(scope="module")
def extract():
    return phm.load(opened(pipeline_2020_21()))


@pytest.fixture(scope="module")
def whole(extract):
    table = extract.table
    return table[(table[list(GROUPS)] == "all").all(axis=1)]


def test_it_is_recognised_and_nothing_is_lost(extract):
    origin = extract.provenance
    assert origin.adapter == "england.nda_pipeline"
    assert origin.rows_read == origin.rows_used + origin.rows_reported
    assert not (extract.problems["severity"] == "error").any()


def test_the_extract_number_is_a_cut(extract):
    assert {f"{day:%Y-%m-%d}" for day in extract.table["period_end"]} == {"2020-12-31"}


def test_figures_that_nobody_rounded_stay_exact_and_under_the_strict_policy(extract):
    table = extract.table
    assert (table["numerator_low"] == table["numerator"]).all()
    assert extract.provenance.policy.hide_up_to == 7


@pytest.mark.parametrize("measure", PIPELINE.values())
def test_every_measure_is_what_was_planted(whole, measure):
    rows = whole[whole["measure"] == measure].set_index(["org_code", "subtype"])
    for level, code, members in organisations():
        if level not in {"england", "sub_icb", "practice"}:
            continue
        own = "E92000001" if level == "england" else code
        for subtype in ("type_1", "type_2_and_other"):
            truth = sum(reached(each, subtype, measure) for each in members)
            assert rows.loc[(own, subtype), "numerator"] == truth


def test_both_all_three_columns_have_their_own_definition(whole):
    rows = whole[whole["measure"] == "dm.tt3"]
    assert set(rows["definition"].astype(str)) == {
        "nda:tt3.hba1c_58+bp_140_80+cholesterol_5:15m",
        "nda:tt3.hba1c_58+bp_140_80+statin:15m",
    }


def test_parts_add_up_to_everybody(extract):
    table = extract.table
    people_of = table[(table["measure"] == "dm.registrations") & (table["org_level"] == "practice")]
    for name in GROUPS:
        parts = people_of[people_of[name] != "all"]["numerator"].sum()
        assert parts == people_of[(people_of[list(GROUPS)] == "all").all(axis=1)]["numerator"].sum()


def test_a_breakdown_is_what_was_planted(extract):
    rows = extract.table[extract.table["measure"] == "dm.registrations"]
    rows = rows[(rows["org_code"] == "Y99004") & (rows["ethnicity"] == "minority")]
    from tests.writers.nda_truth import PRACTICES

    truth = split(people(PRACTICES[4], "type_1"), "ethnicity")["minority"]
    assert rows.set_index("subtype").loc["type_1", "numerator"] == truth


def test_education_is_out_of_people_newly_diagnosed(whole):
    rows = whole[(whole["org_level"] == "england") & (whole["subtype"] == "type_1")]
    offered = rows[rows["measure"] == "dm.education.offered"].iloc[0]
    attended = rows[rows["measure"] == "dm.education.attended"].iloc[0]
    assert offered["denominator"] == attended["denominator"]
    assert offered["numerator"] >= attended["numerator"]


def test_an_unknown_breakdown_is_an_error():
    data = pipeline_2020_21().replace(b"Aged under 40", b"Aged under 41")
    with pytest.raises(phm.errors.SourceDataError, match="names no breakdown"):
        phm.load(opened(data))


def test_it_asks_for_the_audit_where_nothing_says_it():
    with pytest.raises(phm.errors.OptionError, match="202021E3"):
        phm.load(opened(pipeline_2020_21(), "table.csv"))
