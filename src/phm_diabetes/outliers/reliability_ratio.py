"""Reliability: what share of the differences between units is real, and may they be ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.outliers.heterogeneity import dersimonian_laird
from phm_diabetes.outliers.scales import standard_error
from phm_diabetes.outliers.variation import units_with_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.scales import Kind

__all__ = [
    "ENOUGH_TO_RANK",
    "Reliability",
    "measure_reliability",
    "size_needed",
    "spearman_brown",
    "unit_reliability",
]

ENOUGH_TO_RANK = 0.7
"""Reliability below which units are not ranked."""


@frozen(kw_only=True)
class Reliability:
    """How much of a measure's differences between units is real.

    Parameters
    ----------
    value
        Share of the variance between units' values that is real, 0 to 1.
    tau2
        Variance of the units' true values.
    size_needed
        Denominator at which a unit's own reliability is 0.7; infinite where nothing is real.
    n_units
        Units with a value.
    n_reliable
        Units whose own reliability is 0.7 or more.

    Examples
    --------
    >>> print(Reliability(value=0.41, tau2=0.001, size_needed=900.0, n_units=43, n_reliable=2))
    Reliability 0.41, below 0.7: do not rank. 2 of 43 units reach 0.7; a denominator of 900 would.
    """

    value: float
    tau2: float
    size_needed: float
    n_units: int
    n_reliable: int

    @property
    def may_be_ranked(self) -> bool:
        """Whether the measure reaches 0.7."""
        return self.value >= ENOUGH_TO_RANK

    def __str__(self) -> str:
        """Say whether units may be ranked, and what it would take."""
        verdict = "" if self.may_be_ranked else f", below {ENOUGH_TO_RANK}: do not rank"
        takes = (
            f"a denominator of {np.ceil(self.size_needed):,.0f} would"
            if np.isfinite(self.size_needed)
            else "no size would, since no real difference was found"
        )
        return (
            f"Reliability {self.value:.2f}{verdict}. {self.n_reliable:,} of {self.n_units:,} units "
            f"reach {ENOUGH_TO_RANK}; {takes}."
        )


def unit_reliability(tau2: ArrayLike, sampling_variance: ArrayLike) -> FloatArray:
    """Return the share of each unit's variance that is real.

    Parameters
    ----------
    tau2 : array_like
        Variance of the units' true values, 0 or more.
    sampling_variance : array_like
        Each unit's variance by chance.

    Returns
    -------
    ndarray of float64
        ``τ² / (τ² + s²)``, 0 to 1; NaN where both are 0.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Abel G, Saunders CL, Mendonca SC and others. Variation and statistical reliability of publicly
    reported primary care diagnostic activity indicators for cancer. BMJ Quality and Safety
    2018;27:21-30; it is a definition, a share of variance.

    Examples
    --------
    >>> unit_reliability(0.02, [0.02, 0.005])
    array([0.5, 0.8])
    """
    real, chance = as_floats(tau2=tau2, sampling_variance=sampling_variance)
    with np.errstate(invalid="ignore"):
        share: FloatArray = real / (real + chance)
    return share


def spearman_brown(reliability: ArrayLike, times: ArrayLike) -> FloatArray:
    """Return the reliability that several times as much data would have.

    Parameters
    ----------
    reliability : array_like
        Reliability now, 0 to 1.
    times : array_like
        How many times as large the denominator would be.

    Returns
    -------
    ndarray of float64
        ``k r / (1 + (k - 1) r)``.

    Raises
    ------
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    Spearman C. Correlation calculated from faulty data. British Journal of Psychology
    1910;3:271-295. Brown W. British Journal of Psychology 1910;3:296-322. Ours from there: so many
    times the data divide the variance by chance by as much.

    Examples
    --------
    >>> spearman_brown(0.5, [1, 4]).round(2)
    array([0.5, 0.8])
    """
    r, k = as_floats(reliability=reliability, times=times)
    return k * r / (1 + (k - 1) * r)


def size_needed(
    reliability: ArrayLike, denominator: ArrayLike, *, target: float = ENOUGH_TO_RANK
) -> FloatArray:
    """Return the denominator at which a unit would reach a reliability.

    Parameters
    ----------
    reliability : array_like
        The unit's reliability now, 0 to 1.
    denominator : array_like
        Its denominator now.
    target : float
        Reliability wanted, between 0 and 1.

    Returns
    -------
    ndarray of float64
        ``n target (1 - r) / (r (1 - target))``, the Spearman-Brown formula turned round; infinite
        where the reliability is 0.

    Raises
    ------
    OptionError
        Where the target does not lie between 0 and 1.
    StatisticsError
        Where an argument is not numeric.

    Examples
    --------
    >>> size_needed([0.7, 0.35], 300).round()
    array([ 300., 1300.])
    """
    if not 0 < target < 1:
        message = f"target is {target!r}. Pass a reliability between 0 and 1, such as 0.7."
        raise OptionError(message)
    r, n = as_floats(reliability=reliability, denominator=denominator)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed: FloatArray = n * target * (1 - r) / (r * (1 - target))
    return needed


def measure_reliability(numerator: ArrayLike, denominator: ArrayLike, *, kind: Kind) -> Reliability:
    """Return how reliably a measure tells units apart.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts, one element per unit; a unit with a missing or impossible count counts for nothing.
    kind : {"proportion", "rate"}
        Binomial or Poisson counts.

    Returns
    -------
    Reliability
        Its value is τ² over τ² and the mean sampling variance; 0 where no difference is real.

    Raises
    ------
    StatisticsError
        Where fewer than two units have a value, or an argument is not numeric.
    OptionError
        Where there is no such kind.

    References
    ----------
    Abel G and others. BMJ Quality and Safety 2018;27:21-30; it is a definition, a share of
    variance. DerSimonian R, Laird N. Controlled Clinical Trials 1986;7:177-188; equation 6 of
    DerSimonian R, Kacker R. Contemporary Clinical Trials 2007;28:105-114, with weights 1/s².

    Examples
    --------
    >>> print(measure_reliability([50, 60, 70, 80], 100, kind="proportion"))
    Reliability 0.86. 4 of 4 units reach 0.7; a denominator of 37 would.
    """
    x, size = units_with_values(numerator, denominator, kind=kind)
    centre = float(x.sum() / size.sum())
    variance = np.square(standard_error(size, centre=centre, kind=kind, scale="natural"))
    tau2 = dersimonian_laird(x / size, variance).tau2 if variance.min() > 0 else 0.0
    mean = float(variance.mean())
    each = unit_reliability(tau2, variance)
    one_person = size[0] * variance[0]  # the variance of a unit of one
    return Reliability(
        value=tau2 / (tau2 + mean) if tau2 > 0 else 0.0,
        tau2=tau2,
        size_needed=float(
            size_needed(unit_reliability(tau2, one_person), 1.0) if tau2 > 0 else np.inf
        ),
        n_units=size.size,
        n_reliable=int(np.count_nonzero(each >= ENOUGH_TO_RANK)),
    )
