"""Signatures: what a gap between two sources looks like when it is one of recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from phm_diabetes.agreement.evidence import Explanation

if TYPE_CHECKING:
    import pandas as pd

    from phm_diabetes.agreement.evidence import Evidence

__all__ = ["OF_RECORDING"]

_APART = 3.0  # points: the limit of the grade's pooled rule
_MOST = 0.8  # the grade's share of PCNs, of practices here
_NEAR_ZERO = 0.1  # of the other source's figure
_FEWEST = 2


def _scheme_displacement(seen: Evidence) -> Explanation | None:
    """Weigh whether work stands in the local scheme and not in the other source."""
    where = (seen.gap > _APART) & seen.same_people
    if not seen.local_scheme or not where.any():
        return None
    share = float(where.mean())
    fit = min(1.0, share / _MOST) * seen.of_recording
    return Explanation(
        name="scheme displacement",
        family="coding",
        reach=seen.reach(where),
        fit=fit,
        evidence=(
            f"{where.sum():,} of {len(where):,} practices record more in {seen.high_name}, a "
            f"local scheme, than in {seen.low_name}, on alike registers."
        ),
        ask=(
            f"Do you record this work in the template of {seen.high_name}, and does that template "
            f"write the codes that {seen.low_name} counts?"
        ),
        practices=seen.named(where),
    )


def _one_code_cluster_missing(seen: Evidence) -> Explanation | None:
    """Weigh one part of the measure nearly absent, and the others as in the other source."""
    known = {name: ends for name, ends in seen.parts.items() if not np.isnan(ends).any()}
    gone = [
        name for name, (low, high) in known.items() if high > _APART and low < _NEAR_ZERO * high
    ]
    alike = [name for name, (low, high) in known.items() if abs(low - high) <= _APART]
    if len(gone) != 1 or len(known) < _FEWEST:
        return None
    where = seen.gap > _APART
    low, high = known[gone[0]]
    return Explanation(
        name="one code cluster missing",
        family="coding",
        reach=seen.reach(where),
        fit=len(alike) / (len(known) - 1) * seen.of_recording,
        evidence=(
            f"{gone[0]} is {low:.1f}% in {seen.low_name} and {high:.1f}% in {seen.high_name}; "
            f"{len(alike):,} of the {len(known) - 1:,} other parts lie within {_APART:g} points."
        ),
        ask=f"Which codes do you use for {gone[0]}, and are they in the extract's code list?",
        practices=seen.named(where),
    )


def _step_change(seen: Evidence) -> Explanation | None:
    """Weigh a fall of the lower source from one period to the next that the other does not show."""
    own = seen.earlier.get("low")
    if own is None or len(own) < _FEWEST:
        return None
    falls = -own.diff().dropna()
    other = seen.earlier.get("high")
    together = other is not None and len(other) == len(own)
    beside = -other.diff().dropna() if other is not None and together else 0 * falls
    only = falls - np.clip(beside.to_numpy(), 0, None)
    now = float(np.nansum(seen.people) / max(np.nansum(seen.low_denominator), 1) * 100)
    spot = int(np.argmax(only.to_numpy()))
    day = cast("pd.Timestamp", only.index[spot])
    if only.max() <= _APART or now <= 0:
        return None
    where = seen.gap > _APART
    return Explanation(
        name="step change at a date",
        family="coding",
        reach=seen.reach(where),
        fit=min(1.0, float(only.max()) / now) * seen.of_recording,
        evidence=(
            f"{seen.low_name} fell by {falls.iloc[spot]:.1f} points in the period that ended on "
            f"{day:%Y-%m-%d}"
            + _beside(seen.high_name, float(beside.iloc[spot]), known=together)
            + "."
        ),
        ask=f"What changed in recording, templates or the clinical system before {day:%Y-%m-%d}?",
        practices=seen.named(where),
    )


def _beside(name: str, fall: float, *, known: bool) -> str:
    if not known:
        return f"; {name} has no earlier periods to set beside it"
    return f", while {name} changed by {-fall:+.1f}"


def _one_clinical_system(seen: Evidence) -> Explanation | None:
    """Weigh a gap among practices of one clinical system, and not among the others."""
    system = np.array([seen.systems.get(str(code), "") for code in seen.codes], dtype=object)
    names = sorted({name for name in system if name})
    if len(names) < _FEWEST:
        return None
    middle = {name: float(np.nanmedian(seen.gap[system == name])) for name in names}
    apart = [name for name in names if middle[name] > _APART]
    if len(apart) != 1:
        return None
    where = (system == apart[0]) & (seen.gap > _APART)
    others = "; ".join(f"{name} {middle[name]:.1f}" for name in names if name != apart[0])
    held = float((seen.gap[system == apart[0]] > _APART).mean())
    return Explanation(
        name="one clinical system",
        family="coding",
        reach=seen.reach(where),
        fit=held * seen.of_recording,
        evidence=(
            f"Practices on {apart[0]} lie {middle[apart[0]]:.1f} points lower in {seen.low_name} "
            f"(median), those on others do not ({others})."
        ),
        ask=f"Does the extract from {apart[0]} read the codes that your template writes?",
        practices=seen.named(where),
    )


def _near_zero(seen: Evidence) -> Explanation | None:
    """Weigh hardly anything recorded for a register as large as in the other source."""
    where = (seen.low <= _NEAR_ZERO * seen.high) & (seen.gap > _APART) & seen.same_people
    if not where.any():
        return None
    return Explanation(
        name="near zero with a normal register",
        family="coding",
        reach=seen.reach(where),
        fit=seen.of_recording,
        evidence=(
            f"{where.sum():,} of {len(where):,} practices record less than a tenth in "
            f"{seen.low_name} of what {seen.high_name} has, on alike registers."
        ),
        ask="Is this work recorded at all in coded form, or in free text or letters?",
        practices=seen.named(where),
    )


def _whole_place_shift(seen: Evidence) -> Explanation | None:
    """Weigh nearly every practice lower by about as much, as none alone would make it."""
    where = seen.gap > _APART
    share = float(where.mean()) if len(where) else 0.0
    if share < _MOST:
        return None
    middle = float(np.nanmedian(seen.gap))
    spread = float(np.nanmedian(np.abs(seen.gap - middle)))
    return Explanation(
        name="whole-Place shift",
        family="coding",
        reach=seen.reach(where),
        fit=float(np.clip(1 - spread / middle, 0, 1)) * seen.of_recording,
        evidence=(
            f"{where.sum():,} of {len(where):,} practices are lower in {seen.low_name}, by "
            f"{middle:.1f} points at the median (median distance from it {spread:.1f})."
        ),
        ask="Was one template, code list or contract changed for all practices of the Place?",
        practices=seen.named(where),
    )


OF_RECORDING = (
    _scheme_displacement,
    _one_code_cluster_missing,
    _step_change,
    _one_clinical_system,
    _near_zero,
    _whole_place_shift,
)
"""The one that asks for more evidence stands first."""
