"""Measure cards of diabetic foot disease in hospital, as OHID's foot care profile counts it."""

from __future__ import annotations

from datetime import date

from phm_diabetes.model.measures import Definition, Measure

__all__ = ["FOOT_DISEASE"]

_PROFILE = "Diabetes foot care profile, OHID (Fingertips), from Hospital Episode Statistics"


def _foot(name: str, indicator: str, title: str, events: str) -> Measure:
    """Return the card of one kind of event, per 10,000 people with diabetes and year."""
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
        source=_PROFILE,
        why="Amputation is the outcome that foot checks and quick referral are there to prevent.",
        caveats=(
            (
                "Events, not people: one person can have several, so that no interval is given "
                "without each person's count."
            ),
            (
                "A crude rate from the published counts. The profile's own figure for amputations "
                "is standardised by age and sex."
            ),
        ),
        definitions=(
            Definition(
                id=f"fingertips:{indicator}",
                words=f"{events}, three years pooled, per 10,000 people with diabetes and year.",
                source=f"{_PROFILE}, indicator {indicator}",
            ),
        ),
        reviewed=date(2026, 11, 22),
    )


FOOT_DISEASE = (
    _foot("major_amputations", "93047", "major amputations", "Major lower-limb amputations"),
    _foot("minor_amputations", "93049", "minor amputations", "Minor lower-limb amputations"),
    _foot("spells", "93051", "hospital spells", "Hospital spells for foot disease"),
)
"""Cards of amputations and of hospital spells for foot disease."""
