"""The contract of detectors: inherit it in a test file, name a detector, and it proves itself."""

from __future__ import annotations

import pickle
import re
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pandas as pd
import pytest

from phm_diabetes.metrics.estimates import estimate
from phm_diabetes.model.levels import UNALLOCATED
from phm_diabetes.outliers.answers import SPECIAL_CAUSE
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.flags import Flags
from phm_diabetes.testing.planted_table import PLANTED_CARD, planted_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.outliers.detectors import Detector
    from phm_diabetes.schemas.counts import Counts

__all__ = ["DetectorContract"]

_IMMODEST = re.compile(r"\b(poor|bad|fail\w*|definite\w*|inadequate|caus(ed|es))\b", re.IGNORECASE)
_MOST_MOVED = 2
_GIVEN: dict[type, Any] = {}
_ANSWERS: dict[type, DataFrame[Flags]] = {}
_ABOUT = ["org_level", "org_code", "period_end", "confidence"]
_TEXTS = ["direction", "why", "rounding", "caveat"]
_ANSWER = ["flagged", "score", "threshold", "p_value", *_TEXTS]


class DetectorContract:
    """Laws that every detector keeps, as tests that a third party's test class inherits.

    Attributes
    ----------
    detector
        The detector; its cards must hold :data:`~phm_diabetes.testing.planted_table.PLANTED_CARD`.
    periods
        Financial years in the planted table; more for a detector of series.
    answers_for_each_row
        Whether it answers for the rows that it is given, as all do that do not sum them.

    Examples
    --------
    >>> from phm_diabetes.outliers import RobustZ
    >>> class TestRobustZ(DetectorContract):
    ...     detector = RobustZ(measures=[PLANTED_CARD])
    >>> int(TestRobustZ().answer()["flagged"].sum())
    4
    """

    detector: ClassVar[Detector]
    periods: ClassVar[int] = 1
    answers_for_each_row: ClassVar[bool] = True

    def given(self, counts: DataFrame[Counts], confidence: Sequence[float] = (0.95,)) -> Any:  # noqa: ANN401
        """Return what the detector is handed; override it for one that takes Comparisons."""
        return estimate(counts, measures=[PLANTED_CARD], confidence=confidence)

    def planted(self) -> Any:  # noqa: ANN401 - Estimates or Comparisons
        """Return the planted table as the detector is handed it, afresh."""
        owner = type(self)
        if owner not in _GIVEN:
            _GIVEN[owner] = self.given(planted_units(self.periods))
        return _GIVEN[owner].copy(deep=True)

    def answer(self) -> DataFrame[Flags]:
        """Return the flags of the planted table, worked out once for all laws."""
        owner = type(self)
        if owner not in _ANSWERS:
            _ANSWERS[owner] = owner.detector(self.planted())
        return _ANSWERS[owner]

    def test_it_is_frozen(self) -> None:
        """A setting cannot be changed once it is made."""
        detector = type(self).detector
        for name in _settings(detector):
            with pytest.raises(AttributeError):
                setattr(detector, name, None)

    def test_it_says_its_settings_in_one_line(self) -> None:
        """Its text is the detector column, and tells a reader what was asked."""
        said = str(type(self).detector)
        _keep(said.strip() != "", "its str() is blank")
        _keep("\n" not in said, "its str() takes several lines")
        _keep(" at 0x" not in said, "its str() is Python's own: write __str__")
        _keep(set(self.answer()["detector"]) == {said}, "the detector column is not its str()")

    def test_it_pickles(self) -> None:
        """A copy that went through a file answers the same."""
        copy = pickle.loads(pickle.dumps(type(self).detector))  # noqa: S301 - written just now
        _assert_alike(copy(self.planted()), self.answer())

    def test_its_answer_meets_the_schema(self) -> None:
        """What it returns is Flags, without any coercion."""
        flags = self.answer()
        _keep(checked(Flags, flags).dtypes.equals(flags.dtypes), "types are not those of Flags")

    def test_it_answers_for_each_row_in_its_order(self) -> None:
        """No row is added, lost, moved or altered."""
        if not self.answers_for_each_row:
            pytest.skip("it answers for other rows than it is given, and says so")
        table = self.planted()
        kept = [name for name in table.columns if name not in {"rounding", "caveat"}]
        pd.testing.assert_frame_equal(self.answer()[kept], table[kept])

    def test_it_changes_nothing_that_it_is_given(self) -> None:
        """The table handed over is as it was."""
        table = self.planted()
        type(self).detector(table)
        pd.testing.assert_frame_equal(table, self.planted())

    def test_the_order_of_rows_does_not_matter(self) -> None:
        """Shuffled rows get the same answers."""
        shuffled = self.planted().sample(frac=1, random_state=1).reset_index(drop=True)
        _assert_alike(type(self).detector(shuffled), self.answer())

    def test_it_answers_twice_alike(self) -> None:
        """The same table gets the same answer, to the last digit."""
        pd.testing.assert_frame_equal(type(self).detector(self.planted()), self.answer())

    def test_it_finds_what_is_planted(self) -> None:
        """Something is flagged, so that the other laws are about something."""
        found = bool(_flagged(self.answer()).any())
        _keep(found, "nothing is flagged: raise periods, or ease the settings")

    def test_a_missing_value_is_never_flagged(self) -> None:
        """A row without a figure is not told."""
        if not self.answers_for_each_row:
            pytest.skip("its rows are sums, which lack a figure where one of many parts does")
        flags = self.answer()
        none = flags.loc[flags["value"].isna(), "flagged"]
        _keep(bool(none.isna().all()), "a row without a figure has an answer")

    def test_a_remainder_is_never_flagged(self) -> None:
        """What a roll-up could not place is no organisation."""
        flags = self.answer()
        own = flags.loc[flags["org_code"] == UNALLOCATED, "flagged"]
        _keep(bool(own.isna().all()), "a remainder has an answer")

    def test_it_says_why(self) -> None:
        """A flag, and a row that is not told, have their reason; no other row has one."""
        flags = self.answer()
        silent = flags["flagged"].notna() & ~_flagged(flags)
        blank = flags["why"].astype(object) == ""
        _keep(bool((blank == silent).all()), "why is not blank where, and only where, no flag is")

    def test_its_words_stay_modest(self) -> None:
        """Special cause to look into: no blame, no cause, no certainty."""
        flags = self.answer()
        for words in {*flags["why"], str(type(self).detector)}:
            _keep(not _IMMODEST.search(words), f"it blames, or is too sure: {words}")
        modest = flags.loc[_flagged(flags), "why"].str.startswith(SPECIAL_CAUSE)
        _keep(bool(modest.all()), f"why of a flag does not begin with '{SPECIAL_CAUSE}'")

    def test_a_second_confidence_changes_no_flag(self) -> None:
        """Estimates at two confidences are the same units twice, and not twice as many."""
        both = type(self).detector(self.given(planted_units(self.periods), (0.95, 0.998)))
        at_95 = both[both["confidence"] == both["confidence"].min()].reset_index(drop=True)
        _assert_alike(cast("DataFrame[Flags]", at_95), self.answer())

    def test_rounding_is_told(self) -> None:
        """What is not told has no rounding, and an exact count cannot change a flag."""
        flags = self.answer()
        told, words = flags["flagged"].notna(), flags["rounding"].astype(object)
        _keep(bool((words[~told] == "cannot tell").all()), "rounding is told of what is not")
        if self.answers_for_each_row:
            sure = bool((words[told] != "may change").all())
            _keep(sure, "exact counts are said to be able to change")

    def test_moving_a_unit_further_out_never_unflags_it(self) -> None:
        """A flagged unit pushed further to its side, all else the same, stays flagged there."""
        if not self.answers_for_each_row:
            pytest.skip("it answers for other rows than it is given, and says so")
        counts, flags = planted_units(self.periods), self.answer()
        out = flags[_flagged(flags)].groupby("direction", observed=True).tail(_MOST_MOVED)
        for _, row in out.iterrows():
            own = (counts["org_code"] == row["org_code"]) & (
                counts["period_end"] == row["period_end"]
            )
            extreme = counts.loc[own, "denominator"].iloc[0] if row["direction"] == "high" else 0
            for share in (0.5, 1.0):
                again = type(self).detector(self.given(_moved(counts, own, extreme, share)))
                same = (again[_ABOUT].astype(object) == row[_ABOUT].astype(object)).all(axis=1)
                stays = _flagged(again) & (again["direction"] == row["direction"])
                _keep(
                    bool(stays[same].all()),
                    f"{row['org_code']}, flagged {row['direction']}, is not any more once moved on",
                )


def _keep(kept: bool, broken: str) -> None:  # noqa: FBT001 - whether the law is kept
    """Fail the test with what is broken; a bare assert would vanish under ``python -O``."""
    if not kept:
        pytest.fail(f"The detector breaks the law: {broken}.")


def _flagged(flags: pd.DataFrame) -> pd.Series[bool]:
    return flags["flagged"].fillna(value=False).astype(bool)


def _moved(
    counts: DataFrame[Counts], own: pd.Series[bool], extreme: int, share: float
) -> DataFrame[Counts]:
    """Push one count towards an extreme, and leave all others as they are."""
    moved = counts.copy(deep=True)
    old = int(moved.loc[own, "numerator"].iloc[0])
    for name in ("numerator", "numerator_low", "numerator_high"):
        moved.loc[own, name] = round(old + share * (int(extreme) - old))
    return moved


def _settings(detector: object) -> list[str]:
    named = getattr(type(detector), "__attrs_attrs__", None) or ()
    return [str(each.name) for each in named] or [*getattr(detector, "__dict__", ()), "more"]


def _assert_alike(one: DataFrame[Flags], other: DataFrame[Flags]) -> None:
    """Compare two answers row by row, whatever their order."""
    texts = dict.fromkeys(["org_level", "org_code", *_TEXTS], object)
    left, right = (
        flags.sort_values(_ABOUT, ignore_index=True)[_ABOUT + _ANSWER].astype(texts)
        for flags in (one, other)
    )
    pd.testing.assert_frame_equal(left, right)
