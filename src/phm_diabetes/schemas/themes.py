"""Themes: what interviews found, coded, and by how many it was said."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

__all__ = ["Themes"]


class Themes(pa.DataFrameModel):
    """One row a theme, role and site; never a name or a quotation that tells who spoke."""

    interview: Series[pd.CategoricalDtype] = pa.Field(
        description="Id of the set of interviews, such as dna-2023."
    )
    code: Series[pd.CategoricalDtype] = pa.Field(
        str_matches=r"^[A-Z][A-Z0-9]*(\.[0-9]+)?$", description="Code of the theme, such as DNA1."
    )
    words: Series[str] = pa.Field(
        str_length={"min_value": 1}, description="The theme in a sentence."
    )
    reporter_role: Series[pd.CategoricalDtype] = pa.Field(
        description="Role of those who said it, such as booking clerk; never a name."
    )
    site: Series[pd.CategoricalDtype] = pa.Field(
        description="Where they work; blank where it is not told."
    )
    count: Series[pd.Int64Dtype] = pa.Field(
        ge=0, description="How many of those asked, in this role and at this site, said it."
    )

    class Config:
        """Coerce; no other columns."""

        coerce = True
        strict = True
