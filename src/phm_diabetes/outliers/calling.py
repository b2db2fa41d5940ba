"""Calling: how many of the units that were compared nobody can call, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.outliers.comparators import REMAINDERS
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.comparisons import Comparisons
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    import pandas as pd
    from pandera.typing import DataFrame

__all__ = ["UNSURE", "undecided"]

UNSURE = ("may change", "cannot tell")
"""Words of ``rounding`` under which a verdict is not called."""
_ABOUT = ("dataset", "measure", "definition", "period_start", "period_end", "org_level")
_WITHIN = ("comparator", "confidence")


def undecided(comparisons: DataFrame[Comparisons]) -> pd.DataFrame:
    """Count the units that cannot be called, so that a few verdicts are not read as all there is.

    A small subgroup, such as a rare subtype at one practice, is often rounded or hidden so far
    that rounding alone could give another verdict.

    Parameters
    ----------
    comparisons
        What :func:`~phm_diabetes.compare` gave. Remainders of a roll-up are no units.

    Returns
    -------
    DataFrame
        One row a measure, definition, period, level, level of each dimension, comparator and
        confidence: ``units``; of them ``without_comparator``, ``without_figure`` (hidden, missing
        or without an interval) and ``by_rounding``, whose verdict rounding could change;
        ``undecided``, the three together; ``share`` of the units [proportion].

    Raises
    ------
    SchemaError
        When the table is not `Comparisons`.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "NDA", "measure": "dm.cp8", "definition": "d", "subtype": "type_1",
    ...     "org_level": "practice", "period_start": "2021-01-01", "period_end": "2022-03-31",
    ...     "numerator": 10, "numerator_low": 8, "numerator_high": 12,
    ...     "denominator": 20, "denominator_low": 18, "denominator_high": 22}
    >>> hidden = {"numerator": None, "numerator_low": 1, "numerator_high": 7}
    >>> england = {"numerator": 65_000, "numerator_low": 65_000, "numerator_high": 65_000,
    ...     "denominator": 200_000, "denominator_low": 200_000, "denominator_high": 200_000}
    >>> table = phm.estimate(phm.counts_from([
    ...     {**row, "org_code": "Y99001"}, {**row, "org_code": "Y99002", **hidden},
    ...     {**row, "org_level": "england", "org_code": "E92000001", **england}]))
    >>> found = undecided(phm.compare(table, to="england"))
    >>> found.loc[found["org_level"] == "practice",
    ...     ["units", "without_figure", "by_rounding", "undecided"]].values.tolist()
    [[2, 1, 1, 2]]
    """
    table = checked(Comparisons, comparisons, what="comparisons")
    table = table[~table["org_code"].isin(REMAINDERS).to_numpy()]
    keys = [*_ABOUT, *dimensions_of(table), *_WITHIN]
    ids, first = group_ids(table, keys)
    compared = (table["verdict"] != "not compared").to_numpy()
    alone = ~compared & (table["comparator_code"].astype(str) == "").to_numpy()
    unsure = compared & table["rounding"].isin(UNSURE).to_numpy()

    def many(which: np.ndarray) -> np.ndarray:
        return np.bincount(ids[which], minlength=len(first))

    units = np.bincount(ids, minlength=len(first))
    told = {
        "units": units,
        "without_comparator": many(alone),
        "without_figure": many(~compared & ~alone),
        "by_rounding": many(unsure),
        "undecided": many(~compared | unsure),
    }
    about = table[keys].iloc[first].reset_index(drop=True)
    return about.assign(**told, share=told["undecided"] / units)
