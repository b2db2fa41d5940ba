"""WorstDecile: units among the worst tenth of their peers, and those that stay there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen, validators

from phm_diabetes.outliers.answers import SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.families import families_of
from phm_diabetes.outliers.peers import LEAST_PEERS, as_values
from phm_diabetes.outliers.persisting import lasting
from phm_diabetes.outliers.steady import steadiness
from phm_diabetes.outliers.units import units_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.steady import SideAt
    from phm_diabetes.schemas.flags import Flags

__all__ = ["WorstDecile"]

_NO_WORSE = "neither way is worse for this measure"


@frozen(kw_only=True)
class WorstDecile:
    """Flag units among the worst tenth of their peers, in each of several periods in a row.

    A tenth of units are always there; who stays there is what tells something. Small units go in
    and out by chance more often than large ones.

    Parameters
    ----------
    persistent
        Like periods in a row, the latest among them; 1 for a single period.
    share
        Share of the units with a figure.
    allow_mixed
        A reason that allows a series to go on under another definition; it becomes a caveat.
    measures
        Cards, which say which way is worse; ``None`` for the installed areas.

    Raises
    ------
    UnlikeError
        When it is called on periods that are not alike, and asked for several.

    Notes
    -----
    Units that tie are in together or out together, so that a tie never makes it more than a tenth.
    ``score`` is the share of peers that are less bad (below zero where low is worse), or the number
    of periods in a row where several are asked for. Fewer than 10 peers tell nothing.
    Money and repeat events need ``numerator_ss``: without it they are not flagged.

    References
    ----------
    OpenPrescribing, alerts: practices in the worst tenth for a number of months, function
    ``worst_performing_in_period`` of its code.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers import WorstDecile
    >>> print(WorstDecile(persistent=3))
    WorstDecile: the worst 10% of units, 3 periods in a row
    """

    persistent: int = field(default=1, validator=validators.ge(1))
    share: float = field(default=0.1, validator=[validators.gt(0), validators.lt(1)])
    allow_mixed: str | None = None
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        """Return the estimates, in their order, each with its flag."""
        now = self._now(estimates)
        if self.persistent == 1:
            return now
        return lasting(
            now,
            periods=self.persistent,
            name=str(self),
            allow_mixed=self.allow_mixed,
            measures=self.measures,
        )

    def _now(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        table = checked(Estimates, estimates, what="estimates")
        units = units_of(table)
        answers = unanswered(len(table), units.not_among_peers)
        for family in families_of(table, self.measures):
            answers.put(family.rows, caveat=family.caveat)
            rows = family.rows[units.not_among_peers[family.rows] == ""]
            if not family.card.is_directed:
                answers.put(rows, why=_NO_WORSE)
                continue
            if len(rows) < LEAST_PEERS:
                words = f"{len(rows)} units have a figure, and peers are at least {LEAST_PEERS}"
                answers.put(rows, why=words)
                continue
            worse = -1 if family.card.polarity == "higher" else 1
            badness = worse * units.value[rows]
            as_bad = _as_bad(badness, badness, badness)
            side = self._side(as_bad, len(rows), worse)
            answers.put(
                rows,
                side=side,
                score=worse * (1 - as_bad / len(rows)),
                threshold=1 - self.share,
                why=f"{SPECIAL_CAUSE}: among the worst {100 * self.share:g}% of units",
                rounding=steadiness(
                    self._side_at(family.card, badness, worse), family.card, units, rows, side
                ),
            )
        return answers.as_flags(table, self)

    def _side(self, as_bad: FloatArray, peers: int, worse: int) -> NDArray[np.int8]:
        # 0.1 of 30 units are 3, whatever binary fractions say.
        return np.where(as_bad <= self.share * peers * (1 + 1e-12), worse, 0).astype(np.int8)

    def _side_at(self, card: Measure, badness: FloatArray, worse: int) -> SideAt:
        def side_at(x: FloatArray, n: FloatArray, spot: NDArray[np.intp]) -> NDArray[np.int8]:
            moved = worse * as_values(card, x, n)
            return self._side(_as_bad(moved, badness, badness[spot]), len(badness), worse)

        return side_at

    def __str__(self) -> str:
        """Say the settings in one line."""
        lasting_for = f", {self.persistent} periods in a row" if self.persistent > 1 else ""
        return f"WorstDecile: the worst {100 * self.share:g}% of units{lasting_for}"


def _as_bad(value: FloatArray, peers: FloatArray, own: FloatArray) -> FloatArray:
    """Return how many units are as bad as a value or worse, the unit moved there among them."""
    others = len(peers) - np.searchsorted(np.sort(peers), value, side="left") - (own >= value)
    return (others + 1).astype(np.float64)
