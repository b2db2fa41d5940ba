"""Planted episodes are the same everywhere, name nobody real, and are what they say they are."""

from __future__ import annotations

import hashlib

import pandas as pd

from phm_diabetes import demo
from phm_diabetes.demo.episode_plants import planted_people

PLANTED = {practice.code for practice in demo.truth().practices}


def test_episodes_are_the_same_on_every_machine_and_in_every_call():
    text = demo.episodes().to_csv(index=False, lineterminator="\n")
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "e70b3e86511283ca"
    assert demo.episodes().equals(demo.episodes())
    changed = demo.episodes()
    changed["SEX"] = "9"
    assert set(demo.episodes()["SEX"]) == {"1", "2"}


def test_only_planted_practices_and_an_invented_trust_are_named():
    rows = demo.episodes()
    assert set(rows["GPPRAC"]) <= PLANTED
    assert set(rows["PROCODE3"]) == {"Y9T"}


def test_every_stay_ends_within_the_three_years():
    ends = pd.to_datetime(demo.episodes()["EPIEND"])
    assert ends.min() >= pd.Timestamp(demo.EPISODE_YEARS.start)
    assert ends.max() <= pd.Timestamp(demo.EPISODE_YEARS.end)


def test_people_at_risk_add_up_at_every_level_and_by_every_dimension():
    truth = demo.episodes_truth()
    for by in ((), ("age_band",), ("sex", "imd_quintile"), ("ethnicity",)):
        counts = demo.people_at_risk(*by)
        for level in ("england", "icb"):
            own = counts[counts["org_level"] == level]
            assert own["numerator"].sum() == 3 * truth.people
            assert not own.duplicated(["org_code", "period_end", *by]).any()


def test_risk_of_amputation_rises_to_twice_that_of_the_least_deprived():
    people = planted_people()
    shares = people.groupby("fifth")["major"].mean()
    assert demo.episodes_truth().ratio == 2
    assert 1.6 < shares[1] / shares[5] < 2.7
    assert set(people.groupby("fifth").size()) == {24_000}
