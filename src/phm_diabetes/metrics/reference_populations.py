"""Standard populations, joined by age band and never by position."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from phm_diabetes.errors import StatisticsError, did_you_mean
from phm_diabetes.model.dimensions import ages_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attrs import Attribute

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["ESP2013", "ReferencePopulation"]

_SIGNS = re.compile(r"\s*([<+–-])\s*")


def _fits(
    instance: ReferencePopulation,
    attribute: Attribute[tuple[float, ...]],
    people: tuple[float, ...],
) -> None:
    """Refuse bands that repeat, or numbers that do not go with them."""
    del attribute
    bands = instance.bands
    if len(set(bands)) != len(bands) or len(bands) != len(people) or min(people, default=-1) < 0:
        message = (
            f"The reference population '{instance.name}' has {len(bands)} bands and "
            f"{len(people)} numbers. Give each band once, with one number that is not negative."
        )
        raise StatisticsError(message)
    spans = sorted(span for span in map(_ages, bands) if span)
    if any(left[1] >= right[0] for left, right in pairwise(spans)):
        message = (
            f"Bands of the reference population '{instance.name}' overlap, so people would count "
            f"twice: {', '.join(bands)}. Give bands that share no age."
        )
        raise StatisticsError(message)


@frozen(kw_only=True)
class ReferencePopulation:
    """A named population by band, to standardise to.

    Attributes
    ----------
    name : str
        What outputs call it.
    bands : tuple of str
        Keys of the bands: ``"0-4"``, ``"90+"``, or any other words.
    people : tuple of float
        People in each band.
    source : str
        Where it is published.

    Raises
    ------
    StatisticsError
        Where a band repeats or overlaps another, or bands and people differ in number.

    Examples
    --------
    >>> register = ReferencePopulation(
    ...     name="people with the disease, England", bands=("17-39", "40-64", "65+"),
    ...     people=(300.0, 1500.0, 2000.0), source="invented",
    ... )
    >>> register.people_in(["65+", "17-64"])
    array([2000., 1800.])
    """

    name: str
    bands: tuple[str, ...]
    people: tuple[float, ...] = field(validator=_fits)
    source: str

    def people_in(self, bands: Sequence[str]) -> FloatArray:
        """Return the people in the denominator's own bands, found by key.

        Parameters
        ----------
        bands : sequence of str
            The bands wanted, in the order wanted. One that is not a key may be an age range that
            keys fill exactly: ``"0-14"`` is the sum of ``"0-4"``, ``"5-9"`` and ``"10-14"``.

        Returns
        -------
        ndarray of float64
            People, one number a band.

        Raises
        ------
        StatisticsError
            Where a band is neither a key nor made up of keys, or bands overlap.

        Examples
        --------
        >>> ESP2013.people_in(["90+", "0-14"])
        array([ 1000., 16000.])
        """
        parts = [self._keys_of(band) for band in bands]
        used = [key for part in parts for key in part]
        if len(set(used)) != len(used):
            message = (
                f"The bands asked of '{self.name}' overlap, so people would count twice: "
                f"{', '.join(bands)}. Ask for bands that share no age."
            )
            raise StatisticsError(message)
        people = dict(zip(self.bands, self.people, strict=True))
        return np.array([sum(people[key] for key in part) for part in parts], dtype=np.float64)

    def _keys_of(self, band: str) -> list[str]:
        if band in self.bands:
            return [band]
        wanted = _ages(band)
        if wanted:
            start, end = wanted
            spans = {key: _ages(key) for key in self.bands}
            inside = sorted(
                (span, key) for key, span in spans.items()
                if span and start <= span[0] and span[1] <= end
            )  # fmt: skip
            edge: float = start
            for (first, last), _ in inside:
                if first != edge:
                    break
                edge = last + 1
            if inside and edge == end + 1:
                return [key for _, key in inside]
        message = (
            f"'{band}' is not a band of the reference population '{self.name}', nor made up of its "
            f"bands: {', '.join(self.bands)}.{did_you_mean(band, self.bands)} Standardise in bands "
            "that the reference has, or name another reference."
        )
        raise StatisticsError(message)


def _ages(band: str) -> tuple[int, float] | None:
    """Return the first and last age of a band, as publishers write one: ``"40 – 64"`` too."""
    return ages_of(_SIGNS.sub(r"\1", band.strip()).replace("–", "-"))


ESP2013 = ReferencePopulation(
    name="European Standard Population 2013",
    bands=(
        "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49",
        "50-54", "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90+",
    ),
    people=(
        5000.0, 5500.0, 5500.0, 5500.0, 6000.0, 6000.0, 6500.0, 7000.0, 7000.0, 7000.0,
        7000.0, 6500.0, 6000.0, 5500.0, 5000.0, 4000.0, 2500.0, 1500.0, 1000.0,
    ),
    source="Eurostat. Revision of the European Standard Population. Luxembourg: 2013",
)  # fmt: skip
"""The European Standard Population of 2013: 100,000 people in 19 bands."""
