"""Anhøj's two rules for a run chart: an unusually long run, unusually few crossings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.arrays import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["RunSignals", "run_signals"]

_TAIL = 0.05


@frozen(kw_only=True)
class RunSignals:
    """What Anhøj's rules say of a series about a line.

    Parameters
    ----------
    centre
        The line, the median unless another was given.
    useful
        Points not on the line.
    longest_run, longest_run_limit
        Points in the longest run on one side; more than the limit is a signal.
    crossings, crossings_limit
        Times the series crosses the line; fewer than the limit is a signal.
    signal
        Whether either rule fired.

    Examples
    --------
    >>> run_signals([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]).signal
    False
    """

    centre: float
    useful: int
    longest_run: int
    longest_run_limit: int
    crossings: int
    crossings_limit: int
    signal: bool


def run_signals(values: ArrayLike, *, centre: float | None = None) -> RunSignals:
    """Return Anhøj's signals of one series, for when it is too short for process limits.

    Parameters
    ----------
    values : array_like
        One series in order of time; a missing value, or one on the line, is passed over.
    centre : float, optional
        The line; the median of the series when not given.

    Returns
    -------
    RunSignals
        No signal where no point is off the line.

    Raises
    ------
    StatisticsError
        Where the series has more than one axis, no value at all, or is not numeric.

    References
    ----------
    Anhøj J, Olesen AV. Run charts revisited. PLoS ONE 2014;9:e113825, table 1. Chen Z. A note on
    the runs test. Model Assisted Statistics and Applications 2010;5:73-77, equation 7. Schilling
    MF. The surprising predictability of long runs. Mathematics Magazine 2012;85:141-149.

    Examples
    --------
    >>> signals = run_signals([5, 6, 4, 6, 5, 7, 9, 9, 8, 9, 9, 8, 9, 9], centre=6.5)
    >>> signals.longest_run, signals.longest_run_limit, signals.crossings, signals.crossings_limit
    (9, 7, 1, 4)
    """
    (series,) = as_floats(values=values)
    known = series[~np.isnan(series)]
    if series.ndim != 1 or known.size == 0:
        message = (
            f"values has shape {series.shape} and {known.size} known values. "
            "A run chart is of one series with at least one value."
        )
        raise StatisticsError(message)
    line = float(np.median(known)) if centre is None else centre
    above = known[known != line] > line
    changes = np.flatnonzero(np.diff(above)) + 1
    useful = int(above.size)
    longest = int(np.diff(np.concatenate([[0], changes, [useful]])).max()) if useful else 0
    # Rounds half to even, as R does.
    longest_limit = round(float(np.log2(useful))) + 3 if useful else 0
    fewest = _binomial_quantile(useful - 1) if useful else 0
    return RunSignals(
        centre=line,
        useful=useful,
        longest_run=longest,
        longest_run_limit=longest_limit,
        crossings=int(changes.size),
        crossings_limit=fewest,
        signal=longest > longest_limit or changes.size < fewest,
    )


def _binomial_quantile(trials: int) -> int:
    """Return the fewest heads in fair trials with at least a twentieth of the chance up to it."""
    from scipy.special import bdtr

    heads = np.arange(trials + 1)
    return int(np.argmax(bdtr(heads, trials, 0.5) >= _TAIL))
