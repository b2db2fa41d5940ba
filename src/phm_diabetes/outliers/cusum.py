"""Cusum: small lasting shifts of a series that no single point would show, added up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from attrs import field, frozen, validators

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.answers import NOT_KNOWN, SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.chance_models import chance_model
from phm_diabetes.outliers.control_limits import mean_moving_range
from phm_diabetes.outliers.cumulative_sums import tabular_cusum
from phm_diabetes.outliers.drawn_series import drawn_steadiness
from phm_diabetes.outliers.funnel_tails import proportion_tails, rate_tails
from phm_diabetes.outliers.own_counts import refuse_other_figures
from phm_diabetes.outliers.peers import as_values
from phm_diabetes.outliers.series import series_of
from phm_diabetes.outliers.units import units_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.chance_models import ChanceModel
    from phm_diabetes.outliers.series import Series
    from phm_diabetes.outliers.units import Units
    from phm_diabetes.schemas.flags import Flags

    Errors: TypeAlias = Literal["chance", "moving_range"]

__all__ = ["Cusum"]

_D2 = 1.128
_FURTHEST = 8.0
_NO_TARGET = "no target was given for this measure"
_NO_SPREAD = "the points have no spread, or no two of them are neighbours"


@frozen(kw_only=True)
class Cusum:
    """Flag the points of each organisation's series from which a lasting shift shows.

    Parameters
    ----------
    errors
        What a point's distance is measured in; a choice that has no default. ``"chance"``: the
        binomial or Poisson distribution of its own counts about the target. ``"moving_range"``: the
        series' own mean moving range, for series that vary more than chance allows.
    target
        Figure in the measure's own scale, or one a measure, by id; ``None`` for the mean of the
        baseline (by chance: all its numerators over all its denominators).
    baseline
        Points at the start from which the target, and the moving range, are learnt; ``None`` for
        all of them.
    allowance
        Slack taken from each point, half the shift that matters [standard deviations].
    threshold
        Sum above which a point is flagged.
    allow_mixed
        A reason that allows a series to go on under another definition; it becomes a caveat.
    measures
        Cards; ``None`` for the installed areas.

    Raises
    ------
    OptionError
        When neither target nor baseline is given: a series held against its own whole mean sums to
        nothing.
    UnlikeError
        When a measure's periods are not alike.
    DefinitionMismatchError
        When its definition changes from one period to another.
    StatisticsError
        When errors are those of chance, and a figure is standardised or a share.

    Notes
    -----
    ``score`` is the larger of the two sums, below zero for a fall. With allowance 0.5 and threshold
    5 a series that is on its target is flagged once in some 465 points. By chance, a point's
    distance is the normal deviate of its mid-p tail, and money and repeat events need
    ``numerator_ss``.

    References
    ----------
    Montgomery DC. Introduction to statistical quality control, 8th edition. Wiley; 2019, section
    9.1.2 (equations 9.2 and 9.3 by our own record), and table 9.3 for the 465.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers import Cusum
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": "icb", "org_code": "QZZ", "period_start": f"{2008 + place}-04-01",
    ...          "period_end": f"{2009 + place}-03-31", "numerator": count, "denominator": 10_000}
    ...         for place, count in enumerate([180, 184, 181, 215, 210, 214, 220, 215])]
    >>> flags = Cusum(errors="chance", target=0.018)(phm.estimate(phm.counts_from(rows)))
    >>> flags["flagged"].tolist()
    [False, False, False, False, False, True, True, True]
    """

    errors: Errors = field(validator=validators.in_(("chance", "moving_range")))
    target: float | Mapping[str, float] | None = None
    baseline: int | None = field(default=None, validator=validators.optional(validators.ge(2)))
    allowance: float = field(default=0.5, validator=validators.ge(0))
    threshold: float = field(default=5.0, validator=validators.gt(0))
    allow_mixed: str | None = None
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse a series held against itself."""
        if self.target is None and self.baseline is None:
            message = (
                "Cusum needs a target, or a baseline to learn one from: about its own whole mean a "
                "series sums to nothing. Pass target= a figure, or baseline= a number of points."
            )
            raise OptionError(message)

    def __call__(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        """Return the estimates, in their order, each with its flag."""
        table = checked(Estimates, estimates, what="estimates")
        units = units_of(table)
        by_chance = self.errors == "chance"
        if by_chance:
            refuse_other_figures(
                table, asker="Cusum(errors='chance')", instead="Pass errors='moving_range'."
            )
        none = units.not_by_chance if by_chance else units.not_by_value
        answers = unanswered(len(table), none)
        for series in series_of(table, self.measures, allow_mixed=self.allow_mixed):
            chance = self._chance(series, units)
            for first, members in series.from_first_row:
                rows = series.rows[members, first:]
                told = (rows >= 0) & (none[rows] == "")
                answers.put(rows[rows >= 0], caveat=self._caveat(series, chance))
                if isinstance(chance, str):
                    answers.put(rows[told], why=chance)
                    continue
                x, n, value = (
                    np.where(told, each[rows], np.nan)
                    for each in (units.numerator, units.denominator, units.value)
                )
                score = self._score(series.card, chance, x, n, value)
                side = self._side(score)
                fall = np.where(score < 0, "a lasting fall", "a lasting rise")
                why = np.where(
                    side == NOT_KNOWN,
                    _NO_SPREAD,
                    [[f"{SPECIAL_CAUSE}: {word} adds up" for word in line] for line in fall],
                )
                answers.put(
                    rows[told],
                    side=side[told],
                    score=score[told],
                    threshold=self.threshold,
                    why=why[told],
                    rounding=self._steady(series.card, chance, units, rows, side)[told],
                )
        return answers.as_flags(table, self)

    def _chance(self, series: Series, units: Units) -> ChanceModel | str | None:
        """Chance model of a measure, why there is none, or nothing where it is not asked for."""
        if self._target(series.card) is None and self.target is not None:
            return _NO_TARGET
        if self.errors != "chance":
            return None
        rows = series.rows[series.rows >= 0]
        return chance_model(series.card, units.numerator[rows], units.squares[rows])

    def _target(self, card: Measure) -> float | None:
        return self.target.get(card.id) if isinstance(self.target, Mapping) else self.target

    def _score(
        self,
        card: Measure,
        chance: ChanceModel | None,
        x: FloatArray,
        n: FloatArray,
        value: FloatArray,
    ) -> FloatArray:
        """Return the larger of the two sums at each point, below zero for a fall."""
        z = (
            self._by_moving_range(card, value)
            if chance is None
            else self._by_chance(card, chance, x, n)
        )
        sums = tabular_cusum(z, allowance=self.allowance)
        larger = np.where(sums.low > sums.high, -sums.low, sums.high)
        return np.where(np.isnan(z), np.nan, larger)

    def _by_moving_range(self, card: Measure, value: FloatArray) -> FloatArray:
        base = value[:, : self.baseline]
        known = ~np.isnan(base)
        target = self._target(card)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(known, base, 0.0).sum(-1) / known.sum(-1)
            centre = (mean if target is None else np.full(len(value), target))[:, None]
            sigma = mean_moving_range(base, screen=True)[:, None] / _D2
            return np.where(sigma > 0, (value - centre) / sigma, np.nan)

    def _by_chance(
        self, card: Measure, chance: ChanceModel, x: FloatArray, n: FloatArray
    ) -> FloatArray:
        from scipy.special import ndtri

        x, n = x / chance.design_effect, n / chance.design_effect
        target = self._target(card)
        if target is None:
            both = (~np.isnan(x) & ~np.isnan(n))[:, : self.baseline]
            with np.errstate(divide="ignore", invalid="ignore"):
                centre = (
                    np.where(both, x[:, : self.baseline], 0.0).sum(-1)
                    / np.where(both, n[:, : self.baseline], 0.0).sum(-1)
                )[:, None]
        else:
            centre = np.full((len(x), 1), target / card.per)
        tails_of = proportion_tails if chance.kind == "proportion" else rate_tails
        tails = tails_of(
            x, n, centre=np.minimum(centre, 1) if chance.kind == "proportion" else centre
        )
        mid = (tails.lower + 1 - tails.upper) / 2
        return np.clip(ndtri(mid), -_FURTHEST, _FURTHEST)

    def _side(self, score: FloatArray) -> NDArray[np.int8]:
        beyond = (score > self.threshold).astype(np.int8) - (score < -self.threshold)
        return np.where(np.isnan(score), NOT_KNOWN, beyond).astype(np.int8)

    def _steady(
        self,
        card: Measure,
        chance: ChanceModel | None,
        units: Units,
        rows: NDArray[np.intp],
        side: NDArray[np.int8],
    ) -> NDArray[np.int8]:
        return drawn_steadiness(
            lambda x, n: self._side(self._score(card, chance, x, n, as_values(card, x, n))),
            card,
            units,
            rows,
            side,
        )

    @staticmethod
    def _caveat(series: Series, chance: ChanceModel | str | None) -> str:
        own = "" if chance is None or isinstance(chance, str) else chance.caveat
        return f"{series.caveat} {own}".strip()

    def __str__(self) -> str:
        """Say the settings in one line."""
        aim = "one a measure" if isinstance(self.target, Mapping) else f"{self.target}"
        learnt = f"the first {self.baseline} points" if self.baseline else "all points"
        against = f"target {aim}" if self.target is not None else f"the mean of {learnt}"
        return (
            f"Cusum: {against}, errors by {self.errors.replace('_', ' ')}, allowance "
            f"{self.allowance:g}, threshold {self.threshold:g}"
        )
