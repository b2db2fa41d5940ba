"""Reading flags back: their sides and words as arrays, for detectors made of detectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from phm_diabetes.outliers.answers import CANNOT_TELL, HOLDS, NOT_KNOWN, Answers
from phm_diabetes.outliers.steady import LIKELY_HOLDS, MAY_CHANGE
from phm_diabetes.schemas.comparisons import ROUNDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    Sides: TypeAlias = NDArray[np.int8]

__all__ = ["NO_SIDE", "answers_in", "sides_in", "steadied", "words_in"]

NO_SIDE = 3
"""Flagged, and on neither side."""

_SIDE_OF = {"": NO_SIDE, "high": 1, "low": -1}


def sides_in(flags: pd.DataFrame) -> Sides:
    """Return -1 or 1 for flagged on a side, `NO_SIDE`, 0 for not flagged, or `NOT_KNOWN`.

    Examples
    --------
    >>> import pandas as pd
    >>> sides_in(pd.DataFrame({
    ...     "flagged": pd.array([True, False, None], dtype="boolean"),
    ...     "direction": pd.Categorical(["low", "", ""]),
    ... })).tolist()
    [-1, 0, 2]
    """
    flagged = flags["flagged"].to_numpy(dtype=bool, na_value=False)
    known = flags["flagged"].notna().to_numpy()
    side = flags["direction"].astype(object).map(_SIDE_OF).to_numpy(dtype=np.int8)
    return np.where(known, np.where(flagged, side, 0), NOT_KNOWN).astype(np.int8)


def answers_in(flags: pd.DataFrame) -> Answers:
    """Return the answers that a Flags table holds, free to be changed.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers import RobustZ
    >>> flags = RobustZ()(phm.estimate(phm.load(demo.registers(), period="2022-23").table))
    >>> again = answers_in(flags).as_flags(flags, flags["detector"].iloc[0])
    >>> bool((again["flagged"] == flags["flagged"]).all())
    True
    """
    side = sides_in(flags)
    beside = flags["flagged_unadjusted"]
    score = flags["score_unadjusted"].to_numpy(dtype="float64", copy=True)
    flagged = np.where(beside.to_numpy(dtype=bool, na_value=False), np.where(score < 0, -1, 1), 0)
    return Answers(
        side=np.where(side == NO_SIDE, 0, side).astype(np.int8),
        flagged=(np.abs(side) == 1) | (side == NO_SIDE),
        score=flags["score"].to_numpy(dtype="float64", copy=True),
        threshold=flags["threshold"].to_numpy(dtype="float64", copy=True),
        p_value=flags["p_value"].to_numpy(dtype="float64", copy=True),
        why=flags["why"].astype(object).to_numpy(copy=True),
        caveat=flags["caveat"].astype(object).to_numpy(copy=True),
        rounding=words_in(flags),
        side_unadjusted=np.where(beside.isna(), NOT_KNOWN, flagged).astype(np.int8),
        score_unadjusted=score,
    )


def words_in(flags: pd.DataFrame) -> NDArray[np.int8]:
    """Return the place in ``ROUNDING_WORDS`` of each flag's word.

    Examples
    --------
    >>> import pandas as pd
    >>> words_in(pd.DataFrame({"rounding": pd.Categorical(["may change"])}))
    array([2], dtype=int8)
    """
    words = flags["rounding"].astype(object).map(ROUNDING_WORDS.index)
    return words.to_numpy(dtype=np.int64).astype(np.int8)


def steadied(
    decide: Callable[[Sides], Sides], sides: Sides, words: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Return the surest word under which a decision stays as it is.

    Parameters
    ----------
    decide : callable
        Takes sides and returns those decided.
    sides
        What it decides from.
    words
        Place of the rounding word of each.

    Returns
    -------
    ndarray of int8
        The surest word such that, were every less sure part not known, the decision would be the
        same: what one sure flag settles, an unsure one beside it cannot unsettle.

    Examples
    --------
    >>> any_of_two = lambda sides: sides.max(axis=0, where=sides != NOT_KNOWN, initial=0)
    >>> sides = np.array([[1], [1]], dtype=np.int8)
    >>> steadied(any_of_two, sides, np.array([[HOLDS], [MAY_CHANGE]])).tolist() == [HOLDS]
    True
    """
    decided = decide(sides)
    found = np.full(decided.shape, CANNOT_TELL, dtype=np.int8)
    for word in (MAY_CHANGE, LIKELY_HOLDS, HOLDS):
        sure = np.where(words <= word, sides, NOT_KNOWN).astype(np.int8)
        found[decide(sure) == decided] = word
    found[decided == NOT_KNOWN] = CANNOT_TELL
    return found
