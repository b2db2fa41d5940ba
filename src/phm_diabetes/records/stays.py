"""Stays: one row a provider spell, with what any of its episodes recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.model.dimensions import UNKNOWN
from phm_diabetes.model.ethnic_groups import ETHNIC_GROUPS
from phm_diabetes.records.area_levels import with_area_level
from phm_diabetes.records.code_lists import has_listed
from phm_diabetes.records.opened import Records
from phm_diabetes.records.record_adapter import completed, table_columns
from phm_diabetes.records.spells import with_spells
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.episodes import Episodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandera.typing import DataFrame

    from phm_diabetes.disease_areas.hospital_codes import CodeList

__all__ = ["STAY_WORDS", "episodes_of", "flag_of", "left_out_of_spells", "stays_of"]

STAY_WORDS = (
    "practice",
    "provider",
    "sex",
    "ethnicity",
    "imd_quintile",
    "treatment_function",
    "admission",
)
"""Columns of few words that a stay has from its first episode."""

_NOT_OVER = "8"


def episodes_of(given: DataFrame[Episodes] | Records) -> DataFrame[Episodes]:
    """Return episodes as a table, whether they were loaded or opened.

    Parameters
    ----------
    given
        Episodes, or records that were opened through a layout of them.

    Raises
    ------
    OptionError
        When the records are of something else.

    Examples
    --------
    >>> table = pd.DataFrame({name: "" for name in Episodes.to_schema().columns}, index=[])
    >>> len(episodes_of(table))
    0
    """
    if not isinstance(given, Records):
        return checked(Episodes, given)
    if given.layout.table != "episodes":
        message = f"'{given.layout.name}' holds {given.layout.table}, and spells are of episodes."
        raise OptionError(message)
    rows = given.frame(table_columns(given.layout)).assign(source=given.id)
    rows = with_area_level(rows, given.executor.resolved)
    return checked(Episodes, completed(rows, "episodes"))


def flag_of(column: str, codes: CodeList) -> str:
    """Return the name of the flag of a code list in a column.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.hospital_codes import MINOR
    >>> flag_of("procedures", MINOR)
    'procedures minor_amputation:1'
    """
    return f"{column} {codes.label}"


def stays_of(episodes: DataFrame[Episodes], lists: Iterable[tuple[str, CodeList]]) -> pd.DataFrame:
    """Return one row a provider spell.

    Parameters
    ----------
    episodes
        One row an episode; what is part of no spell is left out.
    lists
        Column, ``"diagnoses"`` or ``"procedures"``, and the codes looked for in it.

    Returns
    -------
    DataFrame
        ``spell``, ``person``, the columns of `STAY_WORDS` and ``age`` as in the first episode,
        ethnicity in the five groups of national audits; ``admitted``, ``ended`` (the last day of
        any episode), ``nights`` between the two; ``over``, 0 where the last episode ended without
        a discharge; and a flag, 0 or 1, by list: whether any episode has any of its codes.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.hospital_codes import MINOR
    >>> table = pd.DataFrame({name: "" for name in Episodes.to_schema().columns}, index=[0, 1])
    >>> table = table.assign(
    ...     episode_id=["1", "2"], person="P1", provider="RNA", status="finished", order=[1, 2],
    ...     admitted=pd.Timestamp("2023-05-02"), discharged=pd.NaT, procedures=["", "W401 X111"],
    ...     started=pd.to_datetime(["2023-05-02", "2023-05-04"]),
    ...     ended=pd.to_datetime(["2023-05-04", "2023-05-09"]), discharge_method=["8", "1"],
    ...     admission="emergency", patient_class="ordinary", sex="female", age=71, source_row=1)
    >>> stays = stays_of(table, [("procedures", MINOR)])
    >>> stays[["spell", "nights", "over", "procedures minor_amputation:1"]].values.tolist()
    [['1', 7, 1, 1]]
    """
    table = with_spells(episodes)
    flags = {
        flag_of(column, codes): has_listed(table[column], codes).astype("int64")
        for column, codes in lists
    }
    table = table.assign(**flags)
    table = table[table["spell"].notna()].sort_values(
        ["started", "ended", "order", "episode_id"], kind="stable"
    )
    groups = table.groupby("spell", sort=True)
    first = table[table["episode_id"] == table["spell"]].set_index("spell").sort_index()
    last = table.sort_values("ended", kind="stable").drop_duplicates("spell", keep="last")
    last = last.set_index("spell").sort_index()
    admitted = first["admitted"].fillna(first["started"])
    words = {name: first[name].astype(object).fillna("") for name in STAY_WORDS}
    codes = words["ethnicity"].astype(str)
    words["ethnicity"] = codes.map(ETHNIC_GROUPS).fillna(UNKNOWN).astype(object)
    found = pd.DataFrame(
        {
            "spell": first.index.astype(object),
            "person": first["person"].astype(object),
            **words,
            "age": first["age"],
            "admitted": admitted,
            "ended": last["ended"],
            "nights": (last["ended"] - admitted).dt.days.clip(lower=0).astype("int64"),
            "over": np.where(last["discharge_method"] == _NOT_OVER, 0, 1),
            **{name: groups[name].max() for name in flags},
        }
    )
    return found.reset_index(drop=True)


def left_out_of_spells(episodes: DataFrame[Episodes] | Records) -> pd.DataFrame:
    """Say which episodes no count of spells can hold, and which only some.

    Parameters
    ----------
    episodes
        One row an episode.

    Returns
    -------
    DataFrame
        ``reason`` and ``episodes``, one row a reason that any episode has, each under the first
        that holds. Those that follow "in no spell" are part of none; those of a stay that is not
        over count by the day of admission only, and those of unknown age in no measure that has
        a lowest age.

    Examples
    --------
    >>> table = pd.DataFrame({name: "" for name in Episodes.to_schema().columns}, index=[0])
    >>> table = table.assign(
    ...     episode_id="1", person="P1", provider="RNA", status="unfinished", order=1,
    ...     admitted=pd.Timestamp("2023-05-02"), discharged=pd.NaT, ended=pd.NaT,
    ...     started=pd.Timestamp("2023-05-02"), admission="emergency", source_row=1,
    ...     patient_class="ordinary", sex="female", age=71)
    >>> left_out_of_spells(table).values.tolist()
    [['in no spell: not finished', 1]]
    """
    table = with_spells(episodes_of(episodes))
    alone = table["spell"].isna()
    stays = stays_of(table, ())
    of_stay = stays.set_index("spell")[["over", "age"]].reindex(table["spell"].astype(object))
    backwards = (table["ended"] < table["started"]).fillna(value=False)
    reasons = (
        ("in no spell: not finished", alone & (table["status"] != "finished")),
        ("in no spell: no person", alone & table["person"].isna()),
        ("in no spell: no trust", alone & (table["provider"].isna() | (table["provider"] == ""))),
        ("in no spell: ends before it starts", alone & backwards),
        ("in no spell: a day is missing", alone),
        ("in a stay that is not over", pd.Series((of_stay["over"] == 0).to_numpy())),
        ("in a stay at an unknown age", ~alone & pd.Series(of_stay["age"].isna().to_numpy())),
    )
    told = np.zeros(len(table), dtype=bool)
    rows = []
    for words, where in reasons:
        here = where.to_numpy(dtype=bool) & ~told
        told |= here
        if here.any():
            rows.append({"reason": words, "episodes": int(here.sum())})
    return pd.DataFrame(rows, columns=["reason", "episodes"]).astype({"episodes": "int64"})
