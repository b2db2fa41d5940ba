"""Drill: from the PCNs that lie beyond their comparator to the practices in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd
from attrs import evolve

from phm_diabetes.counted_once import refuse_mixed_levels
from phm_diabetes.errors import (
    DefinitionMismatchError,
    DoubleCountError,
    MeasureNotFoundError,
    OptionError,
    did_you_mean,
)
from phm_diabetes.metrics.estimates import estimate
from phm_diabetes.model.measures import Measure
from phm_diabetes.outliers.comparisons import compare
from phm_diabetes.outliers.drilled import Drill
from phm_diabetes.outliers.readings import reading_of
from phm_diabetes.outliers.rules import Threshold, needed, threshold
from phm_diabetes.outliers.similarity import Similar
from phm_diabetes.plugins import measure_cards
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.outliers.readings import Reading
    from phm_diabetes.outliers.spread import Spread
    from phm_diabetes.schemas.counts import Counts

__all__ = ["drill"]

_READINGS = ("point", "interval(0.95)", "interval(0.998)")


def drill(  # noqa: PLR0913 - each is a question that a drill must have answered
    counts: DataFrame[Counts],
    *,
    geo: Geography,
    measures: Sequence[str | Measure],
    rule: str | int,
    below: str | Mapping[str, str] | None = None,
    above: str | Mapping[str, str] | None = None,
    to: str | Similar = "england",
    via: str = "pcn",
    gate: Spread | None = None,
    england: str | None = None,
    within: Mapping[str, str] | None = None,
    as_at: str | date = "period_end",
    allow_displaced: str | None = None,
    extracts: Sequence[Extract] = (),
) -> Drill:
    """Find the practices beyond a comparator, inside the PCNs that are beyond it themselves.

    Parameters
    ----------
    counts
        Counts of practices, for one period; published rows of the comparator may stand with them.
    geo
        Who belongs to whom.
    measures
        Ids, or cards of your own.
    rule
        On how many measures: ``"all"``, ``"any"``, or a number.
    below, above
        How far counts, at both gates: ``"point"``, ``"interval(0.95)"`` or
        ``"interval(0.998)"``; or one for each, such as
        ``{"pcn": "point", "practice": "interval(0.95)"}``. Give exactly one of the two.
    to
        The comparator, as for :func:`phm_diabetes.compare`: ``"england"``, a level, or what
        :func:`phm_diabetes.similar` gives.
    via
        The level of the gate.
    gate
        ``None`` for organisations that lie beyond the comparator themselves; or a
        :class:`~phm_diabetes.outliers.spread.Spread` within that level, for those whose practices
        differ more than chance allows, on so many measures as `rule` asks.
    england
        As for :func:`phm_diabetes.compare`.
    within
        Only practices of one organisation, such as ``{"place": "dudley"}``. The comparator is
        not narrowed.
    as_at
        Whose memberships: ``"period_end"``, ``"today"``, or a date.
    allow_displaced
        As for :func:`phm_diabetes.compare`.
    extracts
        Where the counts came from, for :meth:`Drill.explain`.

    Returns
    -------
    Drill
        Practices found, practices hidden by the gate, and practices that have no PCN.

    Raises
    ------
    OptionError
        When neither or both of `below` and `above` are given, or a gate has none.
    DoubleCountError
        When the counts hold several levels, periods or datasets.
    DefinitionMismatchError
        When they hold several definitions of a measure.
    MeasureNotFoundError
        When a measure is not in the counts.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["dm.register"], rule="all", below="interval(0.95)",
    ...     england="sum_of_practices",
    ... )
    >>> found.rule
    'all'
    """
    cards = _cards(measures)
    gates = _gates(below, above, via, gate)
    least = needed(rule, len(cards))
    if to == via:
        message = f"to= and via= are both '{via}': the gate needs a comparator beyond itself."
        raise OptionError(message)
    name = "similar" if isinstance(to, Similar) else to
    table, published = _chosen(as_counts(counts, what="counts"), cards, name)
    summed = geo.roll_up(table, to=via, as_at=as_at)
    rows = as_counts(pd.concat([table, summed, *published], ignore_index=True))
    levels = {each.confidence for each in (*gates.values(), *_thresholds(gates)) if each.confidence}
    estimates = estimate(rows, measures=cards, confidence=sorted(levels))
    comparisons = compare(
        estimates,
        to=to,
        geo=geo,
        england=england,
        as_at=as_at,
        measures=cards,
        allow_displaced=allow_displaced,
    )
    placed = _membership(table, geo, via, within, as_at)

    passing = None if gate is None else _spread(gate, table, cards, least)

    def read(both: Mapping[str, Threshold]) -> Reading:
        return reading_of(
            comparisons, placed, both, least=least, measures=len(cards), passing=passing
        )

    return Drill(
        comparisons=comparisons,
        placed=placed,
        reading=read(gates),
        readings={str(each): read(dict.fromkeys(gates, each)) for each in _thresholds(gates)},
        gates={level: str(each) for level, each in gates.items()}
        | ({} if gate is None else {via: "spread"}),
        side=gates["practice"].side,
        rule=str(rule),
        measures=cards,
        to=name,
        via=via,
        within=dict(within or {}),
        geo=geo,
        counts=table,
        extracts=tuple(extracts),
        given=counts,
        options={
            "geo": geo,
            "measures": cards,
            "rule": rule,
            "below": below,
            "above": above,
            "to": to,
            "via": via,
            "gate": gate,
            "england": england,
            "within": within,
            "as_at": as_at,
            "allow_displaced": allow_displaced,
        },
    )


def _spread(
    gate: Spread, table: DataFrame[Counts], cards: Sequence[Measure], least: int
) -> tuple[frozenset[str], frozenset[str]]:
    """Organisations whose practices differ on enough measures, and those that cannot be told."""
    flags = evolve(gate, measures=cards)(estimate(table, measures=cards))
    codes = flags["org_code"].astype(str)
    flagged = flags["flagged"].fillna(value=False).astype(bool).groupby(codes).sum()
    could = flagged + flags["flagged"].isna().groupby(codes).sum()
    passing = frozenset(flagged.index[flagged >= least])
    return passing, frozenset(could.index[could >= least]) - passing


def _cards(measures: Sequence[str | Measure]) -> tuple[Measure, ...]:
    if isinstance(measures, (str, Measure)) or not measures:
        message = "measures= takes a list of ids or cards, such as ['copd.register']."
        raise OptionError(message)
    known = measure_cards() if any(isinstance(each, str) for each in measures) else {}
    found = []
    for each in measures:
        if isinstance(each, Measure):
            found.append(each)
        elif each in known:
            found.append(known[each])
        else:
            message = f"No installed disease area has a measure '{each}'." + did_you_mean(
                each, known
            )
            raise MeasureNotFoundError(message)
    return tuple({card.id: card for card in found}.values())


def _gates(
    below: str | Mapping[str, str] | None,
    above: str | Mapping[str, str] | None,
    via: str,
    gate: Spread | None,
) -> dict[str, Threshold]:
    if (below is None) == (above is None):
        message = (
            "Give exactly one of below= and above=: 'point', 'interval(0.95)' or "
            "'interval(0.998)'. Whom a drill finds depends on it, so it has no default."
        )
        raise OptionError(message)
    side: Literal["below", "above"] = "below" if below is not None else "above"
    given = below if below is not None else above
    if gate is not None and (not hasattr(gate, "variation") or gate.within != via):
        message = f"gate= takes Spread(geo=…, within='{via}'), or nothing, not {gate}."
        raise OptionError(message)
    levels = (via, "practice") if gate is None else ("practice",)
    asked = dict.fromkeys(levels, given) if isinstance(given, str) else dict(given or {})
    absent = [level for level in levels if level not in asked]
    unknown = sorted(set(asked) - set(levels))
    if absent or unknown:
        message = f"{side}= must say how far for {' and '.join(levels)}, and nothing else."
        raise OptionError(message)
    return {level: threshold(str(asked[level]), side) for level in levels}


def _thresholds(gates: Mapping[str, Threshold]) -> tuple[Threshold, ...]:
    side = next(iter(gates.values())).side
    return tuple(threshold(text, side) for text in _READINGS)


def _chosen(
    counts: DataFrame[Counts], cards: Sequence[Measure], to: str
) -> tuple[DataFrame[Counts], list[pd.DataFrame]]:
    """Return the practices' counts of the measures, and published rows of the comparator."""
    ids = [card.id for card in cards]
    table = counts[counts["measure"].isin(ids)]
    is_comparator = (table["org_level"] == to) & (table["basis"] == "published")
    published, table = table[is_comparator], table[~is_comparator]
    absent = [each for each in ids if not (table["measure"] == each).any()]
    if absent:
        message = f"The counts hold no rows of {', '.join(absent)}."
        raise MeasureNotFoundError(message)
    refuse_mixed_levels(table)
    if not (table["org_level"] == "practice").all():
        message = "drill takes counts of practices, and sums them to the gate itself."
        raise OptionError(message)
    _refuse_several(table)
    return as_counts(table), [published] if len(published) else []


def _refuse_several(table: pd.DataFrame) -> None:
    """Refuse a measure of several periods, datasets or definitions: a drill is about one."""
    about = ["measure", "dataset", "definition", "period_start", "period_end"]
    told = table[about].drop_duplicates()
    for measure, rows in told.groupby("measure", observed=True):
        if len(rows.drop_duplicates(["period_start", "period_end"])) > 1:
            message = (
                f"The counts hold several periods of {measure}, and a drill is about one. Filter "
                "period_end first."
            )
            raise DoubleCountError(message)
        if len(rows["dataset"].unique()) > 1:
            message = f"The counts hold {measure} from several datasets. Keep one dataset first."
            raise DoubleCountError(message)
        if len(rows) > 1:
            both = " with ".join(sorted(rows["definition"].astype(str))[:2])
            message = f"{measure} mixes definition {both}. Keep one definition first."
            raise DefinitionMismatchError(message)


def _membership(
    table: DataFrame[Counts],
    geo: Geography,
    via: str,
    within: Mapping[str, str] | None,
    as_at: str | date,
) -> pd.DataFrame:
    """Each practice in question, with its parent at the gate and that parent's status."""
    own = geo.placements(table, to=via, as_at=as_at)
    for level, code in (within or {}).items():
        inside = geo.placements(table, to=level, as_at=as_at)
        members = inside.loc[inside["parent_code"] == code, "org_code"]
        if members.empty:
            message = f"within= names {level} '{code}', in which the table has no practice."
            raise OptionError(message)
        own = own[own["org_code"].isin(members)]
    return own[["org_code", "parent_code", "status"]].reset_index(drop=True)
