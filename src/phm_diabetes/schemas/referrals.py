"""Referrals: one row a referral, seen or still waiting."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Referrals"]


class Referrals(pa.DataFrameModel):
    """Referrals to a service; who is still waiting on the census date stays in the table."""

    referral_id: Series[str] = pa.Field(unique=True, description="Key of the record.")
    person: Series[str] = pa.Field(nullable=True, description="Pseudonym of the person.")
    practice: Series[str] = pa.Field(nullable=True, description="Code of the referring practice.")
    service: Series[pd.CategoricalDtype] = pa.Field(description="Service referred to.")
    received: Series[pa.DateTime] = pa.Field(description="Day the referral was received.")
    first_seen: Series[pa.DateTime] = pa.Field(
        nullable=True, description="Day of the first contact; empty while waiting."
    )
    decision: Series[pd.CategoricalDtype] = pa.Field(
        description="accepted, returned, advice, or unknown."
    )
    census: Series[pa.DateTime] = pa.Field(
        description="Day the extract was cut; waits still open are counted to it."
    )
    source: Series[pd.CategoricalDtype] = pa.Field(description="Id of the extract.")
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
