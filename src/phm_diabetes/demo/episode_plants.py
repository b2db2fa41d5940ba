"""Planted people with diabetes of three years, and what happened to them in hospital."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.demo.organisations import planted_practices
from phm_diabetes.model.periods import Period

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

__all__ = ["EPISODE_YEARS", "Admissions", "planted_admissions", "planted_people"]

EPISODE_YEARS = Period(start=date(2020, 4, 1), end=date(2023, 3, 31))
"""The three financial years of the planted episodes."""

_SEED = 8_110_817
_BANDS = (("17-39", 17, 23, 8), ("40-64", 40, 25, 36), ("65-79", 65, 15, 26), ("80+", 80, 16, 10))
"""Band, first age, number of ages, and people a practice and fifth."""

_FIFTHS = (1, 2, 3, 4, 5)
_RISE = {1: 2.0, 2: 1.75, 3: 1.5, 4: 1.25, 5: 1.0}
_MAJOR = {"17-39": 0.0014, "40-64": 0.0028, "65-79": 0.0054, "80+": 0.0074}
"""Risk in three years in the least deprived fifth: twice England's, so that a Place has some."""

_MINOR_FOR_EACH_MAJOR = 2.0
_EMERGENCY = {"17-39": 0.03, "40-64": 0.03, "65-79": 0.06, "80+": 0.10}
_ETHNIC = ((0.70, "A"), (0.80, "J"), (0.86, "H"), (0.90, "N"), (0.96, "Z"), (1.01, ""))


@frozen(kw_only=True)
class Admissions:
    """What was planted in admitted care of the three years, of people aged 17 and over.

    Parameters
    ----------
    people
        People with diabetes, the same in each of the years.
    ratio
        Risk of amputation in the most deprived fifth over that in the least; those between lie
        on a line.
    major, minor, both
        Spells with a major amputation, with a minor one, and with both, which are in the first
        two as well.
    emergencies, ketoacidosis, hypoglycaemia
        Spells that began as an emergency.

    Examples
    --------
    >>> planted_admissions().ratio
    2.0
    """

    people: int
    ratio: float
    major: int
    minor: int
    both: int
    emergencies: int
    ketoacidosis: int
    hypoglycaemia: int


@cache
def planted_people() -> pd.DataFrame:
    """Return one row a person, who they are, and what was planted for them.

    Returns
    -------
    DataFrame
        ``practice``, ``age_band``, ``age``, ``sex``, ``ethnicity`` (a code), ``fifth``; whether
        there is a ``major`` amputation, a second one (``again``), a ``minor`` one, one in the
        stay of the major (``both``), an ``emergency``, and of those ``ketoacidosis`` or
        ``hypoglycaemia``; and ``day``, 0 to 1 through the three years.

    Examples
    --------
    >>> len(planted_people())
    120000
    """
    chance = np.random.Generator(np.random.PCG64(_SEED))
    bands = np.repeat(np.arange(len(_BANDS)), [each[3] for each in _BANDS])
    practices, fifths = len(planted_practices()), len(_FIFTHS)
    one = len(bands)
    band = np.tile(bands, practices * fifths)
    fifth = np.tile(np.repeat(np.array(_FIFTHS), one), practices)
    practice = np.repeat(np.arange(practices), one * fifths)
    uniform = chance.random((9, len(band)))
    names = np.array([each[0] for each in _BANDS], dtype=object)
    first = np.array([each[1] for each in _BANDS])
    ages = np.array([each[2] for each in _BANDS])
    rise = np.array([0.0, *_RISE.values()])[fifth]
    risk = np.array([_MAJOR[name] for name in names])[band] * rise
    hurried = np.array([_EMERGENCY[name] for name in names])[band]
    ethnic = np.searchsorted([limit for limit, _ in _ETHNIC], uniform[2], side="right")
    major = uniform[3] < risk
    emergency = uniform[6] < hurried
    sugar = np.floor(uniform[7] * 25)  # one in 25 with ketoacidosis, two with hypoglycaemia
    return pd.DataFrame(
        {
            "practice": np.array([each.code for each in planted_practices()], object)[practice],
            "age_band": names[band],
            "age": first[band] + np.floor(uniform[0] * ages[band]).astype(np.int64),
            "sex": np.where(uniform[1] < 0.54, "male", "female"),  # noqa: PLR2004 - of 100
            "ethnicity": np.array([code for _, code in _ETHNIC], dtype=object)[ethnic],
            "fifth": fifth,
            "major": major,
            "again": major & (uniform[4] < 0.2),  # noqa: PLR2004 - one in five comes back
            "minor": uniform[5] < _MINOR_FOR_EACH_MAJOR * risk,
            "both": major & (uniform[4] > 0.9),  # noqa: PLR2004 - one in ten
            "emergency": emergency,
            "ketoacidosis": emergency & (sugar == 0),
            "hypoglycaemia": emergency & ((sugar == 1) | (sugar == 2)),  # noqa: PLR2004 - of 25
            "day": uniform[8],
        }
    )


@cache
def planted_admissions() -> Admissions:
    """Return what was planted, counted from the people.

    Examples
    --------
    >>> planted = planted_admissions()
    >>> planted.people, planted.both < planted.minor < 2 * planted.major
    (120000, True)
    """
    people = planted_people()
    both = people["both"]
    return Admissions(
        people=len(people),
        ratio=_RISE[1] / _RISE[5],
        major=int(people["major"].sum() + people["again"].sum()),
        minor=int(people["minor"].sum() + both.sum()),
        both=int(both.sum()),
        emergencies=int(people["emergency"].sum()),
        ketoacidosis=int(people["ketoacidosis"].sum()),
        hypoglycaemia=int(people["hypoglycaemia"].sum()),
    )
