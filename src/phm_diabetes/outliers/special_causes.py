"""NHS Making Data Count's rules together, and in words, at every point of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from phm_diabetes.metrics.arrays import as_floats
from phm_diabetes.outliers.control_limits import ControlLimits, segments
from phm_diabetes.outliers.spc_rules import RUN, beyond_limits, one_side, trend, two_of_three

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["RULES", "SpecialCauses", "find_special_causes"]

RULES = (
    "above the upper limit",
    "below the lower limit",
    f"{RUN} points rising",
    f"{RUN} points falling",
    "2 of 3 points near the upper limit",
    "2 of 3 points near the lower limit",
    f"{RUN} points above the mean",
    f"{RUN} points below the mean",
)
"""The rules in words. The first that fired at a point is the one a chart colours it by."""


@frozen(kw_only=True, eq=False)
class SpecialCauses:
    """Which rules fired at which points.

    Parameters
    ----------
    fired
        ndarray of bool, shape (8, …): one layer for each of `RULES`, in their order, over the shape
        of the series.

    Examples
    --------
    >>> from phm_diabetes.outliers.control_limits import moving_range_limits
    >>> series = [5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 12]
    >>> causes = find_special_causes(series, moving_range_limits(series))
    >>> causes.words[-1], int(causes.direction[-1])
    ('above the upper limit', 1)
    """

    fired: NDArray[np.bool_] = field(repr=False)

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """Whether any rule fired at the point."""
        return np.asarray(self.fired.any(axis=0))

    @property
    def direction(self) -> NDArray[np.int8]:
        """1 where the first rule that fired points up, -1 where down, 0 where none fired."""
        signs = np.where(np.argmax(self.fired, axis=0) % 2 == 0, 1, -1)
        return np.where(self.flagged, signs, 0).astype(np.int8)

    @property
    def words(self) -> NDArray[np.object_]:
        """Every rule that fired at the point, first to last, joined by semicolons; or ``""``."""
        weights = 1 << np.arange(len(RULES))
        codes, place = np.unique(np.tensordot(weights, self.fired, axes=1), return_inverse=True)
        phrases = np.empty(codes.size, dtype=object)
        for index, code in enumerate(codes):
            phrases[index] = "; ".join(
                rule for bit, rule in enumerate(RULES) if int(code) >> bit & 1
            )
        return phrases[place.reshape(self.fired.shape[1:])]


def find_special_causes(
    values: ArrayLike, limits: ControlLimits, *, rebase: Sequence[int] = ()
) -> SpecialCauses:
    """Return the rules of NHS Making Data Count that fire at each point.

    Parameters
    ----------
    values : array_like
        Series along the last axis, in order of time; NaN where a value is missing.
    limits : ControlLimits
        Lines of the series, of its shape.
    rebase : sequence of int
        The indices at which `limits` were worked out afresh: no run or trend crosses one.

    Returns
    -------
    SpecialCauses
        A point of a run, a trend or a close pair is named wherever in it the point stands. No rule
        fires at a missing point, and none that needs limits where there are none.

    Raises
    ------
    OptionError
        Where an index of `rebase` is not inside the series, or they do not increase.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    NHS England. Making Data Count: strengthening your decisions; 2019, in the functions of
    ``R/ptd_calculate_point_type.R`` of NHSRplotthedots 0.2, which also decide what is left open
    there: a point on the mean ends a run, a tie ends a trend, and a point beyond a limit is none of
    two in three near it.

    Examples
    --------
    >>> from phm_diabetes.outliers.control_limits import moving_range_limits
    >>> series = [5, 9, 4, 9, 4, 5, 6, 7, 8, 9, 10, 5]
    >>> causes = find_special_causes(series, moving_range_limits(series))
    >>> [str(words) for words in causes.words[9:]]
    ['7 points rising', '7 points rising', '']
    """
    (value,) = as_floats(values=np.atleast_1d(np.asarray(values)))
    fired = np.zeros((len(RULES), *value.shape), dtype=bool)
    for stretch in segments(value.shape[-1], rebase):
        part = value[..., stretch]
        lines = ControlLimits(*(np.broadcast_to(a, value.shape)[..., stretch] for a in limits))
        outside = beyond_limits(part, lines.lower, lines.upper)
        fired[0:2, ..., stretch] = np.stack([outside > 0, outside < 0])
        fired[2:4, ..., stretch] = trend(part)
        fired[4:6, ..., stretch] = two_of_three(part, lines)
        fired[6:8, ..., stretch] = one_side(part, lines.centre)
    return SpecialCauses(fired=fired)
