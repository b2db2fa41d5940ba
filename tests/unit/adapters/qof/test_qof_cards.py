"""Cards of the indicators: one code, one measure; what is known of its years is dated."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from phm_diabetes.disease_areas.qof_codes import ages_of, definition_of
from phm_diabetes.disease_areas.qof_diabetes import DIABETES_INDICATORS
from phm_diabetes.disease_areas.qof_indicators import AREA
from phm_diabetes.disease_areas.qof_protection import is_protected
from phm_diabetes.errors import OptionError
from phm_diabetes.plugins import measure_cards

CODES = {each.code: each for each in DIABETES_INDICATORS}


def test_every_indicator_has_its_card_and_a_card_for_those_left_out():
    for code in CODES:
        if code != "DM017":
            assert {f"qof.{code.casefold()}", f"qof.{code.casefold()}_excluded"} <= set(AREA.ids)
    assert "qof.dm017_register" in AREA.ids
    assert set(AREA.ids) <= set(measure_cards())


@pytest.mark.parametrize(
    ("codes", "first", "last"),
    [
        (("DM002", "DM003", "DM004", "DM007", "DM008", "DM009"), None, "2018-19"),
        (("DM019",), "2019-20", "2022-23"),
        (("DM033",), "2023-24", "2024-25"),
        (("DM036",), "2025-26", None),
        (("NDH001",), "2020-21", "2022-23"),
    ],
)
def test_indicators_are_dated(codes, first, last):
    for code in codes:
        assert (CODES[code].first, CODES[code].last) == (first, last)


def test_no_two_blood_pressure_indicators_of_a_revision_are_in_force_in_one_year():
    spells = [AREA[f"qof.{code}"].definitions[0] for code in ("dm019", "dm033", "dm036")]
    for before, after in pairwise(spells):
        assert before.valid_to is not None
        assert after.valid_from is not None
        assert before.valid_to < after.valid_from


def test_a_definition_says_from_when_to_when_it_held():
    definition = AREA["qof.dm019"].definitions[0]
    assert (definition.valid_from, definition.valid_to) == (date(2019, 4, 1), date(2023, 3, 31))


@pytest.mark.parametrize("code", sorted({*CODES} - {"DM017"}))
def test_what_the_adapter_writes_is_a_definition_of_the_card(code):
    known = {each.id for each in AREA[f"qof.{code.casefold()}"].definitions}
    for year in (2016, 2022, 2026):
        assert definition_of(code, date(year, 4, 1)) in known


def test_the_income_protected_indicators_of_2024_25_are_32():
    protected = [
        *("AF001", "AST005", "CAN001", "CHD001", "CKD005", "COPD015", "DEM001", "DM017", "EP001"),
        *("HF001", "HYP001", "LD004", "MH001", "OB003", "OST004", "PAD001", "PC001", "RA001"),
        *("STIA001", "AST008", "CAN004", "CAN005", "COPD014", "DEP004", "MH021", "SMOK005"),
        *("QI013", "QI014", "QI016", "QI017", "QI018", "QI019"),
    ]
    assert len(protected) == 32
    assert all(is_protected(code, date(2024, 4, 1)) for code in protected)
    assert not any(is_protected(code, date(2023, 4, 1)) for code in protected)
    assert not is_protected("DM020", date(2024, 4, 1))


def test_protection_is_said_beside_the_figures_of_its_years_only():
    card = AREA["qof.dm017_register"]

    def said(year):
        return " ".join(card.caveats_for(date(year, 4, 1), date(year + 1, 3, 31)))

    assert "paid as in the year before" in said(2024)
    assert "COVID-19" in said(2020)
    assert "COVID-19" not in said(2022)


def test_every_achievement_card_warns_of_those_left_out_and_of_local_schemes():
    for code in ("qof.dm020", "qof.ndh002"):
        caveats = " ".join(AREA[code].caveats)
        assert "personalised care adjustments" in caveats
        assert "local scheme" in caveats


@pytest.mark.parametrize(
    ("code", "ages"),
    [("TOTAL", (None, None)), ("18OV", (18, None)), ("06_19", (6, 19)), ("UN01", (None, 0))],
)
def test_list_types_say_their_ages(code, ages):
    assert ages_of(code) == ages


def test_an_unknown_list_type_is_an_error():
    with pytest.raises(OptionError, match="not the code of a patient list"):
        ages_of("OVER")
