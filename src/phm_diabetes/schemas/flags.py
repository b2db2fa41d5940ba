"""Flags: what a detector says of each estimate."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from phm_diabetes.schemas.comparisons import ROUNDING_WORDS
from phm_diabetes.schemas.estimates import Estimates

__all__ = ["DIRECTIONS", "Flags"]

DIRECTIONS = ("", "high", "low")


class Flags(Estimates):
    """The columns of `Estimates` and one detector's answer."""

    detector: Series[pd.CategoricalDtype] = pa.Field(
        description="Name and settings of the detector."
    )
    flagged: Series[pd.BooleanDtype] = pa.Field(
        nullable=True, description="Special cause to look into; empty where it cannot be told."
    )
    direction: Series[pd.CategoricalDtype] = pa.Field(
        isin=list(DIRECTIONS),
        description="high or low, the side of its score on which it is flagged; blank otherwise.",
    )
    score: Series[float] = pa.Field(
        nullable=True,
        description="The detector's statistic, in its own scale: above zero high, below it low.",
    )
    threshold: Series[float] = pa.Field(
        nullable=True, description="How far from zero the score is flagged."
    )
    p_value: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description=(
            "Two-sided chance of a figure as far out, were the unit on its target; empty where "
            "the detector has no such chance."
        ),
    )
    why: Series[pd.CategoricalDtype] = pa.Field(
        description=(
            "The rule that fired, or why it cannot be told, in words; blank where none fired."
        )
    )
    rounding: Series[pd.CategoricalDtype] = pa.Field(
        isin=list(ROUNDING_WORDS),
        description=(
            "What the unit's hidden or rounded counts could do to the flag: it holds at every "
            "corner of their hard bounds, likely holds in 95% of draws, may change, or cannot "
            "tell. What it is held against is taken as published."
        ),
    )
    caveat: Series[pd.CategoricalDtype] = pa.Field(
        description="What must be said beside the flag; blank where nothing."
    )
    flagged_unadjusted: Series[pd.BooleanDtype] = pa.Field(
        nullable=True,
        description="The flag had no over-dispersion been allowed for; empty where none was.",
    )
    score_unadjusted: Series[float] = pa.Field(
        nullable=True,
        description="The score had no over-dispersion been allowed for; empty where none was.",
    )
