"""Pools: the practices that a practice's value is pooled with, were none to differ in its Place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import GeographyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.drilled import Drill

__all__ = ["places_of", "pooled_values"]


def places_of(drill: Drill, codes: Sequence[str]) -> NDArray[np.str_]:
    """Return the Place of each practice; blank where it has none, or the geography has no Places.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="point", england="sum_of_practices")
    >>> places_of(found, ["Y99001", "X99999"]).tolist()
    ['planted_dudley', '']
    """
    try:
        placed = drill.geo.placements(drill.counts, to="place", as_at=drill.options["as_at"])  # type: ignore[arg-type]
    except GeographyError:
        return np.full(len(codes), "")
    placed = placed[placed["status"] == "placed"].sort_values("parent_code")
    own = dict(zip(placed["org_code"].astype(str), placed["parent_code"].astype(str), strict=True))
    return np.array([own.get(code, "") for code in codes], dtype=np.str_)


def pooled_values(
    numerator: FloatArray,
    denominator: FloatArray,
    asked: NDArray[np.bool_],
    places: NDArray[np.str_],
) -> FloatArray:
    """Return each practice's value if it were that of its Place.

    Parameters
    ----------
    numerator, denominator
        Shape ``(P, M)``; what is missing or hidden is left out of the sums.
    asked
        Practices in question, shape ``(P,)``: where a Place has any, they alone are pooled.
    places
        Shape ``(P,)``.

    Returns
    -------
    ndarray, shape (P, M)

    Examples
    --------
    >>> import numpy as np
    >>> x, n = np.array([[10.0], [30.0], [50.0]]), np.full((3, 1), 100.0)
    >>> pooled_values(x, n, np.ones(3, dtype=bool), np.array(["a", "a", "b"])).ravel()
    array([0.2, 0.2, 0.5])
    """
    value = np.full(numerator.shape, np.nan)
    known = np.isfinite(numerator) & (denominator > 0)
    for place in pd.unique(places):
        here = places == place
        pool = (here & asked) if (here & asked).any() else here
        used = known & pool[:, np.newaxis]
        with np.errstate(divide="ignore", invalid="ignore"):
            value[here] = np.where(used, numerator, 0).sum(0) / np.where(used, denominator, 0).sum(
                0
            )
    return value
