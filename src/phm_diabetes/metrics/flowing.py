"""Flowing: from which organisation people go to which provider, as a table whose rows add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from phm_diabetes.errors import DoubleCountError, OptionError, UnlikeError
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.model.dimensions import ALL
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.words import words_used
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts

__all__ = ["flows"]

_ONE = ("measure", "definition", "org_level", "period_start", "period_end")


def flows(
    counts: DataFrame[Counts],
    *,
    across: str = "provider",
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> pd.DataFrame:
    """Return a table of organisations by providers, with the total of each row and column.

    Parameters
    ----------
    counts
        Events or money of one measure, level and period, split by `across`.
    across
        The dimension that becomes the columns.
    measures
        Cards; ``None`` for the installed areas.

    Returns
    -------
    DataFrame
        Index ``org_code`` with a last row ``all``; one Int64 column a provider, the largest
        first, and ``all``. A cell without records is 0. A hidden one is empty, and so are the
        totals that it is part of: ask for them in the tally, or look at ``numerator_low`` and
        ``numerator_high`` of the counts.

    Raises
    ------
    OptionError
        When `across` is no dimension of the table.
    UnlikeError
        When measures, definitions (such as price years), levels or periods are mixed.
    DoubleCountError
        When the measure counts people, of whom one can be with several providers.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "measure": "dm.op_attendances", "definition": "d",
    ...     "org_level": "place", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> print(flows(phm.counts_from([
    ...     {**row, "org_code": "north", "provider": "REM", "numerator": 60},
    ...     {**row, "org_code": "north", "provider": "RBN", "numerator": 40},
    ...     {**row, "org_code": "south", "provider": "REM", "numerator": 30}])))
    provider  REM  RBN  all
    org_code
    north      60   40  100
    south      30    0   30
    all        90   40  130
    """
    given = as_counts(counts, what="counts")
    if across not in dimensions_of(given):
        message = (
            f"across= names '{across}', which is not a dimension of the table. Tally with "
            f"by=['{across}']."
        )
        raise OptionError(message)
    table = choose(given, [across])
    table = table[(table[across] != ALL).to_numpy()]
    for name in _ONE:
        found = table[name].astype(str).unique()
        if len(found) > 1:
            message = (
                f"counts= hold {len(found)} {name.replace('_', ' ')}s ({', '.join(sorted(found))})"
                ". A table of flows adds up one of them: filter it first."
            )
            raise UnlikeError(message)
    people = [card.id for card in cards_of(table, measures).values() if card.unit == "people"]
    if people:
        message = (
            f"{people[0]} counts people, and one can be with several providers, so that a row "
            "would add up to more than there are. Use attendances."
        )
        raise DoubleCountError(message)
    return _wide(table, across)


def _wide(table: pd.DataFrame, across: str) -> pd.DataFrame:
    columns = words_used(table[across].astype("category"))
    rows = words_used(table["org_code"])
    wide = pd.DataFrame(
        {name: pd.array([0] * len(rows), dtype="Int64") for name in columns},
        index=pd.Index(rows, name="org_code", dtype=object),
    )
    for code, name, number in zip(
        table["org_code"].astype(object),
        table[across].astype(object),
        table["numerator"],
        strict=True,
    ):
        wide.loc[code, name] = number
    size = {name: int(wide[name].sum(skipna=True)) for name in columns}
    wide = wide[sorted(columns, key=lambda name: (-size[str(name)], str(name)))]
    wide["all"] = wide.sum(axis=1, skipna=False)
    total = wide.sum(axis=0, skipna=False).astype("Int64")
    wide = pd.concat([wide, total.to_frame("all").T]).astype("Int64")
    wide.index.name = "org_code"
    wide.columns.name = across
    return wide.rename(columns={"": "not known"})
