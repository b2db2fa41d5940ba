"""Pathway: where people are lost along ordered steps, and which process breaks a bundle."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.counted_once import refuse_mixed_levels
from phm_diabetes.errors import MeasureNotFoundError, OptionError, UnlikeError
from phm_diabetes.metrics.estimates import estimate
from phm_diabetes.outliers.pathway_found import Pathway
from phm_diabetes.plugins import measure_cards
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.extract import Extract
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts

__all__ = ["pathway"]

_FEWEST = 2
_BOTTOM = ("denominator", "denominator_low", "denominator_high")


def pathway(
    counts: DataFrame[Counts],
    *,
    measures: Sequence[str],
    bundle: Sequence[str] = (),
    cards: DiseaseArea | Sequence[Measure] | None = None,
    allow_unlike: str | None = None,
    extracts: Sequence[Extract] = (),
) -> Pathway:
    """Say how many people are lost at each step, and which part of a bundle most go without.

    Parameters
    ----------
    counts
        Counts of one level and period: roll up first to see a PCN or a Place.
    measures
        Ids of the steps, first to last; the people of each are among those of the one before.
    bundle
        Ids of the parts of a bundle, such as processes of care. Each is read alone; its order
        says nothing.
    cards
        A disease area or cards; ``None`` for the installed areas.
    allow_unlike
        A reason that allows steps, or parts, of unlike denominators; it is printed, and the
        people lost between two such steps are still not worked out.
    extracts
        Where the counts came from, for :meth:`Pathway.explain`.

    Returns
    -------
    Pathway
        With ranges wherever a count is rounded or hidden.

    Raises
    ------
    OptionError
        When fewer than two steps are named, one is named twice, or a measure does not count
        people.
    MeasureNotFoundError
        When a measure has no rows, or no card.
    UnlikeError
        When denominators, periods or datasets differ, or more people stand at a step than at the
        one before.
    DoubleCountError
        When the counts are of several levels.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from datetime import date
    >>> names = ("copd.register", "copd.review")
    >>> steps = [phm.Measure(id=name, name=name, numerator="n", denominator="d",
    ...          kind="proportion", unit="people", polarity="neither", source="s", why="w",
    ...          reviewed=date(2026, 1, 1)) for name in names]
    >>> about = {"dataset": "QOF", "definition": "d", "org_level": "practice",
    ...     "org_code": "Y99001", "period_start": "2022-04-01", "period_end": "2023-03-31",
    ...     "denominator": 1000}
    >>> rows = phm.counts_from([about | {"measure": names[0], "numerator": 60},
    ...                         about | {"measure": names[1], "numerator": 45}])
    >>> phm.pathway(rows, measures=names, cards=steps).table["lost"].tolist()
    [<NA>, 15]
    """
    steps, parts = list(measures), list(bundle)
    _refuse_names(measures, steps, parts)
    table = as_counts(counts, what="counts")
    refuse_mixed_levels(table)
    absent = [name for name in (*steps, *parts) if not (table["measure"] == name).any()]
    if absent:
        message = f"The counts hold no rows of {', '.join(absent)}."
        raise MeasureNotFoundError(message)
    known = measure_cards(cards)
    own = choose(as_counts(table[table["measure"].isin([*steps, *parts])], what="counts"))
    _refuse_unlike_rows(own)
    _refuse_other_units([known[name] for name in (*steps, *parts) if name in known])
    estimates = estimate(own, measures=cards)
    unlike = _unlike_denominators(own, steps, parts)
    if unlike and not (allow_unlike or "").strip():
        message = (
            f"Denominators are unlike: {'; '.join(unlike)}. People lost between them cannot be "
            "worked out. Take measures of one denominator, or pass allow_unlike='reason'."
        )
        raise UnlikeError(message)
    chain = _chained(_ordered(estimates, steps))
    _refuse_growing(chain)
    return Pathway(
        table=chain,
        bundle=_missing_out(_ordered(estimates, parts)),
        steps=tuple(steps),
        parts=tuple(parts),
        names={name: known[name].name for name in (*steps, *parts)},
        unlike=tuple(unlike),
        allowed=allow_unlike or "",
        counts=own,
        extracts=tuple(extracts),
        cards=tuple(known[name] for name in dict.fromkeys((*steps, *parts))),
    )


def _refuse_names(given: Sequence[str], steps: list[str], parts: list[str]) -> None:
    if isinstance(given, str) or len(steps) < _FEWEST:
        message = "measures= takes two ids or more, in the order of the pathway."
        raise OptionError(message)
    twice = sorted({name for own in (steps, parts) for name in own if own.count(name) > 1})
    if twice:
        message = f"{', '.join(twice)} is named twice. A step is passed once."
        raise OptionError(message)


def _refuse_unlike_rows(own: pd.DataFrame) -> None:
    for column, words in (("period_end", "periods"), ("dataset", "datasets")):
        if len(own[column].unique()) > 1:
            message = f"The counts hold several {words}, and a pathway is of one. Filter first."
            raise UnlikeError(message)


def _refuse_other_units(cards: list[Measure]) -> None:
    other = [card.id for card in cards if card.unit != "people" or card.kind != "proportion"]
    if other:
        message = f"{', '.join(other)} does not count people out of people: a pathway follows them."
        raise OptionError(message)


def _unlike_denominators(own: pd.DataFrame, steps: list[str], parts: list[str]) -> list[str]:
    """Pairs of measures whose denominators differ for somebody by more than rounding could."""
    wide = {
        name: rows.set_index("org_code")[["denominator_low", "denominator_high"]].astype("Float64")
        for name, rows in own.groupby("measure", observed=True)
    }
    pairs = [*pairwise(steps), *((parts[0], part) for part in parts[1:])]
    found = []
    for one, other in pairs:
        both = wide[one].join(wide[other].add_suffix("_other"), how="inner")
        apart = (both["denominator_high"] < both["denominator_low_other"]) | (
            both["denominator_low"] > both["denominator_high_other"]
        )
        if apart.fillna(value=False).any():
            found.append(f"{one} and {other}")
    return found


def _ordered(estimates: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    place = {name: spot for spot, name in enumerate(names, start=1)}
    own = estimates[estimates["measure"].isin(names)]
    own = own.assign(step=own["measure"].astype(object).map(place).astype("Int64"))
    return own.sort_values(["org_code", "step"], ignore_index=True)


def _chained(own: pd.DataFrame) -> pd.DataFrame:
    """Add how many are lost since the step before: only where that step is there and alike."""
    by = own.groupby("org_code", observed=True)
    before = {
        name: by[name].shift(1)
        for name in ("numerator", "numerator_low", "numerator_high", "step", *_BOTTOM)
    }
    alike = (own["step"] - before["step"] == 1) & ~(
        (own["denominator_high"] < before["denominator_low"])
        | (own["denominator_low"] > before["denominator_high"])
    )
    alike = alike.fillna(value=False).astype(bool)
    return own.assign(
        lost=(before["numerator"] - own["numerator"]).where(alike),
        lost_low=(before["numerator_low"] - own["numerator_high"]).clip(lower=0).where(alike),
        lost_high=(before["numerator_high"] - own["numerator_low"]).where(alike),
    )


def _refuse_growing(chain: pd.DataFrame) -> None:
    grown = (chain["lost_high"] < 0).fillna(value=False).to_numpy(dtype=bool)
    if grown.any():
        names = ", ".join(sorted(chain.loc[grown, "measure"].astype(str).unique()))
        message = (
            f"More people stand at {names} than at the step before, in "
            f"{int(grown.sum()):,} organisations. Its people are not among those of that step: "
            "change the order of measures=, or name it in bundle=."
        )
        raise UnlikeError(message)


def _missing_out(own: pd.DataFrame) -> pd.DataFrame:
    """Add how many go without each part, and its place among the parts, most first."""
    without = own["denominator"] - own["numerator"]
    found = own.assign(
        without=without,
        without_low=(own["denominator_low"] - own["numerator_high"]).clip(lower=0),
        without_high=own["denominator_high"] - own["numerator_low"],
    )
    lowest = found.groupby("org_code", observed=True)["value"].rank(method="min")
    ordered = found.assign(place=np.asarray(lowest, dtype=np.float64))
    return ordered.sort_values(["org_code", "place", "measure"], ignore_index=True)
