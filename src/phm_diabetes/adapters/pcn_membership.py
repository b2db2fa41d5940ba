"""PCNs and the practices that are their core partners, with dates, from the ODS."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import dates
from phm_diabetes.adapters.codes import PCN, PRESCRIBER, malformed
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.adapters.spells import backwards, overlaps, still_open
from phm_diabetes.adapters.tables import membership_rows, organisation_rows
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.adapters.base import DuplicateRule
    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = ["PcnMembership"]

_DETAILS = {
    "pcn": ("PCN Code",),
    "name": ("PCN Name",),
    "opened": ("Open Date",),
    "closed": ("Close Date",),
}
_PARTNERS = {
    "practice": ("Partner Organisation Code",),
    "pcn": ("PCN Code",),
    "start": ("Practice to PCN Relationship Start Date",),
    "end": ("Practice to PCN Relationship End Date",),
}
_ONLY_PARTNERS = {words[0].casefold() for name, words in _PARTNERS.items() if name != "pcn"}
_DETAILS_NOT_READ = (
    *("Current Sub ICB Loc Code", "Sub ICB Location", "Postcode"),
    *("Current Clinical Commissioning Group Code", "Clinical Commissioning Group Name"),
    *(f"Address Line {number}" for number in range(1, 6)),
)
_PARTNERS_NOT_READ = (
    *("Partner Name", "PCN Name", "Practice Sub ICB Loc and PCN Sub ICB Loc Match"),
    *("Practice CCG and PCN CCG Match", "Practice Sub ICB and PCN Sub ICB Match?"),
    *(
        f"{whose} Parent {level} {what}"
        for whose in ("Practice", "PCN")
        for level in ("Sub ICB Loc", "Sub ICB Location", "CCG")
        for what in ("Code", "Name")
    ),
)


class PcnMembership(Adapter):
    """Reads ``ePCN.xlsx`` of the Organisation Data Service: both of its sheets.

    Which sub-ICB location a PCN or practice is put under is not read: it is today's, undated,
    and PCNs cross the borders.

    Examples
    --------
    >>> import pandas as pd
    >>> import phm_diabetes as phm
    >>> details = pd.DataFrame({"PCN Code": ["U99901"], "PCN Name": ["PLANTED PCN"],
    ...                         "Open Date": ["20190701"], "Close Date": [""]})
    >>> extract = phm.load(details, adapter="england.pcn_membership")
    >>> extract.tables["organisations"]["name"].tolist(), len(extract.tables["memberships"])
    (['PLANTED PCN'], 0)
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "pcn_membership"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the ODS's ePCN workbook: sheets 'PCNDetails' and 'PCN Core Partner Details', or either "
        "of them alone."
    )
    description: ClassVar[str] = (
        "Practice to PCN with both dates, and PCNs with their names, opening and closing. A "
        "practice that is absent is in no PCN that the file knows of. A membership without an "
        "end lasted when the file was made."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(columns=tuple(words[0] for words in _PARTNERS.values())),
        Signature(columns=tuple(words[0] for words in _DETAILS.values())),
    )
    tables: ClassVar[tuple[str, ...]] = ("memberships", "organisations")
    policy: ClassVar[Policy] = PUBLISHED
    duplicates: ClassVar[Mapping[str, DuplicateRule]] = {
        "memberships": "report",
        "organisations": "refuse",
    }

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - it holds its dates
        """Turn a sheet of partners into memberships, or one of PCNs into organisations."""
        layout = f"'{self.name}'"
        if _ONLY_PARTNERS & {header.casefold() for header in sheet.header()}:
            return _partners(sheet.rows(_PARTNERS, layout=layout))
        return _details(sheet.rows(_DETAILS, layout=layout))


def _partners(rows: Rows) -> Mapped:
    cells, headers = rows.cells, rows.headers
    faults = malformed(cells["practice"], headers["practice"], PRESCRIBER)
    faults += malformed(cells["pcn"], headers["pcn"], PCN)
    start, bad_start = dates(cells["start"], headers["start"], empty_allowed=False)
    end, bad_end = dates(cells["end"], headers["end"])
    faults += bad_start + bad_end + backwards(start, end, headers["end"])
    used = sound(cells.assign(start=start, end=end), faults)
    faults += duplicates(used, ["practice", "pcn", "start", "end"], "membership", harmless=True)
    faults += overlaps(used, member="practice", parent="pcn", what="PCN")
    faults += still_open(used["start"], used["end"], headers["end"])
    faults += extra_columns(rows, known=_PARTNERS_NOT_READ)
    table = membership_rows(
        "practice",
        used["practice"],
        parent_level="pcn",
        parents=used["pcn"],
        start=used["start"],
        end=used["end"],
    )
    return Mapped(tables={"memberships": table}, faults=faults, rows_read=len(cells))


def _details(rows: Rows) -> Mapped:
    cells, headers = rows.cells, rows.headers
    faults = malformed(cells["pcn"], headers["pcn"], PCN)
    opened, bad_opened = dates(cells["opened"], headers["opened"])
    closed, bad_closed = dates(cells["closed"], headers["closed"])
    faults += bad_opened + bad_closed + backwards(opened, closed, headers["closed"])
    faults += duplicates(sound(cells, faults), ["pcn"], "PCN")
    faults += extra_columns(rows, known=_DETAILS_NOT_READ)
    table = organisation_rows("pcn", cells["pcn"], cells["name"], opened=opened, closed=closed)
    return Mapped(tables={"organisations": table}, faults=faults, rows_read=len(cells))
