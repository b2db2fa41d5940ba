"""Knowsley's outpatients, on its trust's download of SUS."""

from __future__ import annotations

from phm_diabetes.records.layouts.england_hes_op import BUSINESS_KEY
from phm_diabetes.records.layouts.organisations import MERSEYSIDE_TRUSTS
from phm_diabetes.records.layouts.outpatients import outpatient_layout
from phm_diabetes.records.layouts.sus_trust_csv import HEADERS, PERSON, SUS_TRUST_CSV

__all__ = ["KNOWSLEY_HES_OP"]

KNOWSLEY_HES_OP = outpatient_layout(
    place="knowsley",
    dataset="hes_op",
    title=SUS_TRUST_CSV.title,
    layout=SUS_TRUST_CSV.layout,
    layout_of=SUS_TRUST_CSV.name,
    description=(
        "Outpatient appointments of people registered in Knowsley; RVY counts as RBN, RQ6 as "
        "REM. The NHS number is dropped, or replaced by a pseudonym with the caller's key. "
        "Assumed: the Place gets its trusts' downloads of SUS."
    ),
    headers=HEADERS,
    person=PERSON,
    business_key=BUSINESS_KEY,
    successors=MERSEYSIDE_TRUSTS,
)
"""Knowsley's extract."""
