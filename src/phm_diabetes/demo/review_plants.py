"""A planted review of Planted Dudley: whom it is to find, and everybody's counts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.demo.organisations import planted_practices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.demo.organisations import PlantedPractice

__all__ = ["REVIEWED", "Review", "planted_review"]

_SEED = 43
_PLACE = "planted_dudley"
_MULTIPLE = 5
"""The audit publishes counts to the nearest of these."""


@frozen(kw_only=True)
class _Share:
    """Share of the people in practices that are low, beside these, elsewhere, and in England."""

    low: float
    beside: float
    elsewhere: float
    england: float


REVIEWED: Mapping[str, _Share] = {
    "HbA1c": _Share(low=0.80, beside=0.955, elsewhere=0.975, england=0.93),
    "Blood Pressure": _Share(low=0.80, beside=0.955, elsewhere=0.975, england=0.95),
    "Cholesterol": _Share(low=0.80, beside=0.955, elsewhere=0.975, england=0.92),
    "Foot Surveillance": _Share(low=0.60, beside=0.90, elsewhere=0.90, england=0.85),
    "HbA1c <= 58 mmol/mol (7.5%)": _Share(low=0.66, beside=0.66, elsewhere=0.66, england=0.65),
    "Blood Pressure <= 140/80": _Share(low=0.76, beside=0.76, elsewhere=0.76, england=0.75),
    "Combined Prevention - On Statins": _Share(low=0.76, beside=0.76, elsewhere=0.76, england=0.75),
    "All Three Treatment Targets": _Share(low=0.18, beside=0.41, elsewhere=0.41, england=0.36),
}
"""By the heading of the audit."""

_CHECKS = ("HbA1c", "Blood Pressure", "Cholesterol")


@frozen(kw_only=True)
class Review:
    """What was planted for the review; all other practices stand as they should.

    Parameters
    ----------
    practices
        The practices of Planted Dudley, of which one is in no PCN.
    people
        People with type 2 in the audit, by practice.
    counts
        Numerators by heading, then by practice, rounded as the audit rounds.
    low_on_checks, low_on_targets, low_on_feet
        Codes of the practices that were made low.
    to_visit
        The six that stand out in two of these three.

    Examples
    --------
    >>> review = planted_review()
    >>> len(review.low_on_checks), len(review.low_on_targets), len(review.to_visit)
    (9, 11, 6)
    >>> len(review.low_on_checks & review.low_on_targets)
    5
    """

    practices: tuple[PlantedPractice, ...]
    people: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    low_on_checks: frozenset[str]
    low_on_targets: frozenset[str]
    low_on_feet: frozenset[str]
    to_visit: frozenset[str]


@cache
def planted_review() -> Review:
    """Return what was planted: 3 PCNs with 9 practices, 4 with 11, 3 with 5, and 6 to visit.

    Examples
    --------
    >>> planted_review() is planted_review()
    True
    """
    practices = tuple(each for each in planted_practices() if each.place == _PLACE)
    pcns = list(dict.fromkeys(each.pcn for each in practices if each.pcn))

    def some(*places: tuple[int, Sequence[int]]) -> frozenset[str]:
        """Return practices by the place of their PCN, and their own place in it."""
        own = [[each.code for each in practices if each.pcn == pcn] for pcn in pcns]
        return frozenset(own[pcn][spot] for pcn, spots in places for spot in spots)

    checks = some((0, (0, 1, 2)), (1, (0, 1, 2)), (2, (0, 1, 2)))
    targets = some((0, (0, 1, 5)), (1, (0, 1, 5)), (2, (0, 5)), (3, (0, 1, 2)))
    feet = (checks & targets) | some((2, (1,)))
    low_pcns = {each.pcn for each in practices if each.code in checks}
    uniform = np.random.Generator(np.random.PCG64(_SEED)).random
    people = {
        each.code: _rounded(size)
        for each, size in zip(practices, 260 + 400 * uniform(len(practices)), strict=True)
    }
    counts: dict[str, dict[str, int]] = {}
    for heading, share in REVIEWED.items():
        who = {"Foot Surveillance": feet, "All Three Treatment Targets": targets}
        low = who.get(heading, checks if heading in _CHECKS else frozenset())
        counts[heading] = {}
        for each, chance in zip(practices, 2 * uniform(len(practices)) - 1, strict=True):
            usual = share.beside if each.pcn in low_pcns else share.elsewhere
            value = share.low if each.code in low else usual
            size = people[each.code]
            # Chance of at most one standard deviation, so that what was planted stays in its place.
            drawn = size * value + chance * np.sqrt(size * value * (1 - value))
            counts[heading][each.code] = min(_rounded(float(drawn)), size)
    return Review(
        practices=practices,
        people=people,
        counts=counts,
        low_on_checks=checks,
        low_on_targets=targets,
        low_on_feet=feet,
        to_visit=(checks & targets) | (checks & feet) | (targets & feet),
    )


def _rounded(count: float) -> int:
    return _MULTIPLE * round(count / _MULTIPLE)
