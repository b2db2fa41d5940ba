"""Stacking: figures written beside their counts, one row a confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.schemas.columns import ESTIMATE_VALUES, IDENTITY, VALUES, dimensions_of
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.schemas.estimates import Estimates

__all__ = ["Figures", "confidence_levels", "floats_of", "stacked"]

_REASONS = tuple(reason.words for reason in Reason)


@frozen(kw_only=True, eq=False)
class Figures:
    """Figures of the rows of a table; the arrays are filled in by :meth:`put`.

    Parameters
    ----------
    value
        One element a row.
    lower, upper
        A leading axis of confidences, then one element a row.
    low, high
        Least and most that each can be, whatever hidden counts are.
    reason
        A :class:`~phm_diabetes.metrics.reasons.Reason` a row.
    method
        Place of each row's method in `methods`.
    methods
        Published names.

    Examples
    --------
    >>> figures = Figures.empty(1, 2)
    >>> one = np.array([0.5])
    >>> figures.put(slice(1), estimate=(one, one - 0.1, one + 0.1), bounds=(one, one),
    ...             reason=np.zeros(1, dtype=np.int8), method="Wilson")
    >>> figures.value
    array([0.5, nan])
    """

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    low: FloatArray
    high: FloatArray
    reason: NDArray[np.int8]
    method: NDArray[np.int8]
    methods: list[str]

    @classmethod
    def empty(cls, confidences: int, size: int) -> Figures:
        """Return figures of so many rows, none of them known yet.

        Parameters
        ----------
        confidences, size
            Number of confidences and of rows.
        """
        return cls(
            value=np.full(size, np.nan),
            lower=np.full((confidences, size), np.nan),
            upper=np.full((confidences, size), np.nan),
            low=np.full(size, np.nan),
            high=np.full(size, np.nan),
            reason=np.zeros(size, dtype=np.int8),
            method=np.zeros(size, dtype=np.int8),
            methods=[],
        )

    def put(
        self,
        rows: NDArray[np.intp] | slice,
        *,
        estimate: tuple[FloatArray, FloatArray, FloatArray],
        bounds: tuple[FloatArray, FloatArray],
        reason: NDArray[np.int8],
        method: str,
    ) -> None:
        """Fill in some rows: value with lower and upper, least and most, reason and method."""
        if method not in self.methods:
            self.methods.append(method)
        self.value[rows], self.lower[:, rows], self.upper[:, rows] = estimate
        self.low[rows], self.high[rows] = bounds
        hidden = np.isin(reason, _MISSING) & np.isfinite(bounds[1])
        self.reason[rows] = np.where(hidden, np.int8(Reason.COUNT_HIDDEN), reason)
        self.method[rows] = self.methods.index(method)


_MISSING = (Reason.COUNT_MISSING, Reason.DENOMINATOR_MISSING, Reason.BAND_MISSING)


def confidence_levels(given: float | Sequence[float]) -> FloatArray:
    """Return the confidences asked for, each once, in order.

    Parameters
    ----------
    given
        One, or several.

    Raises
    ------
    OptionError
        When one is not between 0 and 1, or there is none.

    Examples
    --------
    >>> confidence_levels([0.998, 0.95])
    array([0.95 , 0.998])
    """
    levels = np.atleast_1d(np.asarray(given, dtype=np.float64))
    if levels.ndim != 1 or not len(levels) or not bool(((levels > 0) & (levels < 1)).all()):
        message = f"confidence= is {given}; write 0.95 for 95%, or [0.95, 0.998] for both."
        raise OptionError(message)
    return np.unique(levels)


def floats_of(table: pd.DataFrame, name: str) -> FloatArray:
    """Return a column as float64, NaN where it is empty.

    Examples
    --------
    >>> floats_of(pd.DataFrame({"numerator": pd.array([3, None], dtype="Int64")}), "numerator")
    array([ 3., nan])
    """
    return cast("FloatArray", table[name].to_numpy(dtype="float64", na_value=np.nan))


def stacked(table: pd.DataFrame, figures: Figures, levels: FloatArray) -> DataFrame[Estimates]:
    """Return counts with their figures beside them: all rows at one confidence, then the next.

    Parameters
    ----------
    table
        Checked counts.
    figures
        One element a row of the table.
    levels
        Confidences, as :func:`confidence_levels` gives them.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> counts = counts_from([{
    ...     "dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 5, "denominator": 10,
    ... }])
    >>> len(stacked(counts, Figures.empty(2, 1), confidence_levels([0.95, 0.998])))
    2
    """
    times = len(levels)
    rows = table if times == 1 else pd.concat([table] * times, ignore_index=True)
    columns: dict[str, Any] = {str(name): rows[name] for name in table}
    columns |= {
        "value": np.tile(figures.value, times),
        "lower": figures.lower.ravel(),
        "upper": figures.upper.ravel(),
        "confidence": np.repeat(levels, len(table)),
        "method": worded(np.tile(figures.method, times), figures.methods or ["none"]),
        "value_low": np.tile(figures.low, times),
        "value_high": np.tile(figures.high, times),
        "reason": worded(np.tile(figures.reason, times), _REASONS),
    }
    identity = [name for name in IDENTITY if name in columns]
    order = [*identity, *dimensions_of(table), *VALUES, *ESTIMATE_VALUES]
    joined = pd.DataFrame(
        {name: columns[name] for name in order},
        index=rows.index,
        copy=times == 1,  # of several, all columns are new, and need no second copy
    )
    return cast("DataFrame[Estimates]", joined)
