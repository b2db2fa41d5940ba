"""Side by side: the links of a chain of care in each organisation, without a claim of cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import frozen

from phm_diabetes.errors import DoubleCountError, MeasureNotFoundError, OptionError
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.model.levels import UNALLOCATED, UNMAPPED, level_named
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure

__all__ = ["MISSING_LINK", "SideBySide", "side_by_side"]

MISSING_LINK = "missing: no figure was handed over"
"""Said of a link of which an organisation has no row; it is never nought."""

_FIGURES = ("numerator", "denominator", "value", "lower", "upper", "value_low", "value_high")
_FEWEST = 2
_MOST_PRINTED = 10


@frozen(kw_only=True, eq=False, repr=False)
class SideBySide:
    """The links of a chain, organisation by organisation.

    Parameters
    ----------
    table
        One row an organisation and link: ``org_level``, ``org_code``, ``link`` (from 1),
        ``measure``, ``period_start``, ``period_end``, counts, value with its interval and range,
        and ``reason``, which says why there is no value.
    caption
        What it is, and that it does not show cause; it goes with every table and chart.
    caveats
        What the cards of the links say.
    cards
        The card of each link.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "planted", "org_level": "pcn", "org_code": "U99901",
    ...     "period_start": "2022-04-01", "period_end": "2023-03-31", "denominator": 2400}
    >>> found = phm.estimate(phm.counts_from([
    ...     {**row, "measure": "dm.cp.foot", "definition": "nda:foot:15m", "numerator": 1900},
    ...     {**row, "measure": "dm.cp.bmi", "definition": "nda:bmi:15m", "numerator": 2000}]))
    >>> side = phm.side_by_side([found], measures=["dm.cp.foot", "dm.cp.bmi"])
    >>> side.table[["link", "org_code", "value"]].round(2).values.tolist()
    [[1, 'U99901', 0.79], [2, 'U99901', 0.83]]
    """

    table: pd.DataFrame
    caption: str
    caveats: tuple[str, ...]
    cards: tuple[Measure, ...]

    def __str__(self) -> str:
        """Say the links of each organisation beneath the caption; beyond ten, how many more."""
        lines = [self.caption]
        codes = list(dict.fromkeys(self.table["org_code"]))
        for code in codes[:_MOST_PRINTED]:
            lines.append(f"{code}:")
            own = self.table[self.table["org_code"] == code]
            for card, (_, row) in zip(self.cards, own.iterrows(), strict=True):
                lines.append(f"  {row['link']}. {card.name}: {_shown(card, row)}")
        if len(codes) > _MOST_PRINTED:
            lines.append(f"... and {len(codes) - _MOST_PRINTED:,} more: read .table.")
        return "\n".join([*lines, *(f"- {each}" for each in self.caveats)])

    def __repr__(self) -> str:
        """Say the links, without figures."""
        return f"<SideBySide: {', '.join(card.id for card in self.cards)}>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"


def side_by_side(
    tables: Sequence[DataFrame[Estimates]],
    *,
    measures: Sequence[str],
    level: str = "pcn",
    cards: DiseaseArea | Sequence[Measure] | None = None,
) -> SideBySide:
    """Set figures of a chain, such as check, admission and amputation, beside one another.

    Nobody is followed from one link to the next, and periods may differ: this shows where to
    ask, and no more.

    Parameters
    ----------
    tables
        Estimates at one confidence, of one table or several.
    measures
        Ids of the links, in their order.
    level
        Level of the organisations.
    cards
        Cards; ``None`` for the installed areas.

    Returns
    -------
    SideBySide
        Every organisation that any link has, with every link: one without a figure is missing,
        and never nought.

    Raises
    ------
    OptionError
        When fewer than two links are named, or figures are at several confidences.
    MeasureNotFoundError
        When no table has a link at the level.
    DoubleCountError
        When an organisation has two figures of a link, such as of two periods.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "planted", "org_level": "pcn", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "definition": "d", "denominator": 400}
    >>> checks = phm.estimate(phm.counts_from([{**row, "measure": "copd.register",
    ...     "org_code": code, "numerator": 40} for code in ("U99901", "U99902")]))
    >>> other = phm.estimate(phm.counts_from([{**row, "measure": "af.register",
    ...     "org_code": "U99901", "numerator": 20}]))
    >>> both = side_by_side([checks, other], measures=["copd.register", "af.register"])
    >>> both.table["reason"].tolist()
    ['', '', '', 'missing: no figure was handed over']
    >>> "does not show cause" in both.caption
    True
    """
    links = list(measures)
    if isinstance(measures, str) or len(links) < _FEWEST or len(set(links)) < len(links):
        message = "measures= takes two ids or more, each once, in the order of the chain."
        raise OptionError(message)
    given = [checked(Estimates, table, what="tables") for table in tables]
    columns = ["org_level", "org_code", "measure", "period_start", "period_end", "confidence"]
    columns += [*_FIGURES, "reason"]
    known = {id_: card for each in given for id_, card in cards_of(each, cards).items()}
    rows = [_at_level(each, level, links)[columns] for each in given]
    filled = [each for each in rows if len(each)]
    stacked: Any = pd.concat(filled or rows[:1])
    absent = [name for name in links if not (stacked["measure"] == name).any()]
    if absent:
        message = f"No table has {', '.join(absent)} at {level_named(level).name} level."
        raise MeasureNotFoundError(message)
    if len(stacked["confidence"].unique()) > 1:
        message = "tables= hold figures at several confidences. Keep one of them."
        raise OptionError(message)
    if stacked.duplicated(["org_code", "measure"]).any():
        message = (
            "An organisation has two figures of one link, of two periods, definitions or groups. "
            "Keep one of them first."
        )
        raise DoubleCountError(message)
    chain = tuple(known[name] for name in links)
    return SideBySide(
        table=_laid(stacked, links, level),
        caption=_caption(stacked, chain, level),
        caveats=tuple(dict.fromkeys(said for card in chain for said in card.caveats)),
        cards=chain,
    )


def _at_level(table: pd.DataFrame, level: str, links: Sequence[str]) -> pd.DataFrame:
    plain = table.astype(dict.fromkeys(("org_level", "org_code", "measure", "reason"), object))
    there = (plain["org_level"] == level) & plain["measure"].isin(links)
    return plain[there & ~plain["org_code"].isin([UNALLOCATED, UNMAPPED])]


def _laid(rows: pd.DataFrame, links: Sequence[str], level: str) -> pd.DataFrame:
    """Return every organisation with every link, missing ones among them."""
    codes = sorted(rows["org_code"].unique())
    whole = pd.MultiIndex.from_product([codes, links], names=["org_code", "measure"])
    held = rows.set_index(["org_code", "measure"])
    laid = held.reindex(whole).reset_index()
    laid["reason"] = laid["reason"].fillna(MISSING_LINK)
    laid["org_level"] = level
    laid["link"] = laid["measure"].map({name: spot for spot, name in enumerate(links, start=1)})
    order = ["org_level", "org_code", "link", "measure", "period_start", "period_end"]
    return laid[[*order, *_FIGURES, "reason"]]


def _caption(rows: pd.DataFrame, chain: Sequence[Measure], level: str) -> str:
    told = []
    for card in chain:
        own = rows[rows["measure"] == card.id]
        start, end = own["period_start"].min(), own["period_end"].max()
        told.append(f"{card.name} ({start:%Y-%m-%d} to {end:%Y-%m-%d})")
    plural = level_named(level).plural
    return (
        f"Side by side, by {level_named(level).name}: {'; '.join(told)}. It does not show cause: "
        "nobody is followed from one figure to the next, the periods need not be the same, and "
        f"{plural} differ in age, deprivation and what they record."
    )


def _shown(card: Measure, row: pd.Series[Any]) -> str:
    if pd.isna(row["value"]):
        said = str(row["reason"])
        return said if said == MISSING_LINK else f"missing: {said or 'there is no figure'}"
    scale, end = (100, "%") if card.kind == "proportion" and card.per == 1 else (1, "")
    if card.per > 1:
        end = f" per {card.per:,}"
    value, lower, upper = (row[name] * scale for name in ("value", "lower", "upper"))
    if pd.isna(lower):
        return f"{value:,.1f}{end}, without an interval"
    return f"{value:,.1f}{end} ({lower:,.1f} to {upper:,.1f})"
