"""What a pathway found: people lost at each step, and the parts of a bundle, lowest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.extract import Extract
    from phm_diabetes.model.measures import Measure

__all__ = ["Pathway"]

_MOST_PRINTED = 10


@frozen(kw_only=True, eq=False, repr=False)
class Pathway:
    """The answer of :func:`phm_diabetes.pathway`.

    Parameters
    ----------
    table
        A row an organisation and step: the estimate, and ``lost``, ``lost_low``, ``lost_high``,
        the people lost since the step before; empty where the two are not alike.
    bundle
        A row an organisation and part: the estimate, ``without`` with its range, and ``place``,
        1 for the lowest share; parts that tie share a place.
    steps, parts, names
        What was asked.
    unlike, allowed
        Which denominators are unlike, and why that was allowed.
    counts, extracts, cards
        What it was asked of.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> phm.Pathway.__name__
    'Pathway'
    """

    table: pd.DataFrame
    bundle: pd.DataFrame
    steps: tuple[str, ...]
    parts: tuple[str, ...]
    names: Mapping[str, str]
    unlike: tuple[str, ...]
    allowed: str
    counts: pd.DataFrame
    extracts: tuple[Extract, ...]
    cards: tuple[Measure, ...]

    def breaks(self, org_code: str) -> tuple[str, ...]:
        """Return the part that most go without; several where they tie, or rounding could swap."""
        own = self._of(self.bundle, org_code)
        if own.empty:
            return ()
        first = own[own["place"] == 1]
        if first.empty or first["value_low"].isna().any():
            return tuple(str(name) for name in own["measure"])
        could = own[(own["value_low"] <= first["value_high"].min()).fillna(value=True)]
        return tuple(str(name) for name in could["measure"])

    def explain(self, org_code: str) -> str:
        """Return the working for one organisation, back to file and row."""
        from phm_diabetes.outliers.explaining import explain

        said = "\n".join(self._lines(org_code))
        rows = pd.concat([self.table, self.bundle], ignore_index=True)
        working = explain(
            rows[rows["org_code"].notna()],
            org_code,
            extracts=self.extracts,
            measures=self.cards,
        )
        return f"{said}\n{working}"

    def _of(self, table: pd.DataFrame, code: str) -> pd.DataFrame:
        known = [str(each) for each in self.counts["org_code"].unique()]
        if code not in known:
            message = f"The pathway has no figures of '{code}'." + did_you_mean(code, known)
            raise OptionError(message)
        return table[table["org_code"] == code]

    def _lines(self, code: str) -> list[str]:
        own = self._of(self.table, code)
        lines = [f"{code}:"]
        lines += [
            f"  {row['step']}. {self.names[str(row['measure'])]}: {_share(row)}{_lost(row)}"
            for _, row in own.iterrows()
        ]
        worst = self._worst(own)
        if worst:
            lines.append(f"  Most are lost at: {worst}.")
        parts = self._of(self.bundle, code)
        if len(parts):
            names = [self.names[name] for name in self.breaks(code)]
            shares = "; ".join(
                f"{self.names[str(row['measure'])]} {_share(row)}" for _, row in parts.iterrows()
            )
            lines.append(f"  The bundle breaks first at {' or '.join(names)}. {shares}.")
            if len(names) > 1:
                lines.append("  They tie, or rounding and hidden counts could change which.")
        return lines

    def _worst(self, own: pd.DataFrame) -> str:
        known = own[own["lost"].notna()]
        if known.empty or (known["lost"] <= 0).all():
            return ""
        most = known["lost"].max()
        # Whoever could have lost as many, whatever is hidden, is named as well.
        floor = known.loc[known["lost"] == most, "lost_low"].min()
        could = own[(own["lost_high"] >= floor).fillna(value=False) & own["step"].gt(1)]
        first = known.loc[known["lost"] == most, "measure"].astype(str).tolist()
        others = [str(name) for name in could["measure"] if str(name) not in first]
        said = " and ".join(self.names[name] for name in first)
        if others:
            said += f" (rounding allows {', '.join(self.names[name] for name in others)})"
        return said

    def __str__(self) -> str:
        """Say each organisation's steps; beyond ten, how many more there are."""
        codes = sorted({str(code) for code in self.table["org_code"]})
        lines = [line for code in codes[:_MOST_PRINTED] for line in self._lines(code)]
        if len(codes) > _MOST_PRINTED:
            more = len(codes) - _MOST_PRINTED
            lines.append(f"... and {more:,} more: roll up first, or read .table.")
        if self.unlike:
            lines.append(
                f"Unlike denominators, not chained: {'; '.join(self.unlike)}. Allowed: "
                f"{self.allowed}."
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Say the steps, without figures."""
        return f"<Pathway: {' > '.join(self.steps)}>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"


def _share(row: pd.Series[Any]) -> str:
    if pd.isna(row["value"]):
        return "no figure"
    least, most = row["value_low"], row["value_high"]
    ranged = f", {least:.1%} to {most:.1%} under rounding" if most - least > 0.0005 else ""  # noqa: PLR2004
    return f"{row['value']:.1%} ({row['lower']:.1%} to {row['upper']:.1%}{ranged})"


def _lost(row: pd.Series[Any]) -> str:
    """Say the share lost since the step before, so that no small count is shown."""
    if pd.isna(row["lost_high"]) or pd.isna(row["denominator_low"]) or not row["denominator_low"]:
        return ""
    least, most = (row[f"lost_{end}"] / row["denominator_low"] for end in ("low", "high"))
    if pd.isna(row["lost"]) or most - least > 0.0005:  # noqa: PLR2004
        return f", {least:.1%} to {most:.1%} of people lost since the step before"
    return f", {least:.1%} of people lost since the step before"
