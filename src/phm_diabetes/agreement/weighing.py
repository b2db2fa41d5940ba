"""Weighing: the evidence of two sources gathered, and the explanations ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.agreement.evidence import Evidence, Explanation
from phm_diabetes.agreement.other_people import OF_PEOPLE_OR_CARE
from phm_diabetes.agreement.signatures import OF_RECORDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.agreement.sources import Source

__all__ = ["SIGNATURES", "evidence_of", "norms_in", "ranked", "share_of_all"]

SIGNATURES = (*OF_RECORDING, *OF_PEOPLE_OR_CARE)
"""At equal scores, the one that asks for more evidence stands first."""

_SHORT = 3.0  # points below a norm that are no shortfall: the limit of the grade's pooled rule


def ranked(seen: Evidence) -> tuple[Explanation, ...]:
    """Return the explanations that something speaks for, the highest score first.

    Examples
    --------
    >>> len(SIGNATURES)
    9
    """
    found = [each for each in (weigh(seen) for weigh in SIGNATURES) if each is not None]
    return tuple(sorted((each for each in found if each.score > 0), key=lambda each: -each.score))


def share_of_all(rows: pd.DataFrame) -> float:
    """Return the percentage of all rows together; a hidden part counts as its range's middle.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> table = phm.counts_from([{"dataset": "d", "measure": "copd.review", "definition": "d:1",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 60, "denominator": 100}])
    >>> share_of_all(table)
    60.0
    """
    top, bottom = (_middle(rows, part).sum() for part in ("numerator", "denominator"))
    return float(100 * top / bottom) if bottom > 0 else np.nan


def _middle(rows: pd.DataFrame, part: str) -> pd.Series[float]:
    low, high = (rows[f"{part}_{end}"].astype("Float64") for end in ("low", "high"))
    return rows[part].astype("Float64").fillna((low + high) / 2).astype("float64")


def norms_in(table: pd.DataFrame, end: pd.Timestamp) -> dict[str, float]:
    """Return England's published percentages in a table, by measure.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> table = phm.counts_from([{"dataset": "d", "measure": "copd.review", "definition": "d:1",
    ...     "org_level": "england", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 60, "denominator": 100}])
    >>> norms_in(table, pd.Timestamp("2023-03-31"))
    {'copd.review': 60.0}
    """
    rows = table[
        (table["org_level"] == "england")
        & (table["basis"] == "published")
        & (table["period_end"] == end)
    ]
    told = {
        str(name): share_of_all(own)
        for name, own in rows.groupby("measure", observed=True)
        if len(own) == 1
    }
    return {name: value for name, value in told.items() if not np.isnan(value)}


def evidence_of(  # noqa: PLR0913 - the evidence there can be
    low: Source,
    high: Source,
    both: pd.DataFrame,
    *,
    ends: str,
    beside: Mapping[str, float],
    norms: Mapping[str, float],
    systems: Mapping[str, str],
    parts: Sequence[str],
    list_changes: Mapping[str, float],
    local_scheme: bool,
) -> Evidence:
    """Gather the evidence; `ends` says which suffix of `both` is the lower and the other's.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> found = phm.reconcile(table, table, measure="copd.register", geo=demo.england_geography())
    >>> found.norm_known
    False
    """
    known = both["org_code"].to_numpy(dtype=object)
    number = {
        f"{name}_{part}": both[f"{part}_{end}"].to_numpy(np.float64, na_value=np.nan)
        for name, end in zip(("low", "high"), ends, strict=True)
        for part in ("numerator", "denominator")
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        value = {
            name: 100 * number[f"{name}_numerator"] / number[f"{name}_denominator"]
            for name in ("low", "high")
        }
    shared, words = _shared(
        low, share_of_all(_inside(low.now, known)), high, _inside(high.now, known), beside, norms
    )
    return Evidence(
        codes=known,
        **value,
        **number,
        low_name=low.name,
        high_name=high.name,
        shared=shared,
        norms=words,
        earlier={"low": _over_time(low, known), "high": _over_time(high, known)},
        systems=systems,
        parts={part: (_part(low, part, known), _part(high, part, known)) for part in parts},
        list_changes=list_changes,
        local_scheme=local_scheme,
    )


def _inside(rows: pd.DataFrame, codes: object) -> pd.DataFrame:
    return rows[rows["org_code"].isin(list(codes))]  # type: ignore[call-overload]


def _over_time(source: Source, codes: object) -> pd.Series[float]:
    """Percentage of all by period end, under the definition that is compared."""
    own = _inside(source.rows, codes)
    own = own[(own["definition"] == source.definition) & (own["period_end"] <= source.end)]
    told = {end: share_of_all(rows) for end, rows in own.groupby("period_end", sort=True)}
    return pd.Series(told, dtype="float64")


def _part(source: Source, part: str, codes: object) -> float:
    table = source.table
    rows = table[
        (table["measure"] == part)
        & (table["org_level"] == "practice")
        & (table["period_end"] == source.end)
    ]
    return share_of_all(_inside(rows, codes))


def _shared(
    low: Source,
    value: float,
    high: Source,
    other: pd.DataFrame,
    beside: Mapping[str, float],
    norms: Mapping[str, float],
) -> tuple[float | None, tuple[str, ...]]:
    """Return what of the lower source's shortfall others share, and the figures."""
    own = norms.get(low.name)
    others = {
        name: figure
        for name, figure in {high.name: share_of_all(other), **beside}.items()
        if name in norms
    }
    if own is None or not others:
        return None, ()
    short = own - value
    words = (
        f"{low.name} is {value:.1f}% (norm {own:.1f}%).",
        *(f"{name} is {figure:.1f}% (norm {norms[name]:.1f}%)." for name, figure in others.items()),
    )
    if short <= _SHORT:
        return 0.0, words
    gaps = [norms[name] - figure for name, figure in others.items()]
    shares = [min(gap / short, 1.0) if gap > _SHORT else 0.0 for gap in gaps]
    return float(np.mean(shares)), words
