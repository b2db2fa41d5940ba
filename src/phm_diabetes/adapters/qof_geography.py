"""Practice to PCN, sub-ICB, ICB and region, as published with the QOF of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.codes import (
    ENGLAND,
    GP_PRACTICE,
    ICB,
    PCN_OR_NONE,
    REGION,
    SUB_ICB,
    malformed,
)
from phm_diabetes.adapters.qof_layouts import GEOGRAPHY
from phm_diabetes.adapters.rules import (
    disagreements,
    duplicates,
    extra_columns,
    sound,
    spellings,
)
from phm_diabetes.adapters.tables import (
    first_of_each,
    membership_rows,
    organisation_rows,
    stacked,
)
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Rows, Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["QofGeography"]

_MAPPING = {
    "practice": ("PRACTICE_CODE",),
    "practice_name": ("PRACTICE_NAME",),
    "pcn": ("PCN_ODS_CODE",),
    "pcn_name": ("PCN_NAME",),
    "sub_icb": ("SUB_ICB_ODS_CODE", "SUB_ICB_LOC_ODS_CODE", "CCG_ODS_CODE"),
    "sub_icb_name": ("SUB_ICB_NAME", "SUB_ICB_LOC_NAME", "CCG_NAME"),
    "icb": ("ICB_ODS_CODE", "STP_ODS_CODE"),
    "icb_name": ("ICB_NAME", "STP_NAME"),
    "region": ("REGION_ODS_CODE",),
    "region_name": ("REGION_NAME",),
    "england": ("NAT_ONS_CODE",),
}
"""MAPPING_NHS_GEOGRAPHIES: sub-ICB and ICB from 2021-22, CCG and STP in the two years before."""

_REFERENCE = {
    "practice": ("PRACTICE_CODE",),
    "practice_name": ("PRACTICE_NAME",),
    "sub_icb": ("CCG_CODE",),
    "sub_icb_name": ("CCG_NAME",),
    "icb": ("STP_CODE", "STP_ONS_CODE"),
    "icb_name": ("STP_NAME",),
    "region": ("REGION_CODE",),
    "region_name": ("REGION_NAME",),
}
"""ORGANISATION_REFERENCE of 2015-16 to 2018-19: before PCNs, the first year before STPs."""

_NOT_READ = (
    *("NAT_CODE", "NAT_COUNTRY", "COUNTRY", "REGION_ONS_CODE", "ICB_ONS_CODE", "STP_ONS_CODE"),
    *("SUB_ICB_ONS_CODE", "SUB_ICB_LOC_ONS_CODE", "CCG_ONS_CODE", "CCG_GEOGRAPHY_CODE"),
    *("SUBREGION_CODE", "SUBREGION_GEOGRAPHY_CODE", "SUBREGION_NAME", "REGION_GEOGRAPHY_CODE"),
    *("REGIONAL_LOCAL_OFFICE_CODE", "REGIONAL_LOCAL_OFFICE_ONS_CODE"),
    *("REGIONAL_LOCAL_OFFICE_NAME", "REVISED_MAXIMUM_POINTS"),
)
_ENGLAND = "E92000001"
_NO_PCN = {"", "u", "unallocated"}
_CODES = {
    "practice": GP_PRACTICE,
    "pcn": PCN_OR_NONE,
    "sub_icb": SUB_ICB,
    "icb": ICB,
    "region": REGION,
    "england": ENGLAND,
}
_NESTED = (("sub_icb", "icb", "sub-ICB location"), ("icb", "region", "ICB"))


class QofGeography(Adapter):
    """Reads ``MAPPING_NHS_GEOGRAPHIES_<year>.csv``, or the older ``ORGANISATION_REFERENCE``.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> extract = phm.load(demo.geography(), adapter="england.qof_geography", period="2022-23")
    >>> sorted(extract.table["parent_level"].unique())
    ['england', 'icb', 'pcn', 'region', 'sub_icb']
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "qof_geography"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the QOF's CSV of practices with their PCN, sub-ICB location (or CCG), ICB (or STP) and "
        "region."
    )
    description: ClassVar[str] = (
        "Who each practice that took part in the QOF belonged to, published for one year and "
        "holding for that year only. Before 2021-22 the levels sub_icb and icb hold their "
        "predecessors, CCGs and STPs (the latter under ONS codes until 2018-19), and before "
        "2019-20 there are no PCNs. A practice published as 'Unallocated' is in no PCN."
    )
    signatures: ClassVar[tuple[Signature, ...]] = GEOGRAPHY
    tables: ClassVar[tuple[str, ...]] = ("memberships", "organisations")
    policy: ClassVar[Policy] = PUBLISHED
    needs_period: ClassVar[bool] = True

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn the mapping into memberships that hold from the year's first day to its last."""
        is_reference = "CCG_CODE" in {header.upper() for header in sheet.header()}
        rows = sheet.rows(
            _REFERENCE if is_reference else _MAPPING,
            optional=("icb", "icb_name") if is_reference else ("england",),
            layout=f"'{self.name}'",
        )
        faults = _broken(rows)
        used = sound(rows.cells, faults)
        faults += _named_twice(used, rows) + _without_pcn(used, rows)
        faults += extra_columns(rows, known=_NOT_READ)
        return Mapped(
            tables={
                "memberships": _memberships(used, cast("Period", context.period)),
                "organisations": _organisations(used),
            },
            faults=faults,
            rows_read=len(rows.cells),
        )


def _broken(rows: Rows) -> list[Fault]:
    """Rows that cannot be used; a row that breaks one rule is not held against the next."""
    faults: list[Fault] = []
    for level, form in _CODES.items():
        if level in rows.cells:
            faults += malformed(rows.cells[level], rows.headers[level], form)
    faults += duplicates(sound(rows.cells, faults), ["practice"], "practice")
    for member, parent, what in _NESTED:
        if parent in rows.cells and member in rows.cells:
            faults += disagreements(
                sound(rows.cells, faults), member, parent, header=rows.headers[parent], what=what
            )
    return faults


def _named_twice(used: pd.DataFrame, rows: Rows) -> list[Fault]:
    faults: list[Fault] = []
    for level in ("pcn", "sub_icb", "icb", "region"):
        if level in used:
            named = used[~_in_no_pcn(used)] if level == "pcn" else used
            faults += spellings(named, level, f"{level}_name", header=rows.headers[f"{level}_name"])
    return faults


def _in_no_pcn(cells: pd.DataFrame) -> pd.Series[bool]:
    words = [text for text in cells["pcn"].cat.categories if text.casefold() in _NO_PCN]
    return cells["pcn"].isin(words)


def _without_pcn(used: pd.DataFrame, rows: Rows) -> list[Fault]:
    if "pcn" not in used or not (none := _in_no_pcn(used).to_numpy()).any():
        return []
    count = int(none.sum())
    return [
        Fault(
            rule="no PCN",
            rows=used.index.to_numpy()[none],
            column=rows.headers["pcn"],
            message=f"names no PCN for {count:,} practice{'s' if count > 1 else ''}",
            advice="Kept: they count in every other level, and are listed beside the PCNs.",
            severity="info",
            sets_aside=False,
            counted=True,
        )
    ]


def _memberships(used: pd.DataFrame, period: Period) -> pd.DataFrame:
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)

    def held(
        cells: pd.DataFrame, member: str, parent: str, codes: pd.Series[str] | str
    ) -> pd.DataFrame:
        return membership_rows(
            member, cells[member], parent_level=parent, parents=codes, start=start, end=end
        )

    parts = []
    if "pcn" in used:
        parts.append(held(used, "practice", "pcn", used["pcn"].mask(_in_no_pcn(used))))
    parts += [
        held(used, "practice", level, used[level])
        for level in ("sub_icb", "icb", "region")
        if level in used
    ]
    parts.append(held(used, "practice", "england", _ENGLAND))
    for member, parent, _ in _NESTED:
        if member in used and parent in used:
            each = first_of_each(used, [member, parent])
            parts.append(held(each, member, parent, each[parent]))
    regions = first_of_each(used, ["region"])
    parts.append(held(regions, "region", "england", _ENGLAND))
    return stacked(parts)


def _organisations(used: pd.DataFrame) -> pd.DataFrame:
    """One row an organisation, with the first name that is not blank."""
    parts = []
    for level in ("practice", "pcn", "sub_icb", "icb", "region"):
        if level not in used:
            continue
        own = used[~_in_no_pcn(used)] if level == "pcn" else used
        named_first = own.iloc[(own[f"{level}_name"] == "").to_numpy().argsort(kind="stable")]
        each = first_of_each(named_first, [level])
        parts.append(organisation_rows(level, each[level], each[f"{level}_name"]))
    first = pd.Series([_ENGLAND] * len(used[:1]), index=used.index[:1], dtype=object)
    parts.append(organisation_rows("england", first, first.replace(_ENGLAND, "England")))
    return stacked(parts)
