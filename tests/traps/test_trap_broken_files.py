"""Every way a file arrives broken: one clear message, from `load` and from the command line."""

from __future__ import annotations

import pytest
from attrs import field, frozen
from click.testing import CliRunner
from tests.builders import (
    FIVE_FAULTS,
    GEOGRAPHY_HEADER,
    QOF_HEADER,
    as_file,
    csv_bytes,
    damaged,
    geography_row,
    locked_zip,
    ole_bytes,
    qof_csv,
    qof_row,
    qof_rows,
    workbook_bytes,
    zip_bytes,
)

import phm_diabetes as phm
from phm_diabetes.cli import main
from phm_diabetes.errors import (
    GeographyError,
    PhmError,
    PluginNotFoundError,
    SourceDataError,
    SourceLayoutError,
    SourceReadError,
)

QOF = "england.qof_prevalence"
MISSPELT = ["PRACTICE_CODE", "GROUP_CODE", "REGISTERS", "PATIENT_LIST_TYPE", "PRACTICE_LIST_SIZE"]
BOOK = workbook_bytes({"Registers": [QOF_HEADER, *qof_rows()]})


@frozen(kw_only=True)
class Broken:
    """A broken file, and what must be said of it."""

    file: str = "PREVALENCE_2223.csv"
    data: bytes
    raises: type[PhmError]
    says: tuple[str, ...] = field(converter=tuple[str, ...])


def rows_are(*rows: list[str], says: str) -> Broken:
    """Break a rule of the rows, so that the message must name row and column."""
    return Broken(data=qof_csv(*rows), raises=SourceDataError, says=(says,))


def file_is(data: bytes, *says: str, file: str = "PREVALENCE_2223.csv") -> Broken:
    """Break the file itself."""
    return Broken(file=file, data=data, raises=SourceReadError, says=says)


BROKEN = {
    "a missing column with a near miss": Broken(
        data=qof_csv(header=MISSPELT),
        raises=SourceLayoutError,
        says=("column 'REGISTER' is missing", "Did you mean 'REGISTERS'?"),
    ),
    "a column twice": Broken(
        data=csv_bytes([[*qof_row(1), "9"]], [*QOF_HEADER, "REGISTER"]),
        raises=SourceLayoutError,
        says=("column 'REGISTER' stands twice",),
    ),
    "a negative count": rows_are(
        qof_row(1), qof_row(2, REGISTER="-4"), says="row 3 › REGISTER is negative."
    ),
    "a fractional count": rows_are(
        qof_row(1, REGISTER="12.5"), says="row 2 › REGISTER is not a whole number."
    ),
    "text in a count": rows_are(
        qof_row(1, PRACTICE_LIST_SIZE="many"),
        says="row 2 › PRACTICE_LIST_SIZE is text, not a count.",
    ),
    "an empty count": rows_are(qof_row(1, REGISTER=""), says="row 2 › REGISTER is empty."),
    "a comma in a count": rows_are(
        [*qof_row(1)[:4], "3", "996"], says="row 2: the row has more cells than the header."
    ),
    "a practice twice": rows_are(
        qof_row(1),
        qof_row(2),
        qof_row(1, REGISTER="9"),
        says="rows 2 and 4: the same practice and indicator group stands on more than one row.",
    ),
    "an unknown group code": rows_are(
        qof_row(1, GROUP_CODE="DMX"), says="row 2 › GROUP_CODE is an unknown indicator group."
    ),
    "a header and nothing else": Broken(
        data=csv_bytes([]),
        raises=SourceDataError,
        says=("PREVALENCE_2223.csv has a header and no rows below it.",),
    ),
    "an empty file": file_is(b"", "PREVALENCE_2223.csv is empty"),
    "a file of nothing but a byte order mark": file_is("\ufeff\r\n".encode(), "is empty"),
    "the wrong encoding": file_is(
        csv_bytes([qof_row(1), qof_row(2, REGISTER="ten – or so")], encoding="cp1252"),
        "is not UTF-8 text (row 3)",
        "cp1252",
    ),
    "a quotation mark that is never closed": file_is(
        qof_csv().replace(b"Y99002", b'"Y99002'), "from row 3 on", "quotation mark"
    ),
    "a picture named csv": file_is(b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8 text"),
    "zeros named csv": file_is(bytes(64), "is not a text file"),
    "a truncated zip": file_is(
        zip_bytes({"PREVALENCE_2223.csv": qof_csv()})[:-30], "cut short or damaged", file="qof.zip"
    ),
    "a damaged zip": file_is(
        damaged(zip_bytes({"a.csv": qof_csv()})), "'a.csv' is cut short or damaged", file="qof.zip"
    ),
    "a locked zip": file_is(
        locked_zip({"a.csv": qof_csv()}), "'a.csv' is locked by a password", file="qof.zip"
    ),
    "an empty zip": file_is(zip_bytes({}), "holds no CSV, xlsx or Parquet file", file="qof.zip"),
    "a zip of an empty file": file_is(
        zip_bytes({"a.csv": b""}), "qof.zip › 'a.csv' is empty", file="qof.zip"
    ),
    "a workbook renamed csv": file_is(BOOK, "Excel workbook with the wrong ending", ".xlsx"),
    "a workbook cut short": file_is(BOOK[:-200], "cut short or damaged", file="qof.xlsx"),
    "a workbook without its sheet": file_is(
        zip_bytes({"xl/workbook.xml": b"<"}), "cannot be read as a workbook", file="qof.xlsx"
    ),
    "an .xls workbook": file_is(
        ole_bytes("Root Entry", "Workbook"), ".xls workbook", "save it as .xlsx", file="qof.xls"
    ),
    "an .xlsb workbook": file_is(
        zip_bytes({"xl/workbook.bin": b"\0"}), ".xlsb workbook", "as .xlsx", file="qof.xlsb"
    ),
    "a workbook encrypted by its label": file_is(
        ole_bytes("Root Entry", "EncryptedPackage"), "sensitivity label", file="qof.xlsx"
    ),
}


@pytest.fixture(params=list(BROKEN))
def broken(request):
    return BROKEN[request.param]


def test_load_says_what_is_wrong_in_one_clear_message(broken, tmp_path):
    path = tmp_path / broken.file
    path.write_bytes(broken.data)
    with pytest.raises(broken.raises) as caught:
        phm.load(path, adapter=QOF, period="2022-23")
    said = str(caught.value)
    assert broken.file in said
    assert all(part in said for part in broken.says), said
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_the_command_line_says_it_without_a_traceback(broken, tmp_path):
    path = tmp_path / broken.file
    path.write_bytes(broken.data)
    run = CliRunner().invoke(main, ["check", str(path), "--adapter", QOF, "--period", "2022-23"])
    assert run.exit_code == (1 if broken.raises is SourceDataError else 2)
    assert isinstance(run.exception, SystemExit)
    assert all(part.replace("encoding=", "") in run.output for part in broken.says), run.output
    assert "Traceback" not in run.output


def test_a_file_with_five_planted_faults_reports_exactly_those_five_with_their_rows():
    extract = phm.load(as_file("faults.csv", FIVE_FAULTS), period="2022-23", problems="report")
    found = extract.problems[["row", "column", "message"]].to_numpy().tolist()
    assert found == [
        [3, "REGISTER", "is negative"],
        [4, "REGISTER", "is not a whole number"],
        [6, "REGISTER", "is text, not a count"],
        [7, "GROUP_CODE", "is an unknown indicator group"],
        [9, "PRACTICE_CODE", "is not a GP practice code (a letter and five digits)"],
    ]
    assert extract.provenance.rows_read == 9
    assert extract.provenance.rows_used == 4
    assert extract.table["source_row"].tolist() == [2, 5, 8, 10]


def test_rows_of_several_sheets_are_told_apart():
    data = zip_bytes(
        {
            "PREVALENCE_2122.csv": qof_csv(qof_row(1)),
            "PREVALENCE_2223.csv": qof_csv(qof_row(1, REGISTER="-1")),
        }
    )
    with pytest.raises(
        SourceDataError, match=r"qof\.zip › 'PREVALENCE_2223.csv' › row 2 › REGISTER"
    ):
        phm.load(as_file("qof.zip", data))


def test_a_file_of_another_layout_is_not_recognised():
    with pytest.raises(PluginNotFoundError, match=r"No installed adapter recognises letters\.csv"):
        phm.load(as_file("letters.csv", b"to,from\na,b\n"))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourceReadError, match=r"none\.csv cannot be read: there is no such file"):
        phm.load(tmp_path / "none.csv")


def test_a_folder_is_not_a_file(tmp_path):
    (tmp_path / "QOF 2022-23").mkdir()
    with pytest.raises(SourceReadError, match="QOF 2022-23 cannot be read: it is a folder"):
        phm.load(tmp_path / "QOF 2022-23")


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"], ids=["too long", "holds a zero"])
def test_a_name_that_the_system_does_not_take_is_refused(name):
    with pytest.raises(SourceReadError, match="cannot be read") as caught:
        phm.load(name)
    assert caught.value.__context__ is None


def test_a_file_open_elsewhere_is_said_to_be(monkeypatch, tmp_path):
    path = tmp_path / "PREVALENCE_2223.csv"
    path.write_bytes(qof_csv())

    def locked(_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", locked)
    with pytest.raises(SourceReadError, match=r"is open elsewhere\. Close it and try again"):
        phm.load(path)


def test_a_closed_file_is_refused():
    opened = as_file("a.csv", qof_csv())
    opened.close()
    with pytest.raises(SourceReadError, match=r"a\.csv cannot be read: it is closed"):
        phm.load(opened)


def test_another_years_geography_is_refused_and_says_which_days_it_covers():
    registers = phm.load(as_file("q.csv", qof_csv()), adapter=QOF, period="2022-23")
    mapping = as_file("map.csv", csv_bytes([geography_row(1)], GEOGRAPHY_HEADER))
    geo = phm.Geography.from_memberships(
        phm.load(mapping, adapter="england.qof_geography", period="2021-22")
    )
    with pytest.raises(
        GeographyError, match=r"cover 2021-04-01 to 2022-03-31\. Load the geography"
    ):
        geo.roll_up(registers.table, to="icb", as_at="period_end")


# What looks odd, and is not broken.


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + qof_csv(),
        qof_csv().decode().encode("utf-16"),
        qof_csv().replace(b"\r\n", b"\r"),
        qof_csv() + b",,,,\r\n\r\n",
        b"\xef\xbb\xbf" + qof_csv().replace(b"PRACTICE_CODE", b'" practice_code "'),
    ],
    ids=["BOM", "UTF-16", "old Mac line ends", "blank rows at the end", "spaces in a header"],
)
def test_a_file_that_only_looks_odd_is_read(data):
    extract = phm.load(as_file("PREVALENCE_2223.csv", data), adapter=QOF)
    assert extract.provenance.rows_used == 3
    assert extract.problems.empty


def test_an_extra_column_is_reported_and_does_no_harm():
    data = csv_bytes([[*row, "x"] for row in qof_rows()], [*QOF_HEADER, "NOTES"])
    extract = phm.load(as_file("PREVALENCE_2223.csv", data))
    assert extract.provenance.rows_used == 3
    assert extract.problems[["severity", "column"]].to_numpy().tolist() == [["warning", "NOTES"]]


def test_what_a_mac_adds_to_a_zip_is_left_out():
    data = zip_bytes({"PREVALENCE_2223.csv": qof_csv(), "__MACOSX/._PREVALENCE_2223.csv": b"\0\5"})
    assert phm.load(as_file("qof.zip", data)).provenance.sheets == ("PREVALENCE_2223.csv",)


def test_a_csv_whose_first_letters_are_those_of_a_zip_is_a_csv():
    data = csv_bytes([["1"]], ["PK"])
    with pytest.raises(PluginNotFoundError):
        phm.load(as_file("a.csv", data))


@pytest.mark.parametrize("folder", ["a folder with spaces", "/".join(["x" * 60] * 6)])
def test_a_path_may_hold_spaces_and_be_long(folder, tmp_path):
    path = tmp_path / folder / "PREVALENCE 22 23 (final), v2.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(qof_csv())
    assert phm.load(str(path), period="2022-23").provenance.rows_used == 3


def test_text_that_is_open_already_needs_no_encoding(tmp_path):
    path = tmp_path / "PREVALENCE_2223.csv"
    path.write_bytes(csv_bytes(qof_rows(), encoding="utf-16"))
    with path.open(encoding="utf-16") as opened:
        assert phm.load(opened).provenance.rows_used == 3
