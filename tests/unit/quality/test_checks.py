"""Each check finds its planted fault, and is silent where there is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from attrs import evolve

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.model.known_issues import KnownIssue
from phm_diabetes.model.measures import Definition
from phm_diabetes.plugins import measure_cards
from phm_diabetes.quality.bases import mixed_bases
from phm_diabetes.quality.belonging import moved_members, undated_memberships
from phm_diabetes.quality.changing import list_jumps, share_jumps
from phm_diabetes.quality.comparing import shares_outside, sources_apart, totals_apart
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.figures import (
    above_bounds,
    above_denominators,
    worked_out_from_too_few,
)
from phm_diabetes.quality.identity import told_twice, unknown_names
from phm_diabetes.quality.mergers import unmerged
from phm_diabetes.quality.periods import gaps_in_time
from phm_diabetes.quality.points import known_issues_of, points_out_of_line
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.facts import Facts
from phm_diabetes.schemas.memberships import Memberships
from phm_diabetes.schemas.population import Population
from phm_diabetes.schemas.successors import Successors

YEAR = {"period_start": "2022-04-01", "period_end": "2023-03-31"}
BEFORE = {"period_start": "2021-04-01", "period_end": "2022-03-31"}


def count(code: str = "Y99001", **cells: Any):
    return {
        "dataset": "QOF",
        "measure": "copd.register",
        "definition": "qof:COPD:TOTAL",
        "org_level": "practice",
        "org_code": code,
        "numerator": 40,
        "denominator": 1000,
        "source": "a:1",
        "source_row": int(code[-3:]) + 1 if code[-3:].isdigit() else 1,
        **YEAR,
        **cells,
    }


def counts(*rows):
    return phm.counts_from(list(rows))


def rounded(value) -> dict[str, Any]:
    low, high = (1, 7) if value == 5 else (value - 2, value + 2)
    return {"numerator": value, "numerator_low": low, "numerator_high": high}


def population(**cells):
    row = {
        "basis": "registered",
        "org_level": "practice",
        "org_code": "Y99001",
        "area_level": "",
        "area_code": "",
        "age_band": "all",
        "sex": "all",
        "counted_on": pd.Timestamp("2022-01-01"),
        "people": 1000,
        "source": "a:1",
        "source_row": 2,
    }
    return checked(Population, pd.DataFrame([row | cells]))


def told(problems):
    return problems[["severity", "row"]].to_numpy().tolist()


def test_a_figure_in_two_rows_is_an_error_at_both():
    twice = told_twice(counts(count()), counts(count(numerator=41, source_row=9)))
    assert told(twice) == [["error", 2], ["error", 9]]


def test_a_figure_under_two_definitions_is_a_warning():
    both = counts(count(), count(definition="qof:COPD:06OV", source_row=9))
    assert told(told_twice(both)) == [["warning", 2], ["warning", 9]]


def test_rows_of_different_periods_and_practices_are_told_once():
    assert not len(told_twice(counts(count(), count("Y99002"), count(**BEFORE))))


@pytest.mark.parametrize(
    ("cells", "severity"),
    [
        ({"measure": "copd.registers"}, "warning"),
        ({"measure": "fingertips.90001"}, "info"),
    ],
)
def test_a_name_that_nothing_installed_knows_is_reported_once_with_its_rows(cells, severity):
    found = unknown_names(counts(count(**cells), count("Y99002", **cells)))
    assert found[["severity", "rows"]].to_numpy().tolist() == [[severity, 2]]


def test_a_definition_that_is_not_on_the_card_is_a_warning():
    definition = Definition(id="qof:COPD:TOTAL", words="Everyone.", source="QOF")
    card = evolve(measure_cards()["copd.register"], definitions=(definition,))
    found = unknown_names(counts(count(), count("Y99002", definition="qof:COPD:45OV")), [card])
    assert found[["rule", "rows"]].to_numpy().tolist() == [["known definition", 1]]


def test_known_names_are_not_reported():
    assert not len(unknown_names(counts(count())))


def test_an_exact_numerator_above_its_denominator_is_found():
    found = above_denominators(counts(count(numerator=9, denominator=8), count("Y99002")))
    assert told(found) == [["warning", 2]]


def test_a_rounded_10_of_8_is_explained_and_not_rejected():
    row = count(**rounded(10), denominator=8, denominator_low=8, denominator_high=12)
    found = above_denominators(counts(row))
    assert told(found) == [["info", 2]]
    assert "because both were rounded" in found["message"].iloc[0]


def test_a_hidden_count_is_never_above_anything_for_certain():
    hidden = count(numerator=None, numerator_low=1, numerator_high=7, denominator=3)
    assert not len(above_denominators(counts(hidden)))


def all_of(figures):
    return count(measure="copd.all", **figures)


def one_of(figures):
    return count(measure="copd.one", **figures)


def test_more_people_with_every_check_than_with_one_of_them_is_an_error():
    found = above_bounds(
        counts(all_of({"numerator": 41}), one_of({"numerator": 40})),
        measure="copd.all",
        within="copd.one",
    )
    assert told(found) == [["error", 2]]


def test_a_bound_that_rounding_can_explain_is_kept():
    table = counts(all_of(rounded(15)), one_of(rounded(10)))
    assert len(above_bounds(table, measure="copd.all", within="copd.one")) == 1
    close = counts(all_of(rounded(10)), one_of(rounded(8)))
    assert not len(above_bounds(close, measure="copd.all", within="copd.one"))


def test_a_percentage_of_19_people_is_an_error_and_of_20_is_none():
    few = counts(count(numerator=1, denominator=19), count("Y99002", numerator=1, denominator=20))
    found = worked_out_from_too_few(phm.estimate(few))
    assert found["severity"].tolist() == ["error"]
    assert "denominator below 20" in found["message"].iloc[0]


def test_a_rate_on_nine_events_is_an_error():
    estimates = phm.estimate(counts(count(numerator=9), count("Y99002", numerator=10)))
    assert len(worked_out_from_too_few(estimates, of="numerator", least=10)) == 1


@pytest.mark.parametrize(("numerator", "faults"), [(79, 1), (80, 0), (125, 0), (126, 1)])
def test_two_sources_are_apart_outside_four_fifths_to_five_quarters(numerator, faults):
    one, other = counts(count(numerator=numerator)), counts(count(numerator=100, dataset="NDA"))
    assert len(sources_apart(one, other)) == faults


def test_rounding_that_could_bring_two_sources_together_keeps_the_check_silent():
    other = counts(count(**rounded(100)))
    assert not len(sources_apart(counts(count(numerator=79)), other))


def test_sources_of_several_measures_do_not_pair():
    with pytest.raises(OptionError, match="Keep one measure"):
        sources_apart(counts(count(), count(measure="af.register")), counts(count()))


def test_a_total_that_its_parts_cannot_reach_is_a_warning():
    summed = counts(count("QZZ", org_level="icb", numerator=100, basis="rolled_up"))
    assert not len(totals_apart(summed, counts(count("QZZ", org_level="icb", numerator=100))))
    found = totals_apart(summed, counts(count("QZZ", org_level="icb", numerator=101)))
    assert found[["severity", "column"]].to_numpy().tolist() == [["warning", "numerator"]]


def test_a_total_within_the_rounding_of_its_parts_is_kept():
    wide = {"numerator": None, "numerator_low": 90, "numerator_high": 110}
    summed = counts(count("QZZ", org_level="icb", basis="rolled_up", **wide))
    assert not len(totals_apart(summed, counts(count("QZZ", org_level="icb", numerator=109))))


@pytest.mark.parametrize(("own", "faults"), [(3, 1), (5, 0), (15, 0), (17, 1)])
def test_a_share_of_one_type_outside_4_to_15_per_cent_is_a_warning(own, faults):
    table = counts(
        count(subtype="type_1", numerator=own), count(subtype="other", numerator=100 - own)
    )
    found = shares_outside(table, dimension="subtype", level="type_1", least=0.04, most=0.15)
    assert len(found) == faults


def test_a_share_with_hidden_parts_is_judged_by_what_it_can_be():
    hidden: dict[str, Any] = {"numerator": None, "numerator_low": 1, "numerator_high": 7}
    table = counts(count(subtype="type_1", **hidden), count(subtype="other", numerator=100))
    found = shares_outside(table, dimension="subtype", level="type_1", least=0.04, most=0.15)
    assert not len(found)


@pytest.mark.parametrize(("people", "faults"), [(1049, 0), (1060, 1), (940, 1)])
def test_a_list_that_changes_by_more_than_5_per_cent_in_a_year_is_a_warning(people, faults):
    after = population(counted_on=pd.Timestamp("2023-01-01"), people=people)
    assert len(list_jumps(population(), after)) == faults


def test_a_change_in_a_quarter_is_judged_as_a_quarter_of_a_years():
    after = population(counted_on=pd.Timestamp("2022-04-01"), people=1020)
    assert len(list_jumps(population(), after)) == 1


def test_a_share_that_jumps_by_two_points_is_a_warning_and_by_one_is_none():
    before = counts(count(**BEFORE), count("Y99002", **BEFORE))
    after = counts(count(numerator=60), count("Y99002", numerator=50))
    assert told(share_jumps(before, after)) == [["warning", 2]]


def members(*spells):
    rows = [
        {
            "org_level": "practice",
            "org_code": "Y99001",
            "parent_level": "pcn",
            "parent_code": parent,
            "start": start,
            "end": end,
            "source": "a:1",
            "source_row": row,
        }
        for row, (parent, start, end) in enumerate(spells, start=2)
    ]
    table = pd.DataFrame(rows)
    days = {name: pd.to_datetime(table[name]) for name in ("start", "end")}
    return checked(Memberships, table.assign(**days))


def test_a_membership_without_a_day_is_an_error():
    assert told(undated_memberships(members(("U99001", None, None)))) == [["error", 2]]
    assert not len(undated_memberships(members(("U99001", "2019-07-01", None))))


def test_a_practice_that_moved_is_listed_so_that_both_totals_can_be_read():
    moved = members(("U99001", "2019-07-01", "2023-06-30"), ("U99002", "2023-07-01", None))
    assert told(moved_members(moved, then="2023-03-31", now="2024-03-31")) == [["info", 3]]
    assert not len(moved_members(moved, then="2022-03-31", now="2023-03-31"))


MERGER = checked(
    Successors,
    pd.DataFrame(
        {"predecessor": ["Y99001"], "successor": ["Y99002"], "date": pd.to_datetime(["2022-07-01"])}
    ),
)


def test_a_practice_with_figures_after_it_was_taken_over_is_an_error():
    later = {"period_start": "2023-04-01", "period_end": "2024-03-31"}
    table = counts(count(**later), count("Y99002", **later))
    assert told(unmerged(table, MERGER)) == [["error", 2]]


def test_figures_of_the_year_of_a_merger_need_those_of_the_successor_beside_them():
    assert told(unmerged(counts(count()), MERGER)) == [["error", 2]]
    assert not len(unmerged(counts(count(), count("Y99002")), MERGER))


def test_figures_from_before_a_merger_are_in_order():
    assert not len(unmerged(counts(count(**BEFORE)), MERGER))


def test_registered_and_resident_people_of_one_organisation_are_never_mixed():
    resident = population(basis="resident", source_row=3)
    elsewhere = population(basis="resident", org_code="Y99002")
    assert told(mixed_bases(population(), resident)) == [["error", 2], ["error", 3]]
    assert not len(mixed_bases(population(), elsewhere))


def test_a_month_that_is_missing_is_a_warning_at_the_one_after():
    months = [("2023-01-01", "2023-01-31"), ("2023-03-01", "2023-03-31")]
    rows = [
        count(period_start=start, period_end=end, source_row=row)
        for row, (start, end) in enumerate(months, start=2)
    ]
    assert told(gaps_in_time(counts(*rows))) == [["warning", 3]]


def test_a_practice_without_a_month_that_others_have_is_listed():
    months = [("2023-01-01", "2023-01-31"), ("2023-02-01", "2023-02-28")]
    rows = [count(period_start=start, period_end=end) for start, end in months]
    rows.append(count("Y99002", period_start=months[0][0], period_end=months[0][1]))
    assert told(gaps_in_time(counts(*rows))) == [["info", 3]]


def fact(code, attribute, value):
    return {
        "org_level": "practice",
        "org_code": code,
        "attribute": attribute,
        "value": value,
        "start": pd.NaT,
        "end": pd.NaT,
        "source": "a:1",
        "source_row": int(code[-1]) + 1,
    }


def test_a_practice_that_could_not_earn_every_point_or_was_left_out_is_listed():
    rows = [
        fact("Y99001", "most_points", "635"),
        fact("Y99002", "most_points", "628"),
        fact("Y99003", "left_out_of_qof", "failed validation"),
    ]
    facts, full = checked(Facts, pd.DataFrame(rows)), checked(Facts, pd.DataFrame(rows[:1]))
    assert told(points_out_of_line(facts)) == [["info", 3], ["info", 4]]
    assert not len(points_out_of_line(full, national=635))


def test_an_issue_that_a_card_knows_is_told_once_with_the_number_of_its_rows():
    issue = KnownIssue(words="Points were protected.", source="NHS", start=date(2022, 4, 1))
    card = evolve(measure_cards()["copd.register"], known_issues=(issue,))
    table = counts(count(), count("Y99002"), count(**BEFORE))
    found = known_issues_of(table, [card])
    assert found[["severity", "rows", "message"]].to_numpy().tolist() == [
        ["info", 2, "Points were protected"]
    ]


def test_findings_are_composed_once_each_and_the_gravest_first():
    error = told_twice(counts(count()), counts(count()))
    warning = share_jumps(counts(count(**BEFORE)), counts(count(numerator=90)))
    composed = checks(warning, error, error)
    assert composed["severity"].tolist() == ["error", "warning"]


def test_no_finding_quotes_a_figure():
    figure = 987_654
    faults = checks(
        above_denominators(counts(count(numerator=figure, denominator=8))),
        share_jumps(counts(count(**BEFORE)), counts(count(numerator=90))),
        sources_apart(counts(count(numerator=figure)), counts(count())),
    )
    assert len(faults) == 3
    assert str(figure) not in faults.to_csv()
    assert f"{figure:,}" not in faults.to_csv()


def test_a_row_summed_here_is_named_by_its_organisation_since_it_stands_in_no_file():
    row = count("QZZ", org_level="icb", numerator=9, denominator=8, source_row=None)
    assert above_denominators(counts(row))["message"].iloc[0].startswith("icb QZZ: ")
