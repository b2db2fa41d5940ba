"""What a record layout can declare beyond single columns, and that it is held to it."""

from __future__ import annotations

import pandas as pd
import pytest

from phm_diabetes.errors import OptionError, SourceLayoutError
from phm_diabetes.records.checked import MISSING
from phm_diabetes.records.checking import Checker
from phm_diabetes.records.columns import Case, Column, Derived
from phm_diabetes.records.faults import Heard
from phm_diabetes.records.frame_blocks import block_of
from phm_diabetes.records.layout import RecordLayout, Rule
from phm_diabetes.records.reading import reader_of
from phm_diabetes.records.resolving import resolve

SENT = Column(name="sent", sources=("SENT",), kind="text", required=False)
DERIVED = Column(name="worked_out", sources=("OURS", "THEIRS"), kind="text", required=False)


def layout(**more):
    """Return a layout of two columns of which one is needed."""
    return RecordLayout(
        place="north",
        dataset="reviews",
        version="1",
        layout="One row a review.",
        description="Planted.",
        table="appointments",
        title="Reviews",
        key="sent",
        day="sent",
        columns=(SENT, DERIVED),
        **more,
    )


def read(given, table):
    """Return what is heard of each rule, and the checked block."""
    resolved = resolve(given, list(table), file="reviews.csv")
    heard = Heard()
    few = list(resolved.few)
    checker = Checker(resolved, [made.name for made in given.derived])
    checked = checker.check(block_of(table, few, [], start=0), heard)
    rows = {rule: found.rows for (rule, _), found in heard.broken.items()}
    words = {
        name: [checker.vocabularies[name].words[at] for at in numbers]
        for name, numbers in checked.words.items()
    }
    return rows, words


def test_a_case_without_conditions_holds_everywhere_and_passes_a_word_on():
    renamed = Derived(
        name="code",
        otherwise="",
        cases=(Case(when={"sent": {"OLD"}}, then="NEW"), Case(then="=sent")),
    )
    table = pd.DataFrame({"SENT": ["OLD", "OTHER", None]})
    _, words = read(layout(derived=(renamed,)), table)
    assert words["code"] == ["NEW", "OTHER", None]


def test_two_columns_differ_only_where_both_are_recorded():
    apart = Rule(
        name="codes differ",
        cases=(Case(differ=("sent", "worked_out")),),
        message="are two codes",
        advice="Nothing to do.",
        sets_aside=False,
    )
    table = pd.DataFrame({"SENT": ["A", "A", None, "A"], "OURS": ["A", "B", "B", None]})
    rows, _ = read(layout(rules=(apart,)), table)
    assert rows == {"codes differ": 1}


def test_a_case_compares_two_columns_and_no_other_number():
    with pytest.raises(OptionError, match="takes two columns"):
        Case(differ=("sent",))


def test_a_rule_that_compares_a_column_that_is_not_there_is_refused():
    case = Case(differ=("sent", "elsewhere"))
    rule = Rule(name="codes differ", cases=(case,), message="", advice="")
    with pytest.raises(OptionError, match="has no 'elsewhere'"):
        layout(rules=(rule,))


def test_a_source_must_have_one_of_a_group():
    given = layout(one_of=(("sent", "worked_out"),))
    assert resolve(given, ["theirs"], file="f.csv").headers["worked_out"] == ("theirs",)
    with pytest.raises(SourceLayoutError, match="1 column missing: 'SENT' or 'OURS' or 'THEIRS'"):
        resolve(given, ["ELSE"], file="f.csv")


def test_a_group_of_columns_that_are_not_there_is_refused():
    with pytest.raises(OptionError, match="has no 'elsewhere'"):
        layout(one_of=(("sent", "elsewhere"),))


def test_a_hyphen_tells_hospital_numbers_apart_and_not_nhs_numbers():
    person = Column(name="person", sources=("ID",), kind="id", identifiable=True)
    read_one = reader_of(person, key=bytes(range(32)))
    assert read_one("A1-23") != read_one("A12-3")
    assert read_one("943-476-5919") == read_one("9434765919")


def test_a_number_too_long_to_count_with_is_reported_and_ends_nothing():
    table = pd.DataFrame({"ID": ["1", "2"], "SEEN": "2023-04-01", "N": ["600000000000000000", "7"]})
    columns = (
        Column(name="review", sources=("ID",), kind="id"),
        Column(name="date", sources=("SEEN",), kind="date"),
        Column(name="visits", sources=("N",), kind="integer", broken="blank"),
    )
    reviews = RecordLayout(
        place="north", dataset="reviews", version="1", layout="One row a review.", key="review",
        description="Planted.", table="appointments", title="Reviews", day="date", columns=columns,
    )  # fmt: skip
    resolved, heard = resolve(reviews, list(table), file="reviews.csv"), Heard()
    block = block_of(table, list(resolved.few), list(resolved.many), start=0)
    checked = Checker(resolved, ["visits"]).check(block, heard)
    assert checked.numbers["visits"].tolist() == [MISSING, 7]
    assert list(heard.broken) == [("whole number", "N")]


def test_an_id_used_once_gets_no_pseudonym_either():
    person = Column(name="person", sources=("ID",), kind="id", identifiable=True, once="U[0-9A-Z]*")
    read_one = reader_of(person, key=bytes(range(32)))
    assert read_one("U123456789") == (None, "id used once")
    assert len(read_one("9434765919")[0]) == 32
