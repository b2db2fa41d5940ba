"""Episodes: one row a finished consultant episode of admitted care."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Episodes"]


class Episodes(pa.DataFrameModel):
    """Episodes of admitted care; a spell is one or more of them, and is what is counted."""

    episode_id: Series[str] = pa.Field(unique=True, description="Key of the record.")
    person: Series[str] = pa.Field(nullable=True, description="Pseudonym of the person.")
    spell: Series[str] = pa.Field(
        nullable=True, description="Key of the provider spell; empty until it is built."
    )
    continuous_spell: Series[str] = pa.Field(
        nullable=True,
        description="Key of the continuous inpatient spell, across providers; empty until built.",
    )
    admitted: Series[pa.DateTime] = pa.Field(nullable=True, description="Day of admission.")
    discharged: Series[pa.DateTime] = pa.Field(nullable=True, description="Day of discharge.")
    started: Series[pa.DateTime] = pa.Field(nullable=True, description="First day of the episode.")
    ended: Series[pa.DateTime] = pa.Field(nullable=True, description="Last day of the episode.")
    order: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Place of the episode in its spell."
    )
    admission: Series[pd.CategoricalDtype] = pa.Field(
        isin=["elective", "emergency", "maternity", "transfer", "unknown"],
        description="Group of the admission method.",
    )
    admission_method: Series[pd.CategoricalDtype] = pa.Field(
        description="Admission method code; blank where not known."
    )
    admission_source: Series[pd.CategoricalDtype] = pa.Field(
        description="Source of admission code; blank where not known."
    )
    discharge_method: Series[pd.CategoricalDtype] = pa.Field(
        description="Discharge method code; 8 not discharged yet, 9 not known; blank if not sent."
    )
    discharge_destination: Series[pd.CategoricalDtype] = pa.Field(
        description="Destination on discharge code; blank where not known."
    )
    status: Series[pd.CategoricalDtype] = pa.Field(
        isin=["finished", "unfinished", "unknown"],
        description="Whether the episode had ended when the data year did.",
    )
    patient_class: Series[pd.CategoricalDtype] = pa.Field(
        isin=[
            "ordinary",
            "day_case",
            "regular_day",
            "regular_night",
            "mother_and_baby",
            "unknown",
        ],
        description="Patient classification; regular attenders are not admissions.",
    )
    treatment_function: Series[pd.CategoricalDtype] = pa.Field(
        description="Treatment function code, three characters; blank where not known."
    )
    admin_category: Series[pd.CategoricalDtype] = pa.Field(
        description="Administrative category code; private patients are left out and counted."
    )
    diagnoses: Series[str] = pa.Field(
        description="ICD-10 codes in their order, without points, joined by spaces."
    )
    procedures: Series[str] = pa.Field(
        description="OPCS-4 codes of every slot in their order, joined by spaces."
    )
    provider: Series[pd.CategoricalDtype] = pa.Field(description="Trust code; blank if not known.")
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
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
