"""Published: figures as their publisher worked them out, to check ours against."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Published"]


class Published(pa.DataFrameModel):
    """One row a published figure, in the publisher's own unit; never an input of a sum.

    The library divides counts itself. These figures are kept for what they can do: show that
    it reaches the same value and interval, and carry the publisher's notes.
    """

    measure: Series[pd.CategoricalDtype] = pa.Field(description="Id of the measure.")
    measure_name: Series[pd.CategoricalDtype] = pa.Field(
        description="What the publisher calls the measure."
    )
    definition: Series[pd.CategoricalDtype] = pa.Field(
        description="Version of the measure's rules, as in Counts."
    )
    org_level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the organisation.")
    org_code: Series[pd.CategoricalDtype] = pa.Field(description="Code of it.")
    period_start: Series[pa.DateTime] = pa.Field(description="First day covered.")
    period_end: Series[pa.DateTime] = pa.Field(description="Last day covered.")
    sex: Series[pd.CategoricalDtype] = pa.Field(description="Sex; all for everybody.")
    category: Series[pd.CategoricalDtype] = pa.Field(
        description="Other part of the people that it is about; all for all of them."
    )
    value: Series[float] = pa.Field(
        nullable=True, description="The figure; empty where it is not published."
    )
    lower_95: Series[float] = pa.Field(
        nullable=True, description="Lower end of the 95% interval; empty if not published."
    )
    upper_95: Series[float] = pa.Field(
        nullable=True, description="Upper end of the 95% interval; empty if not published."
    )
    lower_998: Series[float] = pa.Field(
        nullable=True, description="Lower end of the 99.8% interval; empty if not published."
    )
    upper_998: Series[float] = pa.Field(
        nullable=True, description="Upper end of the 99.8% interval; empty if not published."
    )
    note: Series[pd.CategoricalDtype] = pa.Field(
        description="What the publisher says beside the figure; blank where nothing."
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
