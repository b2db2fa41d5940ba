"""Names of the columns of the tables, by their part in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COMPARISON_VALUES",
    "DETECTABLE_VALUES",
    "ESTIMATE_VALUES",
    "FLAG_VALUES",
    "IDENTITY",
    "VALUES",
    "dimensions_of",
    "row_key",
]

IDENTITY = (
    "dataset",
    "measure",
    "definition",
    "org_level",
    "org_code",
    "period_start",
    "period_end",
    "basis",
    "as_at",
    "source",
)
"""Columns that say what a row is about; always present, always kept."""

VALUES = (
    "numerator",
    "numerator_low",
    "numerator_high",
    "numerator_variance",
    "denominator",
    "denominator_low",
    "denominator_high",
    "denominator_variance",
    "excluded",
    "numerator_ss",
    "source_row",
)
"""Columns that hold figures; every other column of a Counts table is a dimension."""

ESTIMATE_VALUES = (
    "value",
    "lower",
    "upper",
    "confidence",
    "method",
    "value_low",
    "value_high",
    "reason",
)
"""Columns that an estimate adds to a count."""

COMPARISON_VALUES = (
    "comparator",
    "comparator_code",
    "comparator_basis",
    "comparator_units",
    "comparator_numerator",
    "comparator_denominator",
    "comparator_value",
    "difference",
    "difference_lower",
    "difference_upper",
    "verdict",
    "rounding",
    "caveat",
)
"""Columns that a comparison adds to an estimate."""

FLAG_VALUES = (
    "detector",
    "flagged",
    "direction",
    "score",
    "threshold",
    "p_value",
    "why",
    "rounding",
    "caveat",
    "flagged_unadjusted",
    "score_unadjusted",
)
"""Columns that a detector adds to an estimate."""

DETECTABLE_VALUES = ("target", "detectable_low", "detectable_high", "power")
"""Columns that say what each unit could have shown."""

_FIXED = frozenset(
    {
        *IDENTITY,
        *VALUES,
        *ESTIMATE_VALUES,
        *COMPARISON_VALUES,
        *FLAG_VALUES,
        *DETECTABLE_VALUES,
    }
)


def dimensions_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the dimensions of a table: the columns that no schema of the flow names.

    Examples
    --------
    >>> import pandas as pd
    >>> dimensions_of(pd.DataFrame(columns=["measure", "sex", "numerator"]))
    ('sex',)
    """
    return tuple(str(name) for name in table.columns if name not in _FIXED)


def row_key(table: pd.DataFrame) -> list[str]:
    """Return the columns that tell rows apart: one row a key, whichever extract it came from.

    Examples
    --------
    >>> import pandas as pd
    >>> row_key(pd.DataFrame(columns=["measure", "sex", "confidence"]))[-2:]
    ['sex', 'confidence']
    """
    telling = ("confidence", "comparator", "comparator_code", "detector")
    return [
        *(name for name in IDENTITY if name != "source"),
        *dimensions_of(table),
        *(name for name in telling if name in table.columns),
    ]
