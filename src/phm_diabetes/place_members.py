"""Members of a Place, by its rule over memberships and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from phm_diabetes.errors import GeographyError
from phm_diabetes.placing import active_at

if TYPE_CHECKING:
    from phm_diabetes.model.places import Place

__all__ = ["members_of"]


def members_of(place: Place, memberships: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Return the memberships that a Place's rule makes of others.

    Parameters
    ----------
    place
        The rule.
    memberships, facts
        Checked tables.

    Returns
    -------
    DataFrame
        Rows of Memberships whose parent is the Place.

    Raises
    ------
    GeographyError
        When no membership of the Place's organisations is there, or a fact it needs is not.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> geo = demo.england_geography()
    >>> found = members_of(demo.PLACES[0], geo.memberships, geo.facts)
    >>> found["parent_code"].unique().tolist()
    ['planted_dudley']
    """
    inside = memberships[
        (memberships["parent_level"] == place.level)
        & memberships["parent_code"].isin(place.members)
    ]
    if inside.empty:
        message = (
            f"Place {place.name} is made of {place.level} {', '.join(place.members)}, and no "
            "membership of these is in the geography. Load the source that holds them."
        )
        raise GeographyError(message)
    if place.prescribing_setting is not None:
        kept = _with_setting(place, place.prescribing_setting, facts)
        inside = inside[inside["org_code"].isin(kept)]
    if place.merged_after is not None:
        last = active_at(inside, pd.Timestamp(place.merged_after)).index
        inside = inside.assign(end=inside["end"].mask(inside.index.isin(last)))
    return inside.assign(parent_level="place", parent_code=place.code)


def _with_setting(place: Place, setting: str, facts: pd.DataFrame) -> pd.Series[str]:
    settings = facts[facts["attribute"] == "prescribing_setting"]
    if settings.empty:
        message = (
            f"Place {place.name} keeps practices with prescribing setting {setting}, which no "
            "source given holds. Load england.ods_practices and pass it to "
            "Geography.from_memberships."
        )
        raise GeographyError(message)
    return settings.loc[settings["value"] == setting, "org_code"]
