"""Yardsticks: what the units of a family are held against, and how far chance may take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve, frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.adjusted_funnel import adjusted_limits, adjusted_scores
from phm_diabetes.outliers.funnel_limits import proportion_limits, rate_limits
from phm_diabetes.outliers.funnel_scores import proportion_scores, sides_of_scores
from phm_diabetes.outliers.funnel_tails import (
    proportion_tails,
    rate_tails,
    significance,
    tails_of_scores,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.intervals import Bounds
    from phm_diabetes.outliers.chance_models import ChanceModel
    from phm_diabetes.outliers.funnel_limits import FunnelMethod
    from phm_diabetes.outliers.funnel_tails import Tails
    from phm_diabetes.outliers.overdispersion import Overdispersion

__all__ = ["Yardstick"]


@frozen(kw_only=True)
class Yardstick:
    """What units are held against.

    Parameters
    ----------
    chance
        How counts vary when nothing differs.
    centre
        The target, as numerator over denominator.
    confidence
        Two-sided.
    method
        Exact limits or OHID's; over-dispersion replaces both.
    overdispersion
        What is allowed for beyond chance; ``None`` for nothing.

    Raises
    ------
    OptionError
        When the centre is no value that the measure can take.

    Examples
    --------
    >>> from phm_diabetes.outliers.chance_models import ChanceModel
    >>> stick = Yardstick(chance=ChanceModel(kind="proportion"), centre=0.5, confidence=0.95)
    >>> stick.side(np.array([20.0, 2.0]), np.array([40.0, 40.0])).tolist()
    [0, -1]
    """

    chance: ChanceModel
    centre: float
    confidence: float
    method: FunnelMethod = "exact"
    overdispersion: Overdispersion | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a centre on another scale."""
        highest = 1.0 if self.chance.kind == "proportion" else np.inf
        if not 0 <= self.centre <= highest:
            message = (
                f"The target is {self.centre:g} as numerator over denominator, and a "
                f"{self.chance.kind} lies between 0 and {highest:g}. Write target= in the scale of "
                "the value column: 0.56 for 56%, or 2.3 for a rate of 2.3 per 1,000."
            )
            raise OptionError(message)

    @property
    def unadjusted(self) -> Yardstick:
        """The same without over-dispersion."""
        return evolve(self, overdispersion=None)

    def tails(self, numerator: FloatArray, denominator: FloatArray) -> Tails:
        """Return the chance of each unit's place, or one further out."""
        scores = self._scores(numerator, denominator)
        if scores is not None:
            return tails_of_scores(scores)
        effect = self.chance.design_effect
        tails_of = proportion_tails if self.chance.kind == "proportion" else rate_tails
        return tails_of(
            numerator / effect, denominator / effect, centre=self.centre, method=self.method
        )

    def side(self, numerator: FloatArray, denominator: FloatArray) -> NDArray[np.int8]:
        """Return -1 below the limits, 1 above them, 0 within."""
        scores = self._scores(numerator, denominator)
        if scores is not None:
            return sides_of_scores(scores, confidence=self.confidence)
        return significance(self.tails(numerator, denominator), confidence=self.confidence)

    def _scores(self, numerator: FloatArray, denominator: FloatArray) -> FloatArray | None:
        """Return normal deviates, where limits rest on them; nothing where they are exact."""
        effect = self.chance.design_effect
        x, n = numerator / effect, denominator / effect
        if self.overdispersion is not None:
            return adjusted_scores(x, n, overdispersion=self.overdispersion, centre=self.centre)
        if self.chance.kind == "proportion" and self.method == "ohid":
            return proportion_scores(x, n, centre=self.centre)
        return None

    def limits(self, denominator: FloatArray) -> Bounds:
        """Return the limits at each denominator, as numerator over denominator."""
        n = denominator / self.chance.design_effect
        if self.overdispersion is not None:
            return adjusted_limits(
                n,
                overdispersion=self.overdispersion,
                centre=self.centre,
                confidence=self.confidence,
            )
        if self.chance.kind == "proportion":
            return proportion_limits(
                n, centre=self.centre, confidence=self.confidence, method=self.method
            )
        return rate_limits(n, centre=self.centre, confidence=self.confidence)
