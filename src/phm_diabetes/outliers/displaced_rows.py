"""Displaced rows: figures that do not represent their Place are compared only for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from phm_diabetes.errors import NotRepresentativeError, OptionError
from phm_diabetes.rolling_up import day_of

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.geography import Geography
    from phm_diabetes.model.displaced import Displaced

__all__ = ["displaced_caveats"]

_HALF = 0.5


def displaced_caveats(
    table: pd.DataFrame, geo: Geography | None, as_at: str | date, allowed: str | None
) -> NDArray[np.object_]:
    """Return what must be said beside each row; blank where its source represents it.

    Parameters
    ----------
    table
        Estimates.
    geo
        Who belongs to whom, with its stamps.
    as_at
        Whose memberships.
    allowed
        The reason that allows such rows to be compared.

    Raises
    ------
    NotRepresentativeError
        When a row bears a stamp and no reason is given.
    OptionError
        When the reason is blank.

    Examples
    --------
    >>> import pandas as pd
    >>> displaced_caveats(pd.DataFrame({"measure": ["a", "b"]}), None, "today", None).tolist()
    ['', '']
    """
    if allowed is not None and not allowed.strip():
        message = "allow_displaced= takes a reason, which is printed with every row; it is blank."
        raise OptionError(message)
    said = np.full(len(table), "", dtype=object)
    if geo is None:
        return said
    for stamp in geo.displaced:
        rows = _bearing(table, geo, stamp, as_at)
        if not rows.any():
            continue
        if allowed is None:
            names = ", ".join(sorted(table.loc[rows, "measure"].astype(str).unique()))
            message = (
                f"{int(rows.sum()):,} rows of {names} cannot be compared. {stamp} Compare another "
                "source, leave these rows out, or pass allow_displaced='reason'."
            )
            raise NotRepresentativeError(message)
        said[rows] = f"{stamp} Compared all the same: {allowed}."
    return said


def _bearing(
    table: pd.DataFrame, geo: Geography, stamp: Displaced, as_at: str | date
) -> NDArray[np.bool_]:
    """Whether each row is of the Place, or of an organisation half of whose practices are."""
    told = table[["measure", "dataset", "period_end"]].drop_duplicates()
    bearing = [
        (measure, dataset, end)
        for measure, dataset, end in told.itertuples(index=False, name=None)
        if stamp.concerns(str(measure), str(dataset), cast("pd.Timestamp", end).date())
    ]
    found = np.zeros(len(table), dtype=bool)
    for measure, dataset, end in bearing:
        own = (
            (table["measure"] == measure)
            & (table["dataset"] == dataset)
            & (table["period_end"] == end)
        ).to_numpy()
        levels = table.loc[own, "org_level"].astype(str)
        for level in levels.unique():
            codes = _codes(geo, stamp.place, level, day_of(as_at, end))
            alike = own & (table["org_level"] == level).to_numpy()
            found |= alike & table["org_code"].isin(codes).to_numpy()
    return found


def _codes(geo: Geography, place: str, level: str, day: pd.Timestamp) -> list[str]:
    if level == "place":
        return [place]
    if level == "england":
        return []
    places = geo.parents("practice", "place", day)
    inside = set(places.loc[places["parent_code"] == place, "org_code"].astype(str))
    if level == "practice":
        return sorted(inside)
    parents = geo.parents("practice", level, day).dropna(subset=["parent_code"])
    within = parents["org_code"].astype(str).isin(inside)
    share = within.groupby(parents["parent_code"].astype(str)).mean()
    return [str(code) for code in share.index[share >= _HALF]]
