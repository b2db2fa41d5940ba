"""Egress on an engine: a policy applied before a figure leaves it, as `egress` does to blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from phm_diabetes.records.egress import HIDDEN
from phm_diabetes.records.engine_steps import first_of, whole

if TYPE_CHECKING:
    from phm_diabetes.model.policies import Policy

__all__ = ["hidden_by", "let_out_of", "rounded_by"]


def hidden_by(policy: Policy, *, rows: nw.Expr, people: nw.Expr) -> nw.Expr:
    """Return whether the policy hides a side of a cell, judged on the lesser of people and rows.

    Parameters
    ----------
    policy
        The rule of the place where the records lie.
    rows, people
        Behind the side, unrounded.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.model.policies import SMALL_NUMBERS
    >>> cells = nw.from_native(pl.DataFrame({"rows": [9, 9, 0], "people": [3, 8, 0]}))
    >>> hides = hidden_by(SMALL_NUMBERS, rows=nw.col("rows"), people=nw.col("people"))
    >>> cells.select(hidden=hides)["hidden"].to_list()
    [True, False, False]
    """
    least = first_of([(rows <= people, rows)], people)
    return (least > 0) & (least <= policy.hide_up_to)


def rounded_by(policy: Policy, count: nw.Expr) -> nw.Expr:
    """Return a count of rows or of people as the policy rounds it, half up.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.model.policies import SMALL_NUMBERS
    >>> cells = nw.from_native(pl.DataFrame({"rows": [12, 13, 1_234]}))
    >>> cells.select(shown=rounded_by(SMALL_NUMBERS, nw.col("rows")))["shown"].to_list()
    [10, 15, 1235]
    """
    return policy.rounded(count).cast(nw.Int64)  # an engine may divide into fractions


def let_out_of(hidden: nw.Expr, figure: nw.Expr) -> nw.Expr:
    """Return a figure, or what stands for one that is hidden.

    Examples
    --------
    >>> import polars as pl
    >>> cells = nw.from_native(pl.DataFrame({"few": [True, False], "rows": [3, 40]}))
    >>> cells.select(shown=let_out_of(nw.col("few"), nw.col("rows")))["shown"].to_list()
    [-1, 40]
    """
    return first_of([(hidden, whole(HIDDEN))], figure)
