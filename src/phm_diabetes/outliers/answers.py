"""Answers: what a detector finds of each row, and the Flags table they are written into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.schemas.comparisons import ROUNDING_WORDS
from phm_diabetes.schemas.flags import DIRECTIONS
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.schemas.flags import Flags

__all__ = [
    "CANNOT_TELL",
    "HOLDS",
    "NOT_KNOWN",
    "SPECIAL_CAUSE",
    "Answers",
    "as_words",
    "unanswered",
]

NOT_KNOWN = 2
"""A side that cannot be told; otherwise -1 low, 0 not flagged, 1 high."""

HOLDS = ROUNDING_WORDS.index("holds")
CANNOT_TELL = ROUNDING_WORDS.index("cannot tell")
SPECIAL_CAUSE = "special cause to look into"


@frozen(kw_only=True, eq=False)
class Answers:
    """One answer a row; the arrays are filled in by :meth:`put`.

    Parameters
    ----------
    side
        -1 flagged low, 1 flagged high, 0 not flagged, `NOT_KNOWN`.
    flagged
        Whether flagged, on a side or on none.
    score, threshold, p_value
        As the columns of `Flags`.
    why, caveat
        Words.
    rounding
        Places in ``ROUNDING_WORDS``.
    side_unadjusted, score_unadjusted
        The same had no over-dispersion been allowed for.

    Examples
    --------
    >>> answers = unanswered(2, np.array(["", ""], dtype=object))
    >>> answers.put(np.array([1]), side=np.array([-1]))
    >>> answers.side.tolist(), answers.flagged.tolist()
    ([2, -1], [False, True])
    """

    side: NDArray[np.int8]
    flagged: NDArray[np.bool_]
    score: FloatArray
    threshold: FloatArray
    p_value: FloatArray
    why: NDArray[np.object_]
    caveat: NDArray[np.object_]
    rounding: NDArray[np.int8]
    side_unadjusted: NDArray[np.int8]
    score_unadjusted: FloatArray

    def put(self, rows: NDArray[np.intp], **found: Any) -> None:  # noqa: ANN401 - arrays or one value
        """Fill in what was found of some rows; flagged follows from the side unless given."""
        if "side" in found and "flagged" not in found:
            found["flagged"] = np.abs(found["side"]) == 1
        for name, values in found.items():
            getattr(self, name)[rows] = values

    def as_flags(self, table: pd.DataFrame, detector: object) -> DataFrame[Flags]:
        """Return the table with the answers beside it, in its order."""
        known = self.side != NOT_KNOWN
        beside = self.side_unadjusted
        rounding = np.where(known, self.rounding, CANNOT_TELL)
        added: dict[str, Any] = {
            "detector": repeated(str(detector), len(table)),
            "flagged": pd.arrays.BooleanArray(self.flagged & known, ~known),
            "direction": worded(np.where(self.flagged & known, self.side, 0) % 3, DIRECTIONS),
            "score": np.where(known, self.score, np.nan),
            "threshold": np.where(known, self.threshold, np.nan),
            "p_value": np.where(known, self.p_value, np.nan),
            "why": as_words(np.where(self.flagged | ~known, self.why, "")),
            "rounding": worded(rounding, ROUNDING_WORDS),
            "caveat": as_words(self.caveat),
            "flagged_unadjusted": pd.arrays.BooleanArray(np.abs(beside) == 1, beside == NOT_KNOWN),
            "score_unadjusted": self.score_unadjusted,
        }
        return cast("DataFrame[Flags]", table.assign(**added))


def unanswered(size: int, why: NDArray[np.object_]) -> Answers:
    """Return answers that tell nothing yet.

    Parameters
    ----------
    size
        Number of rows.
    why
        Why each cannot be told.

    Examples
    --------
    >>> unanswered(2, np.array(["", ""], dtype=object)).side.tolist()
    [2, 2]
    """
    return Answers(
        side=np.full(size, NOT_KNOWN, dtype=np.int8),
        flagged=np.zeros(size, dtype=bool),
        score=np.full(size, np.nan),
        threshold=np.full(size, np.nan),
        p_value=np.full(size, np.nan),
        why=why.astype(object),
        caveat=np.full(size, "", dtype=object),
        rounding=np.full(size, HOLDS, dtype=np.int8),
        side_unadjusted=np.full(size, NOT_KNOWN, dtype=np.int8),
        score_unadjusted=np.full(size, np.nan),
    )


def as_words(texts: NDArray[np.object_]) -> pd.Categorical[str]:
    """Return texts as categories.

    Examples
    --------
    >>> list(as_words(np.array(["b", "", "b"], dtype=object)).categories)
    ['b', '']
    """
    codes, words = pd.factorize(np.asarray(texts, dtype=object))
    return worded(codes, [str(word) for word in words])
