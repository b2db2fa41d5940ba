"""Rules of a drill: how far below counts as below, and on how many measures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.reasons import Reason

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["POINT", "Threshold", "needed", "threshold"]

_INTERVAL = re.compile(r"interval\((0?\.\d+)\)")


@frozen(kw_only=True)
class Threshold:
    """What makes a figure lie beyond its comparator.

    Parameters
    ----------
    side
        ``"below"`` or ``"above"``.
    confidence
        Of the interval that must lie wholly beyond; ``None`` for the point alone.

    Examples
    --------
    >>> str(threshold("interval(0.95)", "below"))
    'interval(0.95)'
    """

    side: Literal["below", "above"]
    confidence: float | None

    def passed(self, comparisons: pd.DataFrame) -> pd.Series[bool]:
        """Whether each row lies beyond; a row that was not compared does not."""
        if self.confidence is None:
            gap = comparisons["difference"]
            # Money and repeat events without each person's part: one person could make it.
            told = comparisons["reason"] != Reason.SQUARES_MISSING.words
            return told & (gap < 0 if self.side == "below" else gap > 0)
        if self.side == "below":
            return comparisons["difference_upper"] < 0
        return comparisons["difference_lower"] > 0

    def __str__(self) -> str:
        """As the caller writes it."""
        return "point" if self.confidence is None else f"interval({self.confidence:g})"


POINT = "point"


def threshold(text: str, side: Literal["below", "above"]) -> Threshold:
    """Read ``"point"`` or ``"interval(0.95)"``.

    Raises
    ------
    OptionError
        When the text is neither.

    Examples
    --------
    >>> threshold("point", "above").confidence
    """
    if text == POINT:
        return Threshold(side=side, confidence=None)
    match = _INTERVAL.fullmatch(text.replace(" ", ""))
    if match is None or not 0 < float(match[1]) < 1:
        message = (
            f"{side}= takes 'point', 'interval(0.95)' or 'interval(0.998)', not '{text}'. The "
            "point flags many by chance; the interval flags few."
        )
        raise OptionError(message)
    return Threshold(side=side, confidence=float(match[1]))


def needed(rule: str | int, measures: int) -> int:
    """Return on how many measures an organisation must lie beyond.

    Parameters
    ----------
    rule
        ``"all"``, ``"any"``, or a number.
    measures
        How many measures there are.

    Raises
    ------
    OptionError
        When the rule is none of these, or asks for more measures than there are.

    Examples
    --------
    >>> needed("all", 3), needed("any", 3), needed(2, 3)
    (3, 1, 2)
    """
    if rule == "all":
        return measures
    if rule == "any":
        return 1
    if isinstance(rule, int) and not isinstance(rule, bool) and 1 <= rule <= measures:
        return rule
    message = f"rule= takes 'all', 'any' or a number from 1 to {measures}, not {rule!r}."
    raise OptionError(message)
