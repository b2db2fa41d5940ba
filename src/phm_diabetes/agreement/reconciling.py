"""Reconcile: two sources of the same thing, graded, with what a gap is consistent with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.agreement.grading import agreement_of, bland_altman
from phm_diabetes.agreement.pairing import paired
from phm_diabetes.agreement.reconciliation import Reconciliation
from phm_diabetes.agreement.sources import Source, counts_of, source_of, the_period
from phm_diabetes.agreement.weighing import evidence_of, norms_in, ranked, share_of_all
from phm_diabetes.errors import OptionError
from phm_diabetes.extract import Extract
from phm_diabetes.rolling_up import day_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.facts import Facts
from phm_diabetes.schemas.population import Population

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.schemas.counts import Counts

__all__ = ["reconcile"]

_DAYS_IN_A_YEAR = 365.25


def reconcile(  # noqa: PLR0913 - each is a piece of evidence that a caller may have
    a: DataFrame[Counts] | Extract,
    b: DataFrame[Counts] | Extract,
    *,
    measure: str | Measure | tuple[str, str],
    geo: Geography,
    via: str = "pcn",
    within: Mapping[str, str] | None = None,
    as_at: str | date = "period_end",
    local_scheme: str | None = None,
    beside: DataFrame[Counts] | None = None,
    norms: Mapping[str, float] | None = None,
    facts: DataFrame[Facts] | None = None,
    system: str = "clinical_system",
    parts: Sequence[str] = (),
    lists: DataFrame[Population] | None = None,
    allow_mixed: str | None = None,
    extracts: Sequence[Extract] = (),
) -> Reconciliation:
    """Hold two sources of the same thing against each other, and weigh care against coding.

    Parameters
    ----------
    a, b
        Counts of practices, or extracts that hold them, of one dataset each. The latest period
        that both have is compared; earlier ones with the same definition are evidence, and so is
        England's published row.
    measure
        An id, or the two ids of the same thing, in `a` and in `b`.
    geo
        Who belongs to whom.
    via
        The level between practice and all, such as ``"pcn"``.
    within
        Only practices of one organisation, such as ``{"place": "dudley"}``.
    as_at
        Whose memberships: ``"period_end"``, ``"today"``, or a date.
    local_scheme
        Dataset of the two that is a local scheme, in which work may be recorded instead.
    beside
        Counts of further processes that would be usual if care were given.
    norms
        Usual share by measure [proportion]; England's published rows are taken where it says
        nothing.
    facts, system
        Facts of practices, and the attribute that names their clinical system.
    parts
        Ids of the parts that the measure is made of, in both sources.
    lists
        List sizes of practices on two days or more.
    allow_mixed
        A reason that allows two periods that differ; it is printed.
    extracts
        Where the counts came from, for :meth:`Reconciliation.explain`.

    Returns
    -------
    Reconciliation
        Graded, with every practice's difference and the explanations, ranked.

    Raises
    ------
    UnlikeError
        When the sources share no period, and that was not allowed.
    MeasureNotFoundError
        When a source has no row of the measure.
    DoubleCountError, DefinitionMismatchError
        When one source holds it several times.
    OptionError
        When no practice stands in both, or an option names what is not there.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> found = phm.reconcile(table, table, measure="copd.register", geo=demo.england_geography())
    >>> found.grade
    'validated'
    """
    tables = counts_of(a, "a"), counts_of(b, "b")
    names = _ids(measure)
    rows = [
        source_of(table, name, what) for table, name, what in zip(tables, names, "ab", strict=True)
    ]
    if allow_mixed is not None and not allow_mixed.strip():
        message = "allow_mixed= takes a reason, which is printed; it is blank."
        raise OptionError(message)
    ends = the_period((rows[0]["period_end"], rows[1]["period_end"]), allow_mixed)
    one, other = (
        Source(table=table, rows=own, measure=name, dataset=str(own["dataset"].iloc[0]), end=end)
        for table, own, name, end in zip(tables, rows, names, ends, strict=True)
    )
    if local_scheme is not None and local_scheme not in {one.dataset, other.dataset}:
        message = f"local_scheme= is neither of the datasets {one.dataset} and {other.dataset}."
        raise OptionError(message)
    members = _members(one, other, geo, within, as_at)
    now = [_of(source.now, members) for source in (one, other)]
    practices, both = paired(*now)
    if not len(both):
        message = "No practice stands in both sources. Look at the codes and at within=."
        raise OptionError(message)
    shared = set(both["org_code"])
    levels = [
        paired(*(_summed(_of(own, shared), geo, level, as_at) for own in now))[0]
        for level in (via, None)
    ]
    second, norm = _beside(beside, shared)
    norm |= {name: 100 * value for name, value in (norms or {}).items()}
    norm |= {source.name: value for source in (one, other) for value in _norm(source, norms)}
    a_is_low = share_of_all(_of(now[0], shared)) <= share_of_all(_of(now[1], shared))
    low, high = (one, other) if a_is_low else (other, one)
    seen = evidence_of(
        low,
        high,
        both,
        ends="ab" if a_is_low else "ba",
        beside=second,
        norms=norm,
        systems=_systems(facts, system, low.end),
        parts=_known_parts(parts, one, other),
        list_changes=_list_changes(lists),
        local_scheme=high.dataset == local_scheme,
    )
    return Reconciliation(
        a=one,
        b=other,
        practices=practices,
        gate=levels[0],
        pooled=levels[1],
        via=via,
        agreement=agreement_of(levels[1], levels[0], practices),
        spread=bland_altman(practices["difference"].to_numpy(np.float64)),
        explanations=ranked(seen),
        norm_known=seen.shared is not None,
        norms=seen.norms,
        only_a=tuple(sorted(set(now[0]["org_code"].astype(str)) - shared)),
        only_b=tuple(sorted(set(now[1]["org_code"].astype(str)) - shared)),
        known=len(members) if within else None,
        within=dict(within or {}),
        allowed=allow_mixed or "",
        geo=geo,
        extracts=(*(each for each in (a, b) if isinstance(each, Extract)), *extracts),
        as_at=as_at,
        cards=None if isinstance(measure, (str, tuple)) else (measure,),
    )


def _ids(measure: str | Measure | tuple[str, ...]) -> tuple[str, str]:
    if isinstance(measure, tuple):
        if len(measure) != 2:  # noqa: PLR2004
            message = "measure= takes an id, a card, or two ids: the first in a, the second in b."
            raise OptionError(message)
        return measure[0], measure[1]
    name = measure if isinstance(measure, str) else measure.id
    return name, name


def _of(rows: pd.DataFrame, codes: set[str]) -> pd.DataFrame:
    return rows[rows["org_code"].isin(list(codes))]


def _members(
    one: Source,
    other: Source,
    geo: Geography,
    within: Mapping[str, str] | None,
    as_at: str | date,
) -> set[str]:
    present = {str(code) for source in (one, other) for code in source.now["org_code"]}
    for level, code in (within or {}).items():
        parents = geo.parents("practice", level, day_of(as_at, one.end))
        own = set(parents.loc[parents["parent_code"] == code, "org_code"].astype(str))
        if not own:
            message = f"within= names {level} '{code}', of which the geography knows no practice."
            raise OptionError(message)
        present = own
    return present


def _summed(
    rows: pd.DataFrame, geo: Geography, level: str | None, as_at: str | date
) -> pd.DataFrame:
    if level is not None:
        summed = geo.roll_up(as_counts(rows, what="counts"), to=level, as_at=as_at)
        return summed[~summed["org_code"].isin(("unallocated", "unmapped"))]
    from phm_diabetes.summing import add_up

    together = rows.assign(
        org_level=pd.Categorical(["all"] * len(rows)), org_code=pd.Categorical(["all"] * len(rows))
    )
    return add_up(together, ["org_level", "org_code"])


def _norm(source: Source, norms: Mapping[str, float] | None) -> list[float]:
    """Percentage that is usual: as given, or England's published row in the source itself."""
    if norms and source.measure in norms:
        return [100 * norms[source.measure]]
    told = norms_in(source.table, source.end)
    return [told[source.measure]] if source.measure in told else []


def _beside(
    table: DataFrame[Counts] | None, codes: set[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """Percentage of each further process, and England's where the table has it."""
    if table is None:
        return {}, {}
    counts = as_counts(table, what="beside")
    end = counts["period_end"].max()
    rows = counts[(counts["org_level"] == "practice") & (counts["period_end"] == end)]
    rows = _of(rows, codes)
    told = {str(name): share_of_all(own) for name, own in rows.groupby("measure", observed=True)}
    return told, norms_in(counts, end)


def _systems(facts: DataFrame[Facts] | None, name: str, day: pd.Timestamp) -> dict[str, str]:
    if facts is None:
        return {}
    table = checked(Facts, facts, what="facts")
    held = table[
        ((table["attribute"] == name) & ~(table["start"] > day) & ~(table["end"] < day)).to_numpy()
    ]
    if held.empty:
        message = f"facts= holds no attribute '{name}' on {day:%Y-%m-%d}. Name it with system=."
        raise OptionError(message)
    return dict(zip(held["org_code"].astype(str), held["value"].astype(str), strict=True))


def _known_parts(parts: Sequence[str], one: Source, other: Source) -> Sequence[str]:
    for part in parts:
        source_of(one.table, part, "a")
        source_of(other.table, part, "b")
    return parts


def _list_changes(lists: DataFrame[Population] | None) -> dict[str, float]:
    """Change of each practice's list in a year, from its first day to its last."""
    if lists is None:
        return {}
    table = checked(Population, lists, what="lists")
    whole = (table["age_band"] == "all") & (table["sex"] == "all") & (table["area_code"] == "")
    own = table[whole.to_numpy() & (table["org_level"] == "practice").to_numpy()]
    found = {}
    for code, rows in own.sort_values("counted_on").groupby("org_code", observed=True):
        first, last = rows.iloc[0], rows.iloc[-1]
        years = (last["counted_on"] - first["counted_on"]).days / _DAYS_IN_A_YEAR
        if years > 0 and first["people"] > 0:
            found[str(code)] = (float(last["people"]) / float(first["people"]) - 1) / years
    return found
