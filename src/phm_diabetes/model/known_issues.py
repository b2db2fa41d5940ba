"""Known issues: faults of published figures that travel with the figures they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from datetime import date

__all__ = ["KnownIssue"]


@frozen(kw_only=True)
class KnownIssue:
    """A fault of some periods' figures, told beside every output that uses them.

    Parameters
    ----------
    words
        The fault and what it does to the figures, in a sentence.
    source
        Who says so.
    start, end
        First and last day of the periods concerned; ``None`` for any.
    end_months
        Months in which the periods concerned end, such as those of provisional cuts; empty for
        any.

    Examples
    --------
    >>> from datetime import date
    >>> late = KnownIssue(words="Late.", source="The publisher.", start=date(2021, 1, 1))
    >>> late.concerns(date(2021, 1, 1), date(2021, 6, 30))
    True
    >>> late.concerns(date(2022, 1, 1), date(2022, 6, 30))
    False
    """

    words: str
    source: str
    start: date | None = None
    end: date | None = None
    end_months: tuple[int, ...] = ()

    def concerns(self, start: date, end: date) -> bool:
        """Whether figures of a period are concerned."""
        return (
            self.start in {None, start}
            and self.end in {None, end}
            and (not self.end_months or end.month in self.end_months)
        )
