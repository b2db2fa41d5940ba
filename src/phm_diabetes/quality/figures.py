"""Figures: numerators, denominators and what is worked out from too few people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["above_bounds", "above_denominators", "worked_out_from_too_few"]

_ABOUT = ["dataset", "org_level", "org_code", "period_start", "period_end", "as_at"]


def _floats(column: pd.Series[int], *, empty: float) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(np.float64, na_value=empty), dtype=np.float64)


def above_denominators(counts: DataFrame[Counts]) -> DataFrame[Problems]:
    """Find numerators above their denominators: impossible ones, and those rounding explains.

    Parameters
    ----------
    counts
        Any Counts. A measure of events, of which a person can have several, is not for this
        check: leave its rows out.

    Returns
    -------
    DataFrame[Problems]
        A warning where the least numerator is above the most denominator: the share is no
        share. Info where only the published figures are, as 10 of 8 after rounding.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "org_level": "practice", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> above_denominators(counts_from([
    ...     about | {"org_code": "Y99001", "numerator": 9, "denominator": 8},
    ...     about | {"org_code": "Y99002", "numerator": 8, "denominator": 9},
    ... ]))["severity"].tolist()
    ['warning']
    """
    table = as_counts(counts, what="counts")
    least = _floats(table["numerator_low"], empty=0)
    most = _floats(table["denominator_high"], empty=np.inf)
    certain = least > most
    shown = _floats(table["numerator"], empty=np.nan) > _floats(table["denominator"], empty=np.nan)
    return checks(
        noted(
            table[certain],
            severity="warning",
            rule="numerator within denominator",
            column="numerator",
            message="is above the denominator, whatever rounding did",
            advice="Check that the two columns were not swapped, and ask the publisher.",
        ),
        noted(
            table[shown & ~certain],
            severity="info",
            rule="numerator within denominator",
            column="numerator",
            message="is above the denominator because both were rounded",
            advice="Nothing to do: the true figures can be in order, and count as a range.",
        ),
    )


def above_bounds(counts: DataFrame[Counts], *, measure: str, within: str) -> DataFrame[Problems]:
    """Find rows of a measure that count more people than one that must count as many or more.

    People who had all of several checks had each of them: the numerator of all of them cannot
    be above that of one of them.

    Parameters
    ----------
    counts
        Counts of both measures.
    measure
        Id of the measure whose numerator must be no larger.
    within
        Id of the measure that bounds it.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "local", "definition": "local:1", "org_level": "practice",
    ...     "org_code": "Y99001", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = counts_from([
    ...     about | {"measure": "copd.all", "numerator": 9, "denominator": 10},
    ...     about | {"measure": "copd.one", "numerator": 8, "denominator": 10},
    ... ])
    >>> above_bounds(table, measure="copd.all", within="copd.one")["severity"].tolist()
    ['error']
    """
    table = as_counts(counts, what="counts")
    own = table[(table["measure"] == measure).to_numpy()]
    key = [*_ABOUT, *dimensions_of(table)]
    bound = table.loc[(table["measure"] == within).to_numpy(), [*key, "numerator_high"]]
    both = own.astype(dict.fromkeys(key, object)).merge(
        bound.astype(dict.fromkeys(key, object)).rename(columns={"numerator_high": "most"}),
        on=key,
    )
    over = _floats(both["numerator_low"], empty=0) > _floats(both["most"], empty=np.inf)
    return noted(
        both[over],
        severity="error",
        rule="part within whole",
        column="numerator",
        message=f"of {measure} is above that of {within}, which counts all of the same people",
        advice="Check that the two measures were not swapped, and ask the publisher.",
    )


def worked_out_from_too_few(
    estimates: DataFrame[Estimates],
    *,
    of: Literal["numerator", "denominator"] = "denominator",
    least: int = 20,
) -> DataFrame[Problems]:
    """Find figures that were worked out from too few people or events to be shown.

    Parameters
    ----------
    estimates
        Percentages, with ``of="denominator"`` and ``least=20``; directly standardised rates,
        with ``of="numerator"`` and ``least=10``.
    of, least
        What must reach how much.

    Raises
    ------
    OptionError
        When `of` is neither word.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> table = phm.counts_from([{"dataset": "QOF", "measure": "copd.register", "numerator": 1,
    ...     "definition": "qof:COPD:TOTAL", "org_level": "practice", "org_code": "Y99001",
    ...     "period_start": "2022-04-01", "period_end": "2023-03-31", "denominator": 12}])
    >>> worked_out_from_too_few(phm.estimate(table))["severity"].tolist()
    ['error']
    """
    if of not in {"numerator", "denominator"}:
        message = f"of= takes 'numerator' or 'denominator', not '{of}'."
        raise OptionError(message)
    table = checked(Estimates, estimates, what="estimates")
    known = _floats(table[of].fillna(table[f"{of}_high"]), empty=np.inf)
    few = table["value"].notna().to_numpy() & (known < least)
    what = "percentage" if of == "denominator" else "standardised rate"
    return noted(
        table[few],
        severity="error",
        rule="enough to work it out",
        column="value",
        message=f"is a {what} on a {of} below {least}",
        advice="Show the counts, or sum more organisations or years; give no figure.",
    )
