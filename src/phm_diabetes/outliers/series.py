"""Series: the figures of each organisation over like periods, side by side in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.errors import DefinitionMismatchError, DoubleCountError
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.outliers.comparators import unit_key
from phm_diabetes.outliers.families import grouped_rows
from phm_diabetes.outliers.period_grids import PeriodGrid, period_grid
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure

__all__ = ["Series", "series_of"]

_IN_TIME = {"definition", "period_start", "period_end"}


@frozen(kw_only=True, eq=False)
class Series:
    """Series of one measure that share their periods.

    Parameters
    ----------
    rows
        Position in the table of each series' row in each period, shape ``(s, t)``; -1 for none.
    grid
        The periods, evenly spaced.
    card
        Of the measure.
    caveat
        What must be said beside every point.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": "icb", "org_code": "QZZ", "period_start": f"{year}-04-01",
    ...          "period_end": f"{year + 1}-03-31", "numerator": year, "denominator": 99_000}
    ...         for year in (2022, 2019, 2020)]
    >>> found = series_of(phm.estimate(phm.counts_from(rows)), None)[0]
    >>> found.at(np.array([2022.0, 2019.0, 2020.0])).tolist()
    [[2019.0, 2020.0, nan, 2022.0]]
    """

    rows: NDArray[np.intp]
    grid: PeriodGrid
    card: Measure
    caveat: str

    def at(self, values: FloatArray) -> FloatArray:
        """Return the values of the rows, in the shape of the series; NaN where there is no row."""
        return np.where(self.rows >= 0, values[self.rows], np.nan)

    @property
    def from_first_row(self) -> list[tuple[int, NDArray[np.intp]]]:
        """Each period in which series begin, with the series that begin there."""
        first = np.argmax(self.rows >= 0, axis=1)
        return [(int(each), np.flatnonzero(first == each)) for each in np.unique(first)]


def series_of(
    table: pd.DataFrame,
    measures: DiseaseArea | Sequence[Measure] | None,
    *,
    allow_mixed: str | None = None,
) -> list[Series]:
    """Return the series in a table, one a measure, cell and organisation.

    Parameters
    ----------
    table
        Checked estimates, shape ``(n, k)``.
    measures
        Cards; ``None`` for the installed areas.
    allow_mixed
        A reason that allows a series to go on under another definition; it becomes a caveat.

    Raises
    ------
    UnlikeError
        When a measure's periods differ in length, or are not evenly spaced.
    DefinitionMismatchError
        When a measure's definition changes from one period to another, and no reason allows it.
    DoubleCountError
        When an organisation has two figures of one period.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": "icb", "org_code": "QZZ", "period_start": f"{year}-04-01",
    ...          "period_end": f"{year + 1}-03-31", "numerator": year, "denominator": 99_000}
    ...         for year in (2022, 2019, 2020)]
    >>> series_of(phm.estimate(phm.counts_from(rows)), None)[0].rows
    array([[ 1,  2, -1,  0]])
    """
    cards = cards_of(table, measures)
    key = [name for name in unit_key(table) if name not in _IN_TIME]
    key += ["org_level", "org_code", "confidence"]
    found = []
    for (_, measure), rows in grouped_rows(table, ["dataset", "measure"]).items():
        part = table.iloc[rows]
        changed = _definition_changes(part)
        if changed and allow_mixed is None:
            message = (
                f"The series of {measure} changes definition between periods, and figures of two "
                "definitions are not compared. Filter definition, or pass allow_mixed='reason'."
            )
            raise DefinitionMismatchError(message)
        grid = period_grid(part, str(measure))
        card = cards[str(measure)]
        differ = f"Definitions differ: {allow_mixed}." * changed
        caveats = [*_caveats_of(part, card), grid.caveat, differ]
        columns = key if changed else [*key, "definition"]
        found.append(
            Series(
                rows=_laid_out(part, rows, columns, grid),
                grid=grid,
                card=card,
                caveat=" ".join(text for text in caveats if text),
            )
        )
    return found


def _caveats_of(part: pd.DataFrame, card: Measure) -> list[str]:
    """Return what must be said beside any of the periods, each once."""
    spans = part[["period_start", "period_end"]].drop_duplicates().sort_values("period_start")
    said = [
        card.caveats_for(start.date(), end.date())
        for start, end in spans.itertuples(index=False, name=None)
    ]
    return list(dict.fromkeys(words for each in said for words in each))


def _definition_changes(part: pd.DataFrame) -> bool:
    """Whether a period has none of the definitions of another."""
    pairs = part[["period_end", "definition"]].drop_duplicates()
    times = pairs["definition"].astype(str).value_counts()
    return not (times == pairs["period_end"].nunique()).any()


def _laid_out(
    part: pd.DataFrame, rows: NDArray[np.intp], key: list[str], grid: PeriodGrid
) -> NDArray[np.intp]:
    ids, first = group_ids(part, key)
    laid = np.full((len(first), len(grid.starts)), -1, dtype=np.intp)
    column = grid.place_of(part)
    _, times = np.unique(ids * len(grid.starts) + column, return_counts=True)
    if (times > 1).any():
        message = (
            f"{int((times > 1).sum()):,} points of a series of {part['measure'].iloc[0]} have two "
            "figures: published and rolled up, or as at two days. Filter basis or as_at first."
        )
        raise DoubleCountError(message)
    laid[ids, column] = rows
    return laid
