"""Hospital Episode Statistics, outpatients: NHS England's extract."""

from __future__ import annotations

from phm_diabetes.records.columns import Column
from phm_diabetes.records.layouts.identifiers import ONE_TIME_ID, ONE_TIME_ID_LENGTH
from phm_diabetes.records.layouts.outpatients import OutpatientHeaders, outpatient_layout
from phm_diabetes.records.layouts.patients import DECILE_WORDS

__all__ = ["BUSINESS_KEY", "ENGLAND_HES_OP", "HEADERS", "PERSON", "PERSON_KINDS"]

PERSON_KINDS = {
    "TOKEN_PERSON_ID": "token_person_id",
    "PSEUDO_HESID": "pseudo_hesid",
    "ENCRYPTED_HESID": "encrypted_hesid",
    "EXTRACT_HESID": "extract_hesid",
}
"""Kind of a person's id by its header. Ids of two kinds are never the same person's."""

PERSON = Column(
    name="person",
    sources=tuple(PERSON_KINDS),
    kind="id",
    required=False,
    kinds=PERSON_KINDS,
    once=ONE_TIME_ID,
    once_within=ONE_TIME_ID_LENGTH,
)
"""The person: one kind of id a file."""

BUSINESS_KEY = ("person", "date", "provider", "main_specialty", "treatment_function")
"""As published work on HES tells copies."""

HEADERS = OutpatientHeaders(
    appointment=("ATTENDKEY",),
    date=("APPTDATE",),
    attendance=("ATTENDED",),
    first=("FIRSTATT",),
    consultation_type=("CONSULT_TYPE", "CONSULTATION_TYPE"),
    consultation_medium=(
        "CONSULT_MECH", "CONSULTATION_MECHANISM", "CONSULT_MEDIUM", "CONSULTATION_MEDIUM_USED",
    ),
    treatment_function=("TRETSPEF",),
    main_specialty=("MAINSPEF",),
    provider=("PROCODE3", "PROCODET", "PROCODE5", "PROCODE"),
    site=("SITETRET",),
    clinic=("CLINIC_CODE",),
    practice=("GPPRAC",),
    age=("APPTAGE",),
    sex=("SEX",),
    ethnicity=("ETHNOS",),
    area=("LSOA21", "LSOA11"),
    deprivation=("IMD04_DECILE",),
    referral_source=("REFSOURC",),
    referral_date=("REQDATE",),
    outcome=("OUTCOME",),
    admin_category=("ADMINCAT",),
    currency=("SUSHRG",),
    cost=("COST",),
    diagnoses=("DIAG_4_{:02d}", "DIAG_{:02d}"),
    procedures=("OPERTN_4_{:02d}", "OPERTN_{:02d}"),
)  # fmt: skip
"""Names of the national extract, older and newer."""

ENGLAND_HES_OP = outpatient_layout(
    place="england",
    dataset="hes_op",
    title="HES outpatients",
    layout="one row an appointment, in the columns of the national outpatient extract of HES.",
    description=(
        "Outpatient appointments, attended or not. The extract has no cost and no medium of its "
        "own; whoever added COST says its basis. Diagnoses are nearly always blank, so that a "
        "condition is told by the treatment function or by a register."
    ),
    headers=HEADERS,
    person=PERSON,
    business_key=BUSINESS_KEY,
    deciles=DECILE_WORDS,
)
"""The national extract of outpatients."""
