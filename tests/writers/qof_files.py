"""Writers of the QOF's raw data: every sheet of a year, in the layouts it was published in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import csv_bytes, zip_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ACHIEVEMENT = ("PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE")
REGIONAL = ("REGION_ODS_CODE", "REGION_ONS_CODE", "REGION_NAME", *ACHIEVEMENT)
INDICATORS = (
    *("INDICATOR_CODE", "INDICATOR_DESCRIPTION", "INDICATOR_POINT_VALUE", "GROUP_CODE"),
    *("GROUP_DESCRIPTION", "SUB_DOMAIN_CODE", "SUB_DOMAIN_DESCRIPTION", "DOMAIN_CODE"),
    *("DOMAIN_DESCRIPTION", "PATIENT_LIST_TYPE"),
)
REGISTERS = ("PRACTICE_CODE", "GROUP_CODE", "REGISTER", "PATIENT_LIST_TYPE", "PRACTICE_LIST_SIZE")
VALIDATION = ("PRACTICE_CODE", "RULE", "DESCRIPTION")
_PARTS = ("NUMERATOR", "DENOMINATOR", "PCAS", "ACHIEVED_POINTS", "REGISTER", "NEWLY_DIAGNOSED")


def record(practice: str, indicator: str, **values: object) -> list[list[str]]:
    """Return the rows of one practice and indicator, one a part that is given."""
    return [
        [practice, indicator, part, str(values[part.lower()])]
        for part in (*_PARTS, "EXCEPTIONS")
        if part.lower() in values
    ]


def achievement_csv(rows: Iterable[Sequence[str]], header: Sequence[str] = ACHIEVEMENT) -> bytes:
    """Write a sheet of achievement, of England or, with that header, of a region."""
    region = ["Y60", "E40000011", "PLANTED"][: len(header) - len(ACHIEVEMENT)]
    return csv_bytes([[*region, *row] for row in rows], header)


def indicator_csv(described: Mapping[str, tuple[str, str, str]]) -> bytes:
    """Write the mapping of indicators: description, points and list type by code."""
    rows = [
        [code, words, points, code.rstrip("0123456789"), "Planted group", "", "", "CL", "", ages]
        for code, (words, points, ages) in described.items()
    ]
    return csv_bytes(rows, INDICATORS)


def year_zip(label: str, **sheets: bytes) -> bytes:
    """Write the zip of a year: a keyword is a sheet, in capitals in its name."""
    return zip_bytes({f"{name.upper()}_{label}.csv": data for name, data in sheets.items()})
