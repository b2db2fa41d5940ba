"""Facts: one attribute of an organisation for a time."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Facts"]


class Facts(pa.DataFrameModel):
    """One row an organisation and attribute: clinical system, staffing, prescribing setting."""

    org_level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the organisation.")
    org_code: Series[str] = pa.Field(description="Code of the organisation.")
    attribute: Series[pd.CategoricalDtype] = pa.Field(
        description="Name of the attribute, such as prescribing_setting."
    )
    value: Series[str] = pa.Field(description="Its value, as text.")
    start: Series[pa.DateTime] = pa.Field(
        nullable=True, description="First day it holds; empty where not known."
    )
    end: Series[pa.DateTime] = pa.Field(
        nullable=True, description="Last day it holds; empty while it lasts."
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
