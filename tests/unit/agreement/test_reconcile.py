"""Reconcile: the grade of two sources, and whether a planted gap is called care or coding."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from tests.planted import counts, geography, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import MeasureNotFoundError, OptionError, UnlikeError

CODES = [f"Y99{number:03}" for number in range(1, 13)]
GEO = geography({code: {"pcn": f"U{spot % 3}", "place": "p1"} for spot, code in enumerate(CODES)})
CHECKS = "copd.checks"


def source(shares, dataset="national", *, size=400, england=None, **cells: Any):
    """Return the rows of one source, from each practice's percentage."""
    about = {"dataset": dataset, **cells}
    rows = [
        row(code, round(share * size / 100), size, **about)
        for code, share in zip(CODES, shares, strict=True)
    ]
    if england is not None:
        rows.append(row("E1", england * 1000, 100_000, org_level="england", **about))
    return rows


def reconciled(a, b, **options):
    given: dict[str, Any] = {"measure": "copd.review", "geo": GEO} | options
    return phm.reconcile(counts(*a), counts(*b), **given)


def names(found):
    return [each.name for each in found.explanations]


@pytest.mark.parametrize(
    ("gaps", "grade"),
    [
        ([0] * 12, "validated"),
        ([5, -5] * 4 + [9, -9, 12, -12], "loose"),  # pooled alike, two thirds within 5 points
        ([9, -9] * 6, "loose"),
        ([3] * 12, "validated"),  # three points are within three points
    ],
)
def test_the_grade_follows_the_stated_rule(gaps, grade):
    found = reconciled(
        source([60 - gap for gap in gaps]), source([60] * 12, "other"), geo=GEO, via="place"
    )
    assert found.grade == grade


def test_a_gap_that_nothing_explains_has_no_grade():
    gaps = [0, 0, 0, 0, 0, 0, 0, 20, 30, 5, 40, 10]
    found = reconciled(source([60 - gap for gap in gaps]), source([60] * 12, "other"))
    assert (found.grade, found.explanations) == ("none", ())


def test_the_planted_scheme_displacement_comes_first_and_accounts_for_the_gap():
    found = reconciled(
        source([31] * 12, "national"), source([78] * 12, "scheme"), local_scheme="scheme"
    )
    assert found.explanations[0].name == "scheme displacement"
    assert found.grade == "explained"
    assert found.reading.startswith("More consistent with recording")


def test_a_whole_place_low_beside_normal_tests_is_called_coding_first():
    found = reconciled(
        source([20 + spot % 3 for spot in range(12)], england=75),
        source([90] * 12, "audit", england=91, measure=CHECKS),
        measure=("copd.review", CHECKS),
    )
    assert found.explanations[0].family == "coding"
    assert names(found)[0] == "whole-Place shift"
    assert "audit copd.checks is 90.0% (norm 91.0%)." in str(found)
    assert "true gap in care" not in names(found)


def test_a_planted_true_gap_is_not_called_coding():
    found = reconciled(
        source([40] * 12, england=75),
        source([52] * 12, "audit", england=91, measure=CHECKS),
        measure=("copd.review", CHECKS),
    )
    assert names(found) == ["true gap in care"]
    assert found.reading.startswith("More consistent with a gap in care")
    assert found.grade == "none"  # it accounts for a low figure, not for sources that differ


def test_a_true_gap_that_both_sources_show_is_told_though_they_agree():
    found = reconciled(source([40] * 12, england=75), source([41] * 12, "audit", england=75))
    assert (found.grade, names(found)[0]) == ("validated", "true gap in care")


def test_a_second_process_that_is_low_as_well_speaks_for_care():
    pair = source([30] * 12, england=75), source([74] * 12, "audit", england=76)
    low = counts(*source([35] * 12, "third", measure=CHECKS, england=90))
    assert "true gap in care" not in names(reconciled(*pair))
    assert "true gap in care" in names(reconciled(*pair, beside=low))


def test_without_a_norm_it_says_that_care_could_not_be_weighed():
    found = reconciled(source([20] * 12), source([60] * 12, "other"))
    assert "could not be weighed" in found.reading


def test_a_fall_at_a_date_is_found_from_earlier_periods():
    before = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    a = [*source([70] * 12, **before), *source([30, 50] * 6)]
    b = [*source([71] * 12, "other", **before), *source([72] * 12, "other")]
    found = reconciled(a, b)
    assert found.explanations[0].name == "step change at a date"
    assert "2023-03-31" in found.explanations[0].evidence


def test_a_change_of_definition_is_no_fall_at_a_date():
    before = {"period_start": "2021-04-01", "period_end": "2022-03-31", "definition": "older"}
    a = [*source([70] * 12, **before), *source([30, 50] * 6)]
    assert "step change at a date" not in names(reconciled(a, source([72] * 12, "other")))


def test_a_gap_in_one_clinical_system_names_the_system():
    facts = pd.DataFrame(
        {
            "org_level": "practice",
            "org_code": CODES,
            "attribute": "clinical_system",
            "value": ["Left", "Right", "Right"] * 4,
            "start": pd.NaT,
            "end": pd.NaT,
            "source": "planted",
            "source_row": pd.NA,
        }
    )
    found = reconciled(source([30, 69, 71] * 4), source([70] * 12, "other"), facts=facts)
    assert found.explanations[0].name == "one clinical system"
    assert found.explanations[0].practices == tuple(CODES[::3])
    assert found.grade == "explained"


def test_one_missing_code_cluster_is_named():
    def parted(total, one, two, dataset):
        return [
            *source([total] * 12, dataset),
            *source([one] * 12, dataset, measure="copd.part_one"),
            *source([two] * 12, dataset, measure="copd.part_two"),
        ]

    found = reconciled(
        parted(40, 40, 1, "national"),
        parted(75, 41, 38, "other"),
        parts=["copd.part_one", "copd.part_two"],
    )
    assert found.explanations[0].name == "one code cluster missing"
    assert found.explanations[0].evidence.startswith("copd.part_two")


def test_near_zero_with_a_normal_register_comes_before_a_spread():
    found = reconciled(source([70] * 9 + [0, 1, 0]), source([70] * 12, "other"))
    assert found.explanations[0].name == "near zero with a normal register"
    assert found.explanations[0].practices == tuple(CODES[9:])


def test_a_planted_loss_of_a_fifth_of_the_register_is_found():
    a = [row(code, 240, 400, dataset="national") for code in CODES]
    b = [row(code, 240, 320, dataset="other") for code in CODES]
    found = reconciled(a, b)
    assert found.explanations[0].name == "register differs"
    assert found.explanations[0].score == 1.0
    assert (found.practices["denominator_ratio"] == 1.25).all()


def test_lists_that_jumped_are_named():
    people = pd.DataFrame(
        {
            "basis": "registered",
            "org_level": "practice",
            "org_code": [*CODES, *CODES],
            "area_level": "",
            "area_code": "",
            "age_band": "all",
            "sex": "all",
            "source": "planted",
            "source_row": pd.NA,
            "counted_on": pd.to_datetime(["2022-04-01", "2023-04-01"]).repeat(12),
            "people": [5000] * 12 + [5000] * 10 + [7000] * 2,
        }
    )
    found = reconciled(source([70] * 10 + [40, 40]), source([70] * 12, "other"), lists=people)
    assert names(found) == ["list change"]
    assert found.explanations[0].practices == tuple(CODES[10:])


def test_a_hidden_count_stays_a_range_and_the_grade_says_what_it_could_change():
    a = [*source([60] * 12)[:11], hidden(CODES[11], 1, 399, 400, dataset="national")]
    found = reconciled(a, source([60] * 12, "other"))
    last = found.practices.iloc[-1]
    assert pd.isna(last["a_value"])
    assert last["difference_least"] < 0 < last["difference_most"]
    assert len(found.possible_grades) > 1
    assert "could change the grade" in str(found)


def test_rounded_counts_widen_the_difference():
    rounded = [to_fives(code, 240, 400, dataset="audit") for code in CODES]
    found = reconciled(source([60] * 12), rounded)
    assert found.grade == "validated"
    assert "under rounding" in str(found).splitlines()[1]


def test_the_order_of_rows_changes_nothing():
    a, b = source([20, 30, 65] * 4), source([70] * 12, "other")
    assert str(reconciled(a, b)) == str(reconciled(a[::-1], b[::-1]))


def test_which_source_is_given_first_changes_no_explanation():
    a, b = source([20, 30, 65] * 4), source([70] * 12, "other")
    assert names(reconciled(a, b)) == names(reconciled(b, a))


def test_practices_in_one_source_alone_are_counted_and_left_out():
    found = reconciled(source([60] * 12)[:-2], source([60] * 12, "other"))
    assert found.only_b == tuple(CODES[-2:])
    assert "2 in other alone" in str(found)


def test_two_periods_are_compared_only_with_a_reason_that_is_printed():
    later = {"period_start": "2023-04-01", "period_end": "2024-03-31"}
    a, b = source([60] * 12), source([60] * 12, "other", **later)
    with pytest.raises(UnlikeError, match="share no period"):
        reconciled(a, b)
    assert "allowed: the scheme ran late" in str(
        reconciled(a, b, allow_mixed="the scheme ran late", as_at="2023-03-31")
    )


def test_a_measure_that_is_not_there_is_refused_with_the_nearest_name():
    with pytest.raises(MeasureNotFoundError, match=r"Did you mean 'copd\.review'"):
        reconciled(source([60] * 12), source([60] * 12), measure="copd.reviews")


def test_a_scheme_that_is_neither_source_is_refused():
    with pytest.raises(OptionError, match="neither of the datasets"):
        reconciled(source([60] * 12), source([60] * 12, "other"), local_scheme="third")


def test_explain_gives_both_figures_and_the_question():
    found = reconciled(source([70] * 9 + [0, 1, 0]), source([70] * 12, "other"))
    said = found.explain(CODES[9])
    assert "near zero with a normal register: Is this work recorded" in said
    assert "(national)" in said
    assert "(other)" in said
