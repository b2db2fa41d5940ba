"""Selections: whom one result names, and why, whatever verb or detector gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from attrs import field, frozen, validators

from phm_diabetes.errors import NotForShortlistError, OptionError
from phm_diabetes.metrics.cards import cards_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.model.measures import DiseaseArea, Measure

__all__ = ["Selection", "Standing", "selection_of"]

Standing = Literal["worse", "better"]
_OTHER = {"worse": "better", "better": "worse"}


@frozen(kw_only=True)
class Selection:
    """Whom one result names.

    Parameters
    ----------
    domain
        What it is about, such as ``"care"``.
    reasons
        Sentence by practice found.
    measures
        How many measures each practice found stands out on.
    undecided
        Practices that a missing or hidden figure keeps out, and that could be in.
    rounding
        What hidden counts could do, by practice found: the least sure word of its figures.
    asked
        Every practice that was looked at.

    Examples
    --------
    >>> Selection(domain="care", reasons={"Y99001": "below England on copd.review"},
    ...           measures={"Y99001": 1}, rounding={"Y99001": "holds"}).codes
    frozenset({'Y99001'})
    """

    domain: str = field(validator=validators.min_len(1))
    reasons: Mapping[str, str]
    measures: Mapping[str, int]
    undecided: frozenset[str] = frozenset()
    rounding: Mapping[str, str] = field(factory=dict)
    asked: frozenset[str] = frozenset()

    @property
    def codes(self) -> frozenset[str]:
        """The practices found."""
        return frozenset(self.reasons)


def selection_of(
    domain: str,
    result: Any,  # noqa: ANN401 - a drill, a combination of drills, or flags
    *,
    standing: Standing,
    measures: DiseaseArea | Sequence[Measure] | None,
) -> Selection:
    """Read whom a result names.

    Parameters
    ----------
    domain
        What it is about.
    result
        A drill, drills combined, or a table of flags of practices, one row a measure.
    standing
        Which side is looked for; a measure without a direction is taken on either.
    measures
        Cards, for flags.

    Raises
    ------
    NotForShortlistError
        When a measure may be shown and never selects.
    OptionError
        When a drill looks on the other side, or the result is of another kind.
    MeasureNotFoundError
        When a measure of the flags has no card.

    Examples
    --------
    >>> own = Selection(domain="care", reasons={"Y99001": "low"}, measures={"Y99001": 1})
    >>> selection_of("care", own, standing="worse", measures=None) is own
    True
    """
    if isinstance(result, Selection):
        return result
    if isinstance(result, pd.DataFrame):
        if "flagged" in result:
            return _of_flags(domain, result, standing, measures)
    elif hasattr(result, "comparisons") and hasattr(result, "reading"):
        return _of_drill(domain, result, standing)
    elif hasattr(result, "found") and hasattr(result, "leaves"):
        return _of_combination(domain, result, standing)
    message = (
        f"'{domain}' is neither a drill, nor drills combined, nor flags of a detector. Hand over "
        "the object itself, or the table that a detector returned."
    )
    raise OptionError(message)


def _refuse_shown_only(domain: str, cards: Sequence[Measure]) -> None:
    shown = sorted(card.id for card in cards if not card.feeds_shortlist)
    if shown:
        message = (
            f"'{domain}' rests on {', '.join(shown)}, which may be shown and never selects a "
            "practice (feeds_shortlist is False on its card). Leave it out of the list."
        )
        raise NotForShortlistError(message)


def _refuse_other_side(domain: str, side: str, cards: Sequence[Measure], wanted: str) -> None:
    low = side == "below"
    against = sorted(
        card.id
        for card in cards
        if card.is_directed and (low == (card.polarity == "higher")) != (wanted == "worse")
    )
    if against:
        message = (
            f"'{domain}' looks {side} the comparator, where {', '.join(against)} is "
            f"{_OTHER[wanted]}, and the list is of who stands {wanted}. Turn the drill round, or "
            f"pass standing='{_OTHER[wanted]}'."
        )
        raise OptionError(message)


def _of_drill(domain: str, drill: Any, standing: Standing) -> Selection:  # noqa: ANN401 - Drill
    _refuse_shown_only(domain, drill.measures)
    _refuse_other_side(domain, drill.side, drill.measures, standing)
    reading, rows = drill.reading, drill.table
    told = {
        str(code): _told(own, drill.side, drill.whom)
        for code, own in rows.groupby("org_code", observed=True)
    }
    return Selection(
        domain=domain,
        reasons={code: told[code][0] for code in reading.found},
        measures={code: told[code][1] for code in reading.found},
        rounding={code: told[code][2] for code in reading.found},
        undecided=frozenset(reading.undecided) - set(reading.found),
        asked=frozenset(str(code) for code in drill.placed["org_code"]),
    )


def _told(rows: pd.DataFrame, side: str, whom: str) -> tuple[str, int, str]:
    """Say in which measures a practice lies beyond, on how many, and the least sure rounding."""
    gap = rows["difference"]
    beyond = rows[(gap < 0) if side == "below" else (gap > 0)].sort_values("measure")
    names = ", ".join(beyond["measure"].astype(str))
    words = beyond["rounding"].astype(str).tolist()
    return f"{side} {whom} on {names}", len(beyond), _least_sure(words)


def _least_sure(words: Sequence[str]) -> str:
    from phm_diabetes.schemas.comparisons import ROUNDING_WORDS

    return max(words, key=ROUNDING_WORDS.index) if words else "cannot tell"


def _of_combination(domain: str, drills: Any, standing: Standing) -> Selection:  # noqa: ANN401
    parts = [_of_drill(domain, leaf, standing) for leaf in drills.leaves]
    codes = sorted(str(code) for code in drills.found)
    holding = {code: [part for part in parts if code in part.codes] for code in codes}
    return Selection(
        domain=domain,
        reasons={
            code: " and ".join(part.reasons[code] for part in own) or str(domain)
            for code, own in holding.items()
        },
        measures={code: sum(part.measures[code] for part in own) for code, own in holding.items()},
        rounding={
            code: _least_sure([part.rounding[code] for part in own])
            for code, own in holding.items()
        },
        undecided=frozenset().union(*(part.undecided for part in parts)) - set(codes),
        asked=frozenset().union(*(part.asked for part in parts)),
    )


def _of_flags(
    domain: str,
    flags: pd.DataFrame,
    standing: Standing,
    measures: DiseaseArea | Sequence[Measure] | None,
) -> Selection:
    cards = cards_of(flags, measures)
    _refuse_shown_only(domain, list(cards.values()))
    rows = flags[flags["org_level"] == "practice"]
    if rows.empty:
        message = f"'{domain}' flags no practices: it holds other levels alone."
        raise OptionError(message)
    latest = rows["period_end"] == rows.groupby("measure", observed=True)["period_end"].transform(
        "max"
    )
    rows = rows[latest]
    polarity = (
        rows["measure"].astype(object).map({name: own.polarity for name, own in cards.items()})
    )
    bad = polarity.map({"higher": "low", "lower": "high"})
    wanted = bad if standing == "worse" else bad.map({"low": "high", "high": "low"})
    direction = rows["direction"].astype(object)
    on_side = wanted.isna() | (direction == wanted) | (direction == "")
    flagged = rows["flagged"].fillna(value=False).astype(bool) & on_side
    hit = rows[flagged].sort_values(["org_code", "measure"])
    by_code = {str(code): own for code, own in hit.groupby("org_code", observed=True)}
    unknown = rows.loc[rows["flagged"].isna(), "org_code"].astype(str)
    return Selection(
        domain=domain,
        reasons={code: _why(own) for code, own in by_code.items()},
        measures={code: len(own["measure"].unique()) for code, own in by_code.items()},
        rounding={
            code: _least_sure(own["rounding"].astype(str).tolist()) for code, own in by_code.items()
        },
        undecided=frozenset(unknown) - set(by_code),
        asked=frozenset(rows["org_code"].astype(str)),
    )


def _why(rows: pd.DataFrame) -> str:
    said = [
        f"{measure} {direction}".strip() + f" ({why})"
        for measure, direction, why in zip(
            rows["measure"], rows["direction"], rows["why"], strict=True
        )
    ]
    return "; ".join(dict.fromkeys(said))
