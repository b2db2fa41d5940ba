"""The planted England in the national layouts: what each published file would hold of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.demo.organisations import REGIONS, planted_practices
from phm_diabetes.demo.planted import REGISTERS, planted_figures
from phm_diabetes.demo.workbook import xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from phm_diabetes.demo.organisations import PlantedPractice

__all__ = ["LAYOUTS", "OTHERS", "layout_bytes"]

OTHERS = (
    ("Y99901", "PLANTED COMMUNITY CLINIC", "9", ""),
    ("Y99902", "PLANTED WALK-IN CENTRE", "1", ""),
    ("Y99903", "PLANTED OUT OF HOURS SERVICE", "0", ""),
    ("Y99904", "PLANTED CLOSED SURGERY", "4", "20190331"),
)
"""Under Planted Dudley's commissioner too, and none of its practices on 31 March 2023.

Code, name, prescribing setting, and the day it closed.
"""

_MOVED_TO_DUDLEY = "Y99042"
"""Came from another commissioner on 1 April 2021, so that the date of a membership matters."""

_REGISTERS = ("PRACTICE_CODE,GROUP_CODE,REGISTER,PATIENT_LIST_TYPE,PRACTICE_LIST_SIZE",)
_GEOGRAPHY = (
    "NAT_ONS_CODE,NAT_CODE,NAT_COUNTRY,REGION_ODS_CODE,REGION_ONS_CODE,REGION_NAME",
    "ICB_ODS_CODE,ICB_ONS_CODE,ICB_NAME,SUB_ICB_ODS_CODE,SUB_ICB_ONS_CODE,SUB_ICB_NAME",
    "PCN_ODS_CODE,PCN_NAME,PRACTICE_CODE,PRACTICE_NAME",
)
_ADDRESS_COLUMNS = (*(f"Address Line {number}" for number in range(1, 6)), "Postcode")
_PCN_COLUMNS = (
    *("PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location"),
    *("Open Date", "Close Date", *_ADDRESS_COLUMNS),
)
_PARTNER_COLUMNS = (  # line breaks and a last space as published
    *("Partner\nOrganisation\nCode", "Partner\nName"),
    *("Practice\nParent\nSub ICB Loc Code", "Practice\nParent\nSub ICB Loc Name"),
    *("PCN Code", "PCN Name", "PCN Parent\nSub ICB Loc Code", "PCN Parent\nSub ICB Loc Name"),
    "Practice to PCN\nRelationship\nStart Date",
    "Practice to PCN\nRelationship\nEnd Date",
    "Practice Sub ICB Loc and PCN Sub ICB Loc Match ",
)
_ADDRESS = ("1 PLANTED STREET", "", "PLANTED TOWN", "", "", "ZZ99 9ZZ")


def layout_bytes(file: str) -> bytes:
    """Return one file of the planted England, the same bytes every time.

    Parameters
    ----------
    file
        A name among `LAYOUTS`.

    Raises
    ------
    KeyError
        When the planted England has no such file.

    Examples
    --------
    >>> layout_bytes("epcmem.csv").splitlines()[1]
    b'"Y99001","9Y1","W","20130401","","0"'
    """
    return LAYOUTS[file]()


def _registers() -> bytes:
    figures = planted_figures()
    columns = {
        group: (list_type, figures.registers[group].tolist(), figures.lists[list_type].tolist())
        for group, (list_type, _, _) in REGISTERS.items()
    }
    rows = (
        (practice.code, group, f"{register[spot]}.0", list_type, str(people[spot]))
        for spot, practice in enumerate(planted_practices())
        for group, (list_type, register, people) in columns.items()
    )
    return _csv((_REGISTERS, *rows))


def _geography() -> bytes:
    return _csv((_GEOGRAPHY, *(_mapped(practice) for practice in planted_practices())))


def _mapped(practice: PlantedPractice) -> tuple[str, ...]:
    area = practice.area
    region, region_name = REGIONS[area.icb]
    return (
        *("E92000001", "ENG", "Planted England"),
        *(region, f"E4099{region[1:]:>04}", region_name),
        *(area.icb, f"E5499000{area.icb[-1]}", f"NHS {region_name} Integrated Care Board"),
        *(area.sub_icb, f"E3899000{area.sub_icb[-1]}", _sub_icb_name(practice)),
        *((practice.pcn, practice.pcn_name) if practice.pcn else ("U", "Unallocated")),
        *(practice.code, practice.name),
    )


def _sub_icb_name(practice: PlantedPractice) -> str:
    return f"NHS {REGIONS[practice.area.icb][1]} ICB - {practice.area.sub_icb}"


def _practices() -> bytes:
    first, others = planted_practices()[0], OTHERS
    listed = [_listed(each, each.code, each.name.upper(), "4", "") for each in planted_practices()]
    return _csv((*listed, *(_listed(first, *other) for other in others)), published_by_ods=True)


def _listed(
    like: PlantedPractice, code: str, name: str, setting: str, closed: str
) -> tuple[str, ...]:
    """27 columns, of which addresses, telephone and the publisher's empty ones stay blank."""
    area = like.area
    return (
        *(code, name, REGIONS[area.icb][0], area.icb, *_ADDRESS),
        *("19740401", closed, "C" if closed else "A", "B", area.sub_icb, "20200401", closed),
        *("", "", "", "", "0", "", area.sub_icb, "", setting, ""),
    )


def _membership() -> bytes:
    return _csv(_spells(), published_by_ods=True)


def _spells() -> Iterator[tuple[str, ...]]:
    """Every spell of history: a primary care trust, then a commissioner that may have changed."""
    for practice in planted_practices():
        now = practice.area.commissioner
        yield practice.code, f"5{now[1:]}", "W", "20010401", "20130331", "0"
        if practice.code == _MOVED_TO_DUDLEY:
            yield practice.code, "9Y2", "W", "20130401", "20210331", "0"
            yield practice.code, now, "W", "20210401", "", "0"
        else:
            yield practice.code, now, "W", "20130401", "", "0"
    for code, _, _, closed in OTHERS:
        yield code, planted_practices()[0].area.commissioner, "W", "20130401", closed, "0"


def _pcns() -> bytes:
    partners = [practice for practice in planted_practices() if practice.pcn]
    firsts = {practice.pcn: practice for practice in reversed(partners)}.values()
    details = (
        (*_pcn(each), *_sub_icb(each), "20191001", "", *_ADDRESS) for each in reversed(firsts)
    )
    memberships = (
        (
            *(each.code, each.name.upper(), *_sub_icb(each)),
            *(*_pcn(each), *_sub_icb(each), "20191001", "", "TRUE"),
        )
        for each in partners
    )
    return xlsx(
        {
            "PCNDetails": (_PCN_COLUMNS, *details),
            "PCN Core Partner Details": (_PARTNER_COLUMNS, *memberships),
        }
    )


def _pcn(practice: PlantedPractice) -> tuple[str, str]:
    return practice.pcn or "", practice.pcn_name.upper()


def _sub_icb(practice: PlantedPractice) -> tuple[str, str]:
    return practice.area.sub_icb, _sub_icb_name(practice).upper()


def _csv(rows: Iterable[Sequence[str]], *, published_by_ods: bool = False) -> bytes:
    """Rows as NHS England writes them; as its Organisation Data Service does, quoted, if asked."""
    quote, end = ('"', "\r\n") if published_by_ods else ("", "\n")
    lines = (",".join(f"{quote}{cell}{quote}" for cell in row) for row in rows)
    return "".join(f"{line}{end}" for line in lines).encode("ascii")


LAYOUTS: dict[str, Callable[[], bytes]] = {
    "PREVALENCE_2223.csv": _registers,
    "MAPPING_NHS_GEOGRAPHIES_2223.csv": _geography,
    "epraccur.csv": _practices,
    "epcmem.csv": _membership,
    "ePCN.xlsx": _pcns,
}
"""What writes each file, by the name that its publisher gives it."""
