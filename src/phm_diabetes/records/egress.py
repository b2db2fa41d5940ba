"""Egress: what a policy lets out of the place where the records lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.records.measures import Total

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.measures import Counted

    Ints = NDArray[np.int64]

__all__ = ["HIDDEN", "let_out", "refuse_squares", "squares_let_out"]

HIDDEN = -1
"""Stands for a figure that the policy hides."""

_MOST_SQUARES = 4e18  # whole numbers of 64 bits end at 9.2e18


def let_out(
    side: Counted, value: Ints, rows: Ints, people: Ints, policy: Policy
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Return the figures of one side of a measure as the policy lets them out.

    A cell is judged on the lesser of its people and its rows. Money is never rounded: it is no
    count of people, and its cell is hidden where there are few of them.

    Parameters
    ----------
    side
        What was counted.
    value, rows, people
        By cell, shape ``(n,)``.
    policy
        The rule of the place where the records lie.

    Returns
    -------
    value, rows : ndarray of int64
        `HIDDEN` where hidden.
    hidden : ndarray of bool

    Examples
    --------
    >>> from phm_diabetes.model.policies import SMALL_NUMBERS
    >>> from phm_diabetes.records.measures import Rows
    >>> few, many = np.array([3, 12]), np.array([9, 12])
    >>> let_out(Rows(), many, many, few, SMALL_NUMBERS)[0].tolist()
    [-1, 10]
    """
    least = np.minimum(rows, people)
    hidden = (least > 0) & (least <= policy.hide_up_to)
    out = value if isinstance(side, Total) else policy.rounded(value)
    return (
        np.where(hidden, HIDDEN, out),
        np.where(hidden, HIDDEN, policy.rounded(rows)),
        hidden,
    )


def squares_let_out(
    side: Counted, squares: NDArray[np.float64], hidden: NDArray[np.bool_], policy: Policy
) -> Ints:
    """Return sums of squares as the policy lets them out.

    Where each person has one row the sum of squares is their number: it is rounded as counts are.

    Parameters
    ----------
    side
        What was counted.
    squares
        Sum over people of the square of each one's part, shape ``(n,)``.
    hidden
        Cells that are hidden.
    policy
        The rule of the place where the records lie.

    Raises
    ------
    OptionError
        When a sum is too large, as where the unit of a column is another than it says.

    Examples
    --------
    >>> from phm_diabetes.model.policies import SMALL_NUMBERS
    >>> from phm_diabetes.records.measures import Rows, Total
    >>> squares, shown = np.array([12.0]), np.array([False])
    >>> [int(squares_let_out(side, squares, shown, SMALL_NUMBERS)[0]) for side in (Rows(), Total())]
    [10, 12]
    """
    refuse_squares(squares)
    whole = np.rint(squares).astype(np.int64)
    out = whole if isinstance(side, Total) else policy.rounded(whole)
    return np.where(hidden, HIDDEN, out)


def refuse_squares(squares: NDArray[np.float64]) -> None:
    """Refuse sums of squares that whole numbers of 64 bits do not hold.

    Raises
    ------
    OptionError
        When there is one.

    Examples
    --------
    >>> refuse_squares(np.array([1e12]))
    """
    if len(squares) and squares.max() > _MOST_SQUARES:
        message = (
            "One person's part of a total is more than can be squared. Check the unit of the "
            "column, or pass clustered=False to the measure."
        )
        raise OptionError(message)
