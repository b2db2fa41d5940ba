"""Reliabilities: how much of a measure's differences between units is real."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Reliabilities"]


class Reliabilities(pa.DataFrameModel):
    """One row a measure, level, period and cell; other columns are dimensions."""

    dataset: Series[pd.CategoricalDtype] = pa.Field(description="Source the figures belong to.")
    measure: Series[pd.CategoricalDtype] = pa.Field(description="Id of the measure's card.")
    definition: Series[pd.CategoricalDtype] = pa.Field(description="Version of the measure.")
    org_level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the units.")
    period_start: Series[pa.DateTime] = pa.Field(description="First day covered.")
    period_end: Series[pa.DateTime] = pa.Field(description="Last day covered.")
    n_units: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Units with a figure."
    )
    reliability: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="Share of the variance between units that is real [proportion].",
    )
    tau2: Series[float] = pa.Field(
        nullable=True, ge=0, description="Variance of the units' true figures [scale of value²]."
    )
    size_needed: Series[float] = pa.Field(
        nullable=True,
        description="Denominator at which a unit's own reliability is 0.7; infinite where none is.",
    )
    n_reliable: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Units whose own reliability is 0.7 or more."
    )
    may_be_ranked: Series[pd.BooleanDtype] = pa.Field(
        nullable=True, description="Whether the reliability is 0.7 or more."
    )
    words: Series[pd.CategoricalDtype] = pa.Field(
        description="What it means, or why there is none."
    )

    class Config:
        """Coerce; extra columns are dimensions."""

        coerce = True
        strict = False
