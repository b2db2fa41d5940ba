"""The oracle itself, against figures worked out by hand."""

from __future__ import annotations

from datetime import date

from attrs import evolve
from hypothesis import given
from tests.records_suite.dirty_tables import dirty_tables
from tests.records_suite.oracle import Oracle, Table
from tests.records_suite.planted_layouts import CLINIC, CLINIC_TEXTS, CONTACTS
from tests.records_suite.suite import SHARED_TABLES, plans_of

from phm_diabetes.model.periods import Period
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.records.measures import Distinct, RecordMeasure, Rows, Total, Where
from phm_diabetes.records.plan import AGE_BAND, WEEKDAY, Grouping, Plan

_YEAR = Period.financial_year("2023-24")
_GOOD = {
    "ATTENDKEY": "A1", "TOKEN_PERSON_ID": "P1", "APPTDATE": "2023-04-03", "SEX": "2",
    "FIRSTATT": "1", "IMD04_DECILE": "1", "APPTAGE": "59.0", "GPPRAC": "A12345", "PROCODET": "RVY",
    "TRETSPEF": "307", "TARIFF_TOTAL": "140.50", "SPELL": "S1", "ADMINCAT": "01",
}  # fmt: skip


def clinic(*changes: dict[str, str | None]) -> Table:
    rows = [{**_GOOD, "ATTENDKEY": f"A{at}", **each} for at, each in enumerate(changes)]
    return Table(layout=CLINIC, headers=tuple(_GOOD), rows=rows, options={"imd_vintage": "2019"})


def found(table: Table) -> dict[str, int]:
    return {each.rule: each.rows for each in Oracle(table).survey().findings}


def cells(table: Table, plan: Plan, policy: Policy = PUBLISHED) -> list[tuple[object, ...]]:
    return list(Oracle(table).tally(plan, egress=policy).itertuples(index=False, name=None))


def plan_of(*measures: RecordMeasure, by: tuple[str, ...] = ()) -> Plan:
    practices = Grouping(level="practice", column="practice", spans=(_YEAR,))
    return Plan(measures=measures, by=by, groupings=(practices,), bands=("0-16", "17-64", "65+"))


def test_a_row_is_set_aside_by_a_cell_by_a_rule_or_as_a_copy():
    table = clinic(
        {}, {"APPTDATE": "soon"}, {"ADMINCAT": "2"}, {"ATTENDKEY": "A0", "SPELL": ""},
        {"ATTENDKEY": ""},
    )  # fmt: skip
    survey = Oracle(table).survey()
    assert (survey.rows_read, survey.rows_used) == (5, 1)
    assert found(table) == {"date": 1, "private patient": 1, "same key": 1, "missing": 1}


def test_a_cell_that_may_be_blank_is_counted_and_its_row_is_used():
    table = clinic({"APPTAGE": "old"}, {"TOKEN_PERSON_ID": "X12", "APPTDATE": "2023-04-04"})
    assert Oracle(table).survey().rows_used == 2
    assert found(table) == {"whole number": 1, "id used once": 1}
    assert [row[1:] for row in Oracle(table).frame(["age", "person"])] == [(None, "P1"), (59, None)]


def test_the_copy_with_most_cells_is_kept_wherever_it_stands():
    full, empty = {"ATTENDKEY": "A9"}, {"ATTENDKEY": "A9", "SPELL": " "}
    assert Oracle(clinic(full, empty)).frame(["spell"]) == [(2, "S1")]
    assert Oracle(clinic(empty, full)).frame(["spell"]) == [(3, "S1")]


def test_among_equally_full_copies_the_first_in_code_point_order_is_kept():
    b, a = ({"ATTENDKEY": "A9", "SPELL": spell} for spell in ("b", "a"))
    assert Oracle(clinic(b, a)).frame(["spell"]) == [(3, "a")]


def test_a_counted_copy_stays_in_use():
    table = clinic({}, {})
    assert found(table) == {"same person, day and provider": 1}
    assert Oracle(table).survey().rows_used == 2


def test_people_are_distinct_and_rows_of_nobody_are_people_of_their_own():
    table = clinic({}, {"APPTDATE": "2023-04-05"}, {"TOKEN_PERSON_ID": ""}, {"TOKEN_PERSON_ID": ""})
    rows = RecordMeasure(id="rows", definition="d", numerator=Rows(), denominator=Distinct())
    assert [cell[5:] for cell in cells(table, plan_of(rows))] == [(4, 4, 2**2 + 1 + 1, 1, 2)]


def test_money_adds_up_and_a_missing_amount_is_no_row_of_it():
    table = clinic({}, {"TARIFF_TOTAL": ""}, {"TARIFF_TOTAL": "1"})
    spend = RecordMeasure(id="spend", definition="d", numerator=Total(), denominator=Rows())
    assert [cell[5:] for cell in cells(table, plan_of(spend))] == [(14150, 2, 14150**2, 3, 3)]


def test_a_side_without_rows_is_zero_and_a_cell_without_any_is_absent():
    table = clinic({"SEX": "1"}, {})
    men = Rows(where=(Where(column="sex", isin=("male",)),))
    one = RecordMeasure(id="men", definition="d", numerator=men)
    both = RecordMeasure(id="men", definition="d", numerator=men, denominator=Rows())
    assert [cell[5:7] for cell in cells(table, plan_of(one, by=("sex",)))] == [("male", 1)]
    counted = cells(table, plan_of(both, by=("sex",)))
    assert [(cell[5], cell[6], cell[9]) for cell in counted] == [("female", 0, 1), ("male", 1, 1)]


def test_words_that_are_missing_are_unmapped_and_unknown():
    table = clinic({"GPPRAC": "", "APPTAGE": ""}, {"APPTDATE": ""})
    rows = RecordMeasure(id="rows", definition="d", numerator=Rows())
    assert cells(table, plan_of(rows, by=(AGE_BAND, WEEKDAY))) == [
        (0, "practice", "unmapped", date(2023, 4, 1), date(2024, 3, 31), "unknown", "monday",
         1, 1, 1, None, None)
    ]  # fmt: skip


def test_a_side_is_hidden_by_the_lesser_of_its_rows_and_people():
    table = clinic({}, {}, {"TOKEN_PERSON_ID": "P2"}, {"TOKEN_PERSON_ID": "P3", "SEX": "1"})
    men = Rows(where=(Where(column="sex", isin=("male",)),))
    share = RecordMeasure(id="men", definition="d", numerator=men, denominator=Rows())
    policy = Policy(name="1-2 hidden, to 5", hide_up_to=2, round_to=5)
    assert [cell[5:] for cell in cells(table, plan_of(share), policy)] == [(-1, -1, -1, 5, 5)]
    spend = RecordMeasure(id="spend", definition="d", numerator=Total(), clustered=False)
    shown = cells(table, plan_of(spend), evolve(policy, hide_up_to=3))
    assert [cell[5:7] for cell in shown] == [(-1, -1)]
    shown = cells(table, plan_of(spend), policy)
    assert [cell[5:7] for cell in shown] == [(4 * 14050, 5)]


def test_the_planted_tables_break_every_rule_and_use_most_rows():
    for table in SHARED_TABLES[:2]:
        survey = Oracle(table).survey()
        assert 0.4 < survey.rows_used / survey.rows_read < 1
        names = {each.name for each in (*table.layout.rules, *table.layout.duplicates)}
        assert names <= found(table).keys()
        for plan in plans_of(table):
            assert len(Oracle(table).tally(plan, egress=PUBLISHED)) > 1
    assert len(found(SHARED_TABLES[0])) > 10


def test_every_planted_header_is_one_that_the_layout_reads():
    sources = {header for column in CLINIC.columns for group in column.headers for header in group}
    assert set(CLINIC_TEXTS) - sources == set()
    assert {each.name for each in CONTACTS.columns} == {
        "contact", "seen", "practice", "team", "minutes"
    }  # fmt: skip


@given(dirty_tables())
def test_rows_read_are_used_or_reported_whatever_a_source_holds(table):
    survey = Oracle(table).survey()
    aside = sum(each.rows for each in survey.findings if each.sets_aside)
    assert survey.rows_read == len(table.rows) == survey.rows_used + survey.rows_reported
    assert survey.rows_reported <= aside
    for plan in plans_of(table):
        whole = Oracle(table).tally(plan, egress=PUBLISHED)
        hidden = Oracle(table).tally(plan, egress=Policy(name="all", hide_up_to=10**6))
        assert len(whole) == len(hidden)
        assert not (hidden["numerator_rows"] > 0).any()
