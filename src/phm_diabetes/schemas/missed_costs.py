"""Missed costs: missed appointments at the price of those attended."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["MissedCosts"]


class MissedCosts(pa.DataFrameModel):
    """One row an organisation and period; no cash."""

    measure: Series[pd.CategoricalDtype] = pa.Field(description="Id of the measure's card.")
    definition: Series[pd.CategoricalDtype] = pa.Field(
        description="Version of the measure's rules."
    )
    org_level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the organisation.")
    org_code: Series[pd.CategoricalDtype] = pa.Field(description="Code of the organisation.")
    period_start: Series[pa.DateTime] = pa.Field(description="First day covered.")
    period_end: Series[pa.DateTime] = pa.Field(description="Last day covered.")
    source: Series[pd.CategoricalDtype] = pa.Field(description="Ids of the extracts.")
    priced: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Missed appointments of a kind that has a price."
    )
    unpriced: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Missed appointments of a kind that has none."
    )
    cost_pence: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Price of the priced ones [pence]; empty where hidden."
    )
    prices: Series[pd.CategoricalDtype] = pa.Field(
        description="Definition of the prices, with their kind, basis and year."
    )
    reading: Series[pd.CategoricalDtype] = pa.Field(description="What the figure is not.")

    class Config:
        """Coerce; other columns are dimensions."""

        coerce = True
        strict = False
