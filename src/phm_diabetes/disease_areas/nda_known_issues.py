"""Known faults of the National Diabetes Audit's editions; the cards carry them to every output."""

from __future__ import annotations

import re
from datetime import date

from phm_diabetes.model.known_issues import KnownIssue

__all__ = ["KNOWN_ISSUES", "known_issues_of"]

_AUDIT = "National Diabetes Audit"
_PANDEMIC = (
    "Care, and what was recorded of it, fell during the COVID-19 pandemic: neither a trend through "
    "this audit nor a low figure in it says much about a practice."
)
_ANALYSERS = (
    "HbA1c analysers in some laboratories read high in 2024 and 2025, so that fewer people appear "
    "to reach a target there."
)
_EYES = r"dm\.(cp\.retinal|cp9)"
_ALL = r".*"

KNOWN_ISSUES: tuple[tuple[str, KnownIssue], ...] = (
    (
        _ALL,
        KnownIssue(
            words=(
                "A provisional quarterly cut, from general practice only: not to be compared with "
                "a full year."
            ),
            source=f"{_AUDIT}, quarterly publications",
            end_months=(6, 9, 12),
        ),
    ),
    (
        r"dm\.(cp\.bp|cp8|cp9|tt\.bp_.*|tt3)",
        KnownIssue(
            words=(
                "In 2018-19 some blood pressures were lost when practices moved to SNOMED codes."
            ),
            source=f"{_AUDIT}, quarterly publications of 2018-19",
            start=date(2018, 1, 1),
        ),
    ),
    (
        _EYES,
        KnownIssue(
            words=(
                "In 2019-20 Liverpool's eye screening provider sent nothing: its figures rest on "
                "practices' own codes and are likely to be too low."
            ),
            source=f"{_AUDIT}, report of 2019-20",
            start=date(2019, 1, 1),
        ),
    ),
    (_ALL, KnownIssue(words=_PANDEMIC, source=_AUDIT, start=date(2020, 1, 1))),
    (_ALL, KnownIssue(words=_PANDEMIC, source=_AUDIT, start=date(2021, 1, 1))),
    (
        r"dm\.(tt\.statin_.*|tt3)",
        KnownIssue(
            words=(
                "In the first quarter of 2021-22 statins were under-counted in the practices of "
                "one GP system supplier."
            ),
            source=f"{_AUDIT}, quarterly publication of 2021-22 Q1",
            start=date(2021, 1, 1),
            end=date(2021, 6, 30),
        ),
    ),
    (
        _ALL,
        KnownIssue(
            words=(
                "The workbooks of 2021-22 put some practices in the wrong ICB and were corrected "
                "in July and December 2023: use the last one, or roll up from practices."
            ),
            source=f"{_AUDIT}, 2021-22, notes of the reissues",
            start=date(2021, 1, 1),
            end=date(2022, 3, 31),
        ),
    ),
    *(
        (
            r"dm\.(tt\.hba1c_.*|tt3)",
            KnownIssue(words=_ANALYSERS, source=f"{_AUDIT}, 2025-26 quarterly notes", start=start),
        )
        for start in (date(2024, 1, 1), date(2024, 4, 1))
    ),
)
"""Ids of the measures concerned, as a regular expression, and the fault; oldest first."""


def known_issues_of(measure: str) -> tuple[KnownIssue, ...]:
    """Return the known issues of a measure, for its card.

    Parameters
    ----------
    measure
        Id of the measure.

    Examples
    --------
    >>> [issue.start.year for issue in known_issues_of("dm.cp.retinal") if issue.start]
    [2019, 2020, 2021, 2021]
    """
    return tuple(issue for ids, issue in KNOWN_ISSUES if re.fullmatch(ids, measure))
