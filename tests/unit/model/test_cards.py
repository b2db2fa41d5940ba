"""Cards, areas, levels, Places and policies refuse what would mislead later."""

from __future__ import annotations

import pytest
from tests.planted import card

import phm_diabetes as phm
from phm_diabetes.errors import MeasureNotFoundError, OptionError
from phm_diabetes.model.levels import BUILT_IN_LEVELS, level_named
from phm_diabetes.model.policies import PUBLISHED, SMALL_NUMBERS, Policy, strictest


def area(*cards: phm.Measure) -> phm.DiseaseArea:
    return phm.DiseaseArea(id="copd", name="COPD", description="Planted.", measures=cards)


@pytest.mark.parametrize("name", ["COPD.review", "copd", "copd.", ".review", "copd review", ""])
def test_a_measure_id_is_lower_case_words_joined_by_dots(name):
    with pytest.raises(ValueError, match="id"):
        card(id=name)


@pytest.mark.parametrize(("field", "word"), [("polarity", "up"), ("kind", "percentage")])
def test_a_card_refuses_a_word_outside_its_list(field, word):
    with pytest.raises(ValueError, match=field):
        card(**{field: word})


def test_a_card_cannot_be_changed():
    with pytest.raises(AttributeError):
        card().polarity = "lower"  # type: ignore[misc]


def test_an_area_holds_one_card_of_an_id():
    with pytest.raises(OptionError, match=r"two cards for copd\.review"):
        area(card(), card(name="Another"))


def test_a_measure_that_is_not_there_suggests_the_nearest():
    with pytest.raises(MeasureNotFoundError, match=r"Did you mean 'copd\.review'"):
        area(card())["copd.reviews"]


def test_only_a_level_that_nests_may_stand_between_two_others():
    between = {code for code, level in BUILT_IN_LEVELS.items() if level.nests}
    assert {"pcn", "place", "practice"}.isdisjoint(between)


def test_a_level_of_ones_own_gets_a_name():
    assert level_named("care_community").plural == "care communities"


def test_the_places_are_rules_and_dudley_is_not_a_sub_icb():
    assert phm.DUDLEY.level == "commissioner"
    assert phm.DUDLEY.prescribing_setting == "4"
    assert phm.SEFTON.members == ("01T", "01V")


def test_small_numbers_are_hidden_and_the_others_rounded_half_up():
    counts = (0, 1, 7, 8, 12, 13, 1_234)
    shown = [SMALL_NUMBERS.show(count) for count in counts]
    assert shown == ["0", "*", "*", "10", "10", "15", "1,235"]


def test_half_way_rounds_up_and_not_to_the_even():
    even = Policy(name="tens", round_to=10)
    assert [even.show(count) for count in (5, 15, 25)] == ["10", "20", "30"]


def test_a_count_that_is_not_known_is_not_zero():
    assert SMALL_NUMBERS.show(None) == PUBLISHED.show(None) == "not known"


def test_a_negative_count_is_refused_without_being_quoted():
    with pytest.raises(OptionError) as caught:
        SMALL_NUMBERS.show(-4321)
    assert "4321" not in str(caught.value)


def test_the_strictest_policy_wins_and_none_is_strict():
    assert strictest((PUBLISHED, SMALL_NUMBERS)) is SMALL_NUMBERS
    assert strictest(()) is SMALL_NUMBERS
    assert strictest((PUBLISHED,)) is PUBLISHED
