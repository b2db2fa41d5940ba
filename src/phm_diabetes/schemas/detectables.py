"""Detectables: what each unit could have shown, had it truly differed."""

from __future__ import annotations

import pandera.pandas as pa
from pandera.typing import Series

from phm_diabetes.schemas.estimates import Estimates

__all__ = ["Detectables"]


class Detectables(Estimates):
    """The columns of `Estimates`, and the smallest true difference that would have shown."""

    target: Series[float] = pa.Field(
        nullable=True, description="What the unit is held against, in the scale of value."
    )
    detectable_low: Series[float] = pa.Field(
        nullable=True,
        description=(
            "Highest true figure below the target that would have been flagged with the power; "
            "empty where none would."
        ),
    )
    detectable_high: Series[float] = pa.Field(
        nullable=True,
        description=(
            "Lowest true figure above the target that would have been flagged with the power; "
            "empty where none would."
        ),
    )
    power: Series[float] = pa.Field(
        ge=0.5, lt=1, description="Chance of being flagged at these figures [proportion]."
    )
