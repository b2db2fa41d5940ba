"""The planted files stand in the published layouts, and nothing in them is real."""

from __future__ import annotations

import csv
import hashlib
import io

import openpyxl
import pytest

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.errors import OutputError

FILES = {
    "PREVALENCE_2223.csv": demo.registers,
    "MAPPING_NHS_GEOGRAPHIES_2223.csv": demo.geography,
    "epraccur.csv": demo.practices,
    "epcmem.csv": demo.membership,
    "ePCN.xlsx": demo.pcns,
}
# The README and the documentation print figures of these bytes.
HASHES = {
    "PREVALENCE_2223.csv": "1ebf04083e6f",
    "MAPPING_NHS_GEOGRAPHIES_2223.csv": "c2800b68bfd9",
    "epraccur.csv": "15eb0bc5ec71",
    "epcmem.csv": "7ed27b232957",
    "ePCN.xlsx": "e22c1d320ae6",
}
REVIEW = {
    "audit.csv": "6b6cca83fb29",
    "dqof.toml": "3f47afe8a987",
    "qof.zip": "5c3fff4d689a",
    "return.xlsx": "a7d1da95ac25",
}
REAL = {
    "MAPPING_NHS_GEOGRAPHIES_2223.csv": "qof/raw_2022-23/MAPPING_NHS_GEOGRAPHIES_2223.csv",
    "PREVALENCE_2223.csv": "qof/raw_2022-23/PREVALENCE_2223.csv",
    "epcmem.csv": "ods/epcmem.csv",
    "epraccur.csv": "ods/epraccur_2025-04.csv",
}

each_file = pytest.mark.parametrize("file", FILES)
each_csv = pytest.mark.parametrize("file", REAL)


def demo_memberships() -> set[str]:
    return {"MAPPING_NHS_GEOGRAPHIES_2223.csv", "epcmem.csv", "epraccur.csv"}


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def _planted(file: str) -> list[list[str]]:
    return _rows(FILES[file]().read().decode("utf-8"))


def _real(shared, file: str) -> list[list[str]]:
    return _rows((shared / "data" / REAL[file]).read_text(encoding="utf-8"))


@each_file
def test_a_planted_file_is_the_same_bytes_everywhere(file):
    assert hashlib.sha256(FILES[file]().read()).hexdigest()[:12] == HASHES[file]


def test_the_review_s_files_are_the_same_bytes_everywhere(tmp_path):
    written = {path.name: path for path in demo.write_review(tmp_path)}
    assert set(written) == {*REVIEW, *demo_memberships()}
    hashes = {name: hashlib.sha256(written[name].read_bytes()).hexdigest()[:12] for name in REVIEW}
    assert hashes == REVIEW
    for name in demo_memberships():
        assert written[name].read_bytes() == FILES[name]().read()


@each_file
def test_a_planted_file_is_recognised_and_every_row_of_it_is_used(file):
    found = phm.load(FILES[file]()).provenance
    assert (found.file, found.rows_used, found.rows_reported) == (file, found.rows_read, 0)


@each_csv
def test_a_planted_file_has_the_columns_of_the_published_one(shared, file):
    planted, real = _planted(file), _real(shared, file)
    assert {len(row) for row in planted} == {len(row) for row in real}
    if not file.startswith("ep"):  # these are published without a header
        assert planted[0] == real[0]


@each_csv
def test_a_planted_file_is_quoted_as_the_published_one(shared, file):
    with (shared / "data" / REAL[file]).open("rb") as published:
        assert (published.read(1) == b'"') == (FILES[file]().read(1) == b'"')


def test_the_planted_workbook_has_the_sheets_and_headers_of_the_published_one(shared):
    real = openpyxl.load_workbook(shared / "data/ods/ePCN_2023-01.xlsx", read_only=True)
    planted = openpyxl.load_workbook(demo.pcns())
    assert planted.sheetnames == real.sheetnames
    for sheet in planted.sheetnames:
        first, published = (
            next(book[sheet].iter_rows(values_only=True)) for book in (planted, real)
        )
        assert list(first) == list(published)[: len(first)]
    real.close()


@each_csv
def test_no_planted_code_is_one_that_the_nhs_has_issued(shared, file):
    def codes(rows):
        text = {cell for row in rows for cell in row}
        return {
            cell for cell in text if any(map(str.isdigit, cell)) and any(map(str.isalpha, cell))
        }

    organisations = {each.code for each in demo.truth().practices}
    for each in demo.truth().practices:
        organisations |= {each.pcn or "", each.area.icb, each.area.sub_icb, each.area.commissioner}
    assert not (organisations - {""}) & codes(_real(shared, file))


def test_every_planted_name_says_so(geo):
    for level in ("practice", "pcn", "place", "sub_icb", "icb", "region"):
        names = geo.names(level)
        assert names
        assert {name for name in names.values() if "planted" not in name.casefold()} == set()


def test_writing_gives_every_file_and_overwrites_what_was_there(tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "epcmem.csv").write_text("old", encoding="utf-8")
    paths = demo.write(folder)
    assert {path.name for path in paths} == set(FILES)
    for path in paths:
        assert path.read_bytes() == FILES[path.name]().read()


def test_writing_into_no_folder_is_one_clear_sentence(tmp_path):
    with pytest.raises(OutputError, match="its folder does not exist"):
        demo.write(tmp_path / "nowhere")
