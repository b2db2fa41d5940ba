"""Measure card of what medicines for diabetes cost."""

from __future__ import annotations

from datetime import date

from phm_diabetes.model.measures import Definition, Measure

__all__ = ["PRESCRIBING"]

_SOURCE = "English Prescribing Dataset of the NHS Business Services Authority; OpenPrescribing"


def _definition(basis: str, words: str) -> Definition:
    return Definition(
        id=f"bnf:0601:{basis}",
        words=f"{words} British National Formulary section 6.1, drugs used in diabetes.",
        source=_SOURCE,
    )


PRESCRIBING = (
    Measure(
        id="dm.prescribing_spend",
        name="Medicines for diabetes: spend per 1,000 people on the register",
        numerator="Cost of items of section 6.1 prescribed and dispensed in the period [pence]",
        denominator="People on the diabetes registers of the practices (QOF)",
        kind="rate",
        unit="pence",
        polarity="neither",
        per=1000,
        source=_SOURCE,
        why="What medicines and devices for diabetes cost for the people of a practice.",
        caveats=(
            (
                "The cost basis belongs to the definition: net ingredient cost is the list price, "
                "actual cost is after the average discount; they are never summed or compared."
            ),
            (
                "Prescriptions are of people of any age, and some for other conditions, such as "
                "metformin for polycystic ovaries: who is prescribed need not be on the register."
            ),
            (
                "High spend can be good care, as newer medicines and sensors are dear: neither "
                "high nor low is good or bad."
            ),
            "The publication has no people, so that there is no interval, and nobody stands out.",
        ),
        definitions=(
            _definition("nic", "Net ingredient cost."),
            _definition("actual", "Actual cost, after the average discount."),
        ),
        reviewed=date(2026, 11, 28),
    ),
)
"""Card of prescribing spend."""
