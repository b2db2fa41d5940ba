"""Layouts that use every kind of column, rule and duplicate, and what tables of them may hold."""

from __future__ import annotations

from phm_diabetes.records.columns import Case, Column, Derived
from phm_diabetes.records.layout import Duplicates, RecordLayout, Rule

CLINIC = RecordLayout(
    place="planted",
    dataset="clinic",
    version="1",
    layout="One row an appointment, its headers in capitals.",
    description="Planted: every kind of column, rule and duplicate.",
    table="appointments",
    title="Planted appointments",
    key="appointment_id",
    day="date",
    organisations={"practice": "practice", "trust": "provider"},
    columns=(
        Column(
            name="appointment_id", sources=("ATTENDKEY", "ID"), kind="id", needed=True,
            pattern="[A-Z0-9]{1,8}",
        ),
        Column(
            name="person", sources=("TOKEN_PERSON_ID", "ENCRYPTED_HESID"), kind="id",
            required=False, kinds={"TOKEN_PERSON_ID": "token"}, once="X[0-9]+",
        ),
        Column(
            name="nhs_number", sources=("NHS_NUMBER",), kind="id", required=False,
            identifiable=True,
        ),
        Column(
            name="date", sources=("APPTDATE",), kind="date", least="2022-04-01",
            most="2024-03-31", sentinels=frozenset({"1800-01-01", "18000101"}),
            formats=("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y"),
        ),
        Column(
            name="referral_date", sources=("DNADATE", "REFDATE"), kind="date", broken="blank",
            required=False, nulls=frozenset({"0"}), formats=("%d/%m/%Y", "%Y-%m-%d"),
        ),
        Column(
            name="sex", sources=("SEX",), kind="code", blank="unknown",
            codes={"1": "male", "2": "female", "0": "unknown", "9": "unknown"},
        ),
        Column(name="first_code", sources=("FIRSTATT",), kind="code", broken="blank", kept=False,
               allowed=frozenset("12345")),
        Column(
            name="consultation_code", sources=("MEDIUM",), kind="code", width=2, kept=False,
            required=False, codes={"01": "face_to_face", "02": "remote", "98": "unknown"},
            broken="blank",
        ),
        Column(
            name="imd_quintile", sources=("IMD04_DECILE",), kind="code", blank="unknown",
            broken="blank", codes={str(at): f"{{imd_vintage}}:{at}" for at in range(1, 6)},
        ),
        Column(
            name="age", sources=("APPTAGE",), kind="integer", least=0, most=120, broken="blank",
            recode=((7001, 7007, 0), (999, 999, -1)),
        ),
        Column(name="wait", sources=("WAITING",), kind="integer", required=False, least=-30),
        Column(
            name="practice", sources=("GPPRAC",), kind="code", cut=6, broken="blank",
            pattern="[A-Y][0-9]{5}", nulls=frozenset({"V81999"}),
        ),
        Column(name="provider", sources=("PROCODET", "PROCODE"), kind="text", cut=3),
        Column(name="site", sources=("SITETRET",), kind="text", required=False, kept=False),
        Column(
            name="treatment_function", sources=("TRETSPEF",), kind="code", width=3,
            pattern="[0-9]{3}", blank="",
        ),
        Column(
            name="cost_pence", sources=("TARIFF_TOTAL",), kind="money", required=False,
            broken="blank", most=100_000_00,
        ),
        Column(name="spell", sources=("SPELL",), kind="id", required=False),
        Column(
            name="procedures", sources=("OPERTN_{:02d}",), kind="codes", slots=3, cut=4,
            broken="blank", required=False, pattern="[A-Z][0-9]{2,3}",
        ),
        Column(
            name="admin_category", sources=("ADMINCAT",), kind="code", width=2, kept=False,
            required=False,
        ),
    ),
    derived=(
        Derived(
            name="visit", otherwise="unknown", cases=(
                Case(when={"first_code": {"1", "3"}}, then="first"),
                Case(when={"first_code": {"2", "4"}}, then="follow_up"),
            ),
        ),
        Derived(
            name="medium", otherwise="face_to_face", cases=(
                Case(when={"consultation_code": {"face_to_face", "remote"}},
                     then="=consultation_code"),
                Case(when={"first_code": {"3", "4"}, "consultation_code": {"", "unknown"}},
                     then="remote"),
                Case(when={"visit": {"unknown"}, "first_code": {""}}, then="unknown"),
            ),
        ),
    ),
    rules=(
        Rule(
            name="private patient", message="is of a private patient", advice="Nothing to do.",
            cases=(Case(when={"admin_category": {"02"}}, then=""),),
        ),
        Rule(
            name="medium disagrees", message="has two media", advice="Ask the trust.",
            sets_aside=False, severity="warning", cases=(
                Case(when={"consultation_code": {"remote"}, "first_code": {"1", "2"}}, then=""),
                Case(when={"consultation_code": {"face_to_face"}, "first_code": {"3", "4"}},
                     then=""),
            ),
        ),
        Rule(
            name="another site", message="has a site of another trust", advice="Ask the trust.",
            sets_aside=False, severity="warning", cases=(
                Case(when={"sex": {"female", "unknown"}}, differ=("provider", "site")),
            ),
        ),
    ),
    duplicates=(
        Duplicates(name="same key", key=("appointment_id",)),
        Duplicates(
            name="same person, day and provider", key=("person", "date", "provider"),
            sets_aside=False,
        ),
    ),
    nulls=frozenset({"&", "-", "NULL"}),
    options={"imd_vintage": "Year of the index of deprivation."},
)  # fmt: skip
"""Appointments with everything that a layout can declare."""

CONTACTS = RecordLayout(
    place="planted",
    dataset="contacts",
    version="1",
    layout="One row a contact.",
    description="Planted: no person, no derived column, a business rule before the key.",
    table="contacts",
    title="Planted contacts",
    key="contact",
    day="seen",
    organisations={"practice": "practice"},
    columns=(
        Column(name="contact", sources=("Contact Id",), kind="id", required=False),
        Column(name="seen", sources=("Seen",), kind="date", needed=True, broken="blank"),
        Column(name="practice", sources=("Practice",), kind="text", blank="unregistered"),
        Column(name="team", sources=("Team",), kind="text", needed=True,
               allowed=frozenset({"feet", "eyes", "£ & co"})),
        Column(name="minutes", sources=("Minutes",), kind="integer"),
    ),
    duplicates=(
        Duplicates(name="same practice, team and day", key=("practice", "team", "seen"),
                   sets_aside=False),
        Duplicates(name="same contact", key=("contact",)),
        Duplicates(name="same minutes", key=("minutes", "team")),
    ),
)  # fmt: skip
"""Contacts of nobody in particular."""

CLINIC_TEXTS: dict[str, tuple[str | None, ...]] = {
    "ATTENDKEY": ("A1", "A2", "A3", "A4", "B1", "B2", "", "a1", " A1 ", "A123456789"),
    "ID": ("A1", "A2", "A3", None),
    "TOKEN_PERSON_ID": ("P1", "P1", "P2", "P3", "", None, "X12", "X12b", "P\u00e9", " P1", "&"),
    "ENCRYPTED_HESID": ("P1", "P2", "", "X9"),
    "NHS_NUMBER": ("943 476 5919", "9434765919", "", None, "x"),
    "APPTDATE": (
        "2023-04-01", "2023-04-01", "2023-05-17", "20230401", "01/04/2023", "2022-04-01",
        "2024-03-31", "2024-04-01", "2022-03-31", "1800-01-01", "18000101 00:00:00", "", None,
        "2023-02-29", "2024-02-29", "2023-13-01", "2023-00-10", "2023-04-31", "0000-01-01",
        "2023-05-17T09:30:00Z", "2023-05-17 09:30", "2023-05-17 09:30:00.000", "2023-5-17",
        "2023-05-17 ", "soon", "2023-05-17\n09:30", "T09:30", "31/11/2023", "&", "20230401.0",
        "2023-05-17 09:30 09:30",
    ),
    "REFDATE": ("01/03/2023", "2023-03-01", "0", "30/02/2023", "20230301", None, "9999-12-31",
                "0001-01-01", "0004-02-29", "1900-02-29", "2000-02-29"),
    "SEX": ("1", "2", "1.0", "2.000", "9", "", "3", None, " 1", "1.", "male", "\xa02\x0b"),
    "FIRSTATT": ("1", "2", "3", "4", "5", "1.0", "6", "", "-", "12"),
    "MEDIUM": ("01", "1", "2", "02.0", "98", "", "3", "001", "\u0661", None),
    "IMD04_DECILE": ("1", "5", "5.0", "6", "", "NULL", "05"),
    "APPTAGE": (
        "59", "59.0", "59.", "+59", "0", "16", "17", "65", "120", "121", "-1", "7001", "7007",
        "7008", "999", "old", "", None, "1e3", "000000000000000017", "1000000000000000000",
        "5 9", "59.5", "+", "\u0665",
    ),
    "WAITING": ("10", "-30", "-31", "-0", "+7.000", "", None, "7-"),
    "GPPRAC": ("A12345", "B12345", "A12345001", "V81999", "V81998", "a12345", "", "A1234", None,
               "A1234\n", "C12345", "A1234 5"),
    "PROCODET": ("RVY", "RBN", "RVY02", "RB ", "RB N", "", "&", None, "\u00e9t\u00e9s", "R\0X"),
    "SITETRET": ("RVY", "RBN", "", "RVY ", None, "&"),
    "TRETSPEF": ("307", "302", "7", "7.0", "0307", "&", "", "30A", "\uff17"),
    "TARIFF_TOTAL": (
        "140", "140.5", "140.50", "\u00a3140.505", "1,000", "\u00a31,000.994", "1,00", "1000.995",
        "0", "0.005", "0.0049", ".5", "5.", "100000", "100000.005", "-5", "", None, "\u00a3",
        "9999999999999", "99999999999999", "1e3", "12,345,678.90", "\u00a3 5",
    ),
    "SPELL": ("S1", "S2", "S1", "S3", "", None, "&"),
    "OPERTN_01": ("X093", "X09", "X0931", "&", "", None, "-", "x093", "X10", "X 09"),
    "OPERTN_02": ("X101", "E11", "", None, "&"),
    "OPERTN_03": ("X093", "", None, "Z94"),
    "ADMINCAT": ("01", "1", "01", "2", "02", "02.0", "", None),
}  # fmt: skip
"""Texts by header of `CLINIC`, good and bad."""

CONTACTS_TEXTS: dict[str, tuple[str | None, ...]] = {
    "contact  id": ("1", "2", "2", "", None, "1 "),
    "Seen": ("2023-04-01", "2023-04-02", "20230401", "", "x", None),
    "PRACTICE": ("A12345", "B12345", "", "it's", None),
    "Team": ("feet", "eyes", "\u00a3 & co", "", "Feet", " feet"),
    "Minutes": ("10", "10.0", "20", "", None),
    "Remarks": ("read by nobody", "", None),
}
"""Texts by header of `CONTACTS`, whose headers differ in case and white space."""

CLINIC_OPTIONAL = (
    "TOKEN_PERSON_ID", "ENCRYPTED_HESID", "NHS_NUMBER", "REFDATE", "MEDIUM", "SITETRET", "WAITING",
    "TARIFF_TOTAL", "SPELL", "OPERTN_01", "OPERTN_02", "OPERTN_03", "ADMINCAT",
)  # fmt: skip
"""Headers of `CLINIC` that a source may lack."""
