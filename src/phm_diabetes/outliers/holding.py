"""Holding: the yardstick of each family, from its target, its reference and its recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from attrs import evolve, frozen

from phm_diabetes.errors import OptionError, StatisticsError
from phm_diabetes.outliers.chance_models import chance_model
from phm_diabetes.outliers.comparators import published_rows, unit_key
from phm_diabetes.outliers.families import WITHIN, families_of, grouped_rows, key_at
from phm_diabetes.outliers.overdispersion import estimate_overdispersion
from phm_diabetes.outliers.own_counts import refuse_other_figures
from phm_diabetes.outliers.reference_sets import references_for
from phm_diabetes.outliers.units import units_of
from phm_diabetes.outliers.yardsticks import Yardstick

if TYPE_CHECKING:
    import pandas as pd

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.families import Family
    from phm_diabetes.outliers.funnel_limits import FunnelMethod
    from phm_diabetes.outliers.overdispersion import Recipe
    from phm_diabetes.outliers.reference_sets import Reference, ReferenceSet
    from phm_diabetes.outliers.units import Units

__all__ = ["Held", "Target", "held_against"]

Target: TypeAlias = float | Mapping[str, float] | Literal["england"] | None

_ALONE = "no other unit of its level to be held against"
_NO_TARGET = "no target was given for this measure"
_INSTEAD = "Give it the estimates of phm.estimate, or judge these by value, as RobustZ does."
_NO_ENGLAND = "the table has no published row for England to be held against"


@frozen(kw_only=True, eq=False)
class Held:
    """A family, and what it is held against.

    Parameters
    ----------
    family
        The rows.
    yardstick
        ``None`` where there is none.
    reason
        Why there is no yardstick; blank where there is.
    refusal
        Why over-dispersion, which was asked for, cannot be estimated; blank where it is.
    caveat
        What must be said beside every flag.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 9, "denominator": 90}
    >>> table = phm.estimate(phm.counts_from([row]))
    >>> Held(family=families_of(table, None)[0], yardstick=None, reason=_ALONE).reason
    'no other unit of its level to be held against'
    """

    family: Family
    yardstick: Yardstick | None
    reason: str = ""
    refusal: str = ""
    caveat: str = ""


def held_against(
    table: pd.DataFrame,
    units: Units,
    *,
    reference: ReferenceSet | None,
    target: Target,
    recipe: Recipe | None,
    confidence: float,
    method: FunnelMethod,
    measures: DiseaseArea | Sequence[Measure] | None,
) -> list[Held]:
    """Return what each family of a table is held against.

    Parameters
    ----------
    table
        Checked estimates, shape ``(n, k)``.
    units
        Their figures.
    reference, target, recipe, confidence, method, measures
        As for :class:`~phm_diabetes.outliers.funnel.Funnel`; no recipe allows for chance alone.

    Raises
    ------
    OptionError
        When a target is no value that the measure can take.
    UnlikeError
        When the reference set has other dimensions.
    MeasureNotFoundError
        When a measure has no card.
    StatisticsError
        When a figure is standardised or a share, and so not the quotient of its own counts.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> held = held_against(
    ...     table, units_of(table), reference=None, target=None, recipe=None, confidence=0.95,
    ...     method="exact", measures=None,
    ... )
    >>> held[0].yardstick.chance.kind
    'proportion'
    """
    for each in (table, *([] if reference is None else [reference.estimates])):
        refuse_other_figures(each, asker="a funnel", instead=_INSTEAD)
    families = families_of(table, measures)
    england = _england(table) if isinstance(target, str) else {}
    found = []
    for family, known in zip(
        families, references_for(table, units, families, reference), strict=True
    ):
        chance = chance_model(family.card, known.numerator, known.squares)
        if isinstance(chance, str):
            found.append(Held(family=family, yardstick=None, reason=chance, caveat=family.caveat))
            continue
        centre = _centre(table, family, known, target, england)
        if isinstance(centre, str):
            found.append(Held(family=family, yardstick=None, reason=centre, caveat=family.caveat))
            continue
        stick = Yardstick(chance=chance, centre=centre, confidence=confidence, method=method)
        held = Held(family=family, yardstick=stick, caveat=_joined(family.caveat, chance.caveat))
        found.append(held if recipe is None else _widened(held, stick, known, recipe))
    return found


def _widened(held: Held, stick: Yardstick, known: Reference, recipe: Recipe) -> Held:
    """Allow for over-dispersion; where it cannot be estimated, say why."""
    if known.reason:
        return evolve(held, refusal=known.reason)
    effect = stick.chance.design_effect
    try:
        found = estimate_overdispersion(
            known.numerator / effect,
            known.denominator / effect,
            kind=stick.chance.kind,
            recipe=recipe,
            reference=known.name,
            centre=stick.centre,
        )
    except StatisticsError as error:
        return evolve(held, refusal=str(error))
    return evolve(
        held,
        yardstick=evolve(stick, overdispersion=found),
        caveat=_joined(held.caveat, f"{found}"),
    )


def _centre(
    table: pd.DataFrame,
    family: Family,
    known: Reference,
    target: Target,
    england: Mapping[tuple[object, ...], float],
) -> float | str:
    if isinstance(target, Mapping):
        own = target.get(family.card.id)
        return _NO_TARGET if own is None else own / family.card.per
    if isinstance(target, str):
        if target != "england":
            message = (
                f"target= is {target!r}. Give a figure, one a measure, 'england', or None for the "
                "reference set's own value."
            )
            raise OptionError(message)
        columns = [name for name in unit_key(table) if name != WITHIN]
        return england.get(key_at(table, family.rows[0], columns), _NO_ENGLAND)
    if target is not None:
        return float(target) / family.card.per
    if known.reason or len(known.numerator) < 2:  # noqa: PLR2004  itself and another
        return known.reason or _ALONE
    return float(known.numerator.sum() / known.denominator.sum())


def _england(table: pd.DataFrame) -> dict[tuple[object, ...], float]:
    """England's published figures, numerator over denominator, by key."""
    rows = table[table["confidence"] == table["confidence"].min()].drop(
        columns=[name for name in (WITHIN,) if name in table]
    )
    own = published_rows(rows, "england")
    figures = units_of(own)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = figures.numerator / figures.denominator
    return {
        key: float(value[spots[0]])
        for key, spots in grouped_rows(own, unit_key(rows)).items()
        if np.isfinite(value[spots[0]])
    }


def _joined(*texts: str) -> str:
    return " ".join(text for text in texts if text)
