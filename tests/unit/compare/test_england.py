"""England: fixed and including the unit, published where it can be, never silently rebuilt."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from tests.planted import card, counts, geography, hidden, memberships, row

import phm_diabetes as phm
from phm_diabetes.errors import DefinitionMismatchError, OptionError, UnlikeError
from phm_diabetes.metrics.binomial_intervals import wilson

A, B, C = "Y99001", "Y99002", "Y99003"
PRACTICES = (row(A, 80, 100), row(B, 50, 100), row(C, 20, 100))
PUBLISHED = row("E92000001", 3000, 6000, org_level="england")
GEO = geography({code: {"icb": "Q1", "england": "E92000001"} for code in (A, B, C)})


def compared(*rows, **options):
    measures = options.pop("measures", [card()])
    estimates = phm.estimate(
        counts(*rows), measures=measures, confidence=options.pop("confidence", 0.95)
    )
    return phm.compare(estimates, to="england", measures=measures, **options)


def one(table: pd.DataFrame, code: str = A) -> Any:
    """Return the only row of an organisation, or its rows."""
    return table[table["org_code"] == code].squeeze()


def test_a_published_england_is_used_and_said_to_be_published():
    found = one(compared(*PRACTICES, PUBLISHED))
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (3000, 6000)
    assert (found["comparator_value"], found["comparator_basis"]) == (0.5, "published")
    assert found["comparator_units"] is pd.NA
    assert found["caveat"] == ""


def test_england_is_never_silently_rebuilt_and_the_error_names_what_to_pass():
    with pytest.raises(OptionError, match="pass england='sum_of_practices'"):
        compared(*PRACTICES)


def test_a_rolled_up_england_is_not_a_published_one():
    practices = counts(*PRACTICES)
    both = [practices, GEO.roll_up(practices, to="england", as_at="period_end")]
    estimates = phm.estimate(pd.concat(both, ignore_index=True), measures=[card()])
    with pytest.raises(OptionError, match="sum_of_practices"):
        phm.compare(estimates, to="england", measures=[card()])


def test_a_summed_england_is_marked_and_every_row_says_of_how_many_practices():
    found = compared(*PRACTICES, england="sum_of_practices")
    assert set(found["comparator_basis"]) == {"rolled_up"}
    assert found["comparator_units"].tolist() == [3, 3, 3]
    assert set(found["caveat"]) == {"England is the sum of 3 practices in the table."}


def test_the_published_row_is_used_even_where_a_sum_is_allowed():
    found = compared(*PRACTICES, PUBLISHED, england="sum_of_practices")
    assert set(found["comparator_basis"].astype(str)) == {"published", ""}


def test_a_measure_without_a_published_england_is_summed_where_that_is_allowed():
    flu = card(id="copd.flu")
    rows = [*PRACTICES, PUBLISHED, *(each | {"measure": flu.id} for each in PRACTICES)]
    found = compared(*rows, measures=[card(), flu], england="sum_of_practices")
    basis = found[found["org_code"] == A].set_index("measure")["comparator_basis"]
    assert basis.to_dict() == {"copd.review": "published", "copd.flu": "rolled_up"}


def test_england_includes_the_unit_and_is_taken_as_known():
    found = one(compared(*PRACTICES, england="sum_of_practices"))
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (150, 300)
    lower, upper = wilson(80, 100)
    assert found["difference_lower"] == pytest.approx(float(lower) - 0.5)
    assert found["difference_upper"] == pytest.approx(float(upper) - 0.5)


def test_england_is_not_compared_with_itself():
    england = one(compared(*PRACTICES, PUBLISHED), "E92000001")
    assert (england["verdict"], england["rounding"]) == ("not compared", "cannot tell")
    assert pd.isna(england["comparator_value"])
    assert england["comparator_numerator"] is pd.NA


def test_each_period_is_compared_with_its_own_england():
    earlier = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    rows = [*PRACTICES, *(each | earlier | {"numerator": 10} for each in PRACTICES)]
    found = one(compared(*rows, england="sum_of_practices"))
    assert found["comparator_value"].tolist() == [0.5, 0.1]


def test_each_cell_is_compared_with_the_same_cell_of_england():
    rows = [row(A, 1, 9, sex=sex) for sex in ("female", "male")]
    rows += [row("E92000001", 1, 2, org_level="england", sex="female")]
    estimates = phm.estimate(counts(*rows), measures=[card()], by=["sex"])
    found = phm.compare(estimates, to="england", measures=[card()])
    verdicts = found[found["org_level"] == "practice"].set_index("sex")["comparator_value"]
    assert verdicts["female"] == 0.5
    assert pd.isna(verdicts["male"])


def test_a_part_of_england_is_never_called_england():
    parents = {f"Y98{number:03}": {"england": "E92000001"} for number in range(30)}
    geo = geography(parents | {code: {"england": "E92000001"} for code in (A, B, C)})
    with pytest.raises(UnlikeError, match=r"call 3 practices England, .* has 33"):
        compared(*PRACTICES, england="sum_of_practices", geo=geo)


def test_a_part_of_england_is_found_out_measure_by_measure():
    flu = card(id="copd.flu")
    rows = [*PRACTICES, PRACTICES[0] | {"measure": flu.id}]
    with pytest.raises(UnlikeError, match=r"call 1 practice England, .*copd\.flu"):
        compared(*rows, measures=[card(), flu], england="sum_of_practices", geo=GEO)


def test_practices_that_closed_before_the_period_are_no_missing_part_of_england():
    closed = {f"Y98{number:03}": {"england": "E92000001"} for number in range(30)}
    geo = geography(
        memberships(closed, start="2015-04-01", end="2016-03-31"),
        {code: {"england": "E92000001"} for code in (A, B, C)},
    )
    found = compared(*PRACTICES, england="sum_of_practices", geo=geo)
    assert found["comparator_units"].tolist() == [3, 3, 3]


def test_one_practice_less_than_the_geography_holds_is_still_england():
    geo = geography({f"Y98{number:03}": {"england": "E92000001"} for number in range(10)})
    rows = [row(f"Y98{number:03}", 5, 10) for number in range(9)]
    found = compared(*rows, england="sum_of_practices", geo=geo)
    assert set(found["comparator_units"]) == {9}


def test_a_hidden_practice_leaves_a_summed_england_without_a_figure():
    found = one(compared(*PRACTICES, hidden("Y99009", 1, 7, 9), england="sum_of_practices"))
    assert (found["verdict"], found["rounding"]) == ("not compared", "cannot tell")


def test_another_word_for_england_is_refused():
    with pytest.raises(OptionError, match="sum_of_practices"):
        compared(*PRACTICES, england="sum")


def test_a_sum_of_practices_needs_practices():
    with pytest.raises(OptionError, match="needs the practices in the table"):
        compared(row("U1", 5, 10, org_level="pcn"), england="sum_of_practices")


def test_a_measure_of_another_definition_raises_and_names_both():
    england = PUBLISHED | {"definition": "planted:2"}
    with pytest.raises(DefinitionMismatchError, match=r"planted:1 with planted:2 in 3 rows") as got:
        compared(*PRACTICES, england)
    assert "allow_mixed='reason'" in str(got.value)


def test_an_allowed_mix_prints_its_reason_on_every_row_it_concerns():
    england = PUBLISHED | {"definition": "planted:2"}
    found = compared(*PRACTICES, england, allow_mixed="the statin target replaced cholesterol")
    units = found[found["org_level"] == "practice"]
    assert set(units["caveat"]) == {"Definitions differ: the statin target replaced cholesterol."}
    assert set(units["verdict"]) != {"not compared"}


def test_an_allowed_mix_leaves_rows_of_one_definition_alone():
    found = compared(*PRACTICES, PUBLISHED, allow_mixed="for another measure")
    assert set(found["caveat"]) == {""}


def test_an_empty_reason_is_no_reason():
    with pytest.raises(OptionError, match="allow_mixed"):
        compared(*PRACTICES, PUBLISHED | {"definition": "planted:2"}, allow_mixed="  ")
