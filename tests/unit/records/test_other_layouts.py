"""The layouts of admitted care, referrals and contacts, by planted rows."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest
from tests.unit.records.read_rows import read_rows
from tests.writers.hospital_records import planted

from phm_diabetes.errors import SourceLayoutError
from phm_diabetes.records import layouts
from phm_diabetes.records.code_lists import EMERGENCY_ADMISSION
from phm_diabetes.records.layout import RecordLayout
from phm_diabetes.records.layouts.england_hes_apc import ADMISSION_GROUPS, ENGLAND_HES_APC
from phm_diabetes.records.layouts.local_community import LOCAL_COMMUNITY
from phm_diabetes.records.layouts.local_referrals import LOCAL_REFERRALS
from phm_diabetes.records.reading import day_number
from phm_diabetes.schemas.appointments import Appointments
from phm_diabetes.schemas.contacts import Contacts
from phm_diabetes.schemas.episodes import Episodes
from phm_diabetes.schemas.referrals import Referrals

SCHEMAS = {
    "appointments": Appointments,
    "episodes": Episodes,
    "referrals": Referrals,
    "contacts": Contacts,
}
ADDED_AFTERWARDS = {"spell", "continuous_spell", "lsoa_level", "source", "source_row"}
MODULES = [
    import_module(f"{layouts.__name__}.{each.name}") for each in iter_modules(layouts.__path__)
]
LAYOUTS = {
    value.name: value
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, RecordLayout)
}
every_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def test_there_are_eleven_layouts():
    assert sorted(LAYOUTS) == [
        "dudley.hes_op",
        "england.hes_apc",
        "england.hes_op",
        "knowsley.hes_op",
        "liverpool.hes_op",
        "local.community",
        "local.referrals",
        "sefton.hes_op",
        "sus.icb_mart",
        "sus.ncdr",
        "sus.trust_csv",
    ]


@every_layout
def test_a_layout_makes_every_column_of_its_table_and_no_other(layout):
    kept = {each.name for each in (*layout.columns, *layout.derived) if each.kept}
    assert kept == set(SCHEMAS[layout.table].to_schema().columns) - ADDED_AFTERWARDS


@every_layout
def test_the_words_of_a_layout_are_those_of_its_table(layout):
    columns = SCHEMAS[layout.table].to_schema().columns
    for each in (*layout.columns, *layout.derived):
        listed = [check for check in columns[each.name].checks if "isin" in str(check)] if (
            each.kept
        ) else []  # fmt: skip
        for check in listed:
            allowed = set(check.statistics["allowed_values"])
            words = {*getattr(each, "codes", {}).values(), getattr(each, "blank", None)}
            words |= {case.then for case in getattr(each, "cases", ())}
            words |= {getattr(each, "otherwise", None)}
            assert words - {None} <= allowed


@every_layout
def test_the_day_and_the_key_are_needed_and_the_key_tells_copies(layout):
    columns = {column.name: column for column in layout.columns}
    assert columns[layout.key].needed
    assert columns[layout.day].needed
    assert layout.duplicates[0].key == (layout.key,)
    assert layout.duplicates[0].sets_aside


@every_layout
def test_a_plain_record_of_any_layout_breaks_no_rule(layout):
    read = read_rows(layout, planted(layout, {}, {}))
    assert read.used == [True, True]
    assert read.heard == {}
    assert read["practice"] == ["M87001"] * 2


@every_layout
def test_a_sentinel_on_the_day_is_reported_not_counted(layout):
    read = read_rows(layout, planted(layout, {layout.day: "1800-01-01"}, {}))
    assert read.used == [False, True]
    assert read.rules == {"missing": 1}


def test_an_episode_is_read_whole():
    row = read_rows(ENGLAND_HES_APC, planted(ENGLAND_HES_APC, {})).rows.iloc[0]
    assert row["admitted"] == day_number("2023-05-02")
    assert row["discharged"] == day_number("2023-05-09")
    assert (row["admission"], row["admission_method"], row["order"]) == ("emergency", "21", 1)
    assert (row["status"], row["patient_class"]) == ("finished", "ordinary")
    assert (row["discharge_method"], row["discharge_destination"]) == ("1", "19")
    assert (row["diagnoses"], row["procedures"]) == ("E119", "X095")
    assert (row["provider"], row["practice"], row["age"]) == ("RNA", "M87001", 71)


@pytest.mark.parametrize(
    ("codes", "group"),
    [
        (("11", "12", "13"), "elective"),
        (("21", "22", "23", "24", "25", "28", "2A", "2B", "2D", "66", "67", "69"), "emergency"),
        (("31", "32", "82", "83", "2C", "68"), "maternity"),
        (("81",), "transfer"),
        (("98", "99", None), "unknown"),
    ],
)
def test_admission_methods_are_grouped_and_those_that_end_in_letters_too(codes, group):
    changes = ({"admission": code} for code in codes)
    read = read_rows(ENGLAND_HES_APC, planted(ENGLAND_HES_APC, *changes))
    assert set(read["admission"]) == {group}
    assert not read.heard


def test_an_admission_method_that_nobody_listed_is_unknown_and_counted():
    read = read_rows(ENGLAND_HES_APC, planted(ENGLAND_HES_APC, {"admission": "2E"}))
    assert read["admission"] == ["unknown"]
    assert read.heard[("unknown code", "ADMIMETH")] >= 1


def test_emergency_means_the_same_in_the_layout_and_in_the_code_list():
    emergency = {code for code, group in ADMISSION_GROUPS.items() if group == "emergency"}
    assert emergency - {"66", "67", "69"} == set(EMERGENCY_ADMISSION.codes)


def test_all_twenty_four_procedures_and_twenty_diagnoses_are_read():
    change = {"procedures@24": "X0951", "diagnoses@20": "E119D", "procedures@2": "-   "}
    read = read_rows(ENGLAND_HES_APC, planted(ENGLAND_HES_APC, change))
    assert read["procedures"] == ["X095 X095"]
    assert read["diagnoses"] == ["E119 E119"]
    assert not read.heard


def test_older_names_of_the_slots_are_read_as_well():
    table = planted(ENGLAND_HES_APC, {}).rename(
        columns=lambda name: name.replace("DIAG_4_", "DIAG_").replace("OPERTN_4_", "OPERTN_")
    )
    read = read_rows(ENGLAND_HES_APC, table)
    assert (read["diagnoses"], read["procedures"]) == (["E119"], ["X095"])


def test_no_operation_and_no_diagnosis_are_blank_and_odd_codes_are_counted():
    changes = (
        {"procedures": "X999", "diagnoses": "R69X"},
        {"procedures": "&\t ", "diagnoses": "R69X3"},
        {"procedures": "9998", "diagnoses": "0000"},
    )
    read = read_rows(ENGLAND_HES_APC, planted(ENGLAND_HES_APC, *changes))
    assert read["procedures"] == [""] * 3
    assert read["diagnoses"] == [""] * 3
    assert read.rules == {"pattern": 2}
    assert read.used == [True] * 3


def test_the_order_98_and_99_of_an_episode_is_not_known():
    changes = ({"order": order} for order in ("98", "99.0", "87", "2.0"))
    read = read_rows(ENGLAND_HES_APC, planted(ENGLAND_HES_APC, *changes))
    assert read["order"] == [None, None, 87, 2]
    assert not read.heard


def test_private_stays_are_left_out_and_counted():
    read = read_rows(ENGLAND_HES_APC, planted(ENGLAND_HES_APC, {"admin_category": "02"}, {}))
    assert read.used == [False, True]
    assert read.rules == {"private patient": 1}


def test_an_admission_long_ago_is_a_date_and_a_sentinel_is_none():
    changes = ({"admitted": "1961-03-01"}, {"admitted": "1801-01-01"})
    read = read_rows(ENGLAND_HES_APC, planted(ENGLAND_HES_APC, *changes))
    assert read["admitted"] == [day_number("1961-03-01"), None]
    assert read.used == [True, True]


def test_referrals_still_waiting_stay_with_the_day_the_return_was_cut():
    read = read_rows(LOCAL_REFERRALS, planted(LOCAL_REFERRALS, {}, {"first_seen": None}))
    assert read["first_seen"] == [day_number("2023-05-24"), None]
    assert read["received"] == [day_number("2023-05-01")] * 2
    assert read["census"] == [day_number("2023-06-30")] * 2
    assert read.used == [True, True]


@pytest.mark.parametrize(
    ("words", "decision"),
    [
        (("accepted", "ACCEPTED", "Accept"), "accepted"),
        (("Returned", "Rejected", "declined"), "returned"),
        (("Advice and Guidance", "Advice", "Returned with advice"), "advice"),
        (("unknown", None, "-"), "unknown"),
    ],
)
def test_what_became_of_a_referral_in_the_words_of_a_return(words, decision):
    changes = ({"decision": word} for word in words)
    read = read_rows(LOCAL_REFERRALS, planted(LOCAL_REFERRALS, *changes))
    assert read["decision"] == [decision] * len(words)
    assert not read.heard


def test_a_decision_in_other_words_is_unknown_and_counted():
    read = read_rows(LOCAL_REFERRALS, planted(LOCAL_REFERRALS, {"decision": "Parked"}))
    assert read["decision"] == ["unknown"]
    assert read.rules == {"unknown code": 1}


def test_a_return_of_referrals_without_its_census_is_refused():
    with pytest.raises(SourceLayoutError, match="'Census Date'"):
        read_rows(LOCAL_REFERRALS, planted(LOCAL_REFERRALS, {}, without=("census",)))


def test_contacts_come_in_national_codes_or_in_words():
    words = ("5", "7", "Seen", "DNA", "Did not attend", "Cancelled by patient", "booked", "Other")
    changes = ({"attendance": word} for word in words)
    read = read_rows(LOCAL_COMMUNITY, planted(LOCAL_COMMUNITY, *changes))
    assert read["attendance"] == [
        "attended", "missed", "attended", "missed", "missed", "patient_cancelled", "future",
        "unknown",
    ]  # fmt: skip
    assert read.rules == {"unknown code": 1}
    assert (read["visit"][0], read["medium"][0], read["sex"][0]) == (
        "first", "face_to_face", "female",
    )  # fmt: skip


@pytest.mark.parametrize("layout", [LOCAL_REFERRALS, LOCAL_COMMUNITY], ids=lambda each: each.name)
def test_a_local_return_with_nhs_numbers_gives_no_person(layout):
    table = planted(layout, {}).rename(columns={"Pseudonym": "NHS Number"})
    read = read_rows(layout, table)
    assert read["person"] == [None]
    assert read.used == [True]
