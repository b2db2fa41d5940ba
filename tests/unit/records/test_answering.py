"""A source is asked only for what it has columns for: nothing is counted as nought in silence."""

from __future__ import annotations

import pickle
from importlib import import_module
from importlib.util import find_spec

import pytest
from tests.writers.hospital_records import planted

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.funnel import Funnel
from phm_diabetes.records.installed import EnglandHesOp, LocalCommunity, SusTrustCsv
from phm_diabetes.records.outpatient_measures import (
    OP_ATTENDANCES,
    OP_DNA,
    OP_FIRST,
    OP_PEOPLE,
    OP_SPEND,
)

LAYOUT = EnglandHesOp.record_layout
PRICED = {"price_type": "local", "market_forces_factor": "excluded", "price_year": "2023-24"}
SHOWN = {"periods": "2023-24", "egress": phm.Policy(name="planted"), "reason": "planted rows"}


def opened(*changes, without=(), engine=None, **options):
    table = planted(LAYOUT, *changes, without=without)
    source = table if engine is None else pytest.importorskip(engine).from_pandas(table)
    return phm.open_records(source, adapter="england.hes_op", options=options)


@pytest.mark.parametrize("engine", [None, "polars"])
@pytest.mark.parametrize(
    ("absent", "measure", "header"),
    [
        ("age", OP_ATTENDANCES, "APPTAGE"),
        ("person", OP_PEOPLE, "TOKEN_PERSON_ID"),
        ("cost_pence", OP_SPEND, "COST"),
    ],
)
def test_a_measure_is_refused_where_the_source_lacks_its_column(absent, measure, header, engine):
    records = opened({}, {}, without=(absent,), engine=engine, **PRICED)
    words = f"{measure.id} cannot be had without '{absent}'.*reads it under '{header}'"
    with pytest.raises(OptionError, match=words):
        phm.tally(records, measures=measure, **SHOWN)


def test_what_needs_no_absent_column_is_counted_all_the_same():
    records = opened({}, {"attendance": "3"}, without=("age", "cost_pence"))
    assert phm.tally(records, measures=OP_DNA, **SHOWN)["numerator"].tolist() == [1]


def test_what_is_made_of_absent_columns_is_absent_too():
    layout = LocalCommunity.record_layout
    made = ("first_attendance", "consultation_type")
    records = phm.open_records(planted(layout, {}, {}, without=made), adapter="local.community")
    firsts = phm.RecordMeasure(
        id="contacts.first",
        definition="local:1",
        numerator=phm.Rows(where=[phm.Where(column="visit", isin=["first"])]),
    )
    with pytest.raises(OptionError, match=r"without 'visit'.*'First Attendance' or 'Consultation"):
        phm.tally(records, measures=firsts, **SHOWN)
    listed = records.problems().set_index("rule").loc["columns absent", "message"]
    assert "visit" in listed
    assert "medium" not in listed


def test_whoever_asks_for_what_is_not_known_may_ask_it_of_an_absent_column():
    unknown = phm.RecordMeasure(
        id="op.sex_unknown",
        definition="local:1",
        numerator=phm.Rows(where=[phm.Where(column="sex", isin=["unknown"])]),
    )
    records = opened({}, {}, without=("sex",))
    assert phm.tally(records, measures=unknown, **SHOWN)["numerator"].tolist() == [2]


@pytest.mark.parametrize("engine", [None, "polars"])
def test_where_nobody_is_known_repeat_events_have_no_interval_as_it_would_be_too_narrow(engine):
    rows = [{"person": f"{n % 4:032d}", "attendance": "35"[n % 3 > 0]} for n in range(60)]
    known = phm.tally(opened(*rows, engine=engine), measures=OP_DNA, **SHOWN)
    nobody = phm.tally(opened(*rows, without=("person",), engine=engine), measures=OP_DNA, **SHOWN)
    assert known["numerator_ss"].notna().all()
    assert nobody["numerator_ss"].isna().all()
    assert nobody["numerator"].tolist() == known["numerator"].tolist()
    found = phm.estimate(nobody)
    assert found["value"].notna().all()
    assert found["lower"].isna().all()
    assert found["reason"].str.startswith("no sum of squares per person").all()


def test_a_file_whose_people_were_dropped_gives_no_interval_and_no_flag():
    layout = SusTrustCsv.record_layout
    rows = [
        {"person": f"999000{place:03d}{n % 9}", "practice_worked_out": f"M87{place:03d}",
         "practice_sent": f"M87{place:03d}",
         "attendance": "35"[n % 10 > (8 if place == 1 else 1)]}
        for place in range(1, 31) for n in range(90)
    ]  # fmt: skip
    table = planted(layout, *rows)
    dropped = phm.open_records(table, adapter="sus.trust_csv")
    kept = phm.open_records(table, adapter="sus.trust_csv", pseudonym_key=bytes(range(32)))
    flagged = {}
    for name, records in (("dropped", dropped), ("kept", kept)):
        found = phm.estimate(phm.tally(records, measures=OP_DNA, to="practice", **SHOWN))
        flags = Funnel(overdispersion="none")(found)
        flagged[name] = int(flags["flagged"].fillna(value=False).sum())
    assert flagged == {"dropped": 0, "kept": 1}
    with pytest.raises(OptionError, match=r"identifier and was dropped\. Pass pseudonym_key="):
        phm.tally(dropped, measures=OP_PEOPLE, **SHOWN)


def sources_of(table, folder):
    """Return the table as a pandas frame, as files, and on an engine where there is one."""
    table.to_csv(folder / "rows.csv", index=False)
    sources = [table, folder / "rows.csv"]
    if find_spec("pyarrow"):
        table.astype("string").to_parquet(folder / "rows.parquet")
        sources.append(folder / "rows.parquet")
    if find_spec("polars"):
        sources.append(import_module("polars").from_pandas(table))
    return sources


def test_no_word_of_a_row_that_is_not_counted_travels_in_a_table_of_counts(tmp_path):
    rows = [{"person": f"{n:032d}", "clinic": "DIAB1"} for n in range(12)]
    rows += [
        {"clinic": "9434765919", "date": ""},  # set aside
        {"clinic": "SMITH", "admin_category": "02"},  # left out
        {"clinic": "JONES", "attendance": "2"},  # not asked for
        {"clinic": "BROWN", "date": "2021-05-02", "practice_sent": "M87999"},  # another year's
    ]
    for source in sources_of(planted(LAYOUT, *rows), tmp_path):
        records = phm.open_records(source, adapter="england.hes_op", progress=False)
        counts = phm.tally(records, measures=OP_DNA, periods="2023-24", by=["clinic"])
        assert counts["clinic"].tolist() == ["DIAB1"]
        left = pickle.dumps(counts) + pickle.dumps(phm.estimate(counts, by=["clinic"]))
        for word in (b"9434765919", b"SMITH", b"JONES", b"BROWN", b"M87999"):
            assert word not in left
        held = pickle.dumps(records.frame(["clinic"]))
        assert b"JONES" in held  # a row in use, in the one table that is of rows
        assert b"9434765919" not in held
        assert b"SMITH" not in held


def test_ratios_of_visits_need_people_too_and_say_so():
    rows = [{"first_attendance": "12"[n % 4 > 0]} for n in range(40)]
    found = phm.estimate(phm.tally(opened(*rows, without=("person",)), measures=OP_FIRST, **SHOWN))
    assert found["value"].tolist() == [3]
    assert found["upper"].isna().all()
