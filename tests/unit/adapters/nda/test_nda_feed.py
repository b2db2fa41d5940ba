"""A local feed is counted and let go: nobody in it can be found again, and unknown is kept."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from tests.writers.nda_feeds import HEADERS, counted, patients

import phm_diabetes as phm
from phm_diabetes.adapters.nda_feed import NdaFeed

WHOLE = ["age_band", "sex", "ethnicity", "imd_quintile"]
PEOPLE = patients()


def load(people=PEOPLE, **options):
    return phm.load(people, adapter=NdaFeed(**options))


def whole(extract):
    return extract.table[(extract.table[WHOLE] == "all").all(axis=1)]


def test_the_view_is_recognised_through_its_escaped_headers():
    assert "[BP_&lt;=140_80]" in PEOPLE
    extract = phm.load(PEOPLE)
    assert extract.provenance.adapter == "local.nda_feed"
    assert "dm.tt.bp_140_80" in set(extract.table["measure"].astype(str))


def test_every_person_is_counted_once():
    extract = load()
    origin = extract.provenance
    assert (origin.rows_read, origin.rows_used) == (len(PEOPLE), len(PEOPLE))
    rows = whole(extract)
    assert rows[rows["measure"] == "dm.registrations"]["numerator"].sum() == len(PEOPLE)


def test_figures_are_under_the_strict_policy():
    assert load().provenance.policy.hide_up_to == 7


def test_a_view_already_counted_gives_the_same():
    one, other = load(), load(counted(PEOPLE))
    key = ["measure", "org_code", "subtype", *WHOLE]
    columns = [*key, "numerator", "denominator"]
    there, back = (
        each.table.astype(dict.fromkeys(key, str)).sort_values(key)[columns].values.tolist()
        for each in (one, other)
    )
    assert str(there) == str(back)


def test_ethnicity_that_is_not_recorded_is_unknown_and_parts_add_up():
    table = load().table
    rows = table[table["measure"] == "dm.cp8"]
    unknown = rows[rows["ethnicity"] == "unknown"]["denominator"].sum()
    assert (
        unknown
        == (PEOPLE["DERIVED_CLEAN_ETHNICITY"].isna()).sum()
        + (PEOPLE["DERIVED_CLEAN_ETHNICITY"] == "Z").sum()
    )
    for name in WHOLE:
        for part in ("numerator", "denominator"):
            parts = rows[rows[name] != "all"][part].sum()
            assert parts == whole(load())[whole(load())["measure"] == "dm.cp8"][part].sum()


def test_a_process_is_out_of_people_aged_12_and_over_and_hba1c_out_of_everyone():
    rows = whole(load()).groupby("measure", observed=True)["denominator"].sum()
    assert rows["dm.cp.bp"] == (PEOPLE["AGE"] >= 12).sum()
    assert rows["dm.cp.hba1c"] == rows["dm.cp8"] == len(PEOPLE)


def test_a_target_is_out_of_people_with_a_reading():
    rows = whole(load()).groupby("measure", observed=True)[["numerator", "denominator"]].sum()
    with_reading = (PEOPLE["AGE"] >= 12) & (PEOPLE["CHOLESTEROL"] == 1)
    assert rows.loc["dm.tt.cholesterol_5", "denominator"] == with_reading.sum()
    assert (
        rows.loc["dm.tt.cholesterol_5", "numerator"]
        == (with_reading & (PEOPLE[HEADERS["cholesterol_5"]] == 1)).sum()
    )


@pytest.mark.parametrize("third", ["cholesterol", "statin"])
def test_all_three_targets_are_told_by_the_other_flags(third):
    table = load(patients(all_three=third)).table
    definitions = set(table.loc[table["measure"] == "dm.tt3", "definition"].astype(str))
    assert len(definitions) == 1
    assert third in definitions.pop()


def test_all_three_targets_that_fit_no_flags_raise():
    with pytest.raises(phm.errors.SourceDataError, match="do not settle"):
        load(patients(all_three="neither"))


def test_the_caller_may_say_which_three_they_are():
    table = load(patients(all_three="neither"), all_three=("hba1c_58", "bp_140_80", "statin")).table
    assert "dm.tt3" in set(table["measure"].astype(str))


def test_nobody_can_be_found_in_what_is_kept():
    extract = load()
    assert b"PLANTED-" not in pickle.dumps(extract)
    assert "PLANTED-" not in repr(extract)
    assert not {"PatientId", "AGE"} & set(extract.table.columns)


def test_a_person_who_stands_twice_is_an_error_that_does_not_name_them():
    twice = PEOPLE.copy()
    twice.loc[5, "PatientId"] = twice.loc[9, "PatientId"]
    with pytest.raises(phm.errors.SourceDataError) as refused:
        load(twice)
    assert "PLANTED" not in str(refused.value)
    assert refused.value.problems["row"].tolist() == [7, 11]


def test_a_person_without_a_practice_is_one_counted_reason():
    placeless = PEOPLE.copy()
    placeless.loc[[3, 8], "DERIVED_GP_PRACTICE_CODE"] = None
    extract = load(placeless)
    assert extract.unmapped["rows"].tolist() == [2]
    assert extract.provenance.rows_used == len(PEOPLE) - 2


def test_a_flag_that_is_no_yes_or_no_is_an_error_without_its_value():
    odd = PEOPLE.astype({"BMI": object})
    odd.loc[0, "BMI"] = 31.7
    with pytest.raises(phm.errors.SourceDataError, match="neither yes") as refused:
        load(odd)
    assert "31.7" not in str(refused.value)


def test_people_of_unknown_age_are_in_no_denominator_of_12_and_over():
    ageless = PEOPLE.copy()
    ageless["AGE"] = ageless["AGE"].astype(float)
    ageless.loc[ageless.index[:50], "AGE"] = np.nan
    rows = whole(load(ageless, all_three=("hba1c_58", "bp_140_80", "cholesterol_5")))
    totals = rows.groupby("measure", observed=True)["denominator"].sum()
    assert totals["dm.cp.bp"] == (ageless["AGE"] >= 12).sum()
    assert totals["dm.cp8"] == len(PEOPLE)


def test_a_missing_column_is_named():
    with pytest.raises(phm.errors.SourceLayoutError, match="DERIVED_CLEAN_DIABETES_TYPE"):
        load(PEOPLE.drop(columns="DERIVED_CLEAN_DIABETES_TYPE"))
