"""A planted Place of 43 practices in 6 PCNs, written in the layouts that Dudley has.

The audit's workbook, the QOF's raw data and the local scheme's return are planted so that a review
finds what the Dudley review found: 3 PCNs and 9 practices low on three checks, 4 PCNs and 11
practices low on all three treatment targets, 5 practices low on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from attrs import evolve
from tests.builders import csv_bytes
from tests.planted import facts, memberships, names
from tests.writers.local_schemes import scheme_workbook
from tests.writers.qof_files import achievement_csv, indicator_csv, record, year_zip

import phm_diabetes as phm
from phm_diabetes.adapters.nda_headers import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

CODES = [f"Y99{number:03}" for number in range(1, 44)]
NAMES = {code: f"Planted Practice {number}" for number, code in enumerate(CODES, start=1)}
_SIZES = (8, 7, 7, 7, 7, 7)
PCN_OF = dict(
    zip(
        CODES,
        [f"U9900{pcn}" for pcn, size in enumerate(_SIZES, start=1) for _ in range(size)],
        strict=True,
    )
)
_FIRST = [sum(_SIZES[:pcn]) for pcn in range(len(_SIZES))]
"""Place of the first practice of each PCN."""


def _some(*places: tuple[int, Sequence[int]]) -> frozenset[str]:
    return frozenset(CODES[_FIRST[pcn] + spot] for pcn, spots in places for spot in spots)


LOW_ON_CHECKS = _some((0, (0, 1, 2)), (1, (0, 1, 2)), (2, (0, 1, 2)))
LOW_ON_TARGETS = _some((0, (0, 1, 5)), (1, (0, 1, 5)), (2, (0, 5)), (3, (0, 1, 2)))
LOW_ON_FEET = (LOW_ON_CHECKS & LOW_ON_TARGETS) | _some((2, (1,)))
CHECKS = ("dm.cp.hba1c", "dm.cp.bp", "dm.cp.cholesterol")
_LIST = 400
STATIN = HEADINGS["dm.tt.statin_combined"]
_COUNTS = {  # low, usual in a PCN that is low, usual elsewhere, and England's per thousand
    "HbA1c": (320, 375, 390, 930),
    "Blood Pressure": (320, 375, 390, 950),
    "Cholesterol": (320, 375, 390, 920),
    "Foot Surveillance": (240, 360, 360, 850),
    "HbA1c <= 58 mmol/mol (7.5%)": (260, 260, 260, 650),
    "Blood Pressure <= 140/80": (300, 300, 300, 750),
    STATIN: (300, 300, 300, 750),
    "All Three Treatment Targets": (100, 160, 160, 360),
}
_TRIPLE = ("Numerator", "Denominator", "Percentage")
_ABOUT = ("Audit year", "Diabetes type", "CCG code", "Organisation code")


def audit() -> bytes:
    """Write the audit's sheet of care processes and treatment targets, type 2, 2021-22."""
    above = ["", "", "", ""]
    for heading in _COUNTS:
        above += [heading, "", ""]
    rows = [["2021_22", "Type 2 and other", "England", "England", *_england()]]
    rows += [["2021_22", "Type 2 and other", "05C", code, *_figures(code)] for code in CODES]
    header = [*_ABOUT, *_TRIPLE * len(_COUNTS)]
    return csv_bytes([header, *rows], above)


def _england() -> list[str]:
    counts: list[str] = []
    for *_, share in _COUNTS.values():
        counts += [str(share * 1000), "1000000", f"{share / 10:.1f}"]
    return counts


def _figures(code: str) -> list[str]:
    cells: list[str] = []
    low_pcns = {PCN_OF[each] for each in LOW_ON_CHECKS}
    for heading, (low, beside, elsewhere, _) in _COUNTS.items():
        who = {
            "Foot Surveillance": LOW_ON_FEET,
            "All Three Treatment Targets": LOW_ON_TARGETS,
        }.get(heading, LOW_ON_CHECKS)
        usual = beside if PCN_OF[code] in low_pcns else elsewhere
        count = low if code in who else usual
        cells += [str(count), str(_LIST), f"{100 * count / _LIST:.1f}"]
    return cells


def geography() -> phm.Geography:
    """Return the memberships that make the Place, of practices known by name."""
    spells = {
        code: {"pcn": pcn, "commissioner": "05C", "england": "E92000001"}
        for code, pcn in PCN_OF.items()
    }
    known = phm.Geography.from_memberships(
        memberships(spells, start="2013-04-01", end=None),
        facts(**dict.fromkeys(CODES, "4")),
        places=[phm.DUDLEY],
    )
    return evolve(known, organisations=pd.concat([known.organisations, names(NAMES)]))


MANIFEST = """
place = "dudley"
dataset = "dqof"
title = "Planted Quality Outcomes for Health"
edition = "2021-22"
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
national = "qof.ndh001"
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


def local_return() -> bytes:
    """Write the local return: pre-diabetes reviewed everywhere, blood pressure as it is."""
    reviews = [[name, 92, 100] for name in NAMES.values()]
    pressure = [[NAMES[code], int(_figures(code)[3]), _LIST] for code in CODES]
    return scheme_workbook(
        {
            "Pre-diabetes": (("Reviewed",), reviews),
            "Diabetes": (("Blood pressure",), pressure),
        }
    )


def qof_year() -> bytes:
    """Write the QOF of the year: pre-diabetes reviews recorded almost nowhere."""
    rows = [
        line
        for code in CODES
        for line in record(code, "NDH001", numerator=3, denominator=100, pcas=0)
    ]
    return year_zip(
        "2122",
        achievement=achievement_csv(rows),
        mapping_indicators=indicator_csv({"NDH001": ("Pre-diabetes review", "18", "18OV")}),
    )
