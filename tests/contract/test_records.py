"""Every adapter of records keeps the laws of the kit, on planted records in its own layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.writers.hospital_records import planted

from phm_diabetes.records.installed import (
    DudleyHesOp,
    EnglandHesApc,
    EnglandHesOp,
    KnowsleyHesOp,
    LiverpoolHesOp,
    LocalCommunity,
    LocalReferrals,
    SeftonHesOp,
    SusIcbMart,
    SusNcdr,
    SusTrustCsv,
)
from phm_diabetes.testing import AdapterContract

if TYPE_CHECKING:
    import pandas as pd

    from phm_diabetes.records.record_adapter import RecordAdapter


def three_of(kind: type[RecordAdapter], **changed: str) -> pd.DataFrame:
    """Return three records, the last with a change, in an adapter's own headers."""
    second = {"practice_sent": "M87002", "practice_worked_out": "M87002"}
    return planted(kind.record_layout, {}, second, changed)


def optional_in(kind: type[RecordAdapter]) -> tuple[str, ...]:
    """Return the headers that a layout can do without."""
    return tuple(
        header
        for column in kind.record_layout.columns
        if not column.required
        for group in column.headers
        for header in group
    )


class OfOutpatients(AdapterContract):
    known = (
        {"appointment_id": "A1", "attendance": "attended", "visit": "first", "practice": "M87001"},
        {"appointment_id": "A2", "medium": "face_to_face", "practice": "M87002"},
        {"appointment_id": "A3", "attendance": "missed", "treatment_function": "307"},
    )


class TestEnglandHesOp(OfOutpatients):
    adapter = EnglandHesOp
    sample = three_of(EnglandHesOp, attendance="3")
    optional_columns = optional_in(EnglandHesOp)


@pytest.mark.long
class TestSusNcdr(OfOutpatients):
    adapter = SusNcdr
    sample = three_of(SusNcdr, attendance="3")
    optional_columns = optional_in(SusNcdr)


@pytest.mark.long
class TestSusIcbMart(OfOutpatients):
    adapter = SusIcbMart
    sample = three_of(SusIcbMart, attendance="3")
    optional_columns = optional_in(SusIcbMart)


@pytest.mark.long
class TestSusTrustCsv(OfOutpatients):
    adapter = SusTrustCsv
    sample = three_of(SusTrustCsv, attendance="3")
    optional_columns = optional_in(SusTrustCsv)


@pytest.mark.long  # it borrows a layout that is proved here
class TestDudleyHesOp(OfOutpatients):
    adapter = DudleyHesOp
    sample = three_of(DudleyHesOp, attendance="3")
    optional_columns = optional_in(DudleyHesOp)


@pytest.mark.long  # it borrows a layout that is proved here
class TestLiverpoolHesOp(OfOutpatients):
    adapter = LiverpoolHesOp
    sample = three_of(LiverpoolHesOp, attendance="3")
    optional_columns = optional_in(LiverpoolHesOp)


@pytest.mark.long  # it borrows a layout that is proved here
class TestSeftonHesOp(OfOutpatients):
    adapter = SeftonHesOp
    sample = three_of(SeftonHesOp, attendance="3")
    optional_columns = optional_in(SeftonHesOp)


@pytest.mark.long  # it borrows a layout that is proved here
class TestKnowsleyHesOp(OfOutpatients):
    adapter = KnowsleyHesOp
    sample = three_of(KnowsleyHesOp, attendance="3")
    optional_columns = optional_in(KnowsleyHesOp)


@pytest.mark.long
class TestEnglandHesApc(AdapterContract):
    adapter = EnglandHesApc
    sample = three_of(EnglandHesApc, admission="11")
    optional_columns = optional_in(EnglandHesApc)
    known = (
        {"episode_id": "E1", "admission": "emergency", "diagnoses": "E119", "procedures": "X095"},
        {"episode_id": "E2", "practice": "M87002", "age": 71},
        {"episode_id": "E3", "admission": "elective", "sex": "female"},
    )


class TestLocalReferrals(AdapterContract):
    adapter = LocalReferrals
    sample = three_of(LocalReferrals, service="Dietetics")
    optional_columns = optional_in(LocalReferrals)
    known = (
        {"referral_id": "R1", "service": "Podiatry", "decision": "accepted"},
        {"referral_id": "R3", "service": "Dietetics", "practice": "M87001"},
    )


@pytest.mark.long
class TestLocalCommunity(AdapterContract):
    adapter = LocalCommunity
    sample = three_of(LocalCommunity, attendance="Did Not Attend")
    optional_columns = optional_in(LocalCommunity)
    known = (
        {"contact_id": "C1", "attendance": "attended", "medium": "face_to_face"},
        {"contact_id": "C3", "attendance": "missed"},
    )
