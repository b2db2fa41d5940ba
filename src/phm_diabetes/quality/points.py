"""Points: payment facts of practices that are out of line, and figures with known issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.plugins import measure_cards
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["known_issues_of", "points_out_of_line"]


def points_out_of_line(
    facts: DataFrame[Facts],
    *,
    national: float | None = None,
    most: str = "most_points",
    left_out: str = "left_out_of_qof",
) -> DataFrame[Problems]:
    """Find practices that could not earn the national maximum, or that were left out.

    Parameters
    ----------
    facts
        Facts of one payment year, as ``england.qof`` gives them.
    national
        Most points that the year offered; unless given, the most that any practice could earn.
    most, left_out
        Names of the attributes: a practice's own maximum, and why it is not published.

    Returns
    -------
    DataFrame[Problems]
        Info: neither is a fault, and both change how a practice is to be read.

    Examples
    --------
    >>> about = {"org_level": "practice", "attribute": "most_points", "start": pd.NaT,
    ...     "end": pd.NaT, "source": "a"}
    >>> facts = pd.DataFrame(about | {"org_code": ["Y99001", "Y99002"], "source_row": [2, 3],
    ...     "value": ["635", "628"]})
    >>> points_out_of_line(facts)["row"].tolist()
    [3]
    """
    table = checked(Facts, facts, what="facts")
    points = table[(table["attribute"] == most).to_numpy()]
    numbers = pd.to_numeric(points["value"], errors="coerce")
    full = national if national is not None else numbers.max()
    return checks(
        noted(
            points[(numbers != full).to_numpy()],
            severity="info",
            rule="national maximum",
            column="value",
            message="is not the national maximum of points",
            advice="Divide the points achieved by the practice's own maximum.",
        ),
        noted(
            table[(table["attribute"] == left_out).to_numpy()],
            severity="info",
            rule="passed validation",
            column="value",
            message="says that the practice is not in the publication",
            advice="It is not zero. Say how many practices a total holds.",
        ),
    )


def known_issues_of(
    counts: DataFrame[Counts], measures: DiseaseArea | Sequence[Measure] | None = None
) -> DataFrame[Problems]:
    """Find figures of periods for which their measure's card knows an issue.

    Parameters
    ----------
    counts
        Any Counts.
    measures
        A disease area, a list of cards, or ``None`` for the installed areas. Measures without a
        card are left out.

    Returns
    -------
    DataFrame[Problems]
        Info: protected income, a column known to be wrong, a period of the pandemic.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> len(known_issues_of(counts_from([{"dataset": "QOF", "measure": "copd.register",
    ...     "definition": "qof:COPD:TOTAL", "org_level": "practice", "org_code": "Y99001",
    ...     "period_start": "2022-04-01", "period_end": "2023-03-31"}])))
    0
    """
    table = as_counts(counts, what="counts")
    cards = measure_cards(measures)
    about = table[["measure", "period_start", "period_end"]].astype({"measure": str})
    found = []
    for measure, start, end in about.drop_duplicates().itertuples(index=False):
        issues = cards[measure].known_issues if measure in cards else ()
        told = [issue for issue in issues if issue.concerns(start.date(), end.date())]
        if not told:
            continue
        same = (about["measure"] == measure) & (about["period_start"] == start)
        rows = table[np.asarray(same & (about["period_end"] == end), dtype=bool)]
        found += [
            noted(
                rows,
                severity="info",
                rule="known issue",
                column="measure",
                message=issue.words.rstrip("."),
                advice=f"Say so beside the figure. Source: {issue.source.rstrip('.')}.",
                counted=True,
            )
            for issue in told
        ]
    return checks(*found)
