"""Years in which points of the QOF were paid on an earlier year's work, and not on the year's."""

from __future__ import annotations

from datetime import date

from phm_diabetes.model.known_issues import KnownIssue

__all__ = ["is_protected", "may_be_protected", "protection_of"]

_REGISTERS = (
    *("AF001", "AST005", "CAN001", "CHD001", "CKD005", "COPD015", "DEM001", "DM017", "EP001"),
    *("HF001", "HYP001", "LD004", "MH001", "OB003", "OST004", "PAD001", "PC001", "RA001"),
    "STIA001",
)
_PROTECTED = {
    2024: frozenset(
        (
            *_REGISTERS,
            *("AST008", "CAN004", "CAN005", "COPD014", "DEP004", "MH021", "SMOK005"),
            *("QI013", "QI014", "QI016", "QI017", "QI018", "QI019"),
        )
    ),
}
"""By first year: 32 indicators and 212 of 635 points in 2024/25, retired in 2025/26."""

_PARTLY = (2020, 2021)
"""First years of those in which part was protected for COVID-19; no list is to hand."""

_PANDEMIC = (
    "In {year} part of the QOF's points was protected because of COVID-19, and care and its "
    "recording fell: the people counted are this year's, the points may be an earlier year's."
)


def is_protected(code: str, start: date) -> bool:
    """Whether an indicator's points of a year are known to be an earlier year's.

    Parameters
    ----------
    code
        The publisher's code of the indicator.
    start
        First day of the year.

    Examples
    --------
    >>> is_protected("COPD014", date(2024, 4, 1)), is_protected("COPD010", date(2024, 4, 1))
    (True, False)
    """
    return code in _PROTECTED.get(start.year, ())


def may_be_protected(start: date) -> bool:
    """Whether some points of a year were protected, and it is not known which.

    Examples
    --------
    >>> may_be_protected(date(2020, 4, 1)), may_be_protected(date(2022, 4, 1))
    (True, False)
    """
    return start.year in _PARTLY


def protection_of(code: str) -> tuple[KnownIssue, ...]:
    """Return what must be said beside an indicator's figures, by year.

    Examples
    --------
    >>> [issue.start.year for issue in protection_of("COPD014") if issue.start]
    [2020, 2021, 2024]
    """
    pandemic = tuple(
        KnownIssue(
            words=_PANDEMIC.format(year=f"{year}-{year % 100 + 1}"),
            source="General medical services contract, changes of the year",
            start=date(year, 4, 1),
        )
        for year in _PARTLY
    )
    protected = tuple(
        KnownIssue(
            words=(
                f"In {year}-{year % 100 + 1} this indicator's points were paid as in the year "
                "before: practices had no reason to pursue it, and their points say nothing."
            ),
            source="Changes to the GP contract in 2024/25, NHS England",
            start=date(year, 4, 1),
        )
        for year, codes in _PROTECTED.items()
        if code in codes
    )
    return pandemic + protected
