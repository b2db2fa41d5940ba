"""Attaching: what must be known of the counts under a result, carried and printed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.adapters.listing import problem_counts, problem_lines
from phm_diabetes.errors import GeographyError
from phm_diabetes.metrics.participation import coverage
from phm_diabetes.model.levels import level_named
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.covering import falls_among
from phm_diabetes.quality.figures import above_denominators, worked_out_from_too_few
from phm_diabetes.quality.points import known_issues_of
from phm_diabetes.rolling_up import day_of
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.estimates import Estimates
    from phm_diabetes.schemas.problems import Problems

__all__ = ["Quality", "quality_of", "quality_together"]

_MOST_KINDS = 4
_COLUMNS = ["measure", "org_level", "org_code", "known", "present", "present_before"]


@frozen(kw_only=True, eq=False, repr=False)
class Quality:
    """Coverage and problems of the counts under a result.

    Parameters
    ----------
    coverage
        One row a measure and organisation: of how many practices ``known`` a figure is
        ``present``, and was ``present_before``.
    problems
        What the checks found, and what reading the files said, the gravest first.

    Examples
    --------
    >>> from phm_diabetes.quality.noting import nothing
    >>> known = pd.DataFrame([["copd.register", "place", "planted", 9, 8, pd.NA]],
    ...                      columns=_COLUMNS)
    >>> Quality(coverage=known, problems=nothing()).lines
    ['Coverage: 8 of 9 practices known in Place planted have a figure.']
    """

    coverage: pd.DataFrame
    problems: DataFrame[Problems]

    @property
    def lines(self) -> list[str]:
        """Sentences for a reader: coverage, and each kind of error or warning; notes counted."""
        return [*self.coverage_lines, *self.problem_lines]

    @property
    def coverage_lines(self) -> list[str]:
        """How many of the practices known have a figure, an organisation a line."""
        lines = []
        for (level, code), own in self.coverage.groupby(["org_level", "org_code"], sort=False):
            where = _where(str(level), str(code))
            pairs = own[["present", "known"]].drop_duplicates()
            if len(pairs) == 1:
                present, known = pairs.iloc[0]
                lines.append(
                    f"Coverage: {present:,} of {known:,} practices known{where} have a figure."
                )
                continue
            told = ", ".join(
                f"{row.measure} {row.present:,} of {row.known:,}" for row in own.itertuples()
            )
            lines.append(f"Coverage, of practices known{where}: {told}.")
        return lines

    @property
    def problem_lines(self) -> list[str]:
        """How many problems there are, and each kind of error or warning."""
        if not len(self.problems):
            return []
        grave = self.problems[self.problems["severity"] != "info"]
        lines = [f"Data quality: {problem_counts(self.problems)} (in .quality.problems)."]
        return lines + [f"  {line}" for line in problem_lines(grave, most=_MOST_KINDS)]

    def __str__(self) -> str:
        """Say the lines."""
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        """Count what was found."""
        return f"<Quality: {problem_counts(self.problems)}>"


def quality_of(  # noqa: PLR0913 - what the counts are of, and what is known of them
    counts: DataFrame[Counts],
    *,
    geo: Geography,
    to: str,
    within: Mapping[str, str],
    as_at: str | date,
    measures: Sequence[Measure],
    estimates: DataFrame[Estimates] | None = None,
    extracts: Sequence[Extract] = (),
    earlier: Iterable[pd.DataFrame] = (),
) -> Quality:
    """Run the checks that concern the counts under a result.

    Parameters
    ----------
    counts
        Counts of practices, of one period a measure.
    geo, as_at
        Who belongs to whom, and on which day.
    to
        The level whose practices are counted where `within` is empty.
    within
        The organisations that were asked about; empty for all.
    measures
        Their cards.
    estimates
        The figures that were worked out, to be checked for too few people.
    extracts
        Where the counts came from: what reading said is repeated, and their earlier periods show
        a fall in coverage.
    earlier
        Further counts of earlier periods.

    Returns
    -------
    Quality

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.plugins import measure_cards
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> found = quality_of(
    ...     table[table["measure"] == "copd.register"], geo=demo.england_geography(), to="pcn",
    ...     within={"place": "planted_dudley"}, as_at="period_end",
    ...     measures=[measure_cards()["copd.register"]])
    >>> found.lines[0]
    'Coverage: 43 of 43 practices known in Place planted_dudley have a figure.'
    """
    table = cast("DataFrame[Counts]", _in_order(as_counts(counts, what="counts")))
    # A person can have several events, and one can cost more than any number of people.
    others = [card.id for card in measures if card.unit != "people"]
    found = [
        above_denominators(as_counts(table[~table["measure"].isin(others)])),
        known_issues_of(table, measures),
        *(extract.problems for extract in extracts),
    ]
    if estimates is not None:
        shares = [card.id for card in measures if card.kind == "proportion"]
        own = _in_order(estimates[estimates["measure"].isin(shares)])
        found.append(worked_out_from_too_few(cast("DataFrame[Estimates]", own)))
    before = [*(each.tables["counts"] for each in extracts if "counts" in each.tables), *earlier]
    covered = []
    for end, now in table.groupby("period_end", sort=True):
        day = day_of(as_at, cast("pd.Timestamp", end)).date()
        both = _with_earlier(now, before)
        for level, code in within.items() or [("", "")]:
            known = _coverage(both, geo, day, level or "england", to)
            here = known[(known["period_end"] == end).to_numpy()]
            if code:
                here = here[(here["org_code"] == code).to_numpy()]
            covered.append(_summed(here, code))
            # Of one organisation, or of England: a PCN of five loses a tenth with each practice.
            found += [falls_among(here)] if len(here["org_code"].unique()) == 1 else []
    return Quality(
        coverage=pd.concat(covered, ignore_index=True),
        problems=checks(*found, extracts=extracts),
    )


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows by key, so that their order says nothing of what is named first."""
    ids, _ = group_ids(table, row_key(table))
    return table.iloc[np.argsort(ids, kind="stable")].reset_index(drop=True)


def _coverage(
    counts: DataFrame[Counts], geo: Geography, day: date, level: str, otherwise: str
) -> pd.DataFrame:
    """Coverage at a level, or at another where the geography does not have it."""
    try:
        return coverage(counts, geo=geo, to=level, as_at=day)
    except GeographyError:
        return coverage(counts, geo=geo, to=otherwise, as_at=day)


def _with_earlier(now: pd.DataFrame, before: Sequence[pd.DataFrame]) -> DataFrame[Counts]:
    """Return practices' rows with those of the same measures in earlier periods."""
    parts = [now]
    for table in before:
        same = (
            (table["org_level"] == "practice")
            & table["dataset"].isin(now["dataset"].unique())
            & table["measure"].isin(now["measure"].unique())
            & (table["period_end"] < now["period_end"].iloc[0])
        )
        own = table[same.to_numpy(dtype=bool)]
        absent = [name for name in dimensions_of(now) if name not in own]
        parts += [own.assign(**dict.fromkeys(absent, "all"))[list(now.columns)]] if len(own) else []
    if len(parts) == 1:
        return as_counts(now)
    both = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    # Who is there counts, and not what they have: an edition beside another says no more.
    return as_counts(both.drop_duplicates(list(row_key(both)), ignore_index=True))


def _where(level: str, code: str) -> str:
    name = level_named(level).name
    if code:
        return f" in {name} {code}"
    return f" in {name}" if level == "england" else f" in a {name}"


def _summed(here: pd.DataFrame, code: str) -> pd.DataFrame:
    level = str(here["org_level"].iloc[0]) if len(here) else ""
    numbers = ["known", "present", "present_before"]
    by_measure = here.astype({"measure": str}).groupby("measure")[numbers]
    summed = by_measure.sum(min_count=1).reset_index()
    return summed.assign(org_level=level, org_code=code)[_COLUMNS]


def quality_together(parts: Iterable[Quality]) -> Quality | None:
    """Return what several results rest on as one; nothing where none of them says.

    Examples
    --------
    >>> quality_together([]) is None
    True
    """
    given = list(parts)
    if not given:
        return None
    covered = pd.concat([each.coverage for each in given], ignore_index=True)
    return Quality(
        coverage=covered.drop_duplicates(ignore_index=True),
        problems=checks(*(each.problems for each in given)),
    )
