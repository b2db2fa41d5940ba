"""Dimensions: the ways a count may be split into parts that add up again."""

from __future__ import annotations

import re
from itertools import pairwise

from attrs import frozen

__all__ = ["ALL", "BUILT_IN_DIMENSIONS", "UNKNOWN", "Dimension", "ages_of", "dimension_named"]

ALL = "all"
"""Level that stands for the whole, whatever the dimension."""

UNKNOWN = "unknown"
"""Level of what was not recorded; part of the whole like any other."""

_BAND = re.compile(r"(?:<(?P<below>\d+)|(?P<low>\d+)(?:-(?P<high>\d+)|(?P<open>\+)))")


def ages_of(band: str) -> tuple[int, float] | None:
    """Return the first and last age of a band; nothing where the word is no band.

    Parameters
    ----------
    band
        Such as ``"<40"``, ``"40-64"`` or ``"65+"``.

    Examples
    --------
    >>> ages_of("<40"), ages_of("65+"), ages_of("all")
    ((0, 39), (65, inf), None)
    """
    match = _BAND.fullmatch(band)
    if match is None:
        return None
    if match["below"]:
        return 0, int(match["below"]) - 1
    return int(match["low"]), float(match["high"] or "inf")


def _age_bands_are_complete(levels: frozenset[str]) -> bool:
    """Whether bands follow one another without gap, up to an open end."""
    found = [ages_of(level) for level in levels]
    spans = sorted(span for span in found if span is not None)
    if len(spans) < len(found):
        return False
    touching = all(left[1] + 1 == right[0] for left, right in pairwise(spans))
    return bool(spans) and touching and spans[-1][1] == float("inf")


@frozen(kw_only=True)
class Dimension:
    """One way of splitting counts.

    Parameters
    ----------
    name
        The column's name.
    description
        What it splits by, in a sentence.
    levels
        Its levels in their order; empty where any text is a level.
    partitions
        Sets of levels that are exhaustive and do not overlap. A sum over the dimension needs
        one of them, besides `UNKNOWN`.
    bands
        Whether levels are age bands, complete when they follow one another to an open end.
    additive
        ``False`` where parts are never summed over without being chosen, as with a subtype.

    Examples
    --------
    >>> BUILT_IN_DIMENSIONS["sex"].is_exhaustive({"female", "male", "unknown"})
    True
    >>> BUILT_IN_DIMENSIONS["age_band"].is_exhaustive({"<40", "40-64", "80+"})
    False
    """

    name: str
    description: str
    levels: tuple[str, ...] = ()
    partitions: tuple[frozenset[str], ...] = ()
    bands: bool = False
    additive: bool = True

    def is_exhaustive(self, present: set[str]) -> bool:
        """Whether the levels present make up the whole, once and without overlap.

        Parameters
        ----------
        present
            The levels found in the table; `ALL` and `UNKNOWN` are left out of account.

        Examples
        --------
        >>> Dimension(name="team", description="Team.").is_exhaustive({"a", "b"})
        False
        """
        known = frozenset(present) - {ALL, UNKNOWN}
        if self.bands:
            return _age_bands_are_complete(known)
        return known in self.partitions

    def first_age(self, present: set[str]) -> int | None:
        """Return the lowest age of the bands present; nothing where no level is a band.

        Examples
        --------
        >>> BUILT_IN_DIMENSIONS["age_band"].first_age({"40-64", "17-39", "65+", "unknown"})
        17
        """
        spans = [span for span in map(ages_of, present) if span is not None]
        return min(spans)[0] if spans else None


def _quintiles(vintage: str) -> frozenset[str]:
    return frozenset(f"{vintage}:{number}" for number in range(1, 6))


BUILT_IN_DIMENSIONS = {
    each.name: each
    for each in (
        Dimension(
            name="subtype",
            description="Type of the condition, as the source tells types apart.",
            additive=False,
        ),
        Dimension(
            name="age_band",
            description="Age in completed years, written <40, 40-64 or 80+.",
            bands=True,
        ),
        Dimension(
            name="sex",
            description="Sex as recorded.",
            levels=("female", "male", UNKNOWN),
            partitions=(frozenset({"female", "male"}),),
        ),
        Dimension(
            name="ethnicity",
            description="Ethnic group as recorded; not recorded is unknown, and counted.",
            partitions=(
                frozenset({"white", "minority"}),
                frozenset({"white", "mixed", "asian", "black", "other"}),
            ),
        ),
        Dimension(
            name="imd_quintile",
            description=(
                "Fifth of the Index of Multiple Deprivation, 1 the most deprived, with its "
                "vintage: 2019:1 to 2019:5 or 2025:1 to 2025:5."
            ),
            partitions=(_quintiles("2015"), _quintiles("2019"), _quintiles("2025")),
        ),
    )
}


def dimension_named(name: str) -> Dimension:
    """Return the built-in dimension of that name, or one whose levels nobody has declared.

    A dimension whose levels are not declared can be chosen by, but never summed over.

    Examples
    --------
    >>> dimension_named("sex").levels
    ('female', 'male', 'unknown')
    >>> dimension_named("weekday").partitions
    ()
    """
    return BUILT_IN_DIMENSIONS.get(name) or Dimension(name=name, description="Not declared.")
