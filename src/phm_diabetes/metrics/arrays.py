"""What goes into a statistic: float64 arrays, with NaN for a missing number."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from phm_diabetes.errors import StatisticsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray: TypeAlias = NDArray[np.float64]

__all__ = ["as_floats"]


def as_floats(**values: ArrayLike) -> tuple[FloatArray, ...]:
    """Return each argument as a float64 array, and check that they fit together.

    Parameters
    ----------
    **values : array_like
        Numbers under the names that a message should use: lists, NumPy arrays (a masked element is
        missing), pandas Series of any numeric type. ``None``, ``pandas.NA`` and infinite numbers
        become NaN.

    Returns
    -------
    tuple of ndarray of float64
        In the order given. They may be views of what was given, so nothing may write into them.

    Raises
    ------
    StatisticsError
        Where an argument holds something that is not a number, or shapes do not broadcast.

    Examples
    --------
    >>> numerator, denominator = as_floats(numerator=[5, None], denominator=10)
    >>> numerator, denominator
    (array([ 5., nan]), array(10.))
    """
    arrays = tuple(_finite(_floats(name, given)) for name, given in values.items())
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(
            f"{name} {array.shape}" for name, array in zip(values, arrays, strict=True)
        )
        message = (
            f"The arrays do not fit together: {shapes}. "
            "Give arrays of one length, or a single number for all."
        )
        raise StatisticsError(message) from None
    return arrays


def _floats(name: str, given: ArrayLike) -> FloatArray:
    try:
        if isinstance(given, np.ma.MaskedArray):
            return np.ma.filled(given.astype(np.float64), np.nan)
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        return _floats_with_na(name, given)


def _finite(array: FloatArray) -> FloatArray:
    infinite = np.isinf(array)
    return np.where(infinite, np.nan, array) if infinite.any() else array


def _floats_with_na(name: str, given: ArrayLike) -> FloatArray:
    """Turn pandas.NA, which NumPy cannot convert, into NaN; refuse all else that is no number."""
    try:
        # Text is refused even where it reads as a number: a table should hold numbers by now.
        objects = np.asarray(given, dtype=object)
        missing = np.array([_is_missing(element) for element in objects.flat], dtype=bool)
        return np.where(missing.reshape(objects.shape), np.nan, objects).astype(np.float64)
    except (TypeError, ValueError):
        message = (
            f"{name} holds something that is not a number. "
            "Give numbers, with NaN or None where one is missing."
        )
        raise StatisticsError(message) from None


def _is_missing(element: object) -> bool:
    return element is None or type(element).__name__ == "NAType"
