"""Sides: the counts of each unit and of its comparator, with what hiding leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from attrs import evolve, frozen

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["CountRange", "Ranges", "Sides", "sides_of"]


@frozen(kw_only=True, eq=False)
class Sides:
    """Counts of the units and of what each is compared with, one element a row.

    Parameters
    ----------
    numerator, denominator, squares
        Of the unit; NaN where not known.
    other_numerator, other_denominator, other_squares
        Of its comparator: without the unit, unless `fixed`.
    fixed
        Whether the comparator is taken as known, as Fingertips takes England.

    Examples
    --------
    >>> sides = Sides(
    ...     numerator=np.array([40.0]), denominator=np.array([100.0]), squares=np.array([np.nan]),
    ...     other_numerator=np.array([500.0]), other_denominator=np.array([1000.0]),
    ...     other_squares=np.array([np.nan]), fixed=True,
    ... )
    >>> sides.rows(np.array([0])).numerator
    array([40.])
    """

    numerator: FloatArray
    denominator: FloatArray
    squares: FloatArray
    other_numerator: FloatArray
    other_denominator: FloatArray
    other_squares: FloatArray
    fixed: bool

    def rows(self, chosen: NDArray[np.intp]) -> Sides:
        """Return the sides of some rows."""
        return Sides(
            numerator=self.numerator[chosen],
            denominator=self.denominator[chosen],
            squares=self.squares[chosen],
            other_numerator=self.other_numerator[chosen],
            other_denominator=self.other_denominator[chosen],
            other_squares=self.other_squares[chosen],
            fixed=self.fixed,
        )

    def with_counts(
        self, numerator: FloatArray, denominator: FloatArray, other: tuple[FloatArray, FloatArray]
    ) -> Sides:
        """Return the same sides with other counts."""
        return evolve(
            self,
            numerator=numerator,
            denominator=denominator,
            other_numerator=other[0],
            other_denominator=other[1],
        )


@frozen(kw_only=True, eq=False)
class CountRange:
    """Hard bounds of one count a row, and the variance that rounding adds.

    Parameters
    ----------
    low, high
        Least and most it can be; NaN where not known.
    variance
        Of the true count, given what was published; 0 where exact.

    Examples
    --------
    >>> five = CountRange(low=np.array([1.0]), high=np.array([7.0]), variance=np.array([4.0]))
    >>> five.at(uniform=0.99, normal=0)
    array([7.])
    """

    low: FloatArray
    high: FloatArray
    variance: FloatArray

    def rows(self, chosen: NDArray[np.intp]) -> CountRange:
        """Return the ranges of some rows."""
        return CountRange(
            low=self.low[chosen], high=self.high[chosen], variance=self.variance[chosen]
        )

    def at(self, uniform: float | FloatArray, normal: float | FloatArray) -> FloatArray:
        """Return the true counts at one draw from what they may be; draws broadcast.

        One rounded count is uniform over the whole numbers of its range. A sum of many is
        normal about the middle with the sum of their variances, kept inside the hard bounds.

        Parameters
        ----------
        uniform, normal
            A draw from the uniform distribution on 0 to 1, and one from the standard normal.
        """
        width = self.high - self.low + 1
        single = np.isclose(self.variance, (width * width - 1) / 12)
        centre, spread = (self.low + self.high) / 2, np.sqrt(self.variance)
        summed = np.clip(np.rint(centre + normal * spread), self.low, self.high)
        return np.where(single, self.low + np.floor(uniform * width), summed)


@frozen(kw_only=True, eq=False)
class Ranges:
    """Hard bounds of the unit's two counts and of its comparator's two.

    Examples
    --------
    >>> exact = CountRange(low=np.array([5.0]), high=np.array([5.0]), variance=np.array([0.0]))
    >>> len(Ranges(numerator=exact, denominator=exact, other_numerator=exact,
    ...            other_denominator=exact).parts)
    4
    """

    numerator: CountRange
    denominator: CountRange
    other_numerator: CountRange
    other_denominator: CountRange

    @property
    def parts(self) -> tuple[CountRange, CountRange, CountRange, CountRange]:
        """The four, in that order."""
        return self.numerator, self.denominator, self.other_numerator, self.other_denominator

    def rows(self, chosen: NDArray[np.intp]) -> Ranges:
        """Return the ranges of some rows."""
        numerator, denominator, other_numerator, other_denominator = (
            each.rows(chosen) for each in self.parts
        )
        return Ranges(
            numerator=numerator,
            denominator=denominator,
            other_numerator=other_numerator,
            other_denominator=other_denominator,
        )


def sides_of(
    table: pd.DataFrame,
    counts: pd.DataFrame,
    spot: NDArray[np.intp],
    member: NDArray[np.bool_],
    *,
    fixed: bool,
) -> tuple[Sides, Ranges]:
    """Return both sides of each row, the unit taken out of a comparator that holds it.

    Parameters
    ----------
    table
        Estimates, shape ``(n, k)``.
    counts
        Comparators.
    spot
        Row of each unit's comparator, shape ``(n,)``.
    member
        Whether the unit is to be taken out, shape ``(n,)``.
    fixed
        Whether the comparator is taken as known.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.review", "definition": "local:1",
    ...     "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> unit = counts_from([{**row, "org_level": "practice", "org_code": "X99001",
    ...                      "numerator": 40, "denominator": 100}])
    >>> icb = counts_from([{**row, "org_level": "icb", "org_code": "QZZ",
    ...                     "numerator": 500, "denominator": 1000}])
    >>> sides, _ = sides_of(unit, icb, np.array([0]), np.array([True]), fixed=False)
    >>> sides.other_numerator
    array([460.])
    """
    names = ("numerator", "denominator", "numerator_ss")
    own = [_floats(table, name) for name in names]
    theirs = [_floats(counts, name)[spot] for name in names]
    others = [
        np.where(member, all_of - mine, all_of) for all_of, mine in zip(theirs, own, strict=True)
    ]
    sides = Sides(
        numerator=own[0],
        denominator=own[1],
        squares=own[2],
        other_numerator=others[0],
        other_denominator=others[1],
        other_squares=others[2],
        fixed=fixed,
    )
    published = (counts["basis"] == "published").to_numpy()[spot]
    mine = [_range(table, part) for part in names[:2]]
    whole = [_range(counts, part).rows(spot) for part in names[:2]]
    rest = [
        _without(all_of, part, member, published) for all_of, part in zip(whole, mine, strict=True)
    ]
    return sides, Ranges(
        numerator=mine[0],
        denominator=mine[1],
        other_numerator=rest[0],
        other_denominator=rest[1],
    )


def _floats(table: pd.DataFrame, name: str) -> FloatArray:
    return cast("FloatArray", table[name].to_numpy(dtype="float64", na_value=np.nan))


def _range(table: pd.DataFrame, part: str) -> CountRange:
    low, high, variance = (_floats(table, f"{part}_{end}") for end in ("low", "high", "variance"))
    return CountRange(low=low, high=high, variance=variance)


def _without(
    whole: CountRange, part: CountRange, member: NDArray[np.bool_], published: NDArray[np.bool_]
) -> CountRange:
    """Range of the rest: a sum loses the unit's own range, a published total any of it."""
    low = whole.low - np.where(published, part.high, part.low)
    high = whole.high - np.where(published, part.low, part.high)
    variance = whole.variance + np.where(published, part.variance, -part.variance)
    return CountRange(
        low=np.where(member, np.maximum(low, 0), whole.low),
        high=np.where(member, high, whole.high),
        variance=np.where(member, np.maximum(variance, 0), whole.variance),
    )
