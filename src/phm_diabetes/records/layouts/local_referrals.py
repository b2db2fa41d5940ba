"""Referrals of a local service, from its contract or activity return."""

from __future__ import annotations

from phm_diabetes.records.columns import Column
from phm_diabetes.records.layout import Duplicates, RecordLayout
from phm_diabetes.records.layouts.dates import date_column
from phm_diabetes.records.layouts.identifiers import NULLS, ONE_TIME_ID, ONE_TIME_ID_LENGTH
from phm_diabetes.records.layouts.practices import practice_columns, registered_practice
from phm_diabetes.records.layouts.wording import every_case

__all__ = ["LOCAL_PERSON", "LOCAL_PRACTICE", "LOCAL_REFERRALS", "LOCAL_SERVICE"]

LOCAL_PERSON = Column(
    name="person",
    sources=("Pseudonym", "Person Pseudonym", "Pseudo NHS Number", "Pseudonymised NHS Number"),
    kind="id",
    required=False,
    once=ONE_TIME_ID,
    once_within=ONE_TIME_ID_LENGTH,
)
"""The pseudonym. An NHS number is not read: a Place that must read one declares its own layout."""

LOCAL_PRACTICE = practice_columns(
    (
        "Practice Code",
        "GP Practice Code",
        "General Medical Practice Code (Patient Registration)",
        "Practice",
    )
)
"""The practice."""

LOCAL_SERVICE = Column(
    name="service",
    sources=("Service", "Service Name", "Team", "Team Type"),
    kind="text",
    blank="unknown",
)
"""The service or team, in the words of the return."""

_DECISIONS = {
    "accepted": ("accepted", "accept"),
    "returned": ("returned", "rejected", "declined", "returned to referrer"),
    "advice": ("advice", "advice and guidance", "returned with advice", "advice given"),
    "unknown": ("unknown", "not known"),
}

LOCAL_REFERRALS = RecordLayout(
    place="local",
    dataset="referrals",
    version="1",
    title="Local referrals",
    layout="one row a referral, seen or waiting, with the day on which the return was cut.",
    description=(
        "Referrals to local services, such as podiatry, a foot clinic or structured "
        "education. Assumed: headers like 'Referral ID', 'Service', 'Date Received', 'Date First "
        "Seen', 'Decision' and 'Census Date', or those of the Community Services Data Set."
    ),
    table="referrals",
    key="referral_id",
    day="received",
    organisations={"practice": "practice"},
    nulls=NULLS,
    columns=(
        Column(
            name="referral_id",
            sources=("Referral ID", "Service Request Identifier"),
            kind="id",
            needed=True,
        ),
        LOCAL_PERSON,
        *LOCAL_PRACTICE,
        LOCAL_SERVICE,
        date_column(
            "received",
            ("Date Received", "Referral Received Date", "Referral Request Received Date"),
            needed=True,
        ),
        date_column(
            "first_seen", ("Date First Seen", "First Contact Date", "Date Of First Contact")
        ),
        Column(
            name="decision",
            sources=("Decision", "Referral Decision", "Triage Outcome"),
            kind="code",
            required=False,
            codes=every_case(_DECISIONS),
            blank="unknown",
            broken="blank",
        ),
        date_column("census", ("Census Date", "Extract Date"), needed=True),
    ),
    derived=(registered_practice(LOCAL_PRACTICE),),
    duplicates=(
        Duplicates(name="same referral", key=("referral_id",)),
        Duplicates(
            name="same person, service and day",
            key=("person", "service", "received"),
            sets_aside=False,
        ),
    ),
)
"""A return of referrals."""
