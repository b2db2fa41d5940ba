"""Standardised rates against PHEindicatormethods 2.1.0, to 1e-9 relative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from phm_diabetes.metrics.direct import dsr, reason_no_dsr
from phm_diabetes.metrics.indirect import expected_events, indirect_rate, indirect_ratio
from phm_diabetes.metrics.reasons import Reason
from phm_diabetes.metrics.reference_populations import ESP2013

if TYPE_CHECKING:
    from pathlib import Path

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.intervals import Interval

AREAS, BANDS = 12, 19
BOTH = [0.95, 0.998]


def read(shared: Path, name: str) -> pd.DataFrame:
    # A method's name holds a comma that is not quoted: the columns after it are not needed.
    return pd.read_csv(
        shared / "oracles" / name,
        skipinitialspace=True,
        index_col=False,
        usecols=lambda column: column not in {"statistic", "method"},
    )


def square(table: pd.DataFrame, column: str, areas: int = AREAS) -> FloatArray:
    return table[column].to_numpy(dtype=float).reshape(areas, -1)


def agree(ours: Interval, theirs: pd.DataFrame) -> None:
    columns = ["95_0cl", "99_8cl"]
    for found, expected in (
        (ours.value, theirs["value"]),
        (ours.lower, theirs[[f"lower{column}" for column in columns]].T),
        (ours.upper, theirs[[f"upper{column}" for column in columns]].T),
    ):
        np.testing.assert_allclose(found, np.asarray(expected, dtype=float), rtol=1e-9)


@pytest.fixture(scope="module")
def areas(shared: Path) -> pd.DataFrame:
    return read(shared, "dsr_input.csv")


@pytest.mark.method("direct-standardisation")
def test_direct_rates_are_those_of_ohid_where_a_missing_count_is_taken_as_none(
    shared: Path, areas: pd.DataFrame
) -> None:
    standard = ESP2013.people_in(areas["ageband"].iloc[:BANDS].tolist())
    ours = dsr(
        square(areas, "count"), square(areas, "pop"), standard,
        missing_count_is_zero=True, confidence=BOTH,
    )  # fmt: skip
    agree(ours, read(shared, "dsr_expected_r.csv"))


@pytest.mark.method("direct-standardisation")
def test_no_direct_rate_is_given_under_ten_events_and_the_reason_says_so(
    areas: pd.DataFrame,
) -> None:
    codes = reason_no_dsr(square(areas, "count"), square(areas, "pop"))
    words = dict(zip(areas["area"].unique(), (Reason(code).words for code in codes), strict=True))
    assert {area: why for area, why in words.items() if why} == {
        "P05": "a band's count is missing",
        "P08": "fewer than 10 events",
        "P09": "fewer than 10 events",
    }


@pytest.mark.method("direct-standardisation")
def test_the_standard_population_is_that_of_the_reference(areas: pd.DataFrame) -> None:
    first = areas.iloc[:BANDS]
    np.testing.assert_array_equal(ESP2013.people_in(first["ageband"].tolist()), first["esp2013"])


@pytest.mark.method("direct-standardisation")
def test_repeat_events_widen_the_interval_as_ohids_do(shared: Path) -> None:
    persons = read(shared, "dsr_nonindependent_input.csv")
    persons["events"] = persons["persons"] * persons["eventfreq"]
    persons["squares"] = persons["events"] * persons["eventfreq"]
    bands = persons.groupby(["area", "ageband"], sort=False).agg(
        pop=("pop", "first"), standard=("esp2013", "first"),
        events=("events", "sum"), squares=("squares", "sum"),
    )  # fmt: skip
    bands = bands.sort_index(level="area", sort_remaining=False, kind="stable")
    ours = dsr(
        square(bands, "events", 3), square(bands, "pop", 3), square(bands, "standard", 3),
        sum_of_squares=square(bands, "squares", 3), confidence=BOTH,
    )  # fmt: skip
    agree(ours, read(shared, "dsr_nonindependent_expected_r.csv"))


@pytest.mark.method("direct-standardisation")
def test_a_published_example_is_reproduced_by_dobsons_and_not_by_the_gamma_interval(
    shared: Path,
) -> None:
    births, theirs = read(shared, "dsr_downs_input.csv"), read(shared, "dsr_downs_expected_r.csv")
    shape = len(theirs)
    ours = dsr(
        square(births, "count", shape), square(births, "pop", shape),
        square(births, "stdpop", shape), per=1, confidence=BOTH,
    )  # fmt: skip
    agree(ours, theirs)
    np.testing.assert_allclose(ours.value, theirs["adj.rate"], rtol=1e-9)
    assert (np.abs(ours.lower[0] / theirs["lci"].to_numpy() - 1) > 1e-5).all()


@pytest.mark.method("direct-standardisation")
def test_epitools_gamma_interval_has_the_same_rate_and_other_bounds(
    shared: Path, areas: pd.DataFrame
) -> None:
    theirs = read(shared, "dsr_gamma_fayfeuer_epitools_r.csv")
    ours = dsr(
        square(areas, "count"), square(areas, "pop"), ESP2013.people, per=1,
        missing_count_is_zero=True,
    )  # fmt: skip
    known = ~np.isnan(ours.value)
    assert known.sum() >= 9
    np.testing.assert_allclose(ours.value[known], theirs["adj.rate"][known], rtol=1e-9)
    assert (np.abs(ours.upper[known] / theirs["uci"][known] - 1) > 1e-3).all()


@pytest.mark.method("indirect-standardisation")
def test_indirect_ratios_and_rates_are_those_of_ohid(shared: Path, areas: pd.DataFrame) -> None:
    reference = read(shared, "isr_reference.csv")
    expected = expected_events(square(areas, "pop"), reference["refcount"], reference["refpop"])
    observed = np.nansum(square(areas, "count"), axis=-1)
    ratios, rates = read(shared, "isratio_expected_r.csv"), read(shared, "israte_expected_r.csv")
    np.testing.assert_allclose(expected, ratios["expected"], rtol=1e-9)
    agree(indirect_ratio(observed, expected, per=100, confidence=BOTH), ratios)
    crude = float(reference["refcount"].sum() / reference["refpop"].sum())
    agree(indirect_rate(observed, expected, reference_rate=crude, confidence=BOTH), rates)


@pytest.mark.method("indirect-standardisation")
def test_an_indirect_ratio_of_many_events_is_that_of_ohid(shared: Path) -> None:
    strata = read(shared, "isr_selvin_input.csv")
    expected = expected_events(strata["pop"], strata["refcount"], strata["refpop"])
    ours = indirect_ratio([strata["count"].sum()], [expected], confidence=BOTH)
    agree(ours, read(shared, "isr_selvin_expected_phe_r.csv"))
    # epitools has the same ratio and a log-normal interval, which is not matched.
    theirs = read(shared, "isr_selvin_expected_epitools_r.csv").set_index("measure")["value"]
    np.testing.assert_allclose(ours.value, theirs["sir"], rtol=1e-9)
