"""Every layout means the same on every engine: what is used, what is reported, and the table."""

from __future__ import annotations

from importlib import import_module

import pandas as pd
import pytest
from tests.writers.hospital_records import planted

import phm_diabetes as phm
from phm_diabetes.records import installed
from phm_diabetes.schemas.records import record_schema

ADAPTERS = [getattr(installed, name) for name in installed.__all__]
CHANGES: tuple[dict[str, str | None], ...] = (
    {},
    {"attendance": "7", "age": "7003", "sex": "9"},
    {"attendance": "8", "ethnicity": "0"},
    {"first_attendance": "5"},
    {"first_attendance": "3", "consultation_medium": "01"},
    {"first_attendance": None, "consultation_type": "2", "consultation_medium": "11"},
    {"admin_category": "02"},
    {"admin_category": "2.0"},
    {"practice_sent": "M87001", "practice_worked_out": "M87002"},
    {"practice_sent": "M87001", "practice_worked_out": None},
    {"practice_sent": "V81999", "practice_worked_out": "V81997"},
    {"practice_sent": "9434765919", "practice_worked_out": "&\t "},
    {"provider_sent": "RVY", "provider": "RVY01"},
    {"person": "U12"},
    {"person": None},
    {"person": "9999999999"},
    {"imd_quintile": "1"},
    {"imd_quintile": "Least deprived 10%"},
    {"cost_pence": "23.005", "referral_date": "1800-01-01"},
    {"cost_pence": "none", "referral_date": "1677-01-01"},
    {"treatment_function": "307.0", "outcome": "9"},
    {"procedures@24": "X0951", "diagnoses@12": "E119D"},
    {"procedures@3": "9998", "diagnoses": "R69X3"},
    {"admission": "2B", "order": "98", "status": "9"},
    {"admitted": None, "ended": "2023-05-10", "decision": "Rejected"},
    {"decision": "Parked", "first_seen": None},
)


def sources_of(table):
    """Return the table on pandas and on what engines there are."""
    texts = table.astype("string")
    yield table
    for engine in ("polars", "duckdb"):
        try:
            library = import_module(engine)
        except ImportError:
            continue
        yield library.from_pandas(texts) if engine == "polars" else library.from_df(texts)


def answers(adapter, source):
    options = {"imd_vintage": "2019"} if adapter.record_layout.options else {}
    records = phm.open_records(source, adapter=adapter, options=options, progress=False)
    survey = records.survey()
    found = {(each.rule, each.column): each.rows for each in survey.findings}
    return survey.rows_read, survey.rows_used, found


@pytest.mark.slow
@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.record_layout.name)
def test_a_layout_answers_alike_on_every_engine(adapter):
    layout = adapter.record_layout
    names = {column.name for column in layout.columns}
    changes = (
        {name: text for name, text in change.items() if name.partition("@")[0] in names}
        for change in (*CHANGES, {layout.day: "1800-01-01"}, {layout.day: "soon"})
    )
    table = planted(layout, *changes)
    table = pd.concat([table, table.tail(3)], ignore_index=True).dropna(axis=1, how="all")
    first, *others = [answers(adapter, source) for source in sources_of(table)]
    assert others or pytest.skip("no engine beside pandas is installed")
    for other in others:
        assert other == first
    rows_read, rows_used, found = first
    assert rows_read == len(table) > rows_used > 0
    assert len(found) > 2


def changed(layout):
    """Return rows of the layout with all that can be changed in them, and three copies."""
    names = {column.name for column in layout.columns}
    changes = (
        {name: text for name, text in change.items() if name.partition("@")[0] in names}
        for change in CHANGES
    )
    table = planted(layout, *changes)
    return pd.concat([table, table.tail(3)], ignore_index=True).dropna(axis=1, how="all")


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.record_layout.name)
def test_a_layout_answers_alike_from_csv_and_from_parquet(tmp_path, adapter):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    table = changed(adapter.record_layout)
    table.to_csv(tmp_path / "rows.csv", index=False)
    table.astype("string").to_parquet(tmp_path / "rows.parquet")
    wanted = answers(adapter, table)
    assert wanted[0] > wanted[1] > 0
    assert answers(adapter, tmp_path / "rows.csv") == wanted
    assert answers(adapter, tmp_path / "rows.parquet") == wanted


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.record_layout.name)
def test_parquet_that_holds_numbers_and_days_is_read_as_its_texts_are(tmp_path, adapter):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    layout = adapter.record_layout
    texts = planted(layout, {}, {}, {})
    typed = texts.copy()
    for name in typed:
        kinds = {each.kind for each in layout.columns if name in sum(each.headers, ())}
        numbers = pd.to_numeric(typed[name], errors="coerce")
        if kinds & {"date"}:
            form = "%d/%m/%Y" if "/" in str(typed[name].iloc[0]) else "%Y-%m-%d"
            typed[name] = pd.to_datetime(typed[name], format=form)
        elif numbers.notna().all():
            typed[name] = numbers  # 01 becomes 1, and 307 becomes 307.0 beside an empty cell
            typed.loc[2, name] = None if not kinds & {"id"} else typed.loc[2, name]
            texts.loc[2, name] = None if not kinds & {"id"} else texts.loc[2, name]
    typed.to_parquet(tmp_path / "rows.parquet")
    options = {"imd_vintage": "2019"} if layout.options else {}
    columns = [each.name for each in (*layout.columns, *layout.derived) if each.kept]
    columns = [each for each in columns if each not in {"diagnoses", "procedures"}]
    tables = [
        phm.open_records(source, adapter=adapter, options=options, progress=False).frame(columns)
        for source in (texts, tmp_path / "rows.parquet")
    ]
    pd.testing.assert_frame_equal(*(each.astype(object) for each in tables))


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.record_layout.name)
def test_a_loaded_table_is_that_of_the_schema(adapter):
    layout = adapter.record_layout
    extract = phm.load(planted(layout, {}, {}), adapter=adapter)
    columns = record_schema(layout.table).to_schema().columns
    assert set(extract.table.columns) == set(columns)
    assert len(extract.table) == 2
    assert set(extract.problems["rule"]) <= {"columns absent", "option not said"}


@pytest.mark.parametrize(
    ("layout", "header", "code", "level"),
    [
        ("england.hes_op", "LSOA11", "E01000001", "lsoa_2011"),
        ("england.hes_op", "LSOA21", "E01000001", "lsoa_2021"),
        ("sus.ncdr", "Der_Postcode_LSOA_2011_Code", "E01000001", "lsoa_2011"),
        ("sus.icb_mart", "dv_LSOA", "E01000001", "lsoa"),
        ("sus.icb_mart", "dv_LSOA", "E01035000", "lsoa_2021"),
        ("england.hes_apc", None, "", ""),
    ],
)
def test_small_areas_say_of_which_census_they_are(layout, header, code, level):
    own = next(each for each in ADAPTERS if each.record_layout.name == layout)
    table = planted(own.record_layout, {}, {}, without=("lsoa",))
    if header:
        table[header] = code
    assert set(phm.load(table, adapter=own).table["lsoa_level"]) == {level}
