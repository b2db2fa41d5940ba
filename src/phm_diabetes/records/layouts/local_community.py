"""Contacts of a local community service, from its contract or activity return."""

from __future__ import annotations

from phm_diabetes.records.columns import Column
from phm_diabetes.records.layout import Duplicates, RecordLayout
from phm_diabetes.records.layouts.dates import date_column
from phm_diabetes.records.layouts.identifiers import NULLS
from phm_diabetes.records.layouts.local_referrals import (
    LOCAL_PERSON,
    LOCAL_PRACTICE,
    LOCAL_SERVICE,
)
from phm_diabetes.records.layouts.organisations import provider_columns, site_column
from phm_diabetes.records.layouts.outpatients import OPTIONS
from phm_diabetes.records.layouts.patients import (
    DECILE_NUMBERS,
    age_column,
    area_column,
    deprivation_column,
    ethnicity_column,
    sex_column,
)
from phm_diabetes.records.layouts.practices import registered_practice
from phm_diabetes.records.layouts.visits import (
    CLOCK_STOP,
    MEDIA_APART,
    MEDIUM,
    VISIT,
    attendance_column,
    visit_columns,
)
from phm_diabetes.records.layouts.wording import every_case

__all__ = ["LOCAL_COMMUNITY"]

_WORDS = every_case(
    {
        "attended": ("attended", "seen"),
        "missed": ("dna", "did not attend", "missed"),
        "patient_cancelled": ("cancelled by patient", "patient cancelled"),
        "provider_cancelled": ("cancelled by provider", "provider cancelled"),
        "future": ("booked", "future"),
    }
)
_PROVIDER, _ = provider_columns(
    ("Organisation Code (Code of Provider)", "Provider Code", "Provider"), {}
)

LOCAL_COMMUNITY = RecordLayout(
    place="local",
    dataset="community",
    version="1",
    title="Community contacts",
    layout="one row a contact of a community service, kept or not.",
    description=(
        "Contacts of community services, such as podiatry, dietetics and structured education. "
        "Assumed: headers like 'Contact ID', 'Contact Date', 'Attendance Status' and 'Service', "
        "or those of the Community Services Data Set, with the national codes or plain words of "
        "what became of a contact."
    ),
    table="contacts",
    key="contact_id",
    day="date",
    organisations={"practice": "practice", "trust": "provider"},
    nulls=NULLS,
    options={"imd_vintage": OPTIONS["imd_vintage"]},
    columns=(
        Column(
            name="contact_id",
            sources=("Contact ID", "Care Contact Identifier"),
            kind="id",
            needed=True,
        ),
        LOCAL_PERSON,
        Column(
            name="referral_id",
            sources=("Referral ID", "Service Request Identifier"),
            kind="id",
            required=False,
        ),
        date_column("date", ("Contact Date", "Care Contact Date"), needed=True),
        attendance_column(
            ("Attendance Status", "Attended Or Did Not Attend Code", "Attended"), words=_WORDS
        ),
        *visit_columns(
            ("First Attendance",),
            ("Consultation Type",),
            ("Consultation Mechanism", "Consultation Medium Used"),
        ),
        LOCAL_SERVICE,
        _PROVIDER,
        site_column(("Site Code", "Site Code (of Treatment)")),
        *LOCAL_PRACTICE,
        age_column(("Age", "Age At Contact")),
        sex_column(("Sex", "Gender")),
        ethnicity_column(("Ethnic Category", "Ethnicity")),
        area_column(("LSOA",)),
        deprivation_column(("IMD Decile",), DECILE_NUMBERS),
    ),
    derived=(VISIT, MEDIUM, registered_practice(LOCAL_PRACTICE)),
    rules=(CLOCK_STOP, MEDIA_APART),
    duplicates=(
        Duplicates(name="same contact", key=("contact_id",)),
        Duplicates(
            name="same person, day and service",
            key=("person", "date", "service"),
            sets_aside=False,
        ),
    ),
)
"""A return of contacts."""
