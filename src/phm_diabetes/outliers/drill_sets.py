"""Drills combined: whom two name, either names, or one names and the other does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.attaching import quality_together

if TYPE_CHECKING:
    from phm_diabetes.geography import Geography
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.quality.attaching import Quality

__all__ = ["DrillSet", "Joining"]

Joining = Literal["and", "or", "without"]
_WORDS: dict[Joining, str] = {
    "and": "on both",
    "or": "on either or both",
    "without": "on the first and not on the second",
}


@frozen(kw_only=True, eq=False, repr=False)
class DrillSet:
    """What ``&``, ``|`` and ``-`` between drills give; every path to a practice is kept.

    Parameters
    ----------
    how
        ``"and"``, ``"or"`` or ``"without"``.
    left, right
        Drills, or drills combined.

    Raises
    ------
    OptionError
        When the drills pass through different levels.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> options = dict(geo=demo.england_geography(), rule="all", above="point",
    ...                england="sum_of_practices")
    >>> copd, asthma = (
    ...     phm.drill(table, measures=[name], **options)
    ...     for name in ("copd.register", "ast.register"))
    >>> both = copd & asthma
    >>> both.found == set(copd.reading.found) & set(asthma.reading.found)
    True
    """

    how: Joining
    left: Drill | DrillSet
    right: Drill | DrillSet

    def __attrs_post_init__(self) -> None:
        """Refuse gates of two kinds, whose counts could not be put in one sentence."""
        levels = {leaf.via for leaf in self.leaves}
        if len(levels) > 1:
            message = (
                f"The drills pass through {' and '.join(sorted(levels))}. Combine drills of one "
                "via=."
            )
            raise OptionError(message)

    @property
    def leaves(self) -> tuple[Drill, ...]:
        """The drills, each once, in the order written."""
        every = (*self.left.leaves, *self.right.leaves)
        return tuple({id(leaf): leaf for leaf in every}.values())

    @property
    def found(self) -> frozenset[str]:
        """The practices named."""
        if self.how == "and":
            return self.left.found & self.right.found
        if self.how == "or":
            return self.left.found | self.right.found
        return self.left.found - self.right.found

    @property
    def in_words(self) -> str:
        """What joins the drills, such as ``"on both"``."""
        return _WORDS[self.how]

    @property
    def geo(self) -> Geography:
        """The geography of the first drill."""
        return self.leaves[0].geo

    @property
    def paths(self) -> pd.DataFrame:
        """One row a practice named and a drill that found it, with its organisation at the gate."""
        rows = [
            {"org_code": str(code), "via_code": str(parent), "asked": leaf.asked}
            for leaf in self.leaves
            for code, parent in zip(
                leaf.placed["org_code"], leaf.placed["parent_code"], strict=True
            )
            if code in self.found and code in leaf.found and parent in leaf.reading.parents
        ]
        table = pd.DataFrame(rows, columns=["org_code", "via_code", "asked"])
        return table.sort_values(["via_code", "org_code", "asked"], ignore_index=True)

    @property
    def counts(self) -> tuple[int, int]:
        """How many organisations at the gate lead to a practice named, and how many practices."""
        return len(self.paths["via_code"].unique()), len(self.found)

    def explain(self, org_code: str) -> str:
        """Return the working of every drill for one organisation."""
        named = "Named" if org_code in self.found else "Not named"
        parts = [leaf.explain(org_code) for leaf in self.leaves]
        return "\n".join([f"{org_code}: {named} {self.in_words}.", *parts])

    def __and__(self, other: Drill | DrillSet) -> DrillSet:
        """Whom both name."""
        return DrillSet(how="and", left=self, right=other)

    def __or__(self, other: Drill | DrillSet) -> DrillSet:
        """Whom either names."""
        return DrillSet(how="or", left=self, right=other)

    def __sub__(self, other: Drill | DrillSet) -> DrillSet:
        """Whom this names and the other does not."""
        return DrillSet(how="without", left=self, right=other)

    @property
    def quality(self) -> Quality | None:
        """Coverage and problems of the counts under every drill."""
        return quality_together(leaf.quality for leaf in self.leaves)

    @property
    def headline(self) -> str:
        """The counts at both levels in one line."""
        return f"{self.leaves[0].counted(self.counts)}, {self.in_words}."

    def __str__(self) -> str:
        """Say the counts at both levels, then those of each drill, and what they rest on."""
        lines = [each.headline for each in self.leaves]
        lines += [] if self.quality is None else self.quality.lines
        return "\n".join([self.headline, *(f"  {line}" for line in lines)])

    def __repr__(self) -> str:
        """Say the first line."""
        return f"<DrillSet: {self.headline}>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"
