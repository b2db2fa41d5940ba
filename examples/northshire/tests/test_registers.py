from pathlib import Path

from northshire.registers import NorthshireRegisters

from phm_diabetes.testing import AdapterContract


class TestNorthshireRegisters(AdapterContract):
    adapter, sample = NorthshireRegisters, Path(__file__).parent / "sample.csv"
    footers = merged_headers = True
    quarter = "2024-25 Q1"
    known = [
        {"measure": "copd.register", "org_code": "Y99001", "period": quarter, "numerator": 115},
        {"measure": "af.register", "org_code": "Y99003", "period": quarter, "numerator_low": 8},
    ]
