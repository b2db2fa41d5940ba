"""Estimates: counts divided once, with their sampling interval and what hiding could change."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from phm_diabetes.schemas.counts import Counts

__all__ = ["Estimates"]


class Estimates(Counts):
    """The columns of `Counts` and the figure; one row a confidence."""

    value: Series[float] = pa.Field(
        nullable=True,
        description="The figure, in the measure's own scale; empty where there is none.",
    )
    lower: Series[float] = pa.Field(
        nullable=True, description="Lower end of the sampling interval."
    )
    upper: Series[float] = pa.Field(
        nullable=True, description="Upper end of the sampling interval."
    )
    confidence: Series[float] = pa.Field(
        gt=0, lt=1, description="Confidence of the interval [proportion], such as 0.95."
    )
    method: Series[pd.CategoricalDtype] = pa.Field(
        description="Published name of the interval's method."
    )
    value_low: Series[float] = pa.Field(
        nullable=True, description="Least the figure can be, whatever hidden counts are."
    )
    value_high: Series[float] = pa.Field(
        nullable=True, description="Most the figure can be, whatever hidden counts are."
    )
    reason: Series[pd.CategoricalDtype] = pa.Field(
        description="Why there is no figure; blank where there is one."
    )
