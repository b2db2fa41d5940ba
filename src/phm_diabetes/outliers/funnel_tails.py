"""How likely chance alone is to put a unit as far out as it is, or further."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import tail
from phm_diabetes.metrics.poisson_intervals import BYAR_FROM
from phm_diabetes.outliers.funnel_limits import FUNNEL_METHODS, funnel_inputs
from phm_diabetes.outliers.funnel_scores import proportion_scores

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.funnel_limits import FunnelMethod

__all__ = ["Tails", "proportion_tails", "rate_tails", "significance", "tails_of_scores"]


class Tails(NamedTuple):
    """Both one-sided probabilities of each unit, float64, NaN where a unit has none.

    Examples
    --------
    >>> tails = Tails(lower=np.array([0.001, 0.7]), upper=np.array([0.9995, 0.4]))
    >>> tails.two_sided, tails.score.round(2)
    (array([0.002, 0.8  ]), array([-3.09,  0.25]))
    """

    lower: FloatArray
    """Probability of a value as low as this, or lower, if the unit's true value is the centre."""
    upper: FloatArray
    """Probability of a value as high as this, or higher."""

    @property
    def two_sided(self) -> FloatArray:
        """Twice the smaller tail, at most 1: the p-value for false-discovery control."""
        both: FloatArray = np.minimum(1.0, 2 * np.minimum(self.lower, self.upper))
        return both

    @property
    def score(self) -> FloatArray:
        """Normal deviate of the smaller tail, negative for low, never beyond 38 either way."""
        from scipy.special import ndtri

        smallest = np.maximum(np.minimum(self.lower, self.upper), np.finfo(np.float64).tiny)
        # A discrete unit at the centre has both tails above one half.
        deviate: FloatArray = np.maximum(-ndtri(smallest), 0.0)
        return np.where(self.lower < self.upper, -deviate, deviate)


def significance(tails: Tails, *, confidence: ArrayLike = 0.95) -> NDArray[np.int8]:
    """Return on which side of the funnel's limits each unit lies.

    Parameters
    ----------
    tails : Tails
        Probabilities of the units.
    confidence : float or sequence of float
        Two-sided confidence of the limits; several give a leading axis. OHID reports 0.95
        ("0.025" in each tail) and 0.998 ("0.001").

    Returns
    -------
    ndarray of int8
        -1 below the lower limit, 1 above the upper, 0 within or not known (the tails are NaN).

    Raises
    ------
    OptionError
        Where a confidence does not lie between 0 and 1.

    Examples
    --------
    >>> significance(rate_tails([0, 5, 12], 5, centre=1), confidence=[0.95, 0.998])
    array([[-1,  0,  1],
           [ 0,  0,  0]], dtype=int8)
    """
    alpha = tail(confidence, tails.lower.ndim)
    # A missing tail is below nothing.
    return (tails.upper < alpha).astype(np.int8) - (tails.lower < alpha).astype(np.int8)


def tails_of_scores(scores: ArrayLike) -> Tails:
    """Return the tails of normal deviates.

    Parameters
    ----------
    scores : array_like of float64
        Standard normal deviates, positive for high; infinite where the centre leaves no room.

    Returns
    -------
    Tails
        Normal probabilities, NaN for a missing score.

    Examples
    --------
    >>> tails_of_scores([-1.96, 0]).lower.round(3)
    array([0.025, 0.5  ])
    """
    from scipy.special import ndtr

    z = np.asarray(scores, dtype=np.float64)
    return Tails(ndtr(z), ndtr(-z))


def proportion_tails(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    centre: ArrayLike,
    method: FunnelMethod = "exact",
) -> Tails:
    """Return the chance of each numerator, or one further out, at the comparator's proportion.

    Parameters
    ----------
    numerator, denominator : array_like
        People, one element per unit.
    centre : array_like
        The comparator's proportion, between 0 and 1.
    method : {"exact", "ohid"}
        Binomial tails, or the normal tails of ``(x/n - p) / sqrt(p (1 - p) / n)``.

    Returns
    -------
    Tails
        NaN where a count is missing or negative, the denominator is zero or the numerator is above
        it.

    Raises
    ------
    OptionError
        Where the centre or the method is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    PHE, Technical guide: funnel plots; 2017, as functions ``sigma_adjustment`` and
    ``funnel_ratio_significance`` of PHEindicatormethods compute it. The exact tails are a
    definition; Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the
    case of the binomial. Biometrika 1934;26:404-413.

    Examples
    --------
    >>> proportion_tails([0, 5, 10], 10, centre=0.5).lower.round(4)
    array([0.001, 0.623, 1.   ])
    """
    from scipy.special import betainc

    if method == "ohid":
        return tails_of_scores(proportion_scores(numerator, denominator, centre=centre))
    n, p = funnel_inputs(denominator, centre, highest_centre=1.0)
    (x,) = as_floats(numerator=numerator)
    x = np.where((x >= 0) & (x <= n), x, np.nan)
    if method != "exact":
        message = f"method is {method!r}. Pass one of {', '.join(FUNNEL_METHODS)}."
        raise OptionError(message)
    # The incomplete beta function has no value at the ends, where the tail is the whole.
    missing = np.where(np.isnan(x) | np.isnan(p), np.nan, 0.0)
    lower = np.where(x == n, 1.0, betainc(np.where(x == n, 1, n - x), x + 1, 1 - p))
    upper = np.where(x == 0, 1.0, betainc(np.where(x == 0, 1, x), n - x + 1, p))
    return Tails(lower + missing, upper + missing)


def rate_tails(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    centre: ArrayLike,
    method: FunnelMethod = "exact",
) -> Tails:
    """Return the chance of each count of events, or one further out, at the comparator's rate.

    Parameters
    ----------
    numerator : array_like
        Events.
    denominator : array_like
        Person-years, people or, for a ratio of observed to expected, the expected events.
    centre : array_like
        The comparator's rate per unit of denominator; 1 for a ratio of observed to expected.
    method : {"exact", "ohid"}
        Poisson tails; or OHID's rule: exact below 10 events, from 10 the tails at which Byar's
        interval of the count just reaches the centre.

    Returns
    -------
    Tails
        NaN where a count is missing or negative, or the denominator is not above zero.

    Raises
    ------
    OptionError
        Where the centre or the method is none that the function takes.
    StatisticsError
        Where an argument is not numeric.

    Notes
    -----
    Byar's bounds (Breslow and Day 1987, p. 69) solved for z at expected events ``E``:
    ``3 sqrt(O + 1) ((E / (O + 1))^(1/3) - 1 + 1 / (9 (O + 1)))`` below and
    ``3 sqrt(O) (1 - 1 / (9 O) - (E / O)^(1/3))`` above.

    References
    ----------
    PHE, Technical guide: funnel plots; 2017, as functions ``sigma_adjustment`` and
    ``funnel_ratio_significance`` of PHEindicatormethods compute it. Breslow NE, Day NE. Statistical
    methods in cancer research, volume II. Lyon: IARC; 1987, p. 69.

    Examples
    --------
    >>> rate_tails([0, 5, 12], 5, centre=1).upper.round(4)
    array([1.    , 0.5595, 0.0055])
    """
    from scipy.special import gammainc, gammaincc

    size, rate = funnel_inputs(denominator, centre, highest_centre=np.inf)
    (x,) = as_floats(numerator=numerator)
    x = np.where((x >= 0) & (x < np.inf), x, np.nan)
    expected = rate * size
    missing = np.where(np.isnan(x) | np.isnan(expected), np.nan, 0.0)
    upper = np.where(x == 0, 1.0, gammainc(np.where(x == 0, 1, x), expected))
    exact = Tails(gammaincc(x + 1, expected) + missing, upper + missing)
    if method == "exact":
        return exact
    if method != "ohid":
        message = f"method is {method!r}. Pass one of {', '.join(FUNNEL_METHODS)}."
        raise OptionError(message)
    from_byar = x >= BYAR_FROM
    byar = _byar_tails(np.where(from_byar, x, np.nan), expected)
    return Tails(
        np.where(from_byar, byar.lower, exact.lower), np.where(from_byar, byar.upper, exact.upper)
    )


def _byar_tails(count: FloatArray, expected: FloatArray) -> Tails:
    more = count + 1
    below = 3 * np.sqrt(more) * (np.cbrt(expected / more) - 1 + 1 / (9 * more))
    above = 3 * np.sqrt(count) * (1 - 1 / (9 * count) - np.cbrt(expected / count))
    return Tails(tails_of_scores(below).upper, tails_of_scores(above).upper)
