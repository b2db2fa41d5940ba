"""Measure cards of diabetic foot disease in hospital: amputations, and spells."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from phm_diabetes.disease_areas.hospital_codes import (
    DIABETES,
    MAJOR_BROAD,
    MAJOR_NARROW,
    MINOR,
)
from phm_diabetes.model.measures import Definition, Measure

if TYPE_CHECKING:
    from phm_diabetes.disease_areas.hospital_codes import CodeList

__all__ = ["FOOT_DISEASE"]

_PROFILE = "Diabetes foot care profile, OHID (Fingertips), from Hospital Episode Statistics"
_RECORDS = "Hospital admitted care records (Hospital Episode Statistics)"
_EVENTS = (
    "Events, not people: one person can have several, so that no interval is given "
    "without each person's count."
)
_CRUDE = (
    "A crude rate from the published counts. The profile's own figure for amputations "
    "is standardised by age and sex."
)
_PREVENTABLE = "Amputation is the outcome that foot checks and quick referral are there to prevent."
_FEW = "A practice has too few to be judged by: three years of a Place or more, never a practice."
_VARIANT = (
    "Which procedures the profile counts is not published: figures counted from records here are "
    "another definition, and which variant of the codes it is stands in its name."
)


def _foot(
    name: str,
    title: str,
    events: str,
    *,
    indicator: str | None = None,
    procedures: CodeList | None = None,
    without: CodeList | None = None,
    why: str = _PREVENTABLE,
) -> Measure:
    """Return the card of one kind of event, per 10,000 people with diabetes and year."""
    versions = []
    if indicator is not None:
        versions.append(
            Definition(
                id=f"fingertips:{indicator}",
                words=f"{events}, three years pooled, per 10,000 people with diabetes and year.",
                source=f"{_PROFILE}, indicator {indicator}",
            )
        )
    if procedures is not None:
        versions.append(_counted(events, procedures, without))
    caveats = [_EVENTS]
    caveats += [] if indicator is None else [_CRUDE]
    caveats += [] if procedures is None else [_FEW, _VARIANT]
    return Measure(
        id=f"dm.foot.{name}",
        name=f"Diabetic foot disease: {title}",
        numerator=f"{events} of people with diabetes aged 17 and over, in three financial years",
        denominator=(
            "People aged 17 and over with diabetes in the National Diabetes Audit, summed over "
            "the three years"
        ),
        kind="rate",
        unit="events",
        polarity="lower",
        per=10_000,
        age_range=(17, None),
        source=_RECORDS if indicator is None else _PROFILE,
        why=why,
        caveats=tuple(caveats),
        definitions=tuple(versions),
        reviewed=date(2026, 11, 28),
        feeds_shortlist=procedures is None,
        rare=procedures is not None,
        patients_only=True,
    )


def _counted(events: str, procedures: CodeList, without: CodeList | None) -> Definition:
    """Return the rule by which records are counted."""
    label, once = procedures.label, "A spell counts once in each class of amputation that it has"
    if without is not None:
        label += f"-{without.label}"
        once = f"A spell that also has {without.listed} ({without.words}) is not counted"
    return Definition(
        id=f"hes:{label}",
        words=(
            f"{events}: spells with a procedure {procedures.listed} in any slot of any episode "
            f"({procedures.words}) and with {DIABETES.listed} in any position ({DIABETES.words}). "
            f"{once}; by the day on which it ended, three years pooled, by registered practice."
        ),
        source="OPCS-4 and ICD-10; classes as in Exeter-Diabetes/CPRD-Codelists (GitHub)",
        valid_from=date(1995, 4, 1),
    )


FOOT_DISEASE = (
    _foot(
        "major_amputations",
        "major amputations",
        "Major lower-limb amputations",
        indicator="93047",
        procedures=MAJOR_BROAD,
    ),
    _foot(
        "major_amputations_narrow",
        "major amputations, above, through or below the knee only",
        "Major lower-limb amputations above, through or below the knee",
        procedures=MAJOR_NARROW,
    ),
    _foot(
        "minor_amputations",
        "minor amputations",
        "Minor lower-limb amputations",
        indicator="93049",
        procedures=MINOR,
    ),
    _foot(
        "minor_amputations_only",
        "minor amputations in stays without a major one",
        "Minor lower-limb amputations, the highest level of the stay",
        procedures=MINOR,
        without=MAJOR_BROAD,
    ),
    _foot(
        "spells",
        "hospital spells",
        "Hospital spells for foot disease",
        indicator="93051",
        why="Each spell is a foot that was not kept well enough to stay out of hospital.",
    ),
)
"""Cards of amputations, in the variants of their codes, and of hospital spells."""
