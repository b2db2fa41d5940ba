"""Presence: practices that stand here and not there: closed, merged, not taking part, or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import Severity, noted
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.facts import Facts
from phm_diabetes.schemas.organisations import Organisations
from phm_diabetes.schemas.successors import Successors

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.problems import Problems

__all__ = ["STATES", "absent_organisations", "what_became_of"]

STATES = ("closed", "merged", "not participating", "lost")
"""What can have become of an organisation that stands in one table and not in another."""

_TOLD: dict[str, tuple[Severity, str, str]] = {
    "closed": (
        "info",
        "closed before the other table's last day",
        "Leave it out of the later period, and say so beside a trend.",
    ),
    "merged": (
        "info",
        "was taken over by another before the other table's last day",
        "Add its figures to its successor's for the same period; never average percentages.",
    ),
    "not participating": (
        "warning",
        "is open and not in the other table: it took no part, or failed validation",
        "It is not zero. Say how many of the practices a total holds.",
    ),
    "lost": (
        "warning",
        "is not in the other table, and nothing says that it closed, merged or stayed out",
        "Ask where it went before you compare totals.",
    ),
}


def what_became_of(
    here: pd.DataFrame,
    there: pd.DataFrame,
    *,
    organisations: DataFrame[Organisations] | None = None,
    successors: DataFrame[Successors] | None = None,
    facts: DataFrame[Facts] | None = None,
    left_out: str = "left_out_of_qof",
) -> pd.DataFrame:
    """Return the organisations that stand here and not there, and what became of each.

    Parameters
    ----------
    here, there
        Counts or Population; ``there`` says until when by its latest day.
    organisations
        Who opened and closed when, as ``england.ods_practices`` gives it.
    successors
        Who took over whom.
    facts
        Facts in which an attribute says that an organisation took no part.
    left_out
        Name of that attribute.

    Returns
    -------
    DataFrame
        ``org_level``, ``org_code``, ``state`` (one of `STATES`), and ``successor`` where it
        merged; with ``source`` and ``source_row`` of its first row here.

    Raises
    ------
    OptionError
        When a table does not say who and when.

    Examples
    --------
    >>> here = pd.DataFrame({"org_level": "practice", "org_code": ["Y99001", "Y99002"],
    ...     "period_end": pd.Timestamp("2022-03-31"), "source": "a", "source_row": [2, 3]})
    >>> there = here.iloc[:1].assign(period_end=pd.Timestamp("2023-03-31"))
    >>> what_became_of(here, there)[["org_code", "state"]].values.tolist()
    [['Y99002', 'lost']]
    """
    day = _last_day(there)
    _last_day(here)
    who = ["org_level", "org_code"]
    first = here.astype(dict.fromkeys(who, object)).drop_duplicates(who)
    known = pd.MultiIndex.from_frame(there[who].astype(object))
    absent = first[~pd.MultiIndex.from_frame(first[who]).isin(known)].reset_index(drop=True)
    codes = absent["org_code"]
    heir = codes.map(_heirs(successors, day))
    opened, closed = _spans(organisations)
    ended, begun = codes.map(closed), codes.map(opened)
    in_register = codes.isin(set(opened))
    out = codes.isin(_left_out(facts, left_out, day))
    gone = pd.to_datetime(ended) <= day
    open_then = in_register & ~gone & ~(pd.to_datetime(begun) > day)
    state = np.select(
        [heir.notna(), gone, (open_then | out)], ["merged", "closed", "not participating"], "lost"
    )
    kept = [name for name in ("source", "source_row") if name in absent]
    return absent[[*who, *kept]].assign(state=state, successor=heir.astype(object))


def absent_organisations(
    here: pd.DataFrame,
    there: pd.DataFrame,
    *,
    organisations: DataFrame[Organisations] | None = None,
    successors: DataFrame[Successors] | None = None,
    facts: DataFrame[Facts] | None = None,
) -> DataFrame[Problems]:
    """Report organisations that stand in one table and not in another, by what became of them.

    Parameters
    ----------
    here, there, organisations, successors, facts
        As :func:`what_became_of`.

    Returns
    -------
    DataFrame[Problems]
        Info where it closed or merged, a warning where it took no part or is lost.

    Examples
    --------
    >>> here = pd.DataFrame({"org_level": "practice", "org_code": ["Y99001", "Y99002"],
    ...     "period_end": pd.Timestamp("2022-03-31"), "source": "a", "source_row": [2, 3]})
    >>> absent_organisations(here, here.iloc[:1])[["severity", "row"]].values.tolist()
    [['warning', 3]]
    """
    found = what_became_of(
        here, there, organisations=organisations, successors=successors, facts=facts
    )
    parts = []
    for state, (severity, words, advice) in _TOLD.items():
        own = found[(found["state"] == state).to_numpy()]
        parts.append(
            noted(
                own,
                severity=severity,
                rule=f"present in both: {state}",
                column="org_code",
                message=words,
                advice=advice,
            )
        )
    return checks(*parts)


def _last_day(table: pd.DataFrame) -> pd.Timestamp:
    column = next((name for name in ("period_end", "counted_on") if name in table), None)
    if column is None or not {"org_level", "org_code"} <= set(table.columns) or not len(table):
        message = (
            "A table of Counts or Population is needed, with rows: it says who (org_level, "
            "org_code) and when (period_end or counted_on)."
        )
        raise OptionError(message)
    return pd.Timestamp(table[column].max())


def _heirs(successors: Any, day: pd.Timestamp) -> dict[str, str]:  # noqa: ANN401 - optional
    if successors is None:
        return {}
    table = checked(Successors, successors, what="successors")
    done = table[(table["date"] <= day).to_numpy()]
    return dict(zip(done["predecessor"].astype(str), done["successor"].astype(str), strict=True))


def _spans(organisations: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - optional
    if organisations is None:
        return {}, {}
    table = checked(Organisations, organisations, what="organisations")
    codes = table["org_code"].astype(str)
    return (
        dict(zip(codes, table["opened"], strict=True)),
        dict(zip(codes, table["closed"], strict=True)),
    )


def _left_out(facts: Any, attribute: str, day: pd.Timestamp) -> set[str]:  # noqa: ANN401 - optional
    if facts is None:
        return set()
    table = checked(Facts, facts, what="facts")
    holds = (table["attribute"] == attribute) & ~(table["start"] > day) & ~(table["end"] < day)
    return set(table.loc[holds.to_numpy(), "org_code"].astype(str))
