"""Dimensions know which of their levels make up the whole."""

from __future__ import annotations

import pytest

from phm_diabetes.model.dimensions import BUILT_IN_DIMENSIONS, dimension_named

SEX, ETHNICITY = BUILT_IN_DIMENSIONS["sex"], BUILT_IN_DIMENSIONS["ethnicity"]
AGE, FIFTH = BUILT_IN_DIMENSIONS["age_band"], BUILT_IN_DIMENSIONS["imd_quintile"]


def test_two_sexes_are_the_whole_with_or_without_the_unknown():
    assert SEX.is_exhaustive({"female", "male"})
    assert SEX.is_exhaustive({"female", "male", "unknown", "all"})


@pytest.mark.parametrize("levels", [{"female"}, {"unknown"}, {"all"}, set(), {"female", "men"}])
def test_one_sex_or_none_or_another_word_is_not_the_whole(levels):
    assert not SEX.is_exhaustive(levels)


def test_two_ways_of_splitting_ethnicity_are_never_mixed():
    assert ETHNICITY.is_exhaustive({"white", "minority"})
    assert not ETHNICITY.is_exhaustive({"white", "minority", "asian"})


@pytest.mark.parametrize("bands", [{"<40", "40-64", "65+"}, {"17-39", "40+"}, {"0-17", "18+"}])
def test_bands_that_touch_up_to_an_open_end_are_the_whole(bands):
    assert AGE.is_exhaustive(bands)


@pytest.mark.parametrize(
    "bands",
    [
        {"<40", "40-64"},
        {"<40", "65+"},
        {"<40", "40+", "65+"},
        {"<40", "40-64", "60+"},
        {"<40", "40 and over"},
        set(),
    ],
    ids=["no open end", "gap", "nested", "overlap", "not a band", "nothing"],
)
def test_bands_with_a_gap_or_an_overlap_are_not_the_whole(bands):
    assert not AGE.is_exhaustive(bands)


def test_fifths_of_two_vintages_never_make_one_whole():
    assert FIFTH.is_exhaustive({f"2019:{fifth}" for fifth in range(1, 6)})
    assert not FIFTH.is_exhaustive({*(f"2019:{fifth}" for fifth in range(1, 5)), "2025:5"})


def test_a_dimension_nobody_declared_is_never_known_to_be_whole():
    assert not dimension_named("weekday").is_exhaustive({"monday", "tuesday"})
