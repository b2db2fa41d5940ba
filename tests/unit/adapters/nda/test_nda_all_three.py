"""All three targets are known by edition and components; what is undetermined is refused."""

from __future__ import annotations

import io

import pytest
from tests.writers.nda_workbooks import columns, wide_2016_17

import phm_diabetes as phm
from phm_diabetes.adapters.nda import Nda
from phm_diabetes.adapters.nda_editions import Edition
from phm_diabetes.disease_areas.nda_versions import all_three_code, nda_definition

CHOLESTEROL, STATIN, WITH_140_90 = (
    ("hba1c_58", "bp_140_80", "cholesterol_5"),
    ("hba1c_58", "bp_140_80", "statin"),
    ("hba1c_58", "bp_140_90", "statin"),
)
BP_80, BP_90, CHOL, STATINS = (
    "dm.tt.bp_140_80",
    "dm.tt.bp_140_90",
    "dm.tt.cholesterol_5",
    "dm.tt.statin_combined",
)


def components(heading, beside, *, year=2022, headings=None, declared=None):
    return Edition(year=year, window="15m").all_three(
        heading, beside=beside, headings=headings or [heading], declared=declared or {}
    )


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ([BP_80, CHOL], CHOLESTEROL),
        ([BP_80, STATINS], STATIN),
        ([BP_90, STATINS], WITH_140_90),
        ([BP_80, BP_90, STATINS], None),
        ([BP_80, CHOL, STATINS], None),
        ([BP_90, CHOL], None),
        ([], None),
    ],
)
def test_the_targets_on_the_sheet_settle_a_single_column_or_nothing_does(beside, expected):
    assert components("All Three Treatment Targets", beside) == expected


@pytest.mark.parametrize("word", ["old", "new", "(OLD)", "NEW"])
def test_the_words_old_and_new_settle_nothing(word):
    pair = [f"All Three Treatment Targets {word}", "All Three Treatment Targets"]
    assert [components(each, [BP_80, BP_90, STATINS], headings=pair) for each in pair] == [
        None,
        None,
    ]


def test_old_means_another_thing_in_another_edition():
    pair = ["All Three Treatment Targets old", "All Three Treatment Targets"]
    beside = [BP_80, BP_90, STATINS]
    known = [components(each, beside, year=2024, headings=pair) for each in pair]
    assert known == [STATIN, WITH_140_90]
    pair = ["Meeting all three", "Meeting all three NEW"]
    known = [components(each, [BP_80, CHOL, STATINS], year=2016, headings=pair) for each in pair]
    assert known == [CHOLESTEROL, STATIN]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("All three (HbA1c, BP <=140/90, statins)", WITH_140_90),
        ("All three (HbA1c, BP ≤140/80, cholesterol)", CHOLESTEROL),
        ("All three with statins and 140/80", STATIN),
        ("All three with statins", None),
    ],
)
def test_a_heading_that_names_components_is_believed(heading, expected):
    pair = [heading, "another"]
    assert components(heading, [BP_80, BP_90, CHOL, STATINS], headings=pair) == expected


def test_the_caller_may_say_it():
    declared = {"all three treatment targets": WITH_140_90}
    assert components("All Three  Treatment Targets", [], declared=declared) == WITH_140_90


@pytest.fixture
def undetermined():
    groups = columns("dm.tt.bp_140_80", "dm.tt.bp_140_90", "dm.tt.statin_combined", "dm.tt3")
    file = io.BytesIO(wide_2016_17(year="2023-24", groups=groups))
    file.name = "nda.csv"
    return file


def test_undetermined_components_raise(undetermined):
    with pytest.raises(phm.errors.SourceDataError, match="which three targets it means") as refused:
        phm.load(undetermined)
    assert "all_three=" in str(refused.value)


def test_undetermined_components_are_never_read(undetermined):
    extract = phm.load(undetermined, problems="report")
    assert "dm.tt3" not in set(extract.table["measure"].astype(str))


def test_what_the_caller_says_is_read(undetermined):
    adapter = Nda(all_three={"All Three Treatment Targets": WITH_140_90})
    extract = phm.load(undetermined, adapter=adapter)
    assert f"nda:{all_three_code(WITH_140_90)}:15m" in set(extract.table["definition"].astype(str))


def test_components_that_never_were_are_refused(undetermined):
    adapter = Nda(all_three={"All Three Treatment Targets": ("hba1c_48", "bp_140_80", "statin")})
    with pytest.raises(phm.errors.SourceDataError, match="have never been"):
        phm.load(undetermined, adapter=adapter)


def test_all_three_without_components_have_no_definition():
    with pytest.raises(phm.errors.OptionError, match="three definitions"):
        nda_definition("dm.tt3", window="15m", year=2021)
