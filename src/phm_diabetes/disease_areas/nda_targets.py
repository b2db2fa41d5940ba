"""Measure cards of the treatment targets of the National Diabetes Audit."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from phm_diabetes.disease_areas.nda_known_issues import known_issues_of
from phm_diabetes.disease_areas.nda_versions import (
    ALL_THREE,
    PUBLISHER,
    ROUNDED,
    all_three_code,
    nda_definitions,
)
from phm_diabetes.model.measures import Definition, Measure

__all__ = ["TARGETS"]

_MEASURED_ONLY = (
    "Published out of people with a reading in the window only (measured only): where few are "
    "tested the percentage can look good. Read it beside the care process, and beside its bounds "
    "among everyone registered."
)
_AMONG_EVERYONE = (
    "{words} Here out of everyone registered: from those known to reach it, to those and all "
    "without a reading."
)
_REGISTERED_IN = {
    "tt.hba1c": "dm.cp.hba1c",
    "tt.bp": "dm.cp.bp",
    "tt.cholesterol": "dm.cp.cholesterol",
    "tt3": "dm.cp8",
}
"""Measures whose denominators are everyone registered of the ages that a target is about."""
_TARGET_WORDS = {
    "hba1c_58": "HbA1c of 58 mmol/mol or less",
    "bp_140_80": "blood pressure of 140/80 or less",
    "bp_140_90": "blood pressure of 140/90 or less",
    "cholesterol_5": "cholesterol below 5 mmol/l",
    "statin": "a statin where indicated (aged 40 to 80, or with cardiovascular disease from 12 on)",
}


def _target(
    name: str,
    title: str,
    reached: str,
    among: str,
    why: str,
    *,
    ages: tuple[int | None, int | None] = (None, None),
    definitions: tuple[Definition, ...] = (),
    caveats: tuple[str, ...] = (_MEASURED_ONLY,),
) -> Measure:
    """Return the card of one treatment target."""
    registered = _REGISTERED_IN.get(name.partition("_")[0])
    versions = definitions or nda_definitions(
        name, f"{reached}, out of {among[0].lower()}{among[1:]}: {{window}}."
    )
    if registered is not None:
        versions += tuple(_among_everyone(each) for each in versions)
    return Measure(
        id=f"dm.{name}",
        name=f"Diabetes treatment target: {title}",
        numerator=reached,
        denominator=among,
        kind="proportion",
        unit="people",
        polarity="higher",
        age_range=ages,
        source=PUBLISHER,
        why=why,
        caveats=(*caveats, ROUNDED),
        definitions=versions,
        known_issues=known_issues_of(f"dm.{name}"),
        reviewed=date(2026, 11, 28),
        registered_in=registered,
    )


def _among_everyone(measured_only: Definition) -> Definition:
    return evolve(
        measured_only,
        id=f"{measured_only.id}+registered",
        words=_AMONG_EVERYONE.format(words=measured_only.words),
    )


_GLUCOSE = "Lower glucose means fewer complications of eyes, kidneys, nerves and feet."
_HBA1C = tuple(
    _target(
        f"tt.hba1c_{limit}",
        f"HbA1c of {limit} mmol/mol ({percent}%) or less",
        f"People whose latest HbA1c is {limit} mmol/mol or less",
        "People with an HbA1c in the window, of any age",
        _GLUCOSE,
    )
    for limit, percent in ((48, "6.5"), (53, "7.0"), (58, "7.5"), (75, "9.0"), (86, "10.0"))
)
_PRESSURE = tuple(
    _target(
        f"tt.bp_{limit.replace('/', '_')}",
        f"blood pressure of {limit} or less",
        f"People whose latest blood pressure is {limit} or less",
        "People aged 12 and over with a blood pressure in the window",
        "Lower blood pressure means fewer strokes, heart attacks and failing kidneys.",
        ages=(12, None),
    )
    for limit in ("140/80", "140/90")
)
_CHOLESTEROL = tuple(
    _target(
        f"tt.cholesterol_{limit}",
        f"cholesterol below {limit} mmol/l",
        f"People whose latest cholesterol is below {limit} mmol/l",
        "People aged 12 and over with a cholesterol in the window",
        "Lower cholesterol means fewer heart attacks and strokes.",
        ages=(12, None),
    )
    for limit in (4, 5)
)
_ANY_READING = "Out of everyone for whom a statin is indicated, with or without readings."
_STATINS = tuple(
    _target(
        f"tt.statin_{name}",
        title,
        f"People prescribed a statin among those {among}",
        f"People {among}",
        "Statins prevent heart attacks and strokes.",
        ages=ages,
        caveats=(_ANY_READING,),
    )
    for name, title, among, ages in (
        (
            "primary",
            "statin, primary prevention",
            "aged 40 to 80 without cardiovascular disease",
            (40, 80),
        ),
        (
            "secondary",
            "statin, secondary prevention",
            "with cardiovascular disease (an admission, or coded by the practice)",
            (None, None),
        ),
        (
            "combined",
            "statin, primary or secondary prevention",
            "aged 40 to 80, or with cardiovascular disease",
            (None, None),
        ),
    )
)


def _all_three(components: tuple[str, ...]) -> tuple[Definition, ...]:
    """Return one of the three definitions of all three targets, in each window."""
    targets = "; ".join(_TARGET_WORDS[each] for each in components)
    readings = (
        "readings of all three" if "cholesterol_5" in components else "readings of the first two"
    )
    return nda_definitions(
        all_three_code(components),
        f"{targets}; under the age of 12 HbA1c alone: out of people with {readings} in {{window}}.",
    )


_TT3 = _target(
    "tt3",
    "all three",
    "People who reach all three targets; HbA1c alone under the age of 12",
    "People with readings of each target that has one, in the window",
    "The targets together prevent more than each alone.",
    definitions=tuple(each for components in ALL_THREE for each in _all_three(components)),
    caveats=(
        (
            "Its components have changed twice: cholesterol gave way to statins, and 140/80 to "
            "140/90. Figures of two definitions are not compared."
        ),
        _MEASURED_ONLY,
    ),
)

TARGETS = (*_HBA1C, *_PRESSURE, *_CHOLESTEROL, *_STATINS, _TT3)
"""Cards of the single targets, and of all three."""
