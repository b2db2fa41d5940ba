"""Plans: what a tally asks of an executor, and what an executor answers, whatever the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from phm_diabetes.model.periods import Period
    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.measures import RecordMeasure
    from phm_diabetes.records.resolving import Resolved
    from phm_diabetes.records.survey import Survey

__all__ = ["AGE_BAND", "WEEKDAY", "Executor", "Grouping", "Plan"]

AGE_BAND = "age_band"
"""Dimension made of the column ``age`` by the plan's bands."""

WEEKDAY = "weekday"
"""Dimension made of the layout's day: monday to sunday; unknown without a day."""


@frozen(kw_only=True, eq=False)
class Grouping:
    """One level and the spans that are counted at it; distinct people are counted anew in each.

    Parameters
    ----------
    level
        Level of the organisations, such as ``"pcn"``.
    column
        Canonical column that holds the codes from which it is reached, such as ``"practice"``.
    spans
        Periods; a row counts in every one that its day lies in.
    parents
        For each span, code of the organisation by the column's word, in a mapping; ``None``
        where the column's own words are the codes. A word that it lacks is ``unmapped``.

    Examples
    --------
    >>> Grouping(level="practice", column="practice", spans=()).parents is None
    True
    """

    level: str
    column: str
    spans: tuple[Period, ...]
    parents: tuple[dict[str, str], ...] | None = None


@frozen(kw_only=True, eq=False)
class Plan:
    """A tally as data: the same for files and for every engine.

    Parameters
    ----------
    measures
        What is counted.
    by
        Dimensions: canonical columns of few words, `AGE_BAND` or `WEEKDAY`.
    groupings
        Levels and spans.
    bands
        Age bands, such as ``("0-16", "17-39", "40-64", "65+")``; ages outside are unknown.

    Examples
    --------
    >>> Plan(measures=(), by=("visit",), groupings=()).bands
    ()
    """

    measures: tuple[RecordMeasure, ...]
    by: tuple[str, ...]
    groupings: tuple[Grouping, ...]
    bands: tuple[str, ...] = ()


class Executor(Protocol):
    """What both executors do; they agree to the row.

    Examples
    --------
    >>> sorted(name for name in vars(Executor) if not name.startswith("_"))
    ['frame', 'resolved', 'survey', 'tally']
    """

    @property
    def resolved(self) -> Resolved:
        """The layout, and where its columns stand in the source."""
        ...

    def survey(self) -> Survey:
        """Check every row, count the rows used and reported by rule, and count nothing else."""
        ...

    def tally(self, plan: Plan, *, egress: Policy) -> tuple[pd.DataFrame, Survey]:
        """Count, and return the cells that the policy lets out.

        The table has one row a measure, level, organisation, span and cell that has any row in
        the numerator or in the denominator, and these columns: ``measure`` (position in
        ``plan.measures``), ``level``, ``org_code``, ``period_start``, ``period_end``, the
        dimensions of ``plan.by``, ``numerator``, ``numerator_rows``, ``numerator_ss``,
        ``denominator`` and ``denominator_rows``: whole numbers, empty where they do not apply.
        ``_rows`` are the rows behind the figure; the policy is judged on the lesser of people
        and rows. What the policy hides is -1.
        """
        ...

    def frame(self, columns: Sequence[str], *, most: int) -> pd.DataFrame:
        """Return the used rows' canonical columns with their ``source_row``, in their order."""
        ...
