"""Periods: gaps in a run of periods, and organisations that miss some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["gaps_in_time"]

_RUN = ["dataset", "measure", "definition", "org_level"]


def gaps_in_time(counts: DataFrame[Counts]) -> DataFrame[Problems]:
    """Find periods that do not follow the one before, and figures missing from some periods.

    Parameters
    ----------
    counts
        Counts of any number of periods, such as the months of a year.

    Returns
    -------
    DataFrame[Problems]
        A warning where a period begins later than the day after the one before it ended; info
        at the first row of an organisation that lacks some of the periods that others have.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "local", "measure": "copd.visits", "definition": "local:1",
    ...     "org_level": "practice", "org_code": "Y99001", "numerator": 3}
    >>> gaps_in_time(counts_from([
    ...     about | {"period_start": "2023-01-01", "period_end": "2023-01-31"},
    ...     about | {"period_start": "2023-03-01", "period_end": "2023-03-31"},
    ... ]))["severity"].tolist()
    ['warning']
    """
    table = as_counts(counts, what="counts")
    words = dict.fromkeys([*_RUN, "org_code"], object)
    plain = table.astype(words)
    late, lacking = [], []
    for _, run in plain.groupby(_RUN, sort=False):
        spans = run[["period_start", "period_end"]].drop_duplicates().sort_values("period_start")
        before = spans["period_end"].cummax().shift()
        starts = spans.loc[(spans["period_start"] - before > pd.Timedelta(days=1)), "period_start"]
        late.append(run[run["period_start"].isin(starts)].drop_duplicates("period_start"))
        own = run.groupby("org_code", sort=False)["period_start"].nunique()
        few = own.index[(own < len(spans)).to_numpy()]
        lacking.append(run[run["org_code"].isin(few)].drop_duplicates("org_code"))
    return checks(
        noted(
            pd.concat(late) if late else plain.iloc[:0],
            severity="warning",
            rule="no gap in time",
            column="period_start",
            message="begins after a gap: no figures of the time before it",
            advice="Load what is missing, or say that the run has a gap.",
        ),
        noted(
            pd.concat(lacking) if lacking else plain.iloc[:0],
            severity="info",
            rule="every period",
            column="org_code",
            message="has no figures of some periods that others have",
            advice="Ask whether it closed, merged, took no part or was lost.",
        ),
    )
