"""Rules of which spells of people with diabetes count: emergencies, bed days, amputations."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen, validators

from phm_diabetes.disease_areas.hospital_codes import (
    DIABETES,
    HYPOGLYCAEMIA,
    KETOACIDOSIS,
    MAJOR_BROAD,
    MAJOR_NARROW,
    MINOR,
    CodeList,
)
from phm_diabetes.model.measures import MEASURE_ID

__all__ = [
    "BED_DAYS",
    "EMERGENCIES",
    "HYPOGLYCAEMIAS",
    "KETOACIDOSES",
    "MAJOR_AMPUTATIONS",
    "MAJOR_AMPUTATIONS_NARROW",
    "MINOR_AMPUTATIONS",
    "MINOR_AMPUTATIONS_ONLY",
    "SpellRule",
]


@frozen(kw_only=True)
class SpellRule:
    """Which spells count in a measure, and as what.

    Parameters
    ----------
    measure, definition
        Id of the card, and the version of its rule.
    diagnoses
        Lists, of each of which the spell has a code, in any position of any episode.
    procedures
        Lists, of each of which the spell has a code, in any slot of any episode.
    without
        Lists of procedures, of none of which it has a code: only the highest class is counted.
    emergency
        Whether it began as an emergency.
    counts
        ``"spells"``, or the ``"nights"`` from its first day to its last.
    day
        Which day decides the period: ``"admitted"`` or ``"ended"``. A stay that is not over has
        not ended.
    youngest
        Lowest age at its start; whose age is not known is not counted.

    Examples
    --------
    >>> MINOR_AMPUTATIONS_ONLY.definition
    'hes:minor_amputation:1-major_broad:1'
    """

    measure: str = field(validator=validators.matches_re(MEASURE_ID))
    definition: str = field(validator=validators.min_len(1))
    diagnoses: tuple[CodeList, ...] = ()
    procedures: tuple[CodeList, ...] = ()
    without: tuple[CodeList, ...] = ()
    emergency: bool = False
    counts: Literal["spells", "nights"] = field(
        default="spells", validator=validators.in_(("spells", "nights"))
    )
    day: Literal["admitted", "ended"] = field(
        default="admitted", validator=validators.in_(("admitted", "ended"))
    )
    youngest: int | None = 17


def _emergency(name: str, *diagnoses: CodeList) -> SpellRule:
    labels = "+".join(each.label for each in diagnoses)
    return SpellRule(
        measure=f"dm.{name}",
        definition=f"hes:emergency:{labels}",
        diagnoses=diagnoses,
        emergency=True,
    )


def _amputations(name: str, codes: CodeList, *without: CodeList) -> SpellRule:
    return SpellRule(
        measure=f"dm.foot.{name}",
        definition="-".join([f"hes:{codes.label}", *(each.label for each in without)]),
        diagnoses=(DIABETES,),
        procedures=(codes,),
        without=without,
        day="ended",
    )


EMERGENCIES = _emergency("adm_emergency", DIABETES)
"""Emergency admissions with diabetes."""

KETOACIDOSES = _emergency("adm_dka", KETOACIDOSIS)
"""Emergency admissions with ketoacidosis."""

HYPOGLYCAEMIAS = _emergency("adm_hypoglycaemia", DIABETES, HYPOGLYCAEMIA)
"""Emergency admissions with hypoglycaemia, of people with diabetes."""

BED_DAYS = SpellRule(
    measure="dm.bed_days",
    definition=f"hes:bed_days:{DIABETES.label}",
    diagnoses=(DIABETES,),
    emergency=True,
    counts="nights",
    day="ended",
)
"""Nights after emergency admission with diabetes."""

MAJOR_AMPUTATIONS = _amputations("major_amputations", MAJOR_BROAD)
"""Any amputation of leg."""

MAJOR_AMPUTATIONS_NARROW = _amputations("major_amputations_narrow", MAJOR_NARROW)
"""Above, through or below the knee only."""

MINOR_AMPUTATIONS = _amputations("minor_amputations", MINOR)
"""Of foot or toe; a spell with a major amputation too counts in both."""

MINOR_AMPUTATIONS_ONLY = _amputations("minor_amputations_only", MINOR, MAJOR_BROAD)
"""Of foot or toe, where the spell has no amputation of leg: the highest level only."""
