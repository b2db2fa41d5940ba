"""Versions of the National Diabetes Audit's measures: by components and window, never by label."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from phm_diabetes.errors import OptionError
from phm_diabetes.model.measures import Definition

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ALL_THREE",
    "PUBLISHER",
    "ROUNDED",
    "WINDOWS",
    "all_three_code",
    "nda_definition",
    "nda_definitions",
]

PUBLISHER = "National Diabetes Audit, NHS England"
ROUNDED = (
    "Counts are published rounded to 5 from 2016-17 on: a published 5 is anything from 1 to 7."
)
_RULES = (
    "NHS Digital's published code of the National Diabetes Audit (github.com/NHSDigital/"
    "national-diabetes-audit, 2020-21 E3)"
)

WINDOWS = {
    "15m": ("the audit's 15 months, from 1 January to 31 March of the next year", None, 2024),
    "12m": ("the audit's 12 months, from 1 April to 31 March", 2024, None),
}
"""Windows of the audit: their words, and the years in which the first begins and the last ends.

The change is a break in the series: more is done in 15 months than in 12.
"""

ALL_THREE = (
    ("hba1c_58", "bp_140_80", "cholesterol_5"),
    ("hba1c_58", "bp_140_80", "statin"),
    ("hba1c_58", "bp_140_90", "statin"),
)
"""Components of the three definitions of all three treatment targets, oldest first."""

_COLLECTED_BY_PRACTICES_TO = 2017
_COLLECTED_BY_SCREENING_FROM = 2019
_NINTH = ("dm.cp.retinal", "dm.cp9")


def all_three_code(components: Iterable[str]) -> str:
    """Return the code of all three targets with these components.

    Parameters
    ----------
    components
        Names of the three targets, in any order.

    Raises
    ------
    OptionError
        When no edition has defined all three targets so.

    Examples
    --------
    >>> all_three_code(["statin", "bp_140_90", "hba1c_58"])
    'tt3.hba1c_58+bp_140_90+statin'
    """
    given = frozenset(components)
    for known in ALL_THREE:
        if given == frozenset(known):
            return f"tt3.{'+'.join(known)}"
    sets = "; ".join(", ".join(known) for known in ALL_THREE)
    message = f"All three targets have never been {', '.join(sorted(given))}. Known: {sets}."
    raise OptionError(message)


def nda_definition(
    measure: str, *, window: str, year: int, components: Iterable[str] | None = None
) -> str:
    """Return the id of the definition under which an audit counted a measure.

    Parameters
    ----------
    measure
        Id of the measure's card.
    window
        ``"15m"`` or ``"12m"``.
    year
        First year of the audit's label.
    components
        Of all three treatment targets, which are nothing without them.

    Raises
    ------
    OptionError
        When all three targets come without their components, or the ninth care process in a
        year in which it was not collected.

    Examples
    --------
    >>> nda_definition("dm.cp.hba1c", window="15m", year=2021)
    'nda:cp.hba1c:15m'
    >>> nda_definition("dm.cp9", window="15m", year=2021)
    'nda:cp9.screening:15m'
    """
    code = measure.partition(".")[2] if measure.startswith("dm.") else measure
    if measure == "dm.tt3":
        if components is None:
            message = (
                "All three treatment targets have had three definitions, and nothing here says "
                "which one this is. Name the components."
            )
            raise OptionError(message)
        code = all_three_code(components)
    if measure in _NINTH:
        if _COLLECTED_BY_PRACTICES_TO < year < _COLLECTED_BY_SCREENING_FROM:
            message = f"Retinal screening was not collected in the audit of {year}."
            raise OptionError(message)
        code += ".screening" if year >= _COLLECTED_BY_SCREENING_FROM else ".practice"
    return f"nda:{code}:{window}"


def nda_definitions(
    code: str,
    words: str,
    *,
    source: str = _RULES,
    first: int | None = None,
    last: int | None = None,
) -> tuple[Definition, ...]:
    """Return a measure's rule in each window of the audit.

    Parameters
    ----------
    code
        What stands between publisher and window.
    words
        The rule; ``{window}`` stands for the window's words.
    source
        Where the rule is published.
    first, last
        Years of the audits that use it, by the first year of their label.

    Examples
    --------
    >>> [each.id for each in nda_definitions("cp.foot", "Examined in {window}.")]
    ['nda:cp.foot:15m', 'nda:cp.foot:12m']
    """
    found = []
    for window, (spelt, begins, ends) in WINDOWS.items():
        starts = [year for year in (first, begins) if year is not None]
        stops = [year for year in (last, ends) if year is not None]
        if starts and stops and max(starts) > min(stops):
            continue
        month = 1 if window == "15m" else 4
        found.append(
            Definition(
                id=f"nda:{code}:{window}",
                words=words.format(window=spelt),
                source=source,
                valid_from=date(max(starts), month, 1) if starts else None,
                valid_to=date(min(stops) + 1, 3, 31) if stops else None,
            )
        )
    return tuple(found)
