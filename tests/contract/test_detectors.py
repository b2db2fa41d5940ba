"""Every detector keeps the contract, and the contract catches what breaks it."""

from __future__ import annotations

import attrs
import pandas as pd
import pytest
from tests.planted import geography

import phm_diabetes as phm
from phm_diabetes.errors import PhmError
from phm_diabetes.outliers import (
    BelowBenchmark,
    Cusum,
    Funnel,
    PercentileBand,
    Recipe,
    RobustZ,
    Spread,
    TukeyFence,
    WorstDecile,
    XmR,
    all_of,
    any_of,
    at_least,
    persistent,
    within,
)
from phm_diabetes.testing import DetectorContract
from phm_diabetes.testing.planted_table import PLANTED_CARD, UNITS

CARDS = (PLANTED_CARD,)
GEO = geography(
    {code: {"pcn": f"U9900{place % 3}"} for place, code in enumerate((*UNITS, "Y99101", "Y99103"))}
)
OURS = Recipe(name="ours", model="multiplicative", scale="arcsine")


class TestFunnel(DetectorContract):
    detector = Funnel(overdispersion="none", measures=CARDS)


class TestFunnelByOhid(DetectorContract):
    detector = Funnel(overdispersion="none", method="ohid", confidence=0.95, measures=CARDS)


class TestFunnelWithShmi(DetectorContract):
    detector = Funnel(overdispersion="SHMI", measures=CARDS)


class TestFunnelWithCqc(DetectorContract):
    detector = Funnel(overdispersion="CQC", target=0.5, measures=CARDS)


class TestFunnelWithARecipeOfOnesOwn(DetectorContract):
    detector = Funnel(overdispersion=OURS, measures=CARDS)


class TestRobustZ(DetectorContract):
    detector = RobustZ(measures=CARDS)


class TestTukeyFence(DetectorContract):
    detector = TukeyFence(measures=CARDS)


class TestPercentileBand(DetectorContract):
    detector = PercentileBand(measures=CARDS)


class TestWorstDecile(DetectorContract):
    detector = WorstDecile(measures=CARDS)


class TestWorstDecileThatLasts(DetectorContract):
    detector = WorstDecile(persistent=3, measures=CARDS)
    periods = 4


class TestXmR(DetectorContract):
    # Within its baseline a point that is moved moves the limits too.
    detector = XmR(baseline=11, measures=CARDS)
    periods = 12


class TestCusumByChance(DetectorContract):
    detector = Cusum(errors="chance", target=0.5, measures=CARDS)
    periods = 6


class TestCusumByMovingRange(DetectorContract):
    detector = Cusum(errors="moving_range", baseline=11, measures=CARDS)
    periods = 12


class TestBelowBenchmark(DetectorContract):
    detector = BelowBenchmark(by="interval", measures=CARDS)

    def given(self, counts, confidence=(0.95,)):
        estimates = phm.estimate(counts, measures=CARDS, confidence=confidence)
        return phm.compare(estimates, to=UNITS[10:20], measures=CARDS)


class TestBelowBenchmarkByThePoint(TestBelowBenchmark):
    detector = BelowBenchmark(by="point", side="worse", measures=CARDS)


class TestSpread(DetectorContract):
    detector = Spread(geo=GEO, within="pcn", as_at="2022-06-01", measures=CARDS)
    answers_for_each_row = False


class TestAnyOf(DetectorContract):
    detector = any_of(RobustZ(measures=CARDS), Funnel(overdispersion="CQC", measures=CARDS))


class TestAllOf(DetectorContract):
    detector = all_of(RobustZ(measures=CARDS), Funnel(overdispersion="CQC", measures=CARDS))


class TestAtLeast(DetectorContract):
    detector = at_least(
        2, RobustZ(measures=CARDS), TukeyFence(measures=CARDS), WorstDecile(measures=CARDS)
    )


class TestPersistent(DetectorContract):
    detector = persistent(RobustZ(measures=CARDS), periods=3, measures=CARDS)
    periods = 4


class TestWithin(DetectorContract):
    detector = within(RobustZ(measures=CARDS), geo=GEO, level="pcn", as_at="2022-06-01")


def _answering(change):
    """Return a detector that alters the answer of an honest one."""

    @attrs.frozen
    class Altering:
        def __call__(self, estimates):
            return change(RobustZ(measures=CARDS)(estimates))

        def __str__(self):
            return str(RobustZ(measures=CARDS))

    return Altering()


class Thawed:
    def __init__(self):
        self.threshold = 3.5

    def __call__(self, estimates):
        return RobustZ(measures=CARDS)(estimates)


def _flagged(where, *, value):
    return lambda flags: flags.assign(flagged=flags["flagged"].mask(where(flags), value))


def _first_row_first(flags):
    return flags.assign(flagged=pd.array([True, *flags["flagged"][1:]], dtype="boolean"))


def _spoils_its_input(estimates):
    flags = RobustZ(measures=CARDS)(estimates)
    estimates["value"] = 0.0
    return flags


@attrs.frozen
class Spoiling:
    def __call__(self, estimates):
        return _spoils_its_input(estimates)


@attrs.frozen
class FlagsTheMiddle:
    """Unflags what lies furthest out."""

    def __call__(self, estimates):
        flags = RobustZ(measures=CARDS)(estimates)
        return flags.assign(flagged=flags["flagged"] & (flags["score"].abs() < 20))


BROKEN = [
    (Thawed(), DetectorContract.test_it_is_frozen),
    (Thawed(), DetectorContract.test_it_says_its_settings_in_one_line),
    (_answering(lambda flags: flags), DetectorContract.test_it_pickles),
    (
        _answering(lambda flags: flags.assign(score="far")),
        DetectorContract.test_its_answer_meets_the_schema,
    ),
    (
        _answering(lambda flags: flags[::-1].reset_index(drop=True)),
        DetectorContract.test_it_answers_for_each_row_in_its_order,
    ),
    (Spoiling(), DetectorContract.test_it_changes_nothing_that_it_is_given),
    (_answering(_first_row_first), DetectorContract.test_the_order_of_rows_does_not_matter),
    (
        _answering(_flagged(lambda flags: flags["value"].notna(), value=False)),
        DetectorContract.test_it_finds_what_is_planted,
    ),
    (
        _answering(_flagged(lambda flags: flags["value"].isna(), value=True)),
        DetectorContract.test_a_missing_value_is_never_flagged,
    ),
    (
        _answering(_flagged(lambda flags: flags["org_code"] == "unallocated", value=True)),
        DetectorContract.test_a_remainder_is_never_flagged,
    ),
    (_answering(lambda flags: flags.assign(why="")), DetectorContract.test_it_says_why),
    (
        _answering(lambda flags: flags.assign(why="definitely poor care")),
        DetectorContract.test_its_words_stay_modest,
    ),
    (
        _answering(lambda flags: flags.assign(rounding="may change")),
        DetectorContract.test_rounding_is_told,
    ),
    (FlagsTheMiddle(), DetectorContract.test_moving_a_unit_further_out_never_unflags_it),
]


@pytest.mark.parametrize(
    ("broken", "law"), [pytest.param(*each, id=each[1].__name__) for each in BROKEN]
)
def test_a_detector_that_breaks_a_law_is_caught_by_it(broken, law):
    contract = type("Contract", (DetectorContract,), {"detector": broken})()
    with pytest.raises((AssertionError, pytest.fail.Exception, PhmError, AttributeError)):
        law(contract)
