"""Areas: small areas of the census, whose codes say where people live, and of which census."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LSOA", "LSOA_2011", "LSOA_2021", "LSOA_OF_SOME_CENSUS", "is_english_lsoa", "lsoa_level"]

LSOA = r"[EW]01[0-9]{6}"
"""Code of a lower-layer super output area of England or Wales."""

LSOA_2011, LSOA_2021 = "lsoa_2011", "lsoa_2021"
"""Levels of areas: an area that the 2021 census split or merged has another code in each."""

LSOA_OF_SOME_CENSUS = "lsoa"
"""Level of codes that do not tell which census they are of; those both have are one area."""

_LAST_OF_2011 = "E01033768"  # areas that the 2021 census made have higher numbers
_NO_AREA = {"NO2011": LSOA_2011, "NO2021": LSOA_2021}
_LSOA = re.compile(LSOA)


def is_english_lsoa(code: str) -> bool:
    """Whether a code is that of a small area of England, of whichever census.

    Examples
    --------
    >>> is_english_lsoa("E01000001"), is_english_lsoa("W01000001"), is_english_lsoa("NO2011")
    (True, False, False)
    """
    return code.startswith("E") and _LSOA.fullmatch(code) is not None


def lsoa_level(codes: Iterable[str]) -> str:
    """Return the level of small areas: of which census their codes are, as far as they tell.

    Parameters
    ----------
    codes
        Codes of areas. ``NO2011`` and ``NO2021``, which NHS England writes for people in no
        area, tell too.

    Examples
    --------
    >>> lsoa_level(["E01000001", "E01035000"]), lsoa_level(["E01000001", "NO2011"])
    ('lsoa_2021', 'lsoa_2011')
    >>> lsoa_level(["E01000001"])
    'lsoa'
    """
    found = LSOA_OF_SOME_CENSUS
    for code in codes:
        if code in _NO_AREA:
            return _NO_AREA[code]
        if is_english_lsoa(code) and code > _LAST_OF_2011:
            found = LSOA_2021
    return found
