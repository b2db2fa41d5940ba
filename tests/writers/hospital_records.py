"""Writes records of hospitals and community services in the headers of each layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from phm_diabetes.records.layout import RecordLayout

OUTPATIENT = {
    "appointment_id": "A{}",
    "person": "P000{}",
    "date": "2023-05-02",
    "attendance": "5",
    "first_attendance": "1",
    "consultation_medium": "01",
    "treatment_function": "307",
    "main_specialty": "300",
    "provider": "RNA00",
    "provider_sent": "RNA00",
    "site": "RNA01",
    "clinic": "DIAB1",
    "practice_sent": "M87001",
    "practice_worked_out": "M87001",
    "age": "59.0",
    "sex": "1",
    "ethnicity": "A",
    "lsoa": "E01010001",
    "referral_source": "03",
    "referral_date": "2023-03-01",
    "outcome": "2",
    "admin_category": "01",
    "currency": "WF01B",
    "cost_pence": "140.00",
}
EPISODE = {
    "episode_id": "E{}",
    "person": "P000{}",
    "admitted": "2023-05-02",
    "discharged": "2023-05-09",
    "started": "2023-05-02",
    "ended": "2023-05-09",
    "order": "1",
    "admission": "21",
    "admission_source": "19",
    "discharge_method": "1",
    "discharge_destination": "19",
    "status": "3",
    "patient_class": "1",
    "treatment_function": "307",
    "diagnoses": "E119",
    "procedures": "X095",
    "provider": "RNA",
    "practice_sent": "M87001",
    "age": "71",
    "sex": "2",
    "ethnicity": "A",
    "lsoa": "E01010001",
    "admin_category": "01",
}
REFERRAL = {
    "referral_id": "R{}",
    "person": "P000{}",
    "practice_sent": "M87001",
    "service": "Podiatry",
    "received": "01/05/2023",
    "first_seen": "24/05/2023",
    "decision": "Accepted",
    "census": "2023-06-30",
}
CONTACT = {
    "contact_id": "C{}",
    "person": "P000{}",
    "referral_id": "R{}",
    "date": "2023-05-24",
    "attendance": "Attended",
    "consultation_type": "01",
    "consultation_medium": "01",
    "service": "Podiatry",
    "provider": "TAJ",
    "site": "TAJ01",
    "practice_sent": "M87001",
    "age": "59",
    "sex": "F",
    "ethnicity": "A",
    "lsoa": "E01010001",
}
PLAIN = {
    "appointments": OUTPATIENT,
    "episodes": EPISODE,
    "referrals": REFERRAL,
    "contacts": CONTACT,
}


def planted(
    layout: RecordLayout, *changes: dict[str, str | None], without: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return one row a change to the plain record, with what the layout's source calls it.

    A change to a column of several codes fills its first slot, or the slot after ``@``, as in
    ``procedures@24``.
    """
    plain = PLAIN[layout.table]
    rows: list[dict[str, str | None]] = []
    for number, change in enumerate(changes, start=1):
        named = {name.partition("@")[0] for name in change}
        row: dict[str, str | None] = {}
        for column in layout.columns:
            if column.name in without or column.name not in {*plain, *named}:
                continue
            slots = column.headers[0]
            if column.slots:
                row |= dict.fromkeys(slots)
            text = plain.get(column.name)
            row[slots[0]] = text.format(number) if text else text
            for name, given in change.items():
                wanted, _, slot = name.partition("@")
                if wanted == column.name:
                    row[slots[int(slot or 1) - 1]] = given
        rows.append(row)
    return pd.DataFrame(rows, dtype=object)
