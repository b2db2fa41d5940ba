"""Stability: in what share of reasonable variants of a rule each practice is still named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Stability"]

_STEADY, _UNSURE = 0.95, 0.8


@frozen(kw_only=True, eq=False, repr=False)
class Stability:
    """The answer of :func:`phm_diabetes.stability`.

    Parameters
    ----------
    table
        One row a practice that any variant names: ``org_code``, whether the rule itself
        names it (``named``), and the ``share`` of variants that do [proportion].
    variants
        One row a variant: its ``comparator``, ``below`` (or above), the ``method`` of its
        intervals, blank for a point, ``gate``, the measure ``left_out``, the ``counts`` it was run
        on, and how many ``practices`` it names.
    skipped
        Comparators and methods that were not tried, and why.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"org_code": ["Y99001"], "named": [True], "share": [0.97]})
    >>> variants = pd.DataFrame({"below": ["point"] * 100})
    >>> found = Stability(table=table, variants=variants, skipped=())
    >>> print(str(found).splitlines()[1])
      1 of 1 named stay in at least 95% of variants.
    """

    table: pd.DataFrame
    variants: pd.DataFrame
    skipped: tuple[str, ...]

    def share_of(self, org_code: str) -> float:
        """Return the share of variants that name a practice [proportion]."""
        own = self.table.loc[self.table["org_code"] == org_code, "share"]
        return float(own.iloc[0]) if len(own) else 0.0

    def __str__(self) -> str:
        """Say how many stay, how many are borderline, and who could as well be named."""
        named, others = self.table[self.table["named"]], self.table[~self.table["named"]]
        steady = int((named["share"] >= _STEADY).sum())
        unsure = int((named["share"] < _UNSURE).sum())
        near = int((others["share"] >= 1 - _UNSURE).sum())
        lines = [
            f"Stability over {len(self.variants):,} variants that could as well have been asked:",
            f"  {steady:,} of {len(named):,} named stay in at least 95% of variants.",
            f"  {unsure:,} are borderline: named in fewer than 80%.",
            f"  {near:,} practices that are not named would be in at least 20%.",
        ]
        lines += [
            f"  {row['org_code']}: {100 * row['share']:.0f}%." for row in named.to_dict("records")
        ]
        lines += [f"  Not tried: {each}." for each in self.skipped]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Say how many practices and variants."""
        return f"<Stability: {len(self.table):,} practices, {len(self.variants):,} variants>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"
