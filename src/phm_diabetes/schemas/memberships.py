"""Memberships: which organisation belonged to which, from when to when."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Memberships"]


class Memberships(pa.DataFrameModel):
    """One row a spell of one organisation in one parent.

    A row whose parent is empty says that the organisation is known and belongs to no
    organisation of that level, as a practice whose PCN is published as 'Unallocated'.
    """

    org_level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the member.")
    org_code: Series[pd.CategoricalDtype] = pa.Field(description="Code of the member.")
    parent_level: Series[pd.CategoricalDtype] = pa.Field(description="Level of the parent.")
    parent_code: Series[pd.CategoricalDtype] = pa.Field(
        nullable=True, description="Code of the parent; empty for a member known to have none."
    )
    start: Series[pa.DateTime] = pa.Field(
        nullable=True, description="First day of membership; empty where not known."
    )
    end: Series[pa.DateTime] = pa.Field(
        nullable=True, description="Last day of membership; empty while it lasts."
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True

    @pa.dataframe_check(name="a membership ends after it starts")
    def _runs_forward(cls, frame: pd.DataFrame) -> pd.Series[bool]:  # noqa: N805 - pandera
        return ~(frame["end"] < frame["start"])
