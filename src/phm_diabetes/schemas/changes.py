"""Changes: an estimate beside the same figure of an earlier, like period."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from phm_diabetes.schemas.estimates import Estimates

__all__ = ["CHANGES_IN", "Changes"]

CHANGES_IN = ("measure's unit", "percent of earlier")


class Changes(Estimates):
    """The columns of `Estimates`, which are of the later period, and the change since."""

    earlier_start: Series[pa.DateTime] = pa.Field(
        nullable=True, description="First day of the earlier period; empty where there is none."
    )
    earlier_end: Series[pa.DateTime] = pa.Field(
        nullable=True, description="Last day of the earlier period; empty where there is none."
    )
    earlier_value: Series[float] = pa.Field(
        nullable=True, description="The earlier period's figure, in the scale of value."
    )
    change: Series[float] = pa.Field(nullable=True, description="Later figure less the earlier.")
    change_lower: Series[float] = pa.Field(
        nullable=True, description="Lower end of the change's sampling interval."
    )
    change_upper: Series[float] = pa.Field(
        nullable=True, description="Upper end of the change's sampling interval."
    )
    change_low: Series[float] = pa.Field(
        nullable=True, description="Least the change can be, whatever hidden counts are."
    )
    change_high: Series[float] = pa.Field(
        nullable=True, description="Most the change can be, whatever hidden counts are."
    )
    change_in: Series[pd.CategoricalDtype] = pa.Field(
        isin=list(CHANGES_IN), description="Unit of the change and its ends."
    )
    change_reason: Series[pd.CategoricalDtype] = pa.Field(
        description="Why there is no change; blank where there is one."
    )
    caveat: Series[pd.CategoricalDtype] = pa.Field(
        description="What must be said beside the change; blank where nothing."
    )
