"""Chance models: how a measure's counts vary when nothing differs, by its kind and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.metrics.reasons import Reason

if TYPE_CHECKING:
    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.scales import Kind

__all__ = ["ChanceModel", "chance_model", "why_no_chance"]

_NO_MODEL = {
    "count": "a plain count grows with its organisation: chance says nothing of it",
    "mean": "chance alone says how a proportion, a rate or a ratio varies, and this is a mean",
}
_BOTH_VARY = "both counts of this ratio vary by chance: read its interval, or compare() it"


@frozen(kw_only=True)
class ChanceModel:
    """Binomial or Poisson counts, once divided by how events cluster in persons.

    Parameters
    ----------
    kind
        ``"proportion"`` or ``"rate"``.
    design_effect
        1 for people; for money and repeat events the sum of squares a person over the sum.

    Examples
    --------
    >>> ChanceModel(kind="rate", design_effect=2.0).caveat
    'Events repeat in persons: counts are divided by the design effect, 2.00.'
    """

    kind: Kind
    design_effect: float = 1.0

    @property
    def caveat(self) -> str:
        """What must be said of it; blank for people."""
        if self.design_effect == 1:
            return ""
        return (
            "Events repeat in persons: counts are divided by the design effect, "
            f"{self.design_effect:.2f}."
        )


def why_no_chance(card: Measure) -> str:
    """Return why a kind of measure has no chance model; blank where it has one.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> why_no_chance(register_card("COPD"))
    ''
    """
    if card.kind == "ratio" and card.unit == "events":
        return _BOTH_VARY
    return _NO_MODEL.get(card.kind, "")


def chance_model(card: Measure, numerator: FloatArray, squares: FloatArray) -> ChanceModel | str:
    """Return the chance model of a measure, or why there is none.

    Parameters
    ----------
    card
        The measure.
    numerator, squares
        Counts and sums of squares a person of the reference set, shape ``(n,)``.

    Returns
    -------
    ChanceModel or str
        All units share one design effect, since under no difference they share how events cluster:
        a small unit's own would hang on a few persons.

    References
    ----------
    Rao JNK, Scott AJ. A simple method for the analysis of clustered binary data. Biometrics
    1992;48:577-585, for dividing counts by a design effect; the effects are ours, those of
    :func:`~phm_diabetes.metrics.clustered.compound_poisson_rate` and
    :func:`~phm_diabetes.metrics.clustered.clustered_proportion`.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> chance_model(register_card("COPD"), np.array([5.0]), np.array([np.nan])).kind
    'proportion'
    """
    if why_no_chance(card):
        return why_no_chance(card)
    kind: Kind = "proportion" if card.kind == "proportion" else "rate"
    if card.unit == "people":
        return ChanceModel(kind=kind)
    known = np.isfinite(numerator) & np.isfinite(squares) & (numerator > 0) & (squares > 0)
    if not known.any():
        return Reason.SQUARES_MISSING.words
    effect = float(squares[known].sum() / numerator[known].sum())
    return ChanceModel(
        kind=kind, design_effect=max(effect, 1.0) if kind == "proportion" else effect
    )
