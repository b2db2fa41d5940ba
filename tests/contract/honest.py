"""An honest adapter, and the decorator under which dishonest ones are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from phm_diabetes.adapters.table import Column, Rounding, TableAdapter
from phm_diabetes.testing import AdapterContract

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from phm_diabetes.adapters.base import Mapped

SAMPLE = b"""\
Made-up return,,,,,
,,,,,
Practice,,Year,COPD,,Atrial fibrillation
Code,Name,,Register,List,Register
Y99001,Made-up Surgery,2022-23,115,5210,145
Y99002,Invented Practice,2022-23,*,1804,20
Y99003,Imagined Centre,2022-23,0,930,10
Y99001,Made-up Surgery,2023-24,120,5232,150
Total,,,235,13176,325
Source: made up.,,,,,
"""


class Honest(TableAdapter):
    """Keeps every law."""

    place, dataset, version = "north", "registers", "1"
    layout = "a return of two rows of headers: practice, year, and registers by condition."
    description = "Registers and lists by practice and year; 1 to 7 hidden, else nearest 5."
    definition = "north:registers:2022"
    header_within, header_rows = 6, 2
    footers = ("Total", "Source:.*")
    hidden = {"*": (1, 7)}
    rounding = Rounding(to=5)
    columns = {
        "practice": Column(header="Practice / Code", kind="ods_practice"),
        "year": Column(header="Year", kind="nhs_year"),
        "copd": Column(header="COPD / Register", kind="count"),
        "listed": Column(header="COPD / List", kind="exact_count"),
        "af": Column(header="Atrial fibrillation / Register", kind="count"),
    }
    measures = {
        "copd.register": ("copd", "listed"),
        "af.register": ("af", "listed"),
    }
    not_read = ("Practice / Name",)


KNOWN = (
    {
        "measure": "copd.register",
        "org_code": "Y99001",
        "period": "2022-23",
        "numerator": 115,
        "numerator_low": 113,
        "numerator_high": 117,
        "denominator": 5210,
    },
    {"measure": "af.register", "org_code": "Y99003", "period": "2022-23", "numerator": 10},
)


class HonestContract(AdapterContract):
    adapter = Honest
    sample = SAMPLE
    known = KNOWN
    installed = False
    footers = merged_headers = True


MUTANTS: list[tuple[str, type[HonestContract]]] = []
"""The law that each breaks, and the contract under which it is put."""


def breaks(law: Callable[..., None], **terms: object) -> Callable[[type], type]:
    """Keep a dishonest adapter beside the law that must catch it."""

    def keep(adapter: type) -> type:
        contract = type(adapter.__name__, (HonestContract,), {"adapter": adapter, **terms})
        MUTANTS.append((law.__name__, contract))
        return adapter

    return keep


def with_table(mapped: Mapped, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Mapped:
    """Return what an adapter made of a sheet, with its counts changed."""
    return evolve(mapped, tables={"counts": change(mapped.tables["counts"])})
