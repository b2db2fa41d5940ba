"""Registrations: what the monthly publications of people registered with a practice share."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault, coded
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["age_bands", "counted_days", "day_in", "population_rows", "sexes"]

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAMED = re.compile(r"(\d{1,2})[- ]?([A-Z]{3})[A-Z]*[- ]?(\d{4})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?")
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SINGLE_YEAR = re.compile(r"\d{1,3}")
_SPAN = re.compile(r"(\d{1,3})[_-](\d{1,3})")
_OPEN = re.compile(r"(\d{1,3})\+")
_SEXES = {
    "ALL": "all",
    "FEMALE": "female",
    "FEMALES": "female",
    "INDETERMINATE": "unknown",
    "MALE": "male",
    "MALES": "male",
    "UNKNOWN": "unknown",
}


def day_in(text: str) -> date | None:
    """Return the day that a text names, in any of the forms that the publisher has used.

    Parameters
    ----------
    text
        ``01JAN2021``, ``1-Jan-2021``, ``2021-01-01``, ``20210101`` or ``01/01/2021``.

    Examples
    --------
    >>> str(day_in("01JAN2021")), day_in("January")
    ('2021-01-01', None)
    """
    named, iso, british = _NAMED.fullmatch(text), _ISO.fullmatch(text), _BRITISH.fullmatch(text)
    if named is not None and named[2].upper() in _MONTHS:
        parts = int(named[3]), _MONTHS.index(named[2].upper()) + 1, int(named[1])
    elif iso is not None:
        parts = int(iso[1]), int(iso[2]), int(iso[3])
    elif british is not None:
        parts = int(british[3]), int(british[2]), int(british[1])
    else:
        return None
    with suppress(ValueError):
        return date(*parts)
    return None


def counted_days(column: pd.Series[Any], header: str) -> tuple[pd.Series[Any], list[Fault]]:
    """Read the day of each count.

    Parameters
    ----------
    column
        Categories of text, indexed by row number.
    header
        The publisher's header, for the message.

    Returns
    -------
    days : Series of datetime64[ns]
        Empty where there is a fault.
    faults : list of Fault

    Examples
    --------
    >>> days, faults = counted_days(
    ...     pd.Series(["01JAN2021", ""], index=[2, 3]).astype("category"), "EXTRACT_DATE"
    ... )
    >>> str(days.loc[2].date()), faults[0].rows.tolist()
    ('2021-01-01', [3])
    """
    found = [day_in(text) for text in column.cat.categories]
    codes = column.cat.codes.to_numpy()
    days = pd.Series(pd.to_datetime(pd.Series(found, dtype="datetime64[ns]"))).iloc[codes]
    days.index = column.index
    rows = column.index.to_numpy()[days.isna().to_numpy()]
    fault = Fault(
        rule="date",
        rows=rows,
        column=header,
        message="is not a day, such as 01JAN2021 or 2021-01-01",
        advice="Check that a spreadsheet has not reformatted the column.",
    )
    return days, [fault] if len(rows) else []


def sexes(column: pd.Series[Any], header: str) -> tuple[pd.Series[Any], list[Fault]]:
    """Read the publisher's words for sex; ``ALL`` is everybody.

    Examples
    --------
    >>> column = pd.Series(["FEMALE", "ALL"], index=[2, 3]).astype("category")
    >>> sexes(column, "SEX")[0].tolist()
    ['female', 'all']
    """
    return coded(_upper(column), header, to=_SEXES, what="word for sex")


def age_bands(column: pd.Series[Any], header: str) -> tuple[pd.Series[Any], list[Fault]]:
    """Read ages: ``ALL``, a band such as ``0_4``, an open end such as ``95+``, a single year.

    Examples
    --------
    >>> column = pd.Series(["0_4", "17", "95+", "ALL"], index=[2, 3, 4, 5]).astype("category")
    >>> age_bands(column, "AGE")[0].tolist()
    ['0-4', '17-17', '95+', 'all']
    """
    known = {
        text: band for text in column.cat.categories if (band := _band(text.upper())) is not None
    }
    mapped, faults = coded(column, header, to=known, what="age")
    advice = "Ages are written ALL, 0_4, 95+ or as a year of age."
    return mapped, [
        Fault(rule="age", rows=fault.rows, column=header, message="is no age", advice=advice)
        for fault in faults
    ]


def _band(text: str) -> str | None:
    if text == "ALL":
        return "all"
    span, single = _SPAN.fullmatch(text), _SINGLE_YEAR.fullmatch(text)
    if span is not None and int(span[1]) <= int(span[2]):
        return f"{int(span[1])}-{int(span[2])}"
    if single is not None:
        return f"{int(text)}-{int(text)}"
    return text if _OPEN.fullmatch(text) else None


def _upper(column: pd.Series[Any]) -> pd.Series[Any]:
    return _recoded(column, str.upper)


def _recoded(column: pd.Series[Any], say: Callable[[str], str]) -> pd.Series[Any]:
    """Return categories said otherwise; two that come to say the same become one."""
    said = [say(text) for text in column.cat.categories]
    words = sorted(set(said))
    places = np.array([words.index(text) for text in said], dtype=np.int64)
    return pd.Series(worded(places[column.cat.codes.to_numpy()], words), index=column.index)


def population_rows(
    cells: pd.DataFrame,
    *,
    people: pd.Series[Any],
    counted_on: pd.Series[Any] | pd.Timestamp,
    age_band: pd.Series[Any] | str = "all",
    sex: pd.Series[Any] | str = "all",
    level: pd.Series[Any] | str = "practice",
    area_level: str = "",
    area: pd.Series[Any] | None = None,
) -> pd.DataFrame:
    """Return rows of Population for people registered, without their ``source``.

    Parameters
    ----------
    cells
        Rows with the organisation's code in ``code``, indexed by row number.
    people, counted_on, age_band, sex, level
        What each row counts; one value for all, or one a row.
    area_level, area
        Where the people live; blank where the source does not say.

    Examples
    --------
    >>> cells = pd.DataFrame({"code": ["Y99001"]}, index=[2]).astype("category")
    >>> population_rows(cells, people=pd.Series([9], index=[2]),
    ...     counted_on=pd.Timestamp("2021-01-01"))["people"].tolist()
    [9]
    """
    size = len(cells)

    def filled(given: pd.Series[Any] | str) -> Any:  # noqa: ANN401 - an array of pandas
        return repeated(given, size) if isinstance(given, str) else given.array

    return pd.DataFrame(
        {
            "basis": repeated("registered", size),
            "org_level": filled(level),
            "org_code": cells["code"].array,
            "area_level": repeated(area_level, size),
            "area_code": filled("" if area is None else area),
            "age_band": filled(age_band),
            "sex": filled(sex),
            "counted_on": counted_on.array if isinstance(counted_on, pd.Series) else counted_on,
            "people": people.array,
            "source_row": cells.index,
        }
    )
