"""The adapters of tables that a Place fills in keep the contract."""

from __future__ import annotations

import pandas as pd

from phm_diabetes.adapters.local_facts import LocalFacts
from phm_diabetes.adapters.local_prescribing import LocalPrescribing
from phm_diabetes.adapters.local_prices import LocalPrices
from phm_diabetes.testing import AdapterContract

ABOUT = ("organisation_level", "organisation_code", "first_day", "last_day")


class TestPrices(AdapterContract):
    adapter = LocalPrices
    sample = pd.DataFrame(
        [
            ("2023-24", "307", "WF01A", "", "99.50", "local", "no", "contract schedule 3"),
            ("2023/24", "307", "WF01B", "", "£1,150", "local", "no", "contract schedule 3"),
            ("2023-24", "", "WF02A", "clinic", "0", "local", "no", ""),
        ],
        columns=[
            *("financial_year", "tfc", "currency", "setting", "price", "price_type"),
            *("mff_applied", "source_url"),
        ],
    )
    known = (
        {"currency": "WF01B", "treatment_function": "307", "unit_pence": 115000},
        {"price_year": "2023-24", "currency": "WF01A", "unit_pence": 9950},
    )


class TestPrescribing(AdapterContract):
    adapter = LocalPrescribing
    sample = pd.DataFrame(
        [
            ("Y99001", "2022-04-01", "2023-03-31", "6.1", "actual", "418,000.00"),
            ("Y99001", "2022-04-01", "2023-03-31", "0601", "nic", "£451,250.5"),
            ("Y99002", "2022-04-01", "2023-03-31", "06.01", "actual cost", "202300"),
        ],
        columns=[
            *("practice_code", "first_day", "last_day", "bnf_section", "cost_basis", "cost"),
        ],
    )
    known = (
        {
            "measure": "dm.prescribing_spend",
            "org_code": "Y99001",
            "definition": "bnf:0601:nic",
            "period": "2022-23",
            "numerator": 45_125_050,
        },
        {"org_code": "Y99002", "definition": "bnf:0601:actual", "period": "2022-23"},
    )


class TestLongFacts(AdapterContract):
    adapter = LocalFacts
    sample = pd.DataFrame(
        [
            ("practice", "Y99001", "2023-04-01", "", "Clinical system", "EMIS"),
            ("practice", "Y99002", "", "", "Clinical system", "SystmOne"),
            ("pcn", "U99001", "2023-04-01", "2024-03-31", "MDT frequency", "monthly"),
        ],
        columns=[*ABOUT, "attribute", "value"],
    )
    known = (
        {"org_code": "Y99001", "attribute": "clinical_system", "value": "EMIS"},
        {"org_level": "pcn", "attribute": "mdt_frequency", "end": "2024-03-31"},
    )


class TestWideFacts(AdapterContract):
    adapter = LocalFacts
    sample = pd.DataFrame(
        [
            ("practice", "Y99001", "2023-04-01", "", "EMIS", "2.5"),
            ("practice", "Y99002", "2023-04-01", "", "SystmOne", ""),
            ("practice", "Y99003", "2023-04-01", "", "", "1"),
        ],
        columns=[*ABOUT, "Clinical system", "Nurses (WTE)"],
    )
    optional_columns = ("Clinical system", "Nurses (WTE)")
    known = (
        {"org_code": "Y99001", "attribute": "nurses_wte", "value": "2.5"},
        {"org_code": "Y99002", "attribute": "clinical_system", "value": "SystmOne"},
    )
