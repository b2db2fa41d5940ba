"""The ODS's history of practices and their commissioners."""

from __future__ import annotations

import io

import pandas as pd
import pytest

import phm_diabetes as phm

ADAPTER = "england.ods_membership"


def spell(practice="Y99901", commissioner="9Y1", start="20130401", end="", kind="W"):
    return [practice, commissioner, kind, start, end, "0"]


def loaded(*rows):
    text = pd.DataFrame(rows).to_csv(index=False, header=False)
    return phm.load(io.BytesIO(text.encode()), adapter=ADAPTER, problems="report")


def told(extract):
    """Return problems apart from the edition's age, which every file has."""
    return extract.problems[extract.problems["rule"] != "open when published"]


def test_a_membership_has_both_ends():
    line = loaded(spell(end="20210331")).table.iloc[0]
    assert (line["org_code"], line["parent_level"], line["parent_code"]) == (
        "Y99901",
        "commissioner",
        "9Y1",
    )
    assert (line["start"], line["end"]) == (pd.Timestamp("2013-04-01"), pd.Timestamp("2021-03-31"))


def test_successive_commissioners_are_no_fault():
    extract = loaded(spell(end="20210331"), spell(commissioner="D9P9L", start="20210401"))
    assert len(told(extract)) == 0


def test_the_file_says_how_new_it_is_since_open_memberships_may_have_ended_since():
    extract = loaded(spell(), spell("Y99902"), spell("Y99903", end="20190630"))
    line = extract.problems.iloc[0]
    assert (line["severity"], line["rows"]) == ("info", 2)
    assert "newest date is 2019-06-30" in line["message"]


def test_two_commissioners_on_a_day_are_used_and_warned_of_at_the_later_one():
    extract = loaded(spell(), spell(commissioner="9Y2", start="20200401"))
    assert told(extract)[["severity", "row", "rule"]].to_numpy().tolist() == [
        ["warning", 2, "one parent a day"]
    ]
    assert len(extract.table) == 2


def test_a_last_day_that_is_the_next_ones_first_counts_as_two_commissioners_on_a_day():
    extract = loaded(spell(end="20200401"), spell(commissioner="9Y2", start="20200401"))
    assert told(extract)["row"].tolist() == [2]


def test_an_overlap_is_found_behind_a_spell_of_the_same_commissioner():
    extract = loaded(
        spell(commissioner="9Y2", start="20130401", end="20191231"),
        spell(commissioner="9Y1", start="20130401", end="20131231"),
        spell(commissioner="9Y1", start="20140401", end="20141231"),
    )
    assert told(extract)["row"].tolist() == [2, 3]


def test_overlapping_spells_of_one_commissioner_are_no_ambiguity():
    extract = loaded(spell(end="20200331"), spell(start="20190401"))
    assert len(told(extract)) == 0


def test_the_same_membership_twice_is_harmless_and_said():
    extract = loaded(spell(), spell())
    assert told(extract)[["severity", "row", "rule"]].to_numpy().tolist() == [
        ["warning", 1, "duplicate"],
        ["warning", 2, "duplicate"],
    ]
    assert extract.provenance.rows_used == 2


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"practice": "GP9901"}, "organisation code"),
        ({"commissioner": "9Y"}, "organisation code"),
        ({"kind": "C"}, "code"),
        ({"start": ""}, "date"),
        ({"end": "31/03/2021"}, "date"),
        ({"end": "20130331"}, "dates in order"),
    ],
)
def test_a_broken_row_is_set_aside_with_its_rule(cells, rule):
    extract = loaded(spell("Y99902"), spell(**cells))
    assert told(extract)[["severity", "row", "rule"]].to_numpy().tolist() == [["error", 2, rule]]
    assert extract.table["org_code"].tolist() == ["Y99902"]
