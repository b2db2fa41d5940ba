"""Standardise: bands by key, ten events, hidden bands, repeat events, and what must be refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planted import card, counts, hidden, row, to_fives

from phm_diabetes.errors import (
    DefinitionMismatchError,
    DoubleCountError,
    OptionError,
    StatisticsError,
    UnlikeError,
)
from phm_diabetes.metrics.direct import dsr
from phm_diabetes.metrics.dispatch import divides_its_counts
from phm_diabetes.metrics.reference_populations import ESP2013, ReferencePopulation
from phm_diabetes.metrics.standardised import standardise

A, B = "Y99001", "Y99002"
BANDS = ("<40", "40-64", "65+")
RATE = card(id="copd.review", kind="rate", per=1000)
SHARE = card()


def banded(code, numerators, denominators=(1000, 800, 400), bands=BANDS, **cells):
    return [
        row(code, x, n, age_band=band, **cells)
        for band, x, n in zip(bands, numerators, denominators, strict=True)
    ]


ENGLAND = counts(
    *banded("England", (900, 4000, 6000), (90_000, 80_000, 40_000), org_level="england")
)


def standardised(*rows, measure=SHARE, **options):
    return standardise(counts(*rows), measures=[measure], **options)


def test_the_weight_of_a_band_is_that_of_the_standard():
    found = standardised(*banded(A, (10, 40, 60))).iloc[0]
    weights = ESP2013.people_in(BANDS)
    assert found["value"] == pytest.approx(
        float(weights @ np.array([0.01, 0.05, 0.15]) / weights.sum())
    )
    assert found["lower"] < found["value"] < found["upper"]


def test_the_output_names_method_and_standard_and_is_no_quotient_of_its_counts():
    table = standardised(*banded(A, (10, 40, 60)))
    assert table["method"].tolist() == ["Dobson with Byar"]
    assert (
        table["definition"]
        .iloc[0]
        .endswith("directly standardised over age_band to European Standard Population 2013")
    )
    assert not divides_its_counts(table).any()
    assert table[["numerator", "denominator"]].to_numpy().tolist() == [[110, 2200]]
    assert "age_band" not in table


def test_bands_are_joined_by_key_whatever_their_order():
    forward = standardised(*banded(A, (10, 40, 60)))
    backward = standardised(*reversed(banded(A, (10, 40, 60))))
    assert forward["value"].tolist() == backward["value"].tolist()


def test_under_ten_events_there_is_no_rate_and_it_says_so():
    found = standardised(*banded(A, (1, 3, 5)), *banded(B, (1, 4, 5))).set_index("org_code")
    assert np.isnan(found.loc[A, ["value", "value_low"]].astype(float)).all()
    assert found.loc[A, "reason"] == "fewer than 10 events"
    assert found["value"][B] > 0


def test_a_band_without_a_row_is_missing_and_not_empty():
    found = standardised(*banded(A, (10, 40, 60)), *banded(B, (10, 40, 60))[:2])
    assert found["reason"].tolist() == ["", "a band's count is missing"]


def test_an_organisation_without_bands_is_kept_with_the_reason():
    found = standardised(*banded(A, (10, 40, 60)), row(B, 40, 900, age_band="all"))
    assert found["org_code"].tolist() == [A, B]
    assert found["numerator"].tolist() == [110, 40]
    assert found["reason"].iloc[1] == "a band's count is missing"


def test_a_hidden_band_gives_a_range_and_no_rate():
    first, *rest = banded(A, (10, 40, 60))
    found = standardised(hidden(A, 1, 7, 1000, age_band="<40"), *rest).iloc[0]
    low, high = (
        standardised({**first, "numerator": count}, *rest)["value"].iloc[0] for count in (1, 7)
    )
    assert np.isnan(found["value"])
    assert (found["value_low"], found["value_high"]) == pytest.approx((low, high))
    assert "hidden" in found["reason"]


def test_a_proportion_that_rounding_puts_above_one_is_a_range_and_no_figure():
    rounded = [to_fives(A, 20, 10, age_band=band) for band in BANDS]
    possible = [each | {"denominator_high": 25} for each in rounded]
    found = standardised(*possible).iloc[0]
    assert np.isnan([found["value"], found["lower"], found["upper"]]).all()
    assert found["reason"].startswith("numerator above its denominator, as rounding")
    assert (found["value_low"], found["value_high"]) == pytest.approx((18 / 25, 1))


def test_the_events_of_an_indirect_ratio_may_hide_their_bands():
    parts = [hidden(A, 1, 7, 1000, age_band="<40"), *banded(A, (10, 40, 60))[1:]]
    both = standardised(
        *parts, row(A, 104, 2200, age_band="all"), method="indirect_ratio", reference=ENGLAND
    ).iloc[0]
    assert both["value"] == pytest.approx(104 / (10 + 40 + 60))
    alone = standardised(*parts, method="indirect_ratio", reference=ENGLAND).iloc[0]
    assert np.isnan(alone["value"])
    assert alone["value_low"] < both["value"] < alone["value_high"]


def test_an_indirect_rate_is_the_ratio_times_the_standards_crude_rate():
    rows = banded(A, (20, 30, 50))
    ratio, rate = (
        standardised(*rows, measure=RATE, reference=ENGLAND, method=method)["value"].iloc[0]
        for method in ("indirect_ratio", "indirect_rate")
    )
    assert rate == pytest.approx(ratio * 1000 * 10_900 / 210_000)


def test_a_standards_own_ratio_is_one_and_its_own_rate_is_its_crude_rate():
    ours = ENGLAND.assign(org_code="X", org_level="icb")
    direct = standardise(ours, reference=ENGLAND, measures=[SHARE])
    ratio = standardise(ours, reference=ENGLAND, method="indirect_ratio", measures=[SHARE])
    assert direct["value"].tolist() == pytest.approx([10_900 / 210_000])
    assert ratio["value"].tolist() == pytest.approx([1])


def test_a_standard_may_have_finer_bands_than_the_counts():
    finer = counts(
        *banded(
            "England",
            (300, 600, 4000, 2000, 4000),
            (40_000, 50_000, 80_000, 25_000, 15_000),
            ("<17", "17-39", "40-64", "65-79", "80+"),
            org_level="england",
        )
    )
    for method in ("direct", "indirect_ratio"):
        found, other = (
            standardised(*banded(A, (10, 40, 60)), reference=standard, method=method)["value"]
            for standard in (ENGLAND, finer)
        )
        assert found.tolist() == pytest.approx(other.tolist())


def test_over_age_and_sex_both_sexes_weigh_the_same():
    women = banded(A, (10, 40, 60), sex="female")
    men = banded(A, (20, 20, 20), (500, 500, 500), sex="male")
    both = standardised(*women, *men, over=("age_band", "sex"))["value"].iloc[0]
    alone = standardised(*women, *men, by=["sex"])["value"]
    assert both == pytest.approx(alone.mean())


def test_other_dimensions_are_summed_first_unless_kept():
    halves = [banded(A, (5, 20, 30), (500, 400, 200), sex=sex) for sex in ("female", "male")]
    assert standardised(*halves[0], *halves[1])["value"].tolist() == pytest.approx(
        standardised(*banded(A, (10, 40, 60)))["value"].tolist()
    )


def test_repeat_events_widen_the_interval_and_without_squares_have_none():
    visits = card(kind="rate", unit="events", per=1000)
    once = [{**each, "numerator_ss": float(each["numerator"])} for each in banded(A, (10, 40, 60))]
    again = [{**each, "numerator_ss": 3.0 * each["numerator"]} for each in banded(A, (10, 40, 60))]
    narrow, wide, none = (
        standardised(*rows, measure=visits).iloc[0]
        for rows in (once, again, banded(A, (10, 40, 60)))
    )
    assert narrow["value"] == wide["value"] == none["value"]
    assert wide["upper"] - wide["value"] > 1.5 * (narrow["upper"] - narrow["value"])
    assert np.isnan([none["lower"], none["upper"]]).all()
    assert "no sum of squares" in none["reason"]


def test_money_has_the_same_interval_in_pence_and_in_pounds():
    cost = card(kind="rate", unit="pence")

    def found(scale):
        rows = [
            {**each, "numerator": each["numerator"] * scale,
             "numerator_ss": 2.0 * each["numerator"] * scale**2}
            for each in banded(A, (10, 40, 60))
        ]  # fmt: skip
        only = standardised(*rows, measure=cost).iloc[0]
        return np.array([only["value"], only["lower"], only["upper"]]) / scale

    np.testing.assert_allclose(found(100), found(1), rtol=1e-12)


def test_several_confidences_give_a_row_each():
    table = standardised(*banded(A, (10, 40, 60)), confidence=[0.95, 0.998])
    assert table["confidence"].tolist() == [0.95, 0.998]
    assert table["lower"].is_monotonic_decreasing


def test_several_measures_and_periods_are_each_standardised():
    rows = [
        *banded(A, (10, 40, 60)),
        *banded(A, (20, 40, 60), period_start="2021-04-01", period_end="2022-03-31"),
        *banded(A, (30, 40, 60), measure="copd.flu", bands=("17-39", "40-64", "65+")),
    ]
    ages = ReferencePopulation(
        name="planted", bands=("0-16", "17-39", "40-64", "65+"), people=(1, 2, 3, 4), source=""
    )
    table = standardise(counts(*rows), reference=ages, measures=[SHARE, card(id="copd.flu")])
    direct = [
        dsr([10, 40, 60], [1000, 800, 400], [3, 3, 4], per=1),
        dsr([20, 40, 60], [1000, 800, 400], [3, 3, 4], per=1),
        dsr([30, 40, 60], [1000, 800, 400], [2, 3, 4], per=1),
    ]
    assert sorted(table["value"]) == pytest.approx(sorted(float(each.value) for each in direct))


def test_a_standard_of_several_periods_is_matched_by_period():
    year = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    both = counts(
        *banded("E", (900, 4000, 6000), (90_000, 80_000, 40_000), org_level="england"),
        *banded("E", (450, 2000, 3000), (90_000, 80_000, 40_000), org_level="england", **year),
    )
    rows = [*banded(A, (10, 40, 60)), *banded(A, (10, 40, 60), **year)]
    table = standardised(*rows, method="indirect_ratio", reference=both)
    assert table.set_index("period_end")["value"].sort_index().tolist() == [2, 1]
    with pytest.raises(UnlikeError, match="several periods"):
        standardised(
            *banded(A, (1, 2, 3), period_start="2020-04-01", period_end="2021-03-31"),
            method="indirect_ratio",
            reference=both,
        )


def test_people_of_unknown_age_stand_aside_only_when_told_to():
    rows = [*banded(A, (10, 40, 60)), row(A, 2, 30, age_band="unknown")]
    with pytest.raises(StatisticsError, match="allow_unknown='reason'"):
        standardised(*rows)
    found = standardised(*rows, allow_unknown="1% of people").iloc[0]
    assert found["value"] == standardised(*banded(A, (10, 40, 60)))["value"].iloc[0]
    assert found["method"].endswith("unknown age_band left out: 1% of people")
    empty = [*banded(A, (10, 40, 60)), row(A, 0, 0, age_band="unknown")]
    assert standardised(*empty)["reason"].tolist() == [""]


def test_one_odd_row_does_not_keep_the_others_from_their_rate():
    found = standardised(*banded(A, (10, 40, 60), (0, 800, 400)), *banded(B, (10, 40, 60)))
    assert found["reason"].tolist() == ["a band has no people", ""]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"over": "age_bands"}, "over= names 'age_bands', which is not.*Did you mean 'age_band'"),
        ({"over": ()}, "over= names no dimension"),
        ({"method": "indirect"}, "method= takes direct, indirect_rate"),
        ({"method": "indirect_ratio"}, "needs the rates of a standard"),
        ({"allow_unknown": " "}, "it is blank"),
        ({"confidence": 95}, r"0\.95 for 95%"),
    ],
    ids=["no dimension", "nothing", "method", "people only", "blank reason", "confidence"],
)
def test_what_cannot_be_done_is_refused_with_what_to_write(options, words):
    with pytest.raises(OptionError, match=words):
        standardised(*banded(A, (10, 40, 60)), **options)


def test_a_band_that_the_standard_lacks_is_refused_by_name():
    rows = banded(A, (10, 40), (100, 100), bands=("17-39", "40+"))
    with pytest.raises(StatisticsError, match=r"'17-39' is not a band of .*European Standard"):
        standardised(*rows)


def test_overlapping_bands_are_refused_as_double_counting():
    rows = banded(A, (10, 40), (100, 100), bands=("<40", "0-64"))
    with pytest.raises(StatisticsError, match="overlap"):
        standardised(*rows)
    with pytest.raises(StatisticsError, match="overlap"):
        standardised(*rows, reference=counts(*({**each, "org_code": "E"} for each in rows)))


def test_a_mean_or_a_plain_count_cannot_be_standardised():
    for kind in ("mean", "count"):
        with pytest.raises(StatisticsError, match=f"is a {kind}"):
            standardised(*banded(A, (10, 40, 60)), measure=card(kind=kind))


@pytest.mark.parametrize(
    ("cells", "error", "words"),
    [
        ({"definition": "planted:2"}, DefinitionMismatchError, "planted:1 with planted:2"),
        ({"measure": "copd.other"}, StatisticsError, "has no counts of copd.review"),
        ({"sex": "female"}, UnlikeError, "reference= is of sex female"),
    ],
    ids=["definition", "measure", "people"],
)
def test_a_standard_of_something_else_is_refused(cells, error, words):
    standard = counts(*banded("E", (1, 2, 3), org_level="england", **cells))
    with pytest.raises(error, match=words):
        standardised(*banded(A, (10, 40, 60)), reference=standard)


def test_a_standard_is_one_organisation_known_in_every_band():
    two = counts(*banded(A, (1, 2, 3)), *banded(B, (1, 2, 3)))
    with pytest.raises(OptionError, match="holds 2 organisations"):
        standardised(*banded(A, (10, 40, 60)), reference=two)
    masked = counts(
        hidden("E", 1, 7, 1000, age_band="<40", org_level="england"),
        *banded("E", (1, 2, 3), org_level="england")[1:],
    )
    with pytest.raises(StatisticsError, match="known in every band"):
        standardised(*banded(A, (10, 40, 60)), reference=masked, method="indirect_ratio")


def test_margins_without_parts_are_refused():
    margins = [
        row(A, 10, 100, age_band="all", sex="female"),
        row(A, 20, 100, age_band="<40", sex="all"),
    ]
    with pytest.raises(DoubleCountError, match="neither parts nor a row for all"):
        standardised(*margins, over=("age_band", "sex"))


def test_no_row_in_gives_no_row_out():
    none = counts(*banded(A, (10, 40, 60))).head(0)
    assert len(standardise(none, measures=[SHARE])) == 0
