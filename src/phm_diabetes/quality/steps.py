"""Steps: volumes that fall and shares that step, against the median of the periods before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.noting import noted, nothing
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["share_steps", "volume_falls"]

_RUN = ["dataset", "measure", "definition", "org_level"]
_LEAST_BEFORE = 3
"""Fewest periods before, of which a median says what is usual."""


def volume_falls(
    counts: DataFrame[Counts], *, least: float = 0.5, window: int = 12
) -> DataFrame[Problems]:
    """Find periods in which an organisation counted far fewer than is usual for it, or none.

    A month that is sent late, or before it is final, looks like one in which little was done.

    Parameters
    ----------
    counts
        Counts of several periods, such as months; numerators are compared. A period that others
        of the same level have and an organisation does not is none.
    least
        Share of the usual number that is still taken [proportion].
    window
        Periods before, of whose numbers the median is what is usual; at least 3 are needed.

    Returns
    -------
    DataFrame[Problems]
        A warning a period; one that hidden counts could bring within bounds is not reported.

    Raises
    ------
    OptionError
        When `least` or `window` is outside what it can be.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> months = pd.period_range("2023-01", periods=6, freq="M")
    >>> table = counts_from([
    ...     {"dataset": "local", "measure": "copd.visits", "definition": "local:1",
    ...      "org_level": "provider", "org_code": "RZZ", "numerator": seen,
    ...      "period_start": f"{month.start_time:%Y-%m-%d}",
    ...      "period_end": f"{month.end_time:%Y-%m-%d}"}
    ...     for month, seen in zip(months, [90, 100, 95, 105, 40, 100])])
    >>> volume_falls(table)["message"].tolist()
    ['provider RZZ: copd.visits from 2023-05-01 is below 50% of the median of the periods before']
    """
    if not 0 < least < 1:
        message = f"least= is a share between 0 and 1, not {least:g}."
        raise OptionError(message)
    _refuse_window(window)
    table = as_counts(counts, what="counts")
    dimensions = list(dimensions_of(table))
    found = []
    for _, run in table.astype(dict.fromkeys([*_RUN, "org_code", *dimensions], object)).groupby(
        _RUN, sort=False
    ):
        keys = ["org_code", *dimensions]
        most = _wide(run, "numerator_high", keys)
        usual = _median_before(_wide(run, "numerator_low", keys).fillna(0), window)
        low = (most.fillna(0) < least * usual) & ~_hidden(run, keys)
        found.append(_rows_where(run, low, keys))
    rows = pd.concat(found, ignore_index=True) if found else table.iloc[:0]
    return _noted(
        rows,
        rule="volume steady",
        words=f"is below {least:.0%} of the median of the periods before",
        advice="Ask whether the period was sent in full, and is final, before you compare it.",
    )


def share_steps(
    counts: DataFrame[Counts],
    *,
    dimension: str,
    level: str,
    points: float = 20,
    window: int = 12,
) -> DataFrame[Problems]:
    """Find periods in which one kind makes up another share than is usual for an organisation.

    Records without a code (``level="unknown"``), visits by telephone, or a treatment function
    that another took over: a step is one of recording more often than of care.

    Parameters
    ----------
    counts
        Counts of several periods in which `dimension` has its parts; numerators are compared.
    dimension, level
        The kind, such as ``"ethnicity"`` and ``"unknown"``.
    points
        Change from the usual share that is still taken [percentage points].
    window
        Periods before, of whose shares the median is what is usual; at least 3 are needed.

    Returns
    -------
    DataFrame[Problems]
        A warning a period. Hidden counts leave a share unknown, and are not reported.

    Raises
    ------
    OptionError
        When the counts have no such dimension or level, or `window` is below 3.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> months = pd.period_range("2023-01", periods=5, freq="M")
    >>> table = counts_from([
    ...     {"dataset": "local", "measure": "copd.visits", "definition": "local:1",
    ...      "org_level": "provider", "org_code": "RZZ", "numerator": seen, "sex": sex,
    ...      "period_start": f"{month.start_time:%Y-%m-%d}",
    ...      "period_end": f"{month.end_time:%Y-%m-%d}"}
    ...     for month, unknown in zip(months, [5, 4, 6, 5, 60])
    ...     for sex, seen in {"unknown": unknown, "female": 100 - unknown}.items()])
    >>> share_steps(table, dimension="sex", level="unknown")["severity"].tolist()
    ['warning']
    """
    _refuse_window(window)
    table = as_counts(counts, what="counts")
    if dimension not in dimensions_of(table) or level not in set(table[dimension]):
        message = f"counts has no level '{level}' of a dimension '{dimension}'."
        raise OptionError(message)
    others = [name for name in dimensions_of(table) if name != dimension]
    plain = table.astype(dict.fromkeys([*_RUN, "org_code", dimension, *others], object))
    parts = plain[(plain[dimension] != "all").to_numpy()]
    keys = ["org_code", *others]
    found = []
    for _, run in parts.groupby(_RUN, sort=False):
        seen = run["numerator"].astype("Float64").astype(float)
        of_kind = seen.where((run[dimension] == level).to_numpy(), 0.0)
        cells = run.assign(seen=seen, of_kind=of_kind, hidden=seen.isna()).groupby(
            [*keys, "period_start"], sort=True
        )
        # One hidden part hides the whole, and so the share.
        whole = cells["seen"].sum().where(~cells["hidden"].any())
        share = 100 * cells["of_kind"].sum() / whole.where(whole > 0)
        wide = _across(share)
        step = (wide - _median_before(wide, window)).abs() > points
        found.append(_rows_where(run[(run[dimension] == level).to_numpy()], step, keys))
    rows = pd.concat(found, ignore_index=True) if found else table.iloc[:0]
    return _noted(
        rows,
        rule="share steady over time",
        words=f"has a share of '{level}' that is over {points:g} points from the median before",
        advice="Ask what changed in recording or coding before you read it as a change of care.",
    )


def _refuse_window(window: int) -> None:
    if window < _LEAST_BEFORE:
        message = f"window= is {window}; a median needs {_LEAST_BEFORE} periods or more."
        raise OptionError(message)


def _wide(run: pd.DataFrame, name: str, keys: Sequence[str]) -> pd.DataFrame:
    """One row a series, one column a period that any of them has."""
    values = run.assign(value=run[name].astype("Float64").astype(float))
    return _across(values.groupby([*keys, "period_start"], sort=True)["value"].max())


def _across(series: pd.Series[float]) -> pd.DataFrame:
    """Lay periods side by side."""
    wide: pd.DataFrame = series.unstack("period_start")  # noqa: PD010 - each key stands once
    return wide


def _hidden(run: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Where a row is there, and its count has no upper end."""
    open_ended = run.assign(value=run["numerator_high"].isna().astype(float))
    return _wide(open_ended, "value", keys).fillna(0) > 0


def _median_before(wide: pd.DataFrame, window: int) -> pd.DataFrame:
    """Median of the periods before each, where there are enough; none before the first figure."""
    started = wide.notna().cummax(axis=1) & (wide.fillna(0).cumsum(axis=1) > 0)
    known = wide.where(started)
    before = known.T.shift(1).rolling(window, min_periods=_LEAST_BEFORE)
    return before.median().T


def _rows_where(run: pd.DataFrame, wanted: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Rows of the series and periods wanted; one is made up where the table has none."""
    long = wanted.reset_index().melt(list(keys), var_name="period_start", value_name="wanted")
    spots = long.loc[long["wanted"].to_numpy(dtype=bool), [*keys, "period_start"]]
    spots = spots.astype({"period_start": run["period_start"].dtype})
    first = run.drop_duplicates(list(keys)).drop(columns=["period_start", "source_row"])
    given = run[[*keys, "period_start", "source_row"]].drop_duplicates([*keys, "period_start"])
    rows = spots.merge(first, on=list(keys)).merge(given, on=[*keys, "period_start"], how="left")
    return rows.astype({"source_row": "Int64"})


def _noted(rows: pd.DataFrame, *, rule: str, words: str, advice: str) -> DataFrame[Problems]:
    if not len(rows):
        return nothing()
    return noted(
        rows,
        severity="warning",
        rule=rule,
        column="numerator",
        message=[
            f"{measure} from {start:%Y-%m-%d} {words}"
            for measure, start in zip(rows["measure"], rows["period_start"], strict=True)
        ],
        advice=advice,
    )
