"""No error, report, pickle or printed table holds what stood in a cell that may be a patient's."""

from __future__ import annotations

import csv
import io
import pickle
import traceback

import pandas as pd
import pytest
from click.testing import CliRunner
from tests.builders import (
    QOF_HEADER,
    as_file,
    csv_bytes,
    qof_csv,
    qof_row,
    qof_rows,
    workbook_bytes,
)

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.adapters.sources import open_source
from phm_diabetes.cli import main
from phm_diabetes.errors import PhmError, SourceDataError

SECRETS = ("943 476 5919", "M87 Smith")
FILES = {
    "england.qof_prevalence": demo.registers,
    "england.qof_geography": demo.geography,
    "england.ods_practices": demo.practices,
    "england.ods_membership": demo.membership,
}
secret = pytest.mark.parametrize("secret", SECRETS)
column = pytest.mark.parametrize("column", QOF_HEADER)


def everything_said_by(error: PhmError) -> str:
    """Return all that an error shows, or takes along when it is pickled."""
    assert error.__context__ is None
    assert error.__cause__ is None
    shown = "".join(traceback.format_exception(error, chain=True))
    pickled = pickle.dumps(error).decode("latin-1")
    problems = getattr(error, "problems", None)
    listed = problems.to_csv() if isinstance(problems, pd.DataFrame) else ""
    return shown + repr(error) + pickled + listed


@column
@secret
def test_an_error_never_holds_the_cell_that_caused_it(column, secret):
    data = qof_csv(qof_row(1), qof_row(2, **{column: secret}), qof_row(3))
    with pytest.raises(SourceDataError) as caught:
        phm.load(as_file("PREVALENCE_2223.csv", data))
    assert secret not in everything_said_by(caught.value)
    assert column in str(caught.value)


@column
@secret
def test_a_row_set_aside_leaves_nothing_in_the_extract(column, secret):
    data = qof_csv(qof_row(1), qof_row(2, **{column: secret}), qof_row(3))
    extract = phm.load(as_file("PREVALENCE_2223.csv", data), problems="report")
    assert extract.provenance.rows_reported == 1
    kept = pickle.dumps([extract.tables, extract.problems]).decode("latin-1")
    assert secret not in kept + repr(extract) + extract.problems.to_csv()


@column
@secret
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_command_line_never_shows_or_saves_a_cell(column, secret, kind, tmp_path):
    rows = [qof_row(1), qof_row(2, **{column: secret}), qof_row(3)]
    path, saved = tmp_path / f"PREVALENCE_2223.{kind}", tmp_path / "problems.csv"
    book = workbook_bytes({"Registers": [QOF_HEADER, *rows]})
    path.write_bytes(book if kind == "xlsx" else qof_csv(*rows))
    run = CliRunner().invoke(main, ["check", str(path), "--save", str(saved)])
    assert run.exit_code == 1
    assert secret not in run.output + saved.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("adapter", FILES)
def test_no_column_of_any_adapter_leaks_into_a_message(adapter):
    lines = FILES[adapter]().read().decode().splitlines()[:4]
    rows = list(csv.reader(lines))
    for spot in range(len(rows[0])):
        secret = SECRETS[spot % len(SECRETS)]
        planted = [list(row) for row in rows]
        planted[-1][spot] = secret
        source = as_file("planted.csv", csv_bytes(planted[1:], planted[0]))
        try:
            extract = phm.load(source, adapter=adapter, period="2022-23", problems="report")
        except PhmError as error:
            said = everything_said_by(error)
        else:
            said = repr(extract) + extract.problems.to_csv()
        assert secret not in said, f"column {spot + 1}"


@secret
def test_a_file_in_the_wrong_encoding_is_not_quoted(secret):
    data = csv_bytes([qof_row(1, REGISTER=f"{secret} – café")], encoding="cp1252")
    with pytest.raises(PhmError) as caught:
        phm.load(as_file("PREVALENCE_2223.csv", data))
    assert secret not in everything_said_by(caught.value)


def test_text_opened_in_the_wrong_encoding_is_not_quoted(tmp_path):
    path = tmp_path / "PREVALENCE_2223.csv"
    path.write_bytes(csv_bytes([qof_row(1, REGISTER=f"{SECRETS[1]} – café")], encoding="cp1252"))
    with path.open(encoding="utf-8") as opened, pytest.raises(PhmError) as caught:
        phm.load(opened)
    assert SECRETS[1] not in everything_said_by(caught.value)


@secret
def test_a_file_whose_header_was_lost_is_not_quoted(secret):
    data = csv_bytes(qof_rows(), qof_row(9, REGISTER=secret))
    with pytest.raises(PhmError) as caught:
        phm.load(as_file("a.csv", data), adapter="england.qof_prevalence", period="2022-23")
    assert secret not in everything_said_by(caught.value)


def test_an_opened_source_does_not_print_its_cells():
    opened = open_source(as_file("a.csv", qof_csv(qof_row(1, REGISTER=SECRETS[0]))))
    assert SECRETS[0] not in repr(opened)
    assert SECRETS[0] not in repr(opened.sheets[0].rows({"count": ("REGISTER",)}))


def test_an_unexpected_error_is_an_apology_that_quotes_nothing(monkeypatch, tmp_path):
    def fails(*_, **__):
        int(SECRETS[1])

    path = tmp_path / "PREVALENCE_2223.csv"
    path.write_bytes(qof_csv())
    monkeypatch.setattr("phm_diabetes.loading.load", fails)
    run = CliRunner().invoke(main, ["check", str(path)])
    assert run.exit_code == 2
    assert SECRETS[1] not in run.output
    assert "did not expect (ValueError in test_trap_patient_values.py, line" in run.output
    assert "--debug" in run.output
    assert "Traceback" not in run.output


def test_a_table_handed_over_is_treated_as_a_file_is():
    frame = pd.read_csv(io.BytesIO(qof_csv(qof_row(1), qof_row(2, REGISTER=SECRETS[0]))))
    with pytest.raises(SourceDataError, match="DataFrame › row 3 › REGISTER") as caught:
        phm.load(frame, period="2022-23")
    assert SECRETS[0] not in everything_said_by(caught.value)
