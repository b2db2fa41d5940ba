"""Measure cards of the care processes of the National Diabetes Audit."""

from __future__ import annotations

from datetime import date

from phm_diabetes.disease_areas.nda_known_issues import known_issues_of
from phm_diabetes.disease_areas.nda_versions import PUBLISHER, ROUNDED, nda_definitions
from phm_diabetes.model.measures import Definition, Measure

__all__ = ["PROCESSES"]

_TAKING_PART = "Only people found by the audit count: practices and people opted out are missing."
_EIGHT = (
    "HbA1c, blood pressure, cholesterol, serum creatinine, urine albumin, foot surveillance, "
    "body mass index and smoking"
)


def _process(
    name: str,
    title: str,
    done: str,
    why: str,
    *,
    youngest: int | None = 12,
    definitions: tuple[Definition, ...] = (),
    caveats: tuple[str, ...] = (),
) -> Measure:
    """Return the card of one care process, out of everyone registered of an age."""
    ages = "of any age" if youngest is None else f"aged {youngest} and over"
    words = f"{done}, in {{window}}, out of people with diabetes {ages}."
    return Measure(
        id=f"dm.{name}",
        name=f"Diabetes care process: {title}",
        numerator=f"{done}, in the audit's window",
        denominator=f"People with diabetes registered in the audit, {ages}",
        kind="proportion",
        unit="people",
        polarity="higher",
        age_range=(youngest, None),
        source=PUBLISHER,
        why=why,
        caveats=(*caveats, _TAKING_PART, ROUNDED),
        definitions=definitions or nda_definitions(name, words),
        known_issues=known_issues_of(f"dm.{name}"),
        reviewed=date(2026, 11, 22),
    )


def _by_collector(name: str, words: str) -> tuple[Definition, ...]:
    """Return the versions of what the ninth care process is part of, by who collected it."""
    return (
        *nda_definitions(f"{name}.practice", f"{words}, as practices record it.", last=2017),
        *nda_definitions(
            f"{name}.screening",
            f"{words}, as eye screening providers record it.",
            source="National Diabetes Audit, report of 2019-20",
            first=2019,
        ),
    )


_ALTERNATE_YEARS = (
    "People at low risk are now recalled every other year, so that 100% cannot be expected."
)
_SINGLE = (
    (
        "cp.hba1c",
        "HbA1c",
        "People with an HbA1c recorded",
        "HbA1c shows glucose control over the past months, and steers treatment.",
        None,
    ),
    (
        "cp.bp",
        "blood pressure",
        "People with a blood pressure recorded",
        "High blood pressure drives heart, kidney and eye disease, and can be treated.",
        12,
    ),
    (
        "cp.cholesterol",
        "cholesterol",
        "People with a cholesterol recorded",
        "Cholesterol is part of the risk of heart attack and stroke.",
        12,
    ),
    (
        "cp.creatinine",
        "serum creatinine",
        "People with a serum creatinine recorded",
        "Creatinine shows how the kidneys work.",
        12,
    ),
    (
        "cp.urine_albumin",
        "urine albumin",
        "People with a urine albumin recorded",
        "Albumin in urine is the earliest sign of kidney damage, while it can still be slowed.",
        12,
    ),
    (
        "cp.foot",
        "foot surveillance",
        "People with a foot examination recorded",
        "Feet at risk found early can be kept from ulcers and amputation.",
        12,
    ),
    (
        "cp.bmi",
        "body mass index",
        "People with a body mass index recorded",
        "Weight steers treatment, and remission of type 2 diabetes begins with it.",
        12,
    ),
    (
        "cp.smoking",
        "smoking",
        "People with a smoking status recorded (or known at 26 or older never to have smoked)",
        "Smoking multiplies every complication of diabetes.",
        12,
    ),
)

PROCESSES = (
    *(
        _process(name, title, done, why, youngest=youngest)
        for name, title, done, why, youngest in _SINGLE
    ),
    _process(
        "cp.retinal",
        "retinal screening",
        "People whose eyes were screened",
        "Sight lost to diabetes can be kept by laser or injections when found in time.",
        definitions=_by_collector("cp.retinal", "People screened in {window}"),
        caveats=(
            (
                "The ninth care process: collected from eye screening providers since 2019-20, "
                "England only, and not at all in 2018-19."
            ),
            _ALTERNATE_YEARS,
        ),
    ),
    _process(
        "cp8",
        "all eight",
        f"People with all of these recorded: {_EIGHT} (under the age of 12, HbA1c alone)",
        "The whole yearly check, which finds complications before they harm.",
        youngest=None,
        caveats=("Published as a whole; never the product or mean of its parts.",),
    ),
    _process(
        "cp9",
        "all nine",
        "People with all eight care processes and retinal screening recorded",
        "The whole yearly check with the eyes.",
        youngest=None,
        definitions=_by_collector(
            "cp9", "People with all eight care processes and screened in {window}"
        ),
        caveats=(
            "It needs the ninth care process: there is none where that was not collected.",
            _ALTERNATE_YEARS,
        ),
    ),
)
"""Cards of the eight care processes, retinal screening, all eight and all nine."""
