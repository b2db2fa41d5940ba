"""What became of an appointment, and how: attended or missed, first or not, in person or not."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from phm_diabetes.records.columns import Case, Column, Derived
from phm_diabetes.records.layout import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ATTENDED",
    "CLOCK_STOP",
    "MEDIA",
    "MEDIA_APART",
    "MEDIUM",
    "VISIT",
    "attendance_column",
    "visit_columns",
]

ATTENDED: Mapping[str, str] = MappingProxyType(
    {
        "5": "attended",
        "6": "attended",
        "3": "missed",
        "7": "missed",
        "2": "patient_cancelled",
        "4": "provider_cancelled",
        "0": "future",
        "9": "unknown",
    }
)
"""ATTENDED OR DID NOT ATTEND, or ATTENDANCE STATUS: 6 came late and was seen, 7 was not."""

MEDIA: Mapping[str, str] = MappingProxyType(
    {"01": "face_to_face"}
    | dict.fromkeys(("02", "03", "04", "05", "09", "10", "11", "12", "13", "98"), "remote")
)
"""CONSULTATION MEDIUM USED of CDS 6.2 and CONSULTATION MECHANISM of CDS 6.3, together."""


def attendance_column(
    sources: tuple[str, ...], *, words: Mapping[str, str] = MappingProxyType({})
) -> Column:
    """Return what became of an appointment; a code that is not listed is unknown, and counted.

    Parameters
    ----------
    sources
        Headers.
    words
        Words that a local return uses besides the national codes.

    Examples
    --------
    >>> from phm_diabetes.records.reading import reader_of
    >>> [reader_of(attendance_column(("ATTENDED",)))(text)[0] for text in ("7", "2.0", "8")]
    ['missed', 'patient_cancelled', 'unknown']
    """
    return Column(
        name="attendance",
        sources=sources,
        kind="code",
        codes={**ATTENDED, **words},
        blank="unknown",
        broken="blank",
    )


def visit_columns(
    first: tuple[str, ...], type_: tuple[str, ...], medium: tuple[str, ...]
) -> tuple[Column, ...]:
    """Return the columns that say which visit it was, and by which medium.

    Parameters
    ----------
    first
        Headers of FIRST ATTENDANCE, 1 to 5, which CDS 6.3 no longer has.
    type_
        Headers of CONSULTATION TYPE, 01 or 02, which CDS 6.3 has instead.
    medium
        Headers of the medium or the mechanism.

    Examples
    --------
    >>> columns = visit_columns(("FIRSTATT",), ("CONSULT_TYPE",), ("CONSULT_MECH",))
    >>> [column.name for column in columns]
    ['first_attendance', 'consultation_type', 'consultation_medium']
    """
    return (
        Column(
            name="first_attendance",
            sources=first,
            kind="code",
            required=False,
            nulls=frozenset({"9", "9.0", "X"}),
            allowed=frozenset("12345"),
            broken="blank",
            kept=False,
        ),
        Column(
            name="consultation_type",
            sources=type_,
            kind="code",
            required=False,
            nulls=frozenset({"98", "99"}),
            width=2,
            allowed=frozenset({"01", "02"}),
            broken="blank",
            kept=False,
        ),
        Column(
            name="consultation_medium",
            sources=medium,
            kind="code",
            required=False,
            width=2,
            codes=MEDIA,
            broken="blank",
            kept=False,
        ),
    )


VISIT = Derived(
    name="visit",
    otherwise="unknown",
    cases=(
        Case(when={"consultation_type": {"01"}}, then="first"),
        Case(when={"consultation_type": {"02"}}, then="follow_up"),
        Case(when={"first_attendance": {"1", "3"}}, then="first"),
        Case(when={"first_attendance": {"2", "4"}}, then="follow_up"),
    ),
)
"""First of a series or a follow-up: by CONSULTATION TYPE, else by FIRST ATTENDANCE."""

MEDIUM = Derived(
    name="medium",
    otherwise="unknown",
    cases=(
        Case(when={"consultation_medium": {"face_to_face"}}, then="face_to_face"),
        Case(when={"consultation_medium": {"remote"}}, then="remote"),
        Case(when={"first_attendance": {"1", "2"}}, then="face_to_face"),
        Case(when={"first_attendance": {"3", "4"}}, then="remote"),
    ),
)
"""Face to face or remote: by the medium or mechanism, else by FIRST ATTENDANCE."""

MEDIA_APART = Rule(
    name="medium differs",
    cases=(
        Case(
            when={"consultation_medium": {"face_to_face"}, "first_attendance": {"3", "4"}},
        ),
        Case(when={"consultation_medium": {"remote"}, "first_attendance": {"1", "2"}}),
    ),
    message="has one medium by the consultation medium and another by the first attendance code",
    advice="The consultation medium is used. Ask the provider which of the two it keeps.",
    sets_aside=False,
    severity="warning",
)
"""Counts where medium and FIRST ATTENDANCE disagree; the medium is believed."""

CLOCK_STOP = Rule(
    name="clock stop",
    cases=(Case(when={"first_attendance": {"5"}}),),
    message="is an administrative event that stops a waiting-time clock, not care",
    advice="Nothing to do.",
)
"""FIRST ATTENDANCE 5 is left out and counted."""
