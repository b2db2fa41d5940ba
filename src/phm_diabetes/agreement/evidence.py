"""Evidence: what explanations are weighed on, and the form of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["ALIKE", "FAMILIES", "Evidence", "Explanation"]

Family = Literal["coding", "care", "people"]
FAMILIES: tuple[Family, ...] = ("coding", "care", "people")
"""Of recording, of care, or of who is counted."""


ALIKE = (0.95, 1.10)
"""Between which one register over the other is as usual."""


@frozen(kw_only=True)
class Explanation:
    """One thing that a gap between two sources is consistent with; never its cause.

    Parameters
    ----------
    name
        Such as ``"scheme displacement"``.
    family
        ``"coding"``, ``"care"``, or ``"people"`` where the two count other people.
    reach
        Share of the gap, in people, that lies where the signature holds.
    fit
        How well it holds there, from 0 to 1; what it is made of stands in the evidence.
    evidence
        What was seen, in a sentence.
    ask
        The question to ask the practice.
    practices
        Codes of those that bear the signature.

    Examples
    --------
    >>> Explanation(name="list change", family="people", reach=0.5, fit=0.8, evidence="",
    ...             ask="").score
    0.4
    """

    name: str
    family: Family
    reach: float
    fit: float
    evidence: str
    ask: str
    practices: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """Reach times fit, to two decimals."""
        return round(self.reach * self.fit, 2)


@frozen(kw_only=True, eq=False)
class Evidence:
    """Two sources, practice by practice, the lower of the two first.

    Parameters
    ----------
    codes
        The practices.
    low, high
        Percentages in the source that is lower in all, and in the other.
    low_denominator, high_denominator
        People.
    low_numerator, high_numerator
        People.
    low_name, high_name
        The sources' names.
    shared
        Share of the lower source's shortfall from its norm that the other, and every further
        process, shares; ``None`` where no norm is known.
    norms
        Sentences on the norms.
    earlier
        Percentage of all by period end, of the lower source and of the other where it has them.
    systems
        Clinical system by practice.
    parts
        Percentage by part of the measure, in the lower source and in the other.
    list_changes
        Change of the list in a year, as a share, by practice.
    local_scheme
        Whether the higher source is a local scheme in which work may be recorded instead.

    Examples
    --------
    >>> import numpy as np
    >>> seen = Evidence(
    ...     codes=np.array(["Y99001", "Y99002"], dtype=object), low=np.array([40.0, 60.0]),
    ...     high=np.array([60.0, 60.0]), low_numerator=np.array([40.0, 60.0]),
    ...     high_numerator=np.array([60.0, 60.0]), low_denominator=np.array([100.0, 100.0]),
    ...     high_denominator=np.array([100.0, 100.0]), low_name="one", high_name="other",
    ...     shared=None, norms=(), earlier={}, systems={}, parts={}, list_changes={},
    ...     local_scheme=False)
    >>> seen.reach(seen.gap > 3)
    1.0
    """

    codes: NDArray[np.object_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    low_numerator: NDArray[np.float64]
    high_numerator: NDArray[np.float64]
    low_denominator: NDArray[np.float64]
    high_denominator: NDArray[np.float64]
    low_name: str
    high_name: str
    shared: float | None
    norms: tuple[str, ...]
    earlier: Mapping[str, pd.Series[float]]
    systems: Mapping[str, str]
    parts: Mapping[str, tuple[float, float]]
    list_changes: Mapping[str, float]
    local_scheme: bool

    @property
    def gap(self) -> NDArray[np.float64]:
        """Points that the lower source lies below the other, practice by practice."""
        return self.high - self.low

    @property
    def people(self) -> NDArray[np.float64]:
        """The gap in people; none where there is none, or where it is not known."""
        return np.nan_to_num(np.clip(self.gap, 0, None) * self.low_denominator / 100)

    @property
    def ratio(self) -> NDArray[np.float64]:
        """Denominator of the lower source over that of the other."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(
                self.high_denominator > 0, self.low_denominator / self.high_denominator, np.nan
            )

    @property
    def same_people(self) -> NDArray[np.bool_]:
        """Whether the denominators are alike: between 0.80 and 1.25 of each other."""
        return (self.ratio >= 0.80) & (self.ratio <= 1.25)  # noqa: PLR2004 - stated in the docs

    def reach(self, where: NDArray[np.bool_]) -> float:
        """Share of the gap in people that lies where the signature holds."""
        total = self.people.sum()
        return float(self.people[where].sum() / total) if total > 0 else 0.0

    @property
    def other_register(self) -> NDArray[np.bool_]:
        """Whether a register differs by more than dates and participation would make it."""
        return (self.ratio < ALIKE[0]) | (self.ratio > ALIKE[1])

    @property
    def of_register(self) -> float:
        """Share of the gap that would go with one register for both sources."""
        known = ~np.isnan(self.gap)
        if not (self.other_register & known).any():
            return 0.0
        low, high = self.low_numerator[known].sum(), self.high_numerator[known].sum()
        mine, theirs = self.low_denominator[known].sum(), self.high_denominator[known].sum()
        gap = high / theirs - low / mine
        recorded = (high - low) / theirs
        return float(np.clip(1 - abs(recorded) / abs(gap), 0, 1)) if gap else 0.0

    @property
    def of_recording(self) -> float:
        """What recording can account for: neither shared with other processes, nor registers'."""
        return (1.0 - (self.shared or 0.0)) * (1.0 - self.of_register)

    def named(self, where: NDArray[np.bool_]) -> tuple[str, ...]:
        """Codes of those where it holds, sorted."""
        return tuple(sorted(str(code) for code in self.codes[where]))
