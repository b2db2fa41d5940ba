"""Outpatient layouts: what all of them share, so that a source only says its headers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import frozen

from phm_diabetes.records.columns import Case, Column
from phm_diabetes.records.layout import Duplicates, RecordLayout, Rule
from phm_diabetes.records.layouts.clinical_codes import diagnoses_column, procedures_column
from phm_diabetes.records.layouts.dates import date_column
from phm_diabetes.records.layouts.identifiers import NULLS
from phm_diabetes.records.layouts.organisations import (
    code_column,
    provider_columns,
    site_column,
    specialty_column,
)
from phm_diabetes.records.layouts.patients import (
    DECILE_NUMBERS,
    age_column,
    area_column,
    deprivation_column,
    ethnicity_column,
    sex_column,
)
from phm_diabetes.records.layouts.practices import (
    practice_columns,
    practices_apart,
    registered_practice,
)
from phm_diabetes.records.layouts.visits import (
    CLOCK_STOP,
    MEDIA_APART,
    MEDIUM,
    VISIT,
    attendance_column,
    visit_columns,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "OPTIONS",
    "PRIVATE_PATIENT",
    "OutpatientHeaders",
    "admin_category_column",
    "outpatient_layout",
]

OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "imd_vintage": "edition of the deprivation index behind the tenths, such as 2019",
        "price_year": "financial year of the prices behind the cost, such as 2022-23",
        "price_type": "national, guide, local or reference_cost: what the cost is",
        "market_forces_factor": "included or excluded: whether it is in the cost",
    }
)
"""What whoever loads outpatients may say of them."""

PRIVATE_PATIENT = Rule(
    name="private patient",
    cases=(Case(when={"admin_category": {"02"}}),),
    message="is of a private patient",
    advice="Nothing to do.",
    may_hide=True,
)
"""Administrative category 02 is left out and counted."""


@frozen(kw_only=True)
class OutpatientHeaders:
    """Headers of a source of outpatients; of several the first that is present is read.

    Parameters
    ----------
    appointment, date, attendance, treatment_function, provider
        A source without these is refused.
    first, consultation_type
        FIRST ATTENDANCE, and CONSULTATION TYPE of CDS 6.3: a source has one of them.
    consultation_medium
        Medium used, or CONSULTATION MECHANISM of CDS 6.3.
    practice, practice_worked_out
        Registered practice as sent, and as somebody worked it out afterwards: a source has one
        of them.
    main_specialty, site, clinic, age, sex, ethnicity, area, deprivation, referral_source,
    referral_date, outcome, admin_category, currency, cost
        What a source may lack; private patients can only be left out by ``admin_category``.
    diagnoses, procedures
        With ``{}`` for the number of the slot; none where the source has no such columns.

    Examples
    --------
    >>> from phm_diabetes.records.layouts.england_hes_op import HEADERS
    >>> HEADERS.date
    ('APPTDATE',)
    """

    appointment: tuple[str, ...]
    date: tuple[str, ...]
    attendance: tuple[str, ...]
    treatment_function: tuple[str, ...]
    provider: tuple[str, ...]
    first: tuple[str, ...]
    consultation_type: tuple[str, ...]
    consultation_medium: tuple[str, ...]
    practice: tuple[str, ...]
    practice_worked_out: tuple[str, ...] = ()
    main_specialty: tuple[str, ...]
    site: tuple[str, ...]
    clinic: tuple[str, ...]
    age: tuple[str, ...]
    sex: tuple[str, ...]
    ethnicity: tuple[str, ...]
    area: tuple[str, ...]
    deprivation: tuple[str, ...]
    referral_source: tuple[str, ...]
    referral_date: tuple[str, ...]
    outcome: tuple[str, ...]
    admin_category: tuple[str, ...]
    currency: tuple[str, ...]
    cost: tuple[str, ...]
    diagnoses: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()


def admin_category_column(sources: tuple[str, ...]) -> Column:
    """Return the administrative category: 01 NHS, 02 private, 03 amenity, 04 category II.

    Examples
    --------
    >>> admin_category_column(("ADMINCAT",)).width
    2
    """
    return code_column(
        "admin_category",
        sources,
        pattern="0[1-4]|9[89]",
        width=2,
        nulls=frozenset({"98", "99", "98.0", "99.0"}),
    )


def outpatient_layout(  # noqa: PLR0913 - what a layout says
    *,
    place: str,
    dataset: str,
    title: str,
    layout: str,
    description: str,
    headers: OutpatientHeaders,
    person: Column,
    business_key: tuple[str, ...],
    deciles: Mapping[str, str] = DECILE_NUMBERS,
    successors: Mapping[str, str] = MappingProxyType({}),
    layout_of: str | None = None,
) -> RecordLayout:
    """Return the layout of a source of outpatients.

    Parameters
    ----------
    place, dataset, title, layout, description, layout_of
        As of a :class:`~phm_diabetes.records.layout.RecordLayout`.
    headers
        Where its columns stand.
    person
        Column of the person, which differs most between sources.
    business_key
        Columns that together make two appointments of one person a likely copy; it is counted,
        and nothing is left out for it.
    deciles
        Fifth of deprivation by the source's tenth.
    successors
        Successor by trust.

    Examples
    --------
    >>> from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
    >>> [rule.name for rule in ENGLAND_HES_OP.rules]
    ['private patient', 'clock stop', 'medium differs']
    """
    practices = practice_columns(headers.practice, headers.practice_worked_out)
    provider, made_provider = provider_columns(headers.provider, successors)
    clinical = [
        *([diagnoses_column(headers.diagnoses, slots=12, kept=False)] if headers.diagnoses else []),
        *(
            [procedures_column(headers.procedures, slots=24, kept=False)]
            if headers.procedures
            else []
        ),
    ]
    return RecordLayout(
        place=place,
        dataset=dataset,
        version="1",
        title=title,
        layout=layout,
        description=description,
        layout_of=layout_of,
        table="appointments",
        key="appointment_id",
        day="date",
        organisations={"practice": "practice", "trust": "provider"},
        nulls=NULLS,
        options=OPTIONS,
        columns=(
            Column(name="appointment_id", sources=headers.appointment, kind="id", needed=True),
            person,
            date_column("date", headers.date, needed=True),
            attendance_column(headers.attendance),
            *visit_columns(headers.first, headers.consultation_type, headers.consultation_medium),
            specialty_column("treatment_function", headers.treatment_function, required=True),
            specialty_column("main_specialty", headers.main_specialty),
            provider,
            site_column(headers.site),
            Column(name="clinic", sources=headers.clinic, kind="text", required=False, blank=""),
            *practices,
            age_column(headers.age),
            sex_column(headers.sex),
            ethnicity_column(headers.ethnicity),
            area_column(headers.area),
            deprivation_column(headers.deprivation, deciles),
            code_column("referral_source", headers.referral_source, pattern="[0-9]{2}", width=2),
            date_column("referral_date", headers.referral_date, required=False),
            code_column("outcome", headers.outcome, pattern="[1-5]", nulls=frozenset({"9", "9.0"})),
            admin_category_column(headers.admin_category),
            code_column("currency", headers.currency, pattern="[A-Z][A-Z0-9]{2,4}"),
            Column(
                name="cost_pence",
                sources=headers.cost,
                kind="money",
                required=False,
                broken="blank",
            ),
            *clinical,
        ),
        derived=(VISIT, MEDIUM, registered_practice(practices), *made_provider),
        rules=(PRIVATE_PATIENT, CLOCK_STOP, MEDIA_APART, *practices_apart(practices)),
        duplicates=(
            Duplicates(name="same record", key=("appointment_id",)),
            Duplicates(
                name=f"same {', '.join(business_key)}".replace("_", " "),
                key=business_key,
                sets_aside=False,
            ),
        ),
        one_of=(
            ("first_attendance", "consultation_type"),
            *([tuple(column.name for column in practices)] if len(practices) > 1 else []),
        ),
    )
