"""How widely units would spread by chance alone, if none truly differed from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import StatisticsError
from phm_diabetes.outliers.funnel_limits import funnel_inputs
from phm_diabetes.outliers.scales import standard_error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.scales import Kind

__all__ = ["expected_range", "expected_standard_deviation"]

_REACH = 9  # standard errors of the smallest unit: nothing falls beyond
_POINTS = 4000
_MOST_WORK = 2_000_000


def expected_standard_deviation(denominator: ArrayLike, *, centre: float, kind: Kind) -> float:
    """Return the standard deviation between units that chance alone would give.

    Parameters
    ----------
    denominator : array_like
        People, person-years or expected events, one element per unit.
    centre : float
        The true value that all share.
    kind : {"proportion", "rate"}
        Binomial or Poisson counts.

    Returns
    -------
    float
        Square root of the mean sampling variance; units with no denominator count for nothing.

    Raises
    ------
    StatisticsError
        Where no unit has a denominator above zero, or an argument is not numeric.
    OptionError
        Where there is no such kind, or the centre lies outside what it can be.

    Examples
    --------
    >>> round(expected_standard_deviation([100, 400], centre=0.2, kind="proportion"), 6)
    0.031623
    """
    size = _known(denominator, centre, kind)
    error = standard_error(size, centre=centre, kind=kind, scale="natural")
    return float(np.sqrt(np.mean(np.square(error))))


def expected_range(denominator: ArrayLike, *, centre: float, kind: Kind) -> float:
    """Return the distance from the lowest to the highest unit that chance alone would give.

    Parameters
    ----------
    denominator : array_like
        People, person-years or expected events, one element per unit.
    centre : float
        The true value that all share.
    kind : {"proportion", "rate"}
        Binomial or Poisson counts.

    Returns
    -------
    float
        Expected range, to about one part in 500: the binomial or Poisson distributions themselves,
        summed on a grid, with no random numbers.

    Raises
    ------
    StatisticsError
        Where no unit has a denominator above zero, or an argument is not numeric.
    OptionError
        Where there is no such kind, or the centre lies outside what it can be.

    Notes
    -----
    ``E(range) = ∫ 1 - Π F_i(x) - Π (1 - F_i(x)) dx``, with ``F_i`` the distribution of unit ``i``.

    Examples
    --------
    >>> round(expected_range([200] * 6, centre=0.6, kind="proportion"), 3)
    0.088
    """
    size = _known(denominator, centre, kind)
    error = standard_error(size.min(), centre=centre, kind=kind, scale="natural")
    highest = 1.0 if kind == "proportion" else np.inf
    low = max(0.0, float(centre - _REACH * error))
    high = min(highest, float(centre + _REACH * error + _REACH / size.min()))
    # Units of one size share a distribution.
    sizes, times = np.unique(size, return_counts=True)
    points = int(np.clip(_MOST_WORK // sizes.size, 200, _POINTS))
    width = (high - low) / points
    x = low + width * (np.arange(points) + 0.5)
    all_below, all_above = np.zeros(points), np.zeros(points)
    with np.errstate(divide="ignore"):
        for one, many in zip(sizes, times, strict=True):
            below, above = _distribution(np.floor(one * x), one, centre, kind)
            all_below += many * np.log(below)
            all_above += many * np.log(above)
    return float(width * np.sum(1 - np.exp(all_below) - np.exp(all_above)))


def _distribution(
    count: FloatArray, size: float, centre: float, kind: Kind
) -> tuple[FloatArray, FloatArray]:
    """Return the probabilities of a count up to, and above, each of those given."""
    from scipy.special import betainc, gammainc, gammaincc

    if kind == "rate":
        expected = np.asarray(size * centre)
        return gammaincc(count + 1, expected), gammainc(count + 1, expected)
    inside, p = count < size, np.asarray(centre)
    rest = np.where(inside, size - count, 1.0)
    below = np.where(inside, betainc(rest, count + 1, 1 - p), 1.0)
    return below, np.where(inside, betainc(count + 1, rest, p), 0.0)


def _known(denominator: ArrayLike, centre: float, kind: Kind) -> FloatArray:
    size, _ = funnel_inputs(
        denominator, centre, highest_centre=1.0 if kind == "proportion" else np.inf
    )
    size = size[~np.isnan(size)]
    if size.size == 0:
        message = "No unit has a denominator above zero, so there is no spread. Check the counts."
        raise StatisticsError(message)
    return size
