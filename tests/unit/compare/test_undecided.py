"""How many units cannot be called: said beside the verdicts, most of all of type 1 at practices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planted import card, counts, geography, hidden, row

import phm_diabetes as phm
from phm_diabetes.errors import SchemaError

CARD = card()
AREA = phm.DiseaseArea(id="copd", name="COPD", description="Planted.", measures=(CARD,))
ENGLAND = row("E92000001", 5000, 10_000, org_level="england")
EXACT = row("Y99001", 20, 100)
NEAR = row(
    "Y99002", 10, 30, numerator_low=8, numerator_high=12, denominator_low=28, denominator_high=32
)
PARENTS = {code: {"pcn": "U1"} for code in ("Y99001", "Y99002", "Y99003")}


def compared(*rows, to="england", **options):
    estimates = phm.estimate(counts(*rows), measures=AREA, by=options.pop("by", ()))
    return phm.compare(estimates, to=to, measures=AREA, **options)


def of_practices(*rows, **options):
    found = phm.undecided(compared(*rows, **options))
    return found[found["org_level"] == "practice"].iloc[0]


def test_practices_without_a_figure_and_those_that_rounding_could_turn_are_counted_apart():
    found = of_practices(EXACT, NEAR, hidden("Y99003", 1, 7, 30), ENGLAND)
    assert found["units"] == 3
    assert (found["without_figure"], found["by_rounding"]) == (1, 1)
    assert found["undecided"] == 2
    assert found["share"] == pytest.approx(2 / 3)


def test_exact_figures_are_all_called():
    found = of_practices(EXACT, row("Y99002", 60, 100), ENGLAND)
    assert found["undecided"] == 0


def test_a_practice_without_a_parent_lacks_a_comparator_and_not_a_figure():
    geo = geography({"Y99001": {"pcn": "U1"}, "Y99002": {"pcn": "U1"}, "Y99003": {"pcn": None}})
    rows = [EXACT, row("Y99002", 60, 100), row("Y99003", 50, 100)]
    found = of_practices(*rows, to="pcn", geo=geo)
    assert (found["without_comparator"], found["without_figure"]) == (1, 0)


def test_each_type_is_counted_by_itself_and_type_1_is_the_less_sure():
    several = [row(f"Y99{each:03}", 30, 60) for each in range(1, 6)]
    rounded = [
        each
        | {"numerator_low": 28, "numerator_high": 32, "denominator_low": 58, "denominator_high": 62}
        for each in several
    ]
    type_2 = [
        {**each, **{name: 20 * cell for name, cell in each.items() if isinstance(cell, int)}}
        for each in several
    ]
    england = [{**ENGLAND, "numerator": 3_650}, {**ENGLAND, "numerator": 3_650}]
    rows = [
        *({**each, "subtype": "type_1"} for each in (*rounded, england[0])),
        *({**each, "subtype": "type_2_and_other"} for each in (*type_2, england[1])),
    ]
    found = phm.undecided(compared(*rows, by=["subtype"]))
    practices = found[found["org_level"] == "practice"].set_index("subtype")
    assert practices["undecided"].to_dict() == {"type_1": 5, "type_2_and_other": 0}


def test_the_drill_says_how_many_it_cannot_call():
    options = {"geo": geography(PARENTS), "measures": [CARD], "rule": "all", "below": "point"}
    found = phm.drill(counts(EXACT, NEAR, hidden("Y99003", 1, 7, 30), ENGLAND), **options)
    assert (
        "Cannot be called, as rounding could change the verdict: 1 of 2 practices compared."
        in str(found)
    )
    assert "Cannot be called, for want of a figure: 1 PCN and 1 practice." in str(found)
    called = phm.drill(counts(EXACT, row("Y99002", 60, 100), ENGLAND), **options)
    assert "Cannot be called" not in str(called)


def test_what_is_not_compared_is_refused():
    with pytest.raises(SchemaError, match="comparisons"):
        phm.undecided(phm.estimate(counts(EXACT), measures=AREA))  # type: ignore[arg-type]


WIDTH = st.integers(0, 4)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(10, 50), WIDTH, st.booleans()), min_size=1, max_size=20))
def test_every_unit_is_called_or_counted_once(units):
    rows = [
        row(
            f"Y99{spot:03}",
            None if is_hidden else count,
            60,
            numerator_low=count - width,
            numerator_high=count + width,
        )
        for spot, (count, width, is_hidden) in enumerate(units)
    ]
    comparisons = compared(*rows, ENGLAND)
    found = of_practices(*rows, ENGLAND)
    own = comparisons[comparisons["org_level"] == "practice"]
    called = own["rounding"].isin(["holds", "likely holds"]) & (own["verdict"] != "not compared")
    assert found["undecided"] == found["units"] - called.sum()
    parts = found["without_comparator"] + found["without_figure"] + found["by_rounding"]
    assert parts == found["undecided"]
