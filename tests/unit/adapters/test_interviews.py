"""Interviews are filled in, loaded as themes, and rendered, without a word of who spoke."""

from __future__ import annotations

import pytest

import phm_diabetes as phm
from phm_diabetes.adapters.interviews import INTERVIEWS
from phm_diabetes.errors import OutputError, SourceDataError, SourceLayoutError, SourceReadError

HEADER = "code,words,reporter_role,site,count\n"


def filled(**changes):
    """Return the template with its first theme filled in."""
    text = INTERVIEWS
    for name, value in {"reporter_role": '"clerk"', "count": "3", **changes}.items():
        before, _, after = text.partition(f"\n{name} = ")
        rest = after.partition("\n")[2]
        text = f"{before}\n{name} = {value}\n{rest}"
    return text


def load(folder, text, name="interviews.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return phm.load_themes(path)


def test_a_filled_copy_of_the_template_loads_as_themes(tmp_path):
    path = phm.write_template("interviews.dna", tmp_path / "interviews.toml")
    assert path.read_text(encoding="utf-8") == INTERVIEWS
    found = load(tmp_path, filled(site='"North"'))
    assert found.to_dict("records") == [
        {
            "interview": "dna-2023",
            "code": "DNA1",
            "words": "The letter or message did not arrive, or came too late",
            "reporter_role": "clerk",
            "site": "North",
            "count": 3,
        }
    ]


def test_a_filled_copy_is_never_overwritten(tmp_path):
    phm.write_template("interviews.dna", tmp_path / "interviews.toml")
    with pytest.raises(OutputError, match="may be filled in"):
        phm.write_template("interviews.dna", tmp_path / "interviews.toml")


def test_a_template_that_nobody_filled_in_has_no_themes(tmp_path):
    assert load(tmp_path, INTERVIEWS).empty


def test_asked_and_said_by_nobody_is_kept_as_nought(tmp_path):
    assert load(tmp_path, filled(count="0"))["count"].tolist() == [0]


def test_a_csv_loads_as_the_same_table_and_is_named_after_its_file(tmp_path):
    text = f"\ufeff{HEADER}DNA1,Letters come late,clerk,North,3\nDNA2,Too far,nurse,,1\n"
    found = load(tmp_path, text, "dna-2024.csv")
    assert found["interview"].tolist() == ["dna-2024"] * 2
    assert found["count"].tolist() == [3, 1]
    assert found["site"].tolist() == ["North", ""]


def test_every_fault_is_named_at_once_and_no_cell_is_quoted(tmp_path):
    text = (
        f"{HEADER}dna1,SECRET words,clerk,,3\nDNA2,,nurse,,two\nDNA3,Far,,,1\n"
        "DNA4,Near,nurse,,1\nDNA4,Nearer,nurse,,1\n"
    )
    with pytest.raises(SourceDataError) as caught:
        load(tmp_path, text, "a.csv")
    message = str(caught.value)
    for fault in (
        "theme 1: code is not written as in DNA1",
        "theme 2: words is blank",
        "theme 2: count is no whole number",
        "theme 3: reporter_role is blank",
        "theme 5: the same code, role and site as theme 4",
        "theme 5: other words for a code",
    ):
        assert fault in message
    assert "SECRET" not in message


@pytest.mark.parametrize("count", ["-1", "2.5", "true", '"3"'])
def test_a_count_is_a_whole_number_from_nought(tmp_path, count):
    with pytest.raises(SourceDataError, match="count is no whole number"):
        load(tmp_path, filled(count=count))


def test_what_is_no_sheet_of_themes_is_refused(tmp_path):
    with pytest.raises(SourceReadError, match="cannot be read"):
        phm.load_themes(tmp_path / "absent.toml")
    with pytest.raises(SourceReadError, match="is no TOML"):
        load(tmp_path, "interview = SECRET")
    (tmp_path / "latin.csv").write_bytes(b"\xff\xfe\xe9")
    with pytest.raises(SourceReadError, match="UTF-8"):
        phm.load_themes(tmp_path / "latin.csv")
    for text in ("interview = 'a'", "interview = 'a'\ntheme = [1]", "[[theme]]\ncode = 'A'"):
        with pytest.raises(SourceLayoutError, match="no interview"):
            load(tmp_path, text)
    with pytest.raises(SourceLayoutError, match="has not the columns"):
        load(tmp_path, "interview = 'a'\n[[theme]]\ncode = 'A1'\nname = 'x'")
    with pytest.raises(SourceLayoutError, match="has not the columns"):
        load(tmp_path, "code,name\nA1,x\n", "b.csv")
    with pytest.raises(SourceLayoutError, match="more cells than the header"):
        load(tmp_path, f"{HEADER}DNA1,Late, lost,clerk,,1\n", "c.csv")


def test_themes_are_rendered_with_the_most_said_first_and_with_what_counts_are_not(tmp_path):
    rows = "DNA1,Late | lost,clerk,North,1\nDNA2,Far,nurse,North,2\nDNA2,Far,clerk,South,2\n"
    page = phm.themes_markdown(load(tmp_path, HEADER + rows + "DNA3,Fear,nurse,,0\n", "a.csv"))
    assert page.splitlines()[2:5] == [
        "| DNA2 | Far | 4 | clerk 2, nurse 2 | 2 |",
        "| DNA1 | Late \\| lost | 1 | clerk 1 | 1 |",
        "| DNA3 | Fear | 0 |  | 0 |",
    ]
    assert "not drawn at random" in page
