"""Every GP practice and other prescriber: name, opening, status and setting, from the ODS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault, dates
from phm_diabetes.adapters.codes import PRESCRIBER, malformed
from phm_diabetes.adapters.rules import duplicates, sound
from phm_diabetes.adapters.spells import backwards
from phm_diabetes.adapters.tables import organisation_rows, stacked
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.schemas.words import repeated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["OdsPractices"]

_WIDTH = 27
_COLUMNS = {"practice": 0, "name": 1, "opened": 10, "closed": 11, "status": 12, "setting": 25}
"""Addresses and telephone numbers stand between them and are not read."""

_STATUS = {
    "A": "active",
    "C": "closed",
    "D": "dormant",
    "P": "proposed",
    "ACTIVE": "active",
    "INACTIVE": "inactive",
}
_ROLES = {
    "RO72": "0",
    "RO87": "1",
    "RO80": "2",
    "RO80|RO87": "3",
    "RO87|RO80": "3",
    "RO76": "4",
    "RO255": "8",
    "RO247": "9",
    "RO250": "10",
    "RO252": "11",
    "RO259": "12",
    "RO249": "13",
    "RO246": "14",
    "RO245": "15",
    "RO260": "16",
    "RO257": "17",
    "RO256": "18",
    "RO251": "19",
    "RO248": "20",
    "RO254": "21",
    "RO258": "22",
    "RO253": "24",
    "RO82": "25",
    "RO321": "26",
    "RO323": "27",
}
_SETTINGS = {code: code for code in _ROLES.values()} | _ROLES
"""Prescribing setting; the ODS's newer downloads write the role's id in its stead."""


class OdsPractices(Adapter):
    """Reads ``epraccur.csv`` of the Organisation Data Service, which has no header.

    It says who commissions a practice now, undated; the memberships come from
    ``england.ods_membership``, which says from when to when.

    Examples
    --------
    >>> import io
    >>> import phm_diabetes as phm
    >>> cells = [""] * 27
    >>> cells[0], cells[1], cells[25] = "Y99901", "PLANTED SURGERY", "4"
    >>> extract = phm.load(io.StringIO(",".join(cells)), adapter="england.ods_practices")
    >>> extract.table["name"].tolist(), extract.tables["facts"]["value"].tolist()
    (['PLANTED SURGERY'], ['4'])
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "ods_practices"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the ODS's epraccur CSV, 27 columns without a header: code, name, …, opened, closed, "
        "status, …, prescribing setting."
    )
    description: ClassVar[str] = (
        "Practices of England and Wales and everybody else who prescribes, open and closed; "
        "prescribing setting 4 is a GP practice. Name, status and setting are those of the day "
        "the file was made. Addresses are not read."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(width=_WIDTH, first_cell=r"[A-HJ-NPWY](?:[0-9]{5}|[A-Z]{2}[0-9]{3})"),
    )
    tables: ClassVar[tuple[str, ...]] = ("organisations", "facts")
    policy: ClassVar[Policy] = PUBLISHED
    # A workbook ends at its last filled column, and this layout's last ones are empty.
    input_forms: ClassVar[tuple[str, ...]] = ("csv", "zip", "file", "frame")

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - an undated file
        """Turn the register of practices into organisations and facts."""
        rows = sheet.numbered(_COLUMNS, width=_WIDTH, layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        faults = malformed(cells["practice"], headers["practice"], PRESCRIBER)
        opened, bad_opened = dates(cells["opened"], headers["opened"])
        closed, bad_closed = dates(cells["closed"], headers["closed"])
        faults += bad_opened + bad_closed
        faults += duplicates(sound(cells, faults), ["practice"], "practice")
        faults += backwards(opened, closed, headers["closed"])
        status, new_status = _worded(cells["status"], headers["status"], _STATUS, "status")
        setting, new_setting = _worded(
            cells["setting"], headers["setting"], _SETTINGS, "prescribing setting"
        )
        return Mapped(
            tables={
                "organisations": organisation_rows(
                    "practice", cells["practice"], cells["name"], opened=opened, closed=closed
                ),
                "facts": stacked(
                    [
                        _facts(cells["practice"], "prescribing_setting", setting),
                        _facts(cells["practice"], "status", status),
                    ]
                ),
            },
            faults=faults + new_status + new_setting,
            rows_read=len(cells),
        )


def _worded(
    column: pd.Series[Any], header: str, words: Mapping[str, str], what: str
) -> tuple[pd.Series[Any], list[Fault]]:
    """Our word for each of the ODS's; a new one is kept as it is, and reported."""
    texts = list(column.cat.categories)
    worded = np.array([words.get(text.upper(), text) for text in texts], dtype=object)
    codes = column.cat.codes.to_numpy()
    values = pd.Series(worded[codes], index=column.index, dtype=object)
    new = np.array([bool(text) and text.upper() not in words for text in texts], dtype=bool)[codes]
    fault = Fault(
        rule="code",
        rows=column.index.to_numpy()[new],
        column=header,
        message=f"holds a {what} that the adapter does not know",
        advice="Used as published. If it means what another code means, ask for an update.",
        severity="warning",
        sets_aside=False,
    )
    return values, [fault] if new.any() else []


def _facts(codes: pd.Series[Any], attribute: str, values: pd.Series[Any]) -> pd.DataFrame:
    stated = (values != "").to_numpy()
    own = codes[stated]
    return pd.DataFrame(
        {
            "org_level": repeated("practice", len(own)),
            "org_code": own.astype(object).array,
            "attribute": repeated(attribute, len(own)),
            "value": values[stated].array,
            "start": pd.NaT,
            "end": pd.NaT,
            "source_row": own.index,
        }
    )
