"""Appointments: one row an outpatient appointment, attended or not."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Appointments"]


class Appointments(pa.DataFrameModel):
    """Outpatient appointments; no identifier of a person other than a pseudonym."""

    appointment_id: Series[str] = pa.Field(unique=True, description="Key of the record.")
    person: Series[str] = pa.Field(
        nullable=True, description="Pseudonym of the person; empty where none, or used once only."
    )
    date: Series[pa.DateTime] = pa.Field(nullable=True, description="Day of the appointment.")
    attendance: Series[pd.CategoricalDtype] = pa.Field(
        isin=["attended", "missed", "patient_cancelled", "provider_cancelled", "future", "unknown"],
        description="What became of it; arriving too late to be seen is missed.",
    )
    visit: Series[pd.CategoricalDtype] = pa.Field(
        isin=["first", "follow_up", "unknown"], description="First of a series, or a follow-up."
    )
    medium: Series[pd.CategoricalDtype] = pa.Field(
        isin=["face_to_face", "remote", "unknown"], description="Face to face, or not."
    )
    treatment_function: Series[pd.CategoricalDtype] = pa.Field(
        description="Treatment function code, three characters; blank where not known."
    )
    main_specialty: Series[pd.CategoricalDtype] = pa.Field(
        description="Consultant's main specialty code; blank where not known."
    )
    provider: Series[pd.CategoricalDtype] = pa.Field(description="Trust code; blank if not known.")
    site: Series[pd.CategoricalDtype] = pa.Field(description="Site code; blank if not known.")
    clinic: Series[pd.CategoricalDtype] = pa.Field(description="Clinic code; blank if not known.")
    practice: Series[pd.CategoricalDtype] = pa.Field(
        description="Registered practice; unregistered where the record says so."
    )
    age: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, le=120, description="Completed years; 0 for babies."
    )
    sex: Series[pd.CategoricalDtype] = pa.Field(
        isin=["female", "male", "unknown"], description="Sex as recorded."
    )
    ethnicity: Series[pd.CategoricalDtype] = pa.Field(
        description="Ethnic category code; unknown where not recorded."
    )
    lsoa: Series[pd.CategoricalDtype] = pa.Field(
        description="Area of residence; blank where not known."
    )
    lsoa_level: Series[pd.CategoricalDtype] = pa.Field(
        isin=["lsoa_2011", "lsoa_2021", "lsoa", ""],
        description="Census of the areas; lsoa where nothing tells, blank without areas.",
    )
    imd_quintile: Series[pd.CategoricalDtype] = pa.Field(
        description="Fifth of deprivation with its vintage, such as 2019:1; unknown if not known."
    )
    referral_source: Series[pd.CategoricalDtype] = pa.Field(
        description="Source of referral code; blank where not known."
    )
    referral_date: Series[pa.DateTime] = pa.Field(
        nullable=True, description="Day the referral was received."
    )
    outcome: Series[pd.CategoricalDtype] = pa.Field(
        description="Outcome of attendance code; blank where not known."
    )
    admin_category: Series[pd.CategoricalDtype] = pa.Field(
        description="Administrative category code; private patients are left out and counted."
    )
    currency: Series[pd.CategoricalDtype] = pa.Field(
        description="Healthcare Resource Group; blank where not known."
    )
    cost_pence: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Cost [pence], on the basis the extract declares."
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
