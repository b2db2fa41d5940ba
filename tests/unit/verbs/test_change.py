"""Change between like periods: pairs, intervals, ranges, and unlike periods refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planted import card, counts, hidden, row

import phm_diabetes as phm
from phm_diabetes.errors import DefinitionMismatchError, DoubleCountError, OptionError, UnlikeError
from phm_diabetes.metrics.changing import change
from phm_diabetes.metrics.differences import newcombe
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.standardised import standardise
from phm_diabetes.metrics.trend import percent_change

A, B = "Y99001", "Y99002"
SHARE = card()
OLD, NEW = phm.Period.financial_year("2021-22"), phm.Period.financial_year("2022-23")


def days(period):
    return {"period_start": str(period.start), "period_end": str(period.end)}


def estimates(*rows, **options):
    return phm.estimate(counts(*rows), measures=[SHARE], **options)


def years(code=A, *numerators, first=2021, denominator=500, **cells):
    return [
        row(code, x, denominator, period_start=f"{year}-04-01", period_end=f"{year + 1}-03-31",
            **cells)
        for year, x in enumerate(numerators, first)
    ]  # fmt: skip


def test_a_change_is_later_less_earlier_with_newcombes_interval():
    only = change(estimates(*years(A, 300, 330)), later=NEW, earlier=OLD).iloc[0]
    np.testing.assert_allclose(
        [only["change"], only["change_lower"], only["change_upper"]],
        newcombe(330, 500, 300, 500),
    )
    assert (only["value"], only["earlier_value"]) == (0.66, 0.6)
    assert str(only["earlier_end"].date()) == "2022-03-31"


def test_without_periods_each_is_compared_with_the_one_before_it():
    table = change(estimates(*years(A, 300, 330, 310), *years(B, 100, 90, 80)))
    by_unit = table.set_index(["org_code", "period_end"])["change"].round(2)
    assert by_unit[A].fillna(-1).tolist() == [-1, 0.06, -0.04]
    assert by_unit[B].fillna(-1).tolist() == [-1, -0.02, -0.02]
    assert table["change_reason"].iloc[0] == "no earlier period in the table"


def test_a_percentage_is_of_the_earlier_figure():
    table = estimates(*years(A, 300, 330))
    only = change(table, later=NEW, earlier=OLD, as_percent=True).iloc[0]
    now, then = (
        Interval(*(table[name].to_numpy()[spot] for name in ("value", "lower", "upper")))
        for spot in (1, 0)
    )
    np.testing.assert_allclose(
        only[["change", "change_lower", "change_upper"]].astype(float), percent_change(now, then)
    )
    assert only["change"] == pytest.approx(10)
    assert only["change_in"] == "percent of earlier"


def test_a_percentage_of_nothing_is_none_and_says_so():
    only = change(estimates(*years(A, 0, 30)), later=NEW, earlier=OLD, as_percent=True).iloc[0]
    assert np.isnan(only["change"])
    assert only["change_reason"] == "the earlier figure is zero"


def test_a_unit_without_an_earlier_figure_is_kept_with_the_reason():
    table = change(
        estimates(*years(A, 300, 330), *years(B, 90, first=2022)), later=NEW, earlier=OLD
    )
    assert table["org_code"].tolist() == [A, B]
    assert table["change_reason"].tolist() == ["", "no figure of the earlier period"]


def test_hidden_counts_leave_the_range_of_the_change():
    old = hidden(A, 1, 7, 100, **days(OLD))
    only = change(estimates(old, row(A, 20, 100)), later=NEW, earlier=OLD).iloc[0]
    assert np.isnan(only["change"])
    assert (only["change_low"], only["change_high"]) == pytest.approx((0.13, 0.19))
    assert only["change_reason"] == "the earlier period has no figure"


def test_each_confidence_and_cell_is_compared_with_its_own():
    rows = [
        each
        for sex, pair in (("female", (300, 330)), ("male", (100, 90)))
        for each in years(A, *pair, sex=sex)
    ]
    table = change(estimates(*rows, by=["sex"], confidence=[0.95, 0.998]), later=NEW, earlier=OLD)
    by_sex = table.groupby("sex", observed=True)["change"].unique()
    assert {sex: found.round(6).tolist() for sex, found in by_sex.items()} == {
        "female": [0.06],
        "male": [-0.02],
    }
    widths = (table["change_upper"] - table["change_lower"]).groupby(table["confidence"]).max()
    assert widths[0.998] > widths[0.95]


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        (NEW, phm.Period.quarter("2021-22", 1)),
        (phm.Period.quarter("2022-23", 2), phm.Period.quarter("2022-23", 1)),
        (phm.Period.audit("2022-23", cut="Q1"), phm.Period.audit("2021-22")),
        (phm.Period.audit("2022-23", cut="Q1"), phm.Period.audit("2021-22", cut="Q1")),
        (OLD, NEW),
    ],
    ids=["year and quarter", "two quarters", "cut and whole", "two cuts", "backwards"],
)
def test_unlike_or_partial_periods_are_refused_unless_a_reason_is_given(later, earlier):
    table = estimates(row(A, 30, 50, **days(later)), row(A, 20, 50, **days(earlier)))
    with pytest.raises(UnlikeError, match="allow_unlike='reason'"):
        change(table, later=later, earlier=earlier)
    only = change(table, later=later, earlier=earlier, allow_unlike="all there is").iloc[0]
    assert only["change"] == pytest.approx(0.2)
    assert "Periods are not alike: all there is." in only["caveat"]


def test_the_same_quarter_of_two_years_is_alike():
    later, earlier = (phm.Period.quarter(year, 2) for year in ("2022-23", "2021-22"))
    table = estimates(row(A, 30, 50, **days(later)), row(A, 20, 50, **days(earlier)))
    assert change(table, later=later, earlier=earlier)["caveat"].tolist() == [""]


def test_quarters_in_a_row_are_refused_where_no_periods_are_named():
    quarters = [phm.Period.quarter("2022-23", number) for number in (1, 2)]
    with pytest.raises(UnlikeError, match="they are not alike"):
        change(estimates(*(row(A, 30, 50, **days(each)) for each in quarters)))


def test_cumulative_cuts_are_refused_where_no_periods_are_named():
    cuts = [phm.Period.audit("2021-22", cut=cut) for cut in ("Q1", None)]
    with pytest.raises(UnlikeError):
        change(estimates(*(row(A, 30, 50, **days(each)) for each in cuts)))


def test_windows_of_fifteen_months_say_that_they_overlap():
    windows = [phm.Period.audit(year) for year in ("2021-22", "2022-23")]
    table = change(estimates(*(row(A, 30, 50, **days(each)) for each in windows)))
    assert table["caveat"].tolist()[0] == ""
    assert "overlap" in table["caveat"].tolist()[1]


def test_two_definitions_are_not_compared_unless_a_reason_is_given():
    table = estimates(*years(A, 300), *years(A, 330, first=2022, definition="planted:2"))
    with pytest.raises(DefinitionMismatchError, match="planted:2 with planted:1"):
        change(table)
    found = change(table, allow_mixed="only the code changed")
    assert found["change"].iloc[1] == pytest.approx(0.06)
    assert found["caveat"].iloc[1] == "Definitions differ: only the code changed."


def test_standardised_rates_have_changes_too():
    rows = [
        row(A, x, 500, age_band=band, **days(period))
        for period, pair in ((OLD, (20, 80)), (NEW, (30, 90)))
        for band, x in zip(("<40", "40+"), pair, strict=True)
    ]
    rates = standardise(counts(*rows), measures=[SHARE])
    table = change(rates, later=NEW, earlier=OLD)
    assert table["change"].iloc[0] == pytest.approx(0.02)


def test_one_period_named_alone_or_absent_is_refused():
    table = estimates(*years(A, 300, 330))
    with pytest.raises(OptionError, match="together"):
        change(table, later=NEW)
    with pytest.raises(OptionError, match="later= is 2030-04-01 to 2031-03-31, which the table"):
        change(table, later=phm.Period.financial_year("2030-31"), earlier=OLD)
    with pytest.raises(OptionError, match="blank"):
        change(table, allow_unlike=" ")


def test_one_figure_told_twice_is_refused():
    first, second = years(A, 300, 330, basis="published")
    twice = estimates(first, second, {**first, "basis": "rolled_up"})
    with pytest.raises(DoubleCountError):
        change(twice)
