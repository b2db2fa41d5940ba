"""Merging levels: the levels of a dimension put together into fewer groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.counted_once import refuse_told_twice
from phm_diabetes.errors import OptionError, did_you_mean
from phm_diabetes.model.dimensions import ALL, UNKNOWN
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.words import words_used
from phm_diabetes.summing import add_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["merge_levels"]


def merge_levels(
    counts: DataFrame[Counts], *, over: str, groups: Mapping[str, Sequence[str]]
) -> DataFrame[Counts]:
    """Put levels of a dimension together into groups; what is not known stays by itself.

    Parameters
    ----------
    counts
        Counts by the dimension.
    over
        The dimension.
    groups
        Name of each group, and its levels. Every level but ``unknown`` and ``all`` is in one.

    Returns
    -------
    DataFrame[Counts]
        The same organisations, measures and periods, in the groups.

    Raises
    ------
    OptionError
        When a level is in no group or in two, or a group has a level that the table has not.

    Notes
    -----
    Whoever counts in two levels, as after a move, counts in each, and ``numerator_ss`` takes them
    for two people.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level":
    ...     "icb", "org_code": "QYY", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = counts_from([{**row, "imd_quintile": f"2019:{fifth}", "numerator": fifth}
    ...                      for fifth in range(1, 6)])
    >>> groups = {"first": ["2019:1"], "others": [f"2019:{fifth}" for fifth in range(2, 6)]}
    >>> merge_levels(table, over="imd_quintile", groups=groups)["numerator"].tolist()
    [1, 14]
    """
    table = as_counts(counts, what="counts")
    dimensions = dimensions_of(table)
    if over not in dimensions:
        message = f"over= names '{over}', which is not a dimension of the table."
        raise OptionError(message + did_you_mean(over, dimensions))
    refuse_told_twice(table)
    kept = {ALL: ALL, UNKNOWN: UNKNOWN}
    named = [(level, name) for name, levels in groups.items() for level in levels]
    present = set(words_used(table[over])) - set(kept)
    wrong = {
        "is in two groups": {level for level, _ in named if _times(named, level) > 1},
        "is in no group": present - {level for level, _ in named},
        "is no level of the table": {level for level, _ in named} - present - set(kept),
    }
    for words, levels in wrong.items():
        if levels:
            message = f"groups=: {over} {', '.join(sorted(levels))} {words}."
            raise OptionError(message)
    merged = table.assign(
        **{over: table[over].astype(object).map(kept | dict(named)).astype("category")}
    )
    summed = add_up(merged, row_key(merged))
    return as_counts(summed[list(table.columns)], what="The counts")


def _times(named: Sequence[tuple[str, str]], level: str) -> int:
    return sum(1 for each, _ in named if each == level)
