"""What is planted among Planted Dudley's outpatients: how many of what, and at which practice."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.demo.organisations import planted_practices
from phm_diabetes.demo.planted import planted_figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from phm_diabetes.demo.organisations import PlantedPractice

__all__ = ["Outpatients", "PracticePlan", "planted_outpatients", "practice_plans", "shared_out"]

_SEED = 577_062

_LARGE_AND_DEAR = MappingProxyType(
    {"Y99005": 112_000, "Y99010": 95_000, "Y99017": 97_000, "Y99019": 94_000, "Y99027": 106_000}
)
_LARGE_ONLY = MappingProxyType({"Y99001": 93_000, "Y99040": 91_000})
_MANY_SEEN = MappingProxyType({"Y99006": 0.272, "Y99031": 0.28, "Y99038": 0.262})
_FIRSTS_BY_PCN = MappingProxyType({"U99903": 1.32, "U99904": 1.30, "U99905": 1.05})


@frozen(kw_only=True)
class Outpatients:
    """What was planted among the attendances of people aged 17 and over in Planted Dudley.

    Parameters
    ----------
    first_pence, follow_up_pence
        What was spent on either [pence].
    firsts, follow_ups
        Attendances.
    first_face_to_face, first_remote, follow_up_face_to_face, follow_up_remote
        Of these, by mode; the mode of the other follow-ups is not known.
    remote_first_pence, remote_follow_up_pence, unknown_mode_pence
        Price of one [pence].
    dear_practices
        Practices whose total is above 86,000 pounds, and whose spend per 1,000 people on the
        register is above that of Planted Dudley.
    large_practices
        Practices whose total is above 86,000 pounds, and whose spend per 1,000 is not.
    practices_with_many_seen
        Practices that had more than 22 people seen for each 100 on the register.
    pcns_with_many_firsts
        PCNs with more first face-to-face attendances than people on the register explain.
    pcn_with_a_few_more
        A PCN with 1.05 times its share, which chance explains.
    odds_of_missing
        Odds in the most deprived fifth over those in the other four.

    Examples
    --------
    >>> truth = planted_outpatients()
    >>> truth.first_pence + truth.follow_up_pence, truth.follow_ups / truth.firsts
    (158840700, 3.0)
    """

    first_pence: int
    follow_up_pence: int
    firsts: int
    follow_ups: int
    first_face_to_face: int
    first_remote: int
    follow_up_face_to_face: int
    follow_up_remote: int
    remote_first_pence: int
    remote_follow_up_pence: int
    unknown_mode_pence: int
    dear_practices: frozenset[str]
    large_practices: frozenset[str]
    practices_with_many_seen: frozenset[str]
    pcns_with_many_firsts: frozenset[str]
    pcn_with_a_few_more: str
    odds_of_missing: float


def planted_outpatients() -> Outpatients:
    """Return what was planted.

    Examples
    --------
    >>> sorted(planted_outpatients().pcns_with_many_firsts)
    ['U99903', 'U99904']
    """
    return Outpatients(
        first_pence=57_706_200,
        follow_up_pence=101_134_500,
        firsts=3_200,
        follow_ups=9_600,
        first_face_to_face=2_760,
        first_remote=440,
        follow_up_face_to_face=8_276,
        follow_up_remote=1_300,
        remote_first_pence=2_600,
        remote_follow_up_pence=2_200,
        unknown_mode_pence=8_500,
        dear_practices=frozenset(_LARGE_AND_DEAR),
        large_practices=frozenset(_LARGE_ONLY),
        practices_with_many_seen=frozenset(_MANY_SEEN),
        pcns_with_many_firsts=frozenset({"U99903", "U99904"}),
        pcn_with_a_few_more="U99905",
        odds_of_missing=2.0,
    )


@frozen(kw_only=True)
class PracticePlan:
    """What one practice's adults have: people seen, and attendances by kind.

    Parameters
    ----------
    practice
        Whose they are.
    register
        People on its register, aged 17 and over.
    people
        Different people who attended.
    first_face_to_face, first_remote, follow_ups
        Attendances.

    Examples
    --------
    >>> sum(plan.follow_ups for plan in practice_plans())
    9600
    """

    practice: PlantedPractice
    register: int
    people: int
    first_face_to_face: int
    first_remote: int
    follow_ups: int


@cache
def practice_plans() -> tuple[PracticePlan, ...]:
    """Return the plan of every practice of Planted Dudley.

    Examples
    --------
    >>> len(practice_plans())
    43
    """
    truth = planted_outpatients()
    own = [each for each in planted_practices() if each.place == "planted_dudley"]
    register = planted_figures().registers["DM"][: len(own)].astype(np.float64)
    uniform = np.random.Generator(np.random.PCG64(_SEED)).random((2, len(own)))
    spend = _spend(own, register, uniform[0])
    factors = _first_factors(own, register)
    in_person = np.zeros(len(own), dtype=np.int64)
    by_pcn = [each.pcn or "" for each in own]
    pcns = sorted(set(by_pcn))
    need = np.array([sum((register * factors)[_rows(by_pcn, pcn)]) for pcn in pcns])
    for pcn, firsts in zip(pcns, shared_out(truth.first_face_to_face, need), strict=True):
        rows = _rows(by_pcn, pcn)
        in_person[rows] = shared_out(int(firsts), spend[rows])
    remote = shared_out(truth.first_remote, spend)
    each_first = truth.first_pence - truth.first_remote * truth.remote_first_pence
    left = spend - in_person * (each_first / truth.first_face_to_face / 100)
    follow_ups = shared_out(truth.follow_ups, left - remote * truth.remote_first_pence / 100)
    seen = 0.11 + 0.06 * uniform[1]
    for number, practice in enumerate(own):
        seen[number] = _MANY_SEEN.get(practice.code, seen[number])
    people = np.floor(register * seen + 0.5).astype(np.int64)
    return tuple(
        PracticePlan(
            practice=practice,
            register=int(register[number]),
            people=int(people[number]),
            first_face_to_face=int(in_person[number]),
            first_remote=int(remote[number]),
            follow_ups=int(follow_ups[number]),
        )
        for number, practice in enumerate(own)
    )


def shared_out(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share a whole number out by weights, the largest remainders first.

    Examples
    --------
    >>> shared_out(10, np.array([1.0, 1.0, 2.5])).tolist()
    [2, 2, 6]
    """
    exact = total * weights / weights.sum()
    found = np.floor(exact)
    most = np.argsort(found - exact, kind="stable")[: total - int(found.sum())]
    found[most] += 1
    whole: NDArray[np.int64] = found.astype(np.int64)
    return whole


def _rows(words: list[str], word: str) -> NDArray[np.intp]:
    return np.flatnonzero(np.array(words) == word)


def _spend(
    own: list[PlantedPractice], register: NDArray[np.float64], uniform: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what each practice is to spend, in pounds; those not named share the rest."""
    truth = planted_outpatients()
    fixed: Mapping[str, int] = {**_LARGE_AND_DEAR, **_LARGE_ONLY}
    spend = np.array([float(fixed.get(each.code, 0)) for each in own])
    free = spend == 0
    rest = (truth.first_pence + truth.follow_up_pence) / 100 - spend.sum()
    usual = register * (0.78 + 0.44 * uniform) * free
    planned: NDArray[np.float64] = spend + rest * usual / usual.sum()
    return planned


def _first_factors(
    own: list[PlantedPractice], register: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return each practice's firsts for its register, so that three PCNs' are as planted."""
    factors = np.array([_FIRSTS_BY_PCN.get(each.pcn or "", 0.0) for each in own])
    free = factors == 0
    others = (register.sum() - (register * factors).sum()) / register[free].sum()
    return np.where(free, others, factors)
