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
    >>> from phm_diabetes.model.policies import SMALL_NUMBERS
    >>> type(hidden_by(SMALL_NUMBERS, rows=nw.col("rows"), people=nw.col("people"))).__name__
    'Expr'
    """
    least = first_of([(rows <= people, rows)], people)
    return (least > 0) & (least <= policy.hide_up_to)


def rounded_by(policy: Policy, count: nw.Expr) -> nw.Expr:
    """Return a count of rows or of people as the policy rounds it, half up.

    Examples
    --------
    >>> from phm_diabetes.model.policies import SMALL_NUMBERS
    >>> type(rounded_by(SMALL_NUMBERS, nw.col("rows"))).__name__
    'Expr'
    """
    step = policy.round_to
    if step == 1:
        return count
    return ((count * 2 + step) // (2 * step)).cast(nw.Int64) * step


def let_out_of(hidden: nw.Expr, figure: nw.Expr) -> nw.Expr:
    """Return a figure, or what stands for one that is hidden.

    Examples
    --------
    >>> type(let_out_of(nw.col("hidden"), nw.col("rows"))).__name__
    'Expr'
    """
    return first_of([(hidden, whole(HIDDEN))], figure)
