"""A Place judges its foot pathway against standards, and every row has evidence or says none."""

from __future__ import annotations

import pytest

import phm_diabetes as phm
from phm_diabetes.adapters.pathway_checks import FOOT_PATHWAY
from phm_diabetes.errors import SourceDataError, SourceLayoutError

HEADER = "code,standard,origin,status,evidence\n"


def load(folder, text, name="feet.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return phm.load_checklist(path)


def test_the_template_loads_as_it_is_with_everything_unknown(tmp_path):
    path = phm.write_template("checklist.foot_pathway", tmp_path / "feet.toml")
    found = phm.load_checklist(path)
    assert len(found) == 13
    assert found["standard"].is_unique
    assert not found["standard"].str.match(r"It\b").any()  # each row is read by itself
    assert set(found["status"]) == {"unknown"}
    assert found["origin"].str.startswith("NICE NG19").all()
    assert set(found["service"]) == {"foot care pathway"}


def test_every_row_has_its_evidence_or_says_that_there_is_none(tmp_path):
    rows = "a,Seen in a day,local,met,audit | May\nb,Written down,local,not met,\n"
    page = phm.checklist_markdown(load(tmp_path, HEADER + rows, "feet.csv"))
    assert page.splitlines()[2:4] == [
        "| Seen in a day | local | met | audit \\| May |",
        "| Written down | local | not met | no evidence |",
    ]
    assert page.endswith(
        "met 1, partly 0, not met 1, unknown 0; 1 of 2 without evidence. Judged by the Place "
        "itself."
    )


def test_a_filled_copy_keeps_what_was_written(tmp_path):
    text = FOOT_PATHWAY.replace('status = "unknown"', 'status = "partly"', 1)
    text = text.replace('evidence = ""', 'evidence = "minutes of June"', 1)
    first = load(tmp_path, text).iloc[0]
    assert first[["status", "evidence"]].tolist() == ["partly", "minutes of June"]


def test_every_fault_is_named_at_once_and_no_cell_is_quoted(tmp_path):
    rows = "a,SECRET,local,good,\na,,local,met,\nc,Third,local,,x\n"
    with pytest.raises(SourceDataError) as caught:
        load(tmp_path, HEADER + rows, "feet.csv")
    message = str(caught.value)
    for fault in (
        "standard 1: status is none of met, partly, not met, unknown",
        "standard 2: standard is blank",
        "standard 2: the code of another",
        "standard 3: status is blank",
    ):
        assert fault in message
    assert "SECRET" not in message
    with pytest.raises(SourceDataError, match="evidence is not text"):
        load(tmp_path, FOOT_PATHWAY.replace('evidence = ""', "evidence = 3", 1))


def test_what_is_no_checklist_is_refused(tmp_path):
    with pytest.raises(SourceLayoutError, match="no service"):
        load(tmp_path, "[[standard]]\ncode = 'a'")
    with pytest.raises(SourceLayoutError, match="write_template"):
        load(tmp_path, "code,standard\na,b\n", "feet.csv")
