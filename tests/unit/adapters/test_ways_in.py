"""A path, a zip that holds it, an open file and a DataFrame all give the same tables."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.builders import GEOGRAPHY_HEADER, csv_bytes, geography_row, workbook_bytes, zip_bytes

import phm_diabetes as phm

PRACTICES = [
    [f"Y9990{n}", "PLANTED SURGERY", *[""] * 8, 19740401, closed, "A", *[""] * 12, 4, ""]
    for n, closed in ((1, ""), (2, 20230331))
]
MEMBERSHIPS = [[f"Y9990{n}", "9Y1", "W", 20130401, end, 0] for n, end in ((1, ""), (2, 20210331))]
PARTNERS = (
    "Partner\nOrganisation\nCode",
    "PCN Code",
    "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date",
)


def headerless(rows):
    return pd.DataFrame(rows).to_csv(index=False, header=False).encode()


FILES = {
    "england.qof_geography": (
        "MAPPING_NHS_GEOGRAPHIES_2223.csv",
        csv_bytes([geography_row(1), geography_row(2)], GEOGRAPHY_HEADER),
    ),
    "england.ods_practices": ("epraccur.csv", headerless(PRACTICES)),
    "england.ods_membership": ("epcmem.csv", headerless(MEMBERSHIPS)),
    "england.pcn_membership": (
        "ePCN.xlsx",
        workbook_bytes({"Partners": [PARTNERS, ["Y99901", "U99901", "20190701", ""]]}),
    ),
}


def assert_same(one, other):
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(
            table.drop(columns="source"), other.tables[name].drop(columns="source")
        )


@pytest.fixture(params=FILES)
def published(request, tmp_path):
    name, data = FILES[request.param]
    path = tmp_path / name
    path.write_bytes(data)
    return request.param, path


def test_the_layout_is_recognised_without_being_named(published):
    adapter, path = published
    assert phm.load(path).provenance.adapter == adapter


def test_a_zip_gives_what_the_file_gives(published, tmp_path):
    adapter, path = published
    packed = tmp_path / "packed.zip"
    packed.write_bytes(zip_bytes({f"folder/{path.name}": path.read_bytes(), "notes.pdf": b"%"}))
    assert_same(phm.load(path, adapter=adapter), phm.load(packed, adapter=adapter))


def test_an_open_file_gives_what_the_file_gives(published):
    adapter, path = published
    with path.open("rb") as held:
        assert_same(phm.load(path, adapter=adapter), phm.load(held, adapter=adapter))


@pytest.mark.parametrize("options", [{"dtype": str, "keep_default_na": False}, {}])
def test_a_dataframe_gives_what_the_file_gives(published, options):
    adapter, path = published
    if path.suffix == ".xlsx":
        frame = pd.read_excel(path, engine="openpyxl", **options)
    else:
        # The ODS's files have no header; pandas then labels the columns 0, 1, 2 …
        header = 0 if adapter == "england.qof_geography" else None
        frame = pd.read_csv(path, header=header, **options)
    one, other = phm.load(path, adapter=adapter), phm.load(frame, adapter=adapter, period="2022-23")
    assert_same(one, other)


def test_labels_that_pandas_made_are_no_row_of_the_file():
    frame = pd.DataFrame(MEMBERSHIPS)
    extract = phm.load(frame, adapter="england.ods_membership")
    assert extract.table["source_row"].tolist() == [1, 2]


def test_a_first_practice_that_pandas_took_for_labels_is_still_a_row():
    frame = pd.read_csv(io.BytesIO(headerless(MEMBERSHIPS)), dtype=str)
    # Its blank end became 'Unnamed: 4': reported, since nobody can know what stood there.
    extract = phm.load(frame, adapter="england.ods_membership", problems="report")
    assert extract.provenance.rows_read == 2
    assert extract.problems["row"].dropna().tolist() == [1]
