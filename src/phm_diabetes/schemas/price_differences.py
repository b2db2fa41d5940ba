"""Price differences: what the same attendances would have been priced at in another mode."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["PriceDifferences"]


class PriceDifferences(pa.DataFrameModel):
    """One row an organisation and share moved: a price difference, and no saving."""

    measure: Series[pd.CategoricalDtype] = pa.Field(description="Id of the measure.")
    definition: Series[pd.CategoricalDtype] = pa.Field(
        description="Version of the measure's rules, with kind, basis and year of the prices."
    )
    org_level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the organisation.")
    org_code: Series[pd.CategoricalDtype] = pa.Field(description="Code of the organisation.")
    period_start: Series[pa.DateTime] = pa.Field(description="First day covered.")
    period_end: Series[pa.DateTime] = pa.Field(description="Last day covered.")
    source: Series[pd.CategoricalDtype] = pa.Field(description="Ids of the extracts.")
    share_moved: Series[float] = pa.Field(
        ge=0, le=1, description="Share of the attendances priced in the other mode."
    )
    attendances: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Attendances of the mode they are taken from."
    )
    unit_pence_before: Series[float] = pa.Field(
        nullable=True, ge=0, description="Average price of one in that mode [pence]."
    )
    unit_pence_instead: Series[float] = pa.Field(
        nullable=True, ge=0, description="Average price of one in the other mode [pence]."
    )
    difference_pence: Series[pd.Int64Dtype] = pa.Field(
        nullable=True,
        description="How much less they would have been priced at [pence]; negative if more.",
    )
    reading: Series[pd.CategoricalDtype] = pa.Field(description="What the figure is not.")

    class Config:
        """Coerce; other columns are dimensions."""

        coerce = True
        strict = False
