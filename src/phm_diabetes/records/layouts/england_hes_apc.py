"""Hospital Episode Statistics, admitted patient care: NHS England's extract."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from phm_diabetes.records.columns import Column
from phm_diabetes.records.layout import Duplicates, RecordLayout
from phm_diabetes.records.layouts.clinical_codes import diagnoses_column, procedures_column
from phm_diabetes.records.layouts.dates import date_column
from phm_diabetes.records.layouts.england_hes_op import PERSON
from phm_diabetes.records.layouts.identifiers import NULLS
from phm_diabetes.records.layouts.organisations import (
    code_column,
    provider_columns,
    specialty_column,
)
from phm_diabetes.records.layouts.outpatients import (
    OPTIONS,
    PRIVATE_PATIENT,
    admin_category_column,
)
from phm_diabetes.records.layouts.patients import (
    DECILE_WORDS,
    age_column,
    area_column,
    deprivation_column,
    ethnicity_column,
    sex_column,
)
from phm_diabetes.records.layouts.practices import practice_columns, registered_practice

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ADMISSION_GROUPS", "ENGLAND_HES_APC"]

ADMISSION_GROUPS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("11", "12", "13"), "elective")
    | dict.fromkeys(("21", "22", "23", "24", "25", "28", "2A", "2B", "2D"), "emergency")
    | dict.fromkeys(("31", "32", "82", "83", "2C"), "maternity")
    | {"81": "transfer"}
    | {"66": "emergency", "67": "emergency", "68": "maternity", "69": "emergency"}
)
"""Group by admission method; 66 to 69 are what some pipelines write for 2A to 2D."""

_PATIENT_CLASSES = {
    "1": "ordinary",
    "2": "day_case",
    "3": "regular_day",
    "4": "regular_night",
    "5": "mother_and_baby",
    "8": "unknown",
    "9": "unknown",
}
_PRACTICES = practice_columns(("GPPRAC",))
_PROVIDER, _ = provider_columns(("PROCODE3", "PROCODET", "PROCODE5", "PROCODE"), {})
_NOT_KNOWN = frozenset({"98", "99", "98.0", "99.0"})
_LONGEST_AGO = "1900-01-01"  # a stay can have begun decades before records did

ENGLAND_HES_APC = RecordLayout(
    place="england",
    dataset="hes_apc",
    version="1",
    title="HES admitted care",
    layout="one row an episode, in the columns of the national admitted care extract of HES.",
    description=(
        "Episodes of admitted care, finished or not. A stay is one or more of them: build spells "
        "before counting admissions. The year of a file is that of the episodes' end."
    ),
    table="episodes",
    key="episode_id",
    day="ended",
    organisations={"practice": "practice", "trust": "provider"},
    nulls=NULLS,
    options={"imd_vintage": OPTIONS["imd_vintage"]},
    columns=(
        Column(name="episode_id", sources=("EPIKEY",), kind="id", needed=True),
        PERSON,
        date_column("admitted", ("ADMIDATE",), least=_LONGEST_AGO),
        date_column("discharged", ("DISDATE",), required=False),
        date_column("started", ("EPISTART",), least=_LONGEST_AGO),
        date_column("ended", ("EPIEND",), needed=True),
        Column(
            name="order",
            sources=("EPIORDER",),
            kind="integer",
            required=False,
            nulls=_NOT_KNOWN,
            least=1,
            most=87,
            broken="blank",
        ),
        Column(
            name="admission",
            sources=("ADMIMETH",),
            kind="code",
            nulls=_NOT_KNOWN,
            codes=ADMISSION_GROUPS,
            blank="unknown",
            broken="blank",
        ),
        code_column("admission_method", ("ADMIMETH",), pattern="[0-9][0-9A-D]", nulls=_NOT_KNOWN),
        code_column("admission_source", ("ADMISORC",), pattern="[0-9]{2}", nulls=_NOT_KNOWN),
        code_column("discharge_method", ("DISMETH",), pattern="[1-9]"),
        code_column("discharge_destination", ("DISDEST",), pattern="[0-9]{2}", nulls=_NOT_KNOWN),
        Column(
            name="status",
            sources=("EPISTAT",),
            kind="code",
            codes={"3": "finished", "1": "unfinished", "9": "unfinished"},
            blank="unknown",
            broken="blank",
        ),
        Column(
            name="patient_class",
            sources=("CLASSPAT",),
            kind="code",
            required=False,
            codes=_PATIENT_CLASSES,
            blank="unknown",
            broken="blank",
        ),
        specialty_column("treatment_function", ("TRETSPEF",)),
        diagnoses_column(("DIAG_4_{:02d}", "DIAG_{:02d}"), slots=20),
        procedures_column(("OPERTN_4_{:02d}", "OPERTN_{:02d}"), slots=24),
        _PROVIDER,
        *_PRACTICES,
        age_column(("STARTAGE",)),
        sex_column(("SEX",)),
        ethnicity_column(("ETHNOS",)),
        area_column(("LSOA21", "LSOA11")),
        deprivation_column(("IMD04_DECILE",), DECILE_WORDS),
        admin_category_column(("ADMINCAT",)),
    ),
    derived=(registered_practice(_PRACTICES),),
    rules=(PRIVATE_PATIENT,),
    duplicates=(
        Duplicates(name="same record", key=("episode_id",)),
        Duplicates(
            name="same person, days, order and provider",
            key=("person", "admitted", "started", "ended", "order", "provider"),
            sets_aside=False,
        ),
    ),
)
"""The national extract of admitted care."""
