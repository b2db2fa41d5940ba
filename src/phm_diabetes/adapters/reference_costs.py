"""National average unit costs of outpatient attendances, as trusts reported them."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import matching, whole_numbers
from phm_diabetes.adapters.headers import find_header
from phm_diabetes.adapters.numbers import pence
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.adapters.sheets import Sheet
from phm_diabetes.errors import OptionError
from phm_diabetes.model.periods import Period
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.schemas.words import repeated

__all__ = ["ReferenceCosts"]

_COLUMNS = {
    "currency": ("Currency Code",),
    "service": ("Service Code",),
    "activity": ("No. of attendances", "Number of attendances"),
    "cost": ("National Average Unit Cost",),
}
_NOT_READ = (
    *("Currency Description", "Service Description", "Total Cost", "No. Data Submissions"),
    "Number of Data Submissions",
)
_SETTINGS = {
    "cl": "consultant led",
    "consultant led": "consultant led",
    "ncl": "non-consultant led",
    "non consultant led": "non-consultant led",
}
_YEAR = re.compile(r"year\s*:?\s*(\d{4}-\d{2})", re.IGNORECASE)
_ROWS_OF_TITLES = 10
_CODE_WIDTH = 3


class ReferenceCosts(Adapter):
    """Reads sheets CL and NCL of the National Schedule of Reference Costs, or of NHS Costs.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> rows = [["National Schedule of Reference Costs - Year 2017-18"] + [""] * 3,
    ...     ["Currency Code", "Service Code", "No. of attendances", "National Average Unit Cost"],
    ...     ["WF01A", "307", "10", "136.555"]]
    >>> extract = phm.load(pd.DataFrame(rows), adapter="england.reference_costs")
    >>> extract.table[["price_year", "treatment_function", "unit_pence"]].values.tolist()
    [['2017-18', '307', 13656]]
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "reference_costs"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the National Schedule of Reference Costs: sheets CL and NCL, one row a currency and "
        "service, with attendances and the national average unit cost."
    )
    description: ClassVar[str] = (
        "What an outpatient attendance cost trusts on average, in pence of that year: a cost, and "
        "neither a tariff nor what a commissioner paid. Consultant-led and other attendances are "
        "apart. Whether the market forces factor is in it, the file does not say."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(columns=tuple(_COLUMNS.values()), within=_ROWS_OF_TITLES, sheet=r"CL|NCL"),
    )
    tables: ClassVar[tuple[str, ...]] = ("prices",)
    policy: ClassVar[Policy] = PUBLISHED

    def period_of(self, sheet: Sheet, label: str | None) -> Period:
        """Return the price year: as labelled, or from the title above the table.

        Raises
        ------
        OptionError
            When neither the caller nor a title says the year.
        """
        if label is not None:
            return Period.financial_year(label)
        for row in range(1, _ROWS_OF_TITLES + 1):
            for text in sheet.header(row):
                if match := _YEAR.search(text):
                    return Period.financial_year(match[1])
        message = (
            f"{sheet.place} does not say which year its costs are of. Pass period=, for instance "
            "period='2017-18'."
        )
        raise OptionError(message)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn a sheet of unit costs into prices, one row a currency and service."""
        header = find_header(sheet, self.signatures[0])
        _refuse_half(sheet, self.signatures[0], self.name)
        rows = sheet.rows(_COLUMNS, header_row=header.row or 1, layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        faults = matching(
            cells["currency"],
            headers["currency"],
            pattern=r"[A-Z]{2}[0-9]{2}[A-Z]",
            what="a Healthcare Resource Group, such as WF01A",
        )
        faults += matching(
            cells["service"],
            headers["service"],
            pattern=r"[0-9]{1,3}|[A-Z][A-Z0-9]{1,4}",
            what="the code of a service, such as 307",
        )
        cost, bad_costs = pence(cells["cost"], headers["cost"])
        activity, bad_activity = whole_numbers(cells["activity"], headers["activity"])
        faults += bad_costs + bad_activity
        faults += duplicates(sound(cells, faults), ["currency", "service"], "currency and service")
        faults += extra_columns(rows, known=_NOT_READ)
        year = context.period if context.period is not None else self.period_of(sheet, None)
        size = len(cells)
        table = pd.DataFrame(
            {
                "price_year": repeated(f"{year.start.year}-{year.end.year % 100:02}", size),
                "price_type": repeated("reference_cost", size),
                "treatment_function": _three_characters(cells["service"]).array,
                "currency": cells["currency"].astype(object).array,
                "setting": repeated(_setting_of(sheet), size),
                "unit_pence": cost.array,
                "activity": activity.array,
                "market_forces_factor": pd.array([pd.NA] * size, dtype="boolean"),
                "stated_in": repeated("", size),
                "source_row": cells.index,
            }
        )
        return Mapped(tables={"prices": table}, faults=faults, rows_read=size)


def _refuse_half(sheet: Sheet, signature: Signature, name: str) -> None:
    """Refuse a workbook of which only one of the two sheets is in the layout."""
    for other, grid in sheet.book.items():
        own = other.split(" › ")[-1].removesuffix(".csv").strip()
        if own.casefold() not in {"cl", "ncl"}:
            continue
        held = Sheet(file=sheet.file, name=other, grid=grid)
        header = find_header(held, signature)
        if header.likeness < 1:
            held.rows(_COLUMNS, header_row=header.row or 1, layout=f"'{name}'")


def _setting_of(sheet: Sheet) -> str:
    """Who led the attendances: the sheet's name tells, or the title above the table."""
    own = sheet.name.split(" › ")[-1].removesuffix(".csv")
    titles = (text for row in range(1, _ROWS_OF_TITLES + 1) for text in sheet.header(row))
    said = (_SETTINGS.get(text.strip().casefold(), "") for text in (own, *titles))
    return next((setting for setting in said if setting), "")


def _three_characters(column: pd.Series[Any]) -> pd.Series[Any]:
    """Codes as text: some years' workbooks hold them as numbers."""
    texts = np.array([str(text).zfill(_CODE_WIDTH) for text in column.cat.categories], dtype=object)
    return pd.Series(texts[column.cat.codes.to_numpy()], index=column.index, dtype=object)
