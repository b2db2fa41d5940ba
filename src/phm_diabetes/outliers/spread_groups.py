"""Groups of practices by parent: their counts, and the chance that they differ as they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.estimates import estimate
from phm_diabetes.metrics.intervals import tail
from phm_diabetes.model.levels import level_named
from phm_diabetes.outliers.chance_models import chance_model
from phm_diabetes.outliers.comparators import REMAINDERS, counts_under, unit_key
from phm_diabetes.outliers.families import families_of, grouped_rows
from phm_diabetes.outliers.own_counts import refuse_other_figures
from phm_diabetes.outliers.parents import parent_codes
from phm_diabetes.outliers.units import REMAINDER, units_of
from phm_diabetes.schemas.columns import dimensions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.scales import Kind
    from phm_diabetes.outliers.units import Units
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.estimates import Estimates

__all__ = ["SpreadGroups", "groups_of", "spread_p_values"]

_LEAST = 2


@frozen(kw_only=True, eq=False)
class SpreadGroups:
    """Organisations, and the units inside each.

    Parameters
    ----------
    table
        Estimates of the organisations, shape ``(g, k)``.
    group
        Place in `table` of each unit's organisation, shape ``(m,)``; -1 for none.
    units
        Figures of the units.
    effect
        Design effect of each unit's measure; NaN where it has no chance model.
    per, kind
        Of each organisation's measure.
    reason
        Why an organisation cannot be judged; blank where it can.
    caveat
        What must be said of each organisation.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = groups_of(
    ...     phm.estimate(phm.load(demo.registers(), period="2022-23").table), confidence=0.95,
    ...     geo=demo.england_geography(), within="pcn", of="practice", as_at="period_end",
    ...     measures=None,
    ... )
    >>> numerator, _ = found.counts
    >>> int((found.group < 0).sum()) == int(np.isnan(numerator).sum())
    True
    """

    table: DataFrame[Estimates]
    group: NDArray[np.intp]
    units: Units
    effect: FloatArray
    per: NDArray[np.int64]
    kind: list[Kind]
    reason: NDArray[np.object_]
    caveat: NDArray[np.object_]

    @property
    def counts(self) -> tuple[FloatArray, FloatArray]:
        """Numerators and denominators of the units, NaN where one has no figure."""
        known = (self.units.not_by_chance == "") & (self.group >= 0)
        x = np.where(known, self.units.numerator, np.nan)
        return x, np.where(known, self.units.denominator, np.nan)

    def counts_of(self, place: int) -> tuple[FloatArray, FloatArray]:
        """Return counts of one organisation's units, divided by the design effect."""
        inside = self.group == place
        x, n = self.counts
        return x[inside] / self.effect[inside], n[inside] / self.effect[inside]

    def chance_of(self, numerator: FloatArray, denominator: FloatArray) -> FloatArray:
        """Return, for each organisation, Cochran's p-value that none of its units truly differs."""
        from scipy.special import chdtrc

        known = np.isfinite(numerator) & (denominator > 0) & (self.group >= 0)
        group, size = self.group[known], len(self.table)
        x = numerator[known] / self.effect[known]
        n = denominator[known] / self.effect[known]
        parts = np.bincount(group, minlength=size)
        proportion = np.array([each == "proportion" for each in self.kind], dtype=bool)
        with np.errstate(divide="ignore", invalid="ignore"):
            centre = np.bincount(group, x, size) / np.bincount(group, n, size)
            room = np.where(proportion, centre * (1 - centre), centre)
            away = np.bincount(group, n * np.square(x / n - centre[group]), size)
            q = np.where(room > 0, away / room, 0.0)
            return np.where(parts >= _LEAST, chdtrc(np.maximum(parts - 1, 1), q), np.nan)

    def sides(self, chance: FloatArray, confidence: float) -> NDArray[np.int8]:
        """Return 1 where the units differ more than chance allows, 0 elsewhere."""
        return (chance < tail(confidence)).astype(np.int8)

    def deviates(self, chance: FloatArray) -> FloatArray:
        """Return the normal deviate of each p-value."""
        from scipy.special import ndtri

        deviate: FloatArray = -ndtri(np.maximum(chance, np.finfo(np.float64).tiny))
        return np.maximum(deviate, 0.0)


def spread_p_values(
    numerator: FloatArray, denominator: FloatArray, members: FloatArray, kinds: Sequence[str]
) -> FloatArray:
    """Return Cochran's p-values of many tables of counts at once.

    Parameters
    ----------
    numerator, denominator
        Shape ``(S, P, M)``, NaN where one has no figure.
    members
        1 where a unit is in an organisation, shape ``(P, K)``.
    kinds
        Kind of each measure, ``"proportion"`` or ``"rate"``.

    Returns
    -------
    ndarray of float64, shape (S, K, M)
        NaN where an organisation has too few units with a figure.

    Examples
    --------
    >>> x, n = np.array([[[10.0], [40.0], [25.0]]]), np.full((1, 3, 1), 100.0)
    >>> float(spread_p_values(x, n, np.ones((3, 1)), ["proportion"]).round(4)[0, 0, 0])
    0.0
    """
    from scipy.special import chdtrc

    known = np.isfinite(numerator) & (denominator > 0)
    x, n = np.where(known, numerator, 0.0), np.where(known, denominator, 0.0)

    def summed(each: FloatArray) -> FloatArray:
        return np.swapaxes(np.swapaxes(each, -1, -2) @ members, -1, -2)

    parts, events, people = summed(known.astype(np.float64)), summed(x), summed(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = summed(np.where(known, np.square(x) / n, 0.0))
        centre = events / people
        proportion = np.array([each == "proportion" for each in kinds])
        room = np.where(proportion, centre * (1 - centre), centre)
        q = np.where(room > 0, (squares - np.square(events) / people) / room, 0.0)
    return np.where(parts >= _LEAST, chdtrc(np.maximum(parts - 1, 1), np.maximum(q, 0.0)), np.nan)


def groups_of(
    table: DataFrame[Estimates],
    *,
    geo: Geography,
    within: str,
    of: str,
    as_at: str | date,
    confidence: float,
    measures: DiseaseArea | Sequence[Measure] | None,
) -> SpreadGroups:
    """Return the organisations of a level, and the units inside each.

    Parameters
    ----------
    table
        Checked estimates.
    geo, within, of, as_at, confidence, measures
        As for :class:`~phm_diabetes.outliers.spread.Spread`.

    Raises
    ------
    OptionError
        When the table has no units of the level that is to differ.
    GeographyError
        When the geography has no memberships to the level.
    StatisticsError
        When a figure is standardised or a share, and so not the quotient of its own counts.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> groups = groups_of(
    ...     phm.estimate(phm.load(demo.registers(), period="2022-23").table), confidence=0.95,
    ...     geo=demo.england_geography(), within="pcn", of="practice", as_at="period_end",
    ...     measures=None,
    ... )
    >>> len(groups.group) > len(groups.table)
    True
    """
    chosen = table[table["org_level"] == of]
    if chosen.empty:
        message = (
            f"The estimates hold no {level_named(of).plural}, and spread is between these. Give "
            f"estimates of {level_named(of).plural}, or say of= another level."
        )
        raise OptionError(message)
    refuse_other_figures(chosen, asker="Spread", instead="Give it the estimates of phm.estimate.")
    lowest = chosen["confidence"] == chosen["confidence"].min()
    own = cast("pd.DataFrame", chosen[lowest].sort_values("org_code", kind="stable"))
    own = own.reset_index(drop=True)
    rolled = geo.roll_up(cast("DataFrame[Counts]", counts_under(own)), to=within, as_at=as_at)
    parents = estimate(rolled, by=dimensions_of(rolled), measures=measures, confidence=confidence)
    key = unit_key(own)
    codes = parent_codes(own, geo, within, as_at)
    inside = own.assign(parent=codes.array)
    places = {spot: rows[0] for spot, rows in grouped_rows(parents, ["org_code", *key]).items()}
    group = np.full(len(own), -1, dtype=np.intp)
    for spot, rows in grouped_rows(inside, ["parent", *key]).items():
        group[rows] = places.get(spot, -1) if spot[0] else -1
    units, effect = units_of(own), np.full(len(own), np.nan)
    reason = np.full(len(parents), "", dtype=object)
    caveat, per = reason.copy(), np.ones(len(parents), dtype=np.int64)
    kind: list[Kind] = ["rate"] * len(parents)
    for family in families_of(own, measures):
        chance = chance_model(family.card, units.numerator[family.rows], units.squares[family.rows])
        spots = np.unique(group[family.rows])
        spots = spots[spots >= 0]
        per[spots] = family.card.per
        if isinstance(chance, str):
            reason[spots], caveat[spots] = chance, family.caveat
            continue
        effect[family.rows] = chance.design_effect
        caveat[spots] = f"{family.caveat} {chance.caveat}".strip()
        for spot in spots:
            kind[spot] = chance.kind
    found = SpreadGroups(
        table=parents,
        group=group,
        units=units,
        effect=effect,
        per=per,
        kind=kind,
        reason=reason,
        caveat=caveat,
    )
    _say_what_is_missing(found, of)
    return found


def _say_what_is_missing(groups: SpreadGroups, of: str) -> None:
    """Write down which organisations have too few units with a figure, and which lack some."""
    size, inside = len(groups.table), groups.group >= 0
    units = np.bincount(groups.group[inside], minlength=size)
    known = np.bincount(groups.group[inside], np.isfinite(groups.counts[0][inside]), size)
    plural = level_named(of).plural
    few = (known < _LEAST) & (groups.reason == "")
    groups.reason[few] = f"fewer than {_LEAST} {plural} with a figure"
    remainder = groups.table["org_code"].isin(REMAINDERS).to_numpy(dtype=bool)
    groups.reason[remainder] = REMAINDER
    for place in np.flatnonzero((known < units) & (groups.reason == "")):
        left = f"{units[place] - known[place]:.0f} of {units[place]:.0f} {plural} have no figure."
        groups.caveat[place] = f"{groups.caveat[place]} {left}".strip()
