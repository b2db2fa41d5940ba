"""Record days: appointments and stays on days that cannot be, as after an extract or a death."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from phm_diabetes.errors import SchemaError, did_you_mean
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import noted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.model.periods import Period
    from phm_diabetes.schemas.problems import Problems

__all__ = ["unlikely_days"]


def unlikely_days(
    records: pd.DataFrame,
    *,
    period: Period,
    extracted: date,
    day: str = "date",
    deaths: Mapping[str, date] | None = None,
) -> DataFrame[Problems]:
    """Find records outside the file's period, attended in the future, or after a death.

    Parameters
    ----------
    records
        Rows of people, such as ``phm.load(path, adapter="england.hes_op").table``: the day, and
        where it has them ``attendance`` and ``person``.
    period
        What the file is said to cover.
    extracted
        Day the extract was made: nobody attended after it.
    day
        Column of the day, such as ``"ended"`` for episodes.
    deaths
        Day of death by the pseudonym of the person, where the caller may hold it.

    Returns
    -------
    DataFrame[Problems]
        An error a row, by its number and without a cell. A row without a day is none: its layout
        has reported it.

    Raises
    ------
    SchemaError
        When the records have no such column of days.

    Examples
    --------
    >>> from datetime import date
    >>> import phm_diabetes as phm
    >>> rows = pd.DataFrame({
    ...     "date": pd.to_datetime(["2023-05-02", "2022-05-02", "2024-03-20"]),
    ...     "attendance": ["attended", "attended", "attended"], "person": ["P1", "P1", "P2"],
    ...     "source": "england.hes_op:0f", "source_row": [2, 3, 4]})
    >>> year = phm.Period.financial_year("2023-24")
    >>> found = unlikely_days(rows, period=year, extracted=date(2024, 2, 1),
    ...                       deaths={"P1": date(2023, 5, 1)})
    >>> found["rule"].tolist()
    ['alive on the day', 'day in the period', 'attended before the extract']
    """
    if day not in records:
        near = did_you_mean(day, [str(name) for name in records.columns])
        message = f"The records have no column '{day}' of days.{near}"
        raise SchemaError(message)
    days = pd.to_datetime(records[day])
    outside = (days < pd.Timestamp(period.start)) | (days > pd.Timestamp(period.end))
    attended = pd.Series(True, index=records.index)  # noqa: FBT003 - of every row
    if "attendance" in records:
        attended = records["attendance"].astype(str) == "attended"
    ahead = attended & (days > pd.Timestamp(extracted))
    died = pd.Series(pd.NaT, index=records.index, dtype="datetime64[ns]")
    if deaths and "person" in records:
        died = pd.to_datetime(records["person"].astype(object).map(dict(deaths)))
    return checks(
        noted(
            records[outside.to_numpy()],
            severity="error",
            rule="day in the period",
            column=day,
            message="lies outside the period that the file covers",
            advice="Check which year the file is of. A tally counts it in no period but its own.",
        ),
        noted(
            records[ahead.to_numpy()],
            severity="error",
            rule="attended before the extract",
            column=day,
            message="was attended on a day after the extract was made",
            advice="Check the code of attendance, or the day, with the provider.",
        ),
        noted(
            records[(days > died).to_numpy()],
            severity="error",
            rule="alive on the day",
            column=day,
            message="lies after the person's death",
            advice="Leave it out, and check whether two people share the pseudonym.",
        ),
    )
