"""Slope indices and quantiles against PHEindicatormethods 2.1.0.

Values agree to 1e-9. Their bounds come from a million draws, so they are compared in units of the
index's standard error: a percentile of a million normal draws has a standard error of 0.003 (at
95%) or 0.009 (at 99.8%) of that, one of 200,000 draws of 0.006 or 0.021; the two add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.metrics.deprivation import deprivation_quantile
from phm_diabetes.metrics.gradient import standard_error
from phm_diabetes.metrics.slope import reason_no_slope, relative_index, slope_index

if TYPE_CHECKING:
    from pathlib import Path

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.intervals import Interval

DRAWS = 200_000
NEAR_95, NEAR_998 = 0.03, 0.07  # four and three of those standard errors, for two simulations


def read(shared: Path, name: str, sort: list[str] | None = None) -> pd.DataFrame:
    table = pd.read_csv(shared / "oracles" / name, skipinitialspace=True)
    return table.sort_values(sort) if sort else table


def square(table: pd.DataFrame, column: str, areas: int) -> FloatArray:
    return table[column].to_numpy(dtype=float).reshape(areas, -1)


def reverse(*arrays: FloatArray) -> tuple[FloatArray, ...]:
    """Put the least deprived first, as a negative multiplier does in R."""
    return tuple(array[:, ::-1] for array in arrays)


def agree(ours: Interval, theirs: pd.DataFrame, index: str, *, end: str = "cl") -> None:
    np.testing.assert_allclose(ours.value, theirs[index], rtol=1e-9)
    lowers, uppers = np.atleast_2d(ours.lower), np.atleast_2d(ours.upper)
    error = (uppers[0] - lowers[0]) / 3.92
    for row, (level, near) in enumerate((("95_0", NEAR_95), ("99_8", NEAR_998))):
        if f"{index}_lower{level}{end}" in theirs:
            below = lowers[row] - theirs[f"{index}_lower{level}{end}"]
            above = uppers[row] - theirs[f"{index}_upper{level}{end}"]
            assert (np.abs(below) / error < near).all()
            assert (np.abs(above) / error < near).all()


@pytest.mark.method("slope-index")
def test_closed_form_bounds_of_life_expectancy_match_a_million_draws(shared: Path) -> None:
    table = read(shared, "sii_le_input.csv", ["Sex", "GeoCode", "Decile"])
    theirs = read(shared, "sii_le_expected_r.csv")
    given = [square(table, column, len(theirs)) for column in ("LifeExp", "Pop", "SE")]
    for index, verb in (("sii", slope_index), ("rii", relative_index)):
        ours = verb(*given, kind="mean", only_if_linear=False, confidence=[0.95, 0.998])
        agree(ours, theirs, index)


@pytest.mark.method("slope-index")
def test_rates_match_with_the_groups_reversed_for_a_negative_multiplier(shared: Path) -> None:
    table = read(shared, "sii_dsr_input.csv", ["Period", "Quintile"])
    theirs = read(shared, "sii_rate_expected_r.csv")
    columns = ("value", "total_pop", "lowercl", "uppercl")
    value, people, lower, upper = reverse(*(square(table, name, len(theirs)) for name in columns))
    error = standard_error(lower, upper, kind="rate")
    for index, verb in (("sii", slope_index), ("rii", relative_index)):
        ours = verb(
            value, people, error, kind="rate", only_if_linear=False,
            confidence=[0.95, 0.998], repetitions=DRAWS,
        )  # fmt: skip
        agree(ours, theirs, index)


@pytest.mark.method("slope-index")
def test_rates_fitted_on_the_log_scale_match(shared: Path) -> None:
    table = read(shared, "sii_dsr_input.csv", ["Period", "Quintile"])
    theirs = read(shared, "sii_rate_logtransform_expected_r.csv")
    columns = ("value", "total_pop", "lowercl", "uppercl")
    value, people, lower, upper = (square(table, name, len(theirs)) for name in columns)
    error = standard_error(lower, upper, kind="rate")
    for index, verb in (("sii", slope_index), ("rii", relative_index)):
        ours = verb(
            value, people, error, kind="rate", transformed=True, only_if_linear=False,
            repetitions=DRAWS,
        )  # fmt: skip
        agree(ours, theirs, index, end="")


@pytest.mark.method("slope-index")
def test_proportions_match_in_percentage_points(shared: Path) -> None:
    table = read(shared, "sii_proportion_input.csv", ["Period", "SchoolYear", "Decile"])
    theirs = read(shared, "sii_proportion_expected_r.csv")
    columns = ("Count", "Measured", "LCL", "UCL")
    count, people, lower, upper = reverse(*(square(table, name, len(theirs)) for name in columns))
    given = count / people, people, standard_error(lower, upper, kind="proportion")
    slope = slope_index(*given, kind="proportion", events=count, per=100, repetitions=DRAWS)
    agree(slope, theirs, "sii")
    agree(relative_index(*given, kind="proportion", repetitions=DRAWS), theirs, "rii")


@pytest.mark.method("slope-index")
def test_the_published_rates_are_not_linear_and_their_slope_is_withheld(shared: Path) -> None:
    table = read(shared, "sii_dsr_input.csv", ["Period", "Quintile"])
    years = table["Period"].nunique()
    columns = ("value", "total_pop", "lowercl", "uppercl")
    value, people, lower, upper = (square(table, name, years) for name in columns)
    error = standard_error(lower, upper, kind="rate")
    assert (reason_no_slope(value, people, error, kind="rate") > 0).all()
    assert np.isnan(slope_index(value, people, error, kind="rate", repetitions=10).value).all()


@pytest.mark.method("deprivation-quantiles")
def test_every_quantile_with_ties_gaps_and_too_few_areas_is_ohids(shared: Path) -> None:
    table = read(shared, "quantiles_r.csv")
    cases = table.groupby(["case", "nquantiles", "invert"])
    assert cases.ngroups == 40
    for _, areas in cases:
        ours = deprivation_quantile(
            areas["v"],
            groups=areas["nquantiles"].iloc[0],
            most_deprived="highest" if areas["invert"].iloc[0] else "lowest",
        )
        np.testing.assert_array_equal(ours, areas["quantile"].to_numpy(dtype=float))
