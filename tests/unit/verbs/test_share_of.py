"""Shares of a total: they hold together, add up, and overlap with nobody."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planted import card, counts, hidden, row

from phm_diabetes.errors import DoubleCountError, OptionError, StatisticsError
from phm_diabetes.metrics.shares import share, share_against_need
from phm_diabetes.metrics.sharing import share_of

SHARE = card()
VISITS = card(kind="rate", unit="events", per=100)
CODES = ("U99001", "U99002", "U99003")


def pcns(numerators, denominators=(200, 200, 200), **cells):
    return [
        row(code, x, n, org_level="pcn", **cells)
        for code, x, n in zip(CODES, numerators, denominators, strict=True)
    ]


def shared(*rows, measure=SHARE, **options):
    return share_of(counts(*rows), measures=[measure], **options)


def test_shares_are_of_the_total_and_their_intervals_hold_together():
    table = shared(*pcns((10, 30, 60)))
    np.testing.assert_allclose(table[["value", "lower", "upper"]].T, share([10, 30, 60]))
    assert table["denominator"].tolist() == [100] * 3
    assert table["method"].unique().tolist() == ["Goodman with Wilson"]
    assert table["definition"].iloc[0].endswith("share among org_code")


def test_a_share_against_need_is_one_where_it_is_fair():
    table = shared(*pcns((10, 30, 60), (100, 300, 600)), against_need=True)
    assert table["value"].tolist() == pytest.approx([1, 1, 1])
    np.testing.assert_allclose(
        table[["lower", "upper"]].T, share_against_need([10, 30, 60], [100, 300, 600])[1:]
    )
    assert table["denominator"].tolist() == [100, 300, 600]


def test_levels_and_periods_have_totals_of_their_own():
    rows = [*pcns((10, 30, 60)), row("Y99001", 5, 9), row("Y99002", 5, 9)]
    table = shared(*rows, *pcns((1, 1, 2), period_start="2021-04-01", period_end="2022-03-31"))
    sums = table.groupby(["org_level", "period_end"], observed=True)["value"].sum()
    assert sums.tolist() == pytest.approx([1, 1, 1])


def test_a_dimension_shares_each_organisations_own_total():
    rows = [
        row(code, x, 100, sex=sex)
        for code, pair in (("Y99001", (10, 30)), ("Y99002", (1, 1)))
        for sex, x in zip(("female", "male"), pair, strict=True)
    ]
    everyone = row("Y99001", 40, 200, sex="all")
    table = shared(*rows, everyone, among="sex")
    assert table["value"].tolist() == [0.25, 0.75, 0.5, 0.5]


def test_a_hidden_part_leaves_ranges_and_no_share_of_an_unknown_total():
    first, *rest = pcns((10, 30, 60))
    table = shared(hidden(first["org_code"], 1, 7, 200, org_level="pcn"), *rest)
    assert table["value"].isna().all()
    assert table["value_low"].tolist() == pytest.approx([1 / 91, 30 / 97, 60 / 97])
    assert table["value_high"].tolist() == pytest.approx([7 / 97, 30 / 91, 60 / 91])
    assert "hidden" in table["reason"].iloc[0]
    assert table["reason"].iloc[1] == "a group has no value or no error"


def test_repeat_events_need_their_squares():
    squares = [{**each, "numerator_ss": 4.0 * each["numerator"]} for each in pcns((10, 30, 60))]
    wide, none, narrow = (
        shared(*rows, measure=measure)
        for rows, measure in ((squares, VISITS), (pcns((10, 30, 60)), VISITS),
                              (pcns((10, 30, 60)), SHARE))
    )  # fmt: skip
    assert wide["value"].tolist() == none["value"].tolist() == narrow["value"].tolist()
    assert (wide["upper"] > narrow["upper"]).all()
    assert none["lower"].isna().all()
    assert none["reason"].str.contains("no sum of squares").all()


def test_nothing_at_all_has_no_shares():
    table = shared(*pcns((0, 0, 0)))
    assert table["value"].isna().all()
    assert (table["reason"] == "denominator is zero").all()


def test_groups_that_share_members_have_no_shares():
    rows = [{**each, "basis": "overlapping"} for each in pcns((10, 30, 60))]
    with pytest.raises(DoubleCountError, match="share members"):
        shared(*rows)


def test_one_figure_told_twice_is_refused():
    rows = pcns((10, 30, 60), basis="published")
    with pytest.raises(DoubleCountError, match="another row gives too"):
        shared(*rows, {**rows[0], "basis": "rolled_up"})


def test_people_have_no_shares_among_what_nobody_declared_disjoint():
    rows = [row("Y99001", x, 100, provider=name) for name, x in (("R1", 10), ("R2", 30))]
    with pytest.raises(DoubleCountError, match=r"people .* would count in several shares"):
        shared(*rows, among="provider")
    assert len(shared(*rows, among="provider", measure=VISITS)) == 2


def test_bands_that_overlap_have_no_shares():
    rows = [row("Y99001", 10, 100, age_band=band) for band in ("<40", "<65", "65+")]
    with pytest.raises(DoubleCountError, match="age_band overlap"):
        shared(*rows, among="age_band")


def test_a_mean_has_no_shares_and_an_unknown_dimension_is_refused():
    with pytest.raises(StatisticsError, match="is a mean"):
        shared(*pcns((10, 30, 60)), measure=card(kind="mean"))
    with pytest.raises(OptionError, match=r"among= takes org_code, not 'org_cod'.*Did you mean"):
        shared(*pcns((10, 30, 60)), among="org_cod")
