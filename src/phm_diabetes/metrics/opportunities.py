"""Opportunities: how many more people, if units did as well as a comparator, the best, a target."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError, UnlikeError, did_you_mean
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.metrics.dispatch import divides_its_counts
from phm_diabetes.metrics.extra_people import (
    best_quarter,
    opportunity_of,
    opportunity_of_parts,
    opportunity_of_ranges,
)
from phm_diabetes.metrics.stacking import floats_of
from phm_diabetes.model.levels import UNALLOCATED, UNMAPPED, level_named
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.comparisons import Comparisons
    from phm_diabetes.schemas.opportunities import Opportunities

__all__ = ["opportunity"]

_COMPARATOR, _BEST = "comparator", "best_quarter"
_REMAINDER, _KIND, _UNDIRECTED, _NO_TARGET, _FEW_UNITS, _DERIVED, _NO_FIGURE, _HIDDEN = range(1, 9)
_REASONS = (
    "",
    "a remainder of a roll-up is no organisation",
    "not a proportion of people",
    "neither higher nor lower is better",
    "no target",
    "fewer than 4 units to take the best quarter of",
    "the figure is not the quotient of its counts",
    "no figure",
    "count is hidden: see gain_low and gain_high",
)
_NUMBERS = ("target", "gain", "gain_lower", "gain_upper", "gain_low", "gain_high",
            "gain_of_parts", "gain_of_whole")  # fmt: skip


def opportunity(
    comparisons: DataFrame[Comparisons] | DataFrame[Estimates],
    *,
    to: str | float,
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> DataFrame[Opportunities]:
    """Return how many more people would have it, if each unit were at its target.

    Parameters
    ----------
    comparisons
        Comparisons; or, for the other two, plain estimates.
    to
        ``"comparator"``, the figure each row is compared with; ``"best_quarter"``, what the best
        quarter of the units of its level in the table reach; or a target in the measure's own
        scale, such as 0.8.
    measures
        Cards; ``None`` for the installed areas. Their polarity says which way is better.

    Returns
    -------
    DataFrame[Opportunities]
        The rows given, in their order. Gains are never negative: a unit past its target has none
        to give back, so that those of the parts may be more than that of the whole. ``adds_up``
        says whether they are the same.

    Raises
    ------
    OptionError
        When `to` is none of the three.
    UnlikeError
        When there is no comparator in the table.
    MeasureNotFoundError
        When a measure has no card.

    Notes
    -----
    The range by sampling takes the unit's figure at either end of Wilson's interval and the target
    as known; the range by hidden counts takes the counts at either end of theirs. For the best
    quarter each unit counts once, so that small units with chance results pull it outwards.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from datetime import date
    >>> card = phm.Measure(
    ...     id="copd.review", name="COPD review", numerator="People reviewed", denominator="People "
    ...     "on the register", kind="proportion", unit="people", polarity="higher", source="local",
    ...     why="It finds who is getting worse.", reviewed=date(2026, 11, 1))
    >>> row = {"dataset": "local", "measure": "copd.review", "definition": "d", "org_level":
    ...     "practice", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = phm.estimate(phm.counts_from([
    ...     {**row, "org_code": "Y99001", "numerator": 60, "denominator": 100},
    ...     {**row, "org_code": "Y99002", "numerator": 90, "denominator": 100}]), measures=[card])
    >>> found = opportunity(table, to=0.75, measures=[card])
    >>> found[["gain", "gain_of_parts", "gain_of_whole", "adds_up"]].round(6).values.tolist()
    [[15.0, 15.0, 0.0, False], [0.0, 15.0, 0.0, False]]
    """
    table = checked(Estimates, comparisons, what="comparisons")
    _refuse(table, to)
    cards = cards_of(table, measures)
    size = len(table)
    found = _Gains(
        numbers={name: np.full(size, np.nan) for name in _NUMBERS},
        reason=_reasons(table, cards),
        adds_up=np.full(size, -1, dtype=np.int8),
        words=np.full(size, "", dtype=object),
    )
    key = ["dataset", "measure", "definition", "org_level", "period_start", "period_end"]
    key += ["comparator", "comparator_code"] if to == _COMPARATOR else []
    ids, first = group_ids(table, [*key, *dimensions_of(table), "confidence"])
    order = np.argsort(ids, kind="stable")
    edges = np.searchsorted(ids[order], np.arange(len(first) + 1))
    for spot, row in enumerate(first):
        rows = order[edges[spot] : edges[spot + 1]]
        card = cards[str(table["measure"].iloc[row])]
        _set_targets(found, table, rows, card, to)
        _set_gains(found, table, rows[found.reason[rows] == 0], card)
    known = found.adds_up >= 0
    added: dict[str, Any] = {
        **found.numbers,
        "target_from": pd.Categorical(found.words),
        "gain_reason": worded(found.reason, _REASONS),
        "adds_up": pd.arrays.BooleanArray(found.adds_up == 1, ~known),
    }
    return cast("DataFrame[Opportunities]", table.assign(**added))


@frozen(kw_only=True, eq=False)
class _Gains:
    """What is found of each row; the arrays are filled in."""

    numbers: dict[str, FloatArray]
    reason: NDArray[np.int8]
    adds_up: NDArray[np.int8]
    words: NDArray[np.object_]


def _set_targets(
    found: _Gains, table: pd.DataFrame, rows: NDArray[np.intp], card: Measure, to: str | float
) -> None:
    value = floats_of(table, "value")[rows]
    sound = found.reason[rows] == 0
    if to == _COMPARATOR:
        target = floats_of(table, "comparator_value")[rows]
        names = table[["comparator", "comparator_code"]].iloc[rows].astype(str)
        found.words[rows] = [
            f"{level} {code}".strip() if level != code.casefold() else code
            for level, code in names.itertuples(index=False, name=None)
        ]
        lacking = _NO_TARGET
    elif to == _BEST:
        units = sound & ~np.isnan(value)
        best = best_quarter(value[units], higher_is_better=card.polarity == "higher")
        target = np.full(len(rows), best)
        level = level_named(str(table["org_level"].iloc[rows[0]]))
        found.words[rows] = f"best quarter of {int(units.sum()):,} {level.plural}"
        lacking = _FEW_UNITS
    else:
        if not 0 <= float(to) <= card.per:
            message = (
                f"to= is {to:g}, and {card.id} is a share from 0 to {card.per}. Write the target "
                "in that scale."
            )
            raise OptionError(message)
        target = np.full(len(rows), float(to))
        found.words[rows] = f"target of {to:g}"
        lacking = _NO_TARGET
    found.numbers["target"][rows] = target
    found.reason[rows] = np.where(sound & np.isnan(target), lacking, found.reason[rows]).astype(
        np.int8
    )


def _set_gains(found: _Gains, table: pd.DataFrame, rows: NDArray[np.intp], card: Measure) -> None:
    """Fill in the gains of rows that are parts of one whole."""
    if not len(rows):
        return
    higher = card.polarity == "higher"
    names = ("numerator", "denominator", "numerator_low", "numerator_high", "denominator_low",
             "denominator_high")  # fmt: skip
    x, n, x_low, x_high, n_low, n_high = (floats_of(table, name)[rows] for name in names)
    target = found.numbers["target"][rows] / card.per
    gain = opportunity_of(
        x, n, target, higher_is_better=higher,
        confidence=float(table["confidence"].iloc[rows[0]]),
    )  # fmt: skip
    low, high = opportunity_of_ranges(x_low, x_high, n_low, n_high, target, higher_is_better=higher)
    one_target = bool(np.all(target == target[0]))
    both = opportunity_of_parts(x, n, target[0], higher_is_better=higher)
    parts = fsum(gain.value)  # exact, so that the order of rows does not decide the last digit
    whole = float(both.whole) if one_target else np.nan
    for name, values in (
        ("gain", gain.value), ("gain_lower", gain.lower), ("gain_upper", gain.upper),
        ("gain_low", low), ("gain_high", high), ("gain_of_parts", parts), ("gain_of_whole", whole),
    ):  # fmt: skip
        found.numbers[name][rows] = values
    found.reason[rows] = np.select(
        [np.isnan(gain.value) & np.isfinite(high), np.isnan(gain.value)], [_HIDDEN, _NO_FIGURE]
    )
    if not np.isnan(parts):
        found.adds_up[rows] = int(one_target and bool(both.adds_up))


def _reasons(table: pd.DataFrame, cards: dict[str, Measure]) -> NDArray[np.int8]:
    """Why a row has no gain whatever the target, as a place among the reasons."""

    def where(ids: list[str]) -> NDArray[np.bool_]:
        return table["measure"].isin(ids).to_numpy(dtype=bool)

    kinds = [
        card.id for card in cards.values() if (card.kind, card.unit) != ("proportion", "people")
    ]
    undirected = [card.id for card in cards.values() if not card.is_directed]
    remainder = table["org_code"].isin([UNALLOCATED, UNMAPPED]).to_numpy(dtype=bool)
    return np.select(
        [remainder, where(kinds), where(undirected), ~divides_its_counts(table)],
        [_REMAINDER, _KIND, _UNDIRECTED, _DERIVED],
    ).astype(np.int8)


def _refuse(table: pd.DataFrame, to: str | float) -> None:
    if isinstance(to, str) and to not in {_COMPARATOR, _BEST}:
        known = (_COMPARATOR, _BEST)
        message = f"to= takes '{_COMPARATOR}', '{_BEST}' or a number, not '{to}'."
        raise OptionError(message + did_you_mean(to, known))
    if to == _COMPARATOR and "comparator_value" not in table:
        message = (
            "The table has no comparator. Hand over what compare() returns, or pass "
            "to='best_quarter' or a target."
        )
        raise UnlikeError(message)
