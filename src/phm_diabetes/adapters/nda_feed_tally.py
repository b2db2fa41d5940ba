"""Tally of a local feed of the National Diabetes Audit: people added up, and let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.nda_editions import edition_of
from phm_diabetes.disease_areas.nda_versions import nda_definition
from phm_diabetes.errors import OptionError
from phm_diabetes.model.dimensions import ALL
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from phm_diabetes.adapters.nda_editions import Edition
    from phm_diabetes.adapters.nda_feed_measures import Counted
    from phm_diabetes.adapters.nda_feed_people import People

__all__ = ["tallied"]

_DIMENSIONS = ("age_band", "sex", "ethnicity", "imd_quintile")


def tallied(
    practices: pd.Series[Any],
    periods: pd.Series[Any],
    people: People,
    measures: Sequence[Counted],
) -> pd.DataFrame:
    """Add people up by practice, type and audit: whole, and by one dimension after another.

    Parameters
    ----------
    practices, periods
        Practice code and audit of each person.
    people
        Their levels and weights, in the same order.
    measures
        Who counts for what.

    Returns
    -------
    DataFrame
        Rows of Counts without their source; every count is exact. A row carries the number of
        the first person in it.

    Examples
    --------
    >>> from phm_diabetes.adapters.nda_feed_measures import counted_measures
    >>> from phm_diabetes.adapters.nda_feed_people import people_in
    >>> from phm_diabetes.model.periods import Period
    >>> cells = pd.DataFrame({"type": ["2", "2"], "sex": ["1", ""]}).astype("category")
    >>> people, _ = people_in(cells, {}, vintage="2019")
    >>> table = tallied(pd.Series(["Y99001"] * 2), pd.Series([Period.audit("2021-22")] * 2),
    ...                 people, counted_measures(people, None))
    >>> table.loc[table["sex"] != "all", ["sex", "numerator"]].values.tolist()
    [['male', 1], ['unknown', 1]]
    """
    keys = pd.DataFrame(
        {
            "org_code": practices.astype(object).to_numpy(),
            "period_start": pd.to_datetime([each.start for each in periods]).as_unit("ns"),
            "period_end": pd.to_datetime([each.end for each in periods]).as_unit("ns"),
            "subtype": people.levels["subtype"],
        }
    )
    editions = [edition_of(period) for period in periods]
    tables = []
    for split in (None, *_DIMENSIONS):
        levels = {name: people.levels[name] if name == split else ALL for name in _DIMENSIONS}
        keyed = keys.assign(**levels)
        ids, first = group_ids(keyed, [str(name) for name in keyed])
        earliest = np.full(len(first), len(keyed), dtype=np.int64)
        np.minimum.at(earliest, ids, np.arange(len(keyed)))
        heads = keyed.iloc[first].reset_index(drop=True)
        heads["source_row"] = practices.index.to_numpy()[earliest]
        of_head = [editions[spot] for spot in first]
        tables += [_counts(heads, of_head, ids, people.weight, each) for each in measures]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(dataset="NDA", org_level="practice")


def _counts(
    heads: pd.DataFrame,
    editions: Sequence[Edition],
    ids: NDArray[np.int64],
    weight: NDArray[np.int64],
    counted: Counted,
) -> pd.DataFrame:
    known = {each: _definition(counted, each) for each in dict.fromkeys(editions)}
    definitions = [known[each] for each in editions]

    def total(who: NDArray[np.bool_]) -> pd.api.extensions.ExtensionArray:
        added = np.bincount(ids, weights=who * weight, minlength=len(heads))
        return pd.array(added.astype(np.int64), dtype="Int64")

    none = pd.array([pd.NA] * len(heads), dtype="Int64")
    table = heads.assign(
        measure=counted.measure,
        definition=pd.Series(definitions, dtype=object),
        numerator=total(counted.numerator),
        denominator=none if counted.denominator is None else total(counted.denominator),
    )
    return table[table["definition"].notna()]


def _definition(counted: Counted, edition: Edition) -> str | None:
    """Return the definition; ``None`` where the audit did not collect the measure that year."""
    try:
        return nda_definition(
            counted.measure,
            window=edition.window,
            year=edition.year,
            components=counted.components,
        )
    except OptionError:
        return None
