"""Spread: PCNs or Places whose practices vary more than chance allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import field, frozen, validators

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.intervals import normal_deviate
from phm_diabetes.model.levels import level_named
from phm_diabetes.outliers.answers import SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.spread_groups import groups_of
from phm_diabetes.outliers.spread_steadied import spread_steadiness
from phm_diabetes.outliers.variation import measure_variation
from phm_diabetes.schemas.columns import IDENTITY, dimensions_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.spread_groups import SpreadGroups
    from phm_diabetes.schemas.flags import Flags

__all__ = ["Spread"]

_SCALED = (
    "centre",
    "lowest",
    "highest",
    "expected_range",
    "standard_deviation",
    "expected_standard_deviation",
    "tau",
)
_SQUARED = ("tau2", "tau2_lower", "tau2_upper")


@frozen(kw_only=True)
class Spread:
    """Flag PCNs, or other organisations, whose practices differ more than chance allows.

    Unlike other detectors it answers for the organisations of `within`, each with the sum of its
    practices, and not for the rows given.

    Parameters
    ----------
    geo
        Who belongs to whom.
    within
        Level whose organisations are judged, such as ``"pcn"`` or ``"place"``.
    of
        Level of the units that differ.
    confidence
        Two-sided, of the interval of τ²: flagged where its lower end is above zero.
    as_at
        Whose memberships: ``"period_end"``, ``"today"``, or a date.
    measures
        Cards; ``None`` for the installed areas.

    Notes
    -----
    ``p_value`` is Cochran's, that no practice truly differs from another, and ``score`` its normal
    deviate. A PCN of four practices shows only large differences: that it is not flagged says
    little. Money and repeat events need ``numerator_ss``.

    References
    ----------
    Cochran WG. Some methods for strengthening the common χ² tests. Biometrics 1954;10:417-451.
    Viechtbauer W. Statistics in Medicine 2007;26:37-52, for the interval of τ², as function
    ``confint.rma.uni`` of R's metafor computes it.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers import Spread
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> flags = Spread(geo=demo.england_geography(), within="pcn")(table)
    >>> set(flags["org_level"])
    {'pcn'}
    """

    geo: Geography = field(repr=False)
    within: str
    of: str = "practice"
    confidence: float = field(default=0.95, validator=[validators.gt(0), validators.lt(1)])
    as_at: str | date = "period_end"
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        """Return the organisations of the level, each with its flag."""
        groups = self._groups(estimates)
        answers = unanswered(len(groups.table), groups.reason)
        rows = np.flatnonzero(groups.reason == "")
        chance = groups.chance_of(*groups.counts)
        side = groups.sides(chance, self.confidence)
        of, level = level_named(self.of), level_named(self.within)
        answers.put(
            rows,
            side=side[rows],
            score=groups.deviates(chance)[rows],
            threshold=float(normal_deviate(self.confidence)),
            p_value=chance[rows],
            why=f"{SPECIAL_CAUSE}: {of.plural} of the {level.name} differ more than chance allows",
            rounding=spread_steadiness(groups, side, self.confidence)[rows],
        )
        answers.put(np.arange(len(groups.table)), caveat=groups.caveat)
        return answers.as_flags(groups.table, self)

    def variation(self, estimates: DataFrame[Estimates]) -> pd.DataFrame:
        """Return how far the practices of each organisation differ, beside chance alone.

        Parameters
        ----------
        estimates
            As for the detector itself.

        Returns
        -------
        DataFrame
            One row an organisation of the level, measure, period and cell: ``n_units``; in the
            scale of ``value``, ``centre``, ``lowest``, ``highest``, ``expected_range``,
            ``standard_deviation``, ``expected_standard_deviation``, ``tau``; squared, ``tau2`` with
            ``tau2_lower`` and ``tau2_upper`` at ``confidence``; ``p_value``; and ``reason``, why
            there is none.
        """
        groups = self._groups(estimates)
        table = groups.table
        key = [name for name in IDENTITY if name != "source"] + list(dimensions_of(table))
        found = [self._variation(groups, place) for place in range(len(table))]
        return pd.concat([table[key], pd.DataFrame(found, index=table.index)], axis=1)

    def _variation(self, groups: SpreadGroups, place: int) -> dict[str, Any]:
        reason = str(groups.reason[place])
        per = groups.per[place]
        empty = dict.fromkeys(("n_units", *_SCALED, *_SQUARED, "confidence", "p_value"), np.nan)
        if reason:
            return {**empty, "reason": reason}
        x, n = groups.counts_of(place)
        try:
            found = measure_variation(x, n, kind=groups.kind[place], confidence=self.confidence)
        except StatisticsError as error:
            return {**empty, "reason": str(error)}
        return (
            {"n_units": found.n_units}
            | {name: getattr(found, name) * per for name in _SCALED}
            | {name: getattr(found, name) * per**2 for name in _SQUARED}
            | {"confidence": self.confidence, "p_value": found.p_value, "reason": ""}
        )

    def _groups(self, estimates: DataFrame[Estimates]) -> SpreadGroups:
        return groups_of(
            checked(Estimates, estimates, what="estimates"),
            geo=self.geo,
            within=self.within,
            of=self.of,
            as_at=self.as_at,
            confidence=self.confidence,
            measures=self.measures,
        )

    def __str__(self) -> str:
        """Say the settings in one line."""
        of, level = level_named(self.of), level_named(self.within)
        return f"Spread: {of.plural} within each {level.name}, {100 * self.confidence:g}%"
