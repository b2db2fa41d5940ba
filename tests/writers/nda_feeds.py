"""A Place's feed of the National Diabetes Audit, by person, with planted people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.random import Generator

HEADERS = {
    "bp_140_80": "[BP_&lt;=140_80]",
    "cholesterol_5": "[CHOLESTEROL_&lt;5MMOL/L]",
    "hba1c_58": "[HBA1C_&lt;=7.5%OR58MMOL]",
}
_PROCESSES = (
    *("HBA1C", "BLOOD_PRESSURE", "CHOLESTEROL", "CREATININE"),
    *("ALBUMIN", "FOOT_EXAM", "BMI", "SMOKING"),
)
_READINGS = {
    "CLEAN_MMOL_HBA1C_VALUE": "HBA1C",
    "CLEAN_SYSTOLIC_VALUE": "BLOOD_PRESSURE",
    "CLEAN_DIASTOLIC_VALUE": "BLOOD_PRESSURE",
    "CLEAN_CHOLESTEROL_VALUE": "CHOLESTEROL",
}


def patients(
    size: int = 400, *, year: str = "202122E4", all_three: str = "cholesterol"
) -> pd.DataFrame:
    """Return one row a person: identifiers that no answer may hold, flags, readings, nulls."""
    random = np.random.default_rng(7)
    people = pd.DataFrame(
        {
            "PatientId": [f"PLANTED-{number:05}" for number in range(size)],
            "AUDIT_YEAR": year,
            "DERIVED_GP_PRACTICE_CODE": random.choice(["Y99001", "Y99002", "Y99003"], size),
            "AGE": random.integers(4, 95, size),
            "DERIVED_CLEAN_SEX": random.choice(["1", "2", "9"], size, p=[0.52, 0.46, 0.02]),
            "DERIVED_CLEAN_ETHNICITY": _some(random, ["A", "C", "H", "J", "M", "R", "Z"], size),
            "IMD_QUINTILE": _some(random, ["1", "2", "3", "4", "5"], size),
            "DERIVED_CLEAN_DIABETES_TYPE": random.choice(["1", "2", "99"], size, p=[0.1, 0.8, 0.1]),
        }
    )
    for name in _PROCESSES:
        people[name] = (random.random(size) < 0.8).astype(int)
    for name, process in _READINGS.items():
        people[name] = pd.Series(random.integers(40, 90, size)).where(people[process] == 1)
    adult = people["AGE"] >= 12
    eight = people[list(_PROCESSES)].all(axis=1)
    people["ALL_8_CARE_PROCESSES"] = np.where(adult, eight, people["HBA1C"] == 1).astype(int)
    _targets(people, random, adult, all_three)
    return people


def _some(random: Generator, texts: list[str], size: int) -> pd.Series[Any]:
    """Return texts of which an eighth is not recorded."""
    return pd.Series(random.choice(texts, size)).where(random.random(size) > 0.125)


def _targets(
    people: pd.DataFrame, random: Generator, adult: pd.Series[bool], all_three: str
) -> None:
    for name, process in (
        ("hba1c_58", "HBA1C"),
        ("bp_140_80", "BLOOD_PRESSURE"),
        ("cholesterol_5", "CHOLESTEROL"),
    ):
        reached = (random.random(len(people)) < 0.7) & (people[process] == 1)
        people[HEADERS[name]] = (reached & (adult | (name == "hba1c_58"))).astype(int)
    people["statin_flag"] = (random.random(len(people)) < 0.6).astype(int)
    one = pd.Series(1, index=people.index)
    for name in ("CVD_admission", "CLEAN_IHD_VALUE"):
        people[name] = one.where(random.random(len(people)) < 0.1)
    disease = people["CVD_admission"].notna() | people["CLEAN_IHD_VALUE"].notna()
    indicated = people["AGE"].between(40, 80) | disease
    third = {
        "cholesterol": people[HEADERS["cholesterol_5"]] == 1,
        "statin": (people["statin_flag"] == 1) | ~indicated,
        "neither": people["SMOKING"] == 1,
    }[all_three]
    two = (people[HEADERS["hba1c_58"]] == 1) & (people[HEADERS["bp_140_80"]] == 1)
    people["ALL_3_TREATMENT_TARGETS"] = np.where(
        adult, two & third, people[HEADERS["hba1c_58"]] == 1
    ).astype(int)


def counted(people: pd.DataFrame) -> pd.DataFrame:
    """Return the same view with like people counted instead of listed."""
    rest = people.drop(columns="PatientId").astype(object).where(people.notna(), "")
    return rest.groupby(list(rest), dropna=False).size().rename("COUNT").reset_index()
