"""Comparing: two sources about the same organisations, parts beside wholes, parts as shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["shares_outside", "sources_apart", "totals_apart"]

_WHO = ["org_level", "org_code"]


def _joined(one: pd.DataFrame, other: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Rows of both with the same key; the columns of the second end in ``_other``."""
    words = dict.fromkeys(key, object)
    return one.astype(words).merge(other.astype(words), on=list(key), suffixes=("", "_other"))


def _summed(parts: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Bounds of sums; one part without an upper end leaves the sum without."""
    ends = ["numerator_low", "numerator_high"]
    open_ended = parts["numerator_high"].isna().groupby([parts[name] for name in key]).any()
    total = parts.groupby(list(key))[ends].sum()
    return total.assign(
        numerator_high=total["numerator_high"].mask(open_ended.to_numpy())
    ).reset_index()


def _range(table: pd.DataFrame, part: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = (f"{part}_low", f"{part}_high")
    if part.endswith("_other"):
        stem = part.removesuffix("_other")
        low, high = f"{stem}_low_other", f"{stem}_high_other"
    return (
        table[low].to_numpy(dtype=np.float64, na_value=0),
        table[high].to_numpy(dtype=np.float64, na_value=np.inf),
    )


def sources_apart(
    one: DataFrame[Counts],
    other: DataFrame[Counts],
    *,
    least: float = 0.8,
    most: float = 1.25,
) -> DataFrame[Problems]:
    """Find organisations of which two sources count very different numbers of people.

    Two registers of the same people differ by age range, day and participation: a ratio of 0.95
    to 1.10 is usual. Far outside it, one of them counts other people.

    Parameters
    ----------
    one, other
        Counts of one measure each, by organisation; numerators are compared. Periods may differ.
    least, most
        The ratio of `one` to `other` that is still taken; a ratio that hidden parts could bring
        within it is.

    Returns
    -------
    DataFrame[Problems]
        Warnings at the rows of `one`.

    Raises
    ------
    OptionError
        When a table holds several measures, periods or parts, so that organisations do not pair.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "local", "measure": "copd.register", "definition": "local:1",
    ...     "org_level": "practice", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> one = counts_from([about | {"org_code": "Y99001", "numerator": 50}])
    >>> sources_apart(one, counts_from([about | {"org_code": "Y99001", "numerator": 100}]))[
    ...     "severity"].tolist()
    ['warning']
    """
    tables = [as_counts(one, what="one"), as_counts(other, what="other")]
    for name, table in zip(("one", "other"), tables, strict=True):
        if table.duplicated(_WHO).any():
            message = (
                f"{name} holds an organisation more than once. Keep one measure, one period and "
                "no parts before comparing it with another source."
            )
            raise OptionError(message)
    both = _joined(tables[0], tables[1], _WHO)
    low, high = _range(both, "numerator")
    low_other, high_other = _range(both, "numerator_other")
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (high < least * low_other) | (low > most * high_other)
    return noted(
        both[apart],
        severity="warning",
        rule="sources agree",
        column="numerator",
        message=f"is outside {least:g} to {most:g} times what the other source counts",
        advice="Ask whether the practice took part in both, and which codes each counts.",
    )


def totals_apart(summed: DataFrame[Counts], published: DataFrame[Counts]) -> DataFrame[Problems]:
    """Find published totals that the sum of their parts cannot reach, whatever rounding did.

    Parameters
    ----------
    summed
        What ``geo.roll_up`` made of the parts, at the level of the totals. Its bounds take in
        the rounding of every part, some 2.5 for each part rounded to 5.
    published
        The publisher's own totals.

    Returns
    -------
    DataFrame[Problems]
        Warnings at the published rows, for numerator and denominator.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "local", "measure": "copd.register", "definition": "local:1",
    ...     "org_level": "icb", "org_code": "QZZ", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "denominator": 900}
    >>> summed = counts_from([about | {"numerator": 50, "basis": "rolled_up"}])
    >>> totals_apart(summed, counts_from([about | {"numerator": 55}]))["column"].tolist()
    ['numerator']
    """
    parts = as_counts(summed, what="summed")
    totals = as_counts(published, what="published")
    shared = [name for name in dimensions_of(totals) if name in dimensions_of(parts)]
    key = ["dataset", "measure", "definition", *_WHO, "period_start", "period_end", *shared]
    both = _joined(totals, parts, key)
    found: list[DataFrame[Problems]] = []
    for part in ("numerator", "denominator"):
        low, high = _range(both, part)
        low_sum, high_sum = _range(both, f"{part}_other")
        found.append(
            noted(
                both[(low > high_sum) | (high < low_sum)],
                severity="warning",
                rule="parts make the whole",
                column=part,
                message="is not what its parts add up to, even with all their rounding",
                advice="Ask who is missing: practices that took no part, or that moved.",
            )
        )
    return checks(*found)


def shares_outside(
    counts: DataFrame[Counts],
    *,
    dimension: str,
    level: str,
    least: float,
    most: float,
) -> DataFrame[Problems]:
    """Find organisations whose people of one kind are an unlikely share of all their people.

    Parameters
    ----------
    counts
        Counts in which `dimension` has its parts; numerators are compared.
    dimension, level
        The kind, such as ``"subtype"`` and ``"type_1"``.
    least, most
        The share that is still taken [proportion]; one that hidden parts could bring within it
        is.

    Returns
    -------
    DataFrame[Problems]
        Warnings at the rows of the kind.

    Raises
    ------
    OptionError
        When the counts have no such dimension, or no such level in it.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> about = {"dataset": "local", "measure": "copd.register", "definition": "local:1",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31"}
    >>> table = counts_from([about | {"subtype": "one", "numerator": 40},
    ...                      about | {"subtype": "other", "numerator": 60}])
    >>> shares_outside(table, dimension="subtype", level="one", least=0.04, most=0.15)[
    ...     "severity"].tolist()
    ['warning']
    """
    table = as_counts(counts, what="counts")
    if dimension not in dimensions_of(table) or level not in set(table[dimension]):
        message = f"counts has no level '{level}' of a dimension '{dimension}'."
        raise OptionError(message)
    others = [name for name in dimensions_of(table) if name != dimension]
    key = ["dataset", "measure", *_WHO, "period_start", "period_end", *others]
    words = dict.fromkeys([*key, dimension], object)
    parts = table[(table[dimension] != "all").to_numpy()].astype(words)
    own = parts[parts[dimension] == level]
    rest = parts[parts[dimension] != level]
    bounds = _summed(rest, key)
    both = _joined(own, bounds, key)
    low, high = _range(both, "numerator")
    low_rest, high_rest = _range(both, "numerator_other")
    with np.errstate(divide="ignore", invalid="ignore"):
        outside = (high / (high + low_rest) < least) | (low / (low + high_rest) > most)
    return noted(
        both[outside],
        severity="warning",
        rule="likely share",
        column="numerator",
        message=f"makes '{level}' outside {least:.0%} to {most:.0%} of the people counted",
        advice="Look at how the kinds are coded before comparing them.",
    )
