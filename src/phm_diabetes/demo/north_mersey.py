"""Planted outpatients of three Places on the Mersey, each in the columns of its own layout."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.demo.organisations import planted_practices
from phm_diabetes.demo.outpatient_plants import shared_out
from phm_diabetes.demo.planted import planted_figures

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["north_mersey_rows"]

_SEED = 20_230_701
_PEOPLE_OF_REGISTER, _VISITS_EACH = 0.04, 3
_MISSED, _FIRSTS = 0.09, 0.3
_TRUSTS: Mapping[str, tuple[str, str, float]] = MappingProxyType(
    {
        "planted_liverpool": ("REM", "RBN", 0.91),
        "planted_sefton": ("REM", "RVY", 0.38),
        "planted_knowsley": ("REM", "RBN", 0.27),
    }
)
"""Two trusts, and the first one's share of each Place's appointments."""

_HEADERS: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        "planted_liverpool": (
            "liverpool.hes_op",
            {
                "record": "OPA_Ident", "person": "Der_Pseudo_NHS_Number",
                "day": "Appointment_Date", "status": "Attendance_Status",
                "first": "First_Attendance", "function": "Treatment_Function_Code",
                "specialty": "Main_Specialty_Code", "trust": "Der_Provider_Code",
                "practice": "GP_Practice_Code", "age": "Age_at_Start_of_Episode_SUS",
                "sex": "Sex", "category": "Administrative_Category",
            },
        ),
        "planted_sefton": (
            "sefton.hes_op",
            {
                "record": "ATTENDKEY", "person": "TOKEN_PERSON_ID", "day": "APPTDATE",
                "status": "ATTENDED", "first": "FIRSTATT", "function": "TRETSPEF",
                "specialty": "MAINSPEF", "trust": "PROCODE3", "practice": "GPPRAC",
                "age": "APPTAGE", "sex": "SEX", "category": "ADMINCAT",
            },
        ),
        "planted_knowsley": (
            "knowsley.hes_op",
            {
                "record": "Generated Record Identifier", "person": "NHS Number",
                "day": "Appointment Date", "status": "Attended or Did Not Attend",
                "first": "First Attendance", "function": "Treatment Function Code",
                "specialty": "Main Specialty Code",
                "trust": "Organisation Code (Code of Provider)",
                "practice": "Practice Code of Registered GP",
                "age": "Age at CDS Activity Date", "sex": "Sex",
                "category": "Administrative Category",
            },
        ),
    }
)  # fmt: skip


@cache
def north_mersey_rows() -> dict[str, pd.DataFrame]:
    """Return each Place's records by the name of the adapter that reads them.

    Examples
    --------
    >>> rows = north_mersey_rows()["sefton.hes_op"]
    >>> sorted(rows["PROCODE3"].unique())
    ['REM', 'RVY']
    """
    chance = np.random.Generator(np.random.PCG64(_SEED))
    found = {}
    for place, (adapter, headers) in _HEADERS.items():
        rows = _rows(place, chance)
        found[adapter] = rows[list(headers)].rename(columns=dict(headers)).astype(object)
    return found


def _rows(place: str, chance: np.random.Generator) -> pd.DataFrame:
    spots = [at for at, each in enumerate(planted_practices()) if each.place == place]
    register = planted_figures().registers["DM"][spots].astype(np.float64)
    people = shared_out(int(register.sum() * _PEOPLE_OF_REGISTER), register)
    whose = np.repeat(np.arange(int(people.sum())), _VISITS_EACH)
    practice = np.repeat([planted_practices()[at].code for at in spots], people)[whose]
    uniform = chance.random((4, len(whose)))
    age = (17 + np.floor(chance.random(int(people.sum())) * 74)).astype(np.int64)[whose]
    days = pd.bdate_range("2022-04-01", "2023-03-31").strftime("%Y-%m-%d").to_numpy()
    first_trust, second_trust, share = _TRUSTS[place]
    return pd.DataFrame(
        {
            "record": [f"{place[8:11].upper()}{number:06}" for number in range(len(whose))],
            # The block 999 is kept for tests: it is issued to nobody.
            "person": [f"999{number:07}" for number in whose],
            "day": days[np.floor(uniform[0] * len(days)).astype(np.int64)],
            "status": np.where(uniform[1] < _MISSED, "3", "5"),
            "first": np.where(uniform[2] < _FIRSTS, "1", "2"),
            "function": "307",
            "specialty": "307",
            "trust": np.where(uniform[3] < share, first_trust, second_trust),
            "practice": practice,
            "age": age.astype(str),
            "sex": np.where(whose % 2 == 0, "1", "2"),
            "category": "01",
        }
    )
