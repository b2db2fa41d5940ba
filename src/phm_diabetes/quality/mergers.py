"""Mergers: figures of who was taken over and of who took over, together and one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.successors import Successors

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["succession_gaps", "unmerged"]

_SERIES = ["dataset", "measure", "definition", "org_level"]
_ABOUT = ["dataset", "measure", "definition", "period_start", "period_end"]


def unmerged(counts: DataFrame[Counts], successors: DataFrame[Successors]) -> DataFrame[Problems]:
    """Find practices that still have figures of their own after another took them over.

    Parameters
    ----------
    counts
        Counts of practices, of any number of periods.
    successors
        Who took over whom, and when.

    Returns
    -------
    DataFrame[Problems]
        An error where a predecessor and its successor both have figures of a period that began
        after the merger: the same people may stand in both. An error where a period in which
        they merged has figures of the predecessor and none of the successor: the two cannot be
        added for it.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "QOF", "measure": "copd.register", "definition": "qof:COPD:TOTAL",
    ...     "org_level": "practice", "period_start": "2022-04-01", "period_end": "2023-03-31",
    ...     "numerator": 5}
    >>> table = counts_from([about | {"org_code": code} for code in ("Y99001", "Y99002")])
    >>> merger = pd.DataFrame({"predecessor": ["Y99001"], "successor": ["Y99002"],
    ...     "date": pd.to_datetime(["2021-07-01"])})
    >>> unmerged(table, merger)["severity"].tolist()
    ['error']
    """
    table = as_counts(counts, what="counts")
    heirs = checked(Successors, successors, what="successors")
    words = dict.fromkeys([*_ABOUT, "org_level", "org_code"], object)
    own = table.astype(words).merge(
        heirs.astype({"predecessor": object, "successor": object}),
        left_on="org_code",
        right_on="predecessor",
    )
    key = [*_ABOUT, "org_level"]
    others = table.astype(words)[[*key, "org_code"]].drop_duplicates()
    known = pd.MultiIndex.from_frame(others)
    wanted = pd.MultiIndex.from_frame(own[[*key, "successor"]])
    with_heir = wanted.isin(known)
    after = (own["date"] <= own["period_start"]).to_numpy()
    within = ((own["date"] > own["period_start"]) & (own["date"] <= own["period_end"])).to_numpy()
    return checks(
        noted(
            own[after & with_heir],
            severity="error",
            rule="counted once after a merger",
            column="org_code",
            message="was taken over before this period, and its successor has figures of it too",
            advice="Ask the publisher whether the successor's figures hold these people already.",
        ),
        noted(
            own[within & ~with_heir],
            severity="error",
            rule="added for one period",
            column="org_code",
            message="merged in this period, of which its successor has no figures",
            advice="Add counts only where both have the period; never average percentages.",
        ),
    )


def succession_gaps(
    counts: DataFrame[Counts], successors: DataFrame[Successors]
) -> DataFrame[Problems]:
    """Find successors whose figures begin later than the day after their predecessor's end.

    Parameters
    ----------
    counts
        Counts of several periods, such as months.
    successors
        Who took over whom, and when.

    Returns
    -------
    DataFrame[Problems]
        A warning at the successor's first row of a measure.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "local", "measure": "copd.visits", "definition": "local:1",
    ...     "org_level": "provider", "numerator": 9}
    >>> table = counts_from([
    ...     about | {"org_code": "RVY", "period_start": "2023-05-01", "period_end": "2023-05-31"},
    ...     about | {"org_code": "RBN", "period_start": "2023-08-01", "period_end": "2023-08-31"}])
    >>> heirs = pd.DataFrame({"predecessor": ["RVY"], "successor": ["RBN"],
    ...     "date": pd.to_datetime(["2023-06-01"])})
    >>> succession_gaps(table, heirs)["severity"].tolist()
    ['warning']
    """
    table = as_counts(counts, what="counts")
    heirs = checked(Successors, successors, what="successors").astype(
        {"predecessor": object, "successor": object}
    )
    plain = table.astype(dict.fromkeys([*_SERIES, "org_code"], object))
    spans = plain.groupby([*_SERIES, "org_code"], sort=False).agg(
        first=("period_start", "min"), last=("period_end", "max")
    )
    ends = spans.reset_index()
    both = (
        heirs.merge(ends.rename(columns={"org_code": "predecessor", "last": "ended"}))
        .drop(columns="first")
        .merge(ends.rename(columns={"org_code": "successor"})[[*_SERIES, "successor", "first"]])
    )
    late = both[(both["first"] - both["ended"] > pd.Timedelta(days=1)).to_numpy()]
    firsts = plain.merge(
        late.rename(columns={"successor": "org_code", "first": "period_start"})[
            [*_SERIES, "org_code", "period_start"]
        ]
    ).drop_duplicates([*_SERIES, "org_code"])
    return noted(
        firsts,
        severity="warning",
        rule="no gap at a succession",
        column="period_start",
        message="begins after a gap: its predecessor's figures end earlier",
        advice="Load what is missing under either code before a trend is drawn through it.",
    )
