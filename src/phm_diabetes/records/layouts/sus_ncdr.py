"""SUS+ outpatients as NHS England's data platforms hold them: ``tbl_Data_SEM_OPA``."""

from __future__ import annotations

from phm_diabetes.records.columns import Column
from phm_diabetes.records.layouts.england_hes_op import BUSINESS_KEY
from phm_diabetes.records.layouts.outpatients import OutpatientHeaders, outpatient_layout

__all__ = ["HEADERS", "PERSON", "SUS_NCDR"]

PERSON = Column(
    name="person",
    sources=("Der_Pseudo_NHS_Number",),
    kind="id",
    required=False,
    kinds={"Der_Pseudo_NHS_Number": "der_pseudo_nhs_number"},
)
"""The platform's pseudonym, a whole number."""

HEADERS = OutpatientHeaders(
    appointment=("OPA_Ident",),
    date=("Appointment_Date",),
    attendance=("Attendance_Status",),
    first=("First_Attendance",),
    consultation_type=("Consultation_Type",),
    consultation_medium=("Consultation_Mechanism", "Consultation_Medium_Used"),
    treatment_function=("Treatment_Function_Code",),
    main_specialty=("Main_Specialty_Code",),
    provider=("Der_Provider_Code", "Provider_Code"),
    site=("Der_Provider_Site_Code", "Site_Code_of_Treatment"),
    clinic=("Clinic_Code",),
    practice=("GP_Practice_Code",),
    age=("Age_at_Start_of_Episode_SUS", "Der_Age_at_CDS_Activity_Date"),
    sex=("Sex",),
    ethnicity=("Ethnic_Category",),
    area=("Der_Postcode_LSOA_2021_Code", "Der_Postcode_LSOA_2011_Code"),
    deprivation=("IMD_Decile",),
    referral_source=("OPA_Referral_Source",),
    referral_date=("Referral_Request_Received_Date",),
    outcome=("Outcome_of_Attendance",),
    admin_category=("Administrative_Category",),
    currency=("Core_HRG", "SUS_HRG", "HRG_Code"),
    cost=("Tariff_Total_Payment",),
)
"""Names of the platform's table, with the payment of its yearly cost table joined to it."""

SUS_NCDR = outpatient_layout(
    place="sus",
    dataset="ncdr",
    title="SUS outpatients",
    layout="one row an appointment, in the columns of tbl_Data_SEM_OPA.",
    description=(
        "Outpatient appointments, attended or not, with the payment where the yearly cost table "
        "was joined by OPA_Ident. Grand_Total_Payment_MFF is another basis, and not read. "
        "Assumed: the tenth of deprivation, if joined, is IMD_Decile, 1 the most deprived."
    ),
    headers=HEADERS,
    person=PERSON,
    business_key=BUSINESS_KEY,
)
"""SUS+ outpatients of the national data platforms."""
