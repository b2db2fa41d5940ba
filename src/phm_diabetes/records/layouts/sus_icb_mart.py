"""SUS outpatients as an ICB's data mart holds them, with spaces and brackets in the headers."""

from __future__ import annotations

from phm_diabetes.records.columns import Column
from phm_diabetes.records.layouts.outpatients import OutpatientHeaders, outpatient_layout

__all__ = ["BUSINESS_KEY", "HEADERS", "PERSON", "SUS_ICB_MART"]

PERSON = Column(
    name="person",
    sources=("SK_PatientID",),
    kind="id",
    required=False,
    nulls=frozenset({"-1", "0", "-1.0", "0.0"}),
    kinds={"SK_PatientID": "sk_patient_id"},
)
"""The mart's own number of a person; -1 and 0 stand for nobody known."""

BUSINESS_KEY = ("person", "provider", "date", "visit", "treatment_function", "attendance")
"""As a published model of such a mart tells copies."""

HEADERS = OutpatientHeaders(
    appointment=("Generated Record ID",),
    date=("Appointment Date",),
    attendance=("Attended Or Did Not Attend", "Attendance Status"),
    first=("First Attendance",),
    consultation_type=("Consultation Type",),
    consultation_medium=("Consultation Mechanism", "Consultation Medium Used"),
    treatment_function=("Treatment Function Code",),
    main_specialty=("Main Specialty Code",),
    provider=("Organisation Code (Code Of Provider)",),
    site=("Site Code Of Treatment", "Provider Site Code"),
    clinic=("Clinic Code",),
    practice=("GP Practice Code (Original Data)", "GP Practice Code"),
    practice_worked_out=("dv_PracticeCode_Validated", "GP Practice Code (Derived)"),
    age=("dv_Age At CDS Activity Date", "Derived Age", "Age"),
    sex=("Gender Code", "Sex"),
    ethnicity=("Ethnic Category Code",),
    area=("dv_LSOA",),
    deprivation=("dv_IMD_Decile", "IMD Decile"),
    referral_source=("Source Of Referral For Outpatients",),
    referral_date=("Referral Request Received Date",),
    outcome=("Outcome Of Attendance",),
    admin_category=("Administrative Category",),
    currency=("Core HRG", "SUS HRG"),
    cost=("Tariff Total Payment National", "PbR Final Tariff", "dv_Total_Cost_Inc_MFF"),
)
"""Names of the mart, raw and derived (``dv_``)."""

SUS_ICB_MART = outpatient_layout(
    place="sus",
    dataset="icb_mart",
    title="SUS outpatients",
    layout="one row an appointment, in the columns of an ICB's mart of SUS outpatients.",
    description=(
        "Outpatient appointments, attended or not. Of several columns of cost the first that is "
        "there is read alone, since national, final and local prices are not one basis. Assumed: "
        "SK_PatientID below 1 is nobody known, and the tenth of deprivation is dv_IMD_Decile, 1 "
        "the most deprived."
    ),
    headers=HEADERS,
    person=PERSON,
    business_key=BUSINESS_KEY,
)
"""An ICB's mart of SUS outpatients."""
