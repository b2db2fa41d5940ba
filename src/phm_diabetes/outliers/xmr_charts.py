"""XmR charts: the lines of each organisation's series, and the rules that fired at each point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.answers import NOT_KNOWN
from phm_diabetes.outliers.control_limits import NHS, moving_range_limits, segments
from phm_diabetes.outliers.drawn_series import drawn_steadiness
from phm_diabetes.outliers.peers import as_values
from phm_diabetes.outliers.scales import in_errors
from phm_diabetes.outliers.series import series_of
from phm_diabetes.outliers.special_causes import find_special_causes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.control_limits import ControlLimits
    from phm_diabetes.outliers.series import Series
    from phm_diabetes.outliers.special_causes import SpecialCauses
    from phm_diabetes.outliers.units import Units

__all__ = ["ENOUGH_POINTS", "XmRChart", "charts_of"]

ENOUGH_POINTS = 12
"""Points below which limits are trial limits."""


@frozen(kw_only=True, eq=False)
class XmRChart:
    """Series of one measure that begin together, with their lines.

    Parameters
    ----------
    rows
        Position of each point in the table, shape ``(s, t)``; -1 for none.
    values
        Figures; NaN for none.
    rebase
        Places at which limits are worked out afresh.
    baseline
        Points from which they are made; ``None`` for all.
    limits, causes
        Their lines, and the rules that fired.
    card, caveat
        Of the measure, and what must be said of it.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.units import units_of
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> charts = charts_of(table, units_of(table))
    >>> int(charts[0].points.max())
    1
    """

    rows: NDArray[np.intp]
    values: FloatArray
    rebase: list[int]
    baseline: int | None
    limits: ControlLimits
    causes: SpecialCauses
    card: Measure
    caveat: str

    @property
    def side(self) -> NDArray[np.int8]:
        """-1 or 1 where a rule fired, 0 where none did, or `NOT_KNOWN`."""
        return _sides(self.values, self.limits, self.causes)

    @property
    def score(self) -> FloatArray:
        """Distance of each point from the mean, in mean moving ranges."""
        away, reach = self.values - self.limits.centre, self.limits.upper - self.limits.centre
        return NHS * in_errors(away, reach)

    @property
    def points(self) -> NDArray[np.int64]:
        """From how many known points the limits at each point are made."""
        found = np.zeros(self.values.shape, dtype=np.int64)
        for stretch in segments(self.values.shape[-1], self.rebase):
            base = self.values[:, stretch][:, : self.baseline]
            found[:, stretch] = (~np.isnan(base)).sum(-1)[:, None]
        return found

    @property
    def caveats(self) -> NDArray[np.object_]:
        """What must be said at each point."""
        points = self.points
        said = np.full(points.shape, self.caveat, dtype=object)
        for few in np.unique(points[points < ENOUGH_POINTS]):
            trial = f"Trial limits: made from {few} points, fewer than {ENOUGH_POINTS}."
            said[points == few] = f"{self.caveat} {trial}".strip()
        return said

    def steadiness(self, units: Units) -> NDArray[np.int8]:
        """Return what hidden and rounded counts could do, as places of words."""

        def sides_of(x: FloatArray, n: FloatArray) -> NDArray[np.int8]:
            drawn = as_values(self.card, x, n)
            limits = moving_range_limits(drawn, rebase=self.rebase, baseline=self.baseline)
            return _sides(drawn, limits, find_special_causes(drawn, limits, rebase=self.rebase))

        return drawn_steadiness(sides_of, self.card, units, self.rows, self.side)


def charts_of(
    table: pd.DataFrame,
    units: Units,
    *,
    rebase: Sequence[str] = (),
    baseline: int | None = None,
    allow_mixed: str | None = None,
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> list[XmRChart]:
    """Return the charts of every series in a table.

    Parameters
    ----------
    table
        Checked estimates, shape ``(n, k)``.
    units
        Their figures.
    rebase, baseline, allow_mixed, measures
        As for :class:`~phm_diabetes.outliers.xmr.XmR`.

    Raises
    ------
    OptionError
        When a day of `rebase` comes before or after every series.
    UnlikeError
        When a measure's periods are not alike.
    DefinitionMismatchError
        When its definition changes from one period to another.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.units import units_of
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> len(charts_of(table, units_of(table))) == table["measure"].nunique()
    True
    """
    found = series_of(table, measures, allow_mixed=allow_mixed)
    days = [pd.Timestamp(day) for day in rebase]
    for day in days:
        places = [(each.grid.first_from(day), len(each.grid.starts)) for each in found]
        if found and not any(0 < place < size for place, size in places):
            message = f"rebase={day:%Y-%m-%d} lies before or after every series. Give one between."
            raise OptionError(message)
    return [
        _chart(each, units, first, members, days, baseline)
        for each in found
        for first, members in each.from_first_row
    ]


def _chart(
    series: Series,
    units: Units,
    first: int,
    members: NDArray[np.intp],
    days: Sequence[pd.Timestamp],
    baseline: int | None,
) -> XmRChart:
    values = series.at(units.value)[members, first:]
    places = {series.grid.first_from(day) - first for day in days}
    rebase = sorted(place for place in places if 0 < place < values.shape[-1])
    limits = moving_range_limits(values, rebase=rebase, baseline=baseline)
    return XmRChart(
        rows=series.rows[members, first:],
        values=values,
        rebase=rebase,
        baseline=baseline,
        limits=limits,
        causes=find_special_causes(values, limits, rebase=rebase),
        card=series.card,
        caveat=series.caveat,
    )


def _sides(values: FloatArray, limits: ControlLimits, causes: SpecialCauses) -> NDArray[np.int8]:
    told = ~(np.isnan(values) | np.isnan(limits.upper))
    return np.where(told, causes.direction, NOT_KNOWN).astype(np.int8)
