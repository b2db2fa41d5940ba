"""Ages, sexes, ethnic groups and fifths of deprivation in the National Diabetes Audit's words."""

from __future__ import annotations

import re

from phm_diabetes.model.dimensions import UNKNOWN

__all__ = ["dimension_in", "is_total", "level_in"]

_LEVELS: dict[str, dict[str, str]] = {
    "age_band": {
        "<40": r"(aged |ages? )?(under|less than|<|0 to|0) ?(40|39)( years)?",
        "40-64": r"(aged |ages? )?40 ?(to )?64( years)?",
        "65-79": r"(aged |ages? )?65 ?(to )?79( years)?",
        "80+": r"(aged |ages? )?80 ?(and over|\+|plus|or over)?( years)?",
        UNKNOWN: r"ages? (unknown|not known|not recorded)|unknown age",
    },
    "sex": {
        "female": r"females?|women",
        "male": r"males?|men",
        UNKNOWN: r"(sex|gender) (unknown|not known|not specified)|unknown (sex|gender)|"
        r"indeterminate|not specified",
    },
    "ethnicity": {
        "white": r"white( ethnicity)?",
        "minority": r"(ethnic )?minority( ethnic( groups?)?| ethnicity)?",
        "mixed": r"mixed( ethnicity| or multiple.*)?",
        "asian": r"asian.*",
        "black": r"black.*",
        "other": r"(any )?other ethnic.*|other",
        UNKNOWN: r"ethnicity (unknown|not known|not recorded)|unknown ethnicity|not stated",
    },
    "imd_quintile": {
        "1": r"(imd )?(1st )?most deprived|(imd )?(quintile )?1( most deprived)?",
        "2": r"(imd )?2nd most deprived|(imd )?(quintile )?2",
        "3": r"(imd )?3rd most deprived|(imd )?(quintile )?3",
        "4": r"(imd )?(2nd least|4th most) deprived|(imd )?(quintile )?4",
        "5": r"(imd )?least deprived|(imd )?(quintile )?5( least deprived)?",
        UNKNOWN: r"(imd|deprivation) (unknown|not known)|unknown (imd|deprivation)",
    },
}
_UNKNOWN = re.compile(r"unknown|not known|not recorded|not stated")
_DIMENSIONS = {
    "age_band": r".*\bages?\b.*",
    "sex": r".*\b(sex|gender)\b.*",
    "ethnicity": r".*\bethnic.*",
    "imd_quintile": r".*\b(imd|deprivation|deprived)\b.*",
}
_TOTAL = re.compile(
    r"(all|total|everyone)?( ?(registrations?|people|patients))*|all( ages)?|number"
)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9<+]+", " ", text.casefold()).split())


def level_in(text: str, *, dimension: str | None = None) -> tuple[str, str] | None:
    """Return the dimension and level that a text names, or ``None``.

    Parameters
    ----------
    text
        Such as ``"Aged 40 to 64"``, ``"IMD most deprived"`` or ``"Unknown"``.
    dimension
        What the text is known to be a level of, for words that are levels of several.

    Returns
    -------
    tuple of str or None
        A fifth of deprivation is a bare number: its vintage is the edition's.

    Examples
    --------
    >>> level_in("Aged 80 and over"), level_in("IMD 2nd least deprived")
    (('age_band', '80+'), ('imd_quintile', '4'))
    >>> level_in("Unknown"), level_in("Unknown", dimension="sex")
    (None, ('sex', 'unknown'))
    """
    words = _plain(text)
    if dimension is not None and _UNKNOWN.fullmatch(words):
        return dimension, UNKNOWN
    for name in [dimension] if dimension else _LEVELS:
        for level, known in _LEVELS[name].items():
            is_bare_number = name == "imd_quintile" and words.isdigit() and dimension is None
            if re.fullmatch(known, words) and not is_bare_number:
                return name, level
    return None


def dimension_in(text: str) -> str | None:
    """Return the dimension that a heading over several levels names, or ``None``.

    Examples
    --------
    >>> dimension_in("Age group"), dimension_in("Deprivation (IMD quintile)"), dimension_in("x")
    ('age_band', 'imd_quintile', None)
    """
    words = _plain(text)
    return next((name for name, known in _DIMENSIONS.items() if re.fullmatch(known, words)), None)


def is_total(text: str) -> bool:
    """Whether a text names everybody.

    Examples
    --------
    >>> is_total("All registrations"), is_total(""), is_total("Aged under 40")
    (True, True, False)
    """
    return _TOTAL.fullmatch(_plain(text)) is not None
