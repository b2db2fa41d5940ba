"""Dates in hospital records: how they are written, and which of them mean nothing."""

from __future__ import annotations

from typing import Any

from phm_diabetes.records.columns import Column

__all__ = ["FIRST_DAY", "LAST_DAY", "SENTINEL_DATES", "date_column"]

SENTINEL_DATES = frozenset(
    {
        "1582-10-15", "15821015", "15/10/1582",
        "1600-01-01", "16000101", "01/01/1600",
        "1800-01-01", "18000101", "01/01/1800",
        "1801-01-01", "18010101", "01/01/1801",
    }
)  # fmt: skip
"""Days that say that none was sent (1800), or an invalid one (1801), and floors of databases."""

FIRST_DAY, LAST_DAY = "1989-04-01", "2099-12-31"
"""Hospital records begin in April 1989; no appointment is booked for the next century."""


def date_column(name: str, sources: tuple[str, ...], **more: Any) -> Column:  # noqa: ANN401
    """Return a column of dates; what is no date, or outside the years of records, is blank.

    The day that decides the period is ``needed=True``: without one its row is set aside and
    reported, since it could be counted in no period.

    Parameters
    ----------
    name, sources
        As of a :class:`~phm_diabetes.records.columns.Column`.
    more
        The column's other fields.

    Examples
    --------
    >>> from phm_diabetes.records.reading import reader_of
    >>> read = reader_of(date_column("referral_date", ("REQDATE",)))
    >>> [read(text)[0] for text in ("1970-01-02", "1800-01-01", "1582-10-15", "2004-02-30")]
    [None, None, None, None]
    >>> read("02/01/2004 00:00:00")[0] == read("2004-01-02")[0] == read("20040102")[0]
    True
    """
    declared: dict[str, Any] = {
        "kind": "date",
        "formats": ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y"),
        "sentinels": SENTINEL_DATES,
        "least": FIRST_DAY,
        "most": LAST_DAY,
        "broken": "set_aside" if more.get("needed") else "blank",
    }
    return Column(name=name, sources=sources, **(declared | more))
