"""Quality and Outcomes Framework registers by practice, as published every year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault, coded, whole_numbers
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.qof_layouts import PREVALENCE
from phm_diabetes.adapters.rules import duplicates, extra_columns
from phm_diabetes.disease_areas.qof_registers import GROUPS, LIST_TYPES
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["QofPrevalence"]

_COLUMNS = {
    "practice": ("PRACTICE_CODE",),
    "group": ("GROUP_CODE", "INDICATOR_GROUP_CODE"),
    "register": ("REGISTER",),
    "list_type": ("PATIENT_LIST_TYPE",),
    "list_size": ("PRACTICE_LIST_SIZE", "PATIENT_LIST_SIZE"),
}


class QofPrevalence(Adapter):
    """Reads ``PREVALENCE_<year>.csv`` of the QOF's raw data, in both eras' column names.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> extract = phm.load(demo.registers(), adapter="england.qof_prevalence", period="2022-23")
    >>> extract.table["measure"].nunique()
    21
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "qof_prevalence"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the QOF's raw prevalence CSV: practice, indicator group, register, list type, list size."
    )
    description: ClassVar[str] = (
        "Disease registers and list sizes by practice on 31 March. Published unrounded. A "
        "practice that is absent did not take part, or failed validation: it is not zero."
    )
    signatures: ClassVar[tuple[Signature, ...]] = PREVALENCE
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    policy: ClassVar[Policy] = PUBLISHED
    needs_period: ClassVar[bool] = True

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn the register file into counts, one row a practice and indicator group."""
        rows = sheet.rows(_COLUMNS, layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        faults = malformed(cells["practice"], headers["practice"], GP_PRACTICE)
        measure, unknown_group = coded(
            cells["group"], headers["group"], to=_measures(), what="indicator group"
        )
        _, unknown_type = coded(
            cells["list_type"],
            headers["list_type"],
            to={code: code for code in LIST_TYPES},
            what="patient list type",
        )
        register, bad_register = whole_numbers(cells["register"], headers["register"])
        listed, bad_listed = whole_numbers(cells["list_size"], headers["list_size"])
        faults += unknown_group + unknown_type + bad_register + bad_listed
        faults += duplicates(cells, ["practice", "group"], "practice and indicator group")
        faults += _registers_above_lists(register, listed, headers["register"])
        faults += extra_columns(rows)
        period = cast("Period", context.period)  # needs_period: there is one
        table = pd.DataFrame(
            {
                "dataset": repeated("QOF", len(cells)),
                "measure": measure.array,
                "definition": _definitions(cells).array,
                "org_level": repeated("practice", len(cells)),
                "org_code": cells["practice"].array,
                "period_start": pd.Timestamp(period.start),
                "period_end": pd.Timestamp(period.end),
                "numerator": register.array,
                "denominator": listed.array,
                "source_row": cells.index,
            }
        )
        return Mapped(tables={"counts": table}, faults=faults, rows_read=len(cells))


def _measures() -> dict[str, str]:
    return {code: f"{code.casefold()}.register" for code in GROUPS}


def _definitions(cells: pd.DataFrame) -> pd.Series[str]:
    """Name publisher, group and list: a register out of another list is another definition."""
    groups, types = cells["group"].cat, cells["list_type"].cat
    width = len(types.categories)
    pair = groups.codes.to_numpy(dtype=np.int64) * width + types.codes.to_numpy()
    codes, spots = np.unique(pair, return_inverse=True)
    names = [
        f"qof:{groups.categories[code // width]}:{types.categories[code % width]}" for code in codes
    ]
    return pd.Series(worded(spots, names))


def _registers_above_lists(
    register: pd.Series[int], listed: pd.Series[int], header: str
) -> list[Fault]:
    above = (register > listed).fillna(value=False).to_numpy(dtype=bool)
    if not above.any():
        return []
    return [
        Fault(
            rule="register within list",
            rows=register.index.to_numpy()[above],
            column=header,
            message="is larger than the practice's list",
            advice="Used as published. Check that the two columns were not swapped.",
            severity="warning",
            sets_aside=False,
        )
    ]
