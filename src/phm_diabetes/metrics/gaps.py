"""The gap and the ratio between the most and the least deprived group, with intervals."""

from __future__ import annotations

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.mover import difference, quotient

__all__ = ["gap", "gap_ratio"]


def gap(estimate: Interval) -> Interval:
    """Return the most deprived group's value less the least deprived group's.

    It says nothing of the groups between, which a slope index does.

    Parameters
    ----------
    estimate : Interval
        Any estimate (proportion, rate, standardised rate), shape (…, groups), from the most to the
        least deprived group along the last axis; the groups share nobody.

    Returns
    -------
    Interval
        Shape (…), in the estimates' unit; NaN where an end group has no value.

    Raises
    ------
    StatisticsError
        Where there are fewer than 2 groups.

    References
    ----------
    Zou GY, Donner A. Stat Med 2008;27:1693-1702, as function ``_mover_confint`` of statsmodels
    computes it; for proportions this is Newcombe RG, Stat Med 1998;17:873-890, method 10, p. 876.

    Examples
    --------
    >>> from phm_diabetes.metrics.proportions import proportion
    >>> got = gap(proportion([60, 55, 50, 45, 40], 100, per=100))
    >>> [round(float(number), 1) for number in got]
    [20.0, 6.1, 32.8]
    """
    return difference(*_ends(estimate))


def gap_ratio(estimate: Interval) -> Interval:
    """Return the most deprived group's value over the least deprived group's.

    Parameters
    ----------
    estimate : Interval
        As for :func:`gap`; no value may be negative.

    Returns
    -------
    Interval
        Shape (…); NaN, never infinite, where the least deprived group's value is zero.

    Raises
    ------
    StatisticsError
        Where there are fewer than 2 groups.

    References
    ----------
    Donner A, Zou GY. Stat Methods Med Res 2012;21:347-359, equation 9, p. 351.

    Examples
    --------
    >>> from phm_diabetes.metrics.proportions import proportion
    >>> got = gap_ratio(proportion([60, 55, 50, 45, 40], 100, per=100))
    >>> [round(float(number), 2) for number in got]
    [1.5, 1.13, 2.01]
    """
    return quotient(*_ends(estimate))


def _ends(estimate: Interval) -> tuple[Interval, Interval]:
    if not estimate.value.ndim or estimate.value.shape[-1] < 2:  # noqa: PLR2004
        message = (
            f"A gap needs at least 2 groups along the last axis; the shape is "
            f"{estimate.value.shape}. Give the groups of one area as one row."
        )
        raise StatisticsError(message)
    most = Interval(*(part[..., 0] for part in estimate))
    least = Interval(*(part[..., -1] for part in estimate))
    return most, least
