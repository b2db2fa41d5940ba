"""Codes of the Quality and Outcomes Framework, as measures, definitions and ages.

An indicator's code is its definition: a revision gets a new code, and figures of two codes are
figures of two measures, which nothing here compares.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phm_diabetes.disease_areas.qof_registers import LIST_TYPES
from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from datetime import date

__all__ = ["INDICATOR_CODE", "ages_of", "definition_of", "eras_of", "measure_of"]

INDICATOR_CODE = r"[A-Z]{2,9}[0-9]{3}"
"""What an indicator's code looks like: its group and three digits."""

_FIRST_YEAR_OF_ADJUSTMENTS = 2019
_RESCOPED = {"NDH003": {2026: "2026-27"}}
"""First year, and edition, of indicators whose scope changed under one code."""

_AGES = re.compile(
    r"(?:(?P<low>\d+)OV|(?P<under>\d+)UN|UN(?P<below>\d+)|(?P<from>\d+)_(?P<to>\d+))(?:_F)?"
)


def measure_of(code: str, part: str = "") -> str:
    """Return the measure id of an indicator.

    Parameters
    ----------
    code
        The publisher's code.
    part
        ``"register"`` or ``"newly_diagnosed"`` for the people on the indicator's register,
        counted beside its numerator and denominator.

    Examples
    --------
    >>> measure_of("COPD010"), measure_of("AF001", "register")
    ('qof.copd010', 'qof.af001_register')
    """
    return f"qof.{code.casefold()}" + (f"_{part}" if part else "")


def definition_of(code: str, start: date, part: str = "") -> str:
    """Return the definition of an indicator in the year that starts on a day.

    Until 2018-19 people left the denominator by exception, since then by personalised care
    adjustment, on other grounds: these are two definitions, and so is a code whose scope changed.

    Examples
    --------
    >>> from datetime import date
    >>> definition_of("COPD010", date(2022, 4, 1)), definition_of("AF006", date(2016, 4, 1))
    ('qof:COPD010:pca', 'qof:AF006:exceptions')
    >>> definition_of("NDH003", date(2026, 4, 1))
    'qof:NDH003:pca:2026-27'
    >>> definition_of("AF001", date(2016, 4, 1), "register")
    'qof:AF001:register'
    """
    if part:
        return f"qof:{code}:{part}"
    era = "pca" if start.year >= _FIRST_YEAR_OF_ADJUSTMENTS else "exceptions"
    editions = [name for first, name in _RESCOPED.get(code, {}).items() if start.year >= first]
    return ":".join(["qof", code, era, *editions[-1:]])


def eras_of(code: str) -> tuple[str, ...]:
    """Return every definition that a code can have had, oldest first.

    Examples
    --------
    >>> eras_of("NDH003")
    ('qof:NDH003:exceptions', 'qof:NDH003:pca', 'qof:NDH003:pca:2026-27')
    """
    editions = _RESCOPED.get(code, {}).values()
    return (
        f"qof:{code}:exceptions",
        f"qof:{code}:pca",
        *(f"qof:{code}:pca:{edition}" for edition in editions),
    )


def ages_of(list_type: str) -> tuple[int | None, int | None]:
    """Return the lowest and highest age of a patient list, by the publisher's code.

    Raises
    ------
    OptionError
        When the code is not one of a patient list.

    Examples
    --------
    >>> ages_of("17OV"), ages_of("79UN"), ages_of("25_49_F"), ages_of("TOTAL")
    ((17, None), (None, 79), (25, 49), (None, None))
    """
    if list_type in LIST_TYPES:
        return LIST_TYPES[list_type]
    match = _AGES.fullmatch(list_type)
    if match is None:
        message = f"'{list_type}' is not the code of a patient list, such as TOTAL, 17OV or 06_19."
        raise OptionError(message)
    if match["below"]:  # UN01: in the first year of life
        return None, int(match["below"]) - 1
    low, high = match["low"] or match["from"], match["under"] or match["to"]
    return (int(low) if low else None), (int(high) if high else None)
