"""Exclusions: those left out of a denominator put back into it, or counted themselves.

A scheme that lets people be left out publishes its denominator without them. Achievement is
numerator / denominator; the intervention rate is numerator / (denominator + excluded), and the
exception rate excluded / (denominator + excluded). Nothing is ever taken off a denominator here:
that has been done by who published it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, UnlikeError
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["exception_counts", "intervention_counts"]

_WITH_EXCLUDED = "+excluded"
_MOST_NAMED = 5


def intervention_counts(counts: DataFrame[Counts]) -> DataFrame[Counts]:
    """Put those who were left out back into the denominator.

    Parameters
    ----------
    counts
        Counts of which ``excluded`` is known; where it is not, the denominator becomes missing,
        with its least as a bound.

    Returns
    -------
    DataFrame[Counts]
        The same measures under definitions that end in ``+excluded``, so that they are never
        compared with the others by accident. Nobody is left out of them any more.

    Raises
    ------
    UnlikeError
        When those left out are in a denominator already.
    OptionError
        When a measure does not say for any organisation how many were left out.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> net = counts_from([{
    ...     "dataset": "QOF", "measure": "qof.copd010", "definition": "qof:COPD010:pca",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 60, "denominator": 80, "excluded": 20,
    ... }])
    >>> everyone = intervention_counts(net)
    >>> everyone[["numerator", "denominator", "excluded"]].values.tolist()
    [[60, 100, 0]]
    >>> everyone["definition"].tolist()
    ['qof:COPD010:pca+excluded']
    """
    table = _with_exclusions(counts)
    nobody = pd.array(np.zeros(len(table), dtype=np.int64), dtype="Int64")
    return as_counts(
        table.assign(**_everyone(table), definition=_marked(table), excluded=nobody),
        what="The counts",
    )


def exception_counts(counts: DataFrame[Counts]) -> DataFrame[Counts]:
    """Count those who were left out, out of everyone who could have counted.

    Parameters
    ----------
    counts
        Counts of which ``excluded`` is known.

    Returns
    -------
    DataFrame[Counts]
        Measures whose ids end in ``_excluded``, out of denominator and excluded together.

    Raises
    ------
    UnlikeError, OptionError
        As :func:`intervention_counts`.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> net = counts_from([{
    ...     "dataset": "QOF", "measure": "qof.copd010", "definition": "qof:COPD010:pca",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 60, "denominator": 80, "excluded": 20,
    ... }])
    >>> exception_counts(net)[["measure", "numerator", "denominator"]].values.tolist()
    [['qof.copd010_excluded', 20, 100]]
    """
    table = _with_exclusions(counts)
    excluded = table["excluded"]
    codes = table["measure"].cat
    return as_counts(
        table.assign(
            **_everyone(table),
            measure=worded(codes.codes, [f"{name}_excluded" for name in codes.categories]),
            definition=_marked(table),
            numerator=excluded,
            numerator_low=excluded.fillna(0),
            numerator_high=excluded,
            numerator_variance=np.where(excluded.isna(), np.nan, 0.0),
            numerator_ss=np.nan,
            excluded=pd.array(np.zeros(len(table), dtype=np.int64), dtype="Int64"),
        ),
        what="The counts",
    )


def _with_exclusions(counts: object) -> DataFrame[Counts]:
    table = as_counts(counts, what="counts")
    ready = table["definition"].astype(str).str.endswith(_WITH_EXCLUDED)
    if ready.any():
        message = (
            f"{int(ready.sum()):,} rows have those who were left out in their denominator already. "
            "Hand over the counts as they were loaded."
        )
        raise UnlikeError(message)
    silent = table["excluded"].isna().groupby(table["measure"], observed=True).all()
    if silent.any():
        names = [str(name) for name in silent[silent].index]
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        message = (
            f"The counts do not say who was left out of {', '.join(names[:_MOST_NAMED])}{more}. "
            "Keep the other measures first: counts[counts['excluded'].notna()]."
        )
        raise OptionError(message)
    return table


def _marked(table: pd.DataFrame) -> Any:  # noqa: ANN401 - a categorical
    codes = table["definition"].cat
    return worded(codes.codes, [f"{name}{_WITH_EXCLUDED}" for name in codes.categories])


def _everyone(table: pd.DataFrame) -> dict[str, Any]:
    """Denominator and excluded together, with bounds; missing where either is."""
    excluded, unknown = table["excluded"], table["excluded"].isna().to_numpy()
    return {
        "denominator": table["denominator"] + excluded,
        "denominator_low": table["denominator_low"] + excluded.fillna(0),
        "denominator_high": table["denominator_high"] + excluded,
        "denominator_variance": table["denominator_variance"].mask(unknown),
    }
