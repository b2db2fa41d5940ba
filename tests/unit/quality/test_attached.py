"""What is odd about the counts travels with every result that is made of them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from attrs import evolve
from tests.planted import card, counts, facts, geography, memberships, row

import phm_diabetes as phm
from phm_diabetes.outliers.selections import Selection

CODES = [f"Y99{number:03}" for number in range(46)]
GEO = geography(
    memberships(
        {code: {"place": "here", "pcn": f"U{spot % 4}"} for spot, code in enumerate(CODES)},
        start="2013-04-01",
        end=None,
    )
)
HERE = {"place": "here"}


def year(first, practices, *, seen=80, of=100, **cells: Any):
    """Return a year's counts of the first so many practices, and England's published row."""
    about = {
        "period_start": f"{first}-04-01", "period_end": f"{first + 1}-03-31", "dataset": "QOF",
    } | cells  # fmt: skip
    return [
        *(row(code, seen, of, **about) for code in CODES[:practices]),
        row("E92000001", 90_000, 100_000, **(about | {"org_level": "england"})),
    ]


def extract(*rows):
    made = facts(Y99000="4")
    return evolve(made, tables={"counts": counts(*rows)}, problems=phm_no_problems())


def phm_no_problems():
    from phm_diabetes.quality.noting import nothing

    return nothing()


def drilled(rows, **options):
    chosen: dict[str, Any] = {
        "geo": GEO, "measures": [card()], "rule": "all", "below": "point", "within": HERE,
    } | options  # fmt: skip
    return phm.drill(counts(*rows), **chosen)


def test_coverage_travels_with_a_drill_and_practices_without_a_figure_are_not_zero():
    found = drilled(year(2016, 40))
    assert found.quality.coverage[["known", "present"]].to_numpy().tolist() == [[46, 40]]
    assert "Coverage: 40 of 46 practices known in Place here have a figure." in str(found)


def test_measures_that_differ_in_coverage_are_told_apart():
    second = card(id="copd.other")
    rows = [*year(2016, 40), *year(2016, 46, measure="copd.other")]
    said = str(drilled(rows, measures=[card(), second]))
    assert (
        "Coverage, of practices known in Place here: copd.other 46 of 46, copd.review 40 of 46."
        in said
    )


def test_the_public_fall_from_46_practices_to_7_is_called_out_on_the_drill_and_on_the_list():
    before = extract(*year(2015, 46))
    found = drilled(year(2016, 7), extracts=[before])
    told = found.quality.problems
    assert told["rule"].tolist() == ["coverage steady"]
    for result in (
        found,
        found & found,
        phm.recurrent({"care": found}, at_least=1),
        phm.recurrent({"care": found}, at_least=1).shortlist(3),
    ):
        said = str(result)
        assert "Coverage: 7 of 46 practices known in Place here have a figure." in said
        assert "Data quality: 1 warning (in .quality.problems)." in said
        assert "7 of 46 practices have a figure in the period that ends on 2017-03-31" in said
        assert "46 had one before" in said


def test_the_return_to_43_is_no_fall():
    found = drilled(year(2017, 43), extracts=[extract(*year(2016, 7)), extract(*year(2015, 46))])
    assert found.quality.problems.empty
    assert found.quality.coverage["present_before"].tolist() == [7]


def test_a_fall_in_one_source_is_called_out_where_two_are_reconciled():
    national = [*year(2015, 46), *year(2016, 7)]
    local = [*year(2015, 46, dataset="scheme"), *year(2016, 46, dataset="scheme")]
    found = phm.reconcile(
        counts(*national), counts(*local), measure="copd.review", geo=GEO, within=HERE
    )
    assert "46 had one before (a tenth or more fewer)" in str(found)
    assert found.quality.problems["rule"].tolist() == ["coverage steady"]


def test_extracts_that_hold_the_earlier_periods_too_are_not_counted_twice():
    national = extract(*year(2015, 46), *year(2016, 7))
    local = extract(*year(2015, 46, dataset="scheme"), *year(2016, 46, dataset="scheme"))
    found = phm.reconcile(
        national, local, measure="copd.review", geo=GEO, within=HERE, extracts=[national]
    )
    assert found.quality.problems["rule"].tolist() == ["coverage steady"]


def test_a_numerator_above_its_denominator_is_printed_with_the_result():
    rows = [each for each in year(2016, 46) if each["org_code"] != CODES[5]]
    about = {key: rows[0][key] for key in ("period_start", "period_end", "dataset")}
    found = drilled([*rows, row(CODES[5], 101, 100, **about)])
    assert "above the denominator, whatever rounding did" in str(found)
    assert "101" not in str(found.quality)


def test_figures_on_too_few_people_are_printed_with_the_result_and_quote_none():
    found = drilled(year(2016, 46, seen=11, of=13))
    assert found.quality.problems["severity"].astype(str).unique().tolist() == ["error"]
    assert "is a percentage on a denominator below 20" in str(found)


def test_where_nothing_is_odd_only_the_coverage_is_said():
    found = drilled(year(2016, 46))
    assert found.quality.problems.empty
    assert found.quality.lines == [
        "Coverage: 46 of 46 practices known in Place here have a figure."
    ]
    assert repr(found.quality) == "<Quality: No problems>"


def test_problems_of_reading_are_carried_along():
    problem = pd.DataFrame(
        {
            "severity": ["error"], "rule": ["whole number"], "file": ["a.csv"], "sheet": [""],
            "row": [7], "rows": [1], "column": ["REGISTER"], "message": ["is negative"],
            "advice": ["Write a whole number."], "sets_aside": [True],
        }
    )  # fmt: skip
    read = evolve(extract(*year(2015, 46)), problems=problem)
    found = drilled(year(2016, 46), extracts=[read])
    assert "error: a.csv › row 7 › REGISTER is negative." in str(found)


@pytest.mark.parametrize("results", [{"a": Selection(domain="a", reasons={}, measures={})}])
def test_what_rests_on_no_drill_says_nothing_of_quality(results):
    found = phm.recurrent(results, at_least=1)
    assert found.quality is None
    assert "Coverage" not in str(found)
