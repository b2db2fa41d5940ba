"""The worst tenth of units, and who stays there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.arrays import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["in_every_period", "worst_share"]


def worst_share(
    values: ArrayLike, *, higher_is_worse: bool, share: float = 0.1
) -> NDArray[np.bool_]:
    """Return which units are among the worst share of their peers.

    Parameters
    ----------
    values : array_like
        One value per unit along the first axis, one period per column where there are more; NaN
        counts for nothing.
    higher_is_worse : bool
        Which end is the worst.
    share : float
        Share of the units with a value, between 0 and 1.

    Returns
    -------
    ndarray of bool
        True where the units as bad or worse, itself among them, are no more than the share of all.
        Units that tie are in together or out together, so that a tie never makes it more; and of
        fewer than ten units none is in the worst tenth.

    Raises
    ------
    OptionError
        Where the share does not lie between 0 and 1.
    StatisticsError
        Where an argument is not numeric.

    References
    ----------
    OpenPrescribing, alerts: practices in the worst tenth for a number of months, function
    ``worst_performing_in_period`` of its code.

    Examples
    --------
    >>> worst_share(range(20), higher_is_worse=True).nonzero()[0]
    array([18, 19])
    >>> int(worst_share([0] * 17 + [1] * 3, higher_is_worse=True).sum())
    0
    """
    if not 0 < share < 1:
        message = f"share is {share!r}. Pass a share of the units, such as 0.1 for a tenth."
        raise OptionError(message)
    (value,) = as_floats(values=np.atleast_1d(np.asarray(values)))
    badness = value if higher_is_worse else -value
    columns = badness.reshape(len(badness), -1)
    found = np.zeros(columns.shape, dtype=bool)
    for number, column in enumerate(columns.T):
        known = column[~np.isnan(column)]
        as_bad = known.size - np.searchsorted(np.sort(known), column, side="left")
        # 0.1 of 30 units are 3, whatever binary fractions say.
        found[:, number] = (as_bad <= share * known.size * (1 + 1e-12)) & ~np.isnan(column)
    return found.reshape(badness.shape)


def in_every_period(flags: ArrayLike, *, periods: int) -> NDArray[np.bool_]:
    """Return which units are flagged now and in each period before, for a number of periods.

    Parameters
    ----------
    flags : array_like of bool
        Flags with periods along the last axis, in order of time, none left out.
    periods : int
        Periods in a row.

    Returns
    -------
    ndarray of bool
        Of the shape of `flags`: True from the last period of each such row on, while it lasts. A
        period in which nothing is known counts as not flagged.

    Raises
    ------
    OptionError
        Where `periods` is below 1.

    Examples
    --------
    >>> in_every_period([[1, 1, 1, 0], [0, 1, 1, 1]], periods=3)
    array([[False, False,  True, False],
           [False, False, False,  True]])
    """
    if periods < 1:
        message = f"periods is {periods!r}. Pass the number of periods in a row, 1 or more."
        raise OptionError(message)
    flagged = np.asarray(flags, dtype=bool)
    lasting = np.zeros(flagged.shape, dtype=bool)
    if flagged.shape[-1] >= periods:
        windows = np.lib.stride_tricks.sliding_window_view(flagged, periods, axis=-1)
        lasting[..., periods - 1 :] = windows.all(-1)
    return lasting
