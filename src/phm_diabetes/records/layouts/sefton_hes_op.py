"""Sefton's outpatients, on the national extract of HES."""

from __future__ import annotations

from phm_diabetes.records.layouts.england_hes_op import (
    BUSINESS_KEY,
    ENGLAND_HES_OP,
    HEADERS,
    PERSON,
)
from phm_diabetes.records.layouts.organisations import MERSEYSIDE_TRUSTS
from phm_diabetes.records.layouts.outpatients import outpatient_layout
from phm_diabetes.records.layouts.patients import DECILE_WORDS

__all__ = ["SEFTON_HES_OP"]

SEFTON_HES_OP = outpatient_layout(
    place="sefton",
    dataset="hes_op",
    title=ENGLAND_HES_OP.title,
    layout=ENGLAND_HES_OP.layout,
    layout_of=ENGLAND_HES_OP.name,
    description=(
        "Outpatient appointments of people registered in Sefton; RVY counts as RBN, RQ6 as REM. "
        "Assumed: the Place pulls them from the national extract of HES."
    ),
    headers=HEADERS,
    person=PERSON,
    business_key=BUSINESS_KEY,
    deciles=DECILE_WORDS,
    successors=MERSEYSIDE_TRUSTS,
)
"""Sefton's extract."""
