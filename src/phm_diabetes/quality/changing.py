"""Changing: lists and shares that changed more from one time to the next than is likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.population import Population

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["list_jumps", "share_jumps"]

_WHO = ["org_level", "org_code"]
_DAYS_IN_A_YEAR = 365.25


def list_jumps(
    before: DataFrame[Population], after: DataFrame[Population], *, most: float = 0.05
) -> DataFrame[Problems]:
    """Find organisations whose list grew or shrank faster than is likely.

    Parameters
    ----------
    before, after
        Lists of two days. Rows of everybody are compared: those of parts are left out.
    most
        Change in a year that is still taken, as a share of the list before [proportion].

    Returns
    -------
    DataFrame[Problems]
        Warnings at the rows of `after`.

    Raises
    ------
    OptionError
        When a table holds several days, or the days are not in order.

    Examples
    --------
    >>> about = {"basis": "registered", "org_level": "practice", "org_code": ["Y99001"],
    ...     "area_level": "", "area_code": "", "age_band": "all", "sex": "all", "source": "a",
    ...     "source_row": 2}
    >>> before = pd.DataFrame(about | {"counted_on": pd.Timestamp("2021-01-01"), "people": 1000})
    >>> after = pd.DataFrame(about | {"counted_on": pd.Timestamp("2022-01-01"), "people": 1200})
    >>> list_jumps(before, after)["severity"].tolist()
    ['warning']
    """
    tables = [_everybody(before, "before"), _everybody(after, "after")]
    days = [pd.Timestamp(table["counted_on"].iloc[0]) for table in tables if len(table)]
    if len(days) != len(tables) or days[1] <= days[0]:
        message = "before= and after= must each hold lists, and after= those of a later day."
        raise OptionError(message)
    years = (days[1] - days[0]).days / _DAYS_IN_A_YEAR
    words = dict.fromkeys(_WHO, object)
    both = (
        tables[1]
        .astype(words)
        .merge(tables[0].astype(words)[[*_WHO, "people"]], on=_WHO, suffixes=("", "_before"))
    )
    now = both["people"].to_numpy(dtype=np.float64, na_value=np.nan)
    then = both["people_before"].to_numpy(dtype=np.float64, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        jumped = np.abs(now / then - 1) > most * years
    return noted(
        both[jumped],
        severity="warning",
        rule="list steady",
        column="people",
        message=f"changed by more than {most:.0%} of the list a year",
        advice="Look for a merger, a closed practice nearby, or a cleaned list.",
    )


def _everybody(population: DataFrame[Population], name: str) -> pd.DataFrame:
    table = checked(Population, population, what=name)
    whole = (
        (table["age_band"] == "all") & (table["sex"] == "all") & (table["area_code"] == "")
    ).to_numpy()
    kept = table[whole]
    if len(kept["counted_on"].unique()) > 1 or kept.duplicated(_WHO).any():
        message = f"{name}= must hold each organisation's list once, on one day."
        raise OptionError(message)
    return kept


def share_jumps(
    before: DataFrame[Counts], after: DataFrame[Counts], *, points: float = 1.5
) -> DataFrame[Problems]:
    """Find organisations whose share, such as a prevalence, jumped from one period to the next.

    Parameters
    ----------
    before, after
        Counts of the same measures and definitions for two periods.
    points
        Change that is still taken [percentage points]; one that hidden parts could bring within
        it is.

    Returns
    -------
    DataFrame[Problems]
        Warnings at the rows of `after`.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "QOF", "measure": "copd.register", "org_code": "Y99001",
    ...     "definition": "qof:COPD:TOTAL", "org_level": "practice", "denominator": 1000}
    >>> share_jumps(
    ...     counts_from([about | {"period_start": "2021-04-01", "period_end": "2022-03-31",
    ...                           "numerator": 20}]),
    ...     counts_from([about | {"period_start": "2022-04-01", "period_end": "2023-03-31",
    ...                           "numerator": 60}]),
    ... )["severity"].tolist()
    ['warning']
    """
    earlier, later = as_counts(before, what="before"), as_counts(after, what="after")
    shared = [name for name in dimensions_of(later) if name in dimensions_of(earlier)]
    key = ["dataset", "measure", "definition", *_WHO, *shared]
    for name, table in (("before", earlier), ("after", later)):
        if table.duplicated(key).any():
            message = f"{name}= must hold each organisation and measure once, for one period."
            raise OptionError(message)
    words = dict.fromkeys(key, object)
    both = later.astype(words).merge(earlier.astype(words), on=key, suffixes=("", "_before"))
    least, most = _shares(both, "")
    least_before, most_before = _shares(both, "_before")
    with np.errstate(invalid="ignore"):
        jumped = (least - most_before > points / 100) | (least_before - most > points / 100)
    return noted(
        both[jumped],
        severity="warning",
        rule="share steady",
        column="numerator",
        message=f"changed its share by more than {points:g} percentage points in a period",
        advice="Look for a change of coding or of the clinical system, a merger, or a case search.",
    )


def _shares(table: pd.DataFrame, end: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least and most that each share can be, whatever is hidden."""

    def numbers(name: str, empty: float) -> NDArray[np.float64]:
        return np.asarray(table[f"{name}{end}"].to_numpy(np.float64, na_value=empty))

    with np.errstate(divide="ignore", invalid="ignore"):
        least = numbers("numerator_low", 0) / numbers("denominator_high", np.inf)
        most = numbers("numerator_high", np.inf) / numbers("denominator_low", 0)
    return least, most
