"""Standardised figures: what would be, were each organisation's people like the standard's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from phm_diabetes.errors import OptionError, StatisticsError, did_you_mean
from phm_diabetes.metrics.bands_of_counts import banded_counts
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.metrics.counted_standards import StandardCounts, standard_counts
from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.metrics.reference_populations import ESP2013, ReferencePopulation
from phm_diabetes.metrics.stacking import Figures, confidence_levels, stacked
from phm_diabetes.metrics.standardised_figures import direct_figures, indirect_figures
from phm_diabetes.metrics.standards import standard_people
from phm_diabetes.metrics.withholding import withhold_rare
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.words import worded
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.estimates import Estimates

__all__ = ["standardise"]

_METHODS = {
    "direct": "directly standardised",
    "indirect_rate": "indirectly standardised rate",
    "indirect_ratio": "indirectly standardised ratio",
}
_KINDS = ("proportion", "rate", "ratio")


def standardise(  # noqa: PLR0913 - each is a choice that the output must state
    counts: DataFrame[Counts],
    *,
    over: str | Sequence[str] = ("age_band",),
    reference: ReferencePopulation | DataFrame[Counts] = ESP2013,
    method: Literal["direct", "indirect_rate", "indirect_ratio"] = "direct",
    by: Sequence[str] = (),
    measures: DiseaseArea | Sequence[Measure] | None = None,
    confidence: float | Sequence[float] = 0.95,
    allow_unknown: str | None = None,
    allow_general: str | None = None,
) -> DataFrame[Estimates]:
    """Return figures with differences of age (or of age and sex) between organisations removed.

    Direct: each band's rate is given the weight of the band in the standard. Two such figures may
    be compared. Indirect: all events against those expected at the standard's rates. Two such
    figures rest on different people: compare each with the standard, not with one another.

    Parameters
    ----------
    counts
        Counts by the dimensions of `over`. A row for all is not needed; the indirect methods use
        it for the events, whose bands need then not be known.
    over
        Dimensions that are consumed. Bands are joined by key, never by position.
    reference
        A named population, or the Counts of one organisation in the same bands or finer ones,
        such as England's: its denominators are the standard people, its rates those expected.
    method
        ``"direct"``; ``"indirect_ratio"``, where 1 is as at the standard's rates; or
        ``"indirect_rate"``, that ratio times the standard's crude rate.
    by
        Other dimensions to keep.
    measures
        Cards; ``None`` for the installed areas. Proportions, rates and ratios.
    confidence
        Two-sided; several give one row each.
    allow_unknown
        A reason that lets people of unknown age stand aside; ``method`` goes on saying so.
    allow_general
        A reason, such as ``"to replicate OHID"``, that lets people who all have a condition be
        weighted as a whole population is; ``definition`` goes on saying so.

    Returns
    -------
    DataFrame[Estimates]
        One row an organisation and measure. Numerator and denominator are the crude totals, and
        the figure is not their quotient: ``definition`` says so. Under 10 events, or with a
        missing band, there is no direct figure, and ``reason`` says which.

    Raises
    ------
    OptionError
        When `over`, `method` or `reference` is none that can be used.
    StatisticsError
        When a band is not in the standard, people are of unknown age, a measure is a mean or a
        plain count, or a whole population would be the standard of people with a condition.
    DefinitionMismatchError, UnlikeError
        When the standard is of another definition, or of other people.
    MeasureNotFoundError
        When a measure has no card.

    Notes
    -----
    Repeat events and money take their variance from ``numerator_ss``; without it there is a figure
    and no interval. For money, 10 events stand for 10 people's worth: total² / sum of squares.

    References
    ----------
    Where in its source each formula stands is said by :func:`~phm_diabetes.metrics.direct.dsr` and
    :func:`~phm_diabetes.metrics.indirect.indirect_ratio`; the section of the docs on methods has
    both.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level":
    ...     "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31"}
    >>> found = standardise(counts_from([
    ...     {**row, "age_band": "<40", "numerator": 5, "denominator": 1000},
    ...     {**row, "age_band": "40+", "numerator": 60, "denominator": 1000},
    ... ]))
    >>> found[["value", "lower", "upper"]].round(4).values.tolist()
    [[0.0342, 0.0264, 0.0435]]
    >>> found[["method", "definition"]].values.tolist()
    [['Dobson with Byar', 'd; directly standardised over age_band to European Standard \
Population 2013']]
    """
    levels = confidence_levels(confidence)
    dimensions = [over] if isinstance(over, str) else list(over)
    given = as_counts(counts, what="counts")
    _refuse(given, dimensions, method, reference, allow_unknown)
    table = choose(given, [*by, *dimensions])
    cards = cards_of(table, measures)
    _refuse_kinds(cards)
    _refuse_general(cards, reference, allow_general)
    standard = _standard(reference, dimensions, table)
    banded = banded_counts(
        table, dimensions, prefer_whole=method != "direct", allow_unknown=bool(allow_unknown)
    )
    totals = banded.totals
    figures = Figures.empty(len(levels), len(totals))
    figures.reason[:] = Reason.NO_PARTS
    about = ["measure", "definition"]
    about += ["period_start", "period_end"] if getattr(standard, "has_periods", False) else []
    for block in banded.blocks(about):
        card = cards[str(block.about["measure"])]
        if isinstance(standard, StandardCounts):
            held = standard.of(block.about, block.cells, with_events=method != "direct")
        else:
            held = standard_people(standard, block.cells)
        if method == "direct":
            found = direct_figures(card, block, held, levels)
        else:
            own = totals.iloc[block.groups]
            is_rate = method == "indirect_rate"
            found = indirect_figures(card, block, held, own, levels, is_rate=is_rate)
        aside = f"; unknown {' or '.join(dimensions)} left out: {allow_unknown}"
        figures.put(
            block.groups,
            estimate=found.estimate,
            bounds=found.bounds,
            reason=found.reason,
            method=found.method + (aside if allow_unknown else ""),
        )
    withhold_rare(totals, cards, figures)
    words = f"; {_METHODS[method]} over {' and '.join(dimensions)} to {standard.name}"
    if isinstance(reference, ReferencePopulation) and allow_general:
        words += f", a whole population: {allow_general.strip()}"
    return stacked(totals.assign(definition=_marked(totals, words)), figures, levels)


def _standard(
    reference: ReferencePopulation | DataFrame[Counts], over: Sequence[str], table: pd.DataFrame
) -> ReferencePopulation | StandardCounts:
    if isinstance(reference, ReferencePopulation):
        return reference
    others = [name for name in dimensions_of(table) if name not in over]
    kept = {name: set(table[name].astype(str).unique()) for name in others}
    return standard_counts(reference, over, kept)


def _marked(totals: pd.DataFrame, words: str) -> pd.Categorical[str]:
    codes = totals["definition"].cat
    return worded(codes.codes, [f"{name}{words}" for name in codes.categories])


def _refuse(
    counts: pd.DataFrame, over: Sequence[str], method: str, reference: object, unknown: str | None
) -> None:
    dimensions = dimensions_of(counts)
    for name in over:
        if name not in dimensions:
            message = (
                f"over= names '{name}', which is not a dimension of the table "
                f"(dimensions: {', '.join(dimensions) or 'none'})." + did_you_mean(name, dimensions)
            )
            raise OptionError(message)
    if not over:
        message = "over= names no dimension. Write over='age_band'."
        raise OptionError(message)
    if method not in _METHODS:
        message = f"method= takes {', '.join(_METHODS)}, not '{method}'."
        raise OptionError(message + did_you_mean(method, _METHODS))
    if method != "direct" and isinstance(reference, ReferencePopulation):
        message = (
            f"method='{method}' needs the rates of a standard, and '{reference.name}' holds people "
            "only. Pass the Counts of a standard, such as England's rows, as reference=."
        )
        raise OptionError(message)
    if unknown is not None and not unknown.strip():
        message = "allow_unknown= takes a reason, which the output repeats; it is blank."
        raise OptionError(message)


def _refuse_general(cards: dict[str, Measure], reference: object, allowed: str | None) -> None:
    if allowed is not None and not allowed.strip():
        message = "allow_general= takes a reason, which the output repeats; it is blank."
        raise OptionError(message)
    if allowed is not None or not isinstance(reference, ReferencePopulation):
        return
    own = [card.id for card in cards.values() if card.patients_only]
    if own:
        message = (
            f"{own[0]} is of people who all have the condition, and the ages of {reference.name} "
            "are those of a whole population. Pass reference= the Counts of everybody with it, "
            "such as England's rows, or allow_general='to replicate OHID'."
        )
        raise StatisticsError(message)


def _refuse_kinds(cards: dict[str, Measure]) -> None:
    strange = [card for card in cards.values() if card.kind not in _KINDS]
    if strange:
        message = (
            f"{strange[0].id} is a {strange[0].kind}, and only proportions, rates and ratios can "
            "be standardised. Filter it out first."
        )
        raise StatisticsError(message)
