"""Comparisons: an estimate beside its comparator, and a verdict in modest words."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from phm_diabetes.schemas.estimates import Estimates

__all__ = ["ROUNDING_WORDS", "VERDICTS", "Comparisons"]

VERDICTS = ("better", "similar", "worse", "higher", "lower", "not compared")
ROUNDING_WORDS = ("holds", "likely holds", "may change", "cannot tell")


class Comparisons(Estimates):
    """The columns of `Estimates`, the comparator's figure, and the verdict."""

    comparator: Series[pd.CategoricalDtype] = pa.Field(
        description="Level compared with, such as england or icb; 'peers', or 'similar' practices."
    )
    comparator_code: Series[pd.CategoricalDtype] = pa.Field(
        description="Code of the comparator; blank where the unit has none."
    )
    comparator_basis: Series[pd.CategoricalDtype] = pa.Field(
        description=(
            "published: the source's own row; rolled_up: summed here from the units counted in "
            "comparator_units."
        )
    )
    comparator_units: Series[pd.Int64Dtype] = pa.Field(
        nullable=True,
        ge=0,
        description="Practices (or other units) summed for the comparator; empty if published.",
    )
    comparator_numerator: Series[pd.Int64Dtype] = pa.Field(
        nullable=True,
        description="Numerator compared with; without the unit, unless the comparator is fixed.",
    )
    comparator_denominator: Series[pd.Int64Dtype] = pa.Field(
        nullable=True,
        description="Denominator compared with; without the unit, unless it is fixed.",
    )
    comparator_value: Series[float] = pa.Field(
        nullable=True, description="The comparator's figure, in the scale of value."
    )
    difference: Series[float] = pa.Field(nullable=True, description="value minus comparator_value.")
    difference_lower: Series[float] = pa.Field(
        nullable=True, description="Lower end of the difference's interval."
    )
    difference_upper: Series[float] = pa.Field(
        nullable=True, description="Upper end of the difference's interval."
    )
    verdict: Series[pd.CategoricalDtype] = pa.Field(
        isin=list(VERDICTS),
        description="better, similar, worse; higher, similar, lower; or not compared.",
    )
    rounding: Series[pd.CategoricalDtype] = pa.Field(
        isin=list(ROUNDING_WORDS),
        description=(
            "What hidden counts could do to the verdict: it holds at every corner of the hard "
            "bounds, likely holds in 95% of draws, may change, or cannot tell."
        ),
    )
    caveat: Series[pd.CategoricalDtype] = pa.Field(
        description="What must be said beside the figure; blank where nothing."
    )
