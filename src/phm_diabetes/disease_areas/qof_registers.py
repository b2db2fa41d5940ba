"""Registers of the Quality and Outcomes Framework, other than those a disease area claims."""

from __future__ import annotations

from datetime import date

from phm_diabetes.model.known_issues import KnownIssue
from phm_diabetes.model.measures import Definition, DiseaseArea, Measure

__all__ = ["AREA", "GROUPS", "LIST_TYPES", "register_card"]

GROUPS = {
    "AF": "Atrial fibrillation",
    "AST": "Asthma",
    "CAN": "Cancer",
    "CHD": "Secondary prevention of coronary heart disease",
    "CKD": "Chronic kidney disease",
    "COPD": "Chronic obstructive pulmonary disease",
    "CVDPP": "Cardiovascular disease, primary prevention",
    "DEM": "Dementia",
    "DEP": "Depression",
    "DM": "Diabetes mellitus",
    "EP": "Epilepsy",
    "HF": "Heart failure",
    "HYP": "Hypertension",
    "LD": "Learning disability",
    "MH": "Mental health",
    "NDH": "Non-diabetic hyperglycaemia",
    "OB": "Obesity",
    "OST": "Osteoporosis",
    "PAD": "Peripheral arterial disease",
    "PC": "Palliative care",
    "RA": "Rheumatoid arthritis",
    "STIA": "Stroke and transient ischaemic attack",
}
"""Indicator groups that have a register, by the publisher's code."""

LIST_TYPES = {
    "TOTAL": (None, None),
    "06OV": (6, None),
    "16OV": (16, None),
    "17OV": (17, None),
    "18OV": (18, None),
    "30_74": (30, 74),
    "45OV": (45, None),
    "50OV": (50, None),
}
"""Ages that a patient list covers, by the publisher's code."""

_USUAL_LIST = {
    "AST": "06OV",
    "CKD": "18OV",
    "CVDPP": "30_74",
    "DEP": "18OV",
    "DM": "17OV",
    "EP": "18OV",
    "NDH": "18OV",
    "OB": "18OV",
    "OST": "50OV",
    "RA": "16OV",
}
_CLAIMED_BY_AN_AREA = {"DM", "NDH"}
_CRUDE = (
    "Crude prevalence: it moves with the age of the list, and with how completely people are "
    "diagnosed and coded. Neither high nor low is good or bad."
)
_ISSUES = {
    "DEP": KnownIssue(
        words="In 2023-24 this register counts only people newly diagnosed, unlike other years.",
        source="NHS England, publication pipeline of the QOF 2023-24",
        start=date(2023, 4, 1),
    ),
    "LD": KnownIssue(
        words="Most codes that put people on this register changed in 2018-19.",
        source="NHS Digital, QOF 2018-19, note on the tables",
        start=date(2018, 4, 1),
    ),
}


def register_card(group: str) -> Measure:
    """Return the card of a QOF register.

    Parameters
    ----------
    group
        Indicator group, such as ``"COPD"``.

    Raises
    ------
    KeyError
        When the framework has no such register.

    Examples
    --------
    >>> register_card("COPD").id
    'copd.register'
    """
    name = GROUPS[group]
    usual = _USUAL_LIST.get(group, "TOTAL")
    low, high = LIST_TYPES[usual]
    ages = "of any age" if low is None else f"aged {low} and over"
    if high is not None:
        ages = f"aged {low} to {high}"
    return Measure(
        id=f"{group.casefold()}.register",
        name=f"{name}: QOF register prevalence",
        numerator=f"People on the practice's QOF register ({group})",
        denominator=f"People registered with the practice, {ages}, on 31 March",
        kind="proportion",
        unit="people",
        polarity="neither",
        age_range=(low, high),
        source="Quality and Outcomes Framework, NHS England",
        why="How many people the practice has on record to care for.",
        caveats=(_CRUDE,),
        definitions=tuple(
            Definition(
                id=f"qof:{group}:{code}",
                words=f"Register {group} out of the patient list {code}.",
                source="Quality and Outcomes Framework, indicator mapping of the year",
            )
            for code in dict.fromkeys((usual, *LIST_TYPES))
        ),
        known_issues=(_ISSUES[group],) if group in _ISSUES else (),
        reviewed=date(2026, 11, 22),
        feeds_shortlist=False,
    )


AREA = DiseaseArea(
    id="qof_registers",
    name="QOF registers",
    description="Disease registers of the Quality and Outcomes Framework.",
    measures=tuple(register_card(group) for group in GROUPS if group not in _CLAIMED_BY_AN_AREA),
)
