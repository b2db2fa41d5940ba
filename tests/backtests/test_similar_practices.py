"""Similar practices on the registers, lists and deprivation as published: aggregates alone."""

from __future__ import annotations

import pytest

import phm_diabetes as phm


@pytest.fixture(scope="module")
def registers(shared):
    path = shared / "data" / "qof" / "raw_2022-23" / "PREVALENCE_2223.csv"
    return phm.load(path, adapter="england.qof_prevalence", period="2022-23").table


@pytest.fixture(scope="module")
def peers(shared, registers):
    folder = shared / "data" / "population"
    fingertips = phm.load(folder / "fingertips_practice_imd2019.csv").tables["scores"]
    score = fingertips[fingertips["org_level"] == "practice"].set_index("org_code")["score"]
    lists = {
        name: registers[registers["measure"] == measure].set_index("org_code")["denominator"]
        for name, measure in {"everybody": "copd.register", "aged_50": "ost.register"}.items()
    }
    everybody = lists["everybody"].astype(float)
    attributes = everybody.rename("list_size").to_frame()
    attributes["aged_50"] = lists["aged_50"].astype(float) / everybody
    attributes["deprivation"] = score.reindex(attributes.index)
    return phm.similar(10, attributes.reset_index(), log=["list_size"])


def test_nearly_every_practice_has_ten_peers_and_the_others_are_reported(peers):
    assert len(peers.practices) == 6_344
    assert peers.left_out["missing"].value_counts().to_dict() == {"deprivation": 34}
    assert (peers.table.groupby("org_code").size() == 10).all()


def test_peers_are_much_nearer_than_practices_at_large(peers):
    nearest = peers.table.groupby("place")["distance"].mean()
    # Two practices taken at random differ by the root of 2 in every attribute.
    assert nearest[1] < 0.1
    assert nearest[10] < 0.2


def test_registers_are_nearer_those_of_similar_practices_than_those_of_england(registers, peers):
    estimates = phm.estimate(registers[registers["measure"] == "dm.register"])
    beside = phm.compare(estimates, to=peers)
    england = phm.compare(estimates, to="england", england="sum_of_practices")
    assert (beside["verdict"] == "not compared").sum() == 34
    assert beside["difference"].abs().mean() < 0.9 * england["difference"].abs().mean()
