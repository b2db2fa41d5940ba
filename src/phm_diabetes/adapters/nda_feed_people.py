"""People of a local feed of the National Diabetes Audit: what a row says, and never who it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.model.dimensions import UNKNOWN
from phm_diabetes.model.ethnic_groups import ETHNIC_GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["FLAGS", "IDENTITY", "READINGS", "People", "people_in"]

IDENTITY = {
    "practice": (
        "DERIVED_GP_PRACTICE_CODE",
        "GP_PRACTICE_CODE",
        "PRACTICE_CODE",
        "GP_PRACTICE",
        "ORGANISATION_CODE",
    ),
    "year": ("AUDIT_YEAR",),
    "type": ("DERIVED_CLEAN_DIABETES_TYPE", "DIABETES_TYPE"),
    "age": ("AGE", "CLEAN_AGE"),
    "sex": ("DERIVED_CLEAN_SEX", "CLEAN_SEX", "SEX"),
    "ethnicity": ("DERIVED_CLEAN_ETHNICITY", "CLEAN_ETHNICITY", "ETHNICITY"),
    "imd": ("IMD_QUINTILE",),
    "person": ("PATIENTID", "PSEUDO_NHS_NUMBER", "PSEUDONHSNO", "PERSON_ID"),
    "weight": ("COUNT", "PEOPLE", "PATIENTS", "NUMBER_OF_PEOPLE", "NUMBER_OF_PATIENTS"),
}
"""Headers of what a row is about, in capitals; any one will do, and the first three must be."""

FLAGS = {
    "hba1c": ("HBA1C",),
    "bp": ("BLOOD_PRESSURE", "BP"),
    "cholesterol": ("CHOLESTEROL",),
    "creatinine": ("CREATININE",),
    "urine_albumin": ("ALBUMIN",),
    "foot": ("FOOT_EXAM",),
    "bmi": ("BMI",),
    "smoking": ("SMOKING",),
    "retinal": ("EYE_EXAM_CP",),
    "cp8": ("ALL_8_CARE_PROCESSES",),
    "cp9": ("ALL_9_CARE_PROCESSES",),
    "tt3": ("ALL_3_TREATMENT_TARGETS",),
    "hba1c_48": ("HBA1C_<=6.5%OR48MMOL",),
    "hba1c_53": ("HBA1C_<=7%OR53MMOL", "HBA1C_<=7.0%OR53MMOL"),
    "hba1c_58": ("HBA1C_<=7.5%OR58MMOL", "HBAIC_<=58MMOL"),
    "hba1c_75": ("HBA1C_<=9%OR75MMOL", "HBA1C_<=9.0%OR75MMOL"),
    "hba1c_86": ("HBA1C_<=10%OR86MMOL", "HBA1C_<=10.0%OR86MMOL"),
    "bp_140_80": ("BP_<=140_80", "BP_<140_80"),
    "bp_140_90": ("BP_<=140_90",),
    "cholesterol_4": ("CHOLESTEROL_<4MMOL/L",),
    "cholesterol_5": ("CHOLESTEROL_<5MMOL/L",),
    "statin": ("STATIN_FLAG",),
    "cvd": ("CVD_ADMISSION",),
    "ihd": ("CLEAN_IHD_VALUE",),
}
"""Headers of yes and no."""

READINGS = {
    "hba1c": ("CLEAN_MMOL_HBA1C_VALUE",),
    "systolic": ("CLEAN_SYSTOLIC_VALUE",),
    "diastolic": ("CLEAN_DIASTOLIC_VALUE",),
    "cholesterol": ("CLEAN_CHOLESTEROL_VALUE",),
}
"""Headers of readings, of which only it is asked whether there is one."""

_NOTHING = ("", "NULL", "NONE", "NAN", "NAT", "<NA>", "N/A")
_YES = ("1", "1.0", "Y", "YES", "TRUE", "T")
_NO = ("0", "0.0", "N", "NO", "FALSE", "F", *_NOTHING)
_SEX = {"1": "male", "M": "male", "MALE": "male", "2": "female", "F": "female", "FEMALE": "female"}
_BANDS = ((39, "<40"), (64, "40-64"), (79, "65-79"), (130, "80+"))
_AGE = re.compile(r"\d{1,3}(?:\.0*)?")
_FIFTH = re.compile(r"([1-5])(?:\.0*)?")


@frozen(kw_only=True, eq=False)
class People:
    """People of a feed, as arrays in the order of its rows.

    Parameters
    ----------
    age
        Completed years; NaN where not recorded.
    levels
        Level of each dimension.
    weight
        How many people a row stands for: 1 in a view of patients.
    flags
        Whether it is so, by the names of `FLAGS` that the feed has.
    readings
        Whether there is one, by the names of `READINGS` that the feed has.

    Examples
    --------
    >>> people = People(age=np.array([8.0, 50.0]), levels={}, weight=np.ones(2, dtype=np.int64),
    ...                 flags={}, readings={})
    >>> people.taken(np.array([1])).age.tolist()
    [50.0]
    """

    age: NDArray[np.float64] = field(repr=False)
    levels: dict[str, NDArray[np.object_]] = field(repr=False)
    weight: NDArray[np.int64] = field(repr=False)
    flags: dict[str, NDArray[np.bool_]] = field(repr=False)
    readings: dict[str, NDArray[np.bool_]] = field(repr=False)

    def taken(self, at: NDArray[np.intp]) -> People:
        """Return the people at some places."""
        return People(
            age=self.age[at],
            levels={name: each[at] for name, each in self.levels.items()},
            weight=self.weight[at],
            flags={name: each[at] for name, each in self.flags.items()},
            readings={name: each[at] for name, each in self.readings.items()},
        )


def people_in(
    cells: pd.DataFrame, headers: dict[str, str], *, vintage: str
) -> tuple[People, list[Fault]]:
    """Read what rows say of people.

    Parameters
    ----------
    cells
        Categories of text: names of `IDENTITY` and `FLAGS`, and names of `READINGS` after
        ``reading_``; indexed by row number.
    headers
        The feed's header of each.
    vintage
        Of the fifths of deprivation.

    Returns
    -------
    people : People
        What is not recorded is ``unknown``, and counted.
    faults : list of Fault
        Cells that are neither yes nor no, nor a count; no cell is quoted.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"type": ["2"], "ethnicity": [""], "hba1c": ["1"]}, index=[2])
    >>> people, _ = people_in(cells.astype("category"), {}, vintage="2019")
    >>> people.levels["ethnicity"].tolist(), people.flags["hba1c"].tolist()
    (['unknown'], [True])
    """
    faults: list[Fault] = []
    flags = {}
    for name in FLAGS:
        if name in cells:
            flags[name], odd = _yes_or_no(cells[name], headers.get(name, name))
            faults += odd
    age = _each(cells, "age", lambda text: float(text) if _AGE.fullmatch(text) else np.nan, np.nan)
    weight, odd = _weights(cells, headers)
    faults += odd
    levels = {
        "subtype": _each(cells, "type", _subtype, UNKNOWN),
        "age_band": np.array([_band(years) for years in age.astype(float)], dtype=object),
        "sex": _each(cells, "sex", lambda text: _SEX.get(text.split(".")[0], UNKNOWN), UNKNOWN),
        "ethnicity": _each(
            cells, "ethnicity", lambda text: ETHNIC_GROUPS.get(text, UNKNOWN), UNKNOWN
        ),
        "imd_quintile": _each(cells, "imd", lambda text: _fifth(text, vintage), UNKNOWN),
    }
    readings = {
        name: _each(cells, f"reading_{name}", lambda text: text not in _NOTHING, fill=False).astype(
            bool
        )
        for name in READINGS
        if f"reading_{name}" in cells
    }
    return (
        People(age=age.astype(float), levels=levels, weight=weight, flags=flags, readings=readings),
        faults,
    )


def _each(
    cells: pd.DataFrame,
    name: str,
    read: Callable[[str], Any],
    fill: Any,  # noqa: ANN401 - whatever `read` gives
) -> NDArray[np.object_]:
    """Read each distinct text once; a column that is not there is `fill` throughout."""
    if name not in cells:
        return np.full(len(cells), fill, dtype=object)
    column = cells[name]
    known = np.empty(len(column.cat.categories), dtype=object)
    known[:] = [read(str(text).strip().upper()) for text in column.cat.categories]
    return np.asarray(known[column.cat.codes.to_numpy()], dtype=object)


def _yes_or_no(column: pd.Series[Any], header: str) -> tuple[NDArray[np.bool_], list[Fault]]:
    texts = [str(text).strip().upper() for text in column.cat.categories]
    codes = column.cat.codes.to_numpy()
    yes = np.array([text in _YES for text in texts], dtype=bool)[codes]
    odd = np.array([text not in (*_YES, *_NO) for text in texts], dtype=bool)[codes]
    rows = column.index.to_numpy()[odd]
    fault = Fault(
        rule="flag",
        rows=rows,
        column=header,
        message="is neither yes (1) nor no (0, empty)",
        advice="Check that the column is the flag, and not the value or the date beside it.",
    )
    return yes, [fault] if len(rows) else []


def _weights(cells: pd.DataFrame, headers: dict[str, str]) -> tuple[NDArray[np.int64], list[Fault]]:
    if "weight" not in cells:
        return np.ones(len(cells), dtype=np.int64), []
    whole = _each(cells, "weight", lambda text: int(text) if text.isdigit() else -1, -1)
    bad = whole.astype(np.int64) < 0
    rows = cells.index.to_numpy()[bad]
    fault = Fault(
        rule="whole number",
        rows=rows,
        column=headers.get("weight", ""),
        message="is not a whole number of people",
        advice="A hidden count cannot be added up: ask for the view without suppression.",
    )
    return np.where(bad, 0, whole).astype(np.int64), [fault] if len(rows) else []


def _subtype(text: str) -> str:
    return "type_1" if text in {"1", "1.0", "01", "TYPE 1"} else "type_2_and_other"


def _band(years: float) -> str:
    return next((name for oldest, name in _BANDS if years < oldest + 1), UNKNOWN)


def _fifth(text: str, vintage: str) -> str:
    match = _FIFTH.fullmatch(text)
    return UNKNOWN if match is None else f"{vintage}:{match[1]}"
