"""Problems: what is wrong with a source, row by row, without its cells."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Problems"]


class Problems(pa.DataFrameModel):
    """One row a problem found in a source."""

    severity: Series[pd.CategoricalDtype] = pa.Field(
        isin=["error", "warning", "info"],
        description=(
            "error: the rows cannot be used; warning: used, but look; info: set aside by rule."
        ),
    )
    rule: Series[str] = pa.Field(description="Name of the rule, such as 'whole number'.")
    file: Series[str] = pa.Field(description="File name, without its folder.")
    sheet: Series[str] = pa.Field(
        description="Sheet, or member of a zip; empty where the file is one sheet."
    )
    row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the file, counted from 1; empty for several."
    )
    rows: Series[pd.Int64Dtype] = pa.Field(
        ge=0, description="How many rows the problem is about; 1 unless reported together."
    )
    column: Series[str] = pa.Field(description="Header of the column; empty for the whole row.")
    message: Series[str] = pa.Field(description="What is wrong, without the cell's value.")
    advice: Series[str] = pa.Field(description="What to do next.")
    sets_aside: Series[bool] = pa.Field(description="Whether the row was left out of the tables.")

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
