"""Lists by small area: which census, which day, and people who live in no area."""

from __future__ import annotations

import builtins
import io
import sys

import pandas as pd
import pytest
from tests.builders import as_file

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, SourceReadError
from phm_diabetes.model.periods import Period

ADAPTER = "england.list_by_lsoa"


def lists(areas, *, header="LSOA_CODE", practice="Y99001"):
    return pd.DataFrame(
        {
            "EXTRACT_DATE": "01JAN2021",
            "PRACTICE_CODE": practice,
            header: list(areas),
            "NUMBER_OF_PATIENTS": range(1, len(areas) + 1),
        }
    )


def level_of(frame):
    return set(phm.load(frame, adapter=ADAPTER).table["area_level"])


def test_the_header_says_which_census_the_areas_are_of():
    assert level_of(lists(["E01000001"], header="LSOA11CD")) == {"lsoa_2011"}
    assert level_of(lists(["E01000001"], header="LSOA21CD")) == {"lsoa_2021"}


def test_the_codes_say_which_census_where_the_header_does_not():
    assert level_of(lists(["E01000001", "NO2011"])) == {"lsoa_2011"}
    assert level_of(lists(["E01000001", "E01035700"])) == {"lsoa_2021"}


def test_codes_that_both_censuses_have_are_read_as_of_either_and_it_is_said():
    extract = phm.load(lists(["E01000001"]), adapter=ADAPTER)
    assert set(extract.table["area_level"]) == {"lsoa"}
    assert extract.problems["rule"].tolist() == ["census of the areas"]


def test_people_in_no_area_are_kept_as_unknown_and_welsh_areas_as_themselves():
    table = phm.load(lists(["NO2011", "W01000001"]), adapter=ADAPTER).table
    assert table["area_code"].tolist() == ["unknown", "W01000001"]
    assert int(table["people"].sum()) == 3


def test_an_area_of_another_kind_is_reported():
    extract = phm.load(lists(["E01000001", "E02000001"]), adapter=ADAPTER, problems="report")
    wrong = extract.problems[extract.problems["severity"] == "error"]
    assert wrong[["row", "rule"]].to_numpy().tolist() == [[3, "area code"]]


def undated():
    return lists(["E01000001", "NO2011"]).drop(columns="EXTRACT_DATE")


@pytest.mark.parametrize(
    "said", ["2021-01-01", "Jan 2021", Period.month(2021, 1)], ids=["day", "month", "period"]
)
def test_a_file_without_its_day_is_dated_by_the_caller(said):
    table = phm.load(undated(), adapter=ADAPTER, period=said).table
    assert set(table["counted_on"]) == {pd.Timestamp("2021-01-01")}


def test_a_file_without_its_day_is_dated_by_its_name():
    data = undated().to_csv(index=False).encode()
    table = phm.load(as_file("registered-lsoa-Jan-21.csv", data), adapter=ADAPTER).table
    assert set(table["counted_on"]) == {pd.Timestamp("2021-01-01")}


def test_a_file_that_nobody_dates_is_refused_with_what_to_pass():
    with pytest.raises(OptionError, match="period='2021-01-01'"):
        phm.load(undated(), adapter=ADAPTER)


def parquet():
    held = io.BytesIO()
    lists(["E01000001", "NO2011"]).to_parquet(held)
    return held.getvalue()


def test_parquet_reads_as_the_same_table_does_from_csv():
    one = phm.load(io.BytesIO(parquet()), adapter=ADAPTER).table
    other = phm.load(lists(["E01000001", "NO2011"]), adapter=ADAPTER).table
    pd.testing.assert_frame_equal(one.drop(columns="source"), other.drop(columns="source"))


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch):
    data, real = parquet(), builtins.__import__

    def without(name, *rest, **keywords):
        if name.split(".")[0] == "pyarrow":
            raise ImportError(name)
        return real(name, *rest, **keywords)

    monkeypatch.setattr(builtins, "__import__", without)
    for name in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SourceReadError, match=r"pip install 'phm-diabetes\[records\]'"):
        phm.load(as_file("lists.parquet", data), adapter=ADAPTER)


@pytest.mark.parametrize("cut", [8, 200])
def test_a_parquet_file_that_is_cut_short_says_so(cut):
    with pytest.raises(SourceReadError, match=r"lists\.parquet is cut short or damaged"):
        phm.load(as_file("lists.parquet", parquet()[:cut]), adapter=ADAPTER)


def test_parquet_with_nested_columns_is_refused():
    held = io.BytesIO()
    pd.DataFrame({"LSOA_CODE": [["E01000001"], ["E01000002"]]}).to_parquet(held)
    with pytest.raises(SourceReadError, match="columns of lists or records"):
        phm.load(as_file("lists.parquet", held.getvalue()), adapter=ADAPTER)
