"""Absent columns: rules that a source gives no means to judge, which must not pass in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.records.survey import Finding

if TYPE_CHECKING:
    from phm_diabetes.records.resolving import Resolved

__all__ = ["unjudged"]


def unjudged(resolved: Resolved) -> tuple[Finding, ...]:
    """Return one finding for each rule of a layout whose column the source does not have.

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
    >>> unjudged(resolved)[0].message
    "could not be asked whether it is of a private patient: there is no 'admin_category'"
    """
    absent = {
        column.name
        for column in resolved.layout.columns
        if not resolved.headers[column.name] or resolved.dropped(column)
    }
    found = []
    for rule in resolved.layout.rules:
        if not rule.may_hide:
            continue
        lacking = sorted({name for case in rule.cases for name in case.of} & absent)
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
    return tuple(found)
