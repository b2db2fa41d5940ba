"""Population: people by organisation or area, and by age, sex or deprivation."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Population"]


class Population(pa.DataFrameModel):
    """One row an organisation and cell; every other column is a dimension or an attribute."""

    basis: Series[pd.CategoricalDtype] = pa.Field(
        isin=["registered", "resident"],
        description="registered: on a practice's list; resident: living in the area.",
    )
    org_level: Series[pd.CategoricalDtype] = pa.Field(
        description="Level of the organisation or area, such as practice or lsoa_2011."
    )
    org_code: Series[pd.CategoricalDtype] = pa.Field(description="Code of it.")
    area_level: Series[pd.CategoricalDtype] = pa.Field(
        description="Level of the area that the people live in, such as lsoa_2011; blank for all."
    )
    area_code: Series[pd.CategoricalDtype] = pa.Field(
        description="Code of that area; blank for all."
    )
    age_band: Series[pd.CategoricalDtype] = pa.Field(
        description="Age in completed years, written <40, 40-64 or 80+; all for everybody."
    )
    sex: Series[pd.CategoricalDtype] = pa.Field(
        isin=["all", "female", "male", "unknown"], description="Sex; all for everybody."
    )
    counted_on: Series[pa.DateTime] = pa.Field(description="Day of the count.")
    people: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="People; empty where the source hides the number."
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
