"""Errors seen in public code about the QOF: adjustments, codes and columns."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from tests.builders import as_file
from tests.writers.qof_files import ACHIEVEMENT, REGIONAL, achievement_csv, record

import phm_diabetes as phm
from phm_diabetes.errors import DefinitionMismatchError, UnlikeError
from phm_diabetes.plugins import measure_cards

ROWS = [
    *record("Y99001", "DM020", numerator=60, denominator=80, pcas=20, achieved_points=15.5),
    *record("Y99002", "DM020", numerator=45, denominator=90, pcas=10, achieved_points=8),
]


def loaded(rows, header=ACHIEVEMENT, label="2223"):
    data = achievement_csv(rows, header)
    return phm.load(as_file(f"ACHIEVEMENT_{label}.csv", data), adapter="england.qof")


def test_trap_denominator_minus_pcas_is_never_computed_again():
    table = loaded(ROWS).table
    assert table["denominator"].tolist() == [80, 90]
    assert phm.estimate(table)["value"].tolist() == [60 / 80, 45 / 90]
    for verb in (phm.intervention_counts, phm.exception_counts):
        assert (verb(table)["denominator"] > table["denominator"]).all()


def test_trap_pcas_are_not_subtracted_after_a_roll_up_either():
    table = loaded(ROWS).table
    whole = {name: int(table[name].sum()) for name in ("numerator", "denominator", "excluded")}
    assert whole == {"numerator": 105, "denominator": 170, "excluded": 30}
    everyone = phm.intervention_counts(table)
    assert int(everyone["denominator"].sum()) == 200


def test_trap_dm036_is_blood_pressure_and_not_hba1c():
    card = measure_cards()["qof.dm036"]
    assert "blood pressure 140/90" in card.name
    assert "hba1c" not in f"{card.name} {card.numerator}".casefold()


def test_trap_dm034_is_a_statin_and_not_hba1c():
    card = measure_cards()["qof.dm034"]
    assert "statin" in card.name
    assert "hba1c" not in f"{card.name} {card.numerator}".casefold()


def test_trap_dm007_is_59_and_dm020_is_58():
    assert "59 mmol/mol" in measure_cards()["qof.dm007"].name
    assert "58 mmol/mol" in measure_cards()["qof.dm020"].name


@pytest.mark.parametrize("order", [*itertools.permutations(range(4))], ids=str)
def test_trap_columns_are_never_read_by_their_position(order):
    header = [ACHIEVEMENT[spot] for spot in order]
    moved = loaded([[row[spot] for spot in order] for row in ROWS], header).table
    pd.testing.assert_frame_equal(
        moved.drop(columns="source"), loaded(ROWS).table.drop(columns="source")
    )


def test_trap_leading_region_columns_shift_nothing():
    pd.testing.assert_frame_equal(
        loaded(ROWS, REGIONAL).table.drop(columns="source"),
        loaded(ROWS).table.drop(columns="source"),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("DM003", "DM019"), ("DM019", "DM033"), ("DM033", "DM036"), ("DM022", "DM034")],
)
def test_trap_a_revision_is_another_measure_and_is_never_compared(one, other):
    practice = loaded(record("Y99001", one, numerator=60, denominator=80, pcas=20)).table
    england = loaded(record("Y99001", other, numerator=70, denominator=80, pcas=20)).table
    england = england.assign(org_level="england", org_code="E92000001")
    both = phm.counts_from(pd.concat([practice, england], ignore_index=True).astype(object))
    found = phm.compare(phm.estimate(both), to="england")
    own = found[found["org_level"] == "practice"]
    assert own["verdict"].tolist() == ["not compared"]


def test_trap_exceptions_and_adjustments_are_not_compared_in_silence():
    old = loaded(
        record("Y99001", "DM012", numerator=60, denominator=80, exceptions=5), label="1819"
    )
    new = loaded(record("Y99001", "DM012", numerator=60, denominator=80, pcas=5), label="1920")
    definitions = {old.table["definition"].iloc[0], new.table["definition"].iloc[0]}
    assert len(definitions) == 2


def test_trap_points_of_a_protected_indicator_are_not_achievement():
    rows = record("Y99001", "DM017", register=90, achieved_points=6)
    extract = loaded(rows, label="2425")
    assert extract.tables["facts"]["attribute"].tolist() == ["dm017.protected_points"]


def test_trap_a_practice_that_is_absent_is_not_zero():
    table = loaded(ROWS[:3]).table
    assert table["org_code"].tolist() == ["Y99001"]
    assert not (table["numerator"] == 0).any()


def test_trap_net_and_intervention_rates_do_not_mix():
    table = loaded(ROWS).table
    with pytest.raises(UnlikeError):
        phm.intervention_counts(phm.intervention_counts(table))
    peers = phm.estimate(pd.concat([table.iloc[:1], phm.intervention_counts(table.iloc[1:])]))
    with pytest.raises(DefinitionMismatchError):
        phm.compare(peers, to=["Y99002"])
