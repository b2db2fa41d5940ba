"""BelowBenchmark: units that lie beyond the comparator they were compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from attrs import field, frozen, validators

from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.outliers.answers import CANNOT_TELL, HOLDS, NOT_KNOWN, SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.flag_reading import words_in
from phm_diabetes.outliers.scales import in_errors
from phm_diabetes.outliers.steady import MAY_CHANGE
from phm_diabetes.schemas.comparisons import Comparisons
from phm_diabetes.schemas.door import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.flags import Flags

    Side: TypeAlias = Literal["below", "above", "worse"]

__all__ = ["BelowBenchmark"]

_NOT_COMPARED = "not compared: it has no comparator, or no interval"
_NO_WORSE = "neither way is worse for this measure: ask for below or above"


@frozen(kw_only=True)
class BelowBenchmark:
    """Flag units that lie below their comparator.

    It takes what :func:`phm_diabetes.compare` returns, since whom a unit is compared with is
    settled there.

    Parameters
    ----------
    by
        How far counts, a choice that has no default. ``"interval"``: the interval of the difference
        lies wholly beyond, at the confidence of the row. ``"point"``: the figure alone, which flags
        half of all units by chance.
    side
        ``"below"`` and ``"above"`` are of the figure; ``"worse"`` is the side that the measure's
        card calls worse.
    measures
        Cards; ``None`` for the installed areas.

    Notes
    -----
    ``score`` is the difference over the half of its interval that faces the comparator, flagged
    beyond 1; by the point it is the difference itself, flagged beyond 0.
    Money and repeat events need ``numerator_ss``: without it they are not flagged.

    References
    ----------
    Ours: the verdict is read off an interval, whose own function says where in its source it
    stands.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers import BelowBenchmark
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": level, "org_code": code, "period_start": "2022-04-01",
    ...          "period_end": "2023-03-31", "numerator": count, "denominator": 9000}
    ...         for level, code, count in [("practice", "Y99001", 120), ("practice", "Y99002", 185),
    ...                                    ("england", "England", 180)]]
    >>> compared = phm.compare(phm.estimate(phm.counts_from(rows)), to="england")
    >>> BelowBenchmark(by="interval")(compared)["flagged"].tolist()
    [True, False, <NA>]
    """

    by: Literal["interval", "point"] = field(validator=validators.in_(("interval", "point")))
    side: Side = field(default="below", validator=validators.in_(("below", "above", "worse")))
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, comparisons: DataFrame[Comparisons]) -> DataFrame[Flags]:
        """Return the comparisons, in their order, each with its flag."""
        table = checked(Comparisons, comparisons, what="comparisons")
        gap, lower, upper = (
            table[name].to_numpy(dtype="float64")
            for name in ("difference", "difference_lower", "difference_upper")
        )
        half = np.where(gap < 0, upper - gap, gap - lower)
        score = gap if self.by == "point" else in_errors(gap, half)
        threshold = 0.0 if self.by == "point" else 1.0
        beyond = (score > threshold).astype(np.int8) - (score < -threshold)
        wanted = self._wanted(table)
        reason = table["reason"].astype(object).to_numpy()
        told = np.isfinite(half) | ((self.by == "point") & (reason != Reason.SQUARES_MISSING.words))
        known = np.isfinite(gap) & told & (wanted != 0)
        side = np.where(known, np.where(beyond == wanted, beyond, 0), NOT_KNOWN).astype(np.int8)
        why = np.where(wanted == 0, _NO_WORSE, np.where(reason == "", _NOT_COMPARED, reason))
        answers = unanswered(len(table), why)
        rows = np.flatnonzero(known)
        word = np.where(wanted < 0, "below", "above")[rows]
        far = "" if self.by == "point" else ", and so is the interval of the difference"
        answers.put(
            rows,
            side=side[rows],
            score=score[rows],
            threshold=threshold,
            why=np.array(
                [f"{SPECIAL_CAUSE}: {each} the comparator{far}" for each in word], dtype=object
            ),
            rounding=(words_in(table) if self.by == "interval" else _at_ends(table, beyond))[rows],
        )
        answers.put(np.arange(len(table)), caveat=table["caveat"].astype(object).to_numpy())
        return answers.as_flags(table, self)

    def _wanted(self, table: pd.DataFrame) -> NDArray[np.int8]:
        """Side that is asked for in each row; 0 where the measure has no worse one."""
        cards = cards_of(table, self.measures) if self.side == "worse" else {}
        worse = {"higher": -1, "lower": 1, "neither": 0}
        named = {"below": -1, "above": 1}
        side_of = {
            str(name): worse[cards[str(name)].polarity]
            if self.side == "worse"
            else named[self.side]
            for name in table["measure"].unique()
        }
        wanted = table["measure"].astype(object).map(side_of)
        return wanted.to_numpy(dtype=np.int64).astype(np.int8)

    def __str__(self) -> str:
        """Say the settings in one line."""
        return f"BelowBenchmark: {self.side} the comparator by its {self.by}"


def _at_ends(table: pd.DataFrame, beyond: NDArray[np.int8]) -> NDArray[np.int8]:
    """Say whether a figure stays on its side at both ends of what it can be."""
    against, low, high = (
        table[name].to_numpy(dtype="float64")
        for name in ("comparator_value", "value_low", "value_high")
    )
    same = (np.sign(low - against) == beyond) & (np.sign(high - against) == beyond)
    told = np.isfinite(low) & np.isfinite(high)
    return np.where(told, np.where(same, HOLDS, MAY_CHANGE), CANNOT_TELL).astype(np.int8)
