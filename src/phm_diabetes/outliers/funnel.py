"""Funnel: units further from a target than chance, or also over-dispersion, would take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from attrs import field, frozen, validators

from phm_diabetes.metrics.intervals import normal_deviate
from phm_diabetes.outliers.answers import NOT_KNOWN, SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.funnel_limits import FUNNEL_METHODS
from phm_diabetes.outliers.holding import held_against
from phm_diabetes.outliers.recipes import recipe_named
from phm_diabetes.outliers.steady import steadiness
from phm_diabetes.outliers.units import units_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.answers import Answers
    from phm_diabetes.outliers.funnel_limits import FunnelMethod
    from phm_diabetes.outliers.holding import Held, Target
    from phm_diabetes.outliers.overdispersion import Recipe
    from phm_diabetes.outliers.reference_sets import ReferenceSet
    from phm_diabetes.outliers.units import Units
    from phm_diabetes.schemas.flags import Flags

__all__ = ["Funnel"]


@frozen(kw_only=True)
class Funnel:
    """Flag units that lie outside the limits of a funnel.

    Proportions are held to binomial limits; rates, and ratios of observed to expected, to Poisson
    limits. Units of one measure, level, period and cell make one funnel.

    Parameters
    ----------
    overdispersion
        What is allowed for beyond chance; a choice that has no default. ``"none"``; ``"SHMI"`` or
        ``"CQC"``; or a :class:`~phm_diabetes.outliers.overdispersion.Recipe` of your own.
    reference
        Units from which the target and the over-dispersion are learnt, such as England's
        practices; ``None`` for the units of the table.
    target
        What units are held against: a figure in the measure's own scale; one a measure, by id;
        ``"england"`` for England's published row in the table; ``None`` for all numerators over all
        denominators of the reference.
    confidence
        Two-sided, of the limits. 0.998 flags 2 in 1,000 by chance, 0.95 one in 20.
    method
        ``"exact"`` or ``"ohid"`` limits where over-dispersion is not allowed for.
    measures
        Cards; ``None`` for the installed areas.

    Raises
    ------
    OptionError
        When there is no such recipe, or a target is no value that the measure can take.
    StatisticsError
        When a figure is standardised or a share, and so not the quotient of its own counts.

    Notes
    -----
    ``score`` is the normal deviate of the smaller tail. Where over-dispersion is allowed for, the
    answer by chance alone stands beside it in ``flagged_unadjusted`` and ``score_unadjusted``; it
    is not told from fewer than 20 units. Money and repeat events need ``numerator_ss``: without it
    they are not flagged.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, appendices A.1.1 and A.2.1 for the lines, section 5 for over-dispersion.
    Spiegelhalter DJ. Handling over-dispersion of performance indicators. Quality and Safety in
    Health Care 2005;14:347-351.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers import Funnel
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": "practice", "org_code": f"Y99{place:03}",
    ...          "period_start": "2022-04-01", "period_end": "2023-03-31",
    ...          "numerator": count, "denominator": 9000}
    ...         for place, count in enumerate([180, 171, 190, 175, 182, 260])]
    >>> flags = Funnel(overdispersion="none")(phm.estimate(phm.counts_from(rows)))
    >>> flags.loc[flags["flagged"], ["org_code", "direction", "why"]].values.tolist()
    [['Y99005', 'high', 'special cause to look into: above the upper 99.8% limit']]
    """

    overdispersion: Recipe | Literal["none"] = field(converter=recipe_named)
    reference: ReferenceSet | None = None
    target: Target = None
    confidence: float = field(default=0.998, validator=[validators.gt(0), validators.lt(1)])
    method: FunnelMethod = field(default="exact", validator=validators.in_(FUNNEL_METHODS))
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        """Return the estimates, in their order, each with its flag."""
        table = checked(Estimates, estimates, what="estimates")
        units = units_of(table)
        answers = unanswered(len(table), units.not_by_chance)
        for held in self.holdings(table, units):
            self._judge(answers, units, held)
        return answers.as_flags(table, self)

    def limits(self, estimates: DataFrame[Estimates]) -> pd.DataFrame:
        """Return the lines of the funnel at each estimate, for a chart.

        Parameters
        ----------
        estimates
            As for the funnel itself.

        Returns
        -------
        DataFrame
            One row an estimate, in its order: ``target``, ``lower_limit``, ``upper_limit``,
            ``lower_unadjusted``, ``upper_unadjusted``, in the scale of ``value``; empty where there
            is no limit.
        """
        table = checked(Estimates, estimates, what="estimates")
        units = units_of(table)
        lines = np.full((5, len(table)), np.nan)
        for held in self.holdings(table, units):
            if held.yardstick is None:
                continue
            rows, per = held.family.rows, held.family.card.per
            size = units.denominator[rows]
            lines[0, rows] = held.yardstick.centre * per
            if not held.refusal:
                lines[1:3, rows] = np.stack(held.yardstick.limits(size)) * per
            if held.yardstick.overdispersion is not None or held.refusal:
                lines[3:5, rows] = np.stack(held.yardstick.unadjusted.limits(size)) * per
        names = ["target", "lower_limit", "upper_limit", "lower_unadjusted", "upper_unadjusted"]
        return pd.DataFrame(dict(zip(names, lines, strict=True)))

    def holdings(self, table: pd.DataFrame, units: Units) -> list[Held]:
        """Return what each family of a checked table is held against."""
        return held_against(
            table,
            units,
            reference=self.reference,
            target=self.target,
            recipe=None if isinstance(self.overdispersion, str) else self.overdispersion,
            confidence=self.confidence,
            method=self.method,
            measures=self.measures,
        )

    def _judge(self, answers: Answers, units: Units, held: Held) -> None:
        rows = held.family.rows[units.not_by_chance[held.family.rows] == ""]
        answers.put(held.family.rows, caveat=held.caveat)
        stick = held.yardstick
        if stick is None:
            answers.put(rows, why=held.reason)
            return
        x, n = units.numerator[rows], units.denominator[rows]
        if stick.overdispersion is not None or held.refusal:
            plain = stick.unadjusted
            answers.put(
                rows, side_unadjusted=plain.side(x, n), score_unadjusted=plain.tails(x, n).score
            )
        if held.refusal:
            answers.put(rows, why=held.refusal)
            return
        tails = stick.tails(x, n)
        side = np.where(np.isnan(tails.lower), NOT_KNOWN, stick.side(x, n)).astype(np.int8)
        per_cent = f"{100 * self.confidence:g}%"
        beyond = np.where(
            side < 0, f"below the lower {per_cent} limit", f"above the upper {per_cent} limit"
        )
        answers.put(
            rows,
            side=side,
            score=tails.score,
            threshold=float(normal_deviate(self.confidence)),
            p_value=tails.two_sided,
            why=np.array([f"{SPECIAL_CAUSE}: {words}" for words in beyond], dtype=object),
            rounding=steadiness(
                lambda some_x, some_n, _: stick.side(some_x, some_n),
                held.family.card,
                units,
                rows,
                side,
            ),
        )

    def __str__(self) -> str:
        """Say the settings in one line."""
        against = "one a measure" if isinstance(self.target, Mapping) else f"{self.target}"
        if self.target is None:
            against = "the reference set's value"
        learnt = "the table's own units" if self.reference is None else self.reference.name
        return (
            f"Funnel: {100 * self.confidence:g}% {self.method} limits, target {against}, reference "
            f"{learnt}, over-dispersion {self.overdispersion}"
        )
