"""Laid rules: a drill's counts, memberships and comparators laid out as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.chance_counts import Publishing
from phm_diabetes.outliers.rule_arrays import LeafArrays
from phm_diabetes.outliers.rules import needed, threshold

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.schemas.counts import Counts

__all__ = ["leaf_arrays", "refuse_undrawable"]


def leaf_arrays(drill: Drill) -> LeafArrays:
    """Return a drill as arrays.

    Raises
    ------
    OptionError
        When a measure is one whose counts chance alone cannot be drawn for, such as money.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="interval(0.95)",
    ...     within={"place": "planted_dudley"}, england="sum_of_practices")
    >>> leaf = leaf_arrays(found)
    >>> whom = leaf.found(leaf.numerator[None], leaf.denominator[None])[0]
    >>> {code for code, own in zip(leaf.practices, whom) if own} == found.found
    True
    """
    refuse_undrawable(drill.measures)
    ids = [card.id for card in drill.measures]
    counts = cast("DataFrame[Counts]", drill.counts)
    placed = drill.geo.placements(counts, to=drill.via, as_at=drill.options["as_at"])
    placed = placed[placed["status"] == "placed"]
    asked = drill.placed[drill.placed["status"] == "placed"]
    # Whoever shares an organisation of the gate with a practice in question is summed with it.
    placed = placed[placed["parent_code"].isin(asked["parent_code"])]
    codes = sorted(placed["org_code"].astype(str).unique())
    grid = pd.MultiIndex.from_product([codes, ids])
    rows = counts.set_index(
        pd.MultiIndex.from_arrays([counts["org_code"].astype(str), counts["measure"].astype(str)])
    )
    figures: dict[str, FloatArray] = {
        name: np.asarray(
            rows[name].astype("Float64").reindex(grid).to_numpy(np.float64, na_value=np.nan),
            dtype=np.float64,
        )
        for part in ("numerator", "denominator")
        for name in (part, f"{part}_low", f"{part}_high")
    }
    shape = (len(codes), len(ids))
    laid: dict[str, FloatArray] = {name: each.reshape(shape) for name, each in figures.items()}
    parents = sorted(placed["parent_code"].astype(str).unique())
    spread = drill.options["gate"]
    side: Any = drill.side
    return LeafArrays(
        practices=tuple(codes),
        cards=drill.measures,
        numerator=laid["numerator"],
        denominator=laid["denominator"],
        ranges=(
            np.stack([laid["numerator_low"], laid["numerator_high"]]),
            np.stack([laid["denominator_low"], laid["denominator_high"]]),
        ),
        present=grid.isin(rows.index).reshape(shape),
        publishing=tuple(
            Publishing.of(
                laid["numerator"][:, spot],
                laid["numerator_low"][:, spot],
                laid["numerator_high"][:, spot],
            )
            for spot in range(len(ids))
        ),
        members=_matrix(placed, codes, parents),
        asked=_matrix(asked, codes, parents),
        other=(_comparators(drill, "practice", codes), _comparators(drill, drill.via, parents)),
        fixed=drill.to == "england",
        gates=(
            threshold(drill.gates["practice"], side),
            None if spread is not None else threshold(drill.gates[drill.via], side),
        ),
        spread=None if spread is None else float(spread.confidence),
        least=needed(drill.options["rule"], len(ids)),
    )


def refuse_undrawable(cards: tuple[Measure, ...]) -> None:
    """Refuse measures whose counts are neither people out of people nor events.

    Raises
    ------
    OptionError
        Naming them.

    Examples
    --------
    >>> refuse_undrawable(())
    """
    odd = [
        card.id for card in cards if card.kind not in {"proportion", "rate"} or card.unit == "pence"
    ]
    if odd:
        message = (
            f"What chance alone would give can be drawn for people and events, and not for "
            f"{', '.join(odd)}. Leave it out of the rule."
        )
        raise OptionError(message)


def _matrix(placed: pd.DataFrame, codes: list[str], parents: list[str]) -> FloatArray:
    matrix = np.zeros((len(codes), len(parents)))
    rows = pd.Index(codes).get_indexer(pd.Index(placed["org_code"].astype(str)))
    columns = pd.Index(parents).get_indexer(pd.Index(placed["parent_code"].astype(str)))
    matrix[rows, columns] = 1.0
    return matrix


def _comparators(drill: Drill, level: str, codes: list[str]) -> FloatArray:
    """Return counts of what each unit was compared with, shape ``(2, units, measures)``."""
    table = drill.comparisons
    one = table[(table["org_level"] == level) & (table["confidence"] == table["confidence"].min())]
    grid = pd.MultiIndex.from_product([codes, [card.id for card in drill.measures]])
    rows = one.set_index(
        pd.MultiIndex.from_arrays([one["org_code"].astype(str), one["measure"].astype(str)])
    )
    return np.stack(
        [
            rows[name]
            .astype("Float64")
            .reindex(grid)
            .to_numpy(np.float64, na_value=np.nan)
            .reshape(len(codes), -1)
            for name in ("comparator_numerator", "comparator_denominator")
        ]
    )
