"""Successors: which practice took over which, and when."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Successors"]


class Successors(pa.DataFrameModel):
    """One row a practice that closed or merged into another."""

    predecessor: Series[pd.CategoricalDtype] = pa.Field(
        description="Code of the organisation that ended."
    )
    successor: Series[pd.CategoricalDtype] = pa.Field(
        description="Code of the organisation that took it over."
    )
    date: Series[pa.DateTime] = pa.Field(description="First day under the successor.")

    class Config:
        """Coerce text to categories and dates."""

        coerce = True
        strict = False
