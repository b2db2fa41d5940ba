"""Days of records that cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from tests.writers.hospital_records import planted

import phm_diabetes as phm
from phm_diabetes.errors import SchemaError
from phm_diabetes.quality.record_days import unlikely_days
from phm_diabetes.records.installed import EnglandHesApc, EnglandHesOp

YEAR = phm.Period.financial_year("2023-24")
EXTRACTED = date(2024, 5, 1)


def found_in(*changes, adapter=EnglandHesOp, **asked):
    table = phm.load(planted(adapter.record_layout, {}, *changes), adapter=adapter).table
    return unlikely_days(table, **{"period": YEAR, "extracted": EXTRACTED, **asked})


def test_a_record_of_another_year_is_found_by_its_row():
    found = found_in({"date": "2022-05-02"})
    assert found[["rule", "row"]].values.tolist() == [["day in the period", 3]]


def test_nobody_attended_after_the_extract_was_made_but_appointments_lie_ahead():
    early = {"extracted": date(2023, 6, 1)}
    ahead = {"date": "2023-07-01"}
    assert found_in({**ahead, "attendance": "5"}, **early)["rule"].tolist() == [
        "attended before the extract"
    ]
    assert found_in({**ahead, "attendance": "0"}, **early).empty


def test_a_record_after_a_death_is_found_and_no_person_is_quoted():
    found = found_in({"person": "P99"}, deaths={"P99": date(2023, 5, 1)})
    assert found["rule"].tolist() == ["alive on the day"]
    assert not found.astype(str).apply(lambda column: column.str.contains("P99")).any().any()


def test_somebody_may_die_on_the_day():
    assert found_in({"person": "P99"}, deaths={"P99": date(2023, 5, 2)}).empty


def test_a_stay_has_days_too():
    found = found_in({"ended": "2024-05-09"}, adapter=EnglandHesApc, day="ended")
    assert "day in the period" in set(found["rule"])


def test_a_table_without_the_day_is_refused_with_a_near_miss():
    with pytest.raises(SchemaError, match=r"no column 'dat' of days\. Did you mean 'date'"):
        found_in({}, day="dat")
