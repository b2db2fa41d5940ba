"""Northshire's quarterly return of registers."""

from phm_diabetes.adapters.table import Column, Rounding, TableAdapter


class NorthshireRegisters(TableAdapter):
    """Reads the return that Northshire's analysts send round every quarter, CSV or xlsx."""

    place, dataset, version = "northshire", "registers", "1"
    layout = "the quarterly return: practice, quarter, and a register and list by condition."
    description = "Registers and lists at the end of a quarter; 1 to 7 hidden, else nearest 5."
    definition = "northshire:registers:2024"
    header_within, header_rows = 10, 2
    footers = ("Total.*", "Source:.*")
    hidden = {"*": (1, 7)}
    rounding = Rounding(to=5)
    columns = {
        "practice": Column(header="Practice / Code", kind="ods_practice"),
        "quarter": Column(header="Quarter", kind="nhs_quarter"),
        "copd": Column(header="COPD / On register", kind="count"),
        "copd_list": Column(header="COPD / List", kind="exact_count"),
        "af": Column(header="Atrial fibrillation / On register", kind="count"),
        "af_list": Column(header="Atrial fibrillation / List", kind="exact_count"),
    }
    measures = {"copd.register": ("copd", "copd_list"), "af.register": ("af", "af_list")}
    not_read = ("Practice / Name",)
