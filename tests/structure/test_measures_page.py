"""The page of measure cards says all that a card says, of every measure of the areas it shows."""

from __future__ import annotations

import importlib.util
import re
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

import phm_diabetes as phm
from phm_diabetes.plugins import measure_cards

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "measures.md"
CARDS = measure_cards()


def _page():
    place = ROOT / "docs" / "_ext" / "measure_tables.py"
    found = importlib.util.spec_from_file_location("measure_tables", place)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


page = _page()


def test_the_page_shows_the_areas_of_diabetes():
    shown = re.findall(r"```\{measures\} (\w+)", PAGE.read_text(encoding="utf-8"))
    assert shown == ["diabetes", "qof_indicators"]
    assert set(shown) <= set(phm.list_disease_areas()["name"])


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.id)
def test_a_card_is_told_whole(card):
    told = dict(page.facts_of(card))
    assert told["numerator"] == [card.numerator]
    assert told["denominator"] == [card.denominator]
    assert [line.split(" (", 1)[0] for line in told["definitions"]] == [
        each.id for each in card.definitions
    ]
    assert all(
        each.source in line
        for each, line in zip(card.definitions, told["definitions"], strict=True)
    )
    assert set(card.caveats) <= set(told["caveats"])
    assert card.kind in told["figure"][0]
    assert "better" in told["figure"][0]
    assert told["reviewed"] == [card.reviewed.isoformat()]


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.id)
def test_a_card_was_reviewed_and_has_a_definition_and_a_caveat(card):
    assert date(2026, 11, 1) <= card.reviewed
    assert card.definitions
    assert card.caveats
    assert all(each.words and each.source for each in card.definitions)


def test_ages_scales_and_dates_are_words():
    card = CARDS["dm.register"]
    ages = ((None, None), (17, None), (None, 79), (17, 79))
    assert [page.ages_of(evolve(card, age_range=each)) for each in ages] == [
        "any age",
        "17 and over",
        "to 79",
        "17 to 79",
    ]
    assert page.figure_of(evolve(card, per=1000, kind="rate")).startswith(
        "rate of people, per 1,000;"
    )
    definition = card.definitions[0]
    first, last = date(2020, 4, 1), date(2021, 3, 31)
    for begins, ends, words in (
        (None, None, "dates not stated"),
        (first, None, "from 2020-04-01"),
        (None, last, "to 2021-03-31"),
        (first, last, "from 2020-04-01 to 2021-03-31"),
    ):
        own = evolve(definition, valid_from=begins, valid_to=ends)
        assert page.dates_of(own) == words


def test_a_target_says_where_everyone_registered_is_counted():
    assert ("everyone registered", ["the denominator of dm.cp8"]) in page.facts_of(CARDS["dm.tt3"])
    assert "everyone registered" not in dict(page.facts_of(CARDS["dm.cp8"]))
