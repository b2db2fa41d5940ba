"""The planted England: practices, PCNs, sub-ICBs, ICBs, regions and four Places, all invented."""

from __future__ import annotations

from functools import cache

from attrs import frozen

from phm_diabetes.model.places import Place

__all__ = ["AREAS", "PLACES", "REGIONS", "Area", "PlantedPractice", "planted_practices"]

REGIONS = {
    "QZ1": ("Y91", "Planted Midlands"),
    "QZ2": ("Y92", "Planted North"),
    "QZ3": ("Y93", "Planted South"),
}
"""Region's code and name by ICB; the ICB is named after it."""


@frozen(kw_only=True)
class Area:
    """What one planted commissioner looks after.

    Parameters
    ----------
    name
        What its PCNs are named after.
    icb, sub_icb, commissioner
        Codes. A sub-ICB may hold several commissioners, as the Black Country's does.
    pcn_sizes
        Number of practices in each of its PCNs.
    without_pcn
        Number of its practices that belong to no PCN.

    Examples
    --------
    >>> AREAS[0].name, sum(AREAS[0].pcn_sizes) + AREAS[0].without_pcn
    ('Planted Dudley', 43)
    """

    name: str
    icb: str
    sub_icb: str
    commissioner: str
    pcn_sizes: tuple[int, ...]
    without_pcn: int = 0


def _area(name: str, codes: str, sizes: tuple[int, ...], without_pcn: int = 0) -> Area:
    icb, sub_icb, commissioner = codes.split()
    return Area(
        name=f"Planted {name}",
        icb=icb,
        sub_icb=sub_icb,
        commissioner=commissioner,
        pcn_sizes=sizes,
        without_pcn=without_pcn,
    )


AREAS = (
    _area("Dudley", "QZ1 9Z1 9Y1", (8, 8, 7, 7, 6, 6), without_pcn=1),
    _area("Northwold", "QZ1 9Z1 9Y2", (6,) * 6),
    _area("Eastwold", "QZ1 9Z1 9Y3", (6,) * 5),
    _area("Liverpool", "QZ2 9Z2 9Z2", (6,) * 9),
    _area("South Sefton", "QZ2 9Z3 9Z3", (6,) * 3),
    _area("Southport and Formby", "QZ2 9Z4 9Z4", (6,) * 2),
    _area("Knowsley", "QZ2 9Z5 9Z5", (6,) * 3),
    _area("Westshore", "QZ2 9Z6 9Z6", (5,) * 3, without_pcn=1),
    _area("Southmere", "QZ3 9Z7 9Z7", (6,) * 6),
    _area("Southfell", "QZ3 9Z8 9Z8", (6, 5, 5, 5, 5, 5, 5), without_pcn=1),
)
"""Ten commissioners: 300 practices, 50 PCNs, eight sub-ICBs, three ICBs."""

PLACES = (
    Place(
        code="planted_dudley",
        name="Planted Dudley",
        level="commissioner",
        members=("9Y1",),
        prescribing_setting="4",
    ),
    Place(code="planted_liverpool", name="Planted Liverpool", level="sub_icb", members=("9Z2",)),
    Place(code="planted_sefton", name="Planted Sefton", level="sub_icb", members=("9Z3", "9Z4")),
    Place(code="planted_knowsley", name="Planted Knowsley", level="sub_icb", members=("9Z5",)),
)
"""Defined as the real ones are: one by its commissioner, three by their sub-ICBs."""

_PLACE_OF = {member: place.code for place in PLACES for member in place.members}


@frozen(kw_only=True)
class PlantedPractice:
    """One invented practice, and all that it belongs to.

    Parameters
    ----------
    code, name
        A code of a block that the NHS has not issued, and a name that says so.
    pcn, pcn_name
        Its PCN; ``None`` and blank where it has none.
    area
        Whose it is.
    place
        Code of its Place; ``None`` where it is in none of the four.

    Examples
    --------
    >>> planted_practices()[0].code, planted_practices()[0].pcn_name
    ('Y99001', 'Planted Dudley PCN 1')
    """

    code: str
    name: str
    pcn: str | None
    pcn_name: str
    area: Area
    place: str | None


@cache
def planted_practices() -> tuple[PlantedPractice, ...]:
    """Return every planted practice, in the order of their codes.

    Returns
    -------
    tuple of PlantedPractice
        Practices of a PCN stand together; the last of an area may have none.

    Examples
    --------
    >>> practices = planted_practices()
    >>> len(practices), len({practice.pcn for practice in practices} - {None})
    (300, 50)
    """
    made: list[PlantedPractice] = []
    pcns = 0
    for area in AREAS:
        for number, size in enumerate((*area.pcn_sizes, area.without_pcn), start=1):
            has_pcn = number <= len(area.pcn_sizes)
            pcns += has_pcn
            for _ in range(size):
                made.append(
                    PlantedPractice(
                        code=f"Y99{len(made) + 1:03}",
                        name=f"Planted Surgery {len(made) + 1}",
                        pcn=f"U999{pcns:02}" if has_pcn else None,
                        pcn_name=f"{area.name} PCN {number}" if has_pcn else "",
                        area=area,
                        place=_PLACE_OF.get(area.commissioner),
                    )
                )
    return tuple(made)
