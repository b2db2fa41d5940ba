"""Measure cards of hospital admissions of people with diabetes, and of the days they stay."""

from __future__ import annotations

from datetime import date

from phm_diabetes.disease_areas.hospital_codes import DIABETES, HYPOGLYCAEMIA, KETOACIDOSIS
from phm_diabetes.model.measures import Definition, Measure

__all__ = ["ADMISSIONS"]

_SOURCE = "Hospital admitted care records (Hospital Episode Statistics)"
_RULES = (
    "NHS Data Dictionary, admission method; ICD-10; spells as in the Health Foundation's published "
    "pipeline (github.com/HFAnalyticsLab/HES_pipeline)"
)
_REGISTER = "People aged 17 and over on the diabetes registers of the practices (QOF)"
_EMERGENCY = "emergency admission (methods 21 to 25, 28, 2A, 2B and 2D)"
_ICD10_BEGAN = date(1995, 4, 1)
_SPELLS = "Spells are counted, not episodes: one stay under several consultants is one."
_REPEATS = (
    "Events, not people: one person can have several, so that no interval is given without each "
    "person's count."
)
_ANYWHERE = (
    "A diagnosis counts in any position of any episode of the spell, so also what was found or "
    "arose in hospital; recording differs between trusts."
)
_CHILDREN = (
    "Aged 17 and over, as the register is: children and young people, of whom many are admitted "
    "so, are not in it."
)


def _admission(
    name: str,
    title: str,
    events: str,
    *,
    rule: str,
    diagnoses: str,
    why: str,
    caveats: tuple[str, ...] = (),
) -> Measure:
    """Return the card of one kind of stay, per 1,000 people on the register."""
    return Measure(
        id=f"dm.{name}",
        name=f"Diabetes in hospital: {title} per 1,000 people on the register",
        numerator=f"{events}, of people aged 17 and over",
        denominator=_REGISTER,
        kind="rate",
        unit="events",
        polarity="lower",
        per=1000,
        age_range=(17, None),
        source=_SOURCE,
        why=why,
        caveats=(*caveats, _SPELLS, _REPEATS, _ANYWHERE),
        definitions=(
            Definition(
                id=f"hes:{rule}",
                words=f"{events}, {diagnoses}, out of people on the register.",
                source=_RULES,
                valid_from=_ICD10_BEGAN,
            ),
        ),
        reviewed=date(2026, 11, 28),
        patients_only=True,
    )


_WITH_DIABETES = f"{DIABETES.listed} in any position ({DIABETES.words})"

ADMISSIONS = (
    _admission(
        "adm_emergency",
        "emergency admissions with diabetes",
        f"Spells that begin in the period by {_EMERGENCY}, with diabetes recorded",
        rule=f"emergency:{DIABETES.label}",
        diagnoses=_WITH_DIABETES,
        why="Better care of diabetes prevents some of the emergencies, not most of them.",
        caveats=(
            "With diabetes, not because of it: a broken hip of a person with diabetes counts.",
        ),
    ),
    _admission(
        "adm_dka",
        "emergency admissions with ketoacidosis",
        f"Spells that begin in the period by {_EMERGENCY}, with diabetic ketoacidosis recorded",
        rule=f"emergency:{KETOACIDOSIS.label}",
        diagnoses=f"{KETOACIDOSIS.listed} in any position ({KETOACIDOSIS.words})",
        why="Most ketoacidosis can be prevented by education and quick help when somebody is ill.",
        caveats=(
            (
                "The national compendium's indicator counts coma too and the first diagnosis only: "
                "another definition."
            ),
            "Some is the first sign of a diabetes that nobody knew of.",
            _CHILDREN,
        ),
    ),
    _admission(
        "adm_hypoglycaemia",
        "emergency admissions with hypoglycaemia",
        (
            f"Spells that begin in the period by {_EMERGENCY}, with diabetes and hypoglycaemia "
            "recorded"
        ),
        rule=f"emergency:{DIABETES.label}+{HYPOGLYCAEMIA.label}",
        diagnoses=(
            f"{_WITH_DIABETES} and {HYPOGLYCAEMIA.listed} in any position ({HYPOGLYCAEMIA.words})"
        ),
        why="Treatment that is too strong for an older person shows here first.",
        caveats=(
            "Most hypoglycaemia never comes to hospital, and ambulances treat much of the rest.",
            _CHILDREN,
        ),
    ),
    _admission(
        "bed_days",
        "bed days after emergency admission with diabetes",
        (
            "Nights from admission to discharge of spells that end in the period and began by "
            f"{_EMERGENCY}, with diabetes recorded"
        ),
        rule=f"bed_days:{DIABETES.label}",
        diagnoses=f"{_WITH_DIABETES}; a stay without a night has none",
        why="How much of a hospital's beds the emergencies of people with diabetes take.",
        caveats=(
            "By the day of discharge: a stay that began in the year before counts in full.",
            "A few long stays make up much of it.",
        ),
    ),
)
"""Cards of emergency admissions and bed days."""
