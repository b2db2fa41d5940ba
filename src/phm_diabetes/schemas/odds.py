"""Odds: adjusted odds ratios, one row a level of a factor."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Odds"]


class Odds(pa.DataFrameModel):
    """Odds of an event against a reference level, adjusted for the other factors."""

    measure: Series[pd.CategoricalDtype] = pa.Field(description="Id of the measure's card.")
    definition: Series[pd.CategoricalDtype] = pa.Field(
        description="Version of the measure's rules."
    )
    period_start: Series[pa.DateTime] = pa.Field(description="First day covered.")
    period_end: Series[pa.DateTime] = pa.Field(description="Last day covered.")
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    factor: Series[pd.CategoricalDtype] = pa.Field(
        description="What the level is a level of, such as imd_quintile."
    )
    level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the factor.")
    reference: Series[bool] = pa.Field(
        description="Whether the other levels of the factor are compared with this one."
    )
    people: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Different people, as shown; empty where hidden."
    )
    numerator: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Events, as shown; empty where hidden."
    )
    denominator: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=0, description="Records at risk, as shown; empty where hidden."
    )
    crude_odds_ratio: Series[float] = pa.Field(
        nullable=True, gt=0, description="Odds over those of the reference, adjusted for nothing."
    )
    odds_ratio: Series[float] = pa.Field(
        nullable=True,
        gt=0,
        description="Odds over those of the reference, adjusted for the other factors.",
    )
    lower: Series[float] = pa.Field(
        nullable=True, gt=0, description="Lower end of its interval, clustered by person."
    )
    upper: Series[float] = pa.Field(
        nullable=True, gt=0, description="Upper end of its interval, clustered by person."
    )
    confidence: Series[float] = pa.Field(
        gt=0, lt=1, description="Confidence of the interval [proportion], such as 0.95."
    )
    method: Series[pd.CategoricalDtype] = pa.Field(
        description="The model, what it is adjusted for, and how its intervals are had."
    )
    reason: Series[pd.CategoricalDtype] = pa.Field(
        description="Why there is no odds ratio; blank where there is one."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
