"""Periods with both ends: NHS financial years, quarters, and the national audit's windows."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from attrs import Factory, field, frozen

from phm_diabetes.errors import OptionError

__all__ = ["Period"]

_YEAR = re.compile(r"(?:FY)?(?P<first>\d{4}|\d{2})\s*[-/_ ]?\s*(?P<second>\d{4}|\d{2})")
_CUT_LABEL = re.compile(r"(?P<year>.*\d)[\s_-]*[EQ](?P<number>[1-4])", re.IGNORECASE)
_LAST_15_MONTH_AUDIT = 2023
_FIRST_12_MONTH_AUDIT = 2025


def _first_year(label: str) -> int:
    """Return the first calendar year of a label such as 2022-23, 2022/23, 202223 or 2223."""
    text = label.strip()
    match = _YEAR.fullmatch(text)
    if match is None:
        message = f"'{label}' is not an NHS year. Write it as '2022-23'."
        raise OptionError(message)
    first, second = match["first"], match["second"]
    year = int(first) if len(first) == len("2022") else 2000 + int(first)
    if (year + 1) % 100 != int(second) % 100:
        message = f"'{label}' does not name two years in a row. Write it as '2022-23'."
        raise OptionError(message)
    return year


def _labelled_cut(label: str, cut: str | None) -> tuple[str, str | None]:
    """Return the year and the cut of a label such as 202122E1; the fourth extract is no cut."""
    match = _CUT_LABEL.fullmatch(label.strip())
    if match is None:
        return label, cut
    named = None if match["number"] == "4" else f"Q{match['number']}"
    if cut is not None and cut != named:
        message = f"'{label}' is another cut than '{cut}'. Pass the year alone, or no cut."
        raise OptionError(message)
    return match["year"], named


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _end_of(period: Period) -> date:
    return period.end


@frozen(kw_only=True)
class Period:
    """A span of days, both ends included, that knows the window it belongs to.

    Parameters
    ----------
    start, end
        First and last day covered.
    kind
        The window: ``"financial_year"``, ``"quarter"``, ``"month"``, ``"audit_15_months"``,
        ``"audit_12_months"`` or ``"other"``. Only periods of one kind are alike.
    whole_end
        Last day of the complete window; later than `end` for a partial cut.

    Raises
    ------
    OptionError
        When the period ends before it starts.

    Examples
    --------
    >>> Period.financial_year("2022-23").end
    datetime.date(2023, 3, 31)
    >>> Period.audit("2021-22", cut="Q1").is_partial
    True
    """

    start: date
    end: date
    kind: str = "other"
    whole_end: date = field(default=Factory(_end_of, takes_self=True))

    def __attrs_post_init__(self) -> None:
        """Refuse a period that runs backwards."""
        if self.end < self.start:
            message = f"A period cannot end ({self.end}) before it starts ({self.start})."
            raise OptionError(message)

    @classmethod
    def financial_year(cls, label: str) -> Period:
        """Return the NHS financial year, 1 April to 31 March.

        Parameters
        ----------
        label
            ``"2022-23"``, ``"2022/23"``, ``"202223"`` or ``"2223"``.

        Examples
        --------
        >>> Period.financial_year("2223") == Period.financial_year("2022/23")
        True
        """
        year = _first_year(label)
        return cls(start=date(year, 4, 1), end=date(year + 1, 3, 31), kind="financial_year")

    @classmethod
    def quarter(cls, label: str, number: int) -> Period:
        """Return quarter 1 (April to June) to 4 (January to March) of an NHS financial year.

        Examples
        --------
        >>> str(Period.quarter("2022-23", 4))
        '2023-01-01 to 2023-03-31'
        """
        if number not in {1, 2, 3, 4}:
            message = f"An NHS year has quarters 1 to 4, not {number}."
            raise OptionError(message)
        year = _first_year(label) + (number == 4)  # noqa: PLR2004 - the quarter after New Year
        month = (4, 7, 10, 1)[number - 1]
        return cls(start=date(year, month, 1), end=_month_end(year, month + 2), kind="quarter")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Return a calendar month.

        Examples
        --------
        >>> Period.month(2024, 2).end.day
        29
        """
        return cls(start=date(year, month, 1), end=_month_end(year, month), kind="month")

    @classmethod
    def audit(cls, label: str, *, cut: str | None = None, months: int | None = None) -> Period:
        """Return the audit window of a year: 15 months to 2023-24, 12 months from 2025-26.

        Parameters
        ----------
        label
            The audit year, such as ``"2021-22"``, or year and extract, such as ``"202122E1"``:
            extracts 1 to 3 are the quarterly cuts, and 4 is the full year.
        cut
            ``"Q1"``, ``"Q2"`` or ``"Q3"`` for a provisional quarterly cut, which covers the
            window from its start to the end of that quarter; ``None`` for what the label says.
        months
            15 or 12. Needed for 2024-25, whose window is not public: read it from the file.

        Raises
        ------
        OptionError
            When the window of the year is unknown, the cut is not one of the three, or the label
            names another.

        Examples
        --------
        >>> str(Period.audit("2021-22"))
        '2021-01-01 to 2022-03-31'
        >>> str(Period.audit("2025-26", cut="Q3"))
        '2025-04-01 to 2025-12-31 (partial)'
        >>> Period.audit("202122E4") == Period.audit("2021_22")
        True
        """
        label, cut = _labelled_cut(label, cut)
        year = _first_year(label)
        if months is None and _LAST_15_MONTH_AUDIT < year < _FIRST_12_MONTH_AUDIT:
            message = (
                f"The window of audit year {label} changed from 15 to 12 months about then. "
                "Read it from the file's title sheet and pass months=15 or months=12."
            )
            raise OptionError(message)
        length = months or (15 if year <= _LAST_15_MONTH_AUDIT else 12)
        if length not in {12, 15}:
            message = f"An audit window has 12 or 15 months, not {length}."
            raise OptionError(message)
        start = date(year, 1, 1) if length == 15 else date(year, 4, 1)  # noqa: PLR2004 - as above
        whole_end = date(year + 1, 3, 31)
        if cut is None:
            end = whole_end
        else:
            ends = {"Q1": (6, 6), "Q2": (9, 9), "Q3": (12, 12)}
            if cut not in ends:
                message = f"'{cut}' is not a cut of the audit: pass 'Q1', 'Q2', 'Q3' or None."
                raise OptionError(message)
            end = _month_end(year, ends[cut][0])
        return cls(start=start, end=end, kind=f"audit_{length}_months", whole_end=whole_end)

    @property
    def is_partial(self) -> bool:
        """Whether the period stops before its window does.

        Examples
        --------
        >>> Period.financial_year("2022-23").is_partial
        False
        """
        return self.end < self.whole_end

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day.

        Examples
        --------
        >>> Period.audit("2021-22", cut="Q1").overlaps(Period.audit("2021-22"))
        True
        """
        return self.start <= other.end and other.start <= self.end

    def is_like(self, other: Period) -> bool:
        """Whether figures of the two may be compared: one kind, the same part of the window.

        Examples
        --------
        >>> Period.financial_year("2021-22").is_like(Period.financial_year("2022-23"))
        True
        >>> Period.audit("2021-22", cut="Q1").is_like(Period.audit("2022-23"))
        False
        """
        shift = other.start.year - self.start.year
        moved = _month_end(self.end.year + shift, self.end.month)
        return (
            self.kind == other.kind
            and (self.start.month, self.start.day) == (other.start.month, other.start.day)
            and moved.month == other.end.month
            and moved.year == other.end.year
        )

    def __str__(self) -> str:
        """Both ends in ISO form, with the word partial where it is one."""
        return f"{self.start} to {self.end}" + (" (partial)" if self.is_partial else "")
