"""The review of Dudley, from files in its own layouts: five lines, and what no tool says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import phm_diabetes as phm
from phm_diabetes import demo

DUDLEY = {"place": "dudley"}


CHECKS = ("dm.cp.hba1c", "dm.cp.bp", "dm.cp.cholesterol")
PLANTED = demo.review_truth()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("review")
    demo.write_review(made)
    return made


@pytest.fixture(scope="module")
def geo(folder):
    return phm.Geography.from_memberships(
        phm.load(folder / "MAPPING_NHS_GEOGRAPHIES_2223.csv"),
        phm.load(folder / "epcmem.csv"),
        phm.load(folder / "epraccur.csv"),
        places=[demo.REVIEW_PLACE],
    )


@pytest.fixture(scope="module")
def audit(folder, geo):
    return phm.load(folder / "audit.csv", adapter="dudley.nda", geo=geo)


@pytest.fixture(scope="module")
def drilled(geo, audit):
    def drill(*measures):
        return phm.drill(
            audit.table, measures=measures, rule="all", below="point", geo=geo, within=DUDLEY
        )

    return drill


@pytest.fixture(scope="module")
def reviewed(drilled):
    """Return what the five lines of a review make."""
    care = drilled(*CHECKS)
    targets = drilled("dm.tt3")
    feet = drilled("dm.cp.foot")
    both = care & targets
    shortlist = phm.recurrent({"care": care, "targets": targets, "feet": feet}, at_least=2)
    return care, targets, both, shortlist.shortlist(6)


def test_three_checks_are_low_in_3_pcns_and_in_them_9_practices(reviewed):
    care, *_ = reviewed
    assert str(care).startswith("3 PCNs, and in them 9 practices, below England on all of ")
    assert care.found == PLANTED.low_on_checks


def test_treatment_targets_are_low_in_4_pcns_and_in_them_11_practices(reviewed):
    _, targets, *_ = reviewed
    assert str(targets).startswith("4 PCNs, and in them 11 practices, below England on dm.tt3")
    assert targets.found == PLANTED.low_on_targets


def test_both_are_low_in_the_same_3_pcns_and_in_them_5_practices_by_every_path(reviewed):
    care, _, both, _ = reviewed
    assert str(both).splitlines()[0] == "3 PCNs, and in them 5 practices, on both."
    assert set(both.paths["via_code"]) == set(care.reading.parents)
    assert both.paths.groupby("org_code").size().tolist() == [2] * 5
    first = min(both.found)
    assert "on both" in both.explain(first)
    assert (care | reviewed[1]).counts == (4, 15)
    assert (care - reviewed[1]).counts == (3, 4)


def test_six_are_chosen_with_rounding_luck_and_stability_beside_each(reviewed):
    _, _, both, shortlist = reviewed
    assert len(shortlist.codes) == 6
    assert not shortlist.tied
    assert set(shortlist.codes) == PLANTED.to_visit > both.found
    luck = phm.expected_by_luck(shortlist, simulations=300)
    beside = shortlist.beside(luck=luck, stability=phm.stability(shortlist, draws=2))
    table = beside.table
    assert table["rounding"].isin(["holds", "likely holds", "may change"]).all()
    assert table["stability"].between(0, 1).all()
    assert set(luck.table["null"]) == {"a", "b"}
    found = luck.table[luck.table["rule"] == "in at least 2 of 3 domains"]
    assert (found["found"] == 6).all()
    # Practices that do not differ would make a list of some four, which the reader is told.
    assert found.loc[found["null"] == "b", "expected"].between(3, 5).all()
    assert "not a ranking of quality" in str(beside)


def test_pcns_of_the_greatest_variability_are_a_gate_of_their_own(geo, audit):
    from phm_diabetes.outliers import Spread

    found = phm.drill(
        audit.table,
        measures=["dm.cp.bp"],
        rule="all",
        below="point",
        gate=Spread(geo=geo, within="pcn"),
        geo=geo,
        within=DUDLEY,
    )
    assert found.reading.parents == ("U99901", "U99902", "U99903")
    assert "by spread" in str(found)


@pytest.fixture(scope="module")
def scheme(folder, geo):
    adapter = phm.LocalScheme.from_manifest(folder / "dqof.toml")
    found = phm.load(folder / "return.xlsx", adapter=adapter, geo=geo, period="2022-23")
    return adapter.scheme, found


@pytest.mark.long
def test_the_example_prints_the_review_from_end_to_end(tmp_path, capsys, monkeypatch):
    script = Path(__file__).parents[2] / "examples" / "dudley_review.py"
    monkeypatch.setattr("sys.argv", [str(script), str(tmp_path)])
    runpy.run_path(str(script))
    said = capsys.readouterr().out
    for words in (
        "3 PCNs, and in them 9 practices, below England",
        "4 PCNs, and in them 11 practices, below England",
        "3 PCNs, and in them 5 practices, on both.",
        "6 practices. A list of whom to visit, not a ranking of quality.",
        "Only (b) bears on which practice to visit",
        "1. Consistent with scheme displacement",
        "audit.csv › row 4",
    ):
        assert words in said


def test_the_planted_coding_error_comes_first(folder, geo, scheme):
    described, local = scheme
    national = phm.load(folder / "qof.zip", adapter="dudley.qof", geo=geo, period="2022-23")
    found = phm.reconcile(
        national,
        local,
        measure=described.with_national("dqof.pd1")[::-1],
        geo=geo,
        within=DUDLEY,
        local_scheme="DQOF",
    )
    assert found.grade == "explained"
    assert found.explanations[0].name == "scheme displacement"
    assert found.stamp is not None


def test_a_planted_true_gap_is_not_called_coding(geo, scheme, audit):
    described, local = scheme
    found = phm.reconcile(
        audit.table,
        local,
        measure=described.with_national("dqof.bp1")[::-1],
        geo=geo,
        within=DUDLEY,
        local_scheme="DQOF",
        allow_mixed="fifteen months against twelve: planted alike",
    )
    assert found.grade == "validated"
    assert not [each for each in found.explanations if each.score >= 0.8]
    # The nine are as low in the scheme that pays for the work, so the gap is one of care.
    practices = found.practices.set_index("org_code")
    low = practices.loc[practices.index.isin(PLANTED.low_on_checks), ["a_value", "b_value"]]
    assert low.shape == (9, 2)
    assert (low < 90).all(axis=None)
