"""Standardised figures: counts by band against a standard, one element an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import frozen

from phm_diabetes.metrics.clustered import compound_poisson_rate
from phm_diabetes.metrics.direct import dsr, reason_no_dsr
from phm_diabetes.metrics.indirect import expected_events, indirect_ratio
from phm_diabetes.metrics.reasons import Reason, reason_no_interval, reason_no_rate
from phm_diabetes.metrics.stacking import floats_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.bands_of_counts import Block
    from phm_diabetes.metrics.standards import Standard
    from phm_diabetes.model.measures import Measure

__all__ = ["StandardisedFigures", "direct_figures", "indirect_figures"]


@frozen(kw_only=True, eq=False)
class StandardisedFigures:
    """Figures of one measure, one element an organisation.

    Parameters
    ----------
    estimate
        Value, lower and upper; the bounds with a leading axis of confidences.
    bounds
        Least and most that each can be, whatever hidden counts are.
    reason
        A :class:`~phm_diabetes.metrics.reasons.Reason` an organisation.
    method
        Published name of the interval.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> StandardisedFigures(estimate=(one, one, one), bounds=(one, one),
    ...                     reason=np.array([0], dtype=np.int8), method="Dobson").method
    'Dobson'
    """

    estimate: tuple[FloatArray, FloatArray, FloatArray]
    bounds: tuple[FloatArray, FloatArray]
    reason: NDArray[np.int8]
    method: str


def direct_figures(
    card: Measure, block: Block, standard: Standard, levels: FloatArray
) -> StandardisedFigures:
    """Return directly standardised rates of organisations.

    Parameters
    ----------
    card
        The measure.
    block
        Its counts by band.
    standard
        People of the standard in the same bands.
    levels
        Confidences.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> from phm_diabetes.metrics.bands_of_counts import Block
    >>> from phm_diabetes.metrics.standards import Standard
    >>> counts = {"numerator": np.array([[5.0, 15.0]]), "denominator": np.full((1, 2), 1000.0),
    ...           "numerator_ss": np.full((1, 2), np.nan)}
    >>> block = Block(about={}, groups=np.array([0]), cells=pd.DataFrame(), counts=counts,
    ...               is_exact=True)
    >>> standard = Standard(name="planted", people=np.array([3000.0, 1000.0]), events=None)
    >>> direct_figures(register_card("COPD"), block, standard, np.array([0.95])).estimate[0]
    array([0.0075])
    """
    x, n, squares = (block.counts[name] for name in ("numerator", "denominator", "numerator_ss"))
    repeats = card.unit != "people"
    size = np.ones((len(x), 1))
    if card.unit == "pence":
        with np.errstate(all="ignore"):
            size = squares.sum(axis=1, keepdims=True) / x.sum(axis=1, keepdims=True)
        size = np.where(np.isfinite(size) & (size > 0), size, 1)
        x, squares = x / size, squares / size**2
    found = dsr(
        x,
        n,
        standard.people,
        per=card.per,
        sum_of_squares=squares if repeats else None,
        confidence=levels,
    )
    value, lower, upper = (part * size[:, 0] for part in found)
    reason = reason_no_dsr(x, n)
    if repeats:
        lacking = np.isnan(squares).any(axis=1) & (reason == 0)
        reason = np.where(lacking, np.int8(Reason.SQUARES_MISSING), reason)
    beyond = np.zeros(len(x), dtype=bool)
    if card.kind == "proportion":
        beyond = (value > card.per) & (reason == 0)
        value, lower, upper = (np.where(beyond, np.nan, part) for part in (value, lower, upper))
        upper = np.minimum(upper, card.per)
    if block.is_exact:
        low = high = value
    else:
        low, high = _range_of_rate(card, block, standard.people)
        few = reason == Reason.TOO_FEW_EVENTS
        low, high = np.where(few, np.nan, low), np.where(few, np.nan, high)
    above = np.where(np.isfinite(low), Reason.ABOVE_BY_ROUNDING, Reason.NUMERATOR_ABOVE)
    return StandardisedFigures(
        estimate=(value, lower, upper),
        bounds=(low, high),
        reason=np.where(beyond, above, reason).astype(np.int8),
        method="Dobson with Byar" + (", clustered by person" if repeats else ""),
    )


def _range_of_rate(
    card: Measure, block: Block, people: FloatArray
) -> tuple[FloatArray, FloatArray]:
    counts = block.counts
    with np.errstate(all="ignore"):
        low = counts["numerator_low"] / counts["denominator_high"]
        high = counts["numerator_high"] / counts["denominator_low"]
    if card.kind == "proportion":
        low, high = np.where(low <= 1, low, np.nan), np.minimum(high, 1)
    weight = people / people.sum() * card.per
    ends = (low @ weight, high @ weight)
    known = np.isfinite(ends[0]) & np.isfinite(ends[1])
    return np.where(known, ends[0], np.nan), np.where(known, ends[1], np.nan)


def indirect_figures(
    card: Measure,
    block: Block,
    standard: Standard,
    totals: pd.DataFrame,
    levels: FloatArray,
    *,
    is_rate: bool,
) -> StandardisedFigures:
    """Return events over those expected at the standard's rates, or that times its crude rate.

    Parameters
    ----------
    card, block, standard, levels
        As for :func:`direct_figures`; the standard has events.
    totals
        All events of each organisation.
    is_rate
        Whether to multiply by the standard's crude rate.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.disease_areas.qof_registers import register_card
    >>> from phm_diabetes.metrics.bands_of_counts import Block
    >>> from phm_diabetes.metrics.standards import Standard
    >>> counts = {"numerator": np.array([[5.0, 15.0]]), "denominator": np.full((1, 2), 1000.0)}
    >>> block = Block(about={}, groups=np.array([0]), cells=pd.DataFrame(), counts=counts,
    ...               is_exact=True)
    >>> standard = Standard(name="planted", people=np.full(2, 100.0), events=np.array([1.0, 3.0]))
    >>> totals = pd.DataFrame({"numerator": [20], "numerator_low": [20], "numerator_high": [20],
    ...                        "numerator_ss": [np.nan]})
    >>> indirect_figures(register_card("COPD"), block, standard, totals, np.array([0.95]),
    ...                  is_rate=False).estimate[0]
    array([0.5])
    """
    events = cast("FloatArray", standard.events)
    per = 1.0
    if is_rate:
        per = card.per * float(events.sum() / standard.people.sum())
    counts = block.counts

    def expected(name: str) -> FloatArray:
        return expected_events(counts[name], events, standard.people)

    observed, squares = floats_of(totals, "numerator"), floats_of(totals, "numerator_ss")
    due = expected("denominator")
    if card.unit == "people":
        found = indirect_ratio(observed, due, per=per, confidence=levels)
        reason, name = reason_no_rate(observed, due), "OHID Poisson"
    else:
        found = compound_poisson_rate(observed, squares, due, per=per, confidence=levels)
        reason, name = reason_no_interval(observed, squares, due), "compound Poisson"
    missing = np.isnan(counts["denominator"]).any(axis=1)
    reason = np.where(missing, np.int8(Reason.BAND_MISSING), reason)
    if block.is_exact:
        least = most = due
    else:
        least, most = expected("denominator_low"), expected("denominator_high")
    with np.errstate(all="ignore"):
        low = floats_of(totals, "numerator_low") / most * per
        high = floats_of(totals, "numerator_high") / least * per
    known = np.isfinite(low) & np.isfinite(high)
    return StandardisedFigures(
        estimate=(found.value, found.lower, found.upper),
        bounds=(np.where(known, low, np.nan), np.where(known, high, np.nan)),
        reason=reason,
        method=f"{name}, of observed to expected",
    )
