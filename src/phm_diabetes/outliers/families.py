"""Families: the rows of one measure, level, period and cell, which are judged together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.outliers.comparators import unit_key
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.model.measures import DiseaseArea, Measure

__all__ = ["WITHIN", "Family", "families_of", "grouped_rows", "key_at"]

WITHIN = "within"
"""Column that keeps the units of one parent apart from those of another."""


@frozen(kw_only=True, eq=False)
class Family:
    """Rows of a table that are judged together.

    Parameters
    ----------
    rows
        Their positions.
    card
        Of their measure.
    level
        Of their organisations.
    caveat
        What the card says of their period.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": level, "org_code": code, "period_start": "2022-04-01",
    ...          "period_end": "2023-03-31", "numerator": 9, "denominator": 90}
    ...         for level, code in (("practice", "Y99001"), ("pcn", "U99001"))]
    >>> found = families_of(phm.estimate(phm.counts_from(rows)), None)
    >>> [(family.level, family.rows.tolist()) for family in found]
    [('pcn', [1]), ('practice', [0])]
    """

    rows: NDArray[np.intp]
    card: Measure
    level: str
    caveat: str


def families_of(
    table: pd.DataFrame, measures: DiseaseArea | Sequence[Measure] | None
) -> list[Family]:
    """Return the families of a table of estimates, in the order of their keys.

    Parameters
    ----------
    table
        Checked estimates, shape ``(n, k)``.
    measures
        Cards; ``None`` for the installed areas.

    Raises
    ------
    MeasureNotFoundError
        When a measure has no card.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> {family.level for family in families_of(table, None)}
    {'practice'}
    """
    cards = cards_of(table, measures)
    columns = [*unit_key(table), "org_level", "confidence"]
    found = []
    for rows in grouped_rows(table, columns).values():
        measure, level, start, end = key_at(
            table, rows[0], ["measure", "org_level", "period_start", "period_end"]
        )
        card = cards[str(measure)]
        caveat = " ".join(card.caveats_for(start.date(), end.date()))
        found.append(Family(rows=rows, card=card, level=str(level), caveat=caveat))
    return found


def grouped_rows(
    table: pd.DataFrame, columns: Sequence[str]
) -> dict[tuple[Any, ...], NDArray[np.intp]]:
    """Return the positions of the rows of each key, in the order of the table.

    Examples
    --------
    >>> import pandas as pd
    >>> grouped_rows(pd.DataFrame({"level": ["b", "a", "b"]}), ["level"])
    {('a',): array([1]), ('b',): array([0, 2])}
    """
    if not len(table):
        return {}
    ids, first = group_ids(table, columns)
    order = np.argsort(ids, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(ids))[:-1])
    keys = table[list(columns)].iloc[first].astype(object).itertuples(index=False, name=None)
    return dict(zip(keys, parts, strict=True))


def key_at(table: pd.DataFrame, row: int | np.intp, columns: Sequence[str]) -> tuple[Any, ...]:
    """Return the key of one row, as :func:`grouped_rows` writes it.

    Examples
    --------
    >>> import pandas as pd
    >>> key_at(pd.DataFrame({"level": ["b", "a"]}), 1, ["level"])
    ('a',)
    """
    keys = table[list(columns)].iloc[[int(row)]].astype(object)
    return next(keys.itertuples(index=False, name=None))
