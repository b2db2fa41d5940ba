"""Named peers, summed: a unit among them is left out, and one that is not keeps all of them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.planted import card, counts, row

import phm_diabetes as phm
from phm_diabetes.errors import OptionError

A, B, C, OTHER = "Y99001", "Y99002", "Y99003", "Y99009"
ROWS = (row(A, 80, 100), row(B, 50, 100), row(C, 20, 100), row(OTHER, 40, 100))


def compared(*rows, to=(A, B, C)):
    estimates = phm.estimate(counts(*rows), measures=[card()])
    return phm.compare(estimates, to=list(to), measures=[card()]).set_index("org_code")


def test_a_unit_among_the_peers_is_left_out_of_them():
    found: Any = compared(*ROWS).loc[A]
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (70, 200)
    assert (
        found["caveat"]
        == "The comparator is the sum of 3 practices in the table, this unit left out."
    )


def test_a_unit_that_is_no_peer_is_compared_with_all_of_them():
    found: Any = compared(*ROWS).loc[OTHER]
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (150, 300)
    assert found["caveat"] == "The comparator is the sum of 3 practices in the table."


def test_a_unit_that_is_its_own_only_peer_is_not_compared():
    assert compared(*ROWS, to=[A]).loc[A, "verdict"] == "not compared"


def test_a_unit_of_another_level_is_not_compared():
    pcn = row("U1", 130, 200, org_level="pcn")
    assert compared(*ROWS, pcn).loc["U1", "verdict"] == "not compared"


def test_a_peer_that_is_not_in_the_table_is_named():
    with pytest.raises(OptionError, match="1 of the peers are not in the table: Y99999"):
        compared(*ROWS, to=[A, "Y99999"])


def test_peers_of_two_levels_are_refused():
    with pytest.raises(OptionError, match="of one level; these are of pcn, practice"):
        compared(*ROWS, row("U1", 130, 200, org_level="pcn"), to=[A, "U1"])


def test_no_peers_are_refused():
    with pytest.raises(OptionError, match="peers"):
        compared(*ROWS, to=[])


def test_a_code_is_no_level_and_says_how_to_name_one_peer():
    with pytest.raises(OptionError):
        phm.compare(phm.estimate(counts(*ROWS), measures=[card()]), to=A, measures=[card()])
