"""Combining: units that any, all, or at least so many of several detectors flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.answers import NOT_KNOWN, SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.flag_reading import NO_SIDE, sides_in, steadied, words_in

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.detectors import Detector
    from phm_diabetes.schemas.flags import Flags

__all__ = ["AtLeast", "all_of", "any_of", "at_least"]

_NOT_ENOUGH = "too few of the detectors can tell"


@frozen(kw_only=True)
class AtLeast:
    """Flag what at least so many of several detectors flag on one side.

    Built by :func:`any_of`, :func:`all_of` and :func:`at_least`.

    Parameters
    ----------
    count
        How many.
    detectors
        The detectors; each sees the whole table.
    name
        What ``detector`` calls it.

    Raises
    ------
    OptionError
        When there are no detectors, or fewer than asked for.

    Notes
    -----
    A detector that cannot tell leaves the answer open only where it could decide it. ``score`` is
    how many flagged it, below zero for low, and `count` the ``threshold``.

    Examples
    --------
    >>> from phm_diabetes.outliers import RobustZ, TukeyFence
    >>> print(AtLeast(count=1, detectors=(RobustZ(), TukeyFence()), name="any of"))
    any of (RobustZ: 3.5 robust standard deviations from the median | TukeyFence: 1.5 \
interquartile ranges beyond the quartiles)
    """

    count: int
    detectors: tuple[Detector, ...]
    name: str

    def __attrs_post_init__(self) -> None:
        """Refuse what could never flag."""
        if not 1 <= self.count <= len(self.detectors):
            message = (
                f"{self.count} of {len(self.detectors)} detectors were asked for. Give one detector"
                " or more, and a number from 1 to how many there are."
            )
            raise OptionError(message)

    def __call__(self, estimates: Any) -> DataFrame[Flags]:  # noqa: ANN401 - or Comparisons
        """Return the estimates, in their order, each with its flag."""
        each = [detector(estimates) for detector in self.detectors]
        for flags in each[1:]:
            _refuse_other_rows(each[0], flags)
        sides = np.stack([sides_in(flags) for flags in each])
        side = self._decide(sides)
        flagged = (side == NO_SIDE) | (np.abs(side) == 1)
        answers = unanswered(len(side), np.full(len(side), _NOT_ENOUGH, dtype=object))
        answers.put(
            np.arange(len(side)),
            side=np.where(side == NO_SIDE, 0, side),
            flagged=flagged,
            score=_most(sides),
            threshold=float(self.count),
            why=_joined([flags["why"] for flags in each], sides, side),
            caveat=_together([flags["caveat"] for flags in each]),
            rounding=steadied(self._decide, sides, np.stack([words_in(flags) for flags in each])),
        )
        first = each[0]
        return answers.as_flags(first, self)

    def _decide(self, sides: NDArray[np.int8]) -> NDArray[np.int8]:
        neither = (sides == NO_SIDE).sum(0)
        high, low = (sides == 1).sum(0) + neither, (sides == -1).sum(0) + neither
        could = np.maximum(high, low) + (sides == NOT_KNOWN).sum(0)
        decided = np.where(high >= self.count, 1, np.where(low >= self.count, -1, 0))
        decided = np.where((high >= self.count) & (low >= self.count), NO_SIDE, decided)
        return np.where((decided == 0) & (could >= self.count), NOT_KNOWN, decided).astype(np.int8)

    def __str__(self) -> str:
        """Say the settings in one line."""
        return f"{self.name} ({' | '.join(str(each) for each in self.detectors)})"


def any_of(*detectors: Detector) -> AtLeast:
    """Flag what any of several detectors flags.

    Parameters
    ----------
    *detectors
        Each sees the whole table.

    Returns
    -------
    AtLeast
        A detector; where some flag high and others low, it flags with no direction.

    Raises
    ------
    OptionError
        When no detector is given.

    Examples
    --------
    >>> from phm_diabetes.outliers import RobustZ, TukeyFence, any_of
    >>> any_of(RobustZ(), TukeyFence()).count
    1
    """
    return AtLeast(count=1, detectors=detectors, name="any of")


def all_of(*detectors: Detector) -> AtLeast:
    """Flag what all of several detectors flag, on one side.

    Parameters
    ----------
    *detectors
        Each sees the whole table.

    Raises
    ------
    OptionError
        When no detector is given.

    Examples
    --------
    >>> from phm_diabetes.outliers import RobustZ, TukeyFence, all_of
    >>> all_of(RobustZ(), TukeyFence()).count
    2
    """
    return AtLeast(count=len(detectors), detectors=detectors, name="all of")


def at_least(count: int, *detectors: Detector) -> AtLeast:
    """Flag what at least so many of several detectors flag, on one side.

    Parameters
    ----------
    count
        How many.
    *detectors
        Each sees the whole table.

    Raises
    ------
    OptionError
        When the count is below 1, or above the number of detectors.

    Examples
    --------
    >>> from phm_diabetes.outliers import PercentileBand, RobustZ, TukeyFence, at_least
    >>> at_least(2, RobustZ(), TukeyFence(), PercentileBand()).name
    'at least 2 of'
    """
    return AtLeast(count=count, detectors=detectors, name=f"at least {count} of")


def _refuse_other_rows(one: pd.DataFrame, other: pd.DataFrame) -> None:
    alike = len(one) == len(other) and all(
        (one[name].astype(object).to_numpy() == other[name].astype(object).to_numpy()).all()
        for name in ("measure", "org_level", "org_code")
    )
    if not alike:
        message = (
            "The detectors answer for different rows, as Spread does for PCNs and Funnel for "
            "practices. Combine detectors of the same units."
        )
        raise OptionError(message)


def _most(sides: NDArray[np.int8]) -> FloatArray:
    """Return the larger number of flags on one side, below zero for low."""
    neither = (sides == NO_SIDE).sum(0)
    high, low = (sides == 1).sum(0) + neither, (sides == -1).sum(0) + neither
    most: FloatArray = np.where(low > high, -low, high).astype(np.float64)
    return most


def _joined(
    whys: list[pd.Series[Any]], sides: NDArray[np.int8], side: NDArray[np.int8]
) -> NDArray[np.object_]:
    """Return what each detector that fired on the side says; where it cannot be told, why."""
    said = np.full(len(side), "", dtype=object)
    prefix = f"{SPECIAL_CAUSE}: "
    open_ = side == NOT_KNOWN
    for why, own in zip(whys, sides, strict=True):
        fired = (own == side) | (own == NO_SIDE) | ((side == NO_SIDE) & (np.abs(own) == 1))
        speaks = np.where(open_, own == NOT_KNOWN, fired & (side != 0))
        words = np.array([str(text).removeprefix(prefix) for text in why], dtype=object)
        glue = np.where(said != "", "; ", "").astype(object)
        new = speaks & np.array(
            [text not in before for text, before in zip(words, said, strict=True)]
        )
        said = np.where(new, said + glue + words, said)
    return np.where(open_ | (said == ""), said, prefix + said)


def _together(caveats: list[pd.Series[Any]]) -> NDArray[np.object_]:
    """Return every caveat once."""
    frames = [caveat.astype(object).to_numpy() for caveat in caveats]
    said = frames[0].copy()
    for more in frames[1:]:
        said = np.array([_merged(a, b) for a, b in zip(said, more, strict=True)], dtype=object)
    return said


def _merged(one: str, other: str) -> str:
    if other in one:
        return one
    return f"{one} {other}".strip() if one not in other else other
