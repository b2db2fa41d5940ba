"""Inequalities: the gap or the slope from the most to the least deprived, beside its points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from phm_diabetes.errors import OptionError, StatisticsError, UnlikeError, did_you_mean
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.metrics.estimates import estimate
from phm_diabetes.metrics.gradient_basis import GradientBasis
from phm_diabetes.metrics.group_levels import GroupLevels, deprivation_levels
from phm_diabetes.metrics.judged_areas import judged_groups
from phm_diabetes.metrics.laid_groups import LaidGroups
from phm_diabetes.metrics.slope import FEWEST_GROUPS
from phm_diabetes.model.dimensions import ALL
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates
from phm_diabetes.schemas.inequalities import FIGURES, Inequalities
from phm_diabetes.schemas.words import repeated, stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.group_figures import GroupMethod
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts

__all__ = ["inequality"]

_GAPS = {"gap": "less", "gap_ratio": "over"}
_TAKEN = {
    "gap": "Most deprived group less least deprived group.",
    "gap_ratio": "Most deprived group over least deprived group.",
    "slope_index": "Fitted value at the most deprived end less that at the least deprived.",
    "relative_index": "Fitted value at the most deprived end over that at the least deprived.",
}


def inequality(  # noqa: PLR0913  each is a choice that the output must state
    figures: DataFrame[Counts] | DataFrame[Estimates],
    *,
    method: GroupMethod,
    basis: Literal["people", "practices", "areas"],
    quantiles: Literal["national", "local"] | None = None,
    over: str = "imd_quintile",
    between: tuple[str, str] | None = None,
    by: Sequence[str] = (),
    transformed: bool = False,
    measures: DiseaseArea | Sequence[Measure] | None = None,
    confidence: float | Sequence[float] = 0.95,
    allow_curved: str | None = None,
) -> DataFrame[Inequalities]:
    """Return how far the most deprived are from the least, with the groups it was had from.

    Parameters
    ----------
    figures
        Counts by the dimension `over`; or estimates by it, such as standardised ones, at their own
        confidences.
    method
        ``"gap"`` or ``"gap_ratio"`` of the two end groups, which say nothing of those between;
        ``"slope_index"`` or ``"relative_index"`` of the line through all of them, weighted by
        their people. Each is of the most deprived against the least.
    basis
        Whose deprivation: ``"people"`` by their own address, or ``"practices"`` or ``"areas"``
        by an average, which is never called patients' deprivation. No default, since a table
        cannot tell.
    quantiles
        ``"national"`` fifths, or ``"local"`` ones of the place itself. No default either.
    over
        Dimension whose levels are written vintage:number, 1 the most deprived.
    between
        For a gap between two levels of any other dimension, such as ethnicity: the first is
        compared with the second.
    by
        Other dimensions to keep.
    transformed
        Fit the line to logs of rates or logits of proportions.
    measures
        Cards; ``None`` for the installed areas.
    confidence
        Of figures made from counts.
    allow_curved
        A reason that lets a line be drawn where the groups do not lie on one; ``gradient`` goes
        on saying so.

    Returns
    -------
    DataFrame[Inequalities]
        For each organisation and measure a row with the figure, then its points. A slope needs
        every group, at least 5, with 10 events each, on a line; otherwise it is withheld, and
        ``reason`` says why. Those of unknown deprivation are a point that is not placed.

    Raises
    ------
    UnlikeError
        When deprivation of two vintages is mixed, or practices' is called people's.
    OptionError
        When an argument is none that can be used.
    StatisticsError
        When a slope is asked of fewer than 5 groups, or a measure is a plain count.

    Notes
    -----
    PHEindicatormethods, and `slope_index` and `relative_index` on arrays, take the most deprived
    end from the least, or divide by it: multiply by -1, or invert.

    References
    ----------
    Low A, Low A. Measuring the gap: quantifying and comparing local health inequalities. J Public
    Health 2004;26:388-395, as functions ``FindXValues`` and ``SimulationFunc`` of
    PHEindicatormethods compute it. For the gap see :func:`~phm_diabetes.metrics.gaps.gap`.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level":
    ...     "icb", "org_code": "QZZ", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = counts_from([
    ...     {**row, "imd_quintile": f"2019:{fifth}", "numerator": 65 - 5 * fifth,
    ...      "denominator": 1000} for fifth in range(1, 6)])
    >>> found = inequality(table, method="gap", basis="people", quantiles="national")
    >>> found.loc[found["figure"] == "gap", ["value", "lower", "upper"]].round(4).values.tolist()
    [[0.02, 0.0008, 0.0395]]
    >>> print(found["gradient"].iloc[0])
    Person level: people in 5 national groups by IMD 2019, each by where they live. Most deprived \
group less least deprived group.
    """
    _refuse(method, basis, quantiles, over, between, allow_curved)
    table = _estimates(figures, over, by, measures, confidence)
    cards = cards_of(table, measures)
    table = table[(table[over] != ALL).to_numpy()].reset_index(drop=True)
    present = table[over].astype(str).unique()
    levels = GroupLevels(names=between) if between else deprivation_levels(over, present)
    if method not in _GAPS and len(levels.names) < FEWEST_GROUPS:
        message = (
            f"A slope needs at least {FEWEST_GROUPS} groups, and '{over}' has {len(levels.names)}. "
            "Use fifths or tenths, or a gap."
        )
        raise StatisticsError(message)
    laid = LaidGroups(table, over, levels)
    judged = judged_groups(laid, cards, method, transformed=transformed, curved=allow_curved)
    words = _label(levels, method, basis, quantiles, over)
    if allow_curved and method not in _GAPS:
        words += f" Drawn though groups may lie off the line: {allow_curved}."
    points = table.assign(figure=repeated("point", len(table)), relative_rank=laid.rank_of_rows())
    both = stack([judged.assign(figure=repeated(method, len(judged))), points])
    both = both.assign(gradient=repeated(words, len(both)))
    order = np.argsort(np.concatenate([np.arange(laid.areas), laid.ids]), kind="stable")
    return cast("DataFrame[Inequalities]", both.iloc[order].reset_index(drop=True))


def _estimates(
    figures: DataFrame[Counts] | DataFrame[Estimates],
    over: str,
    by: Sequence[str],
    measures: DiseaseArea | Sequence[Measure] | None,
    confidence: float | Sequence[float],
) -> pd.DataFrame:
    is_estimate = "value" in getattr(figures, "columns", ())
    table: pd.DataFrame = (
        checked(Estimates, figures, what="figures")
        if is_estimate
        else as_counts(figures, what="figures")
    )
    if over not in table:
        dimensions = dimensions_of(table)
        message = (
            f"over= names '{over}', which is not a dimension of the table "
            f"(dimensions: {', '.join(dimensions) or 'none'})." + did_you_mean(over, dimensions)
        )
        raise OptionError(message)
    if is_estimate:
        return table.assign(**{over: table[over].astype("category")})
    counts = cast("DataFrame[Counts]", table)
    return estimate(counts, by=[*by, over], measures=measures, confidence=confidence)


def _label(
    levels: GroupLevels,
    method: GroupMethod,
    basis: Literal["people", "practices", "areas"],
    quantiles: Literal["national", "local"] | None,
    over: str,
) -> str:
    """Say whose groups they are, and what is taken from what."""
    if quantiles is None:
        level = "Person level" if basis == "people" else f"Ecological, by {basis}"
        first, second = levels.names
        return f"{level}: {over} {first} {_GAPS[method]} {second}."
    index = "IMD " if over.startswith("imd") else ""
    about = GradientBasis(
        unit=basis,
        quantiles=quantiles,
        groups=len(levels.names),
        vintage=f"{index}{levels.vintage}",
    )
    return f"{about} {_TAKEN[method]}"


def _refuse(
    method: str,
    basis: str,
    quantiles: str | None,
    over: str,
    between: tuple[str, str] | None,
    curved: str | None,
) -> None:
    for name, value, known in (
        ("method", method, FIGURES[1:]),
        ("basis", basis, ("people", "practices", "areas")),
        ("quantiles", quantiles, (None,) if between else ("national", "local")),
    ):
        if value not in known:
            words = ", ".join(str(each) for each in known)
            message = f"{name}= takes {words} here, not '{value}'."
            raise OptionError(message + did_you_mean(str(value), filter(None, known)))
    if between and method not in _GAPS:
        message = f"between= is for {' and '.join(_GAPS)}; a slope goes through all groups."
        raise OptionError(message)
    if basis == "people" and "practice" in over:
        message = (
            f"'{over}' is deprivation of practices, which is not that of their patients. Pass "
            "basis='practices'."
        )
        raise UnlikeError(message)
    if curved is not None and not curved.strip():
        message = "allow_curved= takes a reason, which the output repeats; it is blank."
        raise OptionError(message)
