"""Opportunities: how many more people, if a unit were where its target is."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from phm_diabetes.schemas.estimates import Estimates

__all__ = ["Opportunities"]


class Opportunities(Estimates):
    """The columns of `Estimates` and the people to gain; never negative, never rounded."""

    target: Series[float] = pa.Field(
        nullable=True, description="Figure to be reached, in the scale of value."
    )
    target_from: Series[pd.CategoricalDtype] = pa.Field(description="What the target is, in words.")
    gain: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        description=(
            "People who would gain at the target; where lower is better, people spared. 0 for a "
            "unit at its target or past it."
        ),
    )
    gain_lower: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        description="Lower end by the unit's sampling interval, its target as known [people].",
    )
    gain_upper: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        description="Upper end by the unit's sampling interval, its target as known [people].",
    )
    gain_low: Series[float] = pa.Field(
        nullable=True, ge=0, description="Fewest people, whatever the unit's hidden counts are."
    )
    gain_high: Series[float] = pa.Field(
        nullable=True, ge=0, description="Most people, whatever the unit's hidden counts are."
    )
    gain_reason: Series[pd.CategoricalDtype] = pa.Field(
        description="Why there is no gain to state; blank where there is one."
    )
    gain_of_parts: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        description="Gains of all rows of the measure, level and period with this target, summed.",
    )
    gain_of_whole: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        description="Gain of those rows taken as one unit; empty where their targets differ.",
    )
    adds_up: Series[pd.BooleanDtype] = pa.Field(
        nullable=True,
        description=(
            "Whether the two are the same; false where some units are past the target, or targets "
            "differ; empty where a part cannot be had."
        ),
    )
