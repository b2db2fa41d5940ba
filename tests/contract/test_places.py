"""The adapters of the Places keep the contract, each over the layout it borrows."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.builders import GEOGRAPHY_HEADER, csv_bytes, geography_row
from tests.planted import facts, memberships
from tests.writers.qof_files import achievement_csv, indicator_csv, record, year_zip

import phm_diabetes as phm
from phm_diabetes.adapters.places.dudley import DudleyNda, DudleyQof
from phm_diabetes.adapters.places.knowsley import KnowsleyNda, KnowsleyQof
from phm_diabetes.adapters.places.liverpool import LiverpoolNda, LiverpoolQof
from phm_diabetes.adapters.places.sefton import SeftonNda, SeftonQof
from phm_diabetes.testing import AdapterContract

AUDIT = phm.Period.audit("2021-22")
TRIPLE = ("Numerator", "Denominator", "Percentage")
INSIDE = ("Y99001", "Y99002")
ELSEWHERE = "Y99003"
YEARS = {"start": "2020-04-01", "end": None}


def csv_of(*rows):
    width = max(map(len, rows))
    frame = pd.DataFrame([[*row, *[""] * (width - len(row))] for row in rows])
    return frame.to_csv(index=False, header=False).encode()


def geo_of(place: phm.Place) -> phm.Geography:
    """Return a geography of two practices in a Place and one elsewhere."""
    parents = [*place.members, *place.members][: len(INSIDE)]
    spells = {code: {place.level: parent} for code, parent in zip(INSIDE, parents, strict=True)}
    spells[ELSEWHERE] = {place.level: "99Z"}
    return phm.Geography.from_memberships(
        memberships(spells, **YEARS), facts(**dict.fromkeys(spells, "4")), places=[place]
    )


class OfTheAudit(AdapterContract):
    sample = csv_of(
        ["", "", "", "", "BMI", "", ""],
        ["Audit year", "Diabetes type", "CCG code", "Organisation code", *TRIPLE],
        ["2021_22", "Type 1", "England", "England", 450, 500, 90.0],
        ["2021_22", "Type 1", "99Z", "Y99001", 5, 10, ""],
        ["2021_22", "Type 1", "99Z", "Y99003", 35, 40, 90.0],
        ["2021_22", "Type 2 and other", "99Z", "Y99002", 90, 100, 89.7],
        ["Source: a planted audit"],
    )
    merged_headers = True
    footers = True
    known = (
        {"measure": "dm.cp.bmi", "org_code": "Y99001", "period": AUDIT, "numerator_high": 7},
        {"measure": "dm.cp.bmi", "org_code": "Y99002", "period": AUDIT, "numerator": 90},
    )


class OfTheQof(AdapterContract):
    sample = year_zip(
        "2122",
        achievement=achievement_csv(
            [
                *record("Y99001", "COPD010", numerator=60, denominator=80, pcas=20),
                *record("Y99001", "COPD010", achieved_points=7),
                *record("Y99002", "COPD010", numerator=0, denominator=12, pcas=1),
                *record("Y99003", "COPD010", numerator=7, denominator=9, pcas=0),
            ]
        ),
        mapping_indicators=indicator_csv({"COPD010": ("Reviewed", "9", "TOTAL")}),
        mapping_nhs_geographies=csv_bytes([geography_row(1)], GEOGRAPHY_HEADER),
    )
    period = "2021-22"
    footers = True  # the practice elsewhere, which is reported and not used
    optional_columns = ("INDICATOR_DESCRIPTION", "GROUP_DESCRIPTION")
    known = (
        {
            "measure": "qof.copd010",
            "org_code": "Y99001",
            "period": "2021-22",
            "numerator": 60,
            "denominator": 80,
            "excluded": 20,
        },
        {"measure": "qof.copd010", "org_code": "Y99002", "period": "2021-22", "numerator": 0},
    )


class TestDudleyNda(OfTheAudit):
    adapter = DudleyNda(geo_of(phm.DUDLEY))


class TestLiverpoolNda(OfTheAudit):
    adapter = LiverpoolNda(geo_of(phm.LIVERPOOL))


class TestSeftonNda(OfTheAudit):
    adapter = SeftonNda(geo_of(phm.SEFTON))


class TestKnowsleyNda(OfTheAudit):
    adapter = KnowsleyNda(geo_of(phm.KNOWSLEY))


@pytest.mark.long
class TestDudleyQof(OfTheQof):
    adapter = DudleyQof(geo_of(phm.DUDLEY))


@pytest.mark.long
class TestLiverpoolQof(OfTheQof):
    adapter = LiverpoolQof(geo_of(phm.LIVERPOOL))


@pytest.mark.long
class TestSeftonQof(OfTheQof):
    adapter = SeftonQof(geo_of(phm.SEFTON))


@pytest.mark.long
class TestKnowsleyQof(OfTheQof):
    adapter = KnowsleyQof(geo_of(phm.KNOWSLEY))
