"""Scores: a published index of areas or organisations, with its vintage."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Scores"]


class Scores(pa.DataFrameModel):
    """One row an area or organisation: its deprivation score, rank and quantile."""

    score_index: Series[pd.CategoricalDtype] = pa.Field(
        description="Name of the index, such as imd."
    )
    vintage: Series[pd.CategoricalDtype] = pa.Field(
        description="Year of the index, such as 2019; two vintages are never joined."
    )
    org_level: Series[pd.CategoricalDtype] = pa.Field(
        description="Level of the area or organisation, such as lsoa_2011 or practice."
    )
    org_code: Series[pd.CategoricalDtype] = pa.Field(description="Code of it.")
    score: Series[float] = pa.Field(
        nullable=True, description="Score, in the index's own scale; empty where not published."
    )
    rank: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Rank, 1 the most deprived; empty where not published."
    )
    decile: Series[pd.Int64Dtype] = pa.Field(
        nullable=True,
        ge=1,
        le=10,
        description="Tenth, 1 the most deprived; empty if not published.",
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
