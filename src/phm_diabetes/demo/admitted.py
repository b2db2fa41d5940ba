"""Planted episodes of admitted care in the national layout, and the people they happened to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.demo.episode_plants import EPISODE_YEARS, planted_people
from phm_diabetes.demo.organisations import planted_practices
from phm_diabetes.model.ethnic_groups import ETHNIC_GROUPS
from phm_diabetes.model.periods import Period
from phm_diabetes.schemas.completing import counts_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["episode_rows", "people_counts"]

_TENTHS = ("", "Most deprived 10%", "More deprived 20-30%", "More deprived 40-50%",
           "Less deprived 30-40%", "Least deprived 10%")  # fmt: skip
_LAST = 1_030  # admission at the latest, so that every stay ends within the three years
_MAJOR, _MINOR, _STUMP = "X095", "X111", "X121"
_TYPE_2, _KETOACIDOSIS, _HYPOGLYCAEMIA, _HEART, _VESSELS = "E119", "E101", "E162", "I501", "I739"
_HEADERS = (
    "EPIKEY", "TOKEN_PERSON_ID", "ADMIDATE", "DISDATE", "EPISTART", "EPIEND", "EPIORDER",
    "ADMIMETH", "ADMISORC", "DISMETH", "DISDEST", "EPISTAT", "CLASSPAT", "TRETSPEF", "DIAG_4_01",
    "DIAG_4_02", "OPERTN_4_01", "OPERTN_4_02", "OPERTN_4_03", "PROCODE3", "GPPRAC", "STARTAGE",
    "SEX", "ETHNOS", "IMD04_DECILE", "ADMINCAT",
)  # fmt: skip


@cache
def episode_rows() -> pd.DataFrame:
    """Return every episode, all cells text, in the headers of the national extract.

    Returns
    -------
    DataFrame
        Shape ``(n, 26)``; a stay of amputation has two episodes.

    Examples
    --------
    >>> episode_rows()["EPISTAT"].value_counts().index[0]
    '3'
    """
    people = planted_people().reset_index(names="number")
    major, again = people[people["major"]], people[people["again"]]
    both = major["both"].to_numpy(dtype=bool)
    minor, hurried = people[people["minor"]], people[people["emergency"]]
    sweet = hurried["ketoacidosis"].to_numpy(dtype=bool)
    low = hurried["hypoglycaemia"].to_numpy(dtype=bool)
    first = np.where(sweet, _KETOACIDOSIS, _HEART)
    second = np.where(sweet, "", np.where(low, _HYPOGLYCAEMIA, ""))
    some = people[people["sex"] == "male"]
    parts = [
        *_operated(major, 0.0, 0, operations=("", _MAJOR), also=np.where(both, _MINOR, "")),
        *_operated(again, 0.0, 25, operations=("", _MAJOR), also=np.repeat("", len(again))),
        *_operated(minor, 0.37, 0, operations=(_MINOR, ""), also=np.repeat("", len(minor))),
        _stay(hurried, 0.71, 0, nights=3, method="21", diagnoses=(_TYPE_2, first), also=second),
        # None of these counts: a stump, no diabetes, not finished, private, and a child.
        _stay(some[:30], 0.2, 0, nights=5, method="11", operation=_STUMP),
        _stay(some[30:60], 0.2, 0, nights=5, method="11", operation=_MAJOR,
              diagnoses=(_VESSELS, _HEART)),
        _stay(some[60:70], 0.2, 0, nights=5, method="11", operation=_MAJOR).assign(EPISTAT="1"),
        _stay(some[70:75], 0.2, 0, nights=5, method="11", operation=_MAJOR).assign(ADMINCAT="02"),
        _stay(some[75:90], 0.2, 0, nights=2, method="21",
              diagnoses=(_KETOACIDOSIS, _KETOACIDOSIS)).assign(STARTAGE="12"),
    ]  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    table["EPIKEY"] = [f"{900_000_000_001 + spot}" for spot in range(len(table))]
    order = np.random.Generator(np.random.PCG64(7)).random(len(table))
    table = table.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    return table[list(_HEADERS)]


def _operated(
    people: pd.DataFrame, turn: float, later: int, *, operations: Sequence[str], also: np.ndarray
) -> list[pd.DataFrame]:
    """Return both episodes of stays of 12 nights, the operation in the second."""
    first = _stay(people, turn, later, nights=4, method="11")
    second = _stay(people, turn, later + 4, nights=8, method="11", admitted=4)
    named = {"OPERTN_4_01": operations[0], "OPERTN_4_03": operations[1]}
    first = first.assign(DISMETH="8", DISDEST="98", DISDATE="")
    return [first, second.assign(EPIORDER="2", **named, OPERTN_4_02=also)]


def _stay(  # noqa: PLR0913 - what an episode has
    people: pd.DataFrame,
    turn: float,
    later: int,
    *,
    nights: int,
    method: str,
    operation: str = "",
    diagnoses: tuple[object, object] = (_TYPE_2, "I10X"),
    also: object = None,
    admitted: int = 0,
) -> pd.DataFrame:
    """Return one episode a person, on a day that the person's draw and the turn decide."""
    share = (people["day"] + turn) % 1
    days = pd.to_timedelta(np.floor(share * _LAST).to_numpy() + later, unit="D")
    start = pd.Timestamp(EPISODE_YEARS.start) + days
    day, end = start - pd.Timedelta(days=admitted), start + pd.Timedelta(days=nights)
    second = diagnoses[1]
    if also is not None:
        second = np.where(np.asarray(also) == "", np.asarray(second), np.asarray(also))
    return pd.DataFrame(
        {
            "TOKEN_PERSON_ID": [f"{number:032x}" for number in people["number"] + 1_000_000],
            "ADMIDATE": day.strftime("%Y-%m-%d"),
            "DISDATE": end.strftime("%Y-%m-%d"),
            "EPISTART": start.strftime("%Y-%m-%d"),
            "EPIEND": end.strftime("%Y-%m-%d"),
            "EPIORDER": "1",
            "ADMIMETH": method,
            "ADMISORC": "19",
            "DISMETH": "1",
            "DISDEST": "19",
            "EPISTAT": "3",
            "CLASSPAT": "1",
            "TRETSPEF": "300",
            "DIAG_4_01": diagnoses[0],
            "DIAG_4_02": second,
            "OPERTN_4_01": operation,
            "OPERTN_4_02": "",
            "OPERTN_4_03": "",
            "PROCODE3": "Y9T",
            "GPPRAC": people["practice"].to_numpy(),
            "STARTAGE": people["age"].astype(str).to_numpy(),
            "SEX": np.where(people["sex"] == "male", "1", "2"),
            "ETHNOS": people["ethnicity"].to_numpy(),
            "IMD04_DECILE": np.array(_TENTHS, dtype=object)[people["fifth"].to_numpy()],
            "ADMINCAT": "01",
        }
    )


def people_counts(by: Sequence[str]) -> DataFrame[Counts]:
    """Return people with diabetes by organisation, year and the dimensions asked for.

    Parameters
    ----------
    by
        Any of ``"age_band"``, ``"sex"``, ``"ethnicity"`` and ``"imd_quintile"``.

    Examples
    --------
    >>> table = people_counts(())
    >>> int(table.loc[table["org_level"] == "england", "numerator"].iloc[0])
    120000
    """
    people = planted_people()
    of = {each.code: each for each in planted_practices()}
    practice = people["practice"]
    levels = {
        "england": pd.Series("E92000001", index=people.index),
        "icb": practice.map({code: each.area.icb for code, each in of.items()}),
        "place": practice.map({code: each.place for code, each in of.items()}),
        "pcn": practice.map({code: each.pcn for code, each in of.items()}),
    }
    groups = people["ethnicity"].map(dict(ETHNIC_GROUPS)).fillna("unknown")
    split = people.assign(imd_quintile="2019:" + people["fifth"].astype(str), ethnicity=groups)
    parts = []
    for level, codes in levels.items():
        own = split.assign(org_level=level, org_code=codes.astype(object))
        own = own[own["org_code"].notna()]
        counted = own.groupby(["org_level", "org_code", *by]).size().rename("numerator")
        parts.append(counted.reset_index())
    whole = pd.concat(parts, ignore_index=True)
    years = [Period.financial_year(f"{year}-{year - 1999}") for year in (2020, 2021, 2022)]
    return counts_from(
        pd.concat(
            [
                whole.assign(
                    period_start=pd.Timestamp(year.start), period_end=pd.Timestamp(year.end)
                )
                for year in years
            ],
            ignore_index=True,
        ).assign(dataset="planted register", measure="dm.register", definition="planted:1")
    )
