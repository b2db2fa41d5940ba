"""The planted review in Dudley's own layouts: the audit, the QOF, the local scheme's return."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from attrs import evolve

from phm_diabetes.demo.layouts import LAYOUTS
from phm_diabetes.demo.organisations import PLACES
from phm_diabetes.demo.review_plants import REVIEWED, planted_review
from phm_diabetes.demo.workbook import xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from phm_diabetes.demo.organisations import PlantedPractice

__all__ = ["REVIEW_FILES", "REVIEW_PLACE", "review_bytes"]

REVIEW_PLACE = evolve(PLACES[0], code="dudley")
"""Planted Dudley under the code that Dudley's own adapters ask for."""

_MANIFEST = """\
place = "dudley"
dataset = "dqof"
title = "Planted Outcomes for Health"
edition = "2022-23"
reviewed = 2026-11-01
practice_header = "Practice name"
practices = "name"
header_rows = 2
header_within = 6
footers = ["total", "source.*"]

[[indicators]]
id = "PD1"
description = "People with non-diabetic hyperglycaemia who were reviewed."
sheet = "Pre-diabetes"
numerator = "Reviewed / Number"
denominator = "Reviewed / Eligible"
national = "qof.ndh002"
comparability = "full"

[[indicators]]
id = "BP1"
description = "People whose blood pressure was checked."
sheet = "Diabetes"
numerator = "Blood pressure / Number"
denominator = "Blood pressure / Eligible"
national = "dm.cp.bp"
comparability = "partial"
difference = "ages 17 and over."
"""
_TRIPLE = ("Numerator", "Denominator", "Percentage")
_ABOUT = ("Audit year", "Diabetes type", "CCG code", "Organisation code")
_ENGLAND = 1_000_000


def review_bytes(file: str) -> bytes:
    """Return one file of the planted review, the same bytes every time.

    Parameters
    ----------
    file
        A name among `REVIEW_FILES`.

    Raises
    ------
    KeyError
        When the review has no such file.

    Examples
    --------
    >>> review_bytes("audit.csv").splitlines()[2][:47]
    b'2022_23,Type 2 and other,England,England,930000'
    """
    return REVIEW_FILES[file]()


def _audit() -> bytes:
    """Write care processes and treatment targets of type 2, as the national audit's CSV does."""
    review = planted_review()
    above = [*[""] * len(_ABOUT), *(cell for heading in REVIEWED for cell in (heading, "", ""))]
    england = [
        cell
        for share in REVIEWED.values()
        for cell in _figures(round(share.england * _ENGLAND), _ENGLAND)
    ]
    rows = [["2022_23", "Type 2 and other", "England", "England", *england]]
    for practice in review.practices:
        own = [
            cell
            for heading in REVIEWED
            for cell in _figures(
                review.counts[heading][practice.code], review.people[practice.code]
            )
        ]
        area = practice.area.commissioner
        rows.append(["2022_23", "Type 2 and other", area, practice.code, *own])
    return _csv([above, [*_ABOUT, *_TRIPLE * len(REVIEWED)], *rows])


def _figures(count: int, people: int) -> list[str]:
    return [str(count), str(people), f"{100 * count / people:.1f}"]


def _local_return() -> bytes:
    """Write pre-diabetes reviewed in nine of ten, and blood pressure as the audit has it."""
    review = planted_review()
    pressure = review.counts["Blood Pressure"]
    reviews = [
        (each.name, people - people // 12 - spot % 3, people)
        for spot, (each, people) in enumerate(_pre_diabetes())
    ]
    checks = [
        (each.name, pressure[each.code], review.people[each.code]) for each in review.practices
    ]
    return xlsx(
        {
            "Pre-diabetes": _tab("Pre-diabetes", "Reviewed", reviews),
            "Diabetes": _tab("Diabetes", "Blood pressure", checks),
        }
    )


def _pre_diabetes() -> list[tuple[PlantedPractice, int]]:
    """People with non-diabetic hyperglycaemia, a third of those with type 2, by practice."""
    review = planted_review()
    return [(each, review.people[each.code] // 3) for each in review.practices]


def _tab(
    name: str, indicator: str, rows: Sequence[tuple[str, int, int]]
) -> list[Sequence[str | float]]:
    return [
        [f"Planted Outcomes for Health: {name}"],
        [""],
        ["Practice name", indicator, ""],
        ["", "Number", "Eligible"],
        *rows,
        ["Total", sum(row[1] for row in rows), sum(row[2] for row in rows)],
        ["Source: planted"],
    ]


def _qof() -> bytes:
    """Write the QOF of the year: reviews of pre-diabetes recorded almost nowhere."""
    achievement = [
        [each.code, "NDH002", part, str(value)]
        for spot, (each, people) in enumerate(_pre_diabetes())
        for part, value in {"NUMERATOR": spot % 5, "DENOMINATOR": people, "PCAS": 0}.items()
    ]
    indicators = [
        ["NDH002", "Pre-diabetes review", "18", "NDH", "Planted group", "", "", "CL", "", "18OV"]
    ]
    heads = (
        *("INDICATOR_CODE", "INDICATOR_DESCRIPTION", "INDICATOR_POINT_VALUE", "GROUP_CODE"),
        *("GROUP_DESCRIPTION", "SUB_DOMAIN_CODE", "SUB_DOMAIN_DESCRIPTION", "DOMAIN_CODE"),
        *("DOMAIN_DESCRIPTION", "PATIENT_LIST_TYPE"),
    )
    members = {
        "ACHIEVEMENT_2223.csv": _csv(
            [["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE"], *achievement]
        ),
        "MAPPING_INDICATORS_2223.csv": _csv([list(heads), *indicators]),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            archive.writestr(member, data)
    return packed.getvalue()


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join(f"{','.join(row)}\n" for row in rows).encode("ascii")


REVIEW_FILES: dict[str, Callable[[], bytes]] = {
    "audit.csv": _audit,
    "dqof.toml": _MANIFEST.encode,
    "qof.zip": _qof,
    "return.xlsx": _local_return,
    **{
        name: LAYOUTS[name]
        for name in ("MAPPING_NHS_GEOGRAPHIES_2223.csv", "epcmem.csv", "epraccur.csv")
    },
}
"""What writes each file: the review's own, and the memberships of the planted England."""
