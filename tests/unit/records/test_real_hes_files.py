"""The artificial HES that NHS England publishes, through the layouts: every row accounted for."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from tests.unit.records.read_rows import read_rows

import phm_diabetes as phm
from phm_diabetes.disease_areas.hospital_codes import DIABETES
from phm_diabetes.records.code_lists import has_listed
from phm_diabetes.records.csv_files import look_at_csv
from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC
from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
from phm_diabetes.records.layouts.sefton_hes_op import SEFTON_HES_OP
from phm_diabetes.records.resolving import resolve


def file_of(shared, part):
    path = shared / "data" / "hes" / f"artificial_hes_{part}_truncated.csv"
    if not path.exists():
        pytest.skip("needs ../shared/data/hes, which is not here")
    return path


@pytest.fixture(scope="module")
def outpatients(shared):
    table = pd.read_csv(file_of(shared, "op_0304"), dtype=str, keep_default_na=False)
    return read_rows(ENGLAND_HES_OP, table)


@pytest.fixture(scope="module")
def episodes(shared):
    table = pd.read_csv(file_of(shared, "apc_0102"), dtype=str, keep_default_na=False)
    return read_rows(ENGLAND_HES_APC, table)


def test_1000_outpatient_rows_are_used_or_reported(outpatients):
    reported = outpatients.rules["private patient"]
    assert len(outpatients.used) == 1_000 == sum(outpatients.used) + reported
    assert reported == 4


def test_outpatients_by_what_became_of_them(outpatients):
    assert Counter(outpatients["attendance"]) == {
        "attended": 806 + 12,
        "missed": 91,
        "provider_cancelled": 51,
        "patient_cancelled": 40,
    }
    assert Counter(outpatients["visit"]) == {"follow_up": 692, "first": 279, "unknown": 29}


def test_the_quirks_of_the_outpatient_file_are_read(outpatients):
    assert outpatients.person_kind == "pseudo_hesid"
    assert Counter(day is None for day in outpatients["referral_date"])[True] == 142 + 37
    assert Counter(outpatients["treatment_function"])[""] == 66
    assert Counter(outpatients["practice"])["unregistered"] == 11
    assert Counter(outpatients["age"])[0] == 9  # 7003 to 7007, written with a point
    assert set(outpatients["sex"]) == {"female", "male", "unknown"}
    assert not any("&" in word or "-" in word for word in outpatients["procedures"])


def test_2075_episodes_are_used_or_reported(episodes):
    reported = {"private patient": 13, "missing": 1}
    assert {rule: episodes.rules[rule] for rule in reported} == reported
    assert len(episodes.used) == 2_075 == sum(episodes.used) + sum(reported.values())


def test_97_episodes_carry_a_diagnosis_of_diabetes_of_which_one_is_private(episodes):
    found = has_listed(episodes.rows["diagnoses"], DIABETES)
    assert int(found.sum()) == 97
    assert int(found[episodes.used].sum()) == 96


def test_the_quirks_of_the_admitted_care_file_are_read(episodes):
    assert Counter(episodes["admission"]) == {
        "elective": 988,
        "emergency": 817,
        "maternity": 236,
        "transfer": 32,
        "unknown": 2,
    }
    assert Counter(episodes["status"]) == {"finished": 2_059, "unfinished": 16}
    assert episodes.rules["out of range"] == 8  # aged 120, which stands for 120 and more


def test_headers_of_the_real_files_resolve_without_reading_a_row(shared):
    for part, layout, width in (
        ("op_0304", ENGLAND_HES_OP, 157),
        ("op_0304", SEFTON_HES_OP, 157),
        ("apc_0102", ENGLAND_HES_APC, 193),
    ):
        path = file_of(shared, part)
        looked = look_at_csv(path)
        assert len(looked.headers) == width
        resolved = resolve(layout, looked.headers, file=path.name)
        assert "MYDOB" not in {*resolved.few, *resolved.many}


@pytest.mark.parametrize(
    ("part", "adapter", "rows"),
    [
        ("op_0304", "england.hes_op", (1_000, 996, 4)),
        ("apc_0102", "england.hes_apc", (2_075, 2_061, 14)),
    ],
)
def test_loaded_and_opened_the_real_files_are_accounted_for_alike(shared, part, adapter, rows):
    path = file_of(shared, part)
    loaded = phm.load(path, adapter=adapter, problems="report")
    opened = phm.open_records(path, adapter=adapter, progress=False).survey()
    told = loaded.provenance
    assert (told.rows_read, told.rows_used, told.rows_reported) == rows
    assert (opened.rows_read, opened.rows_used, opened.rows_reported) == rows
    assert len(loaded.table) == rows[1]
