"""Variation between the units of one set, such as a PCN's practices, and how much of it is real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.metrics.intervals import Bounds
from phm_diabetes.outliers.chance_spread import expected_range, expected_standard_deviation
from phm_diabetes.outliers.heterogeneity import dersimonian_laird, q_profile
from phm_diabetes.outliers.scales import standard_error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.scales import Kind

__all__ = ["Variation", "measure_variation", "units_with_values"]


@frozen(kw_only=True)
class Variation:
    """How units of one set differ, beside how they would by chance alone.

    Parameters
    ----------
    n_units
        Units with a value.
    centre
        All numerators over all denominators.
    lowest, highest
        Lowest and highest value.
    expected_range
        Distance between them that chance alone would give.
    standard_deviation, expected_standard_deviation
        Between the units' values, and what chance alone would give.
    tau2
        τ², variance of the units' true values, 0 or more.
    tau2_lower, tau2_upper
        Its interval.
    confidence
        Of the interval.
    p_value
        Of Cochran's test that no unit truly differs from another.

    Examples
    --------
    >>> found = measure_variation([50, 60, 70, 80], 100, kind="proportion")
    >>> found.lowest, found.highest, round(found.expected_range, 2)
    (0.5, 0.8, 0.1)
    """

    n_units: int
    centre: float
    lowest: float
    highest: float
    expected_range: float
    standard_deviation: float
    expected_standard_deviation: float
    tau2: float
    tau2_lower: float
    tau2_upper: float
    confidence: float
    p_value: float

    @property
    def tau(self) -> float:
        """Standard deviation of the units' true values."""
        return float(np.sqrt(self.tau2))


def measure_variation(
    numerator: ArrayLike, denominator: ArrayLike, *, kind: Kind, confidence: float = 0.95
) -> Variation:
    """Return the variation between the units of one set, on the scale of their values.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts, one element per unit; a unit with a missing or impossible count counts for nothing.
    kind : {"proportion", "rate"}
        Binomial or Poisson counts.
    confidence : float
        Of the interval of τ².

    Returns
    -------
    Variation
        Sampling variances are taken at the centre that all share, so that τ² is that of
        DerSimonian and Laird and its interval the Q-profile.

    Raises
    ------
    StatisticsError
        Where fewer than two units have a value, or an argument is not numeric.
    OptionError
        Where there is no such kind, or the confidence does not lie between 0 and 1.

    References
    ----------
    DerSimonian R, Laird N. Controlled Clinical Trials 1986;7:177-188; equation 6 of DerSimonian R,
    Kacker R. Contemporary Clinical Trials 2007;28:105-114, with weights 1/s². Viechtbauer W.
    Statistics in Medicine 2007;26:37-52, as function ``confint.rma.uni`` of R's metafor computes
    it.

    Examples
    --------
    >>> found = measure_variation([50, 60, 70, 80], 100, kind="proportion")
    >>> round(found.tau, 4), found.p_value < 0.001
    (0.12, True)
    """
    from scipy.special import chdtrc

    x, size = units_with_values(numerator, denominator, kind=kind)
    value, centre = x / size, float(x.sum() / size.sum())
    variance = np.square(standard_error(size, centre=centre, kind=kind, scale="natural"))
    if variance.min() > 0:
        found = dersimonian_laird(value, variance)
        q, tau2 = found.q, found.tau2
        bounds = q_profile(value, variance, confidence=confidence)
    else:  # all at 0, or all at 100%
        q, tau2, bounds = 0.0, 0.0, Bounds(np.asarray(0.0), np.asarray(0.0))
    return Variation(
        n_units=value.size,
        centre=centre,
        lowest=float(value.min()),
        highest=float(value.max()),
        expected_range=expected_range(size, centre=centre, kind=kind),
        standard_deviation=float(value.std(ddof=1)),
        expected_standard_deviation=expected_standard_deviation(size, centre=centre, kind=kind),
        tau2=tau2,
        tau2_lower=float(bounds.lower),
        tau2_upper=float(bounds.upper),
        confidence=confidence,
        p_value=float(chdtrc(value.size - 1, q)),
    )


def units_with_values(
    numerator: ArrayLike, denominator: ArrayLike, *, kind: Kind
) -> tuple[FloatArray, FloatArray]:
    """Return the counts of the units that have a value, at least two.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts, one element per unit.
    kind : {"proportion", "rate"}
        A proportion's numerator cannot exceed its denominator.

    Returns
    -------
    tuple of ndarray of float64
        Numerators and denominators of the units whose counts are known and possible.

    Raises
    ------
    StatisticsError
        Where fewer than two units have a value, or an argument is not numeric.

    Examples
    --------
    >>> units_with_values([1, 2, np.nan], [10, 20, 30], kind="proportion")
    (array([1., 2.]), array([10., 20.]))
    """
    x, size = np.broadcast_arrays(*as_floats(numerator=numerator, denominator=denominator))
    known = (x >= 0) & (x < np.inf) & (size > 0) & (size < np.inf)
    if kind == "proportion":
        known &= x <= size
    least = 2
    if known.sum() < least:
        message = (
            f"{int(known.sum())} of {known.size} units have a value. "
            "Variation is between units: give two or more with a value."
        )
        raise StatisticsError(message)
    return x[known], size[known]
