"""Wholes: an extract's totals beside the practices that a geography has in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.errors import DoubleCountError, GeographyError
from phm_diabetes.metrics.participation import coverage
from phm_diabetes.quality.comparing import totals_apart
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.covering import falls_among
from phm_diabetes.quality.noting import nothing
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.schemas.problems import Problems

__all__ = ["covered_less", "wholes_apart"]


def covered_less(
    previous: Extract | None, extract: Extract, geo: Geography, to: str
) -> DataFrame[Problems]:
    """Find totals of an extract that a tenth or more of their practices left.

    Parameters
    ----------
    previous, extract
        The same source a period earlier, or ``None``; and the source.
    geo, to
        Who belongs to whom, and the level of the totals.

    Raises
    ------
    GeographyError
        When the geography has no memberships to the level.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.load(demo.registers(), period="2022-23")
    >>> len(covered_less(None, found, demo.england_geography(), "place"))
    0
    """
    own = extract.tables.get("counts")
    if own is None or not len(own):
        return nothing()
    tables = [own] if previous is None else [previous.tables.get("counts", own[:0]), own]
    practices = [_published(table[table["org_level"] == "practice"]) for table in tables]
    told = [table.astype(object) for table in practices if len(table)]
    if not len(practices[-1]):
        return nothing()
    both = pd.concat(told, ignore_index=True)
    dimensions = list(dimensions_of(both))
    both[dimensions] = both[dimensions].fillna("all")
    both = both.drop_duplicates(list(row_key(both)), ignore_index=True)
    day = pd.Timestamp(own["period_end"].max()).date()
    # One day for every period: a source's own list of who took part forgets who stayed out.
    found = coverage(as_counts(both), geo=geo, to=to, as_at=day)
    first = own["period_end"].min()
    return falls_among(found[(found["period_end"] >= first).to_numpy()])


def wholes_apart(extract: Extract, geo: Geography) -> DataFrame[Problems]:
    """Find published totals that are not the sum of their practices, where all of these are there.

    Parameters
    ----------
    extract
        With published rows of practices and of what they are in.
    geo
        Who belongs to whom.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.load(demo.registers(), period="2022-23")
    >>> len(wholes_apart(found, demo.england_geography()))
    0
    """
    counts: Any = extract.tables.get("counts")
    if counts is None or not len(counts):
        return nothing()
    published = _published(counts)
    practices: Any = published[(published["org_level"] == "practice").to_numpy()]
    if not len(practices):
        return nothing()
    about = ["measure", "definition", "period_end", "org_code"]
    found = []
    for level in sorted(set(published["org_level"].astype(str)) - {"practice"}):
        totals = published[(published["org_level"] == level).to_numpy()]
        try:
            known = coverage(practices, geo=geo, to=level)
            summed = geo.roll_up(practices, to=level, as_at="period_end")
        except (DoubleCountError, GeographyError):  # of overlapping parts, or not known to it
            continue
        whole = known.loc[(known["share"] == 1.0).to_numpy(), about].astype(object)
        there = pd.MultiIndex.from_frame(totals[about].astype(object)).isin(
            pd.MultiIndex.from_frame(whole)
        )
        found.append(totals_apart(summed, totals[there]))  # type: ignore[arg-type]
    return checks(*found)


def _published(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.loc[(counts["basis"] == "published").to_numpy()]
