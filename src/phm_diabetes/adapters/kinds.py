"""Kinds: what a column of a layout can hold, by the words that a declared layout uses."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.codes import GP_PRACTICE, ICB, PCN, REGION, SUB_ICB, CodeForm
from phm_diabetes.errors import OptionError
from phm_diabetes.model.periods import Period

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COUNTS", "DATES", "KINDS", "ORGANISATIONS", "PERIODS", "period_in", "spans"]

_QUARTER = re.compile(r"\b(?:q|qtr|quarter)\.?\s*([1-4])\b|(?<=\d)q([1-4])\b", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_MONTH = re.compile(r"([a-z]{3,9})[\s/-]*(\d{4}|\d{2})", re.IGNORECASE)
_NUMBERED_MONTH = re.compile(r"(\d{4})-?(\d{2})(?:-01)?")


_PROVIDER = CodeForm(
    pattern="[0-9A-Z]{3}(?:[0-9A-Z]{2})?",
    what="the code of a provider (three or five letters and digits)",
)

ORGANISATIONS = {
    "ods_practice": ("practice", GP_PRACTICE),
    "ods_pcn": ("pcn", PCN),
    "ods_sub_icb": ("sub_icb", SUB_ICB),
    "ods_icb": ("icb", ICB),
    "ods_region": ("region", REGION),
    "ods_provider": ("provider", _PROVIDER),
}
"""Organisations known by the code that the NHS gives them: their level, and the code's form."""


def _year(text: str) -> Period | None:
    with suppress(OptionError):
        return Period.financial_year(text)
    return None


def _quarter(text: str) -> Period | None:
    """Read a quarter written with its NHS year, whichever comes first."""
    match = _QUARTER.search(text)
    if match is None:
        return None
    year = (text[: match.start()] + text[match.end() :]).strip(" ,-/_()")
    with suppress(OptionError):
        return Period.quarter(year, int(match[1] or match[2]))
    return None


def _month(text: str) -> Period | None:
    """Read a month by name or number, or as the first day that Excel makes of it."""
    named, numbered = _NAMED_MONTH.fullmatch(text), _NUMBERED_MONTH.fullmatch(text)
    if named is not None and named[1][:3].casefold() in _MONTHS:
        year = int(named[2]) + (2000 if len(named[2]) == len("23") else 0)
        month = _MONTHS.index(named[1][:3].casefold()) + 1
    elif numbered is not None:
        year, month = int(numbered[1]), int(numbered[2])
    else:
        return None
    with suppress(ValueError):
        return Period.month(year, month)
    return None


PERIODS: dict[str, tuple[Callable[[str], Period | None], str]] = {
    "nhs_year": (_year, "an NHS year, such as 2022-23"),
    "nhs_quarter": (_quarter, "a quarter of an NHS year, such as 2022-23 Q4"),
    "month": (_month, "a month, such as 2023-01 or Jan 2023"),
}
"""Periods: how each is read, and in words."""

COUNTS = ("count", "exact_count")
"""People or events: under the layout's rounding, or exempt from it."""

DATES = ("date", "uk_date")
"""A day written 2023-03-31 or 20230331, or written 31/03/2023."""

KINDS = (
    *ORGANISATIONS,
    "organisation",
    *PERIODS,
    *DATES,
    *COUNTS,
    "measure",
    "category",
    "text",
)
"""Every kind that a column can be."""


def period_in(text: str) -> Period | None:
    """Return the period that a label names, of whatever kind; ``None`` where it names none.

    Parameters
    ----------
    text
        An NHS year, a quarter of one, or a month.

    Examples
    --------
    >>> str(period_in("Q4 2022/23")), str(period_in("Jan-23")), period_in("then")
    ('2023-01-01 to 2023-03-31', '2023-01-01 to 2023-01-31', None)
    """
    readings = (read(text) for read in (_quarter, _year, _month))
    return next((period for period in readings if period is not None), None)


def spans(
    column: pd.Series[Any], header: str, *, kind: str
) -> tuple[pd.Series[Any], pd.Series[Any], list[Fault]]:
    """Read periods, each distinct label once.

    Parameters
    ----------
    column
        Categories of text, indexed by row number.
    header
        The publisher's header, for the message.
    kind
        One of `PERIODS`.

    Returns
    -------
    start, end : Series of datetime64[ns]
        First and last day; empty where there is a fault.
    faults : list of Fault

    Examples
    --------
    >>> column = pd.Series(["2022-23", "x"], index=[2, 3]).astype("category")
    >>> start, end, faults = spans(column, "Year", kind="nhs_year")
    >>> str(end.loc[2].date()), faults[0].rows.tolist()
    ('2023-03-31', [3])
    """
    read, words = PERIODS[kind]
    found = [read(text) for text in column.cat.categories]
    codes = column.cat.codes.to_numpy()
    days: list[pd.Series[Any]] = []
    for end in ("start", "end"):
        each = [None if period is None else getattr(period, end) for period in found]
        taken = pd.Series(pd.to_datetime(pd.Series(each, dtype="datetime64[ns]"))).iloc[codes]
        taken.index = column.index
        days.append(taken)
    unread = np.array([period is None for period in found], dtype=bool)
    rows = column.index.to_numpy()[unread[codes]]
    fault = Fault(
        rule="period",
        rows=rows,
        column=header,
        message=f"is not {words}",
        advice="Check that a spreadsheet has not reformatted the column.",
    )
    return days[0], days[1], [fault] if len(rows) else []
