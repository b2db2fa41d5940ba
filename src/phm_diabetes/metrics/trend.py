"""Change from one period to a like period, with its interval."""

from __future__ import annotations

from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.mover import difference, quotient

__all__ = ["absolute_change", "percent_change"]


def absolute_change(later: Interval, earlier: Interval) -> Interval:
    """Return later - earlier.

    Only like periods may be compared: a full year with a full year, a quarter with the same
    quarter, never a cumulative part of a year with the whole.

    Parameters
    ----------
    later, earlier : Interval
        The same measure in two like periods, with intervals at the same confidence.

    Returns
    -------
    Interval
        In the measure's unit. The periods are taken as independent. Where most people are the same
        in both, as on a practice's register, the interval is wider than it need be.

    References
    ----------
    Zou GY, Donner A. Stat Med 2008;27:1693-1702, as function ``_mover_confint`` of statsmodels
    computes it; for proportions this is Newcombe RG, Stat Med 1998;17:873-890, method 10, p. 876.

    Examples
    --------
    >>> from phm_diabetes.metrics.proportions import proportion
    >>> got = absolute_change(proportion(330, 500, per=100), proportion(300, 500, per=100))
    >>> [round(float(number), 2) for number in got]
    [6.0, 0.02, 11.92]
    """
    return difference(later, earlier)


def percent_change(later: Interval, earlier: Interval) -> Interval:
    """Return the change in percent of the earlier value.

    Parameters
    ----------
    later, earlier : Interval
        As for :func:`absolute_change`; neither may be negative.

    Returns
    -------
    Interval
        Percent; NaN, never infinite, where the earlier value is zero.

    References
    ----------
    Donner A, Zou GY. Stat Methods Med Res 2012;21:347-359, equation 9, p. 351.

    Examples
    --------
    >>> from phm_diabetes.metrics.rates import crude_rate
    >>> got = percent_change(crude_rate(60, 1000, per=1000), crude_rate(50, 1000, per=1000))
    >>> [round(float(number), 1) for number in got]
    [20.0, -18.5, 77.2]
    """
    value, lower, upper = quotient(later, earlier)
    return Interval((value - 1) * 100, (lower - 1) * 100, (upper - 1) * 100)
