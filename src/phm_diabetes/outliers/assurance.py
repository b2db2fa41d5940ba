"""Whether a process that goes on as it is will meet its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.metrics.arrays import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["target_assurance"]


def target_assurance(
    lower: ArrayLike, upper: ArrayLike, *, target: ArrayLike, higher_is_better: bool
) -> NDArray[np.object_]:
    """Return whether a process that goes on as it is will meet a target.

    Parameters
    ----------
    lower, upper : array_like
        Process limits at the latest point, one element per series.
    target : array_like
        Target, in the series' own unit.
    higher_is_better : bool
        Whether the target is met by being above it. A measure with no better direction has no
        assurance: do not ask.

    Returns
    -------
    ndarray of str
        ``"will"`` (both limits beyond the target on its good side), ``"won't"`` (both on the bad
        side), ``"inconsistent"`` (the target is between the limits, or on one), ``"cannot tell"``
        (no limits, or no target).

    Raises
    ------
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    NHS England. Making Data Count: strengthening your decisions; 2019, assurance icons, as function
    ``ptd_calculate_assurance_type`` of NHSRplotthedots computes them.

    Examples
    --------
    >>> print(*target_assurance([60, 75, 81], [75, 90, 95], target=80, higher_is_better=True))
    won't inconsistent will
    """
    low, high, aim = np.broadcast_arrays(*as_floats(lower=lower, upper=upper, target=target))
    above, below = (low > aim), (high < aim)
    will, wont = (above, below) if higher_is_better else (below, above)
    known = ~(np.isnan(low) | np.isnan(high) | np.isnan(aim))
    answer = np.full(low.shape, "inconsistent", dtype=object)
    answer[will], answer[wont], answer[~known] = "will", "won't", "cannot tell"
    return answer
