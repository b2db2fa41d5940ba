"""The audit's cards say who is counted, in whose words, and what went wrong when."""

from __future__ import annotations

from datetime import date

import pytest

from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.disease_areas.nda_known_issues import KNOWN_ISSUES

NDA = [card for card in AREA.measures if card.source.startswith("National Diabetes Audit")]


def test_ids_are_unique_and_all_there():
    assert len(set(AREA.ids)) == len(AREA.ids)
    assert {"dm.cp8", "dm.cp9", "dm.tt3", "dm.registrations", "ndh.registrations"} <= set(AREA.ids)


@pytest.mark.parametrize("card", NDA, ids=lambda card: card.id)
def test_a_card_is_whole(card):
    assert card.definitions
    assert card.caveats
    assert card.why.endswith(".")
    assert all("{" not in each.words for each in card.definitions)
    assert len({each.id for each in card.definitions}) == len(card.definitions)


@pytest.mark.parametrize("card", NDA, ids=lambda card: card.id)
def test_care_is_better_when_higher_and_people_are_neither(card):
    expected = "higher" if card.id.startswith(("dm.cp", "dm.tt", "dm.education")) else "neither"
    assert card.polarity == expected


def test_ages_are_the_audits():
    assert AREA["dm.cp.hba1c"].age_range == (None, None)
    assert AREA["dm.cp8"].age_range == (None, None)
    for name in ("bp", "cholesterol", "creatinine", "urine_albumin", "foot", "bmi", "smoking"):
        assert AREA[f"dm.cp.{name}"].age_range == (12, None)
    assert AREA["dm.tt.bp_140_80"].age_range == (12, None)
    assert AREA["dm.tt.statin_primary"].age_range == (40, 80)


def test_a_target_says_that_only_people_with_a_reading_count():
    for name in ("dm.tt.hba1c_58", "dm.tt.bp_140_80", "dm.tt.cholesterol_5", "dm.tt3"):
        assert any("with a reading" in words for words in AREA[name].caveats)


def test_all_three_targets_have_three_definitions_in_two_windows_among_two_kinds_of_people():
    ids = [each.id for each in AREA["dm.tt3"].definitions]
    assert len([each for each in ids if not each.endswith("+registered")]) == 6
    assert len(ids) == 12


def test_the_ninth_process_has_no_definition_for_2018_19():
    for name in ("dm.cp.retinal", "dm.cp9"):
        assert not [
            each
            for each in AREA[name].definitions
            if (each.valid_from or date.min) <= date(2018, 6, 1) <= (each.valid_to or date.max)
        ]


def test_a_known_issue_rides_with_its_period_only():
    card = AREA["dm.cp.retinal"]
    of_2019 = card.caveats_for(date(2019, 1, 1), date(2020, 3, 31))
    assert any("Liverpool" in words for words in of_2019)
    of_2022 = card.caveats_for(date(2022, 1, 1), date(2023, 3, 31))
    assert of_2022 == card.caveats


def test_every_cut_is_called_provisional():
    words = AREA["dm.cp8"].caveats_for(date(2023, 1, 1), date(2023, 9, 30))
    assert any("provisional" in each for each in words)


def test_no_known_issue_names_a_cause_or_a_practice():
    for _, issue in KNOWN_ISSUES:
        assert "poor" not in issue.words
        assert issue.source
