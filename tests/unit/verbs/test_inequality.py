"""Inequality: most against least deprived, its points beside it, its basis in every label."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.planted import card, counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, StatisticsError, UnlikeError
from phm_diabetes.metrics.differences import newcombe
from phm_diabetes.metrics.gradient import standard_error
from phm_diabetes.metrics.inequalities import inequality
from phm_diabetes.metrics.slope import slope_index
from phm_diabetes.metrics.standardised import standardise

ICB: dict[str, Any] = {"org_level": "icb"}
SHARE = card()
FALLING = (660, 620, 610, 560, 540)
WHOSE: dict[str, Any] = {"basis": "people", "quantiles": "national"}


def fifths(code, numerators, denominators=(1000,) * 5, vintage="2019", **cells):
    return [
        row(code, x, n, imd_quintile=f"{vintage}:{fifth}", **ICB, **cells)
        for fifth, (x, n) in enumerate(zip(numerators, denominators, strict=True), 1)
    ]


def found(*rows, measure=SHARE, **options):
    given: dict[str, Any] = WHOSE | {"measures": [measure]} | options
    return inequality(counts(*rows), **given)


def figure(*rows, **options):
    table = found(*rows, **options)
    return table[table["figure"] != "point"].iloc[0]


def test_a_gap_is_the_most_deprived_less_the_least_with_newcombes_interval():
    only = figure(*fifths("QZZ", FALLING), method="gap")
    np.testing.assert_allclose(
        [only["value"], only["lower"], only["upper"]], newcombe(660, 1000, 540, 1000)
    )


def test_all_four_methods_set_the_most_deprived_against_the_least():
    rows = fifths("QZZ", FALLING)
    signs = {
        method: figure(*rows, method=method)["value"]
        for method in ("gap", "gap_ratio", "slope_index", "relative_index")
    }
    assert signs["gap"] == pytest.approx(0.12)
    assert signs["gap_ratio"] == pytest.approx(0.66 / 0.54)
    assert signs["slope_index"] == pytest.approx(0.15)
    assert signs["relative_index"] > 1


def test_a_slope_is_that_of_the_array_function_turned_round():
    only = figure(*fifths("QZZ", FALLING), method="slope_index")
    table = phm.estimate(counts(*fifths("QZZ", FALLING)), by=["imd_quintile"], measures=[SHARE])
    error = standard_error(table["lower"], table["upper"], kind="proportion")
    other = slope_index(table["value"], [1000] * 5, error, kind="proportion")
    assert only["value"] == pytest.approx(-float(other.value))
    assert only["lower"] == pytest.approx(-float(other.upper), abs=0.002)


def test_the_points_are_kept_beside_the_figure_with_their_place_on_the_scale():
    table = found(*fifths("QZZ", FALLING), method="slope_index")
    assert table["figure"].tolist() == ["slope_index"] + ["point"] * 5
    assert table["relative_rank"].tolist()[1:] == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
    assert table["value"].tolist()[1:] == pytest.approx([x / 1000 for x in FALLING])
    assert table["imd_quintile"].iloc[0] == "2019:1 to 2019:5"
    assert table["numerator"].iloc[0] == sum(FALLING)


def test_those_of_unknown_deprivation_are_a_point_without_a_place():
    unknown = row("QZZ", 40, 90, imd_quintile="unknown", **ICB)
    everyone = row("QZZ", 3030, 5090, imd_quintile="all", **ICB)
    table = found(*fifths("QZZ", FALLING), unknown, everyone, method="slope_index")
    assert len(table) == 7
    placed = table.set_index("imd_quintile")["relative_rank"]
    assert np.isnan(placed["unknown"])
    assert table["value"].iloc[0] == figure(*fifths("QZZ", FALLING), method="slope_index")["value"]


@pytest.mark.parametrize(
    ("numerators", "words"),
    [
        ((660, 620, 9, 560, 540), "fewer than 10 events"),
        ((660, 520, 370, 560, 650), "do not lie on a line"),
    ],
    ids=["few events", "no line"],
)
def test_a_slope_is_withheld_with_its_reason_and_its_points_shown(numerators, words):
    table = found(*fifths("QZZ", numerators), *fifths("QYY", FALLING), method="slope_index")
    by_org = table[table["figure"] == "slope_index"].set_index("org_code")
    assert np.isnan(by_org["value"]["QZZ"])
    assert words in by_org["reason"]["QZZ"]
    assert by_org["reason"]["QYY"] == ""
    assert table[table["figure"] == "point"]["value"].notna().all()


def test_a_curve_may_be_drawn_as_a_line_only_with_a_reason_that_is_printed():
    rows = fifths("QZZ", (660, 520, 370, 560, 650))
    only = figure(*rows, method="slope_index", allow_curved="as the audit publishes it")
    assert only["value"] == pytest.approx(0, abs=0.2)
    assert "as the audit publishes it" in only["gradient"]
    with pytest.raises(OptionError, match="blank"):
        figure(*rows, method="slope_index", allow_curved=" ")


def test_a_missing_fifth_withholds_the_figure_and_never_moves_the_ends():
    table = found(*fifths("QZZ", FALLING)[:4], method="gap")
    assert np.isnan(table["value"].iloc[0])
    assert table["reason"].iloc[0] == "a group has no value or no error"


def test_hidden_and_rounded_fifths_carry_their_range():
    first, *_, last = fifths("QZZ", FALLING)
    middle = fifths("QZZ", FALLING)[1:4]
    masked = hidden("QZZ", 600, 700, 1000, imd_quintile="2019:1", **ICB)
    only = figure(masked, *middle, last, method="gap")
    assert np.isnan(only["value"])
    assert (only["value_low"], only["value_high"]) == pytest.approx((0.06, 0.16))
    rounded = to_fives("QZZ", 660, 1000, imd_quintile="2019:1", **ICB)
    only = figure(rounded, *middle, last, method="gap")
    assert [only[end] for end in ("value_low", "value", "value_high")] == pytest.approx(
        [658 / 1002 - 0.54, 0.12, 662 / 998 - 0.54]
    )
    assert np.isnan(figure(rounded, *middle, last, method="slope_index")["value_low"])
    assert figure(first, *middle, last, method="slope_index")["value_low"] == pytest.approx(0.15)


def test_every_row_says_whose_deprivation_it_is_in_which_vintage():
    rows = fifths("QZZ", FALLING, vintage="2025")
    people = figure(*rows, method="gap")["gradient"]
    assert people.startswith("Person level: people in 5 national groups by IMD 2025")
    practices = figure(*rows, method="gap", basis="practices", quantiles="local")["gradient"]
    assert practices.startswith("Ecological: practices in 5 local groups by IMD 2025")
    assert "not their patients' own deprivation" in practices


def test_deprivation_of_practices_is_never_called_that_of_people():
    rows = [
        {**each, "practice_imd_quintile": each["imd_quintile"]} for each in fifths("QZZ", FALLING)
    ]
    for each in rows:
        del each["imd_quintile"]
    with pytest.raises(UnlikeError, match="is not that of their patients"):
        found(*rows, method="gap", over="practice_imd_quintile")
    table = found(*rows, method="gap", over="practice_imd_quintile", basis="practices")
    assert table["gradient"].str.startswith("Ecological").all()


def test_two_vintages_are_never_joined():
    rows = [*fifths("QZZ", FALLING), *fifths("QYY", FALLING, vintage="2025")]
    with pytest.raises(UnlikeError, match=r"2 vintages \(2019, 2025\)"):
        found(*rows, method="gap")


def test_a_slope_needs_five_groups_and_a_gap_two():
    rows = [row("QZZ", x, 1000, halves=f"2019:{half}", **ICB) for half, x in enumerate((60, 50), 1)]
    assert figure(*rows, over="halves", method="gap")["value"] == pytest.approx(0.01)
    with pytest.raises(StatisticsError, match="at least 5 groups, and 'halves' has 2"):
        figure(*rows, over="halves", method="slope_index")


def test_a_gap_between_two_levels_of_another_dimension():
    rows = [
        row("QZZ", x, 1000, ethnicity=group, **ICB)
        for group, x in (("minority", 400), ("white", 500), ("unknown", 10))
    ]
    only = figure(
        *rows, over="ethnicity", method="gap", between=("minority", "white"), quantiles=None
    )
    assert only["value"] == pytest.approx(-0.1)
    assert only["gradient"] == "Person level: ethnicity minority less white."


def test_standardised_rates_can_have_a_slope():
    rows = [
        row("QZZ", x + add, 1000, age_band=band, imd_quintile=f"2019:{fifth}", **ICB)
        for fifth, x in enumerate((60, 55, 50, 45, 40), 1)
        for band, add in (("<40", 0), ("40+", 100))
    ]
    rates = standardise(counts(*rows), by=["imd_quintile"], measures=[SHARE])
    table = inequality(rates, method="slope_index", measures=[SHARE], **WHOSE)
    assert table["value"].iloc[0] == pytest.approx(0.025)
    assert table["lower"].iloc[0] < 0.025 < table["upper"].iloc[0]


def test_each_confidence_has_its_own_figure():
    table = found(*fifths("QZZ", FALLING), method="slope_index", confidence=[0.95, 0.998])
    both = table[table["figure"] == "slope_index"].set_index("confidence")
    assert both["lower"][0.998] < both["lower"][0.95]
    assert both["value"][0.998] == both["value"][0.95]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"method": "sii"}, OptionError, "method= takes gap, gap_ratio"),
        ({"method": "gap", "basis": "patients"}, OptionError, "basis= takes people"),
        ({"method": "gap", "quantiles": None}, OptionError, "quantiles= takes national, local"),
        ({"method": "gap", "over": "imd_quintiles"}, OptionError, "Did you mean 'imd_quintile'"),
        (
            {"method": "slope_index", "between": ("a", "b"), "quantiles": None},
            OptionError,
            "between= is for gap",
        ),
        ({"method": "gap", "measure": card(kind="count")}, StatisticsError, "plain count"),
    ],
    ids=["method", "basis", "quantiles", "dimension", "between", "count"],
)
def test_what_cannot_be_done_is_refused_with_what_to_write(options, error, words):
    with pytest.raises(error, match=words):
        found(*fifths("QZZ", FALLING), **options)


def test_levels_that_name_no_vintage_are_refused():
    rows = [row("QZZ", 50, 100, imd_quintile=str(fifth), **ICB) for fifth in range(1, 6)]
    with pytest.raises(OptionError, match="such as 2019:1"):
        found(*rows, method="gap")
