"""What a reconciliation found: the grade, every difference, and the explanations ranked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.agreement.grading import GRADES, LIMITS
from phm_diabetes.errors import OptionError
from phm_diabetes.model.displaced import Displaced
from phm_diabetes.model.levels import level_named
from phm_diabetes.plugins import measure_cards
from phm_diabetes.quality.attaching import quality_of, quality_together

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.agreement.evidence import Explanation
    from phm_diabetes.agreement.grading import Agreement, BlandAltman
    from phm_diabetes.agreement.sources import Source
    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.quality.attaching import Quality
    from phm_diabetes.schemas.counts import Counts

__all__ = ["EXPLAINS", "Reconciliation"]

EXPLAINS = 0.8
"""Score from which an explanation accounts for a gap."""

_READINGS = {
    "coding": "More consistent with recording than with care: look at the coding first.",
    "care": "More consistent with a gap in care than with recording.",
    "people": "Consistent with other people being counted: look at the registers first.",
}


@frozen(kw_only=True, eq=False, repr=False)
class Reconciliation:
    """The answer of :func:`phm_diabetes.reconcile`.

    Parameters
    ----------
    a, b
        The two sources.
    practices, gate, pooled
        Their differences by practice, by organisation of `via`, and of all together.
    agreement, spread
        How many agree, and Bland and Altman's summary.
    explanations
        What a gap is consistent with, the highest score first.
    norm_known
        Whether a norm was there, without which a gap in care cannot be told.
    norms
        Each figure beside its norm, in sentences.
    only_a, only_b
        Practices that stand in one source alone.
    known
        How many practices the geography knows within `within`; ``None`` where nothing was asked.
    via, within, allowed, geo, extracts, as_at
        What was asked, and of what.
    cards
        The measure's card, where it was given; ``None`` for those of the installed areas.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> found = phm.reconcile(table, table, measure="copd.register", geo=demo.england_geography())
    >>> found.explanations
    ()
    """

    a: Source
    b: Source
    practices: pd.DataFrame
    gate: pd.DataFrame
    pooled: pd.DataFrame
    via: str
    agreement: Agreement
    spread: BlandAltman
    explanations: tuple[Explanation, ...]
    norm_known: bool
    norms: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    known: int | None
    within: Mapping[str, str]
    allowed: str
    geo: Geography
    extracts: tuple[Extract, ...]
    as_at: str | date = "period_end"
    cards: tuple[Measure, ...] | None = None

    @cached_property
    def quality(self) -> Quality:
        """Coverage of both sources, falls since their earlier periods, and what is odd in them."""
        cards = measure_cards(self.cards)
        found = [
            quality_of(
                cast("DataFrame[Counts]", source.now),
                geo=self.geo,
                to=self.via,
                within=self.within,
                as_at=self.as_at,
                measures=[cards[source.measure]] if source.measure in cards else [],
                extracts=self.extracts,
                earlier=[source.rows],
            )
            for source in (self.a, self.b)
        ]
        return cast("Quality", quality_together(found))

    @property
    def table(self) -> pd.DataFrame:
        """All, each organisation of the gate and each practice, a row each."""
        return pd.concat([self.pooled, self.gate, self.practices], ignore_index=True)

    @property
    def grade(self) -> str:
        """``validated``, ``explained``, ``loose`` or ``none``, as published."""
        return self._graded(self.agreement.grade)

    @property
    def possible_grades(self) -> tuple[str, ...]:
        """Every grade that hidden and rounded counts allow, the best first."""
        found = {self._graded(each) for each in self.agreement.possible}
        return tuple(each for each in GRADES if each in found)

    def _graded(self, grade: str) -> str:
        # A gap in care accounts for a low figure, not for two sources that differ.
        accounts = any(
            each.score >= EXPLAINS and each.family != "care" for each in self.explanations
        )
        return "explained" if grade != "validated" and accounts else grade

    @property
    def first(self) -> tuple[Explanation, ...]:
        """The explanations with the highest score; several where they tie."""
        top = max((each.score for each in self.explanations), default=0.0)
        return tuple(each for each in self.explanations if each.score == top)

    @property
    def stamp(self) -> Displaced | None:
        """*Not representative*: for the Place asked within, where a scheme displaces the source.

        Hand it to :meth:`Geography.with_displaced`, and comparing the measure needs a reason.
        """
        top = {each.name for each in self.first if each.score >= EXPLAINS}
        if "scheme displacement" not in top or "place" not in self.within:
            return None
        low, high = (self.a, self.b) if self._a_is_low else (self.b, self.a)
        return Displaced(
            place=self.within["place"],
            dataset=low.dataset,
            scheme=high.dataset,
            measures=(low.measure,),
            except_for=(),
        )

    @property
    def _a_is_low(self) -> bool:
        row = self.pooled.iloc[0]
        return bool(row["difference_least"] + row["difference_most"] <= 0)

    @property
    def reading(self) -> str:
        """Care or coding, in a modest sentence."""
        agreed = self.grade == "validated"
        if agreed and not any(each.family == "care" for each in self.explanations):
            return "The two sources agree."
        if not self.explanations:
            return "Nothing that was looked at speaks for care or for coding."
        families = {each.family for each in self.first}
        if agreed:
            families = {"care"}
        if len(families) > 1:
            return "Care or coding cannot be told: the evidence for both is as strong."
        sentence = _READINGS[families.pop()]
        if not self.norm_known:
            sentence += " No norm was given, so a gap in care could not be weighed."
        return sentence

    def explain(self, org_code: str) -> str:
        """Return the working for one practice or organisation of the gate, from both sources."""
        from phm_diabetes.outliers.explaining import explain

        rows = self.table[self.table["org_code"] == org_code]
        if rows.empty:
            alone = org_code in self.only_a or org_code in self.only_b
            said = "stands in one source alone" if alone else "stands in neither source"
            message = f"'{org_code}' {said}, so there is nothing to compare."
            raise OptionError(message)
        lines = [_difference(rows.iloc[0])]
        lines += [
            f"  {each.name}: {each.ask}" for each in self.explanations if org_code in each.practices
        ]
        for source in (self.a, self.b):
            own = source.now
            if (own["org_code"] == org_code).any():
                lines.append(
                    explain(
                        own, org_code, extracts=self.extracts, geo=self.geo, measures=self.cards
                    )
                )
        return "\n".join(lines)

    def __str__(self) -> str:
        """Say the grade, what it rests on, and what the gap is consistent with."""
        found, level = self.agreement, level_named(self.via)
        lines = [
            self._headline,
            f"  All {len(self.practices):,} practices in both: {_difference(self.pooled.iloc[0])}",
            (
                f"  Within {LIMITS['gate']:g} points: {found.gate[1]:,} of {found.gates:,} "
                f"{level.plural}; within {LIMITS['practice']:g} points: {found.practice[1]:,} of "
                f"{found.practices:,} practices."
            ),
            (
                f"  Bland-Altman, {self.spread.practices:,} practices: mean difference "
                f"{self.spread.mean:+.1f} points, limits {self.spread.lower:+.1f} to "
                f"{self.spread.upper:+.1f}."
            ),
        ]
        if len(self.possible_grades) > 1:
            others = " or ".join(self.possible_grades)
            lines.append(f"  Rounding and hidden counts could change the grade: {others}.")
        lines.append(self._coverage())
        if self.norms:
            lines.append(f"  Norms: {' '.join(self.norms)}")
        if self.stamp is not None:
            lines.append(f"  {self.stamp}")
        for place, each in enumerate(self.explanations, start=1):
            lines.append(
                f"  {place}. Consistent with {each.name} (score {each.score:.2f} = reach "
                f"{each.reach:.2f} x fit {each.fit:.2f}). {each.evidence}"
            )
            lines.append(f"     Ask: {each.ask}")
        lines += self._caveats()
        lines += [f"  {line}" for line in self.quality.problem_lines]
        return "\n".join(lines)

    @property
    def _headline(self) -> str:
        return f"{self.a.name} against {self.b.name}: {self.grade}. {self.reading}"

    def _coverage(self) -> str:
        of = "" if self.known is None else f" of {self.known:,} known"
        return (
            f"  Coverage: {len(self.practices):,}{of} in both; {len(self.only_a):,} in "
            f"{self.a.dataset} alone, {len(self.only_b):,} in {self.b.dataset} alone."
        )

    def _caveats(self) -> list[str]:
        lines = []
        if self.a.definition != self.b.definition:
            lines.append(f"  Definitions: {self.a.definition} against {self.b.definition}.")
        if self.a.end != self.b.end:
            lines.append(
                f"  Periods differ, {self.a.end:%Y-%m-%d} and {self.b.end:%Y-%m-%d}, which was "
                f"allowed: {self.allowed}."
            )
        unknown = int(self.practices["difference"].isna().sum())
        if unknown:
            lines.append(f"  {unknown:,} practices have a hidden count, and a range for a figure.")
        return lines

    def __repr__(self) -> str:
        """Say the first line."""
        return f"<Reconciliation: {self._headline}>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"


def _difference(row: pd.Series[float]) -> str:
    least, most = row["difference_least"], row["difference_most"]
    if np.isnan(row["difference"]):
        return f"no figure; the difference lies between {least:+.1f} and {most:+.1f} points."
    said = (
        f"{row['a_value']:.1f}% against {row['b_value']:.1f}%, {row['difference']:+.1f} points "
        f"({row['difference_lower']:+.1f} to {row['difference_upper']:+.1f})"
    )
    rounded = most - least > 1e-9  # noqa: PLR2004 - more than floating point
    return said + (f"; {least:+.1f} to {most:+.1f} under rounding." if rounded else ".")
