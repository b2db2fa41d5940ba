"""Measure cards of diabetes outpatients: attendances, people, spend, follow-ups and DNAs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from phm_diabetes.disease_areas.hospital_codes import CORE, CORE_PLUS_ENDO
from phm_diabetes.model.measures import Definition, Measure

if TYPE_CHECKING:
    from phm_diabetes.disease_areas.hospital_codes import CodeList
    from phm_diabetes.model.measures import Kind, Polarity, Unit

__all__ = ["OUTPATIENTS"]

_SOURCE = "Hospital outpatient records (Hospital Episode Statistics or SUS)"
_RULES = "NHS Data Dictionary: attended or did not attend, first attendance, treatment function"
_REGISTER = "People aged 17 and over on the diabetes registers of the practices (QOF)"
_ATTENDED = "attended, late or not (codes 5 and 6)"
_ADULTS = "of people aged 17 and over"
_LEFT_OUT = (
    "Private patients and administrative events (first attendance 5) are left out; cancellations "
    "(codes 2 and 4) are neither attended nor missed."
)
_FUNCTION = (
    "Found by treatment function, as outpatient records hardly ever have a diagnosis: a trust that "
    "books its diabetes clinics under endocrinology or general medicine seems to have fewer. See "
    "each trust's split between 302 and 307 first."
)
_REPEATS = (
    "One person attends again and again, so that an interval needs each person's count; without "
    "it there is none."
)
_CARE_ELSEWHERE = (
    "Care in community clinics and in general practice is not in these records: neither high nor "
    "low use is good or bad."
)

_MISSED = "Appointments missed (codes 3 and 7)"
_WHY_MISSED = (
    "Records do not say why: letters that went astray, lists that were not kept and journeys that "
    "are too long all look the same."
)
_AGAIN = "More appointments are more chances to miss two: compare people who were sent as many."


def _definitions(rule: str, words: str, *, ending: str = "") -> tuple[Definition, ...]:
    """Return one version a set of treatment functions; the sets are never compared."""
    return tuple(_definition(rule, words, each, ending) for each in (CORE, CORE_PLUS_ENDO))


def _definition(rule: str, words: str, functions: CodeList, ending: str) -> Definition:
    return Definition(
        id=f"hes:{rule}:{functions.label}{ending}",
        words=f"{words} Treatment functions {functions.listed}: {functions.words}.",
        source=_RULES,
    )


def _outpatient(  # noqa: PLR0913 - what a card says
    name: str,
    title: str,
    *,
    numerator: str,
    denominator: str,
    why: str,
    caveats: tuple[str, ...],
    definitions: tuple[Definition, ...],
    kind: Kind = "rate",
    unit: Unit = "events",
    polarity: Polarity = "neither",
    per: int = 1,
    youngest: int | None = 17,
) -> Measure:
    """Return the card of one outpatient measure."""
    return Measure(
        id=f"dm.{name}",
        name=f"Diabetes outpatients: {title}",
        numerator=numerator,
        denominator=denominator,
        kind=kind,
        unit=unit,
        polarity=polarity,
        per=per,
        age_range=(youngest, None),
        source=_SOURCE,
        why=why,
        caveats=(*caveats, _FUNCTION, _LEFT_OUT),
        definitions=definitions,
        reviewed=date(2026, 11, 28),
    )


def _cancelled(side: str, code: str) -> Measure:
    """Return the card of appointments that one side cancelled."""
    return _outpatient(
        f"op_cancelled_{side}",
        f"appointments cancelled by the {side}",
        numerator=f"Appointments cancelled by the {side} (code {code})",
        denominator="Appointments missed, attended or cancelled (codes 2 to 7)",
        kind="proportion",
        polarity="neither" if side == "patient" else "lower",
        youngest=None,
        why="What is cancelled is no missed appointment, and is care put off all the same.",
        caveats=(_REPEATS,),
        definitions=_definitions(
            f"ATTENDED{{{code}}}/{{2,3,4,5,6,7}}",
            f"Cancelled by the {side}, out of all that were due and whose outcome is known.",
        ),
    )


OUTPATIENTS = (
    _outpatient(
        "op_attendances",
        "attendances per 1,000 people on the register",
        numerator=f"Appointments {_ATTENDED} in the period, {_ADULTS}",
        denominator=_REGISTER,
        per=1000,
        why="How much of the care of people with diabetes is given in hospital clinics.",
        caveats=(_CARE_ELSEWHERE, _REPEATS),
        definitions=_definitions(
            "ATTENDED{5,6}", f"Appointments {_ATTENDED}, out of people on the register."
        ),
    ),
    _outpatient(
        "op_people",
        "people seen, against people on the register",
        numerator=f"Different people who attended (codes 5 and 6) in the period, {_ADULTS}",
        denominator=_REGISTER,
        kind="ratio",
        unit="people",
        why="For how many of its people with diabetes a practice relies on hospital clinics.",
        caveats=(
            (
                "Two sources that are not linked: who is seen need not be on the register, so this "
                "is a ratio that can pass 100%, not a share."
            ),
            _CARE_ELSEWHERE,
            "Ids that are used once only are not people, and are not counted.",
        ),
        definitions=_definitions(
            "people{5,6}",
            "Different people with an appointment that they attended, for each person on the "
            "register.",
        ),
    ),
    _outpatient(
        "op_spend",
        "spend per 1,000 people on the register",
        numerator=f"Cost of appointments {_ATTENDED} in the period, {_ADULTS} [pence]",
        denominator=_REGISTER,
        unit="pence",
        per=1000,
        why="What hospital clinics cost for the people of a practice, PCN or Place.",
        caveats=(
            (
                "Tariff, not resources: first attendances carry part of the cost of follow-ups, "
                "and telephone had a flat price, so that a dearer mix is no waste and a cheaper "
                "one no cash."
            ),
            (
                "Basis and price year belong to the definition: two of them are never summed or "
                "compared. Whether the market forces factor is in is said with the prices."
            ),
            _REPEATS,
        ),
        definitions=_definitions(
            "cost{5,6}",
            "Cost as the record has it, else by a stated price table, of what was attended; what "
            "was not attended costs nothing. The records add basis and price year.",
        ),
    ),
    _outpatient(
        "op_first",
        "follow-ups for each first attendance",
        numerator=f"Follow-up appointments (first attendance 2 and 4) {_ATTENDED}",
        denominator=f"First appointments (first attendance 1 and 3) {_ATTENDED}",
        kind="ratio",
        youngest=None,
        why="Whether clinics keep people on or hand them back.",
        caveats=(
            "Without a first attendance there is no ratio; it is never infinite.",
            "A service that keeps people with complex needs rightly has many follow-ups.",
            _REPEATS,
        ),
        definitions=_definitions(
            "FIRSTATT{2,4}/{1,3}",
            "Attended follow-ups for each attended first; in CDS 6.3 consultation type 02 for 01. "
            "The first is the first that was attended, whatever was missed before.",
        ),
    ),
    _outpatient(
        "op_dna",
        "appointments missed (DNA)",
        numerator="Appointments missed without notice, or too late to be seen (codes 3 and 7)",
        denominator="Appointments missed or attended (codes 3, 5, 6 and 7)",
        kind="proportion",
        polarity="lower",
        youngest=None,
        why="A missed appointment is care not given, and can mean that a clinic is hard to reach.",
        caveats=(_REPEATS, _WHY_MISSED),
        definitions=_definitions(
            "ATTENDED{3,7}/{3,5,6,7}",
            "Missed without notice or arrived too late to be seen, out of these and those "
            "attended; cancellations by either side count in neither.",
        ),
    ),
    _cancelled("patient", "2"),
    _cancelled("provider", "4"),
    _outpatient(
        "op_dna_repeat",
        "appointments missed by people who missed two or more",
        numerator=f"{_MISSED} by people who missed two or more in the period",
        denominator=f"{_MISSED} by people whose pseudonym is known",
        kind="proportion",
        youngest=None,
        why="Whether to ask a few people what keeps them away, or to look at the clinic.",
        caveats=(_AGAIN, _REPEATS, _WHY_MISSED),
        definitions=_definitions("DNA{3,7}>=2", f"{_MISSED} by people with two or more of them."),
    ),
    _outpatient(
        "op_dna_people",
        "people who missed two or more, of those who missed any",
        numerator="Different people who missed two or more appointments in the period",
        denominator="Different people who missed any appointment in the period",
        kind="proportion",
        unit="people",
        youngest=None,
        why="How many people a call or a visit would have to reach.",
        caveats=(_AGAIN, _WHY_MISSED),
        definitions=_definitions(
            "DNA{3,7}>=2",
            "People with two or more appointments missed (codes 3 and 7), of people with any.",
            ending=":people",
        ),
    ),
    _outpatient(
        "op_dna_unlinked",
        "appointments missed by nobody who is known",
        numerator=f"{_MISSED} whose record has no pseudonym of a person",
        denominator=f"{_MISSED}",
        kind="proportion",
        youngest=None,
        why="What the figures on people who miss again and again leave out.",
        caveats=("A figure of the records, not of people.",),
        definitions=_definitions(
            "DNA{3,7} without a person", "Missed appointments that no person is known of."
        ),
    ),
)
"""Cards of outpatient measures."""
