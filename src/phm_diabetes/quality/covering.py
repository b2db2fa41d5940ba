"""Covering: totals that hold far fewer organisations than in the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.metrics.participation import FALL, coverage
from phm_diabetes.quality.noting import noted, nothing

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["fallen_coverage", "falls_among"]


def fallen_coverage(
    counts: DataFrame[Counts], *, geo: Geography, to: str, as_at: str | date = "period_end"
) -> DataFrame[Problems]:
    """Find totals that a tenth or more of their practices left since the period before.

    Parameters
    ----------
    counts
        Counts of practices, of several periods.
    geo, to, as_at
        As for :func:`phm_diabetes.coverage`; one day for all periods finds those who stayed out,
        which a source's own list of who took part cannot.

    Returns
    -------
    DataFrame[Problems]
        A warning a total and period; practices that closed or merged are no loss.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> len(fallen_coverage(table, geo=demo.england_geography(), to="england"))
    0
    """
    return falls_among(coverage(counts, geo=geo, to=to, as_at=as_at))


def falls_among(found: pd.DataFrame) -> DataFrame[Problems]:
    """Return a warning for each total whose coverage fell.

    Parameters
    ----------
    found
        What :func:`phm_diabetes.coverage` says, or some rows of it.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> len(falls_among(phm.coverage(table, geo=demo.england_geography(), to="england")))
    0
    """
    rows = found[found["fell"].fillna(value=False).astype(bool)] if len(found) else found
    if not len(rows):
        return nothing()
    return noted(
        rows,
        severity="warning",
        rule="coverage steady",
        column="org_code",
        message=[
            (
                f"{measure}: {present:,} of {known:,} practices have a figure in the period that "
                f"ends on {end:%Y-%m-%d}, and {before:,} had one before (a tenth or more fewer)"
            )
            for measure, present, known, end, before in zip(
                *(rows[name] for name in ("measure", "present", "known", "period_end")),
                rows["present_before"],
                strict=True,
            )
        ],
        advice=(
            "The total is of those left. Ask whether the others record in a local scheme, before "
            f"it is compared (called out from {FALL:.0%})."
        ),
    )
