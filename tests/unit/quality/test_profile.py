"""The page about an extract: what it holds, what it lacks, what is odd, and no cell of it."""

from __future__ import annotations

from typing import ClassVar

import pandas as pd
import pytest
from attrs import evolve
from tests.builders import as_file, qof_csv, qof_row
from tests.planted import counts, facts, geography, memberships, row

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.adapters.declared import Column
from phm_diabetes.adapters.ranges import Rounding
from phm_diabetes.adapters.table import TableAdapter
from phm_diabetes.quality.noting import nothing
from phm_diabetes.quality.profiling import profile


def loaded(*rows, year="2022-23"):
    return phm.load(
        as_file("registers.csv", qof_csv(*rows)),
        adapter="england.qof_prevalence",
        period=year,
    )


def test_clean_planted_files_have_a_page_without_a_problem():
    for source, adapter in (
        (demo.registers(), "england.qof_prevalence"),
        (demo.geography(), "england.qof_geography"),
    ):
        page = profile(phm.load(source, adapter=adapter, period="2022-23"))
        assert "error" not in set(page.problems["severity"])
        assert "warning" not in set(page.problems["severity"])


def test_a_planted_register_above_its_list_is_found_once_at_its_row_of_the_file():
    page = profile(loaded(qof_row(1), qof_row(2, REGISTER="5000")))
    assert page.problems[["severity", "file", "row"]].to_numpy().tolist() == [
        ["warning", "registers.csv", 3]
    ]


def test_the_page_says_what_is_filled_and_ends_with_a_count():
    text = str(profile(loaded(qof_row(1), qof_row(2))))
    assert text.startswith("registers.csv (SHA-256 ")
    assert "counts: 2 rows" in text
    assert text.endswith("No problems.")


def test_beside_the_year_before_the_page_says_who_is_gone_and_what_jumped():
    before = loaded(qof_row(1), qof_row(2), year="2021-22")
    after = loaded(qof_row(1, REGISTER="400"), qof_row(3), year="2022-23")
    rules = set(profile(after, previous=before).problems["rule"])
    assert {"present in both: lost", "share steady"} <= rules


def test_a_fall_in_coverage_is_on_the_page_where_a_geography_is_given():
    codes = [f"Y99{number:03}" for number in range(1, 11)]
    geo = geography(
        memberships({code: {"place": "here"} for code in codes}, start="2013-04-01", end=None)
    )
    everybody = [qof_row(number) for number in range(1, 11)]
    before, after = loaded(*everybody, year="2021-22"), loaded(*everybody[:3], year="2022-23")
    found = profile(after, previous=before, geo=geo).problems
    told = found.loc[found["rule"] == "coverage steady", "message"].tolist()
    assert len(told) == 1
    assert "3 of 10 practices have a figure in the period that ends on 2023-03-31" in told[0]
    assert "coverage steady" not in set(profile(before, previous=before, geo=geo).problems["rule"])
    assert "coverage steady" not in set(profile(after, geo=geo).problems["rule"])


def test_a_published_total_is_held_against_its_practices_where_all_of_them_are_there():
    geo = geography({f"Y{number:05}": {"icb": f"Q{number % 2}"} for number in range(6)})

    def problems(seen, *, without=()):
        rows = [row(f"Y{n:05}", 10, 40) for n in range(6) if n not in without]
        rows += [row(f"Q{n}", seen[n], 120, org_level="icb") for n in range(2)]
        read = evolve(facts(Y00001="4"), tables={"counts": counts(*rows)}, problems=nothing())
        found = profile(read, geo=geo, to="icb").problems
        return found.loc[found["rule"] == "parts make the whole", "message"].tolist()

    assert problems((30, 30)) == []
    assert len(problems((30, 33))) == 1
    assert problems((30, 33), without=[1]) == []


def test_the_same_file_twice_is_told_twice():
    extract = loaded(qof_row(1))
    found = profile(extract, previous=extract).problems
    assert "told once" in set(found["rule"])


class Reviews(TableAdapter):
    place, dataset, version = "north", "reviews", "1"
    layout = "a made-up return of reviews: one row a practice."
    description = "Reviews by practice, rounded to 5, and 1 to 7 hidden."
    definition = "north:review:2023"
    hidden: ClassVar = {"*": (1, 7)}
    missing = ("",)
    rounding = Rounding(to=5)
    columns: ClassVar = {
        "practice": Column(header="Practice", kind="ods_practice"),
        "seen": Column(header="Seen", kind="count"),
        "due": Column(header="Due", kind="count"),
    }
    measures: ClassVar = {"copd.review": ("seen", "due")}


def test_completeness_counts_hidden_and_rounded_figures_apart():
    frame = pd.DataFrame(
        {
            "Practice": ["Y99001", "Y99002", "Y99003", "Y99004"],
            "Seen": ["0", "*", "10", ""],
            "Due": "40",
        }
    )
    page = profile(phm.load(frame, adapter=Reviews, period="2022-23"))
    row = page.completeness.set_index("column").loc["numerator"]
    assert (row["filled"], row["hidden"], row["rounded"]) == (0.5, 0.25, 0.25)


def test_no_cell_of_a_file_is_on_the_page():
    page = profile(loaded(qof_row(1), qof_row(2, REGISTER="876543")))
    html = getattr(page, "_repr_html_")()  # noqa: B009 - as a notebook calls it
    for text in (str(page), repr(page), html):
        assert "876543" not in text
        assert "876,543" not in text


@pytest.mark.parametrize("days", [("2021-01-01", "2022-01-01")])
def test_lists_of_two_years_are_compared(days):
    def lists(day, people):
        rows = pd.DataFrame(
            {
                "EXTRACT_DATE": day,
                "TYPE": "GP",
                "CODE": ["Y99001", "Y99002"],
                "SEX": "ALL",
                "AGE": "ALL",
                "NUMBER_OF_PATIENTS": people,
            }
        )
        return phm.load(rows, adapter="england.list_sizes")

    before, after = lists(days[0], [1000, 1000]), lists(days[1], [1010, 1500])
    found = profile(after, previous=before).problems
    assert found[["rule", "row"]].to_numpy().tolist() == [["list steady", 3]]
