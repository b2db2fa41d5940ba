"""Counts: the table everything meets at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing import DataFrame, Series

from phm_diabetes.errors import SchemaError
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.exactness import same_numbers, with_shared_bounds
from phm_diabetes.schemas.keys import are_distinct, group_ids

__all__ = ["Counts", "as_counts"]


_ENDS = ("low", "high")


class Counts(pa.DataFrameModel):
    """Numerators and denominators, one row an organisation, measure, period and cell.

    A hidden number is a range, never zero. Exact: low = high = value. Rounded: a value inside
    low and high. Suppressed: no value, both bounds. Missing: no value and no high.
    """

    dataset: Series[pd.CategoricalDtype] = pa.Field(
        description="Source the figures belong to, such as QOF."
    )
    measure: Series[pd.CategoricalDtype] = pa.Field(description="Id of the measure's card.")
    definition: Series[pd.CategoricalDtype] = pa.Field(
        description="Version of the measure's rules: publisher, code and edition."
    )
    org_level: Series[pd.CategoricalDtype] = pa.Field(
        description="Level of the organisation, such as practice or pcn."
    )
    org_code: Series[pd.CategoricalDtype] = pa.Field(
        description=(
            "Code of the organisation; 'unallocated' and 'unmapped' hold the remainders of a "
            "roll-up."
        )
    )
    period_start: Series[pa.DateTime] = pa.Field(description="First day covered.")
    period_end: Series[pa.DateTime] = pa.Field(description="Last day covered.")
    basis: Series[pd.CategoricalDtype] = pa.Field(
        isin=["published", "rolled_up", "overlapping"],
        description=(
            "published: as the source gives it; rolled_up: summed here; overlapping: summed here "
            "to groups that share members, and never to be summed again."
        ),
    )
    as_at: Series[pa.DateTime] = pa.Field(
        nullable=True,
        description="Day whose memberships a roll-up used; empty for published rows.",
    )
    source: Series[pd.CategoricalDtype] = pa.Field(
        description="Ids of the extracts the row came from, joined by ' + '."
    )
    numerator: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, description="Numerator, in the measure's unit; empty when hidden."
    )
    numerator_low: Series[pd.Int64Dtype] = pa.Field(
        ge=0, description="Least that the numerator can be."
    )
    numerator_high: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, description="Most that the numerator can be; empty when not known."
    )
    numerator_variance: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        description=(
            "Variance that rounding or hiding adds to the numerator [unit squared]; empty when "
            "the range has no upper end, or nothing says how likely each number of it is."
        ),
    )
    denominator: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, description="Denominator; empty when hidden or not applicable."
    )
    denominator_low: Series[pd.Int64Dtype] = pa.Field(
        ge=0, description="Least that the denominator can be."
    )
    denominator_high: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, description="Most that the denominator can be; empty when not known."
    )
    denominator_variance: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        description=(
            "Variance that rounding or hiding adds to the denominator [unit squared]; empty when "
            "the range has no upper end."
        ),
    )
    excluded: Series[pd.Int64Dtype] = pa.Field(
        nullable=True,
        ge=0,
        description="People left out of the denominator by personalised care adjustment.",
    )
    numerator_ss: Series[float] = pa.Field(
        nullable=True,
        ge=0,
        description=(
            "Sum over people of the square of each one's part of the numerator; for money and "
            "repeat events."
        ),
    )
    source_row: Series[pd.Int64Dtype] = pa.Field(
        nullable=True, ge=1, description="Row of the source file; empty for rolled-up rows."
    )

    class Config:
        """Coerce; extra columns are dimensions."""

        coerce = True
        strict = False

    # A check that finds nothing says so in one word: a column of it costs ten times as much.
    @pa.dataframe_check(name="low and high hold the value")
    def _bounds_hold_the_value(
        cls,  # noqa: N805 - pandera
        frame: pd.DataFrame,
    ) -> pd.Series[Any] | bool:
        inside = np.ones(len(frame), dtype=bool)
        for part in ("numerator", "denominator"):
            if all(same_numbers(frame[part], frame[f"{part}_{end}"]) for end in _ENDS):
                continue  # exact throughout: the commonest table, at a tenth of the cost
            low = frame[f"{part}_low"].to_numpy(dtype="float64", na_value=np.nan)
            high = frame[f"{part}_high"].to_numpy(dtype="float64", na_value=np.inf)
            value = frame[part].to_numpy(dtype="float64", na_value=np.nan)
            bounded = frame[f"{part}_high"].notna().to_numpy() | np.isnan(value)
            with np.errstate(invalid="ignore"):
                inside &= (low <= high) & ~(value < low) & ~(value > high) & bounded
        return True if inside.all() else pd.Series(inside, index=frame.index)

    @pa.dataframe_check(name="a period ends after it starts")
    def _period_runs_forward(
        cls,  # noqa: N805 - pandera
        frame: pd.DataFrame,
    ) -> pd.Series[Any] | bool:
        forward = frame["period_start"].to_numpy() <= frame["period_end"].to_numpy()
        return True if forward.all() else pd.Series(forward, index=frame.index)

    @pa.dataframe_check(name="one row a key")
    def _one_row_a_key(cls, frame: pd.DataFrame) -> pd.Series[Any] | bool:  # noqa: N805 - pandera
        try:
            if are_distinct(frame, row_key(frame)):
                return True
        except TypeError:  # a dimension that holds lists: as_counts names it
            return True
        ids, _ = group_ids(frame, row_key(frame))
        return pd.Series(np.bincount(ids)[ids] == 1, index=frame.index)


def _as_text(column: pd.Series[Any]) -> pd.Series[Any] | None:
    """Return a dimension as categories; nothing where a cell holds no text."""
    try:
        texts = column.astype("category")
    except TypeError:  # a list in a cell
        return None
    kind = pd.api.types.infer_dtype(texts.cat.categories, skipna=False)
    return None if kind not in {"string", "empty"} or texts.isna().any() else texts


def as_counts(table: object, *, what: str = "The table") -> DataFrame[Counts]:
    """Return a checked Counts table with its dimensions as categories.

    Parameters
    ----------
    table
        A pandas DataFrame with every column of `Counts`; any other column is a dimension.
    what
        How a message calls the table.

    Raises
    ------
    SchemaError
        When a rule of the schema is broken, or a dimension does not hold text.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> as_counts(counts_from([{
    ...     "dataset": "QOF", "measure": "copd.register", "definition": "qof:COPD:TOTAL",
    ...     "org_level": "practice", "org_code": "X99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 12, "denominator": 400,
    ... }]))["numerator_high"].tolist()
    [12]
    """
    frame = checked(Counts, with_shared_bounds(table), what=what)
    text: dict[str, pd.Series[Any]] = {}
    for name in dimensions_of(frame):
        column = _as_text(frame[name])
        if column is None:
            message = (
                f"{what} has a column '{name}' that is no part of Counts, so it is read as a "
                "dimension, but it does not hold text in every row. Drop it, or write 'all' and "
                "'unknown' where they apply."
            )
            raise SchemaError(message)
        text[name] = column
    return frame.assign(**text)
