"""Indicators: what the codes of a payment framework meant in a year."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Indicators"]


class Indicators(pa.DataFrameModel):
    """One row an indicator and year, as its publisher describes it."""

    code: Series[str] = pa.Field(description="The publisher's code, such as COPD010.")
    description: Series[str] = pa.Field(
        description="The publisher's sentence; blank where not given."
    )
    points: Series[float] = pa.Field(
        nullable=True, ge=0, description="Most points that a practice can earn; empty if not given."
    )
    group_code: Series[str] = pa.Field(description="The publisher's group, such as COPD.")
    group_name: Series[str] = pa.Field(description="Its name; blank where not given.")
    list_type: Series[str] = pa.Field(
        description="Ages of the patient list it is about, such as TOTAL or 17OV; blank if not "
        "given."
    )
    start: Series[pa.DateTime] = pa.Field(description="First day of the year.")
    end: Series[pa.DateTime] = pa.Field(description="Last day of the year.")
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
