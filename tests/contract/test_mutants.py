"""The kit is sharp: whatever breaks a law is caught by that law, and who breaks none passes."""

from __future__ import annotations

import inspect

import pytest
from tests.contract.honest import MUTANTS, HonestContract
from tests.contract.mutants import figures, identity, inputs, privacy, rows

from phm_diabetes.testing import AdapterContract

LAWS = [name for name, _ in inspect.getmembers(AdapterContract) if name.startswith("test_")]

PARTS = (figures, identity, inputs, privacy, rows)


class TestHonest(HonestContract):
    """An adapter that breaks no law."""


@pytest.mark.parametrize(
    ("law", "contract"), [pytest.param(*each, id=each[1].__name__) for each in MUTANTS]
)
def test_what_breaks_a_law_is_caught_by_it(law, contract):
    case = contract.as_case()
    with pytest.raises(pytest.fail.Exception) as failure:
        getattr(contract(), law)(case)
    assert "cannot read its sample" not in str(failure.value), "caught before the law was tried"


def test_every_law_catches_somebody():
    assert set(LAWS) == {law for law, _ in MUTANTS}


def test_there_are_mutants_enough_and_of_every_part_of_the_contract():
    assert len(MUTANTS) >= 25
    assert len(PARTS) == len(
        [base for base in AdapterContract.__bases__ if base.__name__[-4:] == "Laws"]
    )
