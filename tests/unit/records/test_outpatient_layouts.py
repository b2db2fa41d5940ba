"""The layouts of outpatients mean the same by the same codes, whatever their headers."""

from __future__ import annotations

import pytest
from tests.unit.records.read_rows import read_rows
from tests.writers.hospital_records import planted

from phm_diabetes.errors import SourceLayoutError
from phm_diabetes.records.layouts.dudley_hes_op import DUDLEY_HES_OP
from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
from phm_diabetes.records.layouts.knowsley_hes_op import KNOWSLEY_HES_OP
from phm_diabetes.records.layouts.liverpool_hes_op import LIVERPOOL_HES_OP
from phm_diabetes.records.layouts.sefton_hes_op import SEFTON_HES_OP
from phm_diabetes.records.layouts.sus_icb_mart import SUS_ICB_MART
from phm_diabetes.records.layouts.sus_ncdr import SUS_NCDR
from phm_diabetes.records.layouts.sus_trust_csv import SUS_TRUST_CSV
from phm_diabetes.records.reading import day_number

NATIONAL = (ENGLAND_HES_OP, SUS_NCDR, SUS_ICB_MART, SUS_TRUST_CSV)
PLACES = (DUDLEY_HES_OP, LIVERPOOL_HES_OP, SEFTON_HES_OP, KNOWSLEY_HES_OP)
MERSEYSIDE = (LIVERPOOL_HES_OP, SEFTON_HES_OP, KNOWSLEY_HES_OP)
KEY = bytes(range(32))

any_layout = pytest.mark.parametrize("layout", [*NATIONAL, *PLACES], ids=lambda layout: layout.name)
national = pytest.mark.parametrize("layout", NATIONAL, ids=lambda layout: layout.name)
merseyside = pytest.mark.parametrize("layout", MERSEYSIDE, ids=lambda layout: layout.name)


@any_layout
def test_a_plain_record_is_read_whole(layout):
    read = read_rows(layout, planted(layout, {}))
    row = read.rows.iloc[0]
    assert read.used == [True]
    assert read.heard == {}
    assert row["date"] == day_number("2023-05-02")
    assert row["attendance"] == "attended"
    assert (row["visit"], row["medium"]) == ("first", "face_to_face")
    assert (row["treatment_function"], row["main_specialty"]) == ("307", "300")
    assert (row["provider"], row["site"], row["clinic"]) == ("RNA", "RNA01", "DIAB1")
    assert (row["practice"], row["age"], row["sex"]) == ("M87001", 59, "male")
    assert (row["ethnicity"], row["lsoa"]) == ("A", "E01010001")
    assert row["referral_date"] == day_number("2023-03-01")
    assert (row["referral_source"], row["outcome"]) == ("03", "2")
    assert (row["currency"], row["cost_pence"]) == ("WF01B", 14_000)


@national
@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("5", "attended"),
        ("6", "attended"),
        ("3", "missed"),
        ("7", "missed"),
        ("2", "patient_cancelled"),
        ("4", "provider_cancelled"),
        ("0", "future"),
        ("9", "unknown"),
        ("5.0", "attended"),
        (None, "unknown"),
    ],
)
def test_attendance_by_its_code(layout, code, word):
    read = read_rows(layout, planted(layout, {"attendance": code}))
    assert read["attendance"] == [word]
    assert read.heard == {}


@national
def test_a_code_of_attendance_that_nobody_listed_is_unknown_and_counted(layout):
    read = read_rows(layout, planted(layout, {"attendance": "8"}, {"attendance": "DNA"}))
    assert read["attendance"] == ["unknown", "unknown"]
    assert read.used == [True, True]
    assert read.rules == {"unknown code": 2}


@national
@pytest.mark.parametrize(
    ("first", "visit", "medium"),
    [
        ("1", "first", "face_to_face"),
        ("2", "follow_up", "face_to_face"),
        ("3", "first", "remote"),
        ("4", "follow_up", "remote"),
        ("9", "unknown", "unknown"),
        ("X", "unknown", "unknown"),
    ],
)
def test_first_attendance_without_a_medium_says_both(layout, first, visit, medium):
    change = {"first_attendance": first, "consultation_medium": None}
    read = read_rows(layout, planted(layout, change))
    assert (read["visit"], read["medium"]) == ([visit], [medium])
    assert read.used == [True]


@national
def test_a_clock_stop_is_left_out_and_counted(layout):
    read = read_rows(layout, planted(layout, {"first_attendance": "5"}, {}))
    assert read.used == [False, True]
    assert read.rules == {"clock stop": 1}


@national
def test_the_medium_beats_first_attendance_and_where_they_differ_is_counted(layout):
    changes = (
        {"first_attendance": "1", "consultation_medium": "02"},
        {"first_attendance": "4", "consultation_medium": "01"},
        {"first_attendance": "3", "consultation_medium": "11"},
        {"first_attendance": "9", "consultation_medium": "02"},
    )
    read = read_rows(layout, planted(layout, *changes))
    assert read["medium"] == ["remote", "face_to_face", "remote", "remote"]
    assert read["visit"] == ["first", "follow_up", "first", "unknown"]
    assert read.used == [True] * 4
    assert read.rules == {"medium differs": 2}


@national
def test_a_medium_that_is_no_longer_valid_falls_back_on_first_attendance(layout):
    change = {"first_attendance": "3", "consultation_medium": "07"}
    read = read_rows(layout, planted(layout, change))
    assert read["medium"] == ["remote"]
    assert read.rules == {"unknown code": 1}


@national
def test_cds_6_3_has_type_and_mechanism_in_place_of_first_attendance(layout):
    changes = (
        {"consultation_type": "01", "consultation_medium": "11"},
        {"consultation_type": "2", "consultation_medium": "1"},
        {"consultation_type": None, "consultation_medium": "98"},
    )
    table = planted(layout, *changes, without=("first_attendance",))
    read = read_rows(layout, table)
    assert read["visit"] == ["first", "follow_up", "unknown"]
    assert read["medium"] == ["remote", "face_to_face", "remote"]


@national
def test_a_file_that_says_no_visit_in_either_way_is_refused(layout):
    table = planted(layout, {}, without=("first_attendance", "consultation_type"))
    with pytest.raises(SourceLayoutError, match="1 column missing"):
        read_rows(layout, table)


@national
def test_private_patients_are_left_out_and_counted(layout):
    changes = ({"admin_category": "02"}, {"admin_category": "2.0"}, {"admin_category": "03"})
    read = read_rows(layout, planted(layout, *changes))
    assert read.used == [False, False, True]
    assert read.rules == {"private patient": 2}


@national
@pytest.mark.parametrize(
    "text",
    ["1800-01-01", "1801-01-01", "1600-01-01", "1582-10-15", "18000101", "18010101"],
)
def test_a_sentinel_is_no_date_of_referral_and_no_fault(layout, text):
    read = read_rows(layout, planted(layout, {"referral_date": text}))
    assert read["referral_date"] == [None]
    assert read.used == [True]
    assert read.heard == {}


@national
def test_a_date_of_referral_out_of_range_or_no_date_is_blank_and_counted(layout):
    changes = ({"referral_date": "1677-01-01"}, {"referral_date": "2023-02-30"})
    read = read_rows(layout, planted(layout, *changes))
    assert read["referral_date"] == [None, None]
    assert read.used == [True, True]
    assert read.rules == {"day out of range": 1, "date": 1}


@national
@pytest.mark.parametrize("text", ["1800-01-01", "1582-10-15", "2223-05-02", "May", None])
def test_a_record_without_its_day_is_set_aside_and_reported(layout, text):
    read = read_rows(layout, planted(layout, {"date": text}, {}))
    assert read.used == [False, True]
    assert sum(read.rules.values()) == 1


@national
@pytest.mark.parametrize("text", ["2023-05-02", "20230502", "02/05/2023", "2023-05-02 00:00:00"])
def test_a_day_in_any_of_the_ways_it_is_written(layout, text):
    read = read_rows(layout, planted(layout, {"date": text}))
    assert read["date"] == [day_number("2023-05-02")]


@national
def test_padded_nulls_and_ampersands_are_blank(layout):
    change = dict.fromkeys(("treatment_function", "practice_sent", "main_specialty"), "&\t ")
    change |= dict.fromkeys(("site", "currency", "clinic", "practice_worked_out"), "-   ")
    read = read_rows(layout, planted(layout, change))
    blank = ("treatment_function", "practice", "main_specialty", "site", "currency", "clinic")
    assert [read[name] for name in blank] == [[""]] * 6
    assert read.heard == {}
    assert read.used == [True]


@national
def test_babies_have_no_years_and_nobody_is_older_than_109(layout):
    ages = ("7001", "7007.0", "0", "109", "120", "7008", "")
    read = read_rows(layout, planted(layout, *({"age": age} for age in ages)))
    assert read["age"] == [0, 0, 0, 109, None, None, None]
    assert read.rules == {"out of range": 2}
    assert read.used == [True] * 7


@national
@pytest.mark.parametrize("code", ["V81997", "V81998", "V81999"])
def test_whoever_has_no_practice_is_in_a_group_of_their_own(layout, code):
    change = {"practice_sent": code, "practice_worked_out": code}
    assert read_rows(layout, planted(layout, change))["practice"] == ["unregistered"]


@national
def test_no_other_cell_can_stand_where_a_practice_should(layout):
    words = ("9434765919", "DY1 2AB", "Jane Smith", "M8700")
    changes = ({"practice_sent": word, "practice_worked_out": word} for word in words)
    read = read_rows(layout, planted(layout, *changes))
    assert read["practice"] == [""] * 4
    assert set(read.rules) == {"pattern"}


@pytest.mark.parametrize("layout", [SUS_ICB_MART, SUS_TRUST_CSV, KNOWSLEY_HES_OP, DUDLEY_HES_OP])
def test_the_practice_worked_out_is_preferred_and_where_the_two_differ_is_counted(layout):
    changes = (
        {"practice_sent": "M87001", "practice_worked_out": "M87002"},
        {"practice_sent": "M87001", "practice_worked_out": None},
        {"practice_sent": None, "practice_worked_out": "M87002"},
        {"practice_sent": "V81999", "practice_worked_out": None},
        {"practice_sent": "M87001", "practice_worked_out": "V81997"},
    )
    read = read_rows(layout, planted(layout, *changes))
    assert read["practice"] == ["M87002", "M87001", "M87002", "unregistered", "unregistered"]
    assert read.rules == {"practices differ": 2}
    assert read.used == [True] * 5


@pytest.mark.parametrize("layout", [SUS_ICB_MART, SUS_TRUST_CSV])
def test_either_practice_is_enough_and_none_is_refused(layout):
    table = planted(layout, {}, without=("practice_worked_out",))
    assert read_rows(layout, table)["practice"] == ["M87001"]
    with pytest.raises(SourceLayoutError, match="GP Practice"):
        read_rows(layout, planted(layout, {}, without=("practice_worked_out", "practice_sent")))


@national
def test_ethnicity_not_stated_is_not_unknown(layout):
    codes = ("Z", "X", "99", "A1", "0", None, "B ")
    read = read_rows(layout, planted(layout, *({"ethnicity": code} for code in codes)))
    assert read["ethnicity"] == ["Z", "unknown", "unknown", "A", "unknown", "unknown", "B"]
    assert read.rules == {"unknown code": 1}


@national
def test_deprivation_has_its_vintage_or_is_unknown(layout):
    most = "Most deprived 10%" if layout is ENGLAND_HES_OP else "1"
    least = "Least deprived 10%" if layout is ENGLAND_HES_OP else "10"
    table = planted(layout, {"imd_quintile": most}, {"imd_quintile": least})
    dated = read_rows(layout, table, options={"imd_vintage": "2019"})
    assert dated["imd_quintile"] == ["2019:1", "2019:5"]
    assert read_rows(layout, table)["imd_quintile"] == ["unknown", "unknown"]


@national
def test_money_is_whole_pence_and_what_is_none_is_blank_and_counted(layout):
    texts = ("140", "23.005", "£1,011,345.00", "", "n/a")
    read = read_rows(layout, planted(layout, *({"cost_pence": text} for text in texts)))
    assert read["cost_pence"] == [14_000, 2_301, 101_134_500, None, None]
    assert read.rules == {"money": 1}
    assert read.used == [True] * 5


@national
def test_codes_that_a_program_made_numbers_of_are_codes_again(layout):
    change = {"treatment_function": "307.0", "referral_source": "3", "first_attendance": "2.0"}
    read = read_rows(layout, planted(layout, change))
    assert (read["treatment_function"], read["referral_source"]) == (["307"], ["03"])
    assert read["visit"] == ["follow_up"]


@any_layout
def test_only_a_trust_is_told_by_three_characters(layout):
    sent = "provider_sent" if layout in MERSEYSIDE else "provider"
    codes = ("RNA01", "TAJ", "NVC07", "8HX12", "M87001")
    read = read_rows(layout, planted(layout, *({sent: code} for code in codes)))
    assert read["provider"] == ["RNA", "TAJ", "NVC07", "8HX12", "M87001"]


@merseyside
def test_a_trust_that_was_taken_over_counts_under_its_successor(layout):
    codes = ("RVY", "RVY01", "RBN", "RQ600", "REM", "RNA")
    table = planted(layout, *({"provider_sent": code} for code in codes))
    assert read_rows(layout, table)["provider"] == ["RBN", "RBN", "RBN", "REM", "REM", "RNA"]


@national
def test_a_layout_that_is_no_places_leaves_trusts_as_they_were(layout):
    assert read_rows(layout, planted(layout, {"provider": "RVY"}))["provider"] == ["RVY"]


@any_layout
def test_records_with_one_key_are_copies_and_likely_ones_are_only_counted(layout):
    exact, likely = layout.duplicates
    assert (exact.key, exact.sets_aside) == (("appointment_id",), True)
    assert {"person", "date", "provider", "treatment_function"} <= set(likely.key)
    assert not likely.sets_aside
    assert likely.name.startswith("same person")


def test_the_names_of_the_artificial_extract_are_read():
    table = planted(ENGLAND_HES_OP, {}).rename(
        columns={"TOKEN_PERSON_ID": "PSEUDO_HESID", "PROCODE3": "PROCODET", "LSOA21": "LSOA11"}
    )
    table["DIAG_4_01"] = "R69X"
    table["OPERTN_4_01"] = "&\t "
    optional = ["CLINIC_CODE", "COST", "SUSHRG"]
    read = read_rows(ENGLAND_HES_OP, table.drop(columns=optional))
    assert (read["person"], read["provider"]) == (["P0001"], ["RNA"])
    assert (read["diagnoses"], read["procedures"]) == ([""], [""])
    assert read["cost_pence"] == [None]
    assert read.person_kind == "pseudo_hesid"
    assert read.used == [True]


def test_two_kinds_of_person_are_never_mixed():
    table = planted(ENGLAND_HES_OP, {}, {"person": None})
    table["PSEUDO_HESID"] = "H1"
    read = read_rows(ENGLAND_HES_OP, table)
    assert read["person"] == ["P0001", None]
    assert read.person_kind == "token_person_id"


def test_an_id_used_once_is_not_a_person():
    table = planted(ENGLAND_HES_OP, {"person": "U123456789"}, {"person": "A123456789"})
    read = read_rows(ENGLAND_HES_OP, table)
    assert read["person"] == [None, "A123456789"]
    assert read.used == [True, True]
    assert read.rules == {"id used once": 1}


@pytest.mark.parametrize("layout", [SUS_TRUST_CSV, KNOWSLEY_HES_OP])
def test_an_nhs_number_is_dropped_without_a_key_and_a_pseudonym_with_one(layout):
    ways = ("943 476 5919", "9434765919", "943-476-5919", "9434765919.0")
    nobody = ("9999999999", "000 000 0000", "9999999999.00", "0.00", "987-654 3210", None)
    table = planted(layout, *({"person": number} for number in (*ways, *nobody)))
    assert read_rows(layout, table)["person"] == [None] * 10
    person = read_rows(layout, table, key=KEY)["person"]
    assert len(set(person[:4])) == 1
    assert "9434765919" not in str(person[0])
    assert person[4:] == [None] * 6


def test_nobodys_number_in_a_mart_is_nobodys_as_a_fraction_too():
    rows = ({"person": number} for number in ("71", "-1", "0", "-1.0", "0.0"))
    assert read_rows(SUS_ICB_MART, planted(SUS_ICB_MART, *rows))["person"] == ["71", *[None] * 4]


@pytest.mark.parametrize("layout", [SUS_TRUST_CSV, SUS_ICB_MART], ids=lambda each: each.name)
def test_what_identifies_a_patient_is_never_asked_of_the_source(layout):
    from phm_diabetes.records.resolving import resolve

    table = planted(layout, {})
    identifying = [
        "Postcode", "Postcode Of Usual Address", "Date of Birth", "Birth Date", "Patient Name",
        "Person Given Name", "Person Family Name", "Patient Usual Address",
        "Local Patient Identifier",
    ]  # fmt: skip
    headers = [*table, *identifying, *(["NHS Number"] if layout is SUS_ICB_MART else [])]
    resolved = resolve(layout, headers, file="planted")
    asked = {*resolved.few, *resolved.many}
    assert not asked & {*identifying, "NHS Number"}


@pytest.mark.parametrize("layout", PLACES, ids=lambda layout: layout.name)
def test_a_places_layout_borrows_one_and_says_what_is_assumed(layout):
    lent = {each.name: each for each in NATIONAL}[layout.layout_of]
    assert {column.sources for column in layout.columns} == {
        column.sources for column in lent.columns
    }
    assert "Assumed: " in layout.description
