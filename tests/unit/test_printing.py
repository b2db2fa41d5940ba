"""Signs where a console has them, words where it has not; files reached and written."""

from __future__ import annotations

import io

import pytest

from phm_diabetes.errors import OutputError
from phm_diabetes.files import extended, make_folder, reach, write_file
from phm_diabetes.glyphs import printable, verdict_text

VERDICTS = ("better", "similar", "worse", "cannot tell", "higher", "lower", "not compared")


def console(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_verdict_is_its_word_where_the_sign_cannot_be_printed(verdict, encoding):
    assert verdict_text(verdict, stream=console(encoding)) == verdict


def test_no_two_verdicts_of_one_kind_share_a_sign():
    signs = {verdict_text(verdict, stream=console("utf-8"))[0] for verdict in VERDICTS[:4]}
    assert signs == {"▲", "●", "▼", "○"}


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp850", "latin-1", "utf-8", "utf-16"])
def test_whatever_is_made_printable_can_be_printed(encoding):
    text = "▲ better ○ ● › … – — − × → ≥ “x” \N{RIGHT SINGLE QUOTATION MARK} ŵ é 漢 🩺 \udcff"
    made = printable(text, stream=console(encoding))
    made.encode(encoding)
    assert printable(made, stream=console(encoding)) == made


def test_a_sign_beside_its_word_goes_and_a_sign_alone_becomes_its_word():
    assert printable("▲ better | ▼ | ○ not compared", stream=console("ascii")) == (
        "better | worse | not compared"
    )


def test_a_stream_that_has_the_character_gets_it():
    assert printable("a › b …", stream=console("cp1252")) == "a › b …"


def test_a_stream_without_an_encoding_or_with_an_unknown_one_breaks_nothing():
    assert printable("a › b", stream=io.StringIO()) == "a › b"

    class Odd(io.StringIO):
        encoding = "no-such-encoding"

    assert printable("a › b", stream=Odd()) == "a > b"


def test_no_console_at_all_breaks_nothing(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert printable("a › b") == "a › b"


def test_a_long_path_is_asked_for_in_the_form_that_windows_takes():
    assert extended("C:/a folder/b.csv") == r"\\?\C:\a folder\b.csv"
    assert extended("//server/share/b.csv") == r"\\?\UNC\server\share\b.csv"
    assert extended(extended(r"C:\b.csv")) == r"\\?\C:\b.csv"


def test_a_path_is_left_alone_where_it_needs_nothing(tmp_path):
    assert reach(tmp_path / "a b.csv") == tmp_path / "a b.csv"


def test_a_folder_in_the_files_place_is_said_to_be_one(tmp_path):
    with pytest.raises(OutputError, match="it is a folder"):
        write_file(tmp_path, "x")


def test_a_missing_folder_is_said_to_be_missing(tmp_path):
    with pytest.raises(OutputError, match="its folder does not exist"):
        write_file(tmp_path / "none" / "a.csv", "x")


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_name_that_the_system_does_not_take_is_refused(name, tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_file(tmp_path / name, "x")


def test_a_folder_is_made_once_and_found_again(tmp_path):
    folder = make_folder(tmp_path / "a" / "b c")
    assert make_folder(folder).is_dir()
