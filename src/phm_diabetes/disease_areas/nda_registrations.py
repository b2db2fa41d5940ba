"""Measure cards of the National Diabetes Audit's registrations and structured education."""

from __future__ import annotations

from datetime import date

from phm_diabetes.disease_areas.nda_known_issues import known_issues_of
from phm_diabetes.disease_areas.nda_versions import PUBLISHER, ROUNDED, nda_definitions
from phm_diabetes.model.measures import Measure

__all__ = ["EDUCATION", "REGISTRATIONS"]

_REVIEWED = date(2026, 11, 22)

_PEOPLE = Measure(
    id="dm.registrations",
    name="People with diabetes registered in the National Diabetes Audit",
    numerator="People with diabetes registered in the audit's window, of any age",
    denominator="None: a count, by type, age, sex, ethnicity and deprivation",
    kind="count",
    unit="people",
    polarity="neither",
    source=PUBLISHER,
    why="Who the people are whose care is measured.",
    caveats=(
        "Everyone who is not recorded as type 1 counts as type 2 and other.",
        "Ethnicity and deprivation that are not recorded are unknown, and counted as such.",
        ROUNDED,
    ),
    definitions=nda_definitions(
        "registrations", "People with diabetes registered at some time in {window}."
    ),
    known_issues=known_issues_of("dm.registrations"),
    reviewed=_REVIEWED,
    feeds_shortlist=False,
)


def _share_of_list(measure: str, title: str, people: str, why: str) -> Measure:
    """Return the card of people found by the audit, out of the practice's list."""
    code = measure.removeprefix("dm.")
    return Measure(
        id=measure,
        name=f"{title}: registered in the National Diabetes Audit",
        numerator=f"{people} found by the audit",
        denominator="People aged 17 and over registered with the practice",
        kind="proportion",
        unit="people",
        polarity="neither",
        age_range=(17, None),
        source=PUBLISHER,
        why=why,
        caveats=(
            (
                "Crude: it moves with the age of the list, and with how completely people are "
                "tested and coded."
            ),
            ROUNDED,
        ),
        definitions=nda_definitions(
            code,
            f"{people} out of the practice's list aged 17 and over: {{window}}.",
            source="National Diabetes Audit, non-diabetic hyperglycaemia workbook",
        ),
        known_issues=known_issues_of(measure),
        reviewed=_REVIEWED,
        feeds_shortlist=False,
    )


REGISTRATIONS = (
    _PEOPLE,
    _share_of_list(
        "dm.prevalence",
        "Type 2 diabetes",
        "People with type 2 diabetes",
        "Set beside the QOF register it shows whether both find the same people.",
    ),
    _share_of_list(
        "ndh.registrations",
        "Non-diabetic hyperglycaemia",
        "People with non-diabetic hyperglycaemia",
        "People at high risk of type 2 diabetes, who are due a yearly test and prevention.",
    ),
)
"""Cards of people registered in the audit."""


def _education(name: str, done: str) -> Measure:
    """Return the card of structured education, offered or attended."""
    words = f"People newly diagnosed who {done} within 12 months (fewer than 366 days) of diagnosis"
    return Measure(
        id=f"dm.education.{name}",
        name=f"Structured education {name} within 12 months of diagnosis",
        numerator=words,
        denominator="People diagnosed in the calendar year before the audit's window",
        kind="proportion",
        unit="people",
        polarity="higher",
        source=PUBLISHER,
        why="People who understand their diabetes manage it better.",
        caveats=(
            "Attendance is recorded far less often than it happens: low figures may be coding.",
            ROUNDED,
        ),
        definitions=nda_definitions(
            f"education.{name}",
            f"{words}, out of people diagnosed in the calendar year before: {{window}}.",
        ),
        known_issues=known_issues_of(f"dm.education.{name}"),
        reviewed=_REVIEWED,
    )


EDUCATION = (
    _education("offered", "were offered it"),
    _education("attended", "attended it"),
)
"""Cards of structured education."""
