"""Similar sums: the counts of each practice's most similar practices, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.counted_once import refuse_told_twice
from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.comparators import (
    REMAINDERS,
    Comparators,
    counts_under,
    summed_once,
)
from phm_diabetes.outliers.parents import parent_codes

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from phm_diabetes.geography import Geography
    from phm_diabetes.outliers.similarity import Similar

__all__ = ["similar_of"]

_WHO = ["org_level", "org_code", "period_end"]
_PAIR = [*_WHO, "peer"]


def similar_of(
    estimates: pd.DataFrame, peers: Similar, geo: Geography | None, as_at: str | date
) -> Comparators:
    """Return, for each practice, the sum of its most similar practices.

    An organisation above practices is held against the peers of its own practices, each counted
    once, and none of them its own.

    Parameters
    ----------
    estimates
        Checked estimates.
    peers
        Who is similar to whom.
    geo
        Who belongs to whom; without it organisations above practices are not compared.
    as_at
        Whose memberships.

    Raises
    ------
    OptionError
        When the table has no practices, or none of the counts of some peers.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes import demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> lists = table[table["measure"] == "copd.register"][["org_code", "denominator"]]
    >>> found = similar_of(phm.estimate(table), phm.similar(5, lists), None, "period_end")
    >>> found.counts["units"].unique().tolist(), found.member.any()
    ([5], np.False_)
    """
    rows = counts_under(estimates)
    own = rows[(rows["org_level"] == "practice") & ~rows["org_code"].isin(REMAINDERS)]
    _refuse_absent(own, peers)
    refuse_told_twice(own)
    pairs = _pairs(estimates, own, peers, geo, as_at)
    named = ("similar to " + pairs["org_code"].astype(str)).astype("category")
    spots = pd.Series(np.arange(len(own)), name="spot")
    told = pd.DataFrame(
        {
            "peer": own["org_code"].astype(str).to_numpy(),
            "period_end": own["period_end"].to_numpy(),
            "spot": spots,
        }
    )
    laid = pairs.assign(comparator_code=named).merge(told, on=["peer", "period_end"])
    summed = own.iloc[laid["spot"].to_numpy()].reset_index(drop=True)
    return Comparators(
        counts=summed_once(summed, laid["comparator_code"]),
        code_of_row=_codes(estimates, pairs),
        member=np.zeros(len(estimates), dtype=bool),
        fixed=False,
        name="similar",
        summed_level="practice",
        said=f", the most similar by {peers.asked}",
        notes=_notes(estimates, peers),
    )


def _refuse_absent(own: pd.DataFrame, peers: Similar) -> None:
    there = set(own["org_code"].astype(str))
    absent = sorted(set(peers.practices["org_code"]) - there)
    if not there:
        message = "to=similar(...) needs the practices in the table: estimate them as well."
        raise OptionError(message)
    if absent:
        message = (
            f"{len(absent):,} of the practices that could be peers are not in the table: "
            f"{', '.join(absent[:5])}. Give similar() the attributes of those that are: "
            "attributes[attributes['org_code'].isin(table['org_code'])]."
        )
        raise OptionError(message)


def _pairs(
    estimates: pd.DataFrame,
    own: pd.DataFrame,
    peers: Similar,
    geo: Geography | None,
    as_at: str | date,
) -> pd.DataFrame:
    """Return each organisation and period with each of its peers, once."""
    known = own[["org_code", "period_end"]].astype({"org_code": str}).drop_duplicates()
    practices = known.merge(peers.table[["org_code", "peer"]], on="org_code")
    parts = [practices.assign(org_level="practice")[_PAIR]]
    if geo is not None:
        above = set(estimates["org_level"].astype(str).unique()) - {"practice", "england"}
        parts += [_of_members(own, practices, geo, level, as_at) for level in sorted(above)]
    return pd.concat(parts, ignore_index=True)


def _of_members(
    own: pd.DataFrame, practices: pd.DataFrame, geo: Geography, level: str, as_at: str | date
) -> pd.DataFrame:
    """Return the peers of each organisation's practices, without those practices themselves."""
    about = own.drop_duplicates(["org_code", "period_end"])
    parents = parent_codes(about, geo, level, as_at).astype(str).to_numpy()
    placed = pd.DataFrame(
        {
            "member": about["org_code"].astype(str).to_numpy(),
            "period_end": about["period_end"].to_numpy(),
            "org_code": parents,
        }
    )
    placed = placed[placed["org_code"] != ""]
    both = placed.merge(
        practices.rename(columns={"org_code": "member"}), on=["member", "period_end"]
    )
    both = both[["org_code", "period_end", "peer"]].drop_duplicates()
    inside = placed.rename(columns={"member": "peer"}).assign(inside=True)
    both = both.merge(inside, on=["org_code", "period_end", "peer"], how="left")
    return both[both["inside"].isna()].assign(org_level=level)[_PAIR]


def _codes(estimates: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series[Any]:
    """Return the code of each row's comparator; blank for whoever has no peers."""
    known = pd.MultiIndex.from_frame(pairs[_WHO].astype({"org_level": str}).drop_duplicates())
    wanted = pd.MultiIndex.from_arrays(
        [
            estimates["org_level"].astype(str),
            estimates["org_code"].astype(str),
            estimates["period_end"],
        ]
    )
    words = "similar to " + estimates["org_code"].astype(str)
    return words.where(wanted.isin(known), "").astype("category")


def _notes(estimates: pd.DataFrame, peers: Similar) -> NDArray[np.object_]:
    """Say of each practice without peers why it has none."""
    gone = dict(zip(peers.left_out["org_code"], peers.left_out["missing"], strict=True))
    known = set(peers.practices["org_code"])
    said = []
    for level, code in zip(estimates["org_level"], estimates["org_code"].astype(str), strict=True):
        lacks = level == "practice" and code not in known and code not in REMAINDERS
        what = gone.get(code, "all attributes")
        said.append(f"No similar practices, for want of {what}." if lacks else "")
    return np.array(said, dtype=object)
