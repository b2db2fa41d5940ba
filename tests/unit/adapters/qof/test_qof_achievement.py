"""Achievement: pairs are put together, points are facts, and what is absent is never zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import as_file
from tests.writers.qof_files import ACHIEVEMENT, REGIONAL, achievement_csv, record

import phm_diabetes as phm
from phm_diabetes.errors import SourceDataError, SourceLayoutError

WHOLE = record("Y99001", "COPD010", numerator=60, denominator="80.0", pcas=20, achieved_points=7.25)


def loaded(*rows, label="2223", header=ACHIEVEMENT, **options):
    name = f"ACHIEVEMENT_{label}.csv"
    return phm.load(as_file(name, achievement_csv(rows, header)), adapter="england.qof", **options)


def figures(extract):
    names = ["measure", "numerator", "denominator", "excluded"]
    return extract.table[names].astype(object).where(extract.table[names].notna(), None).to_numpy()


def rules(extract):
    return extract.problems["rule"].tolist()


def test_numerator_denominator_and_those_left_out_become_one_row():
    extract = loaded(*WHOLE)
    assert figures(extract).tolist() == [["qof.copd010", 60, 80, 20]]
    assert extract.table["definition"].tolist() == ["qof:COPD010:pca"]
    assert extract.table["source_row"].tolist() == [2]


def test_every_source_row_is_used_though_a_pair_shows_one_row():
    origin = loaded(*WHOLE, *record("Y99002", "AF001", register=31)).provenance
    assert (origin.rows_read, origin.rows_used, origin.rows_reported) == (5, 5, 0)


def test_rows_may_come_in_any_order():
    rows = [*WHOLE, *record("Y99002", "COPD010", numerator=1, denominator=4, pcas=0)]
    backwards = figures(loaded(*rows[::-1]))
    assert sorted(backwards.tolist()) == sorted(figures(loaded(*rows)).tolist())


@pytest.mark.parametrize("part", ["numerator", "denominator", "pcas"])
def test_half_a_pair_is_reported_and_never_zero(part):
    half = record("Y99002", "COPD010", **{part: 5})
    with pytest.raises(SourceDataError, match="has no numerator, or no denominator"):
        loaded(*WHOLE, *half)
    extract = loaded(*WHOLE, *half, problems="report")
    assert extract.table["org_code"].tolist() == ["Y99001"]
    assert extract.provenance.rows_reported == 1


def test_a_fault_in_one_part_of_a_pair_sets_the_other_aside_too():
    half = record("Y99002", "COPD010", numerator=5, denominator="8O")
    extract = loaded(*WHOLE, *half, problems="report")
    assert {"whole number", "half a pair"} <= set(rules(extract))
    assert extract.table["org_code"].tolist() == ["Y99001"]


def test_an_empty_value_is_missing_and_not_zero():
    empty = record("Y99002", "COPD010", numerator="", denominator="", pcas="")
    extract = loaded(*WHOLE, *empty)
    told = extract.problems[extract.problems["rule"] == "no value"]
    assert told[["severity", "rows"]].to_numpy().tolist() == [["info", 3]]
    assert extract.table["org_code"].tolist() == ["Y99001"]


def test_nobody_said_to_be_left_out_is_not_known_and_not_nobody():
    extract = loaded(*WHOLE, *record("Y99002", "COPD010", numerator=5, denominator=8))
    assert figures(extract).tolist()[1] == ["qof.copd010", 5, 8, None]


def test_a_register_and_the_newly_diagnosed_are_people_without_a_denominator():
    extract = loaded(
        *record("Y99001", "AF001", register=31), *record("Y99001", "DEP004", newly_diagnosed=9)
    )
    assert figures(extract).tolist() == [
        ["qof.af001_register", 31, None, None],
        ["qof.dep004_newly_diagnosed", 9, None, None],
    ]


def test_an_indicator_with_a_register_of_its_own_gives_two_measures():
    extract = loaded(*record("Y99001", "NDH002", numerator=6, denominator=9, pcas=1, register=10))
    assert extract.table["measure"].tolist() == ["qof.ndh002", "qof.ndh002_register"]


def test_exceptions_and_adjustments_are_two_definitions_of_one_code():
    old = loaded(*record("Y99001", "AF006", numerator=6, denominator=9, exceptions=1), label="1617")
    new = loaded(*record("Y99001", "AF006", numerator=6, denominator=9, pcas=1))
    assert old.table["definition"].tolist() == ["qof:AF006:exceptions"]
    assert new.table["definition"].tolist() == ["qof:AF006:pca"]
    assert old.table["excluded"].tolist() == new.table["excluded"].tolist() == [1]


def test_a_code_whose_scope_changed_has_two_definitions():
    def definition(label):
        rows = record("Y99001", "NDH003", numerator=6, denominator=9, pcas=1)
        return loaded(*rows, label=label).table["definition"].iloc[0]

    assert definition("2526") != definition("2627")


def test_lower_case_headers_of_2015_16_and_leading_regions_of_2024_25_read_alike():
    rows = record("Y99001", "AF006", numerator=6, denominator=9)
    lower = loaded(*rows, header=[name.lower() for name in ACHIEVEMENT])
    regional = loaded(*rows, header=REGIONAL)
    assert figures(lower).tolist() == figures(regional).tolist()
    assert rules(regional) == rules(lower)


def test_a_second_version_in_the_file_name_still_says_its_year():
    extract = loaded(*WHOLE, label="2021_v2")
    assert extract.table["period_end"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-31"]


def test_points_are_facts_and_no_counts():
    facts = loaded(*WHOLE).tables["facts"]
    assert facts[["attribute", "value"]].to_numpy().tolist() == [
        ["copd010.achieved_points", "7.25"]
    ]


def test_points_of_a_protected_indicator_are_told_apart_from_points_achieved():
    rows = [
        *record("Y99001", "DM017", register=31, achieved_points=6),
        *record("Y99001", "DM020", numerator=3, denominator=9, achieved_points=11.5),
    ]
    extract = loaded(*rows, label="2425")
    assert extract.tables["facts"]["attribute"].tolist() == [
        "dm017.protected_points",
        "dm020.achieved_points",
    ]
    told = extract.problems[extract.problems["rule"] == "income protected"]
    assert told[["severity", "rows"]].to_numpy().tolist() == [["info", 1]]


@pytest.mark.parametrize("label", ["2021", "2122"])
def test_all_points_of_the_pandemic_years_are_marked(label):
    told = loaded(*WHOLE, label=label).problems
    assert told[told["rule"] == "income protected"]["rows"].tolist() == [1]


def test_an_unknown_measure_is_named_with_those_that_are_known():
    with pytest.raises(SourceDataError, match="unknown measure of achievement") as raised:
        loaded(*WHOLE, ["Y99001", "COPD010", "ACHIEVEMENT", "75"])
    assert "DENOMINATOR, EXCEPTIONS" in str(raised.value)


def test_the_same_part_twice_is_refused_and_not_added_up():
    with pytest.raises(SourceDataError, match="stands on more than one row"):
        loaded(*WHOLE, WHOLE[0])


@pytest.mark.parametrize("code", ["DM19", "dm019", "DM019 b", ""])
def test_what_is_no_indicators_code_is_a_fault(code):
    with pytest.raises(SourceDataError, match="is not an indicator's code"):
        loaded(*WHOLE, ["Y99001", code, "NUMERATOR", "3"])


def test_a_numerator_above_its_denominator_is_used_and_told():
    extract = loaded(*record("Y99001", "COPD010", numerator=9, denominator=8, pcas=0))
    assert figures(extract).tolist() == [["qof.copd010", 9, 8, 0]]
    assert "numerator within denominator" in rules(extract)


def test_a_missing_column_is_named():
    with pytest.raises(SourceLayoutError, match="column 'MEASURE' is missing"):
        loaded(
            *[[a, b, d] for a, b, _, d in WHOLE], header=("PRACTICE_CODE", "INDICATOR_CODE", "V")
        )


@settings(max_examples=10)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 3)),
        st.tuples(st.integers(0, 50), st.integers(50, 90), st.integers(0, 9)),
        min_size=1,
        max_size=20,
    ),
    st.randoms(use_true_random=False),
)
def test_whatever_the_order_each_pair_is_its_own(records, random):
    rows = [
        row
        for (practice, code), (numerator, denominator, pcas) in records.items()
        for row in record(
            f"Y9900{practice}",
            f"COPD00{code}",
            numerator=numerator,
            denominator=denominator,
            pcas=pcas,
        )
    ]
    random.shuffle(rows)
    table = loaded(*rows).table
    found = {
        (int(practice[-1]), int(measure[-1])): tuple(numbers)
        for practice, measure, *numbers in table[
            ["org_code", "measure", "numerator", "denominator", "excluded"]
        ].to_numpy()
    }
    assert found == records


def test_a_frame_reads_as_its_csv_does():
    frame = pd.DataFrame(WHOLE, columns=list(ACHIEVEMENT))
    extract = phm.load(frame, adapter="england.qof", period="2022-23")
    assert np.array_equal(figures(extract), figures(loaded(*WHOLE)))
