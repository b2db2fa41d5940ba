"""Stability: the same question asked in every way that it could as well have been asked."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, PhmError, StatisticsError
from phm_diabetes.outliers.drawn_rules import drills_of
from phm_diabetes.outliers.drilling import drill as drill_again
from phm_diabetes.outliers.laid_rules import leaf_arrays
from phm_diabetes.outliers.rule_arrays import METHODS
from phm_diabetes.outliers.rules import POINT
from phm_diabetes.outliers.similarity import Similar
from phm_diabetes.outliers.stability_found import Stability
from phm_diabetes.outliers.trying import Tried, named_by, tables_of
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.drill_sets import DrillSet
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.outliers.recurrent_found import Recurrent
    from phm_diabetes.outliers.rule_arrays import LeafArrays, Method
    from phm_diabetes.outliers.shortlisting import Shortlist
    from phm_diabetes.schemas.counts import Counts

__all__ = ["stability"]

_READINGS = ("point", "interval(0.95)", "interval(0.998)")
_LEVELS = ("england", "icb", "place")
_GATED, _UNGATED = "as asked", "left out"
_COUNTED = ("numerator", "denominator")


def stability(  # noqa: PLR0913 - each is something that could have been asked otherwise
    result: Drill | DrillSet | Recurrent | Shortlist,
    *,
    comparators: Sequence[str | Similar] | None = None,
    methods: Sequence[Method] | None = None,
    below: Sequence[str] = _READINGS,
    gates: Sequence[str] = (_GATED, _UNGATED),
    leave_out: bool = True,
    draws: int = 20,
    seed: int = 0,
    spread: DataFrame[Counts] | None = None,
) -> Stability:
    """Say in what share of the variants of a rule each practice is still named.

    Parameters
    ----------
    result
        A drill, drills combined, what recurs in them, or a shortlist: the rule and what it was
        asked of.
    comparators
        Levels to compare with, and what :func:`phm_diabetes.similar` gives; ``None`` for the
        result's own, and ICB, Place and England where these can be had. What cannot is listed,
        with the reason.
    methods
        Intervals of practices: ``"as estimated"``, ``"exact"``, and ``"over-dispersed"``, wider by
        the root of φ as a funnel's limits are; ``None`` for all that can be had. A point has none.
    below
        Readings of how far counts, at both gates.
    gates
        ``"as asked"`` and ``"left out"``, where practices that the gate hides are named too.
    leave_out
        Whether each measure is left out in turn, where a drill has several.
    draws
        How often rounded and hidden counts are drawn within their bounds, for every variant;
        none where all counts are exact.
    seed
        The same seed gives the same answer.
    spread
        Counts of England's practices, of every measure of the rule, from which over-dispersion
        is learnt; without them it is learnt from the practices in the rule's own counts.

    Returns
    -------
    Stability
        Every variant has the same weight.

    Raises
    ------
    OptionError
        When the result rests on something else than drills, or an option has no value.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="interval(0.95)",
    ...     within={"place": "planted_dudley"}, england="sum_of_practices")
    >>> steady = phm.stability(found, comparators=["england"])
    >>> len(steady.variants), steady.table["share"].between(0, 1).all()
    (14, np.True_)
    """
    odd = set(gates) - {_GATED, _UNGATED} or set(methods or METHODS) - set(METHODS)
    if not below or not gates or odd or draws < 0:
        message = (
            f"below= takes readings such as 'point', gates= '{_GATED}' or '{_UNGATED}', methods= "
            f"{', '.join(map(repr, METHODS))}, and draws= a number from 0."
        )
        raise OptionError(message)
    drills = drills_of(result)
    learnt = None if spread is None else _known(spread, drills)
    levels = [drills[0].to, *(each for each in _LEVELS if each != drills[0].to)]
    asked = levels if comparators is None else list(comparators)
    variants: list[dict[str, Any]] = []
    named: list[frozenset[str]] = []
    skipped: list[str] = []
    for level in asked:
        again = _compared_with(drills, level, skipped, may_skip=comparators is None)
        if again is None:
            continue
        counts = tables_of(again, draws, seed)
        for how, method in _ways(below, methods):
            tried = _tried(
                again, how, method, counts, skipped, may_skip=methods is None, learnt_from=learnt
            )
            if tried is None:
                continue
            for gate, left_out in product(gates, _left_out(tried, leave_out=leave_out)):
                for words, codes in named_by(
                    result, drills, tried, gated=gate == _GATED, left_out=left_out
                ):
                    variants.append(
                        {
                            "comparator": _label(level),
                            "below": how,
                            "method": method if how != POINT else "",
                            "gate": gate,
                            "left_out": left_out or "nothing",
                            "counts": words,
                            "practices": len(codes),
                        }
                    )
                    named.append(codes)
    if not variants:
        message = f"No variant could be tried: {'; '.join(skipped)}."
        raise OptionError(message)
    own = _codes(result)
    everyone = sorted(own.union(*named))
    table = pd.DataFrame(
        {
            "org_code": everyone,
            "named": [code in own for code in everyone],
            "share": [np.mean([code in each for each in named]) for code in everyone],
        }
    )
    table = table.sort_values(["named", "share", "org_code"], ascending=[False, False, True])
    return Stability(
        table=table.reset_index(drop=True),
        variants=pd.DataFrame(variants),
        skipped=tuple(dict.fromkeys(skipped)),
    )


def _known(
    spread: DataFrame[Counts], drills: Sequence[Drill]
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Numerators and denominators by measure, of practices that have both."""
    table = as_counts(spread, what="spread")
    practices = table[(table["org_level"] == "practice").to_numpy()]
    known = {}
    for measure in {card.id for drill in drills for card in drill.measures}:
        own = practices[(practices["measure"] == measure).to_numpy()]
        own = own[(own["numerator"].notna() & (own["denominator"] > 0)).to_numpy(dtype=bool)]
        if own.empty:
            message = f"spread= holds no practice's counts of {measure}."
            raise OptionError(message)
        known[measure] = tuple(own[name].to_numpy(np.float64) for name in _COUNTED)
    return known  # type: ignore[return-value]


def _codes(result: Any) -> frozenset[str]:  # noqa: ANN401 - any result
    return frozenset(result.codes if hasattr(result, "codes") else result.found)


def _label(level: str | Similar) -> str:
    return f"similar({level.n}) by {level.asked}" if isinstance(level, Similar) else level


def _compared_with(
    drills: Sequence[Drill], level: str | Similar, skipped: list[str], *, may_skip: bool
) -> list[LeafArrays] | None:
    """Ask every drill again with another comparator; nothing where one cannot be asked."""
    try:
        return [leaf_arrays(_again(each, level)) for each in drills]
    except PhmError as error:
        if not may_skip:
            raise
        skipped.append(f"{_label(level)} ({_reason(error)})")
    return None


def _reason(error: PhmError) -> str:
    return str(error).split(". ", maxsplit=1)[0].rstrip(".")


def _again(drill: Drill, level: str | Similar) -> Drill:
    if level in (drill.to, drill.peers):
        return drill
    kept = drill.given["org_level"].isin(["practice", level])
    options = {**drill.options, "to": level}
    return drill_again(drill.given[kept], **options)  # type: ignore[arg-type]


def _ways(below: Sequence[str], methods: Sequence[Method] | None) -> Iterator[tuple[str, Method]]:
    """Yield each reading with each kind of interval; a point has one alone."""
    for how in below:
        for method in METHODS if methods is None else methods:
            yield how, method
            if how == POINT:
                break


def _left_out(tried: Sequence[Tried], *, leave_out: bool) -> list[str]:
    """Return the measures that can be left out, after a blank for none."""
    several = {
        card.id: None for each in tried if len(each.leaf.cards) > 1 for card in each.leaf.cards
    }
    return ["", *(several if leave_out else ())]


def _tried(
    leaves: Sequence[LeafArrays],
    how: str,
    method: Method,
    counts: Sequence[tuple[FloatArray, FloatArray]],
    skipped: list[str],
    *,
    may_skip: bool,
    learnt_from: dict[str, tuple[FloatArray, FloatArray]] | None,
) -> list[Tried] | None:
    try:
        read = [leaf.at(how, method, learnt_from=learnt_from) for leaf in leaves]
    except StatisticsError as error:
        if not may_skip:
            raise
        skipped.append(f"{method} ({_reason(error)})")
        return None
    return [Tried.of(leaf, *own) for leaf, own in zip(read, counts, strict=True)]
