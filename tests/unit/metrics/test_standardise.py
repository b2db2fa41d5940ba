"""Standardised rates: bands joined by key, missing counts named, ten events at least."""

from __future__ import annotations

import numpy as np
import pytest

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.direct import dsr
from phm_diabetes.metrics.indirect import expected_events, indirect_rate, indirect_ratio
from phm_diabetes.metrics.poisson_intervals import exact_poisson
from phm_diabetes.metrics.rates import crude_rate
from phm_diabetes.metrics.reference_populations import ESP2013, ReferencePopulation

REGISTER = ReferencePopulation(
    name="the register", bands=("17-39", "40-64", "65+"), people=(300.0, 1500.0, 2000.0),
    source="invented",
)  # fmt: skip


def test_a_standard_population_like_the_units_own_gives_the_crude_rate():
    count, people = np.array([3.0, 9, 20]), np.array([500.0, 400, 300])
    standard, crude = dsr(count, people, people), crude_rate(32, 1200, per=100_000)
    np.testing.assert_allclose(standard, crude)


def test_a_missing_count_is_not_zero_unless_the_caller_says_so():
    count, people = [np.nan, 9, 20], [500, 400, 300]
    assert np.isnan(dsr(count, people, people).value)
    assert dsr(count, people, people, missing_count_is_zero=True).value > 0


def test_nine_events_are_too_few_and_ten_are_enough():
    nine, ten = dsr([[4, 5], [5, 5]], 100, [1, 1]).value
    assert np.isnan(nine)
    assert ten == 5000


def test_a_band_without_people_leaves_the_rate_unknown_and_the_other_areas_alone():
    found = dsr([[8, 8], [8, 8]], [[0, 100], [100, 100]], [1, 1])
    np.testing.assert_array_equal(np.isnan(found.value), [True, False])


def test_dobsons_interval_may_rest_on_the_exact_one():
    exact = dsr([10, 20], 1000, [1, 3], method=exact_poisson)
    byars = dsr([10, 20], 1000, [1, 3])
    assert exact.value == byars.value
    assert exact.lower != byars.lower


def test_several_groups_and_confidences_come_back_in_their_places():
    count = np.full((2, 4, 19), 3)
    found = dsr(count, 1000, ESP2013.people, confidence=[0.95, 0.998])
    assert found.value.shape == (2, 4)
    assert found.lower.shape == (2, 2, 4)


@pytest.mark.parametrize("standard", [[1, -1], [1, np.nan], [0, 0]])
def test_a_standard_population_with_a_hole_is_refused(standard):
    with pytest.raises(StatisticsError, match="standard population"):
        dsr([10, 20], 1000, standard)


def test_the_european_standard_population_is_a_hundred_thousand_in_nineteen_bands():
    assert sum(ESP2013.people) == 100_000
    assert len(ESP2013.bands) == 19


def test_bands_are_joined_by_key_in_any_order_and_may_be_made_up_of_keys():
    np.testing.assert_array_equal(REGISTER.people_in(["65+", "17-39"]), [2000, 300])
    np.testing.assert_array_equal(REGISTER.people_in(["17-64", "65+"]), [1800, 2000])
    np.testing.assert_array_equal(REGISTER.people_in(["17+"]), [3800])
    np.testing.assert_array_equal(ESP2013.people_in(["0–14"]), [16_000])
    np.testing.assert_array_equal(ESP2013.people_in(["< 15", " 85 +"]), [16_000, 2500])


@pytest.mark.parametrize("band", ["17-40", "18-39", "0-39", "unknown", "66+"])
def test_a_band_that_the_reference_does_not_have_is_refused_by_name(band):
    with pytest.raises(StatisticsError, match=f"'{band.replace('+', '.')}' is not a band of"):
        REGISTER.people_in([band])


def test_bands_that_overlap_are_refused():
    with pytest.raises(StatisticsError, match="overlap"):
        REGISTER.people_in(["17-39", "17-64"])


@pytest.mark.parametrize(("bands", "people"), [(("a", "a"), (1, 1)), (("a",), (1, 2)), ((), ())])
def test_a_reference_with_bands_and_people_that_do_not_match_is_refused(bands, people):
    with pytest.raises(StatisticsError, match="Give each band once"):
        ReferencePopulation(name="x", bands=bands, people=people, source="x")


def test_the_reference_itself_has_a_ratio_of_one_and_its_own_rate():
    people, events = np.array([500.0, 400, 300]), np.array([3.0, 9, 20])
    expected = expected_events(people, events, people)
    assert expected == pytest.approx(32)
    assert indirect_ratio(32, expected).value == pytest.approx(1)
    assert indirect_rate(32, expected, reference_rate=32 / 1200).value == pytest.approx(32e5 / 1200)


def test_nothing_expected_is_undefined_and_a_missing_band_leaves_nothing_known():
    assert np.isnan(indirect_ratio([0, 5], 0).value).all()
    assert np.isnan(expected_events([500, np.nan], [1, 1], [100, 100]))
    assert np.isnan(expected_events([500, 500], [1, 1], [100, 0]))
