"""Fingertips labels: what its downloads call periods, areas, sexes and parts of a population."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from phm_diabetes.adapters.kinds import period_in
from phm_diabetes.adapters.registrations import day_in
from phm_diabetes.errors import OptionError
from phm_diabetes.model.periods import Period

__all__ = ["SEXES", "area_code", "area_level", "category_label", "labelled_period"]

SEXES = {
    "Persons": "all",
    "Not applicable": "all",
    "Female": "female",
    "Male": "male",
}
"""What Fingertips calls sexes; an indicator to which sex does not apply is about everybody."""

_LEVELS = (
    (re.compile(r"england", re.IGNORECASE), "england"),
    (re.compile(r"gps?", re.IGNORECASE), "practice"),
    (re.compile(r"pcns?\b.*", re.IGNORECASE), "pcn"),
    (re.compile(r"(icb )?sub-(icb )?locations?\b.*|ccgs?\b.*", re.IGNORECASE), "sub_icb"),
    (re.compile(r"(icb|stp|ics)s?\b.*", re.IGNORECASE), "icb"),
    (re.compile(r"nhs regions?\b.*", re.IGNORECASE), "region"),
)
_NHS_CODE = re.compile(r"nE[0-9]{8}")
_YEAR = re.compile(r"\d{4}")
_CALENDAR_QUARTER = re.compile(r"(\d{4})\s*Q([1-4])")
_YEARS = re.compile(r"(\d{4}) - (\d{4}|\d{2})")  # with spaces: 2022-23 is an NHS year
_NHS_YEARS = re.compile(r"(\d{4})/(\d{2})\s*-\s*(\d{4}|\d{2})/(\d{2})")


def labelled_period(label: str) -> Period | None:
    """Return the period that a label names; ``None`` where it names none.

    Parameters
    ----------
    label
        A year, an NHS year, several of either, a quarter, a month, a span of months or a day.

    Examples
    --------
    >>> [str(labelled_period(label)) for label in ("2019", "2022/23", "2018/19 - 20/21")]
    ['2019-01-01 to 2019-12-31', '2022-04-01 to 2023-03-31', '2018-04-01 to 2021-03-31']
    >>> str(labelled_period("Aug 2013 - Jul 2014")), labelled_period("lately")
    ('2013-08-01 to 2014-07-31', None)
    """
    text = " ".join(label.split())
    readings = (read(text) for read in (_years, _quarter, _nhs_years, _span, period_in, _day))
    with suppress(OptionError, ValueError):
        return next((period for period in readings if period is not None), None)
    return None


def _years(text: str) -> Period | None:
    if _YEAR.fullmatch(text):
        return _calendar_years(int(text), int(text))
    years = _YEARS.fullmatch(text)
    return years and _calendar_years(int(years[1]), int(_in_century_of(years[1], years[2])))


def _quarter(text: str) -> Period | None:
    quarter = _CALENDAR_QUARTER.fullmatch(text)
    if quarter is None:
        return None
    months = [Period.month(int(quarter[1]), 3 * int(quarter[2]) - back) for back in (2, 0)]
    return Period(start=months[0].start, end=months[1].end)


def _nhs_years(text: str) -> Period | None:
    years = _NHS_YEARS.fullmatch(text)
    if years is None:
        return None
    first = Period.financial_year(f"{years[1]}-{years[2]}")
    last = Period.financial_year(f"{_in_century_of(years[1], years[3])}-{years[4]}")
    return Period(start=first.start, end=last.end)


def _span(text: str) -> Period | None:
    """Read two periods with a dash between them, from the start of one to the end of the other."""
    ends = [labelled_period(end) for end in text.split(" - ", maxsplit=1)] if " - " in text else []
    known = [period for period in ends if period is not None]
    return Period(start=known[0].start, end=known[1].end) if len(known) > 1 else None


def _day(text: str) -> Period | None:
    day = day_in(text)
    return None if day is None else Period(start=day, end=day)


def _calendar_years(first: int, last: int) -> Period:
    return Period(start=date(first, 1, 1), end=date(last, 12, 31))


def _in_century_of(first: str, second: str) -> str:
    return second if len(second) == len(first) else f"{first[:2]}{second}"


def area_level(area_type: str) -> str:
    """Return the level of a type of area; one that is not of the NHS becomes a level of its own.

    Examples
    --------
    >>> [area_level(text) for text in ("GPs", "ICB sub-locations", "PCNs (v. 26/04/24)")]
    ['practice', 'sub_icb', 'pcn']
    >>> area_level("Districts & UAs (from Apr 2023)")
    'districts_uas_from_apr_2023'
    """
    text = " ".join(area_type.split())
    for pattern, level in _LEVELS:
        if pattern.fullmatch(text):
            return level
    slug = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    return slug if slug[:1].isalpha() else f"area_{slug}"


def area_code(code: str) -> str:
    """Return a code as its owner writes it: Fingertips puts ``n`` before ONS codes of the NHS.

    Examples
    --------
    >>> area_code("nE38000259"), area_code("A81001")
    ('E38000259', 'A81001')
    """
    return code[1:] if _NHS_CODE.fullmatch(code) else code


def category_label(category_type: str, category: str) -> str:
    """Return the part of the people that a row is about; ``all`` where it names none.

    Examples
    --------
    >>> category_label("", ""), category_label("Ethnic groups", "Mixed")
    ('all', 'Ethnic groups: Mixed')
    """
    return f"{category_type}: {category}" if category_type or category else "all"
