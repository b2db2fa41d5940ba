"""Pooling years: people at risk summed over several years, for events that are too rare for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import UnlikeError
from phm_diabetes.schemas.columns import row_key
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import worded
from phm_diabetes.summing import add_up

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.model.periods import Period
    from phm_diabetes.schemas.counts import Counts

__all__ = ["pool_years"]

_DAYS_A_YEAR = 365.25


def pool_years(counts: DataFrame[Counts], period: Period) -> DataFrame[Counts]:
    """Sum one figure a year over the years of a period: people become person-years.

    Parameters
    ----------
    counts
        Counts of people, one row a year and organisation, such as those of three editions of the
        national audit; a year belongs where it *ends* inside the period.
    period
        The period of the events, such as three financial years.

    Returns
    -------
    DataFrame[Counts]
        Rows of that period, whose ``definition`` says over how many years they were summed, and
        whose ``as_at`` is the last of theirs.

    Raises
    ------
    UnlikeError
        When an organisation has not one row for each of the years.

    Notes
    -----
    The audit's windows have 15 months and overlap; each is taken as the people of its year.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> people = counts_from([{
    ...     "dataset": "local", "measure": "copd.register", "definition": "d", "org_level": "icb",
    ...     "org_code": "QYY", "period_start": f"{year}-04-01", "period_end": f"{year + 1}-03-31",
    ...     "numerator": 1000 + year - 2017} for year in (2017, 2018, 2019)])
    >>> three = Period(start=Period.financial_year("2017-18").start,
    ...                end=Period.financial_year("2019-20").end)
    >>> pool_years(people, three)[["definition", "numerator"]].values.tolist()
    [['d, summed over 3 years', 3003]]
    """
    given = as_counts(counts, what="counts")
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    ends = given["period_end"]
    table = given[((ends > start) & (ends <= end)).to_numpy()].reset_index(drop=True)
    years = round((end - start).days / _DAYS_A_YEAR)
    key = [name for name in row_key(table) if name not in {"period_start", "period_end", "as_at"}]
    ids, first = group_ids(table, key)
    held = np.bincount(ids, minlength=len(first))
    year_of = pd.Series(table["period_end"].dt.year).groupby(ids).nunique().to_numpy()
    uneven = int(((held != years) | (year_of != years)).sum())
    if uneven or not len(table):
        message = (
            f"{uneven:,} of {len(first):,} figures have not one row for each of the {years} years "
            f"of {period}. Hand over the counts of every year, one edition each."
        )
        raise UnlikeError(message)
    days = table["as_at"].groupby(ids).max().to_numpy()
    summed = add_up(table, key)
    words = table["definition"].cat
    about = [f"{name}, summed over {years} years" for name in words.categories]
    pooled = summed.assign(
        definition=worded(summed["definition"].cat.codes, about),
        period_start=start.as_unit("ns"),
        period_end=end.as_unit("ns"),
        as_at=days,
    )
    return as_counts(pooled[list(given.columns)], what="The counts")
