"""`phm check` says everything that is wrong with a file at once, and nothing twice."""

from __future__ import annotations

import io
import sys

import pandas as pd
import pytest
from click.testing import CliRunner
from tests.builders import FIVE_FAULTS, QOF_HEADER, csv_bytes, qof_csv, qof_row, qof_rows, zip_bytes

from phm_diabetes.cli import main
from phm_diabetes.schemas.problems import Problems

NAME = "PREVALENCE_2223.csv"


@pytest.fixture
def check(tmp_path):
    """Return a function that writes a file and checks it."""

    def run(data: bytes, *options: str, name: str = NAME):
        path = tmp_path / name
        path.write_bytes(data)
        return CliRunner().invoke(main, ["check", str(path), *options])

    return run


def test_a_file_without_problems_ends_in_what_became_of_its_rows(check):
    run = check(qof_csv())
    assert run.exit_code == 0
    assert run.output.splitlines()[-2:] == ["No problems.", "3 rows read, 3 used, 0 reported"]
    assert run.stderr == ""


def test_five_faults_are_five_errors_with_their_rows(check):
    run = check(FIVE_FAULTS, "--period", "2022-23", name="faults.csv")
    assert run.exit_code == 1
    origin, *rest = run.stdout.splitlines()
    assert origin.startswith("faults.csv (SHA-256 ")
    assert origin.endswith("…) read by england.qof_prevalence 1")
    not_a_code = "PRACTICE_CODE is not a GP practice code (a letter and five digits)."
    assert [line for line in rest if line.startswith(("error", "warning", "note"))] == [
        "error: faults.csv › row 3 › REGISTER is negative.",
        "error: faults.csv › row 4 › REGISTER is not a whole number.",
        "error: faults.csv › row 6 › REGISTER is text, not a count.",
        "error: faults.csv › row 7 › GROUP_CODE is an unknown indicator group.",
        f"error: faults.csv › row 9 › {not_a_code}",
    ]
    assert rest[-2:] == [
        "5 errors. A row with an error is left out until it is put right.",
        "9 rows read, 4 used, 5 reported",
    ]


def test_what_many_rows_share_is_said_once_with_all_of_them(check):
    rows = [
        qof_row(number, REGISTER="-1" if number in {3, 4, 5, 9} else "1") for number in range(12)
    ]
    run = check(qof_csv(*rows))
    assert "error: PREVALENCE_2223.csv › rows 5–7 and 11 › REGISTER is negative." in run.output
    assert run.output.count("is negative") == 1
    assert "4 errors." in run.output


def test_advice_that_several_problems_share_is_given_once(check):
    run = check(qof_csv(qof_row(1, REGISTER="-1"), qof_row(2, REGISTER="x"), qof_row(3)))
    assert run.output.count("Write a whole number of people, 0 or more") == 1


def test_a_warning_is_no_reason_to_fail(check):
    run = check(csv_bytes([[*row, "x"] for row in qof_rows()], [*QOF_HEADER, "NOTES"]))
    assert run.exit_code == 0
    assert f"warning: {NAME} › NOTES is no part of the layout and was not read." in run.output
    assert run.output.endswith("1 warning.\n3 rows read, 3 used, 0 reported\n")


def test_a_file_of_which_no_row_can_be_used_says_so_last(check):
    run = check(qof_csv(qof_row(1, REGISTER="")))
    assert run.exit_code == 1
    assert run.output.splitlines()[-1] == f"No row of {NAME} can be used."


def test_a_sheet_inside_a_zip_is_named(check):
    data = zip_bytes({"a.csv": qof_csv(), "b.csv": qof_csv(qof_row(9, REGISTER="-1"))})
    run = check(data, "--period", "2022-23", name="qof.zip")
    assert "error: qof.zip › 'b.csv' › row 2 › REGISTER is negative." in run.output
    assert "4 rows read, 3 used, 1 reported" in run.output


def test_messages_speak_of_options_and_not_of_python(check):
    run = check(qof_csv(), name="registers.csv")
    assert run.exit_code == 2
    assert "Pass --period, for instance --period 2022-23." in run.stderr


def test_a_chosen_adapter_that_does_not_fit_says_what_it_misses(check):
    run = check(qof_csv(), "--adapter", "england.qof_geography", "--period", "2022-23")
    assert run.exit_code == 2
    assert "column 'PRACTICE_NAME' is missing" in run.stderr


def test_a_misspelt_adapter_gets_a_suggestion(check):
    run = check(qof_csv(), "--adapter", "england.qof_prevalance")
    assert run.exit_code == 2
    assert "Did you mean 'england.qof_prevalence'?" in run.stderr


def test_an_encoding_can_be_given(check):
    data = csv_bytes([[*qof_row(1), "café"]], [*QOF_HEADER, "NOTES"], encoding="cp1252")
    assert check(data).exit_code == 2
    assert check(data, "--encoding", "cp1252").exit_code == 0
    assert "--encoding cp12 is not a text encoding" in check(data, "--encoding", "cp12").stderr


# --save


def test_every_problem_can_be_saved_as_a_table_that_excel_opens(check, tmp_path):
    saved = tmp_path / "the problems.csv"
    run = check(FIVE_FAULTS, "--save", str(saved))
    assert run.exit_code == 1
    assert saved.read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(saved)
    assert list(table.columns) == list(Problems.to_schema().columns)
    assert table["row"].tolist() == [3, 4, 6, 7, 9]
    assert run.output.endswith(f"5 problems written to {saved}\n")


def test_an_output_that_is_open_elsewhere_is_one_clear_sentence(check, monkeypatch, tmp_path):
    def locked(path, _):
        raise PermissionError(13, "Permission denied", str(path))

    run = check(qof_csv())
    monkeypatch.setattr("pathlib.Path.write_bytes", locked)
    run = CliRunner().invoke(
        main, ["check", str(tmp_path / NAME), "--save", str(tmp_path / "problems.csv")]
    )
    assert run.exit_code == 2
    assert "3 rows read, 3 used" in run.stdout
    assert run.stderr == (
        "Error: problems.csv cannot be written: it is open elsewhere (in Excel?), or may not be "
        "written. Close it and try again, or give another name.\n"
    )


def test_the_file_itself_is_never_overwritten(check, tmp_path):
    run = check(FIVE_FAULTS, "--save", str(tmp_path / NAME))
    assert run.exit_code == 2
    assert f"--save would overwrite {NAME} itself" in run.stderr
    assert (tmp_path / NAME).read_bytes() == FIVE_FAULTS


# Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def progress_on(stream, monkeypatch, path):
    monkeypatch.setattr(sys, "stderr", stream)
    with pytest.raises(SystemExit):
        main(["check", str(path)])
    return stream.getvalue()


def test_a_terminal_shows_what_takes_its_time_and_then_wipes_it_out(monkeypatch, tmp_path):
    (tmp_path / NAME).write_bytes(qof_csv())
    shown = progress_on(Terminal(), monkeypatch, tmp_path / NAME)
    text = f"Reading {NAME} ..."
    assert shown == f"{text}\r{' ' * len(text)}\r"


def test_without_a_terminal_there_is_no_progress(monkeypatch, tmp_path):
    (tmp_path / NAME).write_bytes(qof_csv())
    assert progress_on(io.StringIO(), monkeypatch, tmp_path / NAME) == ""


# The checks of what the rows say


def test_what_is_odd_though_it_can_be_read_is_said_too_and_is_no_reason_to_fail(check):
    header = ("EXTRACT_DATE", "TYPE", "CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS")
    rows = [("01JAN2021", "GP", f"Y9900{number}", "ALL", "ALL", "9") for number in (1, 2)]
    run = check(csv_bytes(rows, header))
    assert run.exit_code == 0
    assert "No problems." in run.output
    facts = ("organisation_level", "organisation_code", "first_day", "last_day", "Most points")
    wide = [("practice", "Y99001", "", "", "635"), ("practice", "Y99002", "", "", "628")]
    run = check(csv_bytes(wide, facts))
    assert run.exit_code == 0
    assert "note: " in run.output
    assert "row 3 › value is not the national maximum of points" in run.output
