"""Profiling: one page on what an extract holds, what it lacks, and what is odd about it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import field, frozen

from phm_diabetes.adapters.listing import problem_counts, problem_lines
from phm_diabetes.model.dimensions import UNKNOWN
from phm_diabetes.plugins import measure_cards
from phm_diabetes.quality.bases import mixed_bases
from phm_diabetes.quality.belonging import undated_memberships
from phm_diabetes.quality.changing import list_jumps, share_jumps
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.figures import above_denominators
from phm_diabetes.quality.identity import told_twice, unknown_names
from phm_diabetes.quality.periods import gaps_in_time
from phm_diabetes.quality.points import known_issues_of, points_out_of_line
from phm_diabetes.quality.presence import absent_organisations
from phm_diabetes.quality.steps import share_steps, volume_falls
from phm_diabetes.quality.wholes import covered_less, wholes_apart
from phm_diabetes.schemas.columns import dimensions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.problems import Problems

__all__ = ["Profile", "profile"]

_MOST_LINES = 30
_SAID_BY_ADAPTERS = ("numerator within denominator", "register within list")
_FULL = 1.0
_MOST_DAYS = 31


@frozen(kw_only=True, eq=False, repr=False)
class Profile:
    """What an extract holds, and every problem found in it.

    Parameters
    ----------
    extract
        What was profiled.
    completeness
        One row a table and column: ``rows``, ``filled`` and, of counts, ``hidden`` (a range and
        no value) and ``rounded`` (a range and a value) [proportion].
    problems
        Those of reading and those of the checks, the gravest first.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> page = profile(phm.load(demo.registers(), period="2022-23"))
    >>> str(page).splitlines()[-1]
    'No problems.'
    """

    extract: Extract = field()
    completeness: pd.DataFrame = field()
    problems: DataFrame[Problems] = field()

    def __str__(self) -> str:
        """One page: where it came from, what is filled, what is wrong; no cells."""
        lines = [str(self.extract.provenance)]
        for name in self.completeness["table"].unique():
            own = self.completeness[self.completeness["table"] == name]
            rows = int(own["rows"].iloc[0])
            lacking = own[(own["filled"] < _FULL) & (own["filled"] > 0)]
            parts = [
                f"{row.column} {row.filled:.1%} filled"
                + (f" ({row.hidden:.1%} hidden)" if row.hidden else "")
                for row in lacking.itertuples()
            ]
            lines.append(f"{name}: {rows:,} rows" + (f"; {', '.join(parts)}" if parts else ""))
        lines += problem_lines(self.problems, most=_MOST_LINES)
        return "\n".join([*lines, f"{problem_counts(self.problems)}."])

    def __repr__(self) -> str:
        """Sizes and provenance, no cells."""
        return f"<Profile {self.extract.provenance.id}: {problem_counts(self.problems)}>"

    def _repr_html_(self) -> str:
        """Return the page for a notebook."""
        return f"<pre>{escape(str(self))}</pre>"


def profile(
    extract: Extract,
    *,
    previous: Extract | None = None,
    measures: DiseaseArea | Sequence[Measure] | None = None,
    geo: Geography | None = None,
    to: str = "place",
) -> Profile:
    """Run every check that an extract's tables allow.

    Parameters
    ----------
    extract
        What was loaded.
    previous
        The same source a period earlier: who is gone, and which lists and shares jumped.
    measures
        A disease area, a list of cards, or ``None`` for the installed areas.
    geo, to
        Who belongs to whom, and the level whose totals are watched: those that a tenth or more of
        their practices left since the period before, in `previous` or in the extract itself, are
        called out. Published totals all of whose practices are there are held against their sum.
        Without `geo` nobody knows who could have been there.

    Returns
    -------
    Profile

    Raises
    ------
    GeographyError
        When the geography has no memberships to the level.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> len(profile(phm.load(demo.registers(), period="2022-23")).problems)
    0
    """
    found = [extract.problems, *_alone(extract, measures)]
    if previous is not None:
        found += _beside(previous, extract)
    if geo is not None:
        found += [covered_less(previous, extract, geo, to), wholes_apart(extract, geo)]
    return Profile(
        extract=extract,
        completeness=_completeness(extract),
        problems=checks(*found, extracts=[extract] if previous is None else [extract, previous]),
    )


def _alone(
    extract: Extract, measures: DiseaseArea | Sequence[Measure] | None
) -> Iterator[DataFrame[Problems]]:
    tables: dict[str, Any] = {name: table for name, table in extract.tables.items() if len(table)}
    if "counts" in tables:
        counts = tables["counts"]
        cards = measure_cards(measures)
        # A person can have several events, and one can cost more than any number of people.
        of_people = [
            name not in cards or cards[name].unit == "people"
            for name in counts["measure"].cat.categories
        ]
        names = counts["measure"].cat.categories[np.array(of_people, dtype=bool)]
        yield _unsaid(above_denominators(counts[counts["measure"].isin(names)]), extract)
        yield unknown_names(counts, measures)
        yield gaps_in_time(counts)
        yield from _by_month(counts)
        yield known_issues_of(counts, measures)
    if "memberships" in tables:
        yield undated_memberships(tables["memberships"])
    if "population" in tables:
        yield mixed_bases(tables["population"])
    if "facts" in tables:
        yield points_out_of_line(tables["facts"])


def _by_month(counts: pd.DataFrame) -> Iterator[DataFrame[Problems]]:
    """Yield steps from month to month: three longer periods say little of what is usual."""
    days = (counts["period_end"] - counts["period_start"]).dt.days
    months: Any = counts.loc[(days < _MOST_DAYS).to_numpy()]
    if not len(months):
        return
    yield volume_falls(months)
    for name in dimensions_of(months):
        if UNKNOWN in set(months[name]):
            yield share_steps(months, dimension=name, level=UNKNOWN)


def _unsaid(found: DataFrame[Problems], extract: Extract) -> DataFrame[Problems]:
    """Leave out what reading said already, of the same rows."""
    told = extract.problems[extract.problems["rule"].isin(_SAID_BY_ADAPTERS)]
    place = ["sheet", "row"]
    known = pd.MultiIndex.from_frame(told[place].astype(object))
    said = pd.MultiIndex.from_frame(found[place].astype(object)).isin(known)
    return checks(found[~said])


def _beside(previous: Extract, extract: Extract) -> Iterator[DataFrame[Problems]]:
    facts: Any = extract.tables.get("facts")
    if _both(previous, extract, "counts"):
        before, after = (
            _latest(each.tables["counts"], "period_end") for each in (previous, extract)
        )
        yield told_twice(previous.tables["counts"], extract.tables["counts"])  # type: ignore[arg-type]
        if before["period_end"].max() < after["period_end"].max():
            yield absent_organisations(before, after, facts=facts)
            yield share_jumps(_once(before), _once(after))  # type: ignore[arg-type]
    if _both(previous, extract, "population"):
        before, after = (
            _latest(each.tables["population"], "counted_on") for each in (previous, extract)
        )
        if before["counted_on"].max() < after["counted_on"].max():
            yield absent_organisations(before, after)
            yield list_jumps(before, after)  # type: ignore[arg-type]


def _both(previous: Extract, extract: Extract, name: str) -> bool:
    return all(len(each.tables.get(name, ())) > 0 for each in (previous, extract))


def _latest(table: pd.DataFrame, day: str) -> pd.DataFrame:
    latest = (table[day] == table[day].max()).to_numpy()
    rows: pd.DataFrame = table.loc[latest]
    return rows.reset_index(drop=True)


def _once(counts: pd.DataFrame) -> pd.DataFrame:
    """Keep published rows: those summed here stand beside them with the same key."""
    return counts.loc[(counts["basis"] == "published").to_numpy()]


def _completeness(extract: Extract) -> pd.DataFrame:
    rows = [
        {"table": name, "column": column, "rows": len(table), **_filled(table, str(column))}
        for name, table in extract.tables.items()
        for column in table.columns
        if len(table)
    ]
    columns = ["table", "column", "rows", "filled", "hidden", "rounded"]
    return pd.DataFrame(rows, columns=columns)


def _filled(table: pd.DataFrame, column: str) -> dict[str, float]:
    values = table[column]
    filled = values.notna()
    if isinstance(values.dtype, pd.CategoricalDtype):
        filled &= ~values.isin([text for text in values.cat.categories if text == ""])
    elif values.dtype == object or isinstance(values.dtype, pd.StringDtype):
        filled &= values.astype(object) != ""
    found = {"filled": float(filled.mean()), "hidden": 0.0, "rounded": 0.0}
    if f"{column}_high" in table:
        high = table[f"{column}_high"]
        found["hidden"] = float((values.isna() & high.notna()).mean())
        spread = (table[f"{column}_low"] < high).fillna(value=False)
        found["rounded"] = float((values.notna() & spread).mean())
    return found
