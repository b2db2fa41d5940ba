"""Who leaves more people out of an indicator than others do, found by the verbs there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.outliers import Funnel, RobustZ

ROW = {
    "dataset": "QOF",
    "measure": "qof.dm020",
    "definition": "qof:DM020:pca",
    "org_level": "practice",
    "period_start": "2022-04-01",
    "period_end": "2023-03-31",
}
PLANTED, EMPTY = "Y99041", "Y99042"
DETECTORS = (Funnel(overdispersion="none"), Funnel(overdispersion="SHMI"), RobustZ())


def practice(code, eligible, left_out, share=0.6):
    rest = eligible - left_out
    return {
        **ROW,
        "org_code": code,
        "numerator": round(rest * share),
        "denominator": rest,
        "excluded": left_out,
    }


def peers(seed=1, chance=0.06):
    drawn = np.random.default_rng(seed).binomial(400, chance, 40)
    return [practice(f"Y99{spot:03}", 400, int(each)) for spot, each in enumerate(drawn, start=1)]


def flags(detector, *rows):
    counts = phm.exception_counts(phm.counts_from(list(rows)))
    return detector(phm.estimate(counts)).set_index("org_code")


@pytest.mark.parametrize("detector", DETECTORS, ids=str)
def test_a_practice_that_leaves_out_30_percent_stands_out_and_no_other(detector):
    found = flags(detector, *peers(), practice(PLANTED, 400, 120))
    assert found.index[found["flagged"].fillna(value=False)].tolist() == [PLANTED]
    assert found.loc[PLANTED, "direction"] == "high"
    assert found.loc[PLANTED, "value"] == pytest.approx(0.3)


@pytest.mark.parametrize("detector", DETECTORS, ids=str)
def test_a_practice_without_anybody_eligible_is_skipped_with_a_note_and_kept(detector):
    found = flags(detector, *peers(), practice(PLANTED, 400, 120), practice(EMPTY, 0, 0))
    assert len(found) == 42
    assert found["flagged"].isna().sum() == 1
    assert found.loc[EMPTY, "why"] == "denominator is zero"
    assert found.loc[EMPTY, "reason"] == "denominator is zero"


def test_a_practice_that_says_nothing_of_them_is_skipped_with_another_note():
    silent = practice(EMPTY, 400, 20) | {"excluded": None}
    found = flags(DETECTORS[0], *peers(), silent)
    assert found["flagged"].isna().sum() == 1
    assert "missing" in found.loc[EMPTY, "why"]


def test_achievement_alone_does_not_show_who_leaves_people_out():
    rows = phm.counts_from([*peers(), practice(PLANTED, 400, 120)])
    detector = DETECTORS[0]
    net = detector(phm.estimate(rows)).set_index("org_code")
    everyone = detector(phm.estimate(phm.intervention_counts(rows))).set_index("org_code")
    assert not net.loc[PLANTED, "flagged"]
    assert everyone.loc[PLANTED, "flagged"]
    assert everyone.loc[PLANTED, "direction"] == "low"


def test_leaving_people_out_is_neither_better_nor_worse():
    counts = phm.exception_counts(phm.counts_from([*peers(), practice(PLANTED, 400, 120)]))
    compared = phm.compare(phm.estimate(counts), to="england", england="sum_of_practices")
    own = compared.set_index("org_code").loc[PLANTED]
    assert own["verdict"] == "higher"
    assert "Leaving somebody out can be right" in own["caveat"]


def test_an_indicator_without_adjustments_has_no_such_rate():
    with pytest.raises(OptionError, match="left out"):
        phm.exception_counts(phm.counts_from([practice("Y99001", 400, 20) | {"excluded": None}]))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_practices_that_leave_out_alike_are_hardly_ever_flagged(seed):
    found = flags(DETECTORS[0], *peers(seed))
    assert found["flagged"].sum() <= 3
