"""Spells: which episodes of admitted care are one stay, in one trust and across trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.episodes import Episodes

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    Flags = NDArray[np.bool_]

__all__ = ["LONGEST_GAP", "TRANSFER_METHODS", "TRANSFER_PLACES", "with_spells"]

TRANSFER_PLACES = ("51", "52", "53")
"""Another NHS hospital, as source of admission or destination on discharge."""

TRANSFER_METHODS = ("2B", "67", "81")
"""Admission by transfer; some pipelines write 67 for 2B."""

LONGEST_GAP = 3
"""Days between two spells of one continuous spell, at most."""

_NOT_DISCHARGED = ("8", "9")
_KEY = ["person", "provider"]


def with_spells(episodes: DataFrame[Episodes]) -> DataFrame[Episodes]:
    """Return episodes with the spell, and the continuous inpatient spell, that each is part of.

    A *provider spell* is a stay in one trust, under one consultant or several. Episodes of one
    person and trust, by start, end, order, transfer and key, are one spell with the episode
    before where they have its day of admission; or its day of start; or start on the day on
    which it ended and it ended without a discharge (methods 8 and 9). A *continuous spell* is a
    stay in one trust or several: a spell goes on with the person's spell before where it starts
    at most three days after that one's end, and either was a transfer: by the destination of the
    one before, or by source or method of its own admission.

    Only finished episodes with a person, a trust, a key and both of their days, which end no
    earlier than they start, are part of a spell; the spell of any other is empty. Where the day
    of admission is missing, the start stands for it in the first episode of a stay that did not
    begin as a transfer; the column itself is left as it was.

    Parameters
    ----------
    episodes
        One row an episode. Rows that were left out as private or as copies are no part of it.

    Returns
    -------
    DataFrame[Episodes]
        The same rows in the same order. ``spell`` is the key of the spell's first episode, and
        ``continuous_spell`` of the first of the continuous spell, whatever the order of the rows.

    Raises
    ------
    SchemaError
        When the table is none of episodes.

    References
    ----------
    Health Foundation, HES pipeline (github.com/HFAnalyticsLab/HES_pipeline), inpatient spells and
    continuous inpatient spells, after the Centre for Health Economics, University of York. It
    looks at every row before the one in question; here only at those that are part of a spell.

    Examples
    --------
    >>> table = pd.DataFrame({name: "" for name in Episodes.to_schema().columns}, index=[0, 1])
    >>> table = table.assign(
    ...     episode_id=["1", "2"], person="P1", provider="RNA", status="finished", order=[1, 2],
    ...     admitted=pd.Timestamp("2023-05-02"), discharged=pd.Timestamp("2023-05-09"),
    ...     started=pd.to_datetime(["2023-05-02", "2023-05-04"]),
    ...     ended=pd.to_datetime(["2023-05-04", "2023-05-09"]), discharge_method=["8", "1"],
    ...     admission="emergency", patient_class="ordinary", sex="female", age=71, source_row=1)
    >>> with_spells(table)[["episode_id", "spell", "continuous_spell"]].values.tolist()
    [['1', '1', '1'], ['2', '1', '1']]
    """
    table = checked(Episodes, episodes)
    rows = _usable(table)
    spells = _spells(rows)
    parts = rows.assign(spell=spells)
    continuous = parts["spell"].map(_continuous(parts))
    filled = table.copy()
    for name, keys in (("spell", spells), ("continuous_spell", continuous)):
        column = pd.Series(None, index=range(len(table)), dtype=object)
        column.loc[rows.index] = keys.to_numpy(dtype=object)
        filled[name] = column.to_numpy()
    return checked(Episodes, filled)


def _usable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the episodes that can be part of a spell, in their order, by position."""
    came = _is_in(table["admission_source"], TRANSFER_PLACES) | _is_in(
        table["admission_method"], TRANSFER_METHODS
    )
    went = _is_in(table["discharge_destination"], TRANSFER_PLACES)
    first = (table["order"] == 1).fillna(value=False).to_numpy(dtype=bool)
    admitted = table["admitted"].where(
        table["admitted"].notna() | ~(first & ~came), table["started"]
    )
    rows = pd.DataFrame(
        {
            "person": table["person"].astype(object).to_numpy(),
            "provider": table["provider"].astype(object).to_numpy(),
            "started": _days(table["started"]),
            "ended": _days(table["ended"]),
            "order": table["order"].astype("Float64").fillna(np.inf).to_numpy(dtype=float),
            "transit": _transit(came, went),
            "episode_id": table["episode_id"].astype(object).to_numpy(),
            "admitted": _days(admitted),
            "came": came,
            "went": went,
            "kept_on": _is_in(table["discharge_method"], _NOT_DISCHARGED),
        }
    )
    named = rows["person"].notna() & ~rows["provider"].isna() & (rows["provider"] != "")
    whole = rows[["started", "ended", "admitted"]].notna().all(axis=1) & rows["episode_id"].notna()
    finished = (table["status"] == "finished").to_numpy(dtype=bool)
    forwards = rows["ended"] >= rows["started"]
    usable = rows[named & whole & finished & forwards]
    by = [*_KEY, "started", "ended", "order", "transit", "episode_id"]
    return usable.sort_values(by, kind="stable")


def _spells(rows: pd.DataFrame) -> pd.Series[Any]:
    """Return the key of the spell of each episode."""
    before = rows[[*_KEY, "admitted", "started", "ended"]].shift()
    kept_on = rows["kept_on"].shift(fill_value=False)
    same = (rows["person"] == before["person"]) & (rows["provider"] == before["provider"])
    goes_on = (
        (rows["admitted"] == before["admitted"])
        | (rows["started"] == before["started"])
        | (kept_on & (rows["started"] == before["ended"]))
    )
    return _first_of_run(rows["episode_id"], ~(same & goes_on))


def _continuous(rows: pd.DataFrame) -> pd.Series[Any]:
    """Return the key of the continuous spell by the key of each spell."""
    last = rows.sort_values("ended", kind="stable").drop_duplicates("spell", keep="last")
    last = last.set_index("spell")[["ended", "went"]]
    spells = rows.drop_duplicates("spell").set_index("spell")
    spells = spells.drop(columns=["ended", "went"]).join(last)
    spells["transit"] = _transit(spells["came"].to_numpy(), spells["went"].to_numpy())
    spells = spells.sort_values(
        ["person", "started", "ended", "transit", "episode_id"], kind="stable"
    )
    before = spells[["person", "ended"]].shift()
    left = spells["went"].shift(fill_value=False)
    goes_on = (
        (spells["person"] == before["person"])
        & (spells["started"] - before["ended"] <= LONGEST_GAP)
        & (spells["came"] | left)
    )
    return _first_of_run(spells["episode_id"], ~goes_on)


def _first_of_run(keys: pd.Series[Any], begins: pd.Series[bool]) -> pd.Series[Any]:
    """Return, for each row, the key of the row at which its run began."""
    starts = np.flatnonzero(begins.to_numpy(dtype=bool))
    run = np.cumsum(begins.to_numpy(dtype=bool)) - 1
    return pd.Series(keys.to_numpy(dtype=object)[starts][run], index=keys.index, dtype=object)


def _transit(came: Flags, went: Flags) -> NDArray[np.int64]:
    """Return where in a journey through hospitals a row stands: it sorts those of one day."""
    return np.select([~came & went, came & went, came & ~went], [1, 2, 3], default=0)


def _is_in(column: pd.Series[Any], words: tuple[str, ...]) -> Flags:
    return column.isin(words).to_numpy(dtype=bool)


def _days(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Return days as numbers, so that gaps are whole; missing where there is none."""
    days = column.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(float))
