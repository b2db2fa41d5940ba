"""Fifths and tenths of areas by deprivation, with ties kept together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.metrics.arrays import as_floats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["deprivation_quantile"]


def deprivation_quantile(
    value: ArrayLike,
    *,
    groups: int,
    most_deprived: Literal["highest", "lowest"],
    within: ArrayLike | None = None,
) -> FloatArray:
    """Return the quantile of each area, 1 for the most deprived.

    Parameters
    ----------
    value : array_like
        Deprivation score or rank of each area, one-dimensional; NaN where not known.
    groups : int
        5 for fifths, 10 for tenths.
    most_deprived : {'highest', 'lowest'}
        Which values are the most deprived: the highest for an IMD score, the lowest for an IMD
        rank. There is no default, since the wrong one turns every result round.
    within : array_like, optional
        A label for each area; each label gets its own (local) quantiles. Left out, all areas are
        ranked together (national quantiles).

    Returns
    -------
    ndarray of float64
        1 to `groups`; NaN where the value is missing, and where there are fewer areas with a value
        than groups. Areas with equal values share a quantile, so quantiles may differ in size.

    Raises
    ------
    OptionError
        Where `groups` is under 2, or `most_deprived` is neither word.
    StatisticsError
        Where `value` is not numeric, not one-dimensional, or `within` has another length.

    Notes
    -----
    With n areas, r the lowest rank among equals and k groups: quantile = max(1, k + 1 -
    ⌈(n + 1 - r)·k / n⌉). A practice's own quantile is not that of its patients.

    References
    ----------
    PHE, Technical guide: assigning deprivation categories; 2017, as function ``phe_quantile`` of
    PHEindicatormethods computes it.

    Examples
    --------
    >>> deprivation_quantile([40.1, 8.2, 25.0, 12.3, 33.3], groups=5, most_deprived="highest")
    array([1., 5., 3., 4., 2.])
    """
    key, label = _checked(value, groups, most_deprived, within)
    known = ~np.isnan(key)
    quantile = np.full(key.shape, np.nan)
    if not known.any():
        return quantile
    key, label = key[known], label[known]
    order = np.argsort(key)
    order = order[np.argsort(label[order], kind="stable")]
    ordered_key, ordered_label = key[order], label[order]
    place = np.arange(order.size)
    starts = np.concatenate(([True], ordered_label[1:] != ordered_label[:-1]))
    changes = starts | np.concatenate(([True], ordered_key[1:] != ordered_key[:-1]))
    rank = _latest(place, changes) - _latest(place, starts) + 1
    areas = np.bincount(ordered_label)[ordered_label]
    # Whole numbers throughout: a rounded division would put areas on the edge in the wrong group.
    ceiling = -(-(areas + 1 - rank) * groups // areas)
    found = np.where(areas >= groups, np.maximum(groups + 1 - ceiling, 1), np.nan)
    back = np.empty(order.size)
    back[order] = found
    quantile[known] = back
    return quantile


def _checked(
    value: ArrayLike, groups: int, most_deprived: str, within: ArrayLike | None
) -> tuple[FloatArray, NDArray[np.intp]]:
    """Return a key that rises from most to least deprived, and a whole number for each label."""
    if most_deprived not in {"highest", "lowest"}:
        message = (
            f"most_deprived is {most_deprived!r}. Pass 'highest' for an IMD score, 'lowest' for "
            "an IMD rank (1 is the most deprived)."
        )
        raise OptionError(message)
    if groups < 2:  # noqa: PLR2004
        message = f"groups is {groups}. Areas are put into at least 2 groups: 5 for fifths."
        raise OptionError(message)
    (x,) = as_floats(value=value)
    if within is None:
        labels: NDArray[np.intp] = np.zeros(x.shape, dtype=np.intp)
    else:
        labels = np.unique(np.asarray(within), return_inverse=True)[1].reshape(-1)
    if x.ndim != 1 or labels.shape != x.shape:
        message = (
            f"value has shape {x.shape} and within {labels.shape}. Give one value for each area, "
            "and one label for each area where quantiles are local."
        )
        raise StatisticsError(message)
    return (-x if most_deprived == "highest" else x), labels


def _latest(place: NDArray[np.intp], begins: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return for each place the latest place at or before it where something begins."""
    return np.maximum.accumulate(np.where(begins, place, 0))
