"""Organisations: codes, names, and when they opened and closed."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Organisations"]


class Organisations(pa.DataFrameModel):
    """One row an organisation."""

    org_level: Series[pd.CategoricalDtype] = pa.Field(description="Level, such as practice.")
    org_code: Series[str] = pa.Field(description="Code.")
    name: Series[str] = pa.Field(description="Name as the source writes it; may be blank.")
    opened: Series[pa.DateTime] = pa.Field(
        nullable=True, description="Day it opened; empty where not stated."
    )
    closed: Series[pa.DateTime] = pa.Field(
        nullable=True, description="Day it closed; empty while open, or where not stated."
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
