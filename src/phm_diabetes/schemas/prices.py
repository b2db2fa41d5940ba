"""Prices: what one unit of activity cost, in which year, on which basis."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Prices"]


class Prices(pa.DataFrameModel):
    """One row a currency, treatment function and price year."""

    price_year: Series[pd.CategoricalDtype] = pa.Field(
        description="Financial year of the price, such as 2017-18."
    )
    price_type: Series[pd.CategoricalDtype] = pa.Field(
        isin=["national", "guide", "local", "reference_cost"],
        description="national or guide tariff, local price, or average reference cost.",
    )
    treatment_function: Series[str] = pa.Field(
        description="Treatment function code, three characters; blank for any."
    )
    currency: Series[str] = pa.Field(description="Healthcare Resource Group, such as WF01A.")
    setting: Series[str] = pa.Field(
        description="Department or point of delivery as the source names it; blank for any."
    )
    unit_pence: Series[pd.Int64Dtype] = pa.Field(ge=0, description="Price of one unit [pence].")
    activity: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Units behind an average; empty for a tariff."
    )
    market_forces_factor: Series[pd.BooleanDtype] = pa.Field(
        nullable=True,
        description="Whether the market forces factor is included; empty where not stated.",
    )
    stated_in: Series[pd.CategoricalDtype] = pa.Field(
        description="Where the price is published, as the table says; blank if it does not."
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
