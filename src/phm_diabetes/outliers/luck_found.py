"""Luck: how many a rule found, beside how many it would find if no practice differed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["NULLS", "Luck"]

NULLS = {
    "a": "every practice at the comparator's value",
    "b": "every practice at the pooled value of its Place",
    "c": "practices around the comparator's value as widely as England's differ",
}
_ONLY_B = (
    "Only (b) bears on which practice to visit: it asks whether these practices differ from one "
    "another. Where all are alike and below, (a) is small and (b) is not."
)


@frozen(kw_only=True, eq=False, repr=False)
class Luck:
    """The answer of :func:`phm_diabetes.expected_by_luck`.

    Parameters
    ----------
    table
        One row a rule, null and assumption on the measures: practices ``found``, ``expected`` on
        average, ``lower`` and ``upper`` of 95% of simulations, and ``chance`` of at least as many
        as were found.
    simulations, seed
        How many, and from which seed.
    nulls
        Each null in words.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"rule": ["both"], "null": ["a"], "measures": ["independent"],
    ...     "found": [5], "expected": [0.4], "lower": [0], "upper": [2], "chance": [0.001]})
    >>> print(str(Luck(table=table, simulations=2000, seed=0, nulls=NULLS)).splitlines()[2])
        (a) measures independent: 0.4 expected (0 to 2); at least 5 in 0.1% of simulations.
    """

    table: pd.DataFrame
    simulations: int
    seed: int
    nulls: Mapping[str, str]

    def __str__(self) -> str:
        """Say found beside expected, rule by rule, under each null."""
        lines = [
            (
                f"Expected by luck, from {self.simulations:,} simulations (seed {self.seed}), with "
                "the real denominators and rounding:"
            )
        ]
        for rule, rows in self.table.groupby("rule", sort=False):
            lines.append(f"  {rule}: {int(rows['found'].iloc[0]):,} practices found.")
            lines += [
                f"    ({row['null']}) measures {row['measures']}: {row['expected']:.1f} expected "
                f"({row['lower']:,} to {row['upper']:,}); at least {row['found']:,} in "
                f"{_percent(row['chance'])} of simulations."
                for row in rows.to_dict("records")
            ]
        used = self.table["null"].unique()
        lines += [f"  ({null}) {words}." for null, words in self.nulls.items() if null in used]
        lines.append(f"  {_ONLY_B}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Say how many rules."""
        return f"<Luck: {self.table['rule'].nunique():,} rules, {self.simulations:,} simulations>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%" if share >= 0.001 else "under 0.1%"  # noqa: PLR2004 - as printed
