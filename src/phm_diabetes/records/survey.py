"""Surveys: what became of every row of a source, counted by rule, without a cell of it."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Finding", "Survey"]


@frozen(kw_only=True)
class Finding:
    """One rule, and the rows that it was true of.

    Parameters
    ----------
    rule
        Name of the rule.
    column
        Header of the source's column; empty for a rule about the whole row.
    rows
        How many rows.
    first
        Rows of the file, header 1, of the first few; empty where an engine keeps no order.
    message, advice, severity, sets_aside
        As in the list of problems.

    Examples
    --------
    >>> Finding(rule="date", column="APPTDATE", rows=2, first=(3, 9), message="is no date",
    ...         advice="Ask for it again.", severity="error", sets_aside=True).rows
    2
    """

    rule: str
    column: str
    rows: int
    first: tuple[int, ...] = ()
    message: str
    advice: str
    severity: str
    sets_aside: bool


@frozen(kw_only=True)
class Survey:
    """Rows read = used + reported.

    Parameters
    ----------
    rows_read, rows_used
        Records below the header, and those that are used. A row that breaks several rules is
        counted under each, and reported once.
    findings
        Rules that were true of any row.

    Examples
    --------
    >>> Survey(rows_read=3, rows_used=1).rows_reported
    2
    """

    rows_read: int
    rows_used: int
    findings: tuple[Finding, ...] = ()

    @property
    def rows_reported(self) -> int:
        """Rows that are not used, each with a reason among the findings.

        Examples
        --------
        >>> Survey(rows_read=3, rows_used=3).rows_reported
        0
        """
        return self.rows_read - self.rows_used
