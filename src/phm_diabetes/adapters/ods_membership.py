"""Who commissioned each practice, from when to when, from the Organisation Data Service."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import coded, dates
from phm_diabetes.adapters.codes import COMMISSIONER, PRESCRIBER, malformed
from phm_diabetes.adapters.rules import duplicates, sound
from phm_diabetes.adapters.spells import backwards, overlaps, still_open
from phm_diabetes.adapters.tables import membership_rows
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    from phm_diabetes.adapters.base import DuplicateRule
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["OdsMembership"]

_WIDTH = 6
_COLUMNS = {"practice": 0, "commissioner": 1, "kind": 2, "start": 3, "end": 4}
"""The sixth says whether the record was amended since the last edition."""


class OdsMembership(Adapter):
    """Reads ``epcmem.csv`` of the Organisation Data Service, which has no header.

    Examples
    --------
    >>> import io
    >>> import phm_diabetes as phm
    >>> text = io.StringIO("Y99901,9Y1,W,20130401,20210331,0")
    >>> extract = phm.load(text, adapter="england.ods_membership")
    >>> extract.table[["org_code", "parent_code"]].values.tolist()
    [['Y99901', '9Y1']]
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "ods_membership"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the ODS's epcmem CSV, 6 columns without a header: practice, commissioner, type of "
        "relationship, joined, left, amended."
    )
    description: ClassVar[str] = (
        "Practice to commissioner (primary care group, PCT, CCG, sub-ICB location, Welsh health "
        "board) since 1999, with both dates. Not only GP practices: prescribing setting, from "
        "england.ods_practices, tells them apart. A membership without an end lasted when the "
        "file was made."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(width=_WIDTH, first_cell=r"[A-HJ-NPWY](?:[0-9]{5}|[A-Z]{2}[0-9]{3})"),
    )
    tables: ClassVar[tuple[str, ...]] = ("memberships",)
    policy: ClassVar[Policy] = PUBLISHED
    duplicates: ClassVar[DuplicateRule] = "report"

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - it holds its dates
        """Turn the history into memberships of practices in commissioners."""
        rows = sheet.numbered(_COLUMNS, width=_WIDTH, layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        faults = malformed(cells["practice"], headers["practice"], PRESCRIBER)
        faults += malformed(cells["commissioner"], headers["commissioner"], COMMISSIONER)
        _, unknown = coded(
            cells["kind"], headers["kind"], to={"W": "commissioner"}, what="type of relationship"
        )
        start, bad_start = dates(cells["start"], headers["start"], empty_allowed=False)
        end, bad_end = dates(cells["end"], headers["end"])
        faults += unknown + bad_start + bad_end + backwards(start, end, headers["end"])
        used = sound(cells.assign(start=start, end=end), faults)
        faults += duplicates(
            used, ["practice", "commissioner", "start", "end"], "membership", harmless=True
        )
        faults += overlaps(used, member="practice", parent="commissioner", what="commissioner")
        faults += still_open(used["start"], used["end"], headers["end"])
        table = membership_rows(
            "practice",
            used["practice"],
            parent_level="commissioner",
            parents=used["commissioner"],
            start=used["start"],
            end=used["end"],
        )
        return Mapped(tables={"memberships": table}, faults=faults, rows_read=len(cells))
