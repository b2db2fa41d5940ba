"""Checklists: how a service stands against named standards, and what shows it."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["STATUSES", "Checklists"]

STATUSES = ("met", "partly", "not met", "unknown")
"""How a service stands against a standard."""


class Checklists(pa.DataFrameModel):
    """One row a standard, as a Place judges itself."""

    service: Series[pd.CategoricalDtype] = pa.Field(description="What is judged, and when.")
    code: Series[str] = pa.Field(
        unique=True, str_length={"min_value": 1}, description="Code of the standard in the list."
    )
    standard: Series[str] = pa.Field(
        str_length={"min_value": 1}, description="The standard in a sentence."
    )
    origin: Series[str] = pa.Field(description="Who set it, and where it stands.")
    status: Series[pd.CategoricalDtype] = pa.Field(
        isin=list(STATUSES), description="How the service stands against it."
    )
    evidence: Series[str] = pa.Field(
        description="Where what shows it can be seen; blank where there is nothing."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
