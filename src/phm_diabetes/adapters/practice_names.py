"""Practice names: the code that a name stands for, by what a geography calls its practices."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.errors import GeographyError
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.geography import Geography

__all__ = ["codes_by_name", "plain_name", "resolved"]

_NEAR = 0.8
_RULE = "practice name"


def plain_name(name: str) -> str:
    """Return a name as it is matched: case and punctuation ignored, ``&`` read as "and".

    Examples
    --------
    >>> plain_name(" St. Mary's  Surgery & Clinic")
    'st marys surgery and clinic'
    """
    spelt = (
        name.casefold()
        .replace("&", " and ")
        .replace("'", "")
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    )
    return " ".join(re.sub(r"[^\w]+", " ", spelt).split())


def codes_by_name(geo: Geography, place: str, day: pd.Timestamp) -> dict[str, tuple[str, ...]]:
    """Return the codes of practices by name, and by code; of one Place where it is known.

    Parameters
    ----------
    geo
        Holds organisations with their names.
    place
        Its practices alone, where the geography has it: two Places may share a name.
    day
        Whose members.

    Raises
    ------
    GeographyError
        When the geography names no practice.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> geo = demo.england_geography()
    >>> len(codes_by_name(geo, "planted_dudley", pd.Timestamp("2023-03-31"))) > 0
    True
    """
    known = geo.organisations[geo.organisations["org_level"] == "practice"]
    try:
        placed = geo.parents("practice", "place", day)
    except GeographyError:
        members = frozenset[str]()
    else:
        members = frozenset(placed.loc[placed["parent_code"] == place, "org_code"])
    if members:
        known = known[known["org_code"].isin(members)]
    if known.empty:
        message = (
            "The geography names no practice. Build it with england.ods_practices or "
            "england.qof_geography, which hold their names."
        )
        raise GeographyError(message)
    found: dict[str, set[str]] = {}
    for code, name in zip(known["org_code"].astype(str), known["name"].astype(str), strict=True):
        found.setdefault(plain_name(name), set()).add(code)
        found.setdefault(plain_name(code), set()).add(code)
    return {name: tuple(sorted(codes)) for name, codes in found.items()}


def resolved(
    text: pd.Series[Any], header: str, known: Mapping[str, tuple[str, ...]]
) -> tuple[pd.Series[Any], list[Fault]]:
    """Return the code of each practice named.

    Parameters
    ----------
    text
        Categories of text, indexed by row number.
    header
        The publisher's header.
    known
        As :func:`codes_by_name` gives it.

    Returns
    -------
    codes : Series of category
        Empty where there is a fault.
    faults : list of Fault
        A near miss names the practice that is known, never the cell.

    Examples
    --------
    >>> text = pd.Series(["The Elms", "Oak Surgry"], index=[2, 3]).astype("category")
    >>> known = {"oak surgery": ("Y99001",), "the elms": ("Y99002",)}
    >>> codes, faults = resolved(text, "Practice", known)
    >>> codes.loc[2], faults[0].message
    ('Y99002', "is no practice that is known; the nearest is 'oak surgery' (Y99001)")
    """
    words = sorted({code for codes in known.values() for code in codes})
    place = {code: spot for spot, code in enumerate(words)}
    spots, said = [], []
    for each in text.cat.categories:
        codes = known.get(plain_name(str(each)), ())
        spots.append(place[codes[0]] if len(codes) == 1 else -1)
        said.append("" if len(codes) == 1 else _wrong(str(each), codes, known))
    of_row = text.cat.codes.to_numpy()
    chosen = pd.Series(worded(np.array(spots, dtype=np.int64)[of_row], words), index=text.index)
    faults = []
    for message in sorted({each for each in said if each}):
        spoken = np.array([each == message for each in said], dtype=bool)
        faults.append(
            Fault(
                rule=_RULE,
                rows=text.index.to_numpy()[spoken[of_row]],
                column=header,
                message=message,
                advice="Write the practice's ODS code, or its name as the ODS spells it.",
            )
        )
    return chosen, [fault for fault in faults if len(fault.rows)]


def _wrong(text: str, codes: tuple[str, ...], known: Mapping[str, tuple[str, ...]]) -> str:
    if codes:
        return f"is the name of {len(codes)} practices ({', '.join(codes)})"
    if not plain_name(text):
        return "names no practice"
    near = get_close_matches(plain_name(text), list(known), n=1, cutoff=_NEAR)
    if not near:
        return "is no practice that is known"
    code = ", ".join(known[near[0]])
    return f"is no practice that is known; the nearest is '{near[0]}' ({code})"
