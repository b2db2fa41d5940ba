"""Periods know their window, and which figures may be compared."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

import phm_diabetes as phm
from phm_diabetes.errors import OptionError

YEAR = phm.Period.financial_year


@pytest.mark.parametrize(
    "label", ["2022-23", "2022/23", "202223", "2223", "FY2022-23", "2022-2023"]
)
def test_an_nhs_year_runs_from_april_to_march_however_it_is_written(label):
    year = YEAR(label)
    assert (year.start, year.end) == (date(2022, 4, 1), date(2023, 3, 31))


@pytest.mark.parametrize("label", ["2022-24", "2022-22", "2022", "22", "", "spring 2022-23"])
def test_a_label_that_does_not_name_two_years_in_a_row_is_refused(label):
    with pytest.raises(OptionError, match="2022-23"):
        YEAR(label)


def test_the_turn_of_a_century_is_still_two_years_in_a_row():
    assert YEAR("1999-00").end == date(2000, 3, 31)


def test_four_quarters_make_the_year_without_gap_or_overlap():
    quarters = [phm.Period.quarter("2022-23", number) for number in (1, 2, 3, 4)]
    assert quarters[0].start == YEAR("2022-23").start
    assert quarters[-1].end == YEAR("2022-23").end
    for one, other in pairwise(quarters):
        assert (other.start - one.end).days == 1
        assert not one.overlaps(other)


def test_there_is_no_fifth_quarter():
    with pytest.raises(OptionError, match="quarters 1 to 4"):
        phm.Period.quarter("2022-23", 5)


def test_the_audit_covers_fifteen_months_and_later_twelve():
    assert phm.Period.audit("2023-24").start == date(2023, 1, 1)
    assert phm.Period.audit("2025-26").start == date(2025, 4, 1)


def test_the_audit_year_in_which_the_window_changed_must_be_told():
    with pytest.raises(OptionError, match="months=15 or months=12"):
        phm.Period.audit("2024-25")
    assert phm.Period.audit("2024-25", months=12).kind == "audit_12_months"


def test_an_audit_window_of_another_length_is_refused():
    with pytest.raises(OptionError, match="12 or 15"):
        phm.Period.audit("2021-22", months=13)


def test_a_quarterly_cut_is_partial_and_says_so():
    cut = phm.Period.audit("2021-22", cut="Q2")
    assert (cut.start, cut.end) == (date(2021, 1, 1), date(2021, 9, 30))
    assert cut.is_partial
    assert str(cut).endswith("(partial)")
    assert not phm.Period.audit("2021-22").is_partial


def test_a_cut_after_the_year_end_is_refused():
    with pytest.raises(OptionError, match="Q1"):
        phm.Period.audit("2021-22", cut="Q4")


def test_cumulative_cuts_overlap():
    first, second = (phm.Period.audit("2021-22", cut=cut) for cut in ("Q1", "Q2"))
    assert first.overlaps(second)
    assert second.overlaps(first)


def test_a_quarter_overlaps_its_year_and_no_other():
    last = phm.Period.quarter("2022-23", 4)
    assert last.overlaps(YEAR("2022-23"))
    assert YEAR("2022-23").overlaps(last)
    assert not last.overlaps(YEAR("2023-24"))
    assert not YEAR("2023-24").overlaps(last)


def test_a_cut_is_like_the_same_cut_of_another_year_and_nothing_else():
    cut = phm.Period.audit("2021-22", cut="Q1")
    assert cut.is_like(phm.Period.audit("2022-23", cut="Q1"))
    assert not cut.is_like(phm.Period.audit("2022-23", cut="Q2"))
    assert not cut.is_like(phm.Period.audit("2022-23"))


def test_fifteen_months_are_not_like_twelve():
    assert not phm.Period.audit("2023-24").is_like(phm.Period.audit("2025-26"))


def test_february_is_like_february_in_a_leap_year():
    assert phm.Period.month(2023, 2).is_like(phm.Period.month(2024, 2))


def test_a_period_cannot_run_backwards():
    with pytest.raises(OptionError, match="before it starts"):
        phm.Period(start=date(2023, 4, 1), end=date(2023, 3, 31))
