"""CUSUM: small lasting shifts that no single point would show, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.outliers.funnel_limits import funnel_inputs
from phm_diabetes.outliers.scales import KINDS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.scales import Kind

__all__ = ["CumulativeSums", "likelihood_cusum", "tabular_cusum"]


class CumulativeSums(NamedTuple):
    """Sums for a rise and for a fall, float64, 0 or more, of the shape of the scores.

    Examples
    --------
    >>> tabular_cusum([1, 1, 1], allowance=0.5).high
    array([0.5, 1. , 1.5])
    """

    high: FloatArray
    """Evidence of a rise."""
    low: FloatArray
    """Evidence of a fall."""


def tabular_cusum(scores: ArrayLike, *, allowance: float = 0.5) -> CumulativeSums:
    """Return the two one-sided sums of standardised values.

    Parameters
    ----------
    scores : array_like
        Standard scores about the target along the last axis, in order of time; at a missing score
        the sums stand still.
    allowance : float
        Slack taken from each score, half the shift that matters [standard deviations].

    Returns
    -------
    CumulativeSums
        ``high = max(0, high + z - allowance)`` and ``low = max(0, low - z - allowance)``. With an
        allowance of 0.5, signal above 5: one false alarm in about 465 points.

    Raises
    ------
    OptionError
        Where the allowance is negative.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Montgomery DC. Introduction to statistical quality control, 8th edition. Wiley; 2019, section
    9.1.2 (equations 9.2 and 9.3 by our own record).

    Examples
    --------
    >>> tabular_cusum([0, -2, -2, 3], allowance=0.5).low
    array([0. , 1.5, 3. , 0. ])
    """
    if allowance < 0:
        message = f"allowance is {allowance!r}. Pass half the shift that matters, 0 or more."
        raise OptionError(message)
    (z,) = as_floats(scores=np.atleast_1d(np.asarray(scores)))
    return CumulativeSums(_held_above_zero(z - allowance), _held_above_zero(-z - allowance))


def likelihood_cusum(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    centre: ArrayLike,
    kind: Kind,
    ratio: float,
) -> FloatArray:
    """Return the sum of log-likelihood ratios for a shift of a set size, held at 0 or above.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts along the last axis, in order of time; at a missing count the sum stands still.
    centre : array_like
        Proportion or rate while all is well, which may differ by point (case mix).
    kind : {"proportion", "rate"}
        Binomial or Poisson counts.
    ratio : float
        Shift to detect: an odds ratio for a proportion, a rate ratio for a rate. Above 1 for a
        rise, below 1 for a fall.

    Returns
    -------
    ndarray of float64
        The sum at each point. Choose the threshold by simulation at the centre, for the false-alarm
        rate that can be afforded.

    Raises
    ------
    OptionError
        Where the ratio, the kind or the centre is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Steiner SH, Cook RJ, Farewell VT, Treasure T. Monitoring surgical performance using
    risk-adjusted cumulative sum charts. Biostatistics 2000;1:441-452, p. 446, as function
    ``llr_score`` of R's vlad computes it.

    Examples
    --------
    >>> likelihood_cusum([5, 9, 9], 100, centre=0.05, kind="proportion", ratio=2).round(3)
    array([0.   , 1.359, 2.719])
    """
    if kind not in KINDS:
        message = f"kind is {kind!r}. Pass one of {', '.join(KINDS)}."
        raise OptionError(message)
    if not 0 < ratio < np.inf or ratio == 1:
        message = f"ratio is {ratio!r}. Pass one above 1 to detect a rise, below 1 for a fall."
        raise OptionError(message)
    highest = 1.0 if kind == "proportion" else np.inf
    size, middle = funnel_inputs(denominator, centre, highest_centre=highest)
    (x,) = as_floats(numerator=numerator)
    if kind == "proportion":
        weight = x * np.log(ratio) - size * np.log1p(middle * (ratio - 1))
    else:
        weight = x * np.log(ratio) - size * middle * (ratio - 1)
    return _held_above_zero(np.atleast_1d(weight))


def _held_above_zero(steps: FloatArray) -> FloatArray:
    sums = np.zeros(steps.shape)
    total = np.zeros(steps.shape[:-1])
    for point in range(steps.shape[-1]):
        step = steps[..., point]
        total = np.where(np.isnan(step), total, np.maximum(0.0, total + step))
        sums[..., point] = total
    return sums
