"""Unit costs: what one attendance cost on average, by mode, with the mix beside it."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["UnitCosts"]


class UnitCosts(pa.DataFrameModel):
    """One row an organisation and mode; columns of no other name are what it is split by."""

    measure: Series[pd.CategoricalDtype] = pa.Field(description="Id of the measure.")
    definition: Series[pd.CategoricalDtype] = pa.Field(
        description="Version of the measure's rules, with kind, basis and year of the prices."
    )
    org_level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the organisation.")
    org_code: Series[pd.CategoricalDtype] = pa.Field(description="Code of the organisation.")
    period_start: Series[pa.DateTime] = pa.Field(description="First day covered.")
    period_end: Series[pa.DateTime] = pa.Field(description="Last day covered.")
    source: Series[pd.CategoricalDtype] = pa.Field(description="Ids of the extracts.")
    attendances: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Attendances that have a cost; empty where hidden."
    )
    share: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="Share of the organisation's attendances of known mode: the mix.",
    )
    spend_pence: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="What they cost together [pence]; empty where hidden."
    )
    unit_pence: Series[float] = pa.Field(
        nullable=True, ge=0, description="Average cost of one [pence]; empty without any."
    )
    left_out: Series[pd.Int64Dtype] = pa.Field(
        nullable=True,
        ge=0,
        description="The organisation's attendances whose mode is not known, in no row here.",
    )

    class Config:
        """Coerce; other columns are dimensions."""

        coerce = True
        strict = False
