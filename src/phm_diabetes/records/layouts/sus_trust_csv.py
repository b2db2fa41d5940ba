"""SUS outpatients as a trust downloads them: identifiable, so that the person is dropped."""

from __future__ import annotations

from phm_diabetes.records.columns import Column
from phm_diabetes.records.layouts.england_hes_op import BUSINESS_KEY
from phm_diabetes.records.layouts.identifiers import JUNK_NHS_NUMBERS
from phm_diabetes.records.layouts.outpatients import OutpatientHeaders, outpatient_layout

__all__ = ["HEADERS", "PERSON", "SUS_TRUST_CSV"]

PERSON = Column(
    name="person",
    sources=("NHS Number",),
    kind="id",
    required=False,
    nulls=JUNK_NHS_NUMBERS,
    identifiable=True,
    kinds={"NHS Number": "pseudonym of the NHS number"},
)
"""The NHS number: dropped, or replaced by a keyed pseudonym where the caller gives the key."""

HEADERS = OutpatientHeaders(
    appointment=("Generated Record Identifier",),
    date=("Appointment Date",),
    attendance=("Attended or Did Not Attend", "Attendance Status"),
    first=("First Attendance",),
    consultation_type=("Consultation Type",),
    consultation_medium=("Consultation Mechanism", "Consultation Medium Used"),
    treatment_function=("Treatment Function Code",),
    main_specialty=("Main Specialty Code",),
    provider=("Organisation Code (Code of Provider)",),
    site=("Site Code (of Treatment)",),
    clinic=("Clinic Code",),
    practice=("Practice Code of Registered GP",),
    practice_worked_out=("GP Practice (Derived)",),
    age=("Age at CDS Activity Date",),
    sex=("Sex",),
    ethnicity=("Ethnic Category",),
    area=("LSOA",),
    deprivation=("IMD Decile",),
    referral_source=("Source of Referral For Outpatients",),
    referral_date=("Referral Request Received Date",),
    outcome=("Outcome of Attendance",),
    admin_category=("Administrative Category",),
    currency=("Core HRG", "SUS HRG", "HRG Code"),
    cost=("Cost",),
)
"""Names of the download. Postcode, date of birth, names and local numbers are never read."""

SUS_TRUST_CSV = outpatient_layout(
    place="sus",
    dataset="trust_csv",
    title="SUS outpatients",
    layout="one row an appointment, in the columns of a trust's download of SUS outpatients.",
    description=(
        "Outpatient appointments, attended or not. The NHS number is dropped, or replaced by a "
        "pseudonym with the caller's key; without the key people cannot be counted. The download "
        "has no cost, area or deprivation. Assumed: a trust that adds them calls them Cost, LSOA "
        "and IMD Decile, 1 the most deprived."
    ),
    headers=HEADERS,
    person=PERSON,
    business_key=BUSINESS_KEY,
)
"""A trust's download of SUS outpatients."""
