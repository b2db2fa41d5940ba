"""Disclosure rules, and how one cell looks under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen, validators

from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from typing import TypeVar

    _Counts = TypeVar("_Counts")

__all__ = ["PUBLISHED", "SMALL_NUMBERS", "Policy", "strictest"]


@frozen(kw_only=True)
class Policy:
    """How a count may be shown.

    Parameters
    ----------
    name
        Identifier printed beside outputs.
    hide_up_to
        Counts from 1 to this one are hidden; 0 hides none.
    round_to
        Other counts are rounded to the nearest multiple; 1 leaves them.

    Examples
    --------
    >>> [SMALL_NUMBERS.show(count) for count in (0, 1, 7, 8, 12, 13)]
    ['0', '*', '*', '10', '10', '15']
    >>> PUBLISHED.show(1234)
    '1,234'
    """

    name: str
    hide_up_to: int = field(default=0, validator=validators.ge(0))
    round_to: int = field(default=1, validator=validators.ge(1))

    def show(self, count: int | None) -> str:
        """Return the text for one count; a missing count is ``"not known"``.

        Parameters
        ----------
        count
            People or events, unrounded.

        Raises
        ------
        OptionError
            When the count is negative.

        Examples
        --------
        >>> SMALL_NUMBERS.show(None)
        'not known'
        """
        if count is None:
            return "not known"
        if count < 0:
            message = "A count under a disclosure policy cannot be negative."
            raise OptionError(message)
        if 0 < count <= self.hide_up_to:
            return "*"
        return f"{self.rounded(count):,}"

    def rounded(self, counts: _Counts) -> _Counts:
        """Return counts as the policy rounds them: to the nearest multiple, half up.

        Half rounds up, as NHS England does; Python's own ``round`` would send 12.5 to 12.

        Parameters
        ----------
        counts
            A whole number, an array of them, or an expression of one on an engine.

        Examples
        --------
        >>> import numpy as np
        >>> SMALL_NUMBERS.rounded(12), SMALL_NUMBERS.rounded(np.array([13, 998])).tolist()
        (10, [15, 1000])
        >>> Policy(name="tens", round_to=10).rounded(25)
        30
        """
        if self.round_to == 1:
            return counts
        whole: Any = counts
        rounded: _Counts = (whole * 2 + self.round_to) // (2 * self.round_to) * self.round_to
        return rounded

    @property
    def shows_all(self) -> bool:
        """Whether every count is shown as it is.

        Examples
        --------
        >>> PUBLISHED.shows_all, SMALL_NUMBERS.shows_all
        (True, False)
        """
        return self.hide_up_to == 0 and self.round_to == 1

    def show_range(self, low: int, high: int | None) -> str:
        """Return the text for a count of which only the bounds are known.

        Parameters
        ----------
        low, high
            Least and most that it can be; ``None`` where there is no most.

        Examples
        --------
        >>> PUBLISHED.show_range(21, 27), SMALL_NUMBERS.show_range(21, 27)
        ('between 21 and 27', 'between 20 and 30')
        >>> SMALL_NUMBERS.show_range(1, 7)
        '*'
        """
        if high is None:
            return self.show(None)
        if low == high or 0 < high <= self.hide_up_to:
            return self.show(high)
        least = 0 if low <= self.hide_up_to else low // self.round_to * self.round_to
        return f"between {least:,} and {-(-high // self.round_to) * self.round_to:,}"

    def as_shown(self, count: int | None) -> int | None:
        """Return the count as it is shown; nothing where it is hidden or not known.

        Examples
        --------
        >>> SMALL_NUMBERS.as_shown(12), SMALL_NUMBERS.as_shown(3)
        (10, None)
        """
        shown = self.show(count)
        return None if count is None or shown == "*" else int(shown.replace(",", ""))


PUBLISHED = Policy(name="as published")
"""Figures that their publisher has already released: shown as they stand."""

SMALL_NUMBERS = Policy(name="1-7 hidden, rounded to 5", hide_up_to=7, round_to=5)
"""The rule for Hospital Episode Statistics; the default for anything not published."""


def strictest(policies: tuple[Policy, ...]) -> Policy:
    """Return the policy that hides most; `SMALL_NUMBERS` where none is given.

    Examples
    --------
    >>> strictest((PUBLISHED, SMALL_NUMBERS)).name
    '1-7 hidden, rounded to 5'
    """
    if not policies:
        return SMALL_NUMBERS
    return max(policies, key=lambda each: (each.hide_up_to, each.round_to))
