"""Grading: how far two sources agree, by a stated rule, and what rounding could change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["GRADES", "LIMITS", "Agreement", "BlandAltman", "agreement_of", "bland_altman"]

GRADES = ("validated", "explained", "loose", "none")
LIMITS = {"pooled": 3.0, "gate": 3.0, "practice": 5.0}
"""How far apart counts as agreeing [percentage points]."""
SHARES = {"gate": 0.8, "practice": 0.7}
"""Of how many PCNs and practices that must hold."""
_SLACK = 1e-9  # 3 points are within 3 points, whatever floating point makes of them


@frozen(kw_only=True)
class Agreement:
    """How many agree: as published, at the worst and at the best that hidden counts allow.

    Parameters
    ----------
    pooled
        Whether the pooled figures lie within their limit: at worst, as published, at best.
    gate, practice
        How many organisations do, likewise.
    gates, practices
        Of how many.

    Examples
    --------
    >>> Agreement(pooled=(True,) * 3, gate=(4, 4, 4), practice=(6, 7, 8), gates=5,
    ...           practices=10).grade
    'validated'
    """

    pooled: tuple[bool, bool, bool]
    gate: tuple[int, int, int]
    practice: tuple[int, int, int]
    gates: int
    practices: int

    def _grade(self, spot: int) -> str:
        if not self.pooled[spot]:
            return "none"
        by_gate = self.gates > 0 and self.gate[spot] >= SHARES["gate"] * self.gates - _SLACK
        enough = SHARES["practice"] * self.practices - _SLACK
        return "validated" if by_gate and self.practice[spot] >= enough else "loose"

    @property
    def grade(self) -> str:
        """``validated``, ``loose`` or ``none``, as published."""
        return self._grade(1)

    @property
    def possible(self) -> tuple[str, ...]:
        """Every grade that hidden and rounded counts allow, the best first."""
        spots = sorted({GRADES.index(self._grade(spot)) for spot in range(3)})
        return tuple(GRADES[spot] for spot in spots)


@frozen(kw_only=True)
class BlandAltman:
    """Bland and Altman's summary of the practices' differences [percentage points].

    Parameters
    ----------
    mean, deviation
        Of the differences, each practice counted once.
    lower, upper
        The mean less and plus 1.96 standard deviations.
    practices
        How many have a figure in both sources.

    Examples
    --------
    >>> BlandAltman(mean=-2.0, deviation=1.0, lower=-3.96, upper=-0.04, practices=9).practices
    9
    """

    mean: float
    deviation: float
    lower: float
    upper: float
    practices: int


def agreement_of(pooled: pd.DataFrame, gate: pd.DataFrame, practices: pd.DataFrame) -> Agreement:
    """Count who agrees, at the worst, as published and at the best.

    Parameters
    ----------
    pooled, gate, practices
        Tables of :func:`~phm_diabetes.agreement.pairing.paired`.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"difference": [-4.0], "difference_least": [-4.5],
    ...                     "difference_most": [-2.5]})
    >>> agreement_of(one, one, one).possible
    ('validated', 'none')
    """
    worst, published, best = (bool(count) for count in _within(pooled, LIMITS["pooled"]))
    return Agreement(
        pooled=(worst, published, best),
        gate=_within(gate, LIMITS["gate"]),
        practice=_within(practices, LIMITS["practice"]),
        gates=len(gate),
        practices=len(practices),
    )


def _within(table: pd.DataFrame, limit: float) -> tuple[int, int, int]:
    least, value, most = (
        table[name].to_numpy(np.float64)
        for name in ("difference_least", "difference", "difference_most")
    )
    limit += _SLACK
    surely = (least >= -limit) & (most <= limit)
    maybe = (least <= limit) & (most >= -limit)
    said = np.where(np.isnan(value), surely, np.abs(value) <= limit)
    return int(surely.sum()), int(said.sum()), int(maybe.sum())


def bland_altman(difference: NDArray[np.float64]) -> BlandAltman:
    """Summarise differences of practices; those without a figure are left out, and not counted.

    References
    ----------
    Bland JM, Altman DG. Statistical methods for assessing agreement between two methods of
    clinical measurement. Lancet 1986;1:307-310.

    Examples
    --------
    >>> import numpy as np
    >>> found = bland_altman(np.array([-1.0, 0.0, 1.0, np.nan]))
    >>> found.mean, found.deviation, found.lower, found.practices
    (0.0, 1.0, -1.96, 3)
    """
    known = difference[~np.isnan(difference)]
    mean = float(known.mean()) if len(known) else np.nan
    deviation = float(known.std(ddof=1)) if len(known) > 1 else np.nan
    return BlandAltman(
        mean=mean,
        deviation=deviation,
        lower=mean - 1.96 * deviation,
        upper=mean + 1.96 * deviation,
        practices=len(known),
    )
