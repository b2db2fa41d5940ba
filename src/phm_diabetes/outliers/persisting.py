"""Persisting: units that a detector flags in each of several periods in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen, validators

from phm_diabetes.outliers.answers import NOT_KNOWN, SPECIAL_CAUSE, unanswered
from phm_diabetes.outliers.flag_reading import NO_SIDE, sides_in, steadied, words_in
from phm_diabetes.outliers.series import series_of
from phm_diabetes.outliers.worst_units import in_every_period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.detectors import Detector
    from phm_diabetes.schemas.flags import Flags

__all__ = ["Persistent", "lasting", "persistent"]


@frozen(kw_only=True)
class Persistent:
    """Flag what a detector flags, on one side, in each of several periods in a row.

    Built by :func:`persistent`.

    Parameters
    ----------
    detector
        Judges each period; it sees the whole table.
    periods
        How many in a row, the latest among them.
    allow_mixed, measures
        As for :class:`~phm_diabetes.outliers.xmr.XmR`.

    Examples
    --------
    >>> from phm_diabetes.outliers import RobustZ
    >>> print(Persistent(detector=RobustZ(), periods=3))
    3 periods in a row (RobustZ: 3.5 robust standard deviations from the median)
    """

    detector: Detector
    periods: int = field(validator=validators.ge(1))
    allow_mixed: str | None = None
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, estimates: Any) -> DataFrame[Flags]:  # noqa: ANN401 - or Comparisons
        """Return the estimates, in their order, each with its flag."""
        return lasting(
            self.detector(estimates),
            periods=self.periods,
            name=str(self),
            allow_mixed=self.allow_mixed,
            measures=self.measures,
        )

    def __str__(self) -> str:
        """Say the settings in one line."""
        return f"{self.periods} periods in a row ({self.detector})"


def persistent(
    detector: Detector,
    *,
    periods: int,
    allow_mixed: str | None = None,
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> Persistent:
    """Flag what a detector flags, on one side, in each of several periods in a row.

    Parameters
    ----------
    detector
        Judges each period.
    periods
        How many like periods in a row, none left out.
    allow_mixed
        A reason that allows a series to go on under another definition; it becomes a caveat.
    measures
        Cards; ``None`` for the installed areas.

    Returns
    -------
    Persistent
        A detector. A period without its figure leaves open whether the row of flags was unbroken,
        and so do the periods before the table begins.

    Raises
    ------
    UnlikeError
        When it is called on periods that are not alike.

    Examples
    --------
    >>> from phm_diabetes.outliers import WorstDecile, persistent
    >>> persistent(WorstDecile(), periods=6).periods
    6
    """
    return Persistent(
        detector=detector, periods=periods, allow_mixed=allow_mixed, measures=measures
    )


def lasting(
    flags: DataFrame[Flags],
    *,
    periods: int,
    name: str,
    allow_mixed: str | None,
    measures: DiseaseArea | Sequence[Measure] | None,
) -> DataFrame[Flags]:
    """Return flags that are raised only where they were in each of several periods in a row.

    Parameters
    ----------
    flags
        Flags of one detector.
    periods
        How many in a row.
    name
        What ``detector`` calls the answer.
    allow_mixed, measures
        As for :func:`persistent`.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers import RobustZ
    >>> flags = RobustZ()(phm.estimate(phm.load(demo.registers(), period="2022-23").table))
    >>> twice = lasting(flags, periods=2, name="twice", allow_mixed=None, measures=None)
    >>> int(twice["flagged"].sum())
    0
    """
    sides, words = sides_in(flags), words_in(flags)
    answers = unanswered(len(flags), flags["why"].astype(object).to_numpy())
    answers.put(np.arange(len(flags)), caveat=flags["caveat"].astype(object).to_numpy())

    def decide(laid: NDArray[np.int8]) -> NDArray[np.int8]:
        return _decided(laid, periods)

    for series in series_of(flags, measures, allow_mixed=allow_mixed):
        there = series.rows >= 0
        laid = np.where(there, sides[series.rows], NOT_KNOWN).astype(np.int8)
        side = decide(laid)
        rows = series.rows[there]
        told = laid[there] != NOT_KNOWN
        why = np.where(
            side == NOT_KNOWN,
            f"not known to be {periods} periods in a row",
            f"{SPECIAL_CAUSE}: flagged {periods} periods in a row",
        )
        answers.put(rows[told], why=why[there][told])
        answers.put(
            rows,
            side=np.where(side == NO_SIDE, 0, side)[there],
            flagged=((np.abs(side) == 1) | (side == NO_SIDE))[there],
            score=_in_a_row(laid)[there],
            threshold=float(periods),
            rounding=steadied(decide, laid, np.where(there, words[series.rows], 0))[there],
        )
        if series.caveat:
            answers.put(rows, caveat=_with(answers.caveat[rows], series.caveat))
    return answers.as_flags(flags, name)


def _decided(laid: NDArray[np.int8], periods: int) -> NDArray[np.int8]:
    """Return the side on which each point and those before it are flagged, without a break."""
    before = np.full((len(laid), periods - 1), NOT_KNOWN, dtype=np.int8)
    known = np.concatenate([before, laid], axis=1)
    side = np.zeros(known.shape, dtype=np.int8)
    for each in (1, -1, NO_SIDE):
        could = in_every_period((known == each) | (known == NOT_KNOWN), periods=periods)
        side[could & (side == 0)] = NOT_KNOWN
        side[in_every_period(known == each, periods=periods)] = each
    side[known == NOT_KNOWN] = NOT_KNOWN
    return side[:, periods - 1 :]


def _in_a_row(laid: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return for how many periods each flag has stood by now, below zero for low."""
    count = np.zeros(laid.shape)
    run = np.zeros(len(laid))
    for point in range(laid.shape[1]):
        now = laid[:, point]
        flagged = (np.abs(now) == 1) | (now == NO_SIDE)
        same = (now == laid[:, point - 1]) if point else flagged
        run = np.where(flagged, np.where(same, run, 0) + 1, 0)
        count[:, point] = np.where(now == -1, -run, run)
    return count


def _with(caveats: NDArray[np.object_], more: str) -> NDArray[np.object_]:
    return np.array(
        [text if more in text else f"{text} {more}".strip() for text in caveats], dtype=object
    )
