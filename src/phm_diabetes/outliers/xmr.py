"""XmR: points of a series that the NHS's rules tell from common cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from attrs import field, frozen, validators

from phm_diabetes.outliers.answers import NOT_KNOWN, SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.assurance import target_assurance
from phm_diabetes.outliers.control_limits import NHS
from phm_diabetes.outliers.units import units_of
from phm_diabetes.outliers.xmr_charts import charts_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.units import Units
    from phm_diabetes.outliers.xmr_charts import XmRChart
    from phm_diabetes.schemas.flags import Flags

__all__ = ["XmR"]

_NO_LIMITS = "no two neighbouring points to make limits from"
_LINES = ("centre", "lower_limit", "upper_limit")


def _days(given: Sequence[str | date]) -> tuple[str, ...]:
    return tuple(str(each) for each in given)


@frozen(kw_only=True)
class XmR:
    """Flag the points of each organisation's series by the rules of NHS Making Data Count.

    A point beyond the process limits, 7 on one side of the mean, 7 rising or falling, and 2 of 3
    near a limit: the rules that fired are named at each point. Every organisation has a series of
    its own, over like periods.

    Parameters
    ----------
    rebase
        Days, such as ``"2020-04-01"``: from the first period that begins then, mean and limits are
        worked out afresh.
    baseline
        Points at the start of each stretch from which mean and limits are made, and then held;
        ``None`` for all of them.
    target
        Figure in the measure's own scale, or one a measure, by id, for :meth:`limits` to say
        whether the process will meet it.
    allow_mixed
        A reason that allows a series to go on under another definition; it becomes a caveat.
    measures
        Cards; ``None`` for the installed areas.

    Raises
    ------
    OptionError
        When a day of `rebase` comes before or after every series, or the baseline is below 2.
    UnlikeError
        When a measure's periods are not alike.
    DefinitionMismatchError
        When its definition changes from one period to another.

    Notes
    -----
    ``score`` is the distance from the mean in mean moving ranges, and ``threshold`` that of the
    limits; runs and trends fire within them. Limits from fewer than 12 points are trial limits, and
    the caveat says so.

    References
    ----------
    NHS England. Making Data Count: strengthening your decisions; 2019, as function
    ``ptd_spc_standard`` of NHSRplotthedots computes them.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers import XmR
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": "icb", "org_code": "QZZ", "period_start": f"{2008 + place}-04-01",
    ...          "period_end": f"{2009 + place}-03-31", "numerator": count, "denominator": 10_000}
    ...         for place, count in enumerate([180, 184, 181, 185, 180, 184, 180, 185, 181, 240])]
    >>> flags = XmR()(phm.estimate(phm.counts_from(rows)))
    >>> flags["why"].iloc[-1]
    'special cause to look into: above the upper limit'
    """

    rebase: tuple[str, ...] = field(default=(), converter=_days)
    baseline: int | None = field(default=None, validator=validators.optional(validators.ge(2)))
    target: float | Mapping[str, float] | None = None
    allow_mixed: str | None = None
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        """Return the estimates, in their order, each with its flag."""
        table = checked(Estimates, estimates, what="estimates")
        units = units_of(table)
        answers = unanswered(len(table), units.not_by_value)
        for chart in self._charts(table, units):
            rows, told = chart.rows, ~np.isnan(chart.values)
            side = chart.side
            words = np.where(
                side == NOT_KNOWN, _NO_LIMITS, f"{SPECIAL_CAUSE}: " + chart.causes.words
            )
            answers.put(
                rows[told],
                side=side[told],
                score=chart.score[told],
                threshold=NHS,
                why=words[told],
                rounding=chart.steadiness(units)[told],
            )
            answers.put(rows[rows >= 0], caveat=chart.caveats[rows >= 0])
        return answers.as_flags(table, self)

    def limits(self, estimates: DataFrame[Estimates]) -> pd.DataFrame:
        """Return the lines of each series at each estimate, and whether it will meet the target.

        Parameters
        ----------
        estimates
            As for the detector itself.

        Returns
        -------
        DataFrame
            One row an estimate, in its order: ``centre``, ``lower_limit``, ``upper_limit`` in the
            scale of ``value``; ``points``, of which they are made; and ``assurance``: ``will``,
            ``won't``, ``inconsistent`` or ``cannot tell``, blank without a target, or where the
            measure has no better direction.
        """
        table = checked(Estimates, estimates, what="estimates")
        lines = np.full((len(_LINES), len(table)), np.nan)
        points = np.zeros(len(table), dtype=np.int64)
        assurance = np.full(len(table), "", dtype=object)
        for chart in self._charts(table, units_of(table)):
            there, card = chart.rows >= 0, chart.card
            rows = chart.rows[there]
            for place, line in enumerate(chart.limits[: len(_LINES)]):
                lines[place, rows] = line[there]
            points[rows] = chart.points[there]
            aim = self.target.get(card.id) if isinstance(self.target, Mapping) else self.target
            if aim is not None and card.is_directed:
                assurance[rows] = target_assurance(
                    chart.limits.lower[there],
                    chart.limits.upper[there],
                    target=aim,
                    higher_is_better=card.polarity == "higher",
                )
        found = dict(zip(_LINES, lines, strict=True))
        return pd.DataFrame(found | {"points": points, "assurance": assurance})

    def _charts(self, table: pd.DataFrame, units: Units) -> list[XmRChart]:
        return charts_of(
            table,
            units,
            rebase=self.rebase,
            baseline=self.baseline,
            allow_mixed=self.allow_mixed,
            measures=self.measures,
        )

    def __str__(self) -> str:
        """Say the settings in one line."""
        made = "all points" if self.baseline is None else f"the first {self.baseline} points"
        again = f", afresh from {' and '.join(self.rebase)}" if self.rebase else ""
        return f"XmR: Making Data Count rules, limits from {made}{again}"
