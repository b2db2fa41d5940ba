"""Records opened and counted as a user does it."""

from __future__ import annotations

import logging

import pandas as pd
import pytest
from tests.planted import memberships
from tests.writers.hospital_records import planted

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, SourceReadError
from phm_diabetes.records.installed import DudleyHesOp, EnglandHesOp, SusTrustCsv

LAYOUT = EnglandHesOp.record_layout
PRICED = {"price_type": "local", "market_forces_factor": "excluded", "price_year": "2023-24"}
OPEN = phm.Policy(name="nothing hidden")
ATTENDED = phm.RecordMeasure(
    id="op.attended",
    definition="local:1",
    numerator=phm.Rows(where=[phm.Where(column="attendance", isin=["attended"])]),
)
PEOPLE = phm.RecordMeasure(id="op.people", definition="local:1", numerator=phm.Distinct())
SPEND = phm.RecordMeasure(id="op.spend", definition="local:1", numerator=phm.Total())


def opened(*changes, **options):
    return phm.open_records(planted(LAYOUT, *changes), adapter="england.hes_op", options=options)


def many(count, **change):
    return [{"person": f"P{number:04}", **change} for number in range(count)]


def told(records, measure, **asked):
    asked = {"periods": "2023-24", "egress": OPEN, "reason": "planted"} | asked
    return phm.tally(records, measures=measure, **asked)


def test_people_are_counted_anew_at_every_level_and_in_every_period():
    rows = [{"person": "P1"}, {"person": "P1", "practice_sent": "M87002"}, {"person": "P2"}]
    geo = phm.Geography.from_memberships(
        memberships(
            {"M87001": {"pcn": "U1"}, "M87002": {"pcn": "U1"}}, start="2020-04-01", end=None
        )
    )
    found = told(opened(*rows), PEOPLE, to=["practice", "pcn"], geo=geo)
    by_code = dict(zip(found["org_code"], found["numerator"], strict=True))
    assert by_code == {"M87001": 2, "M87002": 1, "U1": 2}


def test_a_practice_that_the_geography_lacks_is_unmapped_and_shown():
    geo = phm.Geography.from_memberships(
        memberships({"M87001": {"pcn": "U1"}}, start="2020-04-01", end=None)
    )
    found = told(opened({}, {"practice_sent": "M87009"}), ATTENDED, to="pcn", geo=geo)
    assert sorted(found["org_code"]) == ["U1", "unmapped"]


def test_hidden_people_are_a_range_and_never_zero():
    found = told(opened(*many(3)), PEOPLE, egress=None).iloc[0]
    assert (found["numerator_low"], found["numerator_high"]) == (1, 7)
    assert pd.isna(found["numerator"])


def test_rows_of_few_people_have_no_upper_bound_and_money_no_lower_one():
    rows = [{"person": f"P{number % 3}"} for number in range(40)]
    found = told(opened(*rows, **PRICED), [ATTENDED, SPEND], egress=None)
    assert found["numerator"].isna().all()
    assert found["numerator_high"].isna().all()
    assert found["numerator_low"].tolist() == [1, 0]


@pytest.mark.parametrize("count", [8, 12, 13, 17, 23])
def test_a_rounded_count_has_the_range_it_came_from(count):
    found = told(opened(*many(count)), PEOPLE, egress=None).iloc[0]
    assert found["numerator_low"] <= count <= found["numerator_high"]
    assert found["numerator"] % 5 == 0


def test_money_is_to_the_penny_and_its_definition_says_what_price_it_is():
    rows = [{**each, "cost_pence": "140.01"} for each in many(10)]
    found = told(opened(*rows, **PRICED), SPEND).iloc[0]
    assert found["numerator"] == 140_010
    assert found["definition"] == "local:1:local:MFF excluded:2023-24"


def test_money_without_a_price_year_is_refused_naming_what_is_unsaid():
    with pytest.raises(OptionError, match="price_type, market_forces_factor, price_year"):
        told(opened({}), SPEND)


def test_figures_that_leave_unhidden_need_a_reason_which_is_logged(caplog):
    with pytest.raises(OptionError, match="Say why that is allowed"):
        told(opened({}), ATTENDED, reason=" ")
    with caplog.at_level(logging.WARNING, logger="phm_diabetes.egress"):
        told(opened({}), ATTENDED, reason="stays in the secure environment")
    assert "stays in the secure environment" in caplog.text


def test_a_policy_that_only_rounds_hides_nobody_and_needs_a_reason_too():
    with pytest.raises(OptionError, match="lets small numbers out"):
        told(opened(*many(3)), ATTENDED, egress=phm.Policy(name="tens", round_to=2), reason="")


def test_one_dimension_is_named_without_a_list_and_other_things_are_no_records():
    records = opened(*many(12))
    assert told(records, ATTENDED, by="visit")["visit"].tolist() == ["first"]
    for other in ("rows.csv", planted(LAYOUT, {})):
        with pytest.raises(OptionError, match=r"what phm\.open_records gives, not"):
            told(other, ATTENDED)


def test_a_level_that_neither_layout_nor_geography_knows_is_refused():
    with pytest.raises(OptionError, match=r"for 'pcn' pass geo="):
        told(opened({}), ATTENDED, to="pcn")


@pytest.mark.parametrize("by", [["age_band"], ["person"], ["treatment"]])
def test_what_cannot_be_counted_by_is_refused(by):
    with pytest.raises(OptionError):
        told(opened({}), ATTENDED, by=by)


def test_a_record_counts_in_every_period_its_day_lies_in():
    periods = ["2023-24", phm.Period.quarter("2023-24", 1)]
    found = told(opened({"date": "2023-05-02"}, {"date": "2023-12-01"}), ATTENDED, periods=periods)
    assert found["numerator"].tolist() == [1, 2]


def test_the_same_people_attending_again_widen_the_interval():
    apart = told(opened(*many(12)), ATTENDED).iloc[0]
    again = told(opened(*[{"person": f"P{number % 2}"} for number in range(12)]), ATTENDED).iloc[0]
    assert (apart["numerator_ss"], again["numerator_ss"]) == (12, 72)


def test_broken_rows_are_listed_by_number_and_without_a_cell():
    records = opened({}, {"date": "secret"}, {"age": "Mrs Smith"})
    listed = records.broken_rows()
    assert listed["row"].tolist() == [3, 4]
    assert (
        not listed.astype(str).apply(lambda column: column.str.contains("secret|Smith")).any().any()
    )


@pytest.mark.parametrize(("rows", "lines"), [(1_000, 1_000), (1_001, 1)])
def test_a_blemish_of_very_many_rows_is_one_line_with_their_number(rows, lines):
    table = pd.concat([planted(LAYOUT, {"ethnicity": "0"})] * rows, ignore_index=True)
    table["ATTENDKEY"] = [f"A{number}" for number in range(rows)]
    listed = phm.load(table, adapter="england.hes_op").problems
    found = listed[listed["rule"] == "unknown code"]
    assert len(found) == lines
    assert found["rows"].sum() == rows


def test_rows_read_are_rows_used_and_reported():
    records = opened({}, {"admin_category": "02"}, {"date": ""})
    origin = records.provenance()
    assert (origin.rows_read, origin.rows_used, origin.rows_reported) == (3, 1, 2)


def test_a_source_without_administrative_category_says_that_private_patients_stay_in():
    records = phm.open_records(
        planted(LAYOUT, {}, without=("admin_category",)), adapter="england.hes_op"
    )
    assert "rule not judged" in set(records.problems()["rule"])


def test_columns_that_a_source_lacks_are_named_once_and_so_is_an_option_that_nobody_said():
    table = planted(LAYOUT, {"imd_quintile": "Most deprived 10%"}, without=("age", "person"))
    records = phm.open_records(table, adapter="england.hes_op")
    loaded = phm.load(table, adapter="england.hes_op").problems
    for listed in (records.problems(), loaded):
        (absent,) = listed.loc[listed["rule"] == "columns absent", "message"]
        assert absent.startswith("has no column for person, age")
        assert absent.endswith(": not recorded in any row")
        (unsaid,) = listed.loc[listed["rule"] == "option not said", "message"]
        assert "imd_quintile unknown in every row, as nobody said imd_vintage" in unsaid
    said = opened({"imd_quintile": "Most deprived 10%"}, imd_vintage="2019").problems()
    assert "option not said" not in set(said["rule"])


def test_a_person_that_was_dropped_is_told_with_what_to_pass():
    table = planted(SusTrustCsv.record_layout, {})
    dropped = phm.open_records(table, adapter="sus.trust_csv").problems()
    kept = phm.open_records(table, adapter="sus.trust_csv", pseudonym_key=bytes(range(32)))
    assert dropped["advice"].str.contains("pseudonym_key=").any()
    assert not kept.problems()["advice"].str.contains("pseudonym_key=").any()


def test_an_adapter_that_reads_no_records_is_refused():
    with pytest.raises(OptionError, match=r"Load it with phm\.load"):
        phm.open_records(planted(LAYOUT, {}), adapter="england.qof_prevalence")


def test_an_unknown_option_is_refused_with_those_that_are_known():
    with pytest.raises(OptionError, match="takes no option 'price_yaer'"):
        phm.open_records(planted(LAYOUT, {}), adapter=DudleyHesOp, options={"price_yaer": "x"})


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("price_type", "tarif", "one of national, guide, local, reference_cost"),
        ("market_forces_factor", "yes", "one of included, excluded"),
        ("price_year", "2022/23", "Write it as '2022-23'"),
        ("price_year", "last year", "Write it as '2022-23'"),
        ("imd_vintage", "IMD 2019", "the year of an edition, such as 2019"),
    ],
)
def test_an_option_is_refused_that_would_make_another_definition_of_the_same_thing(
    option, value, words
):
    for adapter in (DudleyHesOp, EnglandHesOp):
        with pytest.raises(OptionError, match=words):
            phm.open_records(
                planted(adapter.record_layout, {}), adapter=adapter, options={option: value}
            )


def test_a_file_that_is_missing_says_so():
    with pytest.raises(SourceReadError, match="there is no such file"):
        phm.open_records("nowhere.csv", adapter="england.hes_op")


def test_what_is_no_source_of_records_is_refused():
    with pytest.raises(OptionError, match="not list"):
        phm.open_records([1, 2], adapter="england.hes_op")
