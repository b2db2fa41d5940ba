"""Absent columns: what a source gives no means to judge or to count, said and never passed over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phm_diabetes.errors import OptionError
from phm_diabetes.records.survey import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phm_diabetes.records.resolving import Resolved

__all__ = ["absent_columns", "refuse_absent", "unjudged"]

_EVERYBODY = "person"


def absent_columns(resolved: Resolved) -> tuple[str, ...]:
    """Return the columns of a layout that stand under no header of the source, or are dropped.

    A column that is made of others is absent where all of them are.

    Parameters
    ----------
    resolved
        The layout, and where its columns stand in the source.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.layout import RecordLayout
    >>> from phm_diabetes.records.resolving import resolve
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="review",
    ...     day="date", columns=(Column(name="review", sources=("ID",), kind="id"),
    ...                          Column(name="date", sources=("SEEN",), kind="date"),
    ...                          Column(name="age", sources=("AGE",), kind="integer",
    ...                                 required=False)))
    >>> absent_columns(resolve(layout, ["ID", "SEEN"], file="reviews.csv"))
    ('age',)
    """
    found = [
        column.name
        for column in resolved.layout.columns
        if not resolved.headers[column.name] or resolved.dropped(column)
    ]
    for made in resolved.layout.derived:
        if made.of and made.of <= set(found):
            found.append(made.name)
    return tuple(found)


def refuse_absent(resolved: Resolved, columns: Iterable[str], *, what: str) -> None:
    """Refuse to count by columns that the source has not: every row would be blank.

    Parameters
    ----------
    resolved
        The layout, and where its columns stand in the source.
    columns
        Columns without which nothing can be counted.
    what
        What asks for them, as the message begins.

    Raises
    ------
    OptionError
        When the source has one of them under none of its headers, or the layout drops it.

    Examples
    --------
    >>> from phm_diabetes.records.installed import SusTrustCsv
    >>> from phm_diabetes.records.resolving import resolve
    >>> headers = ["Generated Record Identifier", "NHS Number", "Appointment Date",
    ...            "First Attendance", "Attended or Did Not Attend", "Treatment Function Code",
    ...            "Organisation Code (Code of Provider)", "Practice Code of Registered GP"]
    >>> resolved = resolve(SusTrustCsv.record_layout, headers, file="op.csv")
    >>> refuse_absent(resolved, ["age"], what="Attendances of adults")
    Traceback (most recent call last):
    phm_diabetes.errors.OptionError: Attendances of adults cannot be had without 'age', which the \
source does not have: sus.trust_csv reads it under 'Age at CDS Activity Date'. Ask for it, or \
count what needs none of it.
    """
    absent = set(absent_columns(resolved))
    for name in dict.fromkeys(columns):
        if name not in absent:
            continue
        if resolved.headers.get(name):
            message = (
                f"{what} cannot be had without '{name}', which is an identifier and was dropped. "
                "Pass pseudonym_key= to open_records: 16 or more random bytes, kept where the "
                "records are."
            )
            raise OptionError(message)
        headers = " or ".join(f"'{header}'" for header in _headers_of(resolved, name))
        message = (
            f"{what} cannot be had without '{name}', which the source does not have: "
            f"{resolved.layout.name} reads it under {headers}. Ask for it, or count what needs "
            "none of it."
        )
        raise OptionError(message)


def _headers_of(resolved: Resolved, name: str) -> list[str]:
    """Return the first header of each group under which a column, or what it is made of, stands."""
    parts = {made.name: made.of for made in resolved.layout.derived}.get(name, frozenset({name}))
    return [
        group[0]
        for column in resolved.layout.columns
        if column.name in parts
        for group in column.headers
    ]


def unjudged(resolved: Resolved) -> tuple[Finding, ...]:
    """Return what the rows themselves cannot show: rules not judged, and columns blank throughout.

    Parameters
    ----------
    resolved
        The layout, and where its columns stand in the source.

    Examples
    --------
    >>> from phm_diabetes.records.installed import SusTrustCsv
    >>> from phm_diabetes.records.resolving import resolve
    >>> headers = ["Generated Record Identifier", "Appointment Date", "First Attendance",
    ...            "Attended or Did Not Attend", "Treatment Function Code",
    ...            "Organisation Code (Code of Provider)", "Practice Code of Registered GP"]
    >>> resolved = resolve(SusTrustCsv.record_layout, headers, file="op.csv")
    >>> for finding in unjudged(resolved):
    ...     print(finding.message)
    could not be asked whether it is of a private patient: there is no 'admin_category'
    has no column for person, main_specialty, site, clinic, age, sex, ethnicity, lsoa,
    imd_quintile, referral_source, referral_date, outcome, admin_category, currency, cost_pence:
    not recorded in any row
    """
    absent = absent_columns(resolved)
    found = []
    for rule in resolved.layout.rules:
        if not rule.may_hide:
            continue
        lacking = sorted({name for case in rule.cases for name in case.of} & set(absent))
        if lacking:
            named = ", ".join(f"'{name}'" for name in lacking)
            asked = rule.message.removeprefix("is ")
            found.append(
                Finding(
                    rule="rule not judged",
                    column="",
                    rows=0,
                    message=f"could not be asked whether it is {asked}: there is no {named}",
                    advice="Ask for the column, or say beside the figures that such rows are in.",
                    severity="warning",
                    sets_aside=False,
                )
            )
    return (*found, *_blank(resolved, absent), *_unsaid(resolved))


def _blank(resolved: Resolved, absent: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return one finding that names every column of the table that is blank throughout."""
    kept = {column.name for column in resolved.layout.columns if column.kept}
    kept |= {made.name for made in resolved.layout.derived if made.kept}
    named = [name for name in absent if name in kept]
    if not named:
        return ()
    advice = (
        "Ask for those that you need: a count by one of them is unknown throughout, and a count "
        "of ages, people or money without theirs is refused."
    )
    if _EVERYBODY in named and resolved.headers.get(_EVERYBODY):
        advice = "The person was an identifier and is dropped: pass pseudonym_key= to count people."
    return (
        Finding(
            rule="columns absent",
            column="",
            rows=0,
            message=f"has no column for {', '.join(named)}: not recorded in any row",
            advice=advice,
            severity="info",
            sets_aside=False,
        ),
    )


def _unsaid(resolved: Resolved) -> tuple[Finding, ...]:
    """Return one finding for each option without which the words of a column are not known."""
    unknown: dict[str, list[str]] = {}
    for column in resolved.layout.columns:
        asked = {name for word in column.codes.values() for name in re.findall(r"{(\w+)}", word)}
        for option in asked - set(resolved.options) if resolved.headers[column.name] else ():
            unknown.setdefault(option, []).append(column.name)
    return tuple(
        Finding(
            rule="option not said",
            column="",
            rows=0,
            message=f"leaves {', '.join(columns)} unknown in every row, as nobody said {option}",
            advice=f"Pass options={{'{option}': ...}}: {resolved.layout.options[option]}.",
            severity="info",
            sets_aside=False,
        )
        for option, columns in sorted(unknown.items())
    )
