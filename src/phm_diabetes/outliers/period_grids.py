"""Period grids: like periods, evenly spaced, with the gaps between them shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import UnlikeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PeriodGrid", "period_grid"]


@frozen(kw_only=True, eq=False)
class PeriodGrid:
    """Periods of one length that begin at even steps.

    Parameters
    ----------
    starts
        Their first days, in order; a period of which there is no figure too, to keep its place.
    length, step
        Length of a period, and distance of their first days [`unit`].
    unit
        ``"months"`` or ``"days"``.

    Examples
    --------
    >>> starts = pd.to_datetime(["2022-01-01", "2023-01-01"])
    >>> PeriodGrid(starts=starts, length=15, step=12, unit="months").caveat
    'Periods overlap by 3 months, so neighbouring points share events and lie closer than chance.'
    """

    starts: pd.DatetimeIndex
    length: int
    step: int
    unit: str

    @property
    def caveat(self) -> str:
        """What must be said of periods that overlap; blank where they do not."""
        over = self.length - self.step
        if over <= 0 or len(self.starts) == 1:
            return ""
        return (
            f"Periods overlap by {over} {self.unit}, so neighbouring points share events and lie "
            "closer than chance."
        )

    def place_of(self, table: pd.DataFrame) -> NDArray[np.intp]:
        """Return the place of each row's period."""
        return np.asarray(self.starts.get_indexer(pd.DatetimeIndex(table["period_start"])))

    def first_from(self, day: pd.Timestamp) -> int:
        """Return the place of the first period that begins on a day or after it."""
        return int(np.searchsorted(self.starts.to_numpy(), day.to_datetime64()))


def period_grid(table: pd.DataFrame, measure: str) -> PeriodGrid:
    """Return the grid that the periods of a table lie on.

    Parameters
    ----------
    table
        Rows of one measure, with ``period_start`` and ``period_end``.
    measure
        What a message calls it.

    Raises
    ------
    UnlikeError
        When periods differ in length, as a partial year does from a full one, or do not begin at
        even steps.

    Examples
    --------
    >>> years = pd.DataFrame({
    ...     "period_start": pd.to_datetime(["2019-04-01", "2022-04-01", "2020-04-01"]),
    ...     "period_end": pd.to_datetime(["2020-03-31", "2023-03-31", "2021-03-31"]),
    ... })
    >>> grid = period_grid(years, "copd.register")
    >>> grid.step, grid.unit, len(grid.starts), grid.place_of(years).tolist()
    (12, 'months', 4, [0, 3, 1])
    """
    pairs = table[["period_start", "period_end"]].drop_duplicates().sort_values("period_start")
    starts = pd.DatetimeIndex(pairs["period_start"])
    after = pd.DatetimeIndex(pairs["period_end"]) + pd.Timedelta(days=1)
    whole_months = bool((starts.day == 1).all() and (after.day == 1).all())
    unit = "months" if whole_months else "days"
    begin, end = (_counted(days, unit) for days in (starts, after))
    lengths = sorted({int(each) for each in end - begin})
    if len(lengths) > 1:
        message = (
            f"The series of {measure} mixes periods of {_listed(lengths)} {unit}, such as a partial"
            " year among full ones. Filter period_start and period_end until they are alike."
        )
        raise UnlikeError(message)
    steps = np.diff(begin)
    step = int(steps.min()) if len(steps) else lengths[0]
    if (steps % step).any():
        message = (
            f"The periods of {measure} begin at uneven steps of {_listed(sorted(set(steps)))} "
            f"{unit}. Filter period_start until they are even."
        )
        raise UnlikeError(message)
    count = int((begin[-1] - begin[0]) // step) + 1
    if whole_months:
        offsets = [pd.DateOffset(months=step * place) for place in range(count)]
        grid = pd.DatetimeIndex([starts[0] + offset for offset in offsets])
    else:
        grid = starts[0] + pd.to_timedelta(np.arange(count) * step, unit="D")
    return PeriodGrid(starts=grid, length=lengths[0], step=step, unit=unit)


def _counted(days: pd.DatetimeIndex, unit: str) -> NDArray[np.int64]:
    if unit == "months":
        return np.asarray(days.year * 12 + days.month, dtype=np.int64)
    return np.asarray((days - pd.Timestamp("1900-01-01")).days, dtype=np.int64)


def _listed(numbers: list[int]) -> str:
    return " and ".join(str(each) for each in numbers)
