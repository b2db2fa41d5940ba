"""The adapter of the ODS's workbook of PCNs keeps the contract."""

from __future__ import annotations

from phm_diabetes.adapters.pcn_membership import PcnMembership
from phm_diabetes.demo.workbook import xlsx
from phm_diabetes.testing import AdapterContract

DETAILS = [
    ["PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Open Date", "Close Date", "Postcode"],
    ["U99001", "PLANTED PCN", "9Z1", "20190701", "", "ZZ99 9ZZ"],
    ["U99002", "SOWN PCN", "9Z1", "20190701", "20230331", "ZZ99 9ZZ"],
]
PARTNERS = [
    [
        *("Partner\nOrganisation\nCode", "Partner\nName", "PCN Code"),
        *("Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date"),
    ],
    ["Y99001", "PLANTED SURGERY", "U99001", "20190701", ""],
    ["Y99002", "SOWN SURGERY", "U99002", "20190701", "20230331"],
    ["Y99002", "SOWN SURGERY", "U99001", "20230401", ""],
]


class TestPcnMembership(AdapterContract):
    adapter = PcnMembership
    sample = xlsx({"PCNDetails": DETAILS, "PCN Core Partner Details": PARTNERS})
    known = (
        {"org_code": "Y99001", "parent_code": "U99001", "start": "2019-07-01", "end": None},
        {"org_code": "Y99002", "parent_code": "U99002", "end": "2023-03-31"},
    )
