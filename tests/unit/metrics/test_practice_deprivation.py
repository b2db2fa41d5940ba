"""Practice-level deprivation: a mean over the areas of a list, of one census and one vintage."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phm_diabetes.errors import OptionError, StatisticsError, UnlikeError
from phm_diabetes.metrics.practice_deprivation import deprivation_of_practices

AREAS = {"E01000001": 10.0, "E01000002": 50.0}


def population(areas=None, *, level="lsoa_2011", **cells) -> Any:
    people = {"E01000001": 30, "E01000002": 10} if areas is None else areas
    table = {
        "basis": "registered",
        "org_level": "practice",
        "org_code": "Y99001",
        "area_level": level,
        "area_code": list(people),
        "age_band": "all",
        "sex": "all",
        "counted_on": pd.Timestamp("2021-01-01"),
        "people": list(people.values()),
        "source": "list:1",
        "source_row": range(2, len(people) + 2),
    }
    return pd.DataFrame({**table, **cells})


def scores(areas=None, *, vintage="2019", level="lsoa_2011", **cells) -> Any:
    held = AREAS if areas is None else areas
    table = {
        "score_index": "imd",
        "vintage": vintage,
        "org_level": level,
        "org_code": list(held),
        "score": list(held.values()),
        "rank": pd.array([pd.NA] * len(held), dtype="Int64"),
        "decile": pd.array([pd.NA] * len(held), dtype="Int64"),
        "source": "imd:1",
        "source_row": range(2, len(held) + 2),
    }
    return pd.DataFrame({**table, **cells})


def test_the_mean_is_weighted_by_people_and_is_not_the_mean_of_the_areas():
    assert deprivation_of_practices(population(), scores())["score"].tolist() == [20.0]


def test_it_is_called_practice_level_and_keeps_vintage_and_sources():
    line = deprivation_of_practices(population(), scores()).iloc[0]
    assert (line["score_index"], line["vintage"], line["org_level"]) == (
        "practice_level_imd",
        "2019",
        "practice",
    )
    assert line["source"] == "imd:1 + list:1"


def test_it_has_no_rank_and_no_tenth_since_those_of_areas_do_not_hold_for_practices():
    line = deprivation_of_practices(population(), scores()).iloc[0]
    assert pd.isna(line["rank"])
    assert pd.isna(line["decile"])


def test_areas_of_2021_beside_imd_2019_are_refused_with_the_best_fit_lookup():
    people = population({"E01000001": 30, "E01035001": 10}, level="lsoa_2021")
    with pytest.raises(UnlikeError, match=r"ONS best-fit lookup of LSOA \(2011\) to LSOA \(2021\)"):
        deprivation_of_practices(people, scores())


def test_areas_of_2011_beside_imd_2025_are_refused_even_where_every_code_is_in_both():
    with pytest.raises(UnlikeError, match="areas of level lsoa_2011"):
        deprivation_of_practices(population(), scores(vintage="2025", level="lsoa_2021"))


def test_codes_that_do_not_tell_their_census_are_matched_and_one_without_a_score_is_refused():
    people = population(level="lsoa")
    assert deprivation_of_practices(people, scores())["score"].tolist() == [20.0]
    strange = population({"E01000001": 30, "E01000099": 1}, level="lsoa")
    with pytest.raises(UnlikeError, match="1 English areas have no score"):
        deprivation_of_practices(strange, scores())


def test_people_over_the_border_are_left_out_of_the_mean():
    people = population({"E01000001": 90, "E01000002": 5, "W01000001": 4, "unknown": 1})
    found = deprivation_of_practices(people, scores())["score"].iloc[0]
    assert found == pytest.approx((90 * 10 + 5 * 50) / 95)


def test_a_practice_with_too_many_people_over_the_border_has_no_score():
    people = population({"E01000001": 80, "W01000001": 20})
    assert deprivation_of_practices(people, scores())["score"].isna().all()
    assert deprivation_of_practices(people, scores(), least_scored=0.5)["score"].tolist() == [10.0]


def test_two_vintages_are_never_mixed():
    both: Any = pd.concat([scores(), scores(vintage="2015")])
    with pytest.raises(UnlikeError, match="mixes vintages"):
        deprivation_of_practices(population(), both)


def test_lists_of_two_days_are_never_mixed():
    later = population(counted_on=pd.Timestamp("2022-01-01"))
    both: Any = pd.concat([population(), later])
    with pytest.raises(UnlikeError, match="lists of 2 days"):
        deprivation_of_practices(both, scores())


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"area_level": "", "area_code": ""}, "does not say where"),
        ({"sex": "female"}, "in parts by age or sex"),
        ({"people": [pd.NA, 3]}, "hides how many"),
    ],
)
def test_a_population_that_cannot_give_the_mean_is_refused(cells, words):
    with pytest.raises(StatisticsError, match=words):
        deprivation_of_practices(population(**cells), scores())


def test_the_share_that_must_be_scored_is_a_share():
    with pytest.raises(OptionError, match="from 0 to 1"):
        deprivation_of_practices(population(), scores(), least_scored=90)


@settings(max_examples=20)  # each builds two tables and checks them
@given(st.lists(st.integers(1, 500), min_size=2, max_size=2), st.integers(2, 9))
def test_the_mean_lies_between_its_areas_and_does_not_depend_on_the_size_of_the_list(people, times):
    once = population(dict(zip(AREAS, people, strict=True)))
    more = once.assign(people=once["people"] * times)
    first, second = (
        deprivation_of_practices(each, scores())["score"].iloc[0] for each in (once, more)
    )
    assert 10 <= first <= 50
    assert first == pytest.approx(second)
