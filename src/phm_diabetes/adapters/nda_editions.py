"""Editions of the National Diabetes Audit: what one year's workbook means, where its words do not.

A definition follows from an edition and from components, never from the words old and new: what
is new in one edition is old in the next.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from attrs import frozen

from phm_diabetes.disease_areas.nda_versions import ALL_THREE
from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from phm_diabetes.model.periods import Period

__all__ = ["Edition", "edition_of", "same_heading"]

_WITH_CHOLESTEROL, _WITH_STATIN, _WITH_140_90 = ALL_THREE
_FIRST_ROUNDED = 2016
_FIRST_IMD_2019 = 2019
_LAST_IMD_2019 = 2024

_BY_EDITION: dict[int, dict[str, tuple[str, ...]]] = {
    2016: {
        "meeting all three": _WITH_CHOLESTEROL,
        "meeting all three new": _WITH_STATIN,
        "meeting all three treatment targets": _WITH_CHOLESTEROL,
        "meeting all three treatment targets new": _WITH_STATIN,
    },
    2024: {
        "all three treatment targets old": _WITH_STATIN,
        "all three treatment targets": _WITH_140_90,
    },
}
"""Headings that hold another definition than the targets beside them can tell, by edition."""


@frozen(kw_only=True)
class Edition:
    """One year's audit.

    Parameters
    ----------
    year
        First year of its label.
    window
        ``"15m"`` or ``"12m"``.

    Examples
    --------
    >>> Edition(year=2015, window="15m").is_rounded
    False
    """

    year: int
    window: str

    @property
    def label(self) -> str:
        """Its label, such as 2018-19."""
        return f"{self.year}-{(self.year + 1) % 100:02}"

    @property
    def is_rounded(self) -> bool:
        """Whether counts are published rounded to 5, with 1 to 7 as 5."""
        return self.year >= _FIRST_ROUNDED

    @property
    def imd_vintage(self) -> str | None:
        """Index of Multiple Deprivation behind the fifths; ``None`` where it is not known."""
        if self.year < _FIRST_IMD_2019:
            return "2015"
        return "2019" if self.year <= _LAST_IMD_2019 else None

    def all_three(
        self,
        heading: str,
        *,
        beside: Collection[str],
        headings: Iterable[str],
        declared: Mapping[str, Iterable[str]],
    ) -> tuple[str, ...] | None:
        """Return the components of a column of all three treatment targets.

        Parameters
        ----------
        heading
            The column's heading.
        beside
            Measures that stand on the same sheet.
        headings
            Every heading of all three targets on the sheet.
        declared
            Components by heading, as the caller knows them.

        Returns
        -------
        tuple of str or None
            ``None`` where neither caller, nor edition, nor the targets on the sheet settle it.

        Examples
        --------
        >>> edition = Edition(year=2019, window="15m")
        >>> edition.all_three("All Three Treatment Targets", headings=["All Three"], declared={},
        ...                   beside=["dm.tt.bp_140_80", "dm.tt.statin_combined"])
        ('hba1c_58', 'bp_140_80', 'statin')
        """
        known = {same_heading(name): tuple(parts) for name, parts in declared.items()}
        own = same_heading(heading)
        if own in known:
            return known[own]
        registered = _BY_EDITION.get(self.year, {})
        shown = {same_heading(each) for each in headings}
        if own in registered and len(shown) > 1 and shown <= set(registered):
            return registered[own]
        candidates = [parts for parts in ALL_THREE if _is_named(own, parts)]
        if len(candidates) > 1 and len(shown) == 1:
            candidates = [parts for parts in candidates if _is_beside(parts, set(beside))]
        return candidates[0] if len(candidates) == 1 else None


def edition_of(period: Period) -> Edition:
    """Return the edition that a period is of.

    Raises
    ------
    OptionError
        When the period does not begin as any audit does.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> edition_of(Period.audit("2021-22", cut="Q1"))
    Edition(year=2021, window='15m')
    """
    window = {1: "15m", 4: "12m"}.get(period.start.month)
    if window is None or period.start.day != 1:
        message = (
            f"No audit covers {period}: one begins on 1 January or on 1 April. Pass period= the "
            "audit year, for instance period='2021-22'."
        )
        raise OptionError(message)
    return Edition(year=period.start.year, window=window)


def same_heading(text: str) -> str:
    """Return a heading as it is compared with those of an edition: case and spaces left out.

    Examples
    --------
    >>> same_heading(" All  three Treatment Targets (OLD)")
    'all three treatment targets old'
    """
    words = re.sub(r"[^a-z0-9<>=/.]+", " ", html.unescape(text).casefold())
    return " ".join(re.sub(r"\b3\b", "three", words).split())


def _is_named(heading: str, components: tuple[str, ...]) -> bool:
    """Whether components are not against what a heading says of them."""
    pressure = re.search(r"140\s*/\s*(80|90)", heading)
    if pressure is not None and f"bp_140_{pressure[1]}" not in components:
        return False
    named = {word for word in ("cholesterol", "statin") if word in heading}
    return not named or any(each.startswith(tuple(named)) for each in components)


def _is_beside(components: tuple[str, ...], beside: set[str]) -> bool:
    """Whether a sheet shows these targets, and not the ones that would stand in their place."""
    pressures = {each for each in beside if each.startswith("dm.tt.bp_")}
    thirds = {
        name
        for name, measure in (
            ("cholesterol_5", "dm.tt.cholesterol_5"),
            ("statin", "dm.tt.statin_combined"),
        )
        if measure in beside
    }
    return pressures == {f"dm.tt.{components[1]}"} and thirds == {components[2]}
