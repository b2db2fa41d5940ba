"""Liverpool's outpatients, on the national data platform's SUS+."""

from __future__ import annotations

from phm_diabetes.records.layouts.england_hes_op import BUSINESS_KEY
from phm_diabetes.records.layouts.organisations import MERSEYSIDE_TRUSTS
from phm_diabetes.records.layouts.outpatients import outpatient_layout
from phm_diabetes.records.layouts.sus_ncdr import HEADERS, PERSON, SUS_NCDR

__all__ = ["LIVERPOOL_HES_OP"]

LIVERPOOL_HES_OP = outpatient_layout(
    place="liverpool",
    dataset="hes_op",
    title=SUS_NCDR.title,
    layout=SUS_NCDR.layout,
    layout_of=SUS_NCDR.name,
    description=(
        "Outpatient appointments of people registered in Liverpool; RVY counts as RBN, RQ6 as "
        "REM. Assumed: the Place pulls them from the national data platform's SUS+."
    ),
    headers=HEADERS,
    person=PERSON,
    business_key=BUSINESS_KEY,
    successors=MERSEYSIDE_TRUSTS,
)
"""Liverpool's extract."""
