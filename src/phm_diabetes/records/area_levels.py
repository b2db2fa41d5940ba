"""Area levels: of which census the small areas of records are, as their header says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phm_diabetes.model.areas import LSOA_2011, LSOA_2021, lsoa_level
from phm_diabetes.schemas.words import repeated, words_used

if TYPE_CHECKING:
    import pandas as pd

    from phm_diabetes.records.resolving import Resolved

__all__ = ["with_area_level"]

_AREA, _LEVEL = "lsoa", "lsoa_level"
_CENSUS = re.compile(r"(?<![0-9])(?:20)?(11|21)(?![0-9])")
_LEVELS = {"11": LSOA_2011, "21": LSOA_2021}


def with_area_level(frame: pd.DataFrame, resolved: Resolved) -> pd.DataFrame:
    """Return records with the census of their small areas, where they have areas.

    An area that the census of 2021 split or merged has another code in each, and an index of
    deprivation is of one of the two.

    Parameters
    ----------
    frame
        Canonical columns, among them ``lsoa`` where the table has it.
    resolved
        The layout, and where its columns stand in the source.

    Returns
    -------
    DataFrame
        With ``lsoa_level``: ``lsoa_2011`` or ``lsoa_2021`` where the header says so, or codes of
        2021 alone are among them; ``lsoa`` where nothing tells; blank where there is no area.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
    >>> from phm_diabetes.records.resolving import Resolved
    >>> rows = pd.DataFrame({"lsoa": ["E01000001", ""]})
    >>> resolved = Resolved(layout=ENGLAND_HES_OP, headers={"lsoa": ("LSOA11",)})
    >>> with_area_level(rows, resolved)["lsoa_level"].tolist()
    ['lsoa_2011', 'lsoa_2011']
    """
    if _AREA not in frame:
        return frame
    headers = resolved.headers.get(_AREA, ())
    if not headers:
        return frame.assign(**{_LEVEL: repeated("", len(frame))})
    said = _CENSUS.search(headers[0])
    words = words_used(frame[_AREA].astype("category"))
    level = _LEVELS[said[1]] if said else lsoa_level(words)
    return frame.assign(**{_LEVEL: repeated(level, len(frame))})
