"""Inequalities: a gap or slope between groups, and the groups it was had from."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from phm_diabetes.schemas.estimates import Estimates

__all__ = ["FIGURES", "Inequalities"]

FIGURES = ("point", "gap", "gap_ratio", "slope_index", "relative_index")


class Inequalities(Estimates):
    """The columns of `Estimates`: a row for the figure, and one for each group, its points."""

    figure: Series[pd.CategoricalDtype] = pa.Field(
        isin=list(FIGURES), description="point for a group's own estimate; else what the row is."
    )
    relative_rank: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description=(
            "Where the middle of the group stands on the scale from the most deprived (0) to the "
            "least (1) [proportion]; empty for the figure itself and for who is not placed."
        ),
    )
    gradient: Series[pd.CategoricalDtype] = pa.Field(
        description=(
            "Whose deprivation, in which quantiles of which vintage, and what is taken from what."
        )
    )
