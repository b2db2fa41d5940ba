"""Over-dispersion: how much more units differ than chance allows, by a named recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from attrs import field, frozen, validators

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.outliers.dispersion import dispersion_ratio, trim, winsorise
from phm_diabetes.outliers.heterogeneity import between_variance
from phm_diabetes.outliers.scales import (
    SCALES,
    distance_from_centre,
    in_errors,
    standard_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.scales import Kind, Scale

    Model: TypeAlias = Literal["multiplicative", "additive"]
    Extremes: TypeAlias = Literal["winsorise", "trim", "keep"]

__all__ = ["CQC", "LEAST_UNITS", "SHMI", "Overdispersion", "Recipe", "estimate_overdispersion"]

LEAST_UNITS = 20
"""Fewest units from which over-dispersion is estimated."""


@frozen(kw_only=True)
class Recipe:
    """How over-dispersion is estimated and allowed for; every choice stands in the output.

    Parameters
    ----------
    name
        What the output calls it.
    model
        ``"multiplicative"`` widens every limit by the same factor √φ; ``"additive"`` adds the
        variance τ² of the units' true values, so large units' limits widen most.
    scale
        Scale of the scores: ``"natural"``, ``"log"``, ``"square_root"`` or ``"arcsine"``.
    extremes
        What is done with the lowest and the highest scores before their spread is taken, so that
        outliers do not hide themselves: ``"winsorise"``, ``"trim"`` or ``"keep"``.
    share
        Share of the units at each end.

    Raises
    ------
    ValueError
        When a choice is none of those named.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, section 5. Spiegelhalter DJ. Handling over-dispersion of performance
    indicators. Quality and Safety in Health Care 2005;14:347-351.

    Examples
    --------
    >>> print(Recipe(name="ours", model="additive", scale="arcsine"))
    ours: additive, arcsine scale, winsorise 10% at each end
    """

    name: str
    model: Model = field(validator=validators.in_(("multiplicative", "additive")))
    scale: Scale = field(validator=validators.in_(SCALES))
    extremes: Extremes = field(
        default="winsorise", validator=validators.in_(("winsorise", "trim", "keep"))
    )
    share: float = field(default=0.1, validator=[validators.ge(0), validators.lt(0.5)])

    def __str__(self) -> str:
        """Say the recipe in one line."""
        words = self.scale.replace("_", " ")
        ends = f" {100 * self.share:g}% at each end" if self.extremes != "keep" else " the extremes"
        return f"{self.name}: {self.model}, {words} scale, {self.extremes}{ends}"


SHMI = Recipe(name="SHMI", model="additive", scale="log", extremes="trim")
"""NHS England's recipe for the Summary Hospital-level Mortality Indicator."""

CQC = Recipe(name="CQC", model="additive", scale="square_root", extremes="winsorise")
"""The Care Quality Commission's recipe for standardised ratios."""


@frozen(kw_only=True)
class Overdispersion:
    """How much more the units of a reference set differ than chance allows.

    Parameters
    ----------
    recipe
        How it was estimated.
    reference
        The set of units, in words, such as ``"England's practices"``.
    kind
        ``"proportion"`` or ``"rate"``.
    centre
        Value about which the units' scores were taken.
    phi
        φ, mean square of the scores, 1 or more.
    tau2
        τ², variance of the units' true values on the recipe's scale, 0 or more.
    n_units
        Units with a score.
    n_kept
        Units left once the extremes were trimmed.
    n_zero
        Units with a count of none.

    Examples
    --------
    >>> found = Overdispersion(
    ...     recipe=SHMI, reference="all trusts", kind="rate", centre=1.0,
    ...     phi=8.53, tau2=0.0284, n_units=54, n_kept=43, n_zero=0,
    ... )
    >>> print(found)
    Over-dispersion of all trusts (54 units; SHMI: additive, log scale, trim 10% at each end): \
    φ 8.53, τ² 0.0284. Limits widened by it also absorb poor care that is shared.
    """

    recipe: Recipe
    reference: str
    kind: Kind
    centre: float
    phi: float = field(validator=validators.ge(1))
    tau2: float = field(validator=validators.ge(0))
    n_units: int
    n_kept: int
    n_zero: int

    @property
    def caveat(self) -> str:
        """What every output that uses it must say."""
        return "Limits widened by it also absorb poor care that is shared."

    def __str__(self) -> str:
        """Say what was found, from what, and what to mind."""
        return (
            f"Over-dispersion of {self.reference} ({self.n_units:,} units; {self.recipe}): "
            f"φ {self.phi:.3g}, τ² {self.tau2:.3g}. {self.caveat}"
        )


def estimate_overdispersion(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    kind: Kind,
    recipe: Recipe,
    reference: str,
    centre: float | None = None,
) -> Overdispersion:
    """Return the over-dispersion of a reference set of units.

    Parameters
    ----------
    numerator, denominator : array_like
        Counts of the reference set, one element per unit. A unit with a missing or impossible count
        counts for nothing.
    kind : {"proportion", "rate"}
        Binomial or Poisson counts.
    recipe : Recipe
        `SHMI`, `CQC` or your own.
    reference : str
        The set of units, in words; it stands in every output.
    centre : float, optional
        Value about which scores are taken: all numerators over all denominators when not given, 1
        for a ratio of observed to expected.

    Returns
    -------
    Overdispersion
        φ is never below 1, and τ² never below 0: limits are never drawn closer than chance allows.

    Raises
    ------
    StatisticsError
        Where fewer than `LEAST_UNITS` units have a score, or an argument is not numeric.
    OptionError
        Where the kind has no such scale, or the centre lies outside what the kind can be.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202, section 5: equations 4, 6, 8 and 10. Spiegelhalter DJ. Handling
    over-dispersion of performance indicators. Quality and Safety in Health Care 2005;14:347-351.
    Spiegelhalter DJ and others. Statistical methods for healthcare regulation. JRSS A
    2012;175:1-47.

    Examples
    --------
    >>> found = estimate_overdispersion(
    ...     [70, 130] * 10, 1000, kind="proportion", reference="twenty practices",
    ...     recipe=Recipe(name="plain", model="multiplicative", scale="natural", extremes="keep"),
    ... )
    >>> round(found.phi, 6), round(found.tau2, 9)
    (10.0, 0.000857368)
    """
    x, size = np.broadcast_arrays(*as_floats(numerator=numerator, denominator=denominator))
    middle = _pooled(x, size, kind) if centre is None else centre
    distance = distance_from_centre(x, size, centre=middle, kind=kind, scale=recipe.scale)
    errors = standard_error(size, centre=middle, kind=kind, scale=recipe.scale)
    z = in_errors(distance, errors)
    n_units = int(np.count_nonzero(~np.isnan(z)))
    if n_units < LEAST_UNITS:
        message = (
            f"Over-dispersion needs {LEAST_UNITS} units, and {n_units} of {reference} have a value."
            " Estimate it from a larger reference set, such as England's practices, or go without."
        )
        raise StatisticsError(message)
    held = _EXTREMES[recipe.extremes](z, recipe.share)
    kept = ~np.isnan(held)
    phi = dispersion_ratio(held)
    sound = bool(errors[kept].min() > 0)  # no room for chance: a centre of 0, or of 100%
    tau2 = between_variance(kept.sum() * phi, np.square(errors[kept])) if sound else 0.0
    return Overdispersion(
        recipe=recipe,
        reference=reference,
        kind=kind,
        centre=float(middle),
        phi=max(1.0, phi),
        tau2=tau2,
        n_units=n_units,
        n_kept=int(kept.sum()),
        n_zero=int(np.count_nonzero((x == 0) & ~np.isnan(z))),
    )


_EXTREMES: dict[str, Callable[[FloatArray, float], FloatArray]] = {
    "winsorise": lambda z, share: winsorise(z, share=share),
    "trim": lambda z, share: trim(z, share=share),
    "keep": lambda z, _: z,
}


def _pooled(x: FloatArray, size: FloatArray, kind: Kind) -> float:
    """Return all numerators over all denominators of the units that have both."""
    sound = (x >= 0) & (x < np.inf) & (size > 0) & (size < np.inf)
    if kind == "proportion":
        sound &= x <= size
    if not sound.any():
        message = "No unit has both a numerator and a denominator above zero. Check the counts."
        raise StatisticsError(message)
    return float(x[sound].sum() / size[sound].sum())
