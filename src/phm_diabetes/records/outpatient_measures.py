"""Measures of outpatients: what the cards of outpatient care count, ready for a tally."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from phm_diabetes.disease_areas.hospital_codes import CORE
from phm_diabetes.records.code_lists import where_listed
from phm_diabetes.records.measures import Distinct, RecordMeasure, Rows, Total, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phm_diabetes.disease_areas.hospital_codes import CodeList
    from phm_diabetes.records.measures import Counted

__all__ = [
    "OP_ATTENDANCES",
    "OP_DNA",
    "OP_FIRST",
    "OP_PEOPLE",
    "OP_SPEND",
    "OP_UNIT_COST",
    "OutpatientMeasures",
    "measures_of_outpatients",
]

_ATTENDED = Where(column="attendance", isin=("attended",))
_CAME_OR_MISSED = Where(column="attendance", isin=("attended", "missed"))


@frozen(kw_only=True)
class OutpatientMeasures:
    """The measures of one set of treatment functions.

    Parameters
    ----------
    attendances
        Attended, of those old enough.
    people
        Different people who attended, of those old enough.
    spend
        Cost of what was attended [pence], of those old enough.
    first
        Attended follow-ups over attended firsts, of any age.
    dna
        Missed, over missed or attended, of any age.
    unit_cost
        Cost [pence] over the attendances that have a cost, of those old enough. It has no card:
        :func:`~phm_diabetes.metrics.costing.unit_costs` divides it.

    Examples
    --------
    >>> [measure.id for measure in measures_of_outpatients(CORE)][:2]
    ['dm.op_attendances', 'dm.op_people']
    """

    attendances: RecordMeasure
    people: RecordMeasure
    spend: RecordMeasure
    first: RecordMeasure
    dna: RecordMeasure
    unit_cost: RecordMeasure

    def __iter__(self) -> Iterator[RecordMeasure]:
        """Go through the measures."""
        yield from (self.attendances, self.people, self.spend)
        yield from (self.first, self.dna, self.unit_cost)


def measures_of_outpatients(
    functions: CodeList, *, area: str = "dm", youngest: int = 17
) -> OutpatientMeasures:
    """Return the outpatient measures of a set of treatment functions.

    Parameters
    ----------
    functions
        Treatment functions; their name and version go into each definition.
    area
        First word of the ids.
    youngest
        Lowest age counted in attendances, people and spend: that of the register they are held
        against. Whose age is not known is not counted.

    Examples
    --------
    >>> measures_of_outpatients(CORE).people.definition
    'hes:people{5,6}:core:1'
    """
    listed = where_listed("treatment_function", functions)
    grown = (listed, _ATTENDED, Where(column="age", least=youngest))

    def measure(
        name: str, rule: str, of: Counted, to: Counted | None = None, *, where: tuple[Where, ...]
    ) -> RecordMeasure:
        return RecordMeasure(
            id=f"{area}.op_{name}",
            definition=f"hes:{rule}:{functions.label}",
            numerator=of,
            denominator=to,
            where=where,
        )

    follow_ups, firsts = (
        Rows(where=(Where(column="visit", isin=(visit,)),)) for visit in ("follow_up", "first")
    )
    missed = Rows(where=(Where(column="attendance", isin=("missed",)),))
    priced = Rows(where=(Where(column="cost_pence", least=0),))
    return OutpatientMeasures(
        attendances=measure("attendances", "ATTENDED{5,6}", Rows(), where=grown),
        people=measure("people", "people{5,6}", Distinct(), where=grown),
        spend=measure("spend", "cost{5,6}", Total(), where=grown),
        first=measure(
            "first", "FIRSTATT{2,4}/{1,3}", follow_ups, firsts, where=(listed, _ATTENDED)
        ),
        dna=measure(
            "dna", "ATTENDED{3,7}/{3,5,6,7}", missed, Rows(), where=(listed, _CAME_OR_MISSED)
        ),
        unit_cost=measure("unit_cost", "cost{5,6}/priced{5,6}", Total(), priced, where=grown),
    )


_OF_CORE = measures_of_outpatients(CORE)

OP_ATTENDANCES = _OF_CORE.attendances
"""Attendances of people old enough for the register."""

OP_PEOPLE = _OF_CORE.people
"""Different people who attended."""

OP_SPEND = _OF_CORE.spend
"""Cost of what they attended."""

OP_FIRST = _OF_CORE.first
"""Follow-ups for each first attendance."""

OP_DNA = _OF_CORE.dna
"""Appointments missed, out of those missed or attended."""

OP_UNIT_COST = _OF_CORE.unit_cost
"""Cost of each attendance that has a cost."""
