"""Facts that a Place collects: long and wide say the same, and a blank is no fact."""

from __future__ import annotations

import io

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.demo.workbook import xlsx

ADAPTER = "local.facts"
ABOUT = ["organisation_level", "organisation_code", "first_day", "last_day"]
WIDE = [
    [*ABOUT, "Clinical system", "Payment basis"],
    ["practice", "Y99001", "2023-04-01", "", "EMIS", "block"],
    ["practice", "Y99002", "2023-04-01", "", "", "activity"],
]
LONG = pd.DataFrame(
    [
        ("practice", "Y99001", "2023-04-01", "", "Clinical system", "EMIS"),
        ("practice", "Y99001", "2023-04-01", "", "Payment basis", "block"),
        ("practice", "Y99002", "2023-04-01", "", "Payment basis", "activity"),
    ],
    columns=[*ABOUT, "attribute", "value"],
)
TOLD = ["org_code", "attribute", "value", "start"]


def facts(source, **keywords):
    return phm.load(source, **keywords).table


def test_a_wide_workbook_and_a_long_table_give_the_same_facts():
    wide = facts(io.BytesIO(xlsx({"Facts": WIDE})))[TOLD].astype(object)
    long = facts(LONG)[TOLD].astype(object)
    order = ["org_code", "attribute"]
    pd.testing.assert_frame_equal(
        wide.sort_values(order, ignore_index=True), long.sort_values(order, ignore_index=True)
    )


def test_a_blank_is_no_fact_and_a_row_of_blanks_is_reported():
    frame = pd.DataFrame([*WIDE[1:], ["practice", "Y99003", "", "", "", ""]], columns=WIDE[0])
    extract = phm.load(frame)
    assert "Y99003" not in set(extract.table["org_code"])
    assert extract.problems[["rule", "rows"]].to_numpy().tolist() == [["no fact", 1]]


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        (("practice", "99001", "", "", "System", "EMIS"), "organisation code"),
        (("Practice", "Y99009", "", "", "System", "EMIS"), "level"),
        (("practice", "Y99009", "soon", "", "System", "EMIS"), "date"),
        (("practice", "Y99009", "2024-04-01", "2023-04-01", "System", "EMIS"), "dates in order"),
        (("practice", "Y99009", "", "", "", "EMIS"), "attribute"),
    ],
)
def test_a_broken_fact_is_reported_by_its_rule(cells, rule):
    frame = pd.concat([LONG, pd.DataFrame([cells], columns=LONG.columns)])
    problems = phm.load(frame, adapter=ADAPTER, problems="report").problems
    assert problems[["row", "rule"]].to_numpy().tolist() == [[5, rule]]


def test_two_facts_of_one_attribute_from_one_day_are_refused():
    frame = pd.concat([LONG, LONG.iloc[:1].assign(value="SystmOne")])
    problems = phm.load(frame, adapter=ADAPTER, problems="report").problems
    assert problems["row"].tolist() == [2, 5]


def test_facts_of_any_level_are_kept_with_it():
    frame = LONG.iloc[:1].assign(organisation_level="place", organisation_code="dudley")
    assert facts(frame)["org_level"].tolist() == ["place"]
