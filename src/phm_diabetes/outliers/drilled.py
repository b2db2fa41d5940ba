"""What a drill found: both gates, what the gate hid, and the path of each practice."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from attrs import frozen

from phm_diabetes.model.findings import Finding
from phm_diabetes.model.levels import level_named
from phm_diabetes.outliers.calling import UNSURE
from phm_diabetes.quality.attaching import quality_of
from phm_diabetes.schemas.comparisons import ROUNDING_WORDS, Comparisons

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import Measure
    from phm_diabetes.outliers.drill_sets import DrillSet, Joining
    from phm_diabetes.outliers.readings import Reading
    from phm_diabetes.outliers.similarity import Similar
    from phm_diabetes.quality.attaching import Quality
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.estimates import Estimates

__all__ = ["Drill"]

_BESIDE = frozenset(Comparisons.__annotations__)
"""Columns that comparing adds."""


def _many(count: int, level: str) -> str:
    noun = level_named(level)
    return f"{count:,} {noun.name if count == 1 else noun.plural}"


@frozen(kw_only=True, eq=False, repr=False)
class Drill:
    """The answer of :func:`phm_diabetes.drill`.

    Parameters
    ----------
    comparisons
        Every organisation of both levels, compared.
    placed
        The practices in question, with their organisation at the gate.
    reading
        Who was found, under the gates asked for.
    readings
        Who would be found with both gates at the point, or at an interval.
    gates, side, rule, measures, to, via, within
        What was asked; `to` is ``"similar"`` where the comparator is similar practices.
    geo, counts, extracts
        What it was asked of.
    given, options
        The counts and the options of :func:`phm_diabetes.drill`, to ask again with one changed.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="interval(0.95)",
    ...     england="sum_of_practices",
    ... )
    >>> set(found.table["org_code"]) == set(found.reading.found)
    True
    """

    comparisons: pd.DataFrame
    placed: pd.DataFrame
    reading: Reading
    readings: Mapping[str, Reading]
    gates: Mapping[str, str]
    side: str
    rule: str
    measures: tuple[Measure, ...]
    to: str
    via: str
    within: Mapping[str, str]
    geo: Geography
    counts: pd.DataFrame
    extracts: tuple[Extract, ...]
    given: pd.DataFrame
    options: Mapping[str, Any]

    @property
    def found(self) -> frozenset[str]:
        """The practices found."""
        return frozenset(self.reading.found)

    @property
    def leaves(self) -> tuple[Drill, ...]:
        """Itself: the one drill that it is made of."""
        return (self,)

    def __and__(self, other: Drill | DrillSet) -> DrillSet:
        """Whom both find."""
        return self._with("and", other)

    def __or__(self, other: Drill | DrillSet) -> DrillSet:
        """Whom either finds."""
        return self._with("or", other)

    def __sub__(self, other: Drill | DrillSet) -> DrillSet:
        """Whom this finds and the other does not."""
        return self._with("without", other)

    def _with(self, how: Joining, other: Drill | DrillSet) -> DrillSet:
        from phm_diabetes.outliers.drill_sets import DrillSet

        return DrillSet(how=how, left=self, right=other)

    @property
    def peers(self) -> Similar | None:
        """The similar practices that were compared with, if any were."""
        given: Similar | None = self.options["to"] if self.to == "similar" else None
        return given

    @property
    def whom(self) -> str:
        """The comparator in words, such as ``"England"``."""
        return level_named(self.to).name if self.peers is None else self.peers.in_words

    @cached_property
    def quality(self) -> Quality:
        """Coverage of the counts, and what is odd about them; earlier periods of extracts too."""
        figures = [name for name in self.comparisons.columns if name not in _BESIDE]
        practices = self.comparisons["org_level"] == "practice"
        return quality_of(
            cast("DataFrame[Counts]", self.counts),
            geo=self.geo,
            to=self.via,
            within=self.within,
            as_at=self.options["as_at"],
            measures=self.measures,
            estimates=cast("DataFrame[Estimates]", self.comparisons.loc[practices, figures]),
            extracts=self.extracts,
        )

    @property
    def table(self) -> pd.DataFrame:
        """Practices found, a row each measure, with name and organisation at the gate."""
        return self._rows("practice", self.reading.found)

    @property
    def gate(self) -> pd.DataFrame:
        """Organisations of the gate that lie beyond, a row each measure."""
        return self._rows(self.via, self.reading.parents)

    @property
    def hidden(self) -> pd.DataFrame:
        """Practices beyond the comparator that the gate hides, a row each measure."""
        return self._rows("practice", self.reading.hidden)

    @property
    def not_gated(self) -> pd.DataFrame:
        """Practices without an organisation at the gate, a row each measure."""
        return self._rows("practice", self.reading.not_gated)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The practices found, as sentences that carry their own doubt."""
        return tuple(self._finding(row) for _, row in self.table.iterrows())

    def explain(self, org_code: str) -> str:
        """Return the working for one organisation, back to file and row."""
        from phm_diabetes.outliers.explaining import explain

        path = self.placed.loc[self.placed["org_code"] == org_code, "parent_code"]
        why = f"Asked: {self.asked}."
        if len(path):
            gate = " and ".join(sorted(path))
            why += f" {level_named(self.via).name}: {gate}. {self._standing_of(org_code)}"
        rows = self.comparisons[self.comparisons["confidence"] == self._confidence("practice")]
        working = explain(
            rows,
            org_code,
            extracts=self.extracts,
            geo=self.geo,
            counts=self.counts,
            measures=self.measures,
        )
        if self.peers is None or org_code not in self.peers:
            return f"{why}\n{working}"
        return f"{why}\n{working}\n{self.peers.explain(org_code)}"

    def _standing_of(self, code: str) -> str:
        if code in self.reading.found:
            return "Found."
        if code in self.reading.hidden:
            return f"{self.side.capitalize()}, but hidden by the gate."
        if code in self.reading.not_gated:
            return "Not gated: it has no organisation at the gate."
        if code in self.reading.undecided:
            return "Undecided: a figure is missing or hidden."
        return f"Not {self.side}."

    def _confidence(self, level: str) -> float:
        text = self.gates[level if level in self.gates else "practice"]
        if text == "point":
            return float(self.comparisons["confidence"].min())
        return float(text.removeprefix("interval(").removesuffix(")"))

    def _rows(self, level: str, codes: tuple[str, ...]) -> pd.DataFrame:
        rows = self.comparisons[
            (self.comparisons["org_level"] == level)
            & self.comparisons["org_code"].isin(codes)
            & (self.comparisons["confidence"] == self._confidence(level))
        ]
        names = self.geo.names(level)
        # Of a practice in two groups, one that is beyond is named: it comes last.
        passed = self.placed["parent_code"].isin(self.reading.parents)
        pairs = self.placed.assign(passed=passed).sort_values(["passed", "parent_code"])
        parents = dict(zip(pairs["org_code"], pairs["parent_code"], strict=True))
        own = [str(code) for code in rows["org_code"]]
        labelled = rows.assign(
            name=[names.get(code, "") for code in own],
            via_code=[parents.get(code, "") for code in own],
        )
        return labelled.sort_values(["via_code", "org_code", "measure"], ignore_index=True)

    def _finding(self, row: pd.Series[Any]) -> Finding:
        return Finding(
            organisation=self.geo.organisation("practice", str(row["org_code"])),
            measure=str(row["measure"]),
            definition=str(row["definition"]),
            period=f"{row['period_start']:%Y-%m-%d} to {row['period_end']:%Y-%m-%d}",
            value=float(row["value"]),
            lower=float(row["lower"]),
            upper=float(row["upper"]),
            comparator=self.whom,
            comparator_value=float(row["comparator_value"]),
            verdict=str(row["verdict"]),
            rounding=str(row["rounding"]),
            below=self.gates["practice"],
            path=(self.geo.organisation(self.via, str(row["via_code"])),),
            caveats=(str(row["caveat"]),) if row["caveat"] else (),
        )

    @property
    def asked(self) -> str:
        """What was asked, in words."""
        names = ", ".join(card.id for card in self.measures)
        inside = "".join(f" within {level} {code}" for level, code in self.within.items())
        gates = ", ".join(f"{level_named(at).name} by {how}" for at, how in self.gates.items())
        how_many = f"on {self.rule} of {names}" if len(self.measures) > 1 else f"on {names}"
        return f"{self.side} {self.whom} {how_many}{inside} ({gates})"

    def counted(self, counts: tuple[int, int]) -> str:
        """Return how many at the gate, and how many practices in them, as a review writes it."""
        parents, practices = counts
        them = "it" if parents == 1 else "them"
        return f"{_many(parents, self.via)}, and in {them} {_many(practices, 'practice')}"

    @property
    def headline(self) -> str:
        """The counts at both levels, and what was asked, in one line."""
        return f"{self.counted(self.reading.counts)}, {self.asked}."

    def __str__(self) -> str:
        """Say the counts at both gates, by each way of reading, and whom the gate leaves out."""
        level, own = level_named(self.via), self.reading
        lines = [self.headline]
        gates = "Practices" if self.options.get("gate") is not None else "Both gates"
        lines += [
            f"  {gates} by {how}: {self.counted(each.counts)}."
            for how, each in self.readings.items()
        ]
        lines.append(
            f"  Hidden by the gate: {_many(len(own.hidden), 'practice')} {self.side}, in "
            f"{level.plural} that are not."
        )
        lines.append(
            f"  Not gated, for want of a {level.name}: {_many(len(own.not_gated), 'practice')}, "
            f"{len(own.not_gated_beyond):,} of them {self.side}."
        )
        lines += self._rounding()
        if own.parents_undecided or own.undecided:
            gates = _many(len(own.parents_undecided), self.via)
            practices = _many(len(own.undecided), "practice")
            lines.append(f"  Cannot be called, for want of a figure: {gates} and {practices}.")
        lines += self._uncalled()
        compared = self.comparisons[self.comparisons["verdict"] != "not compared"]
        lines += [f"  {text}" for text in sorted(compared["caveat"].astype(str).unique()) if text]
        return "\n".join([*lines, *(f"  {line}" for line in self.quality.lines)])

    def _uncalled(self) -> list[str]:
        """Say of how many practices in question rounding leaves the verdict open."""
        rows = self._rows("practice", tuple(self.placed["org_code"].unique()))
        compared = rows[rows["verdict"] != "not compared"]
        unsure = compared.loc[compared["rounding"].isin(UNSURE), "org_code"].nunique()
        if not unsure:
            return []
        practices = _many(compared["org_code"].nunique(), "practice")
        what = "the verdict on a measure" if len(self.measures) > 1 else "the verdict"
        why = f"as rounding could change {what}"
        return [f"  Cannot be called, {why}: {unsure:,} of {practices} compared."]

    def _rounding(self) -> list[str]:
        """Say what rounding could do to the practices found, each by its least sure figure."""
        words = self.table.groupby(self.table["org_code"].astype(str))["rounding"].agg(
            lambda own: max((str(each) for each in own), key=ROUNDING_WORDS.index)
        )
        told = [
            f"{(words == each).sum():,} {each}" for each in ROUNDING_WORDS if (words == each).any()
        ]
        return [f"  Rounding, of the practices found: {', '.join(told)}."] if told else []

    def __repr__(self) -> str:
        """Say the first line."""
        return f"<Drill: {self.headline}>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"
