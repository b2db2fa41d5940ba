"""Similar practices: the nearest by stated attributes, never itself, whatever the order of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.planted import card, counts, geography, hidden, row

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.mover import difference
from phm_diabetes.metrics.proportions import proportion

CODES = tuple(f"Y99{number:03}" for number in range(1, 9))
NEAR, FAR = CODES[:4], CODES[4:]
ATTRIBUTES = pd.DataFrame(
    {
        "org_code": CODES,
        "list_size": [2000, 2100, 2200, 2300, 9000, 9100, 9200, 9300],
        "deprivation": [10.0, 11.0, 12.0, 13.0, 40.0, 41.0, 42.0, 43.0],
    }
)
SEEN = dict(zip(CODES, (60, 80, 82, 84, 30, 32, 34, 36), strict=True))
GEO = geography({code: {"pcn": "U1" if spot % 4 < 2 else "U2"} for spot, code in enumerate(CODES)})


def compared(*more, to, geo=None, seen=SEEN):
    rows = [row(code, count, 100) for code, count in seen.items()]
    estimates = phm.estimate(counts(*rows, *more), measures=[card()])
    return phm.compare(estimates, to=to, geo=geo, measures=[card()]).set_index("org_code")


def test_each_practice_has_its_nearest_peers_and_is_never_its_own():
    peers = phm.similar(3, ATTRIBUTES)
    assert all(set(peers.peers_of(code)) == set(NEAR) - {code} for code in NEAR)
    assert all(set(peers.peers_of(code)) == set(FAR) - {code} for code in FAR)
    assert peers.peers_of(CODES[0]) == (CODES[1], CODES[2], CODES[3])
    assert (peers.table["org_code"] != peers.table["peer"]).all()


def test_the_distance_is_the_root_of_the_weighted_mean_of_squares_of_standard_scores():
    weights = {"deprivation": 3.0}
    found = phm.similar(7, ATTRIBUTES, log=["list_size"], weights=weights)
    raw = np.column_stack([ATTRIBUTES["deprivation"], np.log(ATTRIBUTES["list_size"])])
    z = (raw - raw.mean(0)) / raw.std(0)
    wanted = np.sqrt(((z[0] - z) ** 2 * [3, 1]).sum(1) / 4)
    own = found.table[found.table["org_code"] == CODES[0]].set_index("peer")["distance"]
    assert own[list(CODES[1:])].to_numpy() == pytest.approx(wanted[1:], rel=1e-12)
    said = str(found)
    assert "by deprivation x 3, list_size (log)." in said
    assert "deprivation: plain scale, mean 26.5, standard deviation 15.04, weight 3." in said


def test_a_weight_moves_who_is_near():
    table = pd.DataFrame(
        {"org_code": list("ABC"), "list_size": [1.0, 1.1, 9.0], "deprivation": [1.0, 9.0, 1.1]}
    )
    assert phm.similar(1, table, weights={"list_size": 5}).peers_of("A") == ("B",)
    assert phm.similar(1, table, weights={"deprivation": 5}).peers_of("A") == ("C",)


def test_ties_are_broken_by_code_whatever_the_order_of_rows_and_are_counted():
    table = pd.DataFrame({"org_code": list("CADB"), "list_size": [3, 1, 4, 2]})
    peers = phm.similar(1, table)
    assert peers.peers_of("B") == ("A",)  # C is as near
    assert peers.tied == ("B", "C")
    assert "For 2 another is as near as the last: the first by code is taken." in str(peers)
    for seed in range(5):
        mixed = table.sample(frac=1, random_state=seed)[["list_size", "org_code"]]
        pd.testing.assert_frame_equal(phm.similar(1, mixed).table, peers.table)


def test_a_practice_without_an_attribute_has_no_peers_is_nobodys_and_is_reported():
    table = ATTRIBUTES.assign(deprivation=ATTRIBUTES["deprivation"].mask(ATTRIBUTES.index == 1))
    peers = phm.similar(2, table)
    assert peers.left_out.to_numpy().tolist() == [[CODES[1], "deprivation"]]
    assert CODES[1] not in set(peers.table["peer"])
    assert "Left out, and nobody's peers: 1 without deprivation." in str(peers)
    found: Any = compared(to=peers).loc[CODES[1]]
    assert found["verdict"] == "not compared"
    assert found["caveat"].endswith("No similar practices, for want of deprivation.")


def test_the_peers_are_pooled_and_the_difference_has_newcombes_interval():
    found: Any = compared(to=phm.similar(3, ATTRIBUTES)).loc[CODES[0]]
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (246, 300)
    assert (found["comparator"], found["comparator_code"]) == ("similar", f"similar to {CODES[0]}")
    wanted = difference(proportion(60, 100), proportion(246, 300))
    got = found[["difference", "difference_lower", "difference_upper"]].tolist()
    assert got == pytest.approx([float(each) for each in wanted], rel=1e-12)
    assert (found["verdict"], found["comparator_units"]) == ("worse", 3)
    assert found["caveat"] == (
        "The comparator is the sum of practices in the table, the most similar by deprivation, "
        "list_size."
    )


def test_the_same_answer_comes_from_naming_the_peers():
    peers = phm.similar(3, ATTRIBUTES)
    similar: Any = compared(to=peers)
    named: Any = compared(to=list(peers.peers_of(CODES[5])))
    columns = ["comparator_numerator", "comparator_denominator", "difference", "verdict"]
    assert similar.loc[CODES[5], columns].tolist() == named.loc[CODES[5], columns].tolist()


def test_a_pcn_is_held_against_the_peers_of_its_practices_that_are_not_its_own():
    pcn = row("U1", 202, 400, org_level="pcn")
    found: Any = compared(pcn, to=phm.similar(3, ATTRIBUTES), geo=GEO).loc["U1"]
    others = [CODES[2], CODES[3], CODES[6], CODES[7]]
    assert found["comparator_units"] == 4
    assert found["comparator_numerator"] == sum(SEEN[code] for code in others)
    without: Any = compared(pcn, to=phm.similar(3, ATTRIBUTES)).loc["U1"]
    assert without["verdict"] == "not compared"


def test_a_hidden_peer_leaves_a_range_and_not_a_zero():
    rest = {code: count for code, count in SEEN.items() if code != CODES[1]}
    found: Any = compared(hidden(CODES[1], 1, 7, 100), to=phm.similar(3, ATTRIBUTES), seen=rest)
    assert found.loc[CODES[0], "verdict"] == "not compared"
    assert found.loc[CODES[0], "rounding"] == "cannot tell"
    assert found.loc[CODES[6], "verdict"] != "not compared"


def test_peers_that_are_not_in_the_table_are_refused():
    few = {code: SEEN[code] for code in CODES[:6]}
    with pytest.raises(
        OptionError, match=r"2 of the practices .* not in the table: Y99007, Y99008"
    ):
        compared(to=phm.similar(3, ATTRIBUTES), seen=few)


def test_everything_wrong_with_the_attributes_is_said_at_once():
    table = pd.DataFrame(
        {"org_code": ["A", "A"], "system": ["x", "y"], "same": [1, 1], "list_size": [0, 5]}
    )
    with pytest.raises(OptionError) as error:
        phm.similar(0, table, log=["list_size", "lists"], weights={"same": -1})
    for words in (
        "from 1, not 0",
        "1 rows are of a practice that has one already",
        "'system' is not in numbers",
        "'same' is the same everywhere",
        "'list_size' is not above 0 everywhere",
        "'lists' is no attribute",
        "the weight of 'same' is -1",
    ):
        assert words in str(error.value)


def test_more_peers_than_other_practices_are_refused():
    with pytest.raises(OptionError, match="8 practices have every attribute"):
        phm.similar(8, ATTRIBUTES)
    assert len(phm.similar(7, ATTRIBUTES).peers_of(CODES[0])) == 7


def test_a_drill_holds_practices_and_pcns_against_their_peers_and_lists_them():
    peers = phm.similar(3, ATTRIBUTES)
    found = phm.drill(
        counts(*(row(code, count, 100) for code, count in SEEN.items())),
        geo=GEO, measures=[card()], rule="all", below="point", to=peers,
    )  # fmt: skip
    assert found.found == {CODES[0], CODES[4], CODES[5]}
    first = str(found).splitlines()[0]
    assert first.startswith(
        "1 PCN, and in it 3 practices, below its 3 most similar practices on copd.review"
    )
    told = found.explain(CODES[0])
    assert f"comparator: practices similar to {CODES[0]}" in told
    assert f"  1. {CODES[1]}: 0.05 apart (deprivation 11, list_size 2,100)" in told
    assert str(found.findings[0]).count("its 3 most similar practices") == 1
    reasons = phm.recurrent([found], at_least=1).table.iloc[0, -1]
    assert reasons == "below its 3 most similar practices on copd.review"


def test_luck_is_drawn_against_the_same_peers():
    found = phm.drill(
        counts(*(row(code, count, 100) for code, count in SEEN.items())),
        geo=GEO, measures=[card()], rule="all", below="point", to=phm.similar(3, ATTRIBUTES),
    )  # fmt: skip
    luck = phm.expected_by_luck(found, simulations=50)
    assert set(luck.table["found"]) == {3}


def test_thousands_of_practices_are_told_apart_in_blocks_as_they_are_at_once():
    random = np.random.default_rng(3)
    size = 1203
    table = pd.DataFrame(
        {"org_code": [f"P{n:05}" for n in range(size)], "a": random.integers(0, 30, size),
         "b": random.normal(size=size)}
    )  # fmt: skip
    found = phm.similar(4, table)
    z = table[["a", "b"]].to_numpy(float)
    z = (z - z.mean(0)) / z.std(0)
    apart = np.sqrt(((z[:, None] - z) ** 2).sum(-1) / 2)
    np.fill_diagonal(apart, np.inf)
    wanted = np.sort(apart, axis=1)[:, :4]
    got = found.table["distance"].to_numpy().reshape(size, 4)
    assert got == pytest.approx(wanted, abs=1e-9)
