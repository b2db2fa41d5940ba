"""Dispatch: which interval belongs to a measure's kind and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.metrics.binomial_intervals import clopper_pearson, wilson
from phm_diabetes.metrics.clustered import clustered_proportion, compound_poisson_rate
from phm_diabetes.metrics.event_ratios import event_ratio
from phm_diabetes.metrics.means import mean
from phm_diabetes.metrics.poisson_intervals import exact_poisson, ohid_poisson
from phm_diabetes.metrics.proportions import proportion
from phm_diabetes.metrics.rates import crude_rate, ratio
from phm_diabetes.metrics.reasons import (
    Reason,
    reason_no_interval,
    reason_no_mean,
    reason_no_proportion,
    reason_no_rate,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure

__all__ = ["Estimated", "divides_its_counts", "estimated"]

_NONE = "none"
_POISSON = "OHID Poisson"
_MEAN = "Student's t"
_WILSON = "Wilson"
_CLUSTERED = "Wilson, clustered by person"
_COMPOUND = "compound Poisson"
_EVENT_RATIO = "compound Poisson over Poisson"
_EXACT, _EXACT_POISSON = "Clopper-Pearson", "exact Poisson"
_METHODS = (
    *(_NONE, _POISSON, _MEAN, _WILSON, _CLUSTERED, _COMPOUND, _EVENT_RATIO),
    *(_EXACT, _EXACT_POISSON),
)


@frozen(kw_only=True, eq=False)
class Estimated:
    """Figures of one measure: the value, its interval, the method, and why any is absent.

    Parameters
    ----------
    value
        One element a row.
    lower, upper
        A leading axis of confidences, then one element a row.
    reason
        A :class:`~phm_diabetes.metrics.reasons.Reason` a row.
    method
        Published name of the interval.

    Examples
    --------
    >>> Estimated(value=np.array([0.5]), lower=np.array([[0.2]]), upper=np.array([[0.8]]),
    ...           reason=np.array([0], dtype=np.int8), method="Wilson").method
    'Wilson'
    """

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    reason: NDArray[np.int8]
    method: str


def estimated(
    card: Measure,
    numerator: FloatArray,
    denominator: FloatArray,
    squares: FloatArray,
    confidence: FloatArray,
    *,
    exact: bool = False,
) -> Estimated:
    """Divide once, with the interval that the measure's kind and unit call for.

    Parameters
    ----------
    card
        The measure.
    numerator, denominator, squares
        Counts and sum of squares a person, shape ``(n,)``; NaN where not known.
    confidence
        Two-sided, shape ``(k,)``.
    exact
        Whether people have Clopper and Pearson's interval, and rates the exact Poisson one,
        instead of Wilson's and OHID's.

    Returns
    -------
    Estimated

    Examples
    --------
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> found = estimated(register_card("COPD"), np.array([5.0]), np.array([10.0]),
    ...                   np.array([np.nan]), np.array([0.95]))
    >>> found.method, found.lower.round(4).tolist()
    ('Wilson', [[0.2366]])
    """
    repeats = card.unit != "people"
    levels = np.atleast_1d(confidence)
    if card.kind == "count":
        bounds = ohid_poisson(numerator, confidence=levels)
        codes = reason_no_rate(numerator, np.ones_like(numerator))
        return Estimated(
            value=numerator,
            lower=np.full_like(bounds.lower, np.nan) if repeats else bounds.lower,
            upper=np.full_like(bounds.upper, np.nan) if repeats else bounds.upper,
            reason=np.where((codes == 0) & repeats, np.int8(Reason.SQUARES_MISSING), codes),
            method=_NONE if repeats else _POISSON,
        )
    if card.kind == "mean":
        found = mean(numerator, squares, denominator, confidence=levels)
        codes, method = reason_no_mean(numerator, squares, denominator), _MEAN
    elif card.kind == "proportion" and repeats:
        found = clustered_proportion(
            numerator, squares, denominator, per=card.per, confidence=levels
        )
        codes = reason_no_interval(numerator, squares, denominator, within=True)
        method = _CLUSTERED
    elif card.kind == "proportion":
        found = proportion(
            numerator,
            denominator,
            per=card.per,
            confidence=levels,
            method=clopper_pearson if exact else wilson,
        )
        codes = reason_no_proportion(numerator, denominator)
        method = _EXACT if exact else _WILSON
    elif card.kind == "ratio" and card.unit == "events":
        found = event_ratio(numerator, squares, denominator, per=card.per, confidence=levels)
        codes, method = reason_no_interval(numerator, squares, denominator), _EVENT_RATIO
    elif repeats:
        found = compound_poisson_rate(
            numerator, squares, denominator, per=card.per, confidence=levels
        )
        codes, method = reason_no_interval(numerator, squares, denominator), _COMPOUND
    else:
        divide = ratio if card.kind == "ratio" else crude_rate
        found = divide(
            numerator,
            denominator,
            per=card.per,
            confidence=levels,
            method=exact_poisson if exact else ohid_poisson,
        )
        codes = reason_no_rate(numerator, denominator)
        method = _EXACT_POISSON if exact else _POISSON
    return Estimated(
        value=found.value, lower=found.lower, upper=found.upper, reason=codes, method=method
    )


def divides_its_counts(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return whether each row's figure is the quotient of its own counts.

    A standardised figure or a share is not: what tests or compares it must go by the figure and
    its interval, and never divide the counts again.

    Parameters
    ----------
    table
        Estimates, shape ``(n, k)``.

    Examples
    --------
    >>> import pandas as pd
    >>> divides_its_counts(pd.DataFrame({"method": ["Wilson", "Dobson with Byar"]})).tolist()
    [True, False]
    """
    return table["method"].isin(_METHODS).to_numpy(dtype=bool)
