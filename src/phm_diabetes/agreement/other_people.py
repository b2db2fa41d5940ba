"""Other people: gaps between two sources that lie in who is counted, or in care itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.agreement.evidence import ALIKE, Explanation

if TYPE_CHECKING:
    from phm_diabetes.agreement.evidence import Evidence

__all__ = ["OF_PEOPLE_OR_CARE"]

_STEADY = 0.05
_APART = 3.0


def _register_differs(seen: Evidence) -> Explanation | None:
    """Weigh denominators that differ by more than dates and participation would make them."""
    where, known = seen.other_register, ~np.isnan(seen.gap)
    if not (where & known).any():
        return None
    whole = seen.low_denominator[known].sum() / seen.high_denominator[known].sum()
    return Explanation(
        name="register differs",
        family="people",
        reach=seen.of_register,
        fit=float(where[known].mean()),
        evidence=(
            f"{where.sum():,} of {len(where):,} practices have a register in {seen.low_name} "
            f"outside {ALIKE[0]:.2f} to {ALIKE[1]:.2f} of that in {seen.high_name} (all: "
            f"{whole:.2f}); with one register for both, {seen.of_register:.0%} of the gap would go."
        ),
        ask="Who is on one register and not on the other: ages, dates, codes that resolve it?",
        practices=seen.named(where),
    )


def _list_change(seen: Evidence) -> Explanation | None:
    """Weigh a gap in practices whose list grew or shrank faster than is usual."""
    change = np.array([seen.list_changes.get(str(code), np.nan) for code in seen.codes])
    where = (np.abs(change) > _STEADY) & (seen.gap > _APART)
    if not where.any():
        return None
    return Explanation(
        name="list change",
        family="people",
        reach=seen.reach(where),
        fit=float(where.sum() / max((seen.gap > _APART).sum(), 1)),
        evidence=(
            f"{where.sum():,} of the {int((seen.gap > _APART).sum()):,} practices with a gap had "
            f"a list that changed by more than {_STEADY:.0%} in a year."
        ),
        ask="Did a merger, a closure nearby or a cleaned list move people during the period?",
        practices=seen.named(where),
    )


def _true_gap(seen: Evidence) -> Explanation | None:
    """Weigh whether the other source, and further processes, fall short of their norms too."""
    if seen.shared is None or seen.shared <= 0:
        return None
    return Explanation(
        name="true gap in care",
        family="care",
        reach=1.0,
        fit=seen.shared,
        evidence=f"{' '.join(seen.norms)} {seen.shared:.0%} of the shortfall is shared.",
        ask="Who was not seen, and what would have let them be seen?",
        practices=seen.named(~np.isnan(seen.low)),
    )


OF_PEOPLE_OR_CARE = (_register_differs, _list_change, _true_gap)
"""In the order of what is asked first."""
